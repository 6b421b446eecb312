"""Leave-one-out residuals of ridge regression at many strengths, from one decomposition."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, svd

from equipoise.data.arguments.blas_threads import one_blas_thread

Array = NDArray[np.float64]

PINNED = 1e-10  # 1 − H_ii below which a row alone decides a coefficient
RANK = 1e-12  # relative size below which a diagonal entry of R counts as 0


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

    References
    ----------
    Allen (1974), *Technometrics* 16; Golub, Heath & Wahba (1979), *Technometrics* 21.
    """
    root = np.ones(len(matrix)) if weights is None else np.sqrt(weights)
    basis = _unpenalised(matrix[:, l2 == 0], root, intercept)
    shrunk = np.isfinite(l2) & (l2 > 0)
    scaled = matrix[:, shrunk]
    if intercept:
        scaled = scaled - root**2 @ scaled / (root @ root)
    scaled = scaled * root[:, None] / np.sqrt(2.0 * l2[shrunk])
    left, size, _ = svd(scaled - basis @ (basis.T @ scaled), full_matrices=False)
    target = response * root[:, None]
    target = target - basis @ (basis.T @ target)
    along = left.T @ target
    # Times root weights, H = BBᵀ + U·diag(d²/(d² + strength))·Uᵀ with B = basis, U = left and d = size.
    for strength in strengths:
        kept = size**2 / (size**2 + strength)
        remainder = 1.0 - (basis**2).sum(axis=1) - left**2 @ kept
        pinned = np.flatnonzero(remainder <= PINNED)
        if len(pinned):
            raise ValueError(
                f"row {pinned[0]} alone decides a coefficient, so nothing predicts it when it is left out: "
                "pass folds, cv=5, or penalise that coefficient"
            )
        yield (target - left @ (kept[:, None] * along)) / (remainder * root)[:, None]


def _unpenalised(columns: Array, root: Array, intercept: bool) -> Array:
    """An orthonormal basis (n, rank) of the intercept and the unpenalised columns, times root weights."""
    parts = [columns * root[:, None]]
    if intercept:
        parts.insert(0, root[:, None])
    stacked = np.hstack(parts)
    if not stacked.shape[1]:
        return stacked
    q, r, _ = qr(stacked, mode="economic", pivoting=True)
    diagonal = np.abs(np.diagonal(r))
    return np.asarray(q[:, : int(np.sum(diagonal > RANK * diagonal[0]))])
