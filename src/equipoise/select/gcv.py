"""The strength of a ridge penalty by generalised cross-validation: all strengths from one decomposition."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.problem import EPS, Problem
from equipoise.select.degrees_of_freedom import SPENT

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# Strengths tried, ÷ half the largest eigenvalue: from next to nothing left to next to least squares.
TRIED = np.geomspace(1e3, 1e-7, 101)
BLOCK = 512  # columns held at a time


@one_blas_thread()
def choose_ridge(problem: Problem) -> float:
    """The strength t with the smallest n·rss/(n − df)², the largest one of a tie; bounds are ignored.

    With D = diag(l2), P the projection that removes intercept and unpenalised columns, Z = P Ã D^(−½), d² the
    eigenvalues of ZᵀZ and u the response's components along the left singular vectors, ridge regression at t
    multiplies each u by d²/(d² + 2t). So df = rank(unpenalised) + Σ d²/(d² + 2t) and
    rss = (‖Pỹ‖² − Σ u²) + Σ u² (2t/(d² + 2t))². n is Σs, weights being counts.
    """
    penalty = problem.penalty
    shrunk = np.flatnonzero((penalty.l2 > 0) & penalty.moving)
    basis = problem.unpenalised_basis
    spent = float(problem.view.intercept) + (0 if basis is None else basis.shape[1])
    if not len(shrunk):
        return 1.0
    target = problem.without_unpenalised(problem.response)
    squares, along = (
        _by_columns(problem, shrunk, target) if problem.whole else _by_rows(problem, shrunk, target)
    )
    if not squares.max(initial=0.0) > 0:
        return 1.0
    strengths = 0.5 * squares.max() * TRIED
    left = 2.0 * strengths[:, None] / (squares + 2.0 * strengths[:, None])
    rss = max(float(target @ target) - float(along.sum()), 0.0) + left**2 @ along
    n = problem.view.weight
    free = n - spent - (1.0 - left).sum(axis=1)
    usable = free > SPENT * n
    if not usable.any():
        raise ValueError(
            f"rows of a total weight of {n:g} leave nothing to choose a ridge penalty by beside {spent:g} "
            "unpenalised coefficients: pass another pilot, or weights that add up to the number of rows"
        )
    score = np.where(usable, rss / np.where(usable, free, 1.0) ** 2, np.inf)
    return float(strengths[np.argmin(score)])


def _by_columns(problem: Problem, shrunk: Indices, target: Array) -> tuple[Array, Array]:
    """d² and u² from the Gram matrix."""
    root = np.sqrt(problem.penalty.l2[shrunk])
    gram = problem.gram[np.ix_(shrunk, shrunk)]
    pull = problem.pull(target)[shrunk] / root
    if problem.unpenalised_basis is not None:
        # ZᵀZ = X_Rᵀ X_R − (Qᵀ X_R)ᵀ Qᵀ X_R
        fitted = problem.unpenalised_basis.T @ problem.view.columns(shrunk)
        gram = gram - fitted.T @ fitted
    squares, vectors = np.linalg.eigh(gram / (root[:, None] * root))
    known = squares > len(squares) * EPS * squares[-1]
    return squares[known], (vectors.T @ pull)[known] ** 2 / squares[known]


def _by_rows(problem: Problem, shrunk: Indices, target: Array) -> tuple[Array, Array]:
    """The same from ZZᵀ, where there are more columns than rows."""
    rows = problem.view.shape[0]
    outer = np.zeros((rows, rows))
    for start in range(0, len(shrunk), BLOCK):
        index = shrunk[start : start + BLOCK]
        columns = problem.view.columns(index) / np.sqrt(problem.penalty.l2[index])
        if problem.unpenalised_basis is not None:
            columns -= problem.unpenalised_basis @ (problem.unpenalised_basis.T @ columns)
        outer += columns @ columns.T
    squares, vectors = np.linalg.eigh(outer)
    known = squares > rows * EPS * squares[-1]
    return squares[known], (vectors.T @ target)[known] ** 2
