"""Held-out losses of every loss: scikit-learn's fits fold by fold, scipy's null models, trials, exposure."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy.optimize import minimize
from sklearn import metrics
from sklearn.model_selection import StratifiedKFold
from sklearn_logistic import sklearn_logistic

import equipoise as eq
from equipoise.select import cross_validation
from equipoise.solve.path import solve_path


def data(n: int = 48) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, 3))
    eta = X @ [1.0, -0.5, 0.0] + 0.3
    return X, (rng.random(n) < 1.0 / (1.0 + np.exp(-eta))).astype(float), rng.poisson(np.exp(eta))


METRICS = {
    None: lambda y, p: 2.0 * metrics.log_loss(y, p),
    "auc": lambda y, p: 1.0 - metrics.roc_auc_score(y, p),
    "misclassification": lambda y, p: 1.0 - metrics.accuracy_score(y, p > 0.5),
    "brier": metrics.brier_score_loss,
}


def test_losses_are_those_of_scikit_learns_fits_in_its_folds():
    X, y, _ = data()
    strengths = [4.0, 1.0]
    probabilities = {}
    folds = list(StratifiedKFold(4, shuffle=True, random_state=0).split(X, y))
    for k, (train, _) in enumerate(folds):
        for t in strengths:
            C = 1.0 / (t * len(train) / len(y))
            model = sklearn_logistic(
                l1_ratio=1.0, C=C, solver="saga", tol=1e-13, max_iter=200_000, random_state=0
            ).fit(X[train], y[train])
            probabilities[k, t] = model.predict_proba(X)[:, 1]
    for name, metric in METRICS.items():
        cv = eq.cross_validate(X, y, loss="binomial", folds=4, strengths=strengths, scoring=name)
        for k, (_, test) in enumerate(folds):
            wanted = [metric(y[test], probabilities[k, t][test]) for t in strengths]
            np.testing.assert_allclose(cv.fold_loss[:, k], wanted, rtol=1e-6, atol=1e-12)


def test_trials_are_repeated_rows():
    rng = np.random.default_rng(7)
    X, trials = rng.normal(size=(20, 2)), rng.integers(1, 5, 20)
    events = rng.binomial(trials, 0.5)
    row = np.repeat(np.arange(20), trials)
    each = np.concatenate([[1.0] * a + [0.0] * (n - a) for a, n in zip(events, trials, strict=True)])
    fold = np.arange(20) % 3
    for scoring in ("auc", "misclassification", "brier"):
        asked = {"loss": "binomial", "strengths": [2.0, 0.5], "scoring": scoring}
        grouped = eq.cross_validate(X, events / trials, sample_weight=trials, folds=fold, **asked)
        single = eq.cross_validate(X[row], each, folds=fold[row], **asked)
        np.testing.assert_allclose(grouped.fold_loss, single.fold_loss, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(grouped.fold_weight, single.fold_weight)


def test_null_losses_are_those_of_the_best_intercept_of_the_training_rows():
    X, _, y = data()
    rng = np.random.default_rng(5)
    exposure, s = rng.uniform(0.5, 2.0, len(y)), rng.uniform(0.5, 2.0, len(y))
    fold = np.arange(len(y)) % 3
    cv = eq.cross_validate(
        X, y, loss="poisson", exposure=exposure, sample_weight=s, folds=fold, strengths=[30.0, 5.0]
    )
    for k in range(3):
        train, test = fold != k, fold == k
        rate = (s * y)[train].sum() / (s * exposure)[train].sum()
        wanted = metrics.mean_poisson_deviance(y[test], rate * exposure[test], sample_weight=s[test])
        np.testing.assert_allclose(cv.null_fold_loss[k], wanted, rtol=1e-12)
    mean = np.average(cv.fold_loss, axis=1, weights=cv.fold_weight)
    null = np.average(cv.null_fold_loss, weights=cv.fold_weight)
    np.testing.assert_allclose(cv.deviance_explained, 1.0 - mean / null, rtol=1e-12)
    assert cv.r_squared is None
    assert cv.r_squared_at(5.0) is None
    assert cv.deviance_explained_at(5.0) == cv.deviance_explained[1]


@pytest.mark.parametrize("loss", ["gamma", "tweedie(1.5)", "negative_binomial(2)"])
def test_losses_of_a_fold_by_a_general_minimiser(loss):
    """With an l2 alone the objective is smooth, and scipy's minimum scores the held-out rows."""
    X, _, y = data()
    y = y + 0.5 if loss == "gamma" else y.astype(float)
    test = np.arange(len(y)) < 12
    cv = eq.cross_validate(X, y, loss=loss, l1=0, l2=1, strengths=[1.5], folds=[(~test, test)])
    share = 1.5 * 36 / 48

    def deviance(y, mean):
        if loss == "gamma":
            return metrics.mean_gamma_deviance(y, mean) * len(y)
        if loss == "tweedie(1.5)":
            return metrics.mean_tweedie_deviance(y, mean, power=1.5) * len(y)
        count = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0) / mean), 0.0)
        return 2.0 * float(np.sum(count - (y + 2.0) * np.log((y + 2.0) / (mean + 2.0))))

    def objective(b):
        mean = np.exp(b[0] + X[~test] @ b[1:])
        return 0.5 * deviance(y[~test], mean) + share * b[1:] @ b[1:]

    b = minimize(objective, np.zeros(4), method="BFGS", options={"gtol": 1e-9}).x
    wanted = deviance(y[test], np.exp(b[0] + X[test] @ b[1:])) / 12
    np.testing.assert_allclose(cv.fold_loss[0, 0], wanted, rtol=1e-6)


def test_early_stop_leaves_the_first_losses_as_they_are():
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(48, 12)), (rng.random(48) < 0.5).astype(float)
    short = eq.cross_validate(X, y, loss="binomial", folds=3, count=40, ratio=0.02, early_stop=True)
    m = len(short.path)
    assert m < 40
    whole = eq.cross_validate(X, y, loss="binomial", folds=3, strengths=short.path.strengths)
    np.testing.assert_allclose(short.fold_loss, whole.fold_loss, rtol=1e-6)


def test_a_text_speaks_of_deviance():
    X, y, _ = data()
    cv = eq.cross_validate(X, y, loss="binomial", folds=3, strengths=[4.0, 1.0])
    text = str(cv)
    assert cv.loss == "mean deviance"
    assert "loss of held-out rows: mean deviance" in text
    assert "deviance explained of rows held out; mean loss of the null model (intercept fitted to" in text
    assert "R²" not in text
    assert cv.to_dict()["deviance_explained"] == cv.deviance_explained.tolist()
    auc = eq.cross_validate(X, y, loss="binomial", folds=3, strengths=[4.0, 1.0], scoring="auc")
    assert "loss of held-out rows: 1 − AUC" in str(auc)
    assert auc.deviance_explained is None


def test_losses_are_those_of_glmnet():
    """R 4.2, glmnet 4.1: cv.glmnet(X, y, foldid, weights, standardize = FALSE, thresh = 1e-20)$cvm, $cvsd.

    Its squared and absolute errors count both classes: they are twice ours.
    """
    rng = np.random.default_rng(1)
    X = rng.normal(size=(120, 5))
    eta = X[:, 0] - 0.7 * X[:, 1]
    y = (rng.random(120) < 1.0 / (1.0 + np.exp(-eta))).astype(float)
    counts = rng.poisson(np.exp(0.5 * eta))
    s, offset = rng.integers(1, 4, 120), rng.normal(size=120) * 0.3
    asked = {
        "folds": np.arange(120) % 4,
        "strengths": np.array([0.1, 0.03, 0.01]) * s.sum(),
        "sample_weight": s,
    }
    stored = {
        "deviance": ([1.36836594159, 1.34448774468, 1.38073701673], 0.0431368204359),
        "misclassification": ([0.419753086420, 0.358024691358, 0.358024691358], 0.0548390138550),
        "auc": ([1 - 0.676041086539, 1 - 0.691913227971, 1 - 0.700781657179], 0.0640609537707),
        "squared_error": ([0.490553943352 / 2, 0.473513140806 / 2, 0.480368264994 / 2], 0.0208884779459 / 2),
        "absolute_error": ([0.974736958512 / 2, 0.901170083985 / 2, 0.873798596871 / 2], 0.0171278188491 / 2),
    }
    for scoring, (mean, error) in stored.items():
        cv = eq.cross_validate(X, y, loss="binomial", scoring=scoring, **asked)
        np.testing.assert_allclose(cv.mean, mean, rtol=1e-9)
        assert cv.standard_error[0] == pytest.approx(error, rel=1e-9)
    cv = eq.cross_validate(X, counts, loss="poisson", offset=offset, **asked)
    np.testing.assert_allclose(cv.mean, [1.45343726430, 1.41786124103, 1.42308693438], rtol=1e-9)
    assert cv.standard_error[0] == pytest.approx(0.214438520402, rel=1e-9)


def test_pictures_and_frames_speak_of_the_loss():
    X, y, _ = data()
    cv = eq.cross_validate(X, y, loss="binomial", folds=3, repeats=2, strengths=[4.0, 1.0])
    assert cv.plot(Figure().subplots()).ax_.get_ylabel() == "held-out mean deviance"
    assert list(cv.to_frame(dict)) == ["strength", "mean", "standard_error"]
    assert "2 repetitions" in str(cv.frequency)
    brier = eq.cross_validate(X, y, loss="binomial", folds=3, strengths=[4.0, 1.0], scoring="brier")
    assert brier.plot(Figure().subplots()).ax_.get_ylabel() == "held-out Brier score"


def test_rows_that_a_fold_repeats_are_weights():
    X, y, _ = data()
    train, test = np.r_[0:36, 0, 0, 5], np.r_[36:48, 40]
    asked = {"loss": "binomial", "strengths": [3.0, 1.0]}
    found = eq.cross_validate(X, y, folds=[(train, test)], **asked)
    counts = np.bincount(train, minlength=48).astype(float)
    for i, t in enumerate((3.0, 1.0)):
        fit = eq.fit(X, y, sample_weight=counts, l1=t * 39 / 48, loss="binomial")
        eta = fit.intercept + X[test] @ fit.coef
        wanted = 2.0 * np.mean(np.logaddexp(0.0, eta) - y[test] * eta)
        assert found.fold_loss[i, 0] == pytest.approx(wanted, rel=1e-8)


def test_a_fold_whose_path_ends_early_ends_the_comparison(monkeypatch):
    X, y, _ = data()
    asked = {"loss": "binomial", "folds": 3, "strengths": [6.0, 4.0, 2.0, 1.0]}
    whole = eq.cross_validate(X, y, **asked)
    begun = []

    def ends(problem, strengths, batch=None):
        begun.append(1)
        return solve_path(problem, strengths[: 2 if len(begun) == 2 else 4], batch)

    monkeypatch.setattr(cross_validation, "solve_path", ends)
    short = eq.cross_validate(X, y, **asked)
    np.testing.assert_array_equal(short.path.strengths, [6.0, 4.0])
    np.testing.assert_allclose(short.fold_loss, whole.fold_loss[:2], rtol=1e-9)
