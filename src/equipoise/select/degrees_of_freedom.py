"""Degrees of freedom of penalised fits, by the rank or the trace of the columns that are free to move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SPENT = 1e-9  # of the rows: where no more degrees of freedom than this share are left, none are
SAFE = 1e-6  # reciprocal condition down to which a Gram matrix is trusted; below it the columns are


@one_blas_thread()
def degrees_of_freedom(problem: Squares, strengths: Array, coef: Array) -> Array:
    """Degrees of freedom of points (m, p) in the view's units, intercept included, (m,).

    With A the features free to move (neither at a bound nor at rest in the kink of their l1; unpenalised ones
    are among them), S the weights and columns centred if there is an intercept, they are the trace of
    ``X_A (X_AᵀSX_A + 2 diag l2_A)⁺ X_AᵀS``: the rank of the columns where there is no l2.
    """
    penalty = problem.penalty
    inside = (penalty.lower < coef) & (coef < penalty.upper)
    free = inside & ((coef != 0) | (penalty.l1 == 0) | (strengths[:, None] == 0))
    known: dict[tuple[bytes, float], float] = {}
    out = np.empty(len(coef))
    for i, active in enumerate(free):
        columns = np.flatnonzero(active)
        l2 = float(strengths[i]) * penalty.l2[columns]
        key = (columns.tobytes(), float(strengths[i]) if l2.any() else 0.0)
        if key not in known:
            known[key] = _trace(problem, columns, l2)
        out[i] = known[key]
    return out + float(problem.view.intercept)


def rank(problem: Squares, columns: Indices) -> int:
    """The rank of some columns of the view, without the intercept."""
    return round(_trace(problem, columns, np.zeros(len(columns))))


def _trace(problem: Squares, columns: Indices, l2: Array) -> float:
    """Trace of A (AᵀA + 2 diag l2)⁺ Aᵀ for columns A of the view."""
    norm = np.sqrt(problem.view.norm[columns] ** 2 + 2.0 * l2)
    columns, l2, norm = columns[norm > 0], l2[norm > 0], norm[norm > 0]
    if not len(columns):
        return 0.0
    scaled = None if problem.whole else problem.view.columns(columns) / norm
    gram = problem.gram[np.ix_(columns, columns)] / (norm[:, None] * norm) if scaled is None else None
    if scaled is not None and len(columns) < len(scaled):
        gram = scaled.T @ scaled
    if gram is not None:
        total = gram + np.diag(2.0 * l2 / norm**2)
        factor, failed = lapack.dpotrf(total, lower=1)
        if not failed and lapack.dpocon(factor, np.abs(total).sum(axis=0).max(), uplo="L")[0] > SAFE:
            if not l2.any():
                return float(len(columns))
            return float(np.trace(lapack.dpotrs(factor, gram, lower=1)[0]))
    # With [A; √2l2] = U D Vᵀ it is the squared length of the upper part of U.
    stacked = problem.view.columns(columns) / norm if scaled is None else scaled
    rows = len(stacked)
    if l2.any():
        stacked = np.vstack([stacked, np.diag(np.sqrt(2.0 * l2) / norm)])
    left, values, _ = np.linalg.svd(stacked, full_matrices=False)
    known = values > max(stacked.shape) * EPS * values[0]
    return float(np.sum(left[:rows, known] ** 2)) if l2.any() else float(known.sum())
