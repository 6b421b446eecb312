"""Fits without a penalty: scipy's minima, bounds, and responses that features separate."""

import numpy as np
import pytest
from scipy.optimize import minimize

from equipoise.select.unpenalised import fit_kept
from equipoise.setup.set_up import set_up


def fitted(X, y, kept, loss, **asked):
    problem = set_up(X, y, l1=1.0, loss=loss, **asked).problem
    found = fit_kept(problem, np.asarray(kept))
    return found.coef / problem.view.scale, found


def test_the_minimum_of_a_yes_no_response():
    x = np.arange(10.0)
    y = np.array([0, 0, 1, 0, 0, 1, 0, 1, 1, 1.0])

    def objective(b):
        eta = b[0] + b[1] * x
        return np.sum(np.logaddexp(0.0, eta) - y * eta)

    wanted = minimize(objective, [0.0, 0.0], method="BFGS", options={"gtol": 1e-10}).x
    coef, found = fitted(x[:, None], y, [True], "binomial")
    np.testing.assert_allclose([found.intercept, coef[0]], wanted, rtol=1e-6)
    assert found.unique
    assert found.finite


def test_features_left_out_stay_at_rest_and_bounds_hold():
    rng = np.random.default_rng(1)
    X, o = rng.normal(size=(50, 3)), rng.normal(size=50)
    y = rng.poisson(np.exp(0.8 * X[:, 0] - 0.4 * X[:, 1] + o))
    upper = [0.3, np.inf, np.inf]

    def objective(b):
        eta = b[0] + X[:, :2] @ b[1:] + o
        return np.sum(np.exp(eta) - y * eta)

    wanted = minimize(
        objective,
        np.zeros(3),
        method="L-BFGS-B",
        bounds=[(None, None), (None, 0.3), (None, None)],
        options={"ftol": 1e-15, "gtol": 1e-10},
    ).x
    coef, found = fitted(X, y, [True, True, False], "poisson", offset=o, upper=upper)
    np.testing.assert_allclose([found.intercept, *coef], [*wanted, 0.0], rtol=1e-5, atol=1e-12)
    assert coef[0] == pytest.approx(0.3, rel=1e-14)


@pytest.mark.parametrize(
    ("x", "y", "loss", "finite"),
    [
        ([0, 1, 2, 3], [0, 0, 1, 1], "binomial", False),  # separated
        ([0, 1, 1, 2], [0, 0, 1, 1], "binomial", False),  # but for a tie
        ([0, 1, 2, 3], [0, 1, 0, 1], "binomial", True),
        ([0, 0, 1, 1], [0, 0, 1, 2], "poisson", False),
        ([0, 0, 1, 1], [0, 1, 1, 2], "poisson", True),
        ([0, 0, 1, 1], [0, 0, 1.5, 2], "tweedie(1.5)", False),
        ([0, 30, 1, 31], [0, 1, 1, 0], "binomial", True),
        ([0, 1e-3, 1, 1000], [0, 1, 0, 1], "binomial", True),  # fitted all but perfectly, and yet finite
    ],
)
def test_separation_is_told_from_a_close_fit(x, y, loss, finite):
    _, found = fitted(np.array(x, dtype=float)[:, None], np.array(y, dtype=float), [True], loss)
    assert found.finite is finite


def test_a_bound_keeps_a_separated_fit_finite():
    x = np.arange(4.0)[:, None]
    coef, found = fitted(x, np.array([0, 0, 1, 1.0]), [True], "binomial", upper=2.0)
    assert found.finite
    assert coef[0] == pytest.approx(2.0)
    assert found.intercept == pytest.approx(-3.0)  # by symmetry about 1.5


def test_dependent_columns_have_no_single_fit():
    x = np.random.default_rng(0).normal(size=(20, 1))
    y = np.arange(20) % 2
    _, found = fitted(np.hstack([x, x]), y, [True, True], "binomial")
    assert found.finite
    assert not found.unique
