"""Adaptive lassos of other losses than the squared one: pilots by scipy, folds refitted."""

import numpy as np
import pytest
from scipy.optimize import minimize

import equipoise as eq


def data(n: int = 48) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(12)
    X = rng.normal(size=(n, 3))
    return X, (rng.random(n) < 1.0 / (1.0 + np.exp(-X @ [1.2, -0.8, 0.0]))).astype(float)


def deviance(b, X, y):
    eta = b[0] + X @ b[1:]
    return np.sum(np.logaddexp(0.0, eta) - y * eta)


def test_an_unpenalised_pilot_is_the_minimum_of_the_loss():
    X, y = data()
    found = eq.adapt(X, y, loss="binomial", pilot="unpenalised", folds=3, strengths=[1.0])
    wanted = minimize(deviance, np.zeros(4), args=(X, y), method="BFGS", options={"gtol": 1e-9}).x[1:]
    np.testing.assert_allclose(found.pilot, wanted, rtol=1e-5)
    np.testing.assert_allclose(found.weights, 1.0 / np.abs(wanted), rtol=1e-5)


def test_a_ridge_pilot_is_the_ridge_at_the_strength_of_the_squares_nearby():
    """At the intercept alone the curvature is ȳ(1 − ȳ): the squares are those of y itself, in that unit."""
    X, y = data()
    found = eq.adapt(X, y, loss="binomial", folds=3, strengths=[1.0])
    centred, rest = X - X.mean(axis=0), y - y.mean()
    left, d, _ = np.linalg.svd(centred, full_matrices=False)
    tried = 0.5 * d[0] ** 2 * np.geomspace(1e3, 1e-7, 101)
    scores = []
    for t in tried:
        hat = (left * (d**2 / (d**2 + 2.0 * t))) @ left.T
        scores.append(np.sum((rest - hat @ rest) ** 2) / (len(y) - 1.0 - np.trace(hat)) ** 2)
    t = tried[int(np.argmin(scores))] * y.mean() * (1.0 - y.mean())
    wanted = minimize(
        lambda b: deviance(b, X, y) + t * b[1:] @ b[1:], np.zeros(4), method="BFGS", options={"gtol": 1e-9}
    ).x[1:]
    np.testing.assert_allclose(found.pilot, wanted, rtol=1e-5)


@pytest.mark.parametrize("pilot", ["ridge", "unpenalised", "lasso"])
def test_a_fold_is_fitted_with_the_pilot_of_its_training_rows(pilot):
    X, y = data(100)
    train, asked = np.arange(100) % 2 == 0, {"loss": "binomial", "pilot": pilot}
    found = eq.adapt(X, y, folds=[(train, ~train)], strengths=[0.5], **asked)
    inner = eq.adapt(X[train], y[train], folds=2, strengths=[0.5], **asked)
    fit = eq.fit(X[train], y[train], l1=0.25 * inner.weights, loss="binomial")
    eta = fit.intercept + X[~train] @ fit.coef
    wanted = 2.0 * np.mean(np.logaddexp(0.0, eta) - y[~train] * eta)
    assert found.cv.fold_loss[0, 0] == pytest.approx(wanted, rel=1e-8)
    assert found.cv.loss == "mean deviance"


def test_separated_responses_and_pilots_of_another_loss():
    X = np.random.default_rng(0).normal(size=(40, 2))
    y = (X[:, 0] > 0).astype(float)
    with pytest.raises(ValueError, match=r"pilot is 'unpenalised', and there is no finite .* separates"):
        eq.adapt(X, y, loss="binomial", pilot="unpenalised")
    with pytest.raises(ValueError, match="pilot is 'least squares', and the loss here is 'binomial'"):
        eq.adapt(X, y, loss="binomial", pilot="least squares")
    with pytest.raises(ValueError, match="pilot is 'best': pass one of 'ridge', 'unpenalised', 'lasso', or"):
        eq.adapt(X, y, pilot="best")


def test_least_squares_is_the_unpenalised_pilot_of_squared_loss():
    X, y = data()
    found = [eq.adapt(X, y, pilot=kind, folds=3, count=3) for kind in ("unpenalised", "least squares")]
    np.testing.assert_array_equal(found[0].pilot, found[1].pilot)
