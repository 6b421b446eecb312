"""Leave-one-out residuals of ridge regression at many strengths, from one decomposition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack, qr

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.problem import EPS
from equipoise.solve.squares.ridge import known_values, left_singular

Array = NDArray[np.float64]

PINNED = 1e-26  # squared distance from the unpenalised columns below which a row alone decides a coefficient
RANK = 1e-12  # relative size below which a diagonal entry of R counts as 0
LEVER = 0.1  # outside share of a row below which it is formed as a vector, not as a difference from 1


@one_blas_thread(attrgetter("shape"))
def loo_residuals(
    matrix: Array,
    response: Array,
    l2: Array,
    strengths: Array,
    *,
    intercept: bool,
    weights: Array | None = None,
) -> Iterator[Array]:
    """Yield each row's response minus its prediction by a fit to all other rows, at every strength.

    A ridge fit is linear in the response, ŷ = Hy, and its leave-one-out residuals are exactly
    ``(y_i − ŷ_i)/(1 − H_ii)``, also with an intercept, weights and unpenalised columns.

    Parameters
    ----------
    matrix : (n, p) array
        Features.
    response : (n, k) array
        Responses, a column for each target.
    l2 : (p,) array
        Ridge penalties, multiplied by the strength; 0 leaves a column unpenalised, ∞ excludes it.
    strengths : (m,) array
        Positive numbers.
    intercept : bool
        Whether the model has an intercept.
    weights : (n,) array, optional
        Positive sample weights.

    Yields
    ------
    (n, k) array
        The residuals at one strength after the other.

    Raises
    ------
    ValueError
        If a row alone decides a coefficient, so that the other rows give no prediction for it.

    Notes
    -----
    With B an orthonormal basis of intercept and unpenalised columns, U and d the left singular vectors and
    values of the other columns less their projection on B, and N what is orthogonal to both, all times root
    weights,

        (I − H) = N Nᵀ + U · diag(t / (d² + t)) · Uᵀ,

    whose diagonal is a sum of squares: where 1 − H_ii is small it has all its digits, as 1 less H_ii has not.

    References
    ----------
    Allen (1974), *Technometrics* 16; Golub, Heath & Wahba (1979), *Technometrics* 21.
    """
    root = np.ones(len(matrix)) if weights is None else np.sqrt(weights)

    def weigh(columns: Array) -> Array:
        centre = root**2 @ columns / (root @ root) if intercept else 0.0
        return np.asarray((columns - centre) * root[:, None])

    shrunk = np.isfinite(l2) & (l2 > 0)
    rotate, free = _unpenalised(weigh(matrix[:, l2 == 0]), root if intercept else None)
    scaled = weigh(matrix[:, shrunk]) / np.sqrt(2.0 * l2[shrunk])
    target = weigh(response)
    turned = rotate(np.hstack([scaled, target]), "T")[free:]
    left, size = _singular(turned[:, : scaled.shape[1]], float(np.linalg.norm(scaled)))
    along = left.T @ turned[:, scaled.shape[1] :]
    both = np.zeros((len(root), free + len(size)))  # [B, U] in the turned coordinates
    both[:free, :free] = np.eye(free)
    both[free:, free:] = left
    both = rotate(both, "N")
    squares = both[:, free:] ** 2
    outside, unexplained = _outside(both, target)
    pinned = np.flatnonzero(outside + squares.sum(axis=1) <= PINNED)
    if len(pinned):
        raise ValueError(
            f"row {pinned[0]} alone decides a coefficient, so nothing predicts it when it is left out: "
            "pass folds, cv=5, or penalise that coefficient"
        )
    for strength in strengths:
        shrink = strength / (size**2 + strength)
        residual = unexplained + both[:, free:] @ (shrink[:, None] * along)
        yield residual / ((outside + squares @ shrink) * root)[:, None]


def _unpenalised(columns: Array, ones: Array | None) -> tuple[Callable[[Array, str], Array], int]:
    """Multiplication by Qᵀ ("T") or Q ("N"), (n, n) orthogonal, and how many of its columns are the basis."""
    parts = columns if ones is None else np.column_stack([ones, columns])
    norm = np.linalg.norm(parts, axis=0)
    parts = parts[:, norm > 0] / norm[norm > 0]
    if not parts.shape[1]:
        return lambda given, _: given, 0
    (reflectors, factors), r, _ = qr(parts, mode="raw", pivoting=True)
    rank = int(np.sum(np.abs(np.diagonal(r)) > RANK))
    reflectors, factors = np.asfortranarray(reflectors[:, :rank]), factors[:rank]

    def rotate(given: Array, trans: str) -> Array:
        found, _, _ = lapack.dormqr("L", trans, reflectors, factors, given, 64 * max(given.shape[1], 1))
        return np.asarray(found)

    return rotate, rank


def _singular(matrix: Array, norm: float) -> tuple[Array, Array]:
    """Left singular vectors and values of a matrix, where they exceed the rounding of this norm."""
    if not matrix.size:
        return np.zeros((len(matrix), 0)), np.zeros(0)
    left, values = left_singular([matrix])
    known = known_values(values, norm)
    return left[:, known], values[known]


def _outside(basis: Array, target: Array) -> tuple[Array, Array]:
    """Diagonal of N Nᵀ, (n,), and N Nᵀ target, where N completes an orthonormal basis (n, k) of a part.

    N Nᵀ e_i is orthogonalised twice where it is small, which leaves it as many digits as its norm allows.
    """
    n, k = basis.shape
    if k >= n:
        return np.zeros(n), np.zeros_like(target)
    size = 1.0 - np.einsum("ij,ij->i", basis, basis)
    left = target - basis @ (basis.T @ target)
    left -= basis @ (basis.T @ left)
    rows = np.flatnonzero(size < LEVER)
    part = -basis @ basis[rows].T
    part[rows, np.arange(len(rows))] += 1.0
    part -= basis @ (basis.T @ part)
    size[rows] = np.einsum("ij,ij->j", part, part)
    left[rows] = part.T @ left
    none = size <= (8.0 * n * EPS) ** 2  # these rows lie in the span of the basis
    size[none], left[none] = 0.0, 0.0
    return size, left
