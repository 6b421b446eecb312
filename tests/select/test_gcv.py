"""The strength of generalised cross-validation against its definition, the hat matrix formed in 50 digits."""

import mpmath as mp
import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import Squares
from equipoise.select.gcv import TRIED, choose_ridge

INF = np.inf


def built(X, y, l2, intercept=True):
    p = X.shape[1]
    penalty = Penalty(np.zeros(p), l2, np.full(p, -INF), np.full(p, INF))
    return Squares.build(Dense(X), y, penalty, intercept=intercept)


def score(X, y, l2, strength, intercept):
    """n·rss/(n − df)², H = B(BᵀB)⁻¹Bᵀ + PKᵀ(PKPᵀ + I)⁻¹ with K = X_R X_Rᵀ ÷ 2 t l2, in 50 digits."""
    n = len(y)
    with mp.workdps(50):
        ridged = np.flatnonzero(l2 > 0)
        rows = [[*map(mp.mpf, row)] for row in X[:, ridged].tolist()]
        share = [1 / (2 * mp.mpf(strength) * mp.mpf(v)) for v in l2[ridged].tolist()]
        scaled = [[a * d for a, d in zip(row, share, strict=True)] for row in rows]
        outer = mp.matrix([[mp.fdot(a, b) for b in rows] for a in scaled])
        free = np.column_stack([np.ones((n, int(intercept))), X[:, l2 == 0]])
        project = mp.eye(n)
        if free.shape[1]:
            basis = mp.matrix(free.tolist())
            project = project - basis * mp.inverse(basis.T * basis) * basis.T
        left = project * mp.inverse(project * outer * project + mp.eye(n))  # I − H
        residual = left * mp.matrix(y.tolist())
        trace = mp.fsum(left[i, i] for i in range(n))
        return float(n * mp.fsum(r**2 for r in residual) / trace**2)


@pytest.mark.parametrize("shape", [(12, 5), (12, 12), (10, 20), (6, 300)])
@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("noise", [1.0, 1e-7])
def test_no_other_strength_tried_has_a_smaller_score(shape, intercept, noise):
    rng = np.random.default_rng(2)
    X = rng.normal(size=shape) + 3.0
    y = X[:, :3] @ [1.0, -2.0, 0.5] + noise * rng.normal(size=shape[0])
    l2 = rng.uniform(0.5, 2.0, size=shape[1])
    l2[1] = 0.0
    chosen = choose_ridge(built(X, y, l2, intercept))
    free = np.column_stack([np.ones((len(y), int(intercept))), X[:, l2 == 0]])
    others = X[:, l2 > 0] - free @ np.linalg.pinv(free) @ X[:, l2 > 0]
    grid = 0.5 * np.linalg.norm(others / np.sqrt(l2[l2 > 0]), 2) ** 2 * TRIED
    at = int(np.argmin(np.abs(grid - chosen)))
    assert chosen == pytest.approx(grid[at], rel=1e-9)
    least = score(X, y, l2, chosen, intercept)
    for other in {*range(0, len(grid), 10), max(at - 1, 0), min(at + 1, len(grid) - 1)}:
        assert score(X, y, l2, grid[other], intercept) >= least * (1.0 - 1e-9)
