"""The report of a yes/no, and of counts: its numbers from elsewhere, its words those of the loss."""

import base64
import html
import json
import re

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score, roc_curve
from sklearn_logistic import sklearn_logistic

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
    assert "Coefficients are of the log-odds of y = ill." in text
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


def test_a_report_of_a_choice_draws_probabilities_of_rows_held_out():
    X, events = data()
    fold, y = np.arange(90) % 3, np.where(events, "ill", "well")
    cv = eq.cross_validate(X, y, loss="binomial", event="ill", folds=fold, count=15)
    page = cv.report(choose="best")
    told = numbers(page)["probabilities"]
    p = np.empty(90)
    for k in range(3):
        train = fold != k
        C = 1.5 / cv.best_strength
        model = sklearn_logistic(l1_ratio=1.0, C=C, solver="saga", tol=1e-12, max_iter=100_000)
        p[~train] = model.fit(X[train], events[train]).predict_proba(X[~train])[:, 1]
    assert told["area"] == pytest.approx(roc_auc_score(events, p), rel=1e-12)
    false, true, _ = roc_curve(events, p, drop_intermediate=False)
    np.testing.assert_allclose([told["false_rate"], told["true_rate"]], [false, true], atol=1e-12)
    share, mean = calibration_curve(events, p, n_bins=10, strategy="quantile")
    np.testing.assert_allclose(told["predicted"], mean, rtol=1e-5)
    np.testing.assert_allclose(told["observed"], share, rtol=1e-12)
    assert told["rows"] == "of 90 rows, each predicted by a model not fitted to it"
    assert told["event"] == "y = ill"
    assert f"is wrong for {100 * np.mean((p > 0.5) != events):.3g} % of them" in told["told"]
    assert f"the Brier score is {brier_score_loss(events, p):.4g}, " in told["told"]
    explained = cv.deviance_explained_at(cv.best_strength)
    assert f"; deviance explained {explained:.4g} of rows held out." in words(page)


def test_a_report_of_a_fit_says_that_its_probabilities_are_of_its_own_rows():
    X, events = data()
    told = numbers(eq.fit(X, events * 1.0, loss="binomial", l1=4.0).report())["probabilities"]
    assert told["rows"] == "of the 90 rows of the fit itself, which flatter it"


@pytest.mark.parametrize("standardize", [True, False])
def test_a_report_tells_what_a_unit_and_a_standard_deviation_do(standardize):
    X, events = data()
    X = X * [1.0, 10.0, 1.0, 1.0]
    fit = eq.fit(X, events * 1.0, loss="binomial", l1=4.0, standardize=standardize)
    page = fit.report()
    told, text = numbers(page), words(page)
    assert told["ratio_name"] == "odds ratio"
    also = f", of one sd {np.exp(fit.coef[1] * X[:, 1].std()):.4g}" if standardize else ""
    assert f"(odds ratio {np.exp(fit.coef[1]):.4g}{also})" in text
    per = "standard deviation" if standardize else "unit"
    assert told["path_unit"] == f"change of the log-odds per {per}"
    assert ("of one sd" in text) == standardize


def test_an_exposure_is_told_as_one():
    X, _ = data()
    y = np.arange(90.0) % 5
    text = words(eq.fit(X, y, loss="poisson", l1=4.0, exposure=np.arange(1.0, 91.0)).report())
    assert "with exposure" in text
    assert "with offset" not in text
    assert "One unit more multiplies the expected count of y by" in json.dumps(
        numbers(eq.fit(X, y, loss="poisson", l1=1.0).report())["stories"]
    )
