"""The strength of a ridge penalty by generalised cross-validation: all strengths from one decomposition."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.select.degrees_of_freedom import SPENT
from equipoise.solve.squares.ridge import known_values, left_singular, scaled_blocks

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# Strengths tried, ÷ half the largest eigenvalue: from next to nothing left to next to least squares.
TRIED = np.geomspace(1e3, 1e-7, 101)


@one_blas_thread()
def choose_ridge(problem: Squares) -> float:
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
    few = problem.whole and len(shrunk) < problem.view.shape[0]
    squares, along, outside = (_by_columns if few else _by_rows)(problem, shrunk, target)
    if not squares.max(initial=0.0) > 0:
        return 1.0
    strengths = 0.5 * squares.max() * TRIED
    left = 2.0 * strengths[:, None] / (squares + 2.0 * strengths[:, None])
    rss = float(outside @ outside) + left**2 @ along
    n = problem.view.weight
    # As a sum: what is left of n once the rank is spent, and of each direction what the penalty keeps back.
    free = (n - spent - len(squares)) + left.sum(axis=1)
    usable = free > SPENT * n
    if not usable.any():
        raise ValueError(
            f"rows of a total weight of {n:g} leave nothing to choose a ridge penalty by beside {spent:g} "
            "unpenalised coefficients: pass another pilot, or weights that add up to the number of rows"
        )
    score = np.where(usable, rss / np.where(usable, free, 1.0) ** 2, np.inf)
    return float(strengths[np.argmin(score)])


def _by_columns(problem: Squares, shrunk: Indices, target: Array) -> tuple[Array, Array, Array]:
    """d², u² and what of the response lies outside, from the Gram matrix."""
    root = np.sqrt(problem.penalty.l2[shrunk])
    gram = problem.gram[np.ix_(shrunk, shrunk)]
    pull = problem.pull(target)[shrunk] / root
    if problem.unpenalised_basis is not None:
        # ZᵀZ = X_Rᵀ X_R − (Qᵀ X_R)ᵀ Qᵀ X_R
        fitted = problem.unpenalised_basis.T @ problem.view.columns(shrunk)
        gram = gram - fitted.T @ fitted
    squares, vectors = np.linalg.eigh(gram / (root[:, None] * root))
    known = squares > len(squares) * EPS * squares[-1]
    squares, vectors = squares[known], vectors[:, known]
    along = vectors.T @ pull
    coef = np.zeros(len(problem.penalty.l2))
    coef[shrunk] = (vectors @ (along / squares)) / root
    outside = problem.without_unpenalised(target - problem.view.predict(coef))
    return squares, along**2 / squares, outside


def _by_rows(problem: Squares, shrunk: Indices, target: Array) -> tuple[Array, Array, Array]:
    """The same from the singular values of Z, where there are more columns than rows."""
    root = 1.0 / np.sqrt(problem.penalty.l2[shrunk])
    left, values = left_singular(scaled_blocks(problem, shrunk, root, problem.unpenalised_basis))
    known = known_values(values, float(np.linalg.norm(root * problem.view.norm[shrunk])))
    left = left[:, known]
    along = left.T @ target
    return values[known] ** 2, along**2, target - left @ along
