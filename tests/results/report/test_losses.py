"""The report of a yes/no, and of counts: its numbers from elsewhere, its words those of the loss."""

import base64
import html
import json
import re

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

import equipoise as eq


def data():
    rng = np.random.default_rng(2)
    X = rng.standard_normal((90, 4))
    chance = 1 / (1 + np.exp(-1.2 * X[:, 0] + 0.8 * X[:, 1]))
    return X, rng.random(90) < chance


def numbers(page):
    return json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    )


def words(page):
    return html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL))


def test_a_report_of_a_yes_or_no_tells_probabilities():
    X, events = data()
    fit = eq.fit(X, np.where(events, "ill", "well"), loss="binomial", event="ill", l1=4.0)
    page = fit.report()
    told, text = numbers(page), words(page)
    chance = 1 / (1 + np.exp(-(fit.intercept + X @ fit.coef)))
    assert told["probabilities"]["area"] == pytest.approx(roc_auc_score(events, chance), rel=1e-12)
    share = events.mean()
    null = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    explained = 1 - log_loss(events, chance) / null
    assert told["explained"][told["chosen"]] == pytest.approx(explained, rel=1e-9)
    assert f"Deviance explained {explained:.4g} on its own rows" in text
    assert "The probability is that of ill." in text
    assert f"(odds ratio {np.exp(fit.coef[0]):.4g})" in text
    assert "the log-odds changes" in text
    assert "y − probability" in text
    for wrong in ("mean squared error", "R²", "Coordinate descent"):
        assert wrong not in text


def test_pulls_of_the_whole_path_are_those_of_its_probabilities():
    X, events = data()
    fit = eq.fit(X, events * 1.0, loss="binomial", l1=4.0)
    told = numbers(fit.report())
    pulls = np.frombuffer(base64.b64decode(told["pull"]), "<f8").reshape(len(told["strengths"]), 4)
    for i in (0, 40, len(pulls) - 1):
        there = eq.fit(X, events * 1.0, loss="binomial", l1=told["strengths"][i])
        chance = 1 / (1 + np.exp(-(there.intercept + X @ there.coef)))
        np.testing.assert_allclose(pulls[i], X.T @ (events - chance), atol=1e-7 * np.abs(pulls).max())
    for feature, strength in told["entries"]:
        for factor, inside in ((1 - 1e-7, True), (1 + 1e-7, False)):
            there = eq.fit(X, events * 1.0, loss="binomial", l1=strength * factor)
            assert (there.coef[feature] != 0) == inside


def test_a_report_of_counts_has_no_probabilities():
    X, events = data()
    page = eq.fit(X, events + np.arange(90) % 3, loss="poisson", l1=4.0).report()
    assert numbers(page)["probabilities"] is None
    assert "rate ratio" in words(page)
    assert "mean squared error" not in words(page)


def test_a_report_of_squares_is_as_it_was():
    X, events = data()
    told = numbers(eq.fit(X, X[:, 0] + events, l1=4.0).report())
    assert told["explained"] is None
    assert told["probabilities"] is None
