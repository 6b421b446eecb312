"""The debiased lasso: its formula from scratch, coverage and p-values on a published design."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.linear_model import Lasso

import equipoise as eq
from equipoise.infer.debiased import debiased, directions, normal_limits
from equipoise.infer.noise import scaled_lasso, universal_level
from equipoise.setup.set_up import set_up


def data(seed, n=60, p=8):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ np.diag(np.linspace(0.5, 2, p)) + 0.7 * rng.normal(size=(n, 1)) + 1.0
    return X, X[:, :2] @ [1.0, -1.0] + 2.0 + rng.normal(size=n)


def scaled(Z, y, level):
    """Sun & Zhang's iteration by scikit-learn, on standardised columns: coefficients, residual, σ."""
    sigma = np.std(y)
    for _ in range(400):
        peer = Lasso(alpha=sigma * level, tol=1e-13, max_iter=10**6).fit(Z, y)
        before, sigma = sigma, np.sqrt(np.mean((y - peer.predict(Z)) ** 2))
        if abs(before - sigma) < 1e-13 * sigma:
            break
    return peer.coef_, y - peer.predict(Z), sigma


@pytest.mark.parametrize(("n", "p"), [(60, 8), (50, 70)])
def test_estimates_equal_the_formula_with_scikit_learns_lassos(n, p):
    X, y = data(1, n, p)
    found = eq.debias(X, y, report=["x1", "x3", "x8"])
    level = np.sqrt(2 * np.log(p) / n)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    coef, residual, sigma = scaled(Z, y, level)
    for k, j in enumerate((0, 2, 7)):
        _, z, _ = scaled(np.delete(Z, j, axis=1), Z[:, j], 0.5 * level)
        along = z @ Z[:, j]
        assert found.estimate[k] == pytest.approx((coef[j] + z @ residual / along) / X[:, j].std(), rel=1e-6)
        error = sigma * np.linalg.norm(z) / along / X[:, j].std()
        assert found.standard_error[k] == pytest.approx(error, rel=1e-6)
        assert found.upper[k] - found.estimate[k] == pytest.approx(norm.ppf(0.975) * error, rel=1e-6)
        assert found.p_value[k] == pytest.approx(2 * norm.sf(abs(found.estimate[k]) / error), rel=1e-5)
    assert found.variance == pytest.approx(sigma**2, rel=1e-7)
    np.testing.assert_allclose(found.coef, (coef / X.std(axis=0))[[0, 2, 7]], atol=1e-7)


def test_a_vanishing_nodewise_penalty_gives_least_squares():
    X, y = data(2)
    found = eq.debias(X, y, nodewise=1e-9, variance=1.0)
    design = np.column_stack([X, np.ones(len(y))])
    covariance = np.linalg.inv(design.T @ design)
    np.testing.assert_allclose(found.estimate, (covariance @ design.T @ y)[:-1], rtol=1e-6)
    np.testing.assert_allclose(found.standard_error, np.sqrt(np.diag(covariance))[:-1], rtol=1e-6)


@pytest.mark.parametrize(
    "arguments", [{}, {"intercept": False}, {"l1": 5.0}, {"l1": 5.0, "standardize": False}]
)
def test_scaling_and_order_of_columns_carry_over(arguments):
    X, y = data(3)
    one = eq.debias(X, y, **arguments)
    factor = np.array([2.0, 0.5, 10.0, 1.0, 3.0, 1.0, 0.1, 1.0])
    order = [3, 1, 0, 2, 7, 6, 5, 4]
    scaled_too = (
        {**arguments, "l1": (5.0 * factor)[order]} if arguments.get("standardize") is False else arguments
    )
    other = eq.debias((X * factor)[:, order], y, **scaled_too)
    np.testing.assert_allclose(other.estimate, (one.estimate / factor)[order], rtol=1e-8)
    np.testing.assert_allclose(other.standard_error, (one.standard_error / factor)[order], rtol=1e-8)


def test_an_offset_is_subtracted_and_l1_is_the_lasso_that_is_corrected():
    X, y = data(4)
    o = np.linspace(-3, 3, len(y))
    np.testing.assert_allclose(
        eq.debias(X, y, offset=o, l1=4.0).estimate, eq.debias(X, y - o, l1=4.0).estimate, rtol=1e-10
    )
    np.testing.assert_allclose(
        eq.debias(X, y, l1=4.0).coef, eq.fit(X, y, l1=4.0, standardize=True).coef, atol=1e-12
    )


def circulant(rng, n, p):
    """Javanmard & Montanari (2014), section 5.1: 1 on the diagonal, 0.1 at the next five either side."""
    row = np.zeros(p)
    row[[0]], row[1:6], row[-5:] = 1.0, 0.1, 0.1
    factor = np.linalg.cholesky(np.array([np.roll(row, k) for k in range(p)]))
    return rng.normal(size=(n, p)) @ factor.T


def repeat(X, beta, features, seed, times):
    """Whether each interval covers, and the p-values, over responses to one X, (times, k) each."""
    rng = np.random.default_rng(seed)
    base = set_up(np.asfortranarray(X), X @ beta, l1=1.0, standardize=True)
    level = universal_level(*X.shape)
    along = directions(base.problem, features, 0.5 * level, base.features)
    covered, values = [], []
    for k in range(times):
        y = X @ beta + rng.normal(size=len(X))
        problem = replace(base, response=y, moments=None).problem
        lasso = scaled_lasso(problem, level)
        estimate, spread = debiased(problem, lasso.coef, along)
        lower, upper, p_value = normal_limits(estimate, lasso.sigma * spread, 0.95)
        if k == 0:  # the public function is this and nothing else
            whole = eq.debias(X, y, report=features[:3].tolist())
            np.testing.assert_allclose(whole.lower, lower[:3], rtol=1e-9)
            np.testing.assert_allclose(whole.p_value, p_value[:3], rtol=1e-7)
        covered.append((lower <= beta[features]) & (beta[features] <= upper))
        values.append(p_value)
    return np.array(covered), np.array(values)


def test_coverage_and_p_values_on_javanmard_and_montanaris_design():
    rng = np.random.default_rng(5)
    n, p, effects, times = 1000, 600, 10, 50
    X = circulant(rng, n, p)
    order = rng.permutation(p)
    beta = np.zeros(p)
    beta[order[:effects]] = 0.25
    covered, values = repeat(X, beta, order[:50], 6, times)
    for part in (covered[:, :effects], covered[:, effects:]):
        # Data sets are independent, the coefficients of one are not.
        error = max(part.mean(axis=1).std(ddof=1), 0.02) / np.sqrt(times)
        assert abs(part.mean() - 0.95) <= 3 * error
    rejected = (values[:, effects:] < 0.05).mean(axis=1)
    assert abs(rejected.mean() - 0.05) <= 3 * rejected.std(ddof=1) / np.sqrt(times)
    assert (values[:, :effects] < 0.05).mean() > 0.99


def test_p_values_are_controlled_with_more_columns_than_rows_and_strong_correlation():
    # van de Geer et al. (2014), section 4: Toeplitz 0.9, n = 100, p = 500, 3 effects from U[0, 2].
    rng = np.random.default_rng(7)
    factor = np.linalg.cholesky(0.9 ** np.abs(np.subtract.outer(np.arange(500), np.arange(500))))
    X = rng.normal(size=(100, 500)) @ factor.T
    beta = np.zeros(500)
    beta[:3] = rng.uniform(0, 2, size=3)
    covered, values = repeat(X, beta, np.r_[0:3, 10:500:10], 8, 60)
    nulls = values[:, 3:]
    error = (nulls < 0.05).mean(axis=1).std(ddof=1) / np.sqrt(60)
    assert (nulls < 0.05).mean() <= 0.05 + 3 * error
    assert abs(covered[:, 3:].mean() - 0.95) <= 3 * max(error, 0.004)
    # What the docstring says of true effects here: covered less often than 95 %, but not rarely.
    assert covered[:, :3].mean() > 0.8


def test_progress_counts_the_nodewise_regressions():
    X, y = data(9)
    told = []
    eq.debias(X, y, progress=told.append)
    assert told == list(range(1, 9))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"level": 0.0}, "between 0 and 1"),
        ({"variance": 0.0}, "above 0"),
        ({"nodewise": 0.0}, "above 0"),
        ({"report": ["x9"]}, "no feature"),
        ({"report": [8]}, "positions from 0 to 7"),
        ({"report": ["x1", 0]}, "twice"),
        ({"report": ["x1"], "l1": np.r_[np.inf, np.ones(7)]}, "excluded"),
        ({"sample_weight": np.ones(60)}, "sample_weight is refused"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(arguments, words):
    X, y = data(10)
    with pytest.raises(ValueError, match=words):
        eq.debias(X, y, **arguments)


def test_columns_without_an_effect_of_their_own_are_refused():
    X, y = data(11)
    with pytest.raises(TypeError, match="list of names"):
        eq.debias(X, y, report="x1")
    with pytest.raises(ValueError, match="linear combination"):
        eq.debias(np.column_stack([X, X[:, 0]]), y, report=["x9"])
    X[:, 4] = 1.0
    with pytest.raises(ValueError, match="'x5' is constant"):
        eq.debias(X, y)
    with pytest.raises(ValueError, match="no noise"):
        eq.debias(X, np.ones(60), report=["x1"])
