"""The loss of a set of rows for many models at once: of squares from their moments, of any kind from rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.folds import Rows
from equipoise.design.choose_design import part_of
from equipoise.objective.intercept_alone import fit_intercept
from equipoise.objective.problem import EPS
from equipoise.select.scorers import Scoring
from equipoise.setup.setup import Setup
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

ACCURACY = 1e-10  # largest relative error of a loss from moments; beyond it the residuals are formed


def from_moments(part: Moments, coef: Array, intercept: Array) -> tuple[Array, NDArray[np.intp]]:
    """Σ s_i (residual_i)² of models (m,) from the moments of the rows, and which of them cancellation spoils.

    ``yy − 2 wᵀxy + wᵀ xx w + Σs·(ȳ − b − wᵀx̄)²``, with xx, xy and yy centred.
    """
    fitted = coef @ part.xx
    loss = part.yy - 2.0 * (coef @ part.xy) + np.einsum("ij,ij->i", fitted, coef)
    shift = part.mean_y - intercept - coef @ part.mean_x
    loss += part.weight * shift**2
    size = np.sqrt(part.yy) + np.abs(coef) @ np.sqrt(np.maximum(np.diagonal(part.xx), 0.0))
    # The last term also has the rounding of the means.
    away = np.abs(part.mean_y) + np.abs(intercept) + np.abs(coef) @ np.abs(part.mean_x)
    error = 16.0 * EPS * (size**2 + part.weight * np.abs(shift) * away)
    return loss, np.flatnonzero(~(error <= ACCURACY * loss))


def from_rows(
    setup: Setup, test: Flags, coef: Array, intercept: Array, columns: NDArray[np.intp] | None
) -> Array:
    """Σ s_i (residual_i)² of the rows ``test`` for models (m,), whose coefficients belong to ``columns``."""
    rows = np.flatnonzero(test)
    target = setup.response[rows] if setup.offset is None else setup.response[rows] - setup.offset[rows]
    misfit = target - intercept[:, None] - _linear(setup, rows, coef, columns)
    return np.asarray(misfit**2 @ _weights(setup, rows))


def by_scoring(
    setup: Setup,
    test: Flags,
    coef: Array,
    intercept: Array,
    columns: NDArray[np.intp] | None,
    scoring: Scoring,
) -> Array:
    """Any loss of the rows ``test`` for such models, (m,), from y and linear predictors, offsets included."""
    rows, weights, predictions = predictors(setup, test, coef, intercept, columns)
    return scoring.of(setup.response[rows], predictions, weights)


def predictors(
    setup: Setup, test: Flags, coef: Array, intercept: Array, columns: NDArray[np.intp] | None
) -> tuple[NDArray[np.intp], Array, Array]:
    """Those of the rows ``test`` with a weight, (k,), their weights, and what such models predict, (m, k)."""
    rows = np.flatnonzero(test)
    weights = _weights(setup, rows)
    rows, weights = rows[weights > 0], weights[weights > 0]
    found = intercept[:, None] + _linear(setup, rows, coef, columns)
    if setup.offset is not None:
        found += setup.offset[rows]
    return rows, weights, found


def _linear(setup: Setup, rows: NDArray[np.intp], coef: Array, columns: NDArray[np.intp] | None) -> Array:
    """X times the coefficients on some rows, (m, rows)."""
    used = coef.any(axis=0)
    which = np.flatnonzero(used) if columns is None else columns[used]
    return np.asarray(coef[:, used] @ part_of(setup.matrix, rows, which).T)


def _weights(setup: Setup, rows: NDArray[np.intp]) -> Array:
    return np.ones(len(rows)) if setup.weights is None else setup.weights[rows]


def null_level(setup: Setup, train: Rows) -> float:
    """The intercept that fits some rows best without any feature; 0 without one."""
    if not setup.intercept:
        return 0.0
    weights = train * (np.ones(len(train)) if setup.weights is None else setup.weights)
    rows = weights > 0
    offset = np.zeros(len(rows)) if setup.offset is None else setup.offset
    return fit_intercept(setup.loss, setup.response[rows], offset[rows], weights[rows])
