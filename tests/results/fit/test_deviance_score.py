"""Scores of yes/no, counts and amounts: scikit-learn's numbers, with labels, weights, ties and exposure."""

import json

import numpy as np
import pytest

import equipoise as eq
from equipoise.results.fit.deviance_score import area_under_roc

metrics = pytest.importorskip("sklearn.metrics")


def rows(seed, n=60):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3)).round(1)
    return X, 1 / (1 + np.exp(-(X @ [1.0, -1.0, 0.0]))), rng


def yes_no(seed, labels=("no", "yes"), n=60):
    X, mean, rng = rows(seed, n)
    return X, np.array(labels)[(rng.uniform(size=n) < mean).astype(int)]


@pytest.mark.parametrize("weighted", [False, True])
def test_measures_of_yes_no_are_those_of_scikit_learn(weighted):
    fit = eq.fit(*yes_no(0), l1=1.0, loss="binomial")
    X, y = yes_no(1)
    s = np.random.default_rng(2).integers(0, 4, 60) * 0.5 if weighted else None
    score = fit.score(X, y, sample_weight=s)
    p, hit = fit.predict(X), (y == "yes").astype(float)
    told = {
        "deviance_explained": metrics.d2_log_loss_score(hit, p, sample_weight=s),
        "mean_deviance": 2 * metrics.log_loss(hit, p, sample_weight=s),
        "misclassification": 1 - metrics.accuracy_score(y, fit.predict(X, kind="class"), sample_weight=s),
        "brier": metrics.brier_score_loss(hit, p, sample_weight=s),
        "auc": metrics.roc_auc_score(hit, p, sample_weight=s),
    }
    for name, value in told.items():
        assert getattr(score, name) == pytest.approx(value, rel=1e-12), name
    q = np.full(60, np.mean(yes_no(0)[1] == "yes"))
    assert score.null_prediction == pytest.approx(q[0], rel=1e-12)
    assert score.null_mean_deviance == pytest.approx(2 * metrics.log_loss(hit, q, sample_weight=s), rel=1e-9)
    assert score.null_brier == pytest.approx(metrics.brier_score_loss(hit, q, sample_weight=s), rel=1e-9)
    assert (score.null_auc, score.mean_absolute_error) == (0.5, None)
    assert score.rows == (60 if s is None else np.count_nonzero(s))
    assert float(score) == score.deviance_explained


@pytest.mark.parametrize("seed", range(5))
def test_the_area_under_the_curve_counts_ties_and_weights(seed):
    rng = np.random.default_rng(seed)
    y, eta, s = rng.integers(0, 2, 40).astype(float), rng.integers(0, 6, 40) / 2.0, rng.uniform(size=40)
    told = metrics.roc_auc_score(y, eta, sample_weight=s)
    assert area_under_roc(y, eta, s) == pytest.approx(told, rel=1e-12)
    pairs = [(a, b) for a in range(40) for b in range(40) if y[a] == 1 and y[b] == 0]
    won = sum(s[a] * s[b] * ((eta[a] > eta[b]) + 0.5 * (eta[a] == eta[b])) for a, b in pairs)
    assert told == pytest.approx(won / sum(s[a] * s[b] for a, b in pairs), rel=1e-12)


def test_fractions_of_trials_are_repeated_rows():
    X, mean, rng = rows(3, 20)
    trials = rng.integers(1, 6, 20)
    events = rng.binomial(trials, mean)
    fit = eq.fit(X, events / trials, l1=0.5, loss="binomial", sample_weight=trials)
    short = fit.score(X, events / trials, sample_weight=trials).to_dict()
    row = np.repeat(np.arange(20), trials)
    hit = np.concatenate([np.arange(n) < k for n, k in zip(trials, events, strict=True)])
    long = fit.score(X[row], hit.astype(float)).to_dict()
    for name in ("misclassification", "brier", "auc", "null_brier"):
        assert short[name] == pytest.approx(long[name], rel=1e-12), name
    # Deviances of fractions are less by that of a perfect fit of each.
    own, null = (short[f"{kind}mean_deviance"] - long[f"{kind}mean_deviance"] for kind in ("", "null_"))
    assert own == pytest.approx(null, rel=1e-9)


@pytest.mark.parametrize(("loss", "power"), [("poisson", 1), ("gamma", 2), ("tweedie(1.5)", 1.5)])
def test_measures_of_counts_and_amounts_are_those_of_scikit_learn(loss, power):
    X, mean, rng = rows(4)
    y = rng.poisson(3 * mean) + (0.5 if loss == "gamma" else 0.0)
    fit = eq.fit(X, y, l1=1.0, loss=loss)
    s = rng.uniform(0.5, 2.0, 60)
    score, mu = fit.score(X, y, sample_weight=s), fit.predict(X)
    deviance = metrics.mean_tweedie_deviance(y, mu, sample_weight=s, power=power)
    assert score.mean_deviance == pytest.approx(deviance, rel=1e-10)
    told = metrics.d2_tweedie_score(y, mu, sample_weight=s, power=power)
    assert score.deviance_explained == pytest.approx(told, rel=1e-9)
    told = metrics.mean_absolute_error(y, mu, sample_weight=s)
    assert score.mean_absolute_error == pytest.approx(told, rel=1e-12)
    assert (score.auc, score.brier, score.misclassification) == (None, None, None)


def test_on_its_own_rows_it_is_what_the_fit_says():
    X, mean, rng = rows(5)
    time = rng.uniform(0.5, 4.0, 60)
    y = rng.poisson(2 * time * mean)
    fit = eq.fit(X, y, l1=1.0, loss="poisson", exposure=time)
    score = fit.score(X, y, exposure=time)
    assert score.deviance_explained == pytest.approx(fit.deviance_explained, rel=1e-9)
    assert score.null_deviance_explained == pytest.approx(0.0, abs=1e-9)
    assert score.mean_deviance == pytest.approx(fit.deviance / 60, rel=1e-12)
    assert "The null model predicts an expected count of" in str(score)
    assert "at offset 0 and exposure 1" in str(score)


def test_one_label_alone_can_be_scored():
    X, y = yes_no(0)
    fit = eq.fit(X, y, l1=1.0, loss="binomial")
    score = fit.score(X[y == "yes"], y[y == "yes"])
    assert (score.deviance_explained, score.auc) == (None, None)
    assert "There is no deviance explained: y is the same in all rows." in str(score)
    with pytest.raises(ValueError, match="there is no deviance to explain"):
        float(score)
    assert json.loads(json.dumps(score.to_dict()))["auc"] is None


def test_what_cannot_be_scored_is_refused():
    X, y = yes_no(0)
    fit = eq.fit(X, y, l1=1.0, loss="binomial")
    with pytest.raises(ValueError, match="y holds 'maybe' in row 3"):
        fit.score(X, [*y[:3], "maybe", *y[4:]])
    with pytest.raises(ValueError, match="weight"):
        fit.score(X, y, sample_weight=np.zeros(60))
    counts = eq.fit(X, np.arange(60.0), l1=1.0, loss="poisson")
    with pytest.raises(ValueError, match=r"y holds -1 in row 0 .*loss='poisson' takes counts"):
        counts.score(X, [-1.0, *range(59)])


def test_labels_in_another_spelling_are_the_same():
    X, y = yes_no(0, (1, 2))
    fit = eq.fit(X, y, l1=1.0, loss="binomial")
    told = fit.score(X, y)
    assert fit.score(X, y.astype(str)) == told
    assert fit.score(X, y.astype(float)) == told


@pytest.mark.parametrize("seed", range(5))
def test_a_share_explained_of_the_size_of_rounding_is_none(seed):
    """On the rows of the fit the null model is the constant that it is compared with."""
    X, y = yes_no(seed, n=569)
    score = eq.fit(X, y, l1=20.0, loss="binomial").score(X, y)
    assert score.null_deviance_explained == 0
    assert "e-16" not in str(score)
    # What is explained indeed stays, however little.
    other = np.r_[y[:1] if y[0] == "no" else np.array(["no"]), y[1:], ["no"]]
    assert eq.fit(X, y, l1=20.0, loss="binomial").score(np.r_[X, X[:1]], other).null_deviance_explained < 0
