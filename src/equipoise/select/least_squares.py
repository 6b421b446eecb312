"""Least squares on some of the features: for relaxed lassos and for estimates of the noise."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS, Problem
from equipoise.objective.squares import Squares
from equipoise.solve.path import solve_point

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
P = TypeVar("P", bound=Problem)

SAFE = 1e-5  # reciprocal condition down to which a Gram matrix leaves enough digits


def kept_features(problem: Problem, coef: Array) -> Flags:
    """The features that a refit keeps, (p,): the non-zero ones, and those without an l1."""
    penalty = problem.penalty
    return np.asarray(penalty.moving & ((coef != 0) | (penalty.l1 == 0)))


def refit(problem: Squares, kept: Flags) -> tuple[Array, bool]:
    """Least squares on the features kept, within their bounds, (p,), and whether it is the only solution.

    The others rest at their null value. Where columns depend on each other, or outnumber the rows, it is the
    solution of smallest norm with every column scaled to unit norm, or any solution where bounds forbid that.
    """
    coef, unique = _unbounded(problem, kept)
    # The solution without bounds is the one within them wherever it keeps to them.
    outside = kept & ((coef < problem.penalty.lower) | (coef > problem.penalty.upper))
    if not outside.any():
        return coef, unique
    return np.asarray(solve_point(without_penalty(problem, kept)).coef[0]), unique


@one_blas_thread()
def _unbounded(problem: Squares, kept: Flags) -> tuple[Array, bool]:
    """The same without bounds: from the Gram matrix where that is accurate enough, else by SVD."""
    columns = np.flatnonzero(kept)
    coef = np.where(kept, 0.0, problem.penalty.null)
    if not len(columns):
        return coef, True
    norm = problem.view.norm[columns]
    if problem.whole and len(columns) < problem.view.shape[0]:
        gram = problem.gram[np.ix_(columns, columns)] / (norm[:, None] * norm)
        factor, failed = lapack.dpotrf(gram, lower=1)
        if not failed and lapack.dpocon(factor, np.abs(gram).sum(axis=0).max(), uplo="L")[0] > SAFE:
            resting = np.flatnonzero(coef)
            right = problem.response_pull[columns]
            if len(resting):
                right = right - problem.gram[np.ix_(columns, resting)] @ coef[resting]
            coef[columns] = lapack.dpotrs(factor, right / norm, lower=1)[0] / norm
            return coef, True
    scaled = problem.view.columns(columns) / norm
    found, _, size, _ = np.linalg.lstsq(scaled, problem.residual(coef), rcond=EPS * max(scaled.shape))
    coef[columns] = found / norm
    return coef, bool(size == len(columns))


def without_penalty(problem: P, kept: Flags) -> P:
    """The same problem with nothing penalised, and only some features free."""
    held = problem.penalty.hold(~kept)
    l1 = np.where(kept | (held.null != 0), 0.0, np.inf)
    return problem.under(Penalty(l1, np.zeros(len(l1)), held.lower, held.upper))
