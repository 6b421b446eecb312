"""Relaxed fits of other losses than the squared one: scikit-learn's by hand, separation, trials, bounds."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn import metrics
from sklearn_logistic import sklearn_logistic

import equipoise as eq


def data(n: int = 48) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    X = rng.normal(size=(n, 3))
    return X, (rng.random(n) < 1.0 / (1.0 + np.exp(-X @ [1.2, -0.8, 0.0]))).astype(float)


def test_blends_are_those_of_scikit_learns_fits():
    X, y = data()
    t, fold = 4.0, np.arange(48) % 2
    gammas = [0.0, 0.5, 1.0]
    found = eq.relax(X, y, loss="binomial", gammas=gammas, folds=fold, strengths=[t])
    for k in range(2):
        train, test = fold != k, fold == k
        lasso = sklearn_logistic(l1_ratio=1.0, C=1.0 / (t * 0.5), solver="saga", tol=1e-13, max_iter=200_000)
        lasso.fit(X[train], y[train])
        kept = np.flatnonzero(np.abs(lasso.coef_[0]) > 1e-8)

        def objective(b, rows=train, kept=kept):
            eta = b[0] + X[rows][:, kept] @ b[1:]
            return np.sum(np.logaddexp(0.0, eta) - y[rows] * eta)

        free = minimize(objective, np.zeros(1 + len(kept)), method="BFGS", options={"gtol": 1e-9}).x
        shrunk = lasso.intercept_[0] + X[test] @ lasso.coef_[0]
        refit = free[0] + X[test][:, kept] @ free[1:]
        for g, gamma in enumerate(gammas):
            p = 1.0 / (1.0 + np.exp(-(gamma * shrunk + (1.0 - gamma) * refit)))
            wanted = 2.0 * metrics.log_loss(y[test], p)
            assert found.fold_loss[g, 0, k] == pytest.approx(wanted, rel=1e-6)
    assert found.fold_finite.all()


def test_the_model_on_all_rows_is_certified():
    X, y = data()
    model = eq.relax(X, y, loss="binomial", folds=3, strengths=[4.0]).at(4.0, 0.25)

    def objective(b):
        eta = b[0] + X[:, model.lasso.support] @ b[1:]
        return np.sum(np.logaddexp(0.0, eta) - y * eta)

    k = len(model.lasso.support)
    wanted = minimize(objective, np.zeros(1 + k), method="BFGS", options={"gtol": 1e-9}).x
    free = model.unpenalised
    assert free.certificate.optimal
    np.testing.assert_allclose([free.intercept, *free.coef[model.lasso.support]], wanted, rtol=1e-5)
    np.testing.assert_allclose(model.coef, 0.25 * model.lasso.coef + 0.75 * free.coef, rtol=1e-12)
    assert list(model.to_frame(dict)) == ["feature", "coef", "lasso", "unpenalised"]
    assert "The fit without penalty: " in str(model)


def test_separation_leaves_the_lasso_alone():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    y = (X[:, 0] > 0).astype(float)
    found = eq.relax(X, y, loss="binomial", folds=4, gammas=[0.0, 1.0], strengths=[30.0, 1.0])
    assert found.fold_finite.tolist() == [[True] * 4, [False] * 4]
    assert np.isinf(found.mean[0, 1])
    assert np.isfinite(found.mean[1]).all()
    assert np.isnan(found.standard_error[0, 1])
    assert found.best_gamma == 1.0
    model = found.best
    assert model.unpenalised is None
    np.testing.assert_array_equal(model.coef, model.lasso.coef)
    assert "there is no finite fit of them without penalty" in str(model)
    assert "on the features kept separate the responses in some fold" in str(found)
    with pytest.raises(ValueError, match="the features kept at strength 1 separate the responses"):
        found.at(1.0, 0.5)
    model.plot()
    found.plot()
    with pytest.raises(ValueError, match="gammas: at every strength the features kept separate"):
        eq.relax(X, y, loss="binomial", folds=4, gammas=[0.5], strengths=[1.0])


def test_trials_are_repeated_rows():
    rng = np.random.default_rng(7)
    X, trials = rng.normal(size=(20, 2)), rng.integers(2, 5, 20)
    events = rng.binomial(trials, 0.5)
    row = np.repeat(np.arange(20), trials)
    each = np.concatenate([[1.0] * a + [0.0] * (n - a) for a, n in zip(events, trials, strict=True)])
    fold, asked = np.arange(20) % 2, {"loss": "binomial", "strengths": [2.0], "scoring": "brier"}
    grouped = eq.relax(X, events / trials, sample_weight=trials, folds=fold, **asked)
    single = eq.relax(X[row], each, folds=fold[row], **asked)
    np.testing.assert_allclose(grouped.fold_loss, single.fold_loss, rtol=1e-8)


def test_labels_and_exposure_are_read():
    X, y = data()
    labels = eq.relax(
        X, np.where(y > 0, "a", "b"), loss="binomial", event="a", folds=np.arange(48) % 2, strengths=[3.0]
    )
    numbers = eq.relax(X, y, loss="binomial", folds=np.arange(48) % 2, strengths=[3.0])
    np.testing.assert_allclose(labels.fold_loss, numbers.fold_loss, rtol=1e-12)
    exposure = np.linspace(0.5, 2.0, 48)
    rates = eq.relax(X, y, loss="poisson", exposure=exposure, folds=np.arange(48) % 2, strengths=[3.0])
    offset = eq.relax(X, y, loss="poisson", offset=np.log(exposure), folds=np.arange(48) % 2, strengths=[3.0])
    np.testing.assert_allclose(rates.fold_loss, offset.fold_loss, rtol=1e-12)


def test_the_features_that_separate_are_named_wherever_it_is_told():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    y = (X[:, 0] + X[:, 1] > 0).astype(float)
    names = ["age", "dose", "noise"]
    found = eq.relax(X, y, loss="binomial", folds=4, gammas=[0.0, 1.0], strengths=[8.0, 1.0], names=names)
    for columns, rest in (([0], 1), ([1], 1), ([0, 1], 0)):  # neither does alone: both together do
        apart = sklearn_logistic(C=1e9, max_iter=10_000).fit(X[:, columns], y)
        assert bool(np.sum(apart.predict(X[:, columns]) != y)) == rest
    assert found.separating == found.best.separating == ("age", "dose")
    assert "in some fold ('age', 'dose' do together), where there is no finite fit" in str(found)
    assert "These features separate the responses ('age', 'dose' do together)" in str(found.best)
    with pytest.raises(ValueError, match=r"separate the responses \('age', 'dose' do together\), so that"):
        found.at(1.0, 0.5)
    overlapping = eq.relax(*data(), loss="binomial", folds=2, strengths=[4.0])
    assert overlapping.separating == overlapping.best.separating == ()
