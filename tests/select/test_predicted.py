"""Predictions of rows held out, against every fold fitted again by other packages."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    log_loss,
    mean_absolute_error,
    mean_poisson_deviance,
    roc_auc_score,
)
from sklearn_logistic import sklearn_logistic

import equipoise as eq

FOLD = np.arange(60) * 7 % 4


def data():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 4))
    chance = 1 / (1 + np.exp(-1.5 * X[:, 0] + X[:, 1]))
    return X, (rng.random(60) < chance) * 1.0


def chances(X, y, strength, pairs, weights=None):
    """What scikit-learn's lassos of each fold say of the rows that it holds out."""
    s = np.ones(len(y)) if weights is None else weights
    out, null = np.full(len(y), np.nan), np.full(len(y), np.nan)
    for train, test in pairs:
        C = s.sum() / s[train].sum() / strength
        model = sklearn_logistic(l1_ratio=1.0, C=C, solver="saga", tol=1e-12, max_iter=100_000)
        model.fit(X[train], y[train], sample_weight=s[train])
        out[test] = model.predict_proba(X[test])[:, 1]
        null[test] = np.average(y[train], weights=s[train])
    return out, null


def pairs_of(fold):
    return [(fold != k, fold == k) for k in np.unique(fold)]


@pytest.mark.parametrize("weighted", [False, True])
def test_probabilities_of_rows_held_out_are_measured_as_scikit_learn_does(weighted):
    X, y = data()
    s = np.random.default_rng(0).integers(1, 4, 60).astype(float) if weighted else None
    cv = eq.cross_validate(X, y, loss="binomial", folds=FOLD, count=12, sample_weight=s)
    found = cv.held_out("best")
    p, null = chances(X, y, cv.best_strength, pairs_of(FOLD), s)
    assert found.rows == 60
    assert found.auc == pytest.approx(roc_auc_score(y, p, sample_weight=s), rel=1e-9)
    assert found.brier == pytest.approx(brier_score_loss(y, p, sample_weight=s), rel=1e-5)
    assert found.mean_deviance == pytest.approx(2 * log_loss(y, p, sample_weight=s), rel=1e-5)
    assert found.misclassification == pytest.approx(1 - accuracy_score(y, p > 0.5, sample_weight=s))
    assert found.null_brier == pytest.approx(brier_score_loss(y, null, sample_weight=s), rel=1e-9)
    assert found.null_mean_deviance == pytest.approx(2 * log_loss(y, null, sample_weight=s), rel=1e-9)
    assert (found.null_auc, found.null_prediction, found.null_deviance_explained) == (0.5, None, 0.0)
    assert found.deviance_explained == pytest.approx(cv.deviance_explained_at(cv.best_strength), rel=1e-9)
    assert "60 rows held out, each predicted by a model that was not fitted to it" in str(found)


def test_a_rate_is_that_of_the_other_folds():
    rng = np.random.default_rng(5)
    X, exposure = rng.normal(size=(60, 3)), rng.uniform(0.5, 3.0, 60)
    y = rng.poisson(exposure * np.exp(0.5 * X[:, 0])).astype(float)
    cv = eq.cross_validate(X, y, loss="poisson", folds=FOLD, strengths=[3.0], exposure=exposure)
    mean, null = np.zeros(60), np.zeros(60)
    for train, test in pairs_of(FOLD):
        t = 3.0 * train.sum() / 60

        def objective(b, rows=train, t=t):  # coefficients as the difference of two that are not negative
            eta = np.log(exposure[rows]) + b[0] + X[rows] @ (b[1:4] - b[4:])
            return np.sum(np.exp(eta) - y[rows] * eta) + t * b[1:].sum()

        bounds = [(None, None)] + [(0, None)] * 6
        options = {"ftol": 1e-15, "gtol": 1e-10}
        b = minimize(objective, np.full(7, 0.1), method="L-BFGS-B", bounds=bounds, options=options).x
        mean[test] = exposure[test] * np.exp(b[0] + X[test] @ (b[1:4] - b[4:]))
        null[test] = exposure[test] * y[train].sum() / exposure[train].sum()
    found = cv.held_out("best")
    assert found.mean_deviance == pytest.approx(mean_poisson_deviance(y, mean), rel=1e-6)
    assert found.mean_absolute_error == pytest.approx(mean_absolute_error(y, mean), rel=1e-5)
    assert found.null_mean_deviance == pytest.approx(mean_poisson_deviance(y, null), rel=1e-9)
    assert found.auc is None
    assert "the offset and the mean of y among the rows that it was fitted to" in str(found)


def test_a_row_held_out_twice_counts_once_and_one_never_held_out_does_not():
    X, y = data()
    rows = np.arange(60)
    pairs = [(rows >= 20, rows < 20), (rows >= 20, (rows >= 10) & (rows < 20)), (rows < 40, rows >= 50)]
    cv = eq.cross_validate(X, y, loss="binomial", folds=pairs, strengths=[2.0])
    found = cv.held_out("best")
    p, _ = chances(X, y, 2.0, [(rows >= 20, rows < 20), (rows < 40, rows >= 50)])
    out = (rows < 20) | (rows >= 50)
    assert found.rows == 30
    assert found.brier == pytest.approx(brier_score_loss(y[out], p[out]), rel=1e-5)
    assert found.auc == pytest.approx(roc_auc_score(y[out], p[out]), rel=1e-9)


def test_draws_of_folds_share_the_weight_of_a_row():
    X, y = data()
    cv = eq.cross_validate(X, y, loss="binomial", folds=3, repeats=2, strengths=[3.0])
    given = {"loss": "binomial", "strengths": [3.0]}
    own = [eq.cross_validate(X, y, folds=cv.masks[k : k + 3], **given) for k in (0, 3)]
    parts = [one.held_out("best").brier for one in own]
    assert cv.held_out("best").brier == pytest.approx(np.mean(parts), rel=1e-10)
    assert cv.held_out("best").rows == 60


def test_rows_that_are_not_at_hand_are_refused(tmp_path):
    X, y = data()
    cv = eq.cross_validate(X, y, loss="binomial", folds=FOLD, count=5)
    cv.save(tmp_path / "cv.json")
    adapted = eq.adapt(X, y, loss="binomial", folds=FOLD, count=5).cv
    for one in (eq.load(tmp_path / "cv.json"), adapted):
        with pytest.raises(ValueError, match="rows held out can be predicted only by cross_validate"):
            one.held_out("best")
    with pytest.raises(ValueError, match="choose is 'all': pass 'one-se' or 'best'"):
        cv.held_out("all")


def test_squares_are_measured_too():
    X, y = data()
    cv = eq.cross_validate(X, X[:, 0] + y, folds=FOLD, count=10)
    found = cv.held_out("best")
    assert found.deviance_explained == pytest.approx(cv.r_squared_at(cv.best_strength), rel=1e-9)
    assert found.mean_deviance == pytest.approx(cv.mean[cv.path.strengths == cv.best_strength][0], rel=1e-9)
    assert "mean squared error" in str(found)
