"""Degrees of freedom of penalised fits, by the rank or the trace of the columns that are free to move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.curved import Curved
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

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
    free = _free(penalty, strengths, coef)
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


@one_blas_thread()
def curved_degrees_of_freedom(problem: Curved, strengths: Array, coef: Array, level: Array) -> Array:
    """The same of a loss whose curvature changes, (m,), at points with the levels (m,).

    With U the intercept and the columns free to move, and H = UᵀSU with S the weighted curvatures of the rows
    at the point, it is the trace of ``(H + 2 diag l2)⁺ H``: that of the derivative of the fitted values by
    the response, in the curvature's metric.
    """
    view, out = problem.view, np.empty(len(coef))
    for i, active in enumerate(_free(problem.penalty, strengths, coef)):
        columns = np.flatnonzero(active & (view.norm > 0))
        root = np.sqrt(problem.curvature(problem.at(coef[i], float(level[i])).eta))
        full = root[:, None] * view.plain_columns(columns)
        l2 = float(strengths[i]) * problem.penalty.l2[columns]
        if view.intercept:
            full, l2 = np.column_stack([root, full]), np.concatenate([[0.0], l2])
        norm = np.sqrt(np.einsum("ij,ij->j", full, full) + 2.0 * l2)
        out[i] = _upper_length(full[:, norm > 0] / norm[norm > 0], l2[norm > 0] / norm[norm > 0] ** 2)
    return out


def _free(penalty: Penalty, strengths: Array, coef: Array) -> Flags:
    """The features that are free to move at each point, (m, p)."""
    inside = (penalty.lower < coef) & (coef < penalty.upper)
    return np.asarray(inside & ((coef != 0) | (penalty.l1 == 0) | (strengths[:, None] == 0)))


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
    return _upper_length(problem.view.columns(columns) / norm if scaled is None else scaled, l2 / norm**2)


def _upper_length(columns: Array, l2: Array) -> float:
    """Trace of A (AᵀA + 2 diag l2)⁺ Aᵀ: with [A; √2l2] = U D Vᵀ the squared length of the upper part of U."""
    rows, stacked = len(columns), columns
    if not stacked.size:
        return 0.0
    if l2.any():
        stacked = np.vstack([stacked, np.diag(np.sqrt(2.0 * l2))])
    left, values, _ = np.linalg.svd(stacked, full_matrices=False)
    known = values > max(stacked.shape) * EPS * values[0]
    return float(np.sum(left[:rows, known] ** 2)) if l2.any() else float(known.sum())
