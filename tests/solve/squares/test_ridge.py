"""Ridge with more columns than rows against the same dual system in rational and 50-digit arithmetic."""

from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from oracle import solve_exactly

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import SMALL, Squares
from equipoise.solve.path import solve_path, solve_point
from equipoise.solve.squares.ridge import BLOCK, solve_ridge, suits_ridge

INF = np.inf


def built(X, y, l1=0.0, l2=1.0, lower=-INF, upper=INF):
    p = X.shape[1]
    penalty = Penalty(
        *(np.broadcast_to(np.asarray(a, dtype=float), p).copy() for a in (l1, l2, lower, upper))
    )
    return Squares.build(Dense(X), y, penalty, intercept=False)


def solved(problem, strength):
    (coef,) = solve_ridge(problem, np.array([strength]))
    return coef / problem.view.scale


def exact(X, y, l2, strength):
    """w_j = x_jᵀa / (2 t l2_j) with (I + Σ_j x_j x_jᵀ / (2 t l2_j)) a = y; l2_j = ∞ holds w_j at zero."""
    n, p = X.shape
    X = [[Fraction(v) for v in row] for row in X]
    share = [0 if v == INF else 1 / (2 * Fraction(strength) * Fraction(v)) for v in l2]
    system = [
        [sum(a * s * b for a, s, b in zip(X[i], share, X[k], strict=True)) + (i == k) for k in range(n)]
        for i in range(n)
    ]
    dual = solve_exactly(system, [Fraction(v) for v in y])
    return np.array([float(share[j] * sum(X[i][j] * dual[i] for i in range(n))) for j in range(p)])


@pytest.mark.parametrize("strength", [1e-6, 1.0, 1e4])
def test_coefficients_are_those_of_the_exact_system(strength):
    rng = np.random.default_rng(0)
    n, p = 4, BLOCK + 60  # columns of two blocks
    X, y = rng.integers(-4, 5, size=(n, p)) / 2.0, rng.integers(-9, 10, size=n) / 4.0
    l2 = rng.integers(1, 9, size=p) / 8.0
    problem = built(X, y, l2=l2)
    found = solved(problem, strength)
    expected = exact(X, y, l2, strength)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * np.abs(expected).max())


def test_an_excluded_feature_stays_at_zero():
    rng = np.random.default_rng(1)
    X, y = rng.integers(-4, 5, size=(3, 300)) / 2.0, np.array([1.0, -2.0, 0.5])
    l1, held = np.zeros(300), np.full(300, 0.5)
    l1[7], held[7] = INF, INF
    problem = built(X, y, l1=l1, l2=0.5)
    found = solved(problem, 1.0)
    expected = exact(X, y, held, 1.0)
    assert found[7] == 0.0
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * np.abs(expected).max())


@pytest.mark.parametrize("strength", [1e-30, 1e-12, 1.0])
def test_equal_rows_bring_no_rounding_in(strength):
    rng = np.random.default_rng(3)
    X, y = rng.integers(-4, 5, size=(4, 9)) / 2.0, rng.integers(-9, 10, size=4) / 4.0
    X[1] = X[2]
    l2 = rng.integers(1, 9, size=9) / 8.0
    expected = exact(X, y, l2, strength)
    for problem in (built(X, y, l2=l2), built(np.vstack([X, 0 * X]), np.append(y, 0 * y), l2=l2)):
        np.testing.assert_allclose(solved(problem, strength), expected, atol=1e-13 * np.abs(expected).max())


def test_what_it_suits():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(5, 8)), rng.normal(size=5)
    one = np.eye(8)[3] > 0
    assert suits_ridge(built(X, y), 1.0)
    assert suits_ridge(built(X, y, l2=0.0), 1.0)
    assert suits_ridge(built(X, y, l1=np.where(one, INF, 0.0)), 1.0)
    assert suits_ridge(built(X, y, l2=1.0 - one), 1.0)
    assert suits_ridge(built(X, y, lower=np.where(one, 0.0, -INF)), 1.0)
    assert not suits_ridge(built(X, y, l1=1.0 * one), 1.0)
    assert not suits_ridge(built(X, y, l1=np.where(np.eye(8)[0], INF, 1.0)), 1.0)
    assert not suits_ridge(built(X, y, lower=np.where(one, 0.0, -INF), l2=1.0 - one), 1.0)
    assert not suits_ridge(built(X, y, lower=0.5, upper=0.5), 1.0)  # nothing moves
    assert not suits_ridge(built(X.T, y.repeat(2)[:8]), 1.0)  # more rows, and independent columns
    copies = built(np.vstack([X.T, X.T])[:, [0, 1, 2, 3, 4, 0]], np.arange(16.0), l2=1e-9)
    assert suits_ridge(copies, 1.0)
    assert not suits_ridge(copies, 1e9)


def conditioned(n, p, condition, seed=0):
    rng = np.random.default_rng(seed)
    left, right = (np.linalg.qr(rng.normal(size=(size, min(n, p))))[0] for size in (n, p))
    X = (left * np.geomspace(10.0, 10.0 / condition, min(n, p))) @ right.T
    return X, X @ rng.normal(size=p) + 0.1 * rng.normal(size=n)


def in_many_digits(X, y, l2, weights=None, intercept=True):
    """w = DXᵀa with (XDXᵀ + I)a = y, D = diag(1 / 2 l2), for root-weighted centred X and y, in 50 digits."""
    with mp.workdps(50):
        s = [mp.mpf(v) for v in (np.ones(len(y)) if weights is None else weights).tolist()]
        rows = [[*map(mp.mpf, row), mp.mpf(v)] for row, v in zip(X.tolist(), y.tolist(), strict=True)]
        means = [mp.fdot(s, column) / mp.fsum(s) * intercept for column in zip(*rows, strict=True)]
        rows = [
            [mp.sqrt(w) * (v - m) for v, m in zip(row, means, strict=True)]
            for w, row in zip(s, rows, strict=True)
        ]
        share = [1 / (2 * mp.mpf(v)) for v in np.broadcast_to(l2, X.shape[1]).tolist()]
        scaled = [[a * d for a, d in zip(row, share, strict=False)] for row in rows]  # the response apart
        system = mp.matrix([[mp.fdot(a, b) for b in rows] for a in scaled])
        dual = mp.lu_solve(system + mp.eye(len(y)), mp.matrix([row[-1] for row in rows]))
        return np.array([float(mp.fdot(column, dual)) for column in zip(*scaled, strict=True)])


@pytest.mark.parametrize("shape", [(12, 20), (8, SMALL + 10), (12, 12), (20, 8)])
@pytest.mark.parametrize("condition", [1.0, 1e2, 1e4, 1e6])
@pytest.mark.parametrize("shrunk", [1.0, 1e-4, 1e-8, 1e-12])
def test_accuracy_is_that_of_a_few_roundings_of_the_data(shape, condition, shrunk):
    X, y = conditioned(*shape, condition)
    l2 = 50.0 * shrunk  # half the square of the largest singular value
    found = eq.fit(X, y, l1=0.0, l2=l2)
    expected = in_many_digits(X, y, l2)
    effective = min(condition, shrunk**-0.5)
    # With more rows than columns the residual counts too, by the square of the condition.
    allowed = 1e-14 * effective * (effective if shape[0] > shape[1] else 1.0)
    assert np.abs(found.coef - expected).max() <= allowed * np.abs(expected).max()
    assert found.certificate.unique
    assert np.all(found.coef != 0)


def test_weights_means_scales_and_unequal_penalties():
    X, y = conditioned(12, 20, 10.0)
    rng = np.random.default_rng(1)
    weights = rng.uniform(0.2, 4.0, size=12)
    X = (X + rng.normal(size=20)) * 10.0 ** rng.integers(-5, 6, size=20)
    l2 = 10.0 ** rng.uniform(-12, 2, size=20) * np.linalg.norm(X, axis=0) ** 2
    expected = in_many_digits(X, y, l2, weights)
    found = eq.fit(X, y, l1=0.0, l2=l2, sample_weight=weights)
    np.testing.assert_allclose(found.coef, expected, rtol=1e-11)
    assert found.certificate.status.name == "OPTIMAL"


@pytest.mark.parametrize("intercept", [False, True])
def test_unpenalised_and_excluded_columns(intercept):
    # Excluded columns are not there, and an unpenalised one has an l2 of nothing.
    X, y = conditioned(12, 20, 10.0)
    l1, l2 = np.zeros(20), np.full(20, 1e-9)
    l1[4], l2[[7, 9]] = INF, 0.0
    kept = np.flatnonzero(np.isfinite(l1))
    expected = in_many_digits(X[:, kept], y, np.maximum(l2, 1e-36)[kept], intercept=intercept)
    found = eq.fit(X, y, l1=l1, l2=l2, intercept=intercept)
    np.testing.assert_allclose(found.coef[kept], expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())
    assert found.coef[4] == 0.0
    assert found.certificate.unique
    assert found.certificate.status.name == "OPTIMAL"


def test_a_box_that_is_not_reached_changes_nothing():
    X, y = conditioned(12, 20, 10.0)
    expected = in_many_digits(X, y, 1e-9)
    edge = 1.001 * np.abs(expected).max()
    found = eq.fit(X, y, l1=0.0, l2=1e-9, lower=-edge, upper=edge)
    np.testing.assert_allclose(found.coef, expected, rtol=1e-12, atol=1e-12 * edge)
    bounded = eq.fit(X, y, l1=0.0, l2=1e-3, lower=0.0)
    assert bounded.coef.min() == 0.0
    assert bounded.certificate.optimal


@pytest.mark.parametrize("batch", [None, 2])
def test_a_path_is_the_same_at_every_strength(batch):
    X, y = conditioned(12, 20, 10.0)
    problem = eq.fit(X, y, l1=0.0, l2=1.0).setup.problem
    strengths = np.array([10.0, 1e-3, 1e-6, 1e-9, 0.0])
    batches = list(solve_path(problem, strengths, batch))
    assert len(batches) == (1 if batch is None else 3)
    coef = np.vstack([points.coef for points in batches]) / problem.view.scale
    for w, t in zip(coef[:-1], strengths, strict=False):
        expected = in_many_digits(X, y, t)
        np.testing.assert_allclose(w, expected, atol=1e-13 * np.abs(expected).max())
    least = np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean())
    np.testing.assert_allclose(coef[-1], least, atol=1e-12)


@pytest.mark.parametrize("shape", [(12, 20), (8, SMALL + 10), (30, 12)])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("intercept", [False, True])
def test_without_a_penalty_it_has_the_smallest_norm(shape, weighted, intercept):
    rng = np.random.default_rng(4)
    X, y = rng.integers(-99, 99, size=shape) / 32.0, rng.normal(size=shape[0])
    X[:, -3:] = X[:, :3] + X[:, 3:6]  # dependent columns, without rounding, whatever the shape
    X[:, 1] *= 100.0
    X[:, -2] = X[:, 1] + X[:, 4]
    s = rng.uniform(0.5, 2.0, size=len(y)) if weighted else np.ones(len(y))
    centred = X - np.average(X, axis=0, weights=s) if intercept else X
    right = y - np.average(y, weights=s) if intercept else y
    root = np.sqrt(s)
    expected, *_ = np.linalg.lstsq(centred * root[:, None], right * root, rcond=1e-12)
    found = eq.fit(X, y, l1=0.0, l2=0.0, intercept=intercept, sample_weight=s)
    np.testing.assert_allclose(found.coef, expected, atol=1e-12 * np.abs(expected).max(), rtol=1e-9)
    assert found.certificate.status.name == "NOT_UNIQUE"


def test_scales_that_lose_a_direction_are_not_used():
    # In original units the last columns are less than the first ones' rounding; the fit needs them.
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(6, 8)), rng.normal(size=6)
    X[:, 3:] *= 1e-20
    found = eq.fit(X, y, l1=0.0, l2=0.0)
    np.testing.assert_allclose(found.predict(X), y, atol=1e-12)


def test_many_columns_are_read_block_by_block():
    rng = np.random.default_rng(6)
    X, y = rng.normal(size=(5, 40_000)), rng.normal(size=5)
    widest = []

    class Watched(Dense):
        def columns(self, indices, centre=None):
            widest.append(len(indices))
            return super().columns(indices, centre)

    penalty = Penalty(np.zeros(40_000), np.full(40_000, 1e-9), *np.full((2, 40_000), INF) * [[-1.0], [1.0]])
    points = solve_point(Squares.build(Watched(X), y, penalty, intercept=False))
    assert points.certify().status.name == "OPTIMAL"
    assert max(widest) <= BLOCK


@pytest.mark.parametrize("l2", [1e-12, 1e-8, 1e-4, 1.0])
@pytest.mark.parametrize(("lower", "upper"), [(0.0, np.inf), (-0.3, 0.2), (0.1, 0.5)])
@pytest.mark.parametrize("seed", range(4))
def test_a_wide_ridge_at_its_bounds(l2, lower, upper, seed):
    # Any dual vector is that of the response built from it: w is the pull ÷ 2·l2, cut off at the bounds.
    rng = np.random.default_rng(seed)
    X, dual = rng.normal(size=(20, 60)), 0.2 * rng.normal(size=20)
    w = np.clip(X.T @ dual / 2.0, lower, upper)
    fit = eq.fit(X, X @ w + l2 * dual, l1=0, l2=l2, lower=lower, upper=upper, intercept=False)
    assert fit.certificate.status is eq.Status.OPTIMAL
    np.testing.assert_allclose(fit.coef, w, rtol=1e-9, atol=1e-10)
