"""Features that are zero at every solution of a problem of any smooth loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import slices
from equipoise.objective.curved import Curved
from equipoise.objective.curved_rows import Rows, unit_rounding, unit_sum
from equipoise.objective.hessian import gathered
from equipoise.objective.penalty import Penalty

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

BLOCK = 1 << 21  # entries of columns that are gathered at once
TINY = 1e-300
MORE = 1.0 + 1e-9  # for the rounding of the bounds themselves


def prove_zeros(
    problem: Curved,
    penalty: Penalty,
    covered: Indices,
    coef: Array,
    pull: Array,
    gap: Array,
    rows: Rows,
    held: Flags,
) -> Flags:
    """Which of the features ``covered`` are zero at every solution, (m, k), given gaps (m,).

    See :mod:`~equipoise.objective.curved_measures` for the proof.
    """
    null = problem.penalty.null[covered]
    at_rest = held & (null == 0)
    rounding = rows.size[:, None] * unit_rounding(problem, covered)
    g = np.where(np.isfinite(gap), gap, 0.0)[:, None] + TINY
    spread = np.sqrt(2.0 * rows.steepest[:, None] * g) * problem.view.norm[covered] * MORE
    spread += problem.kind.kappa / 3.0 * problem.extent(covered) * g * MORE
    possible = (penalty.lower <= 0) & (penalty.upper >= 0) & ~held
    possible = possible & np.isfinite(gap)[:, None]
    # A pull is held on the sides to which the box lets a feature move.
    force = np.maximum(
        np.where(penalty.upper > 0, pull, -np.inf), np.where(penalty.lower < 0, -pull, -np.inf)
    )
    proved = possible & (force + rounding + spread < penalty.l1)
    doubtful = possible & ~proved & (force + rounding < penalty.l1) & (coef == 0)
    some = np.flatnonzero(doubtful.any(axis=0))
    if not len(some):
        return np.asarray(at_rest | proved)
    basis = gathered(problem, np.flatnonzero(problem.penalty.unpenalised & (problem.view.norm > 0)))
    lengths = np.sqrt(np.einsum("ij,ij,i->j", basis, basis, problem.weigh(np.ones(len(basis)))))
    for block in slices(len(some), max(1, BLOCK // len(problem.response))):
        which = some[block]
        columns = problem.view.plain_columns(covered[which])
        for i in np.flatnonzero(doubtful[:, which].any(axis=1)):
            fitted = _fit(basis, columns, rows.curved[i])
            z = columns - basis @ fitted
            off = rounding[i, which] + unit_sum(problem) * rows.size[i] * (lengths @ np.abs(fitted))
            extent = np.abs(z if problem.weights is None else z[problem.weights > 0]).max(axis=0)
            square = np.einsum("ij,ij,i->j", z, z, rows.curved[i])
            wide = np.sqrt(2.0 * square * g[i]) + problem.kind.kappa / 3.0 * extent * g[i]
            own = z.T @ rows.residual[i]
            upper, lower = penalty.upper[which] > 0, penalty.lower[which] < 0
            own = np.maximum(np.where(upper, own, -np.inf), np.where(lower, -own, -np.inf))
            proved[i, which] |= doubtful[i, which] & (own + off + wide * MORE < penalty.l1[i, which])
    return np.asarray(at_rest | proved)


def _fit(basis: Array, columns: Array, curved: Array) -> Array:
    """Coefficients of the basis in the weighted projection of columns; no error in them does harm."""
    root = np.sqrt(np.where(np.isfinite(curved), curved, 0.0))[:, None]
    if basis.shape[1] == 1:
        total = float(np.sum(root**2))
        return np.asarray((root**2).T @ columns / total) if total > 0 else np.zeros((1, columns.shape[1]))
    return np.asarray(np.linalg.lstsq(root * basis, root * columns, rcond=None)[0])
