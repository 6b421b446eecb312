"""The scaled lasso by its fixed point, and the variance of full least squares."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso

from equipoise.infer.noise import full_variance, scaled_lasso, universal_level
from equipoise.setup.set_up import set_up


@pytest.mark.parametrize(("n", "p"), [(80, 10), (60, 90), (50, 400)])
def test_scaled_lasso_is_the_fixed_point_of_sun_and_zhangs_iteration(n, p):
    rng = np.random.default_rng(n)
    X = rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(n, 1))
    y = X[:, :3] @ [1.0, -1.0, 0.5] + 3.0 + rng.normal(size=n)
    level = universal_level(n, p)
    assert level == pytest.approx(np.sqrt(2 * np.log(p) / n))
    found = scaled_lasso(set_up(X, y, l1=1.0, standardize=True).problem, level)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    sigma = np.std(y)
    for _ in range(300):
        peer = Lasso(alpha=sigma * level, tol=1e-12, max_iter=10**6).fit(Z, y)
        before, sigma = sigma, np.sqrt(np.mean((y - peer.predict(Z)) ** 2))
        if abs(before - sigma) < 1e-12:
            break
    assert found.sigma == pytest.approx(sigma, rel=1e-7)
    assert found.strength == pytest.approx(n * level * sigma, rel=1e-7)
    np.testing.assert_allclose(found.residual, y - peer.predict(Z), atol=1e-6)


def test_scaled_lasso_of_noise_alone_and_of_none():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(40, 5)), rng.normal(size=40)
    found = scaled_lasso(set_up(X, y, l1=1.0, standardize=True).problem, 1.0)
    assert found.sigma == pytest.approx(np.std(y))
    assert not found.coef.any()
    assert scaled_lasso(set_up(X, X[:, 0], l1=1.0).problem, 1e-3) is None
    assert scaled_lasso(set_up(X, np.ones(40), l1=1.0).problem, 0.3) is None


@pytest.mark.parametrize("intercept", [True, False])
def test_full_variance_is_that_of_least_squares(intercept):
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(30, 6)) + 1.0, rng.normal(size=30) + 2.0
    X[:, 5] = X[:, 4]  # a duplicate takes no degree of freedom
    design = np.column_stack([X, np.ones(30)]) if intercept else X
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    expected = rest @ rest / (30 - 5 - intercept)
    assert full_variance(set_up(X, y, l1=1.0, intercept=intercept).problem) == pytest.approx(expected)
    assert full_variance(set_up(X[:7], y[:7], l1=1.0, intercept=True).problem) is None
