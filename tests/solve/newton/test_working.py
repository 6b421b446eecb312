"""Rows, pulls and Hessians of several points, against extended precision."""

import numpy as np
import pytest
from loss_oracle import LONG, slopes
from scipy.sparse import csc_array

from equipoise.design.dense import Dense
from equipoise.design.sparse import Sparse
from equipoise.objective.curved import Curved
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.solve.newton.working import Working

LOSSES = ["binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(1.5)"]


def setting(loss="binomial", design=Dense, intercept=True):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(50, 6)) * (rng.random((50, 6)) < 0.09)
    X[:, 2] += 7.0
    weights, offset = rng.random(50) * (rng.random(50) < 0.7), rng.normal(size=50)
    y = (rng.random(50) < 0.5) + (0.1 if loss == "gamma" else 0.0)
    matrix = np.asfortranarray(X) if design is Dense else csc_array(X)
    penalty = Penalty(np.ones(6), np.zeros(6), np.full(6, -np.inf), np.full(6, np.inf))
    problem = Curved.build(
        design(matrix), y, penalty, read_loss(loss), weights=weights, offset=offset, intercept=intercept
    )
    centred = X.astype(LONG) - (weights.astype(LONG) @ X / weights.astype(LONG).sum() if intercept else 0)
    return problem, centred / problem.view.scale, y, weights, offset, rng


@pytest.mark.parametrize("design", [Dense, Sparse])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("loss", LOSSES)
def test_rows_and_hessians(loss, design, intercept):
    problem, Z, y, weights, offset, rng = setting(loss, design, intercept)
    some, more = np.array([4, 2, 0]), np.array([1, 5])
    working = Working(problem, some)
    later = working.add(more)
    for columns, held in ((working, [4, 2, 0, 1, 5]), (Working(problem, some), [4, 2, 0])):
        full = np.column_stack([np.ones(50), Z[:, held]]) if intercept else Z[:, held]
        coef = rng.normal(size=(3, full.shape[1]))
        rows = columns.rows(coef)
        eta = coef @ full.T + offset
        residual, curved, _ = slopes(loss, y, eta)
        np.testing.assert_allclose(rows.eta, eta.astype(float), rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(rows.residual, (weights * residual).astype(float), rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(rows.curved, (weights * curved).astype(float), rtol=1e-12, atol=1e-13)
        pull = (weights * residual) @ full
        np.testing.assert_allclose(rows.pull, pull.astype(float), rtol=1e-11, atol=1e-11)
        hessian = full.T @ ((weights * curved[1])[:, None] * full)
        exact = columns.hessian(rows.curved[1], exact=True)
        np.testing.assert_allclose(exact, hessian.astype(float), rtol=1e-11, atol=1e-12)
        chord, most = columns.hessian(rows.curved[1]), float(np.abs(hessian).max())
        np.testing.assert_allclose(chord, hessian.astype(float), atol=1e-6 * most)
    curved = rng.random(50)
    full = np.column_stack([np.ones(50), Z[:, working.indices]]) if intercept else Z[:, working.indices]
    cross = full.T @ (curved[:, None] * Z[:, more])
    np.testing.assert_allclose(working.cross(later, curved), cross.astype(float), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_slopes_where_a_predictor_is_far_out(loss):
    eta = np.array([-600.0, -80.0, -30.0, -1.0, 0.0, 1.0, 30.0, 80.0, 300.0])
    for y in (0.5, 1.0) if loss == "gamma" else (0.0, 0.25, 1.0):
        with np.errstate(over="ignore", under="ignore"):
            residual, curved = read_loss(loss).derivatives(np.full(len(eta), y), eta)
            r, h, size = (a.astype(float) for a in slopes(loss, np.full(len(eta), y), eta))
        np.testing.assert_array_less(np.abs(residual - r), 4e-16 * size * (4 + np.abs(eta)) + 1e-150)
        np.testing.assert_allclose(curved, h, rtol=1e-13, atol=1e-150)
