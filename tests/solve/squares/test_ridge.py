"""Ridge with more columns than rows against the same dual system in rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from oracle import solve_exactly

from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import SMALL, Problem
from equipoise.solve.squares.ridge import BLOCK, solve_ridge, suits_ridge

INF = np.inf


def built(X, y, l1=0.0, l2=1.0, lower=-INF, upper=INF):
    p = X.shape[1]
    penalty = Penalty(
        *(np.broadcast_to(np.asarray(a, dtype=float), p).copy() for a in (l1, l2, lower, upper))
    )
    return Problem.build(Dense(X), y, penalty, intercept=False)


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
    found = solve_ridge(problem, strength) / problem.view.scale
    expected = exact(X, y, l2, strength)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * np.abs(expected).max())


def test_an_excluded_feature_stays_at_zero():
    rng = np.random.default_rng(1)
    X, y = rng.integers(-4, 5, size=(3, 300)) / 2.0, np.array([1.0, -2.0, 0.5])
    l1, held = np.zeros(300), np.full(300, 0.5)
    l1[7], held[7] = INF, INF
    problem = built(X, y, l1=l1, l2=0.5)
    found = solve_ridge(problem, 1.0) / problem.view.scale
    expected = exact(X, y, held, 1.0)
    assert found[7] == 0.0
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * np.abs(expected).max())


def test_what_it_suits():
    rng = np.random.default_rng(2)
    X, y, p = rng.normal(size=(5, SMALL + 1)), rng.normal(size=5), SMALL + 1
    one = np.eye(p)[3]
    assert suits_ridge(built(X, y), 1.0)
    assert suits_ridge(built(X, y, l1=np.where(one, INF, 0.0)), 1.0)
    assert not suits_ridge(built(X, y), 0.0)
    assert not suits_ridge(built(X, y, l2=1.0 - one), 1.0)
    assert not suits_ridge(built(X, y, l1=one), 1.0)
    assert not suits_ridge(built(X, y, lower=np.where(one, 0.0, -INF)), 1.0)
    fixed = {"lower": np.where(one, 0.5, -INF), "upper": np.where(one, 0.5, INF)}
    assert not suits_ridge(built(X, y, **fixed), 1.0)
    assert not suits_ridge(built(X[:, 1:], y), 1.0)  # few enough for a Gram matrix
    assert not suits_ridge(built(rng.normal(size=(p, p)), rng.normal(size=p)), 1.0)
