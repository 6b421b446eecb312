"""Leave-one-out errors of ridge regression, all of them from one decomposition."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, svd

Array = NDArray[np.float64]

PINNED = 1e-10  # 1 − H_ii below which a row alone decides a coefficient
RANK = 1e-12  # pivot, of the largest, below which a column depends on the others


def loo_residuals(
    matrix: Array,
    response: Array,
    l2: Array,
    strengths: Array,
    *,
    intercept: bool,
    weights: Array | None = None,
) -> Iterator[Array]:
    """Leave-one-out residuals at every strength: each response less its prediction from all other rows.

    A quadratic penalty makes the fit linear in the response, ŷ = Hy, and then the residual of a row left out
    is ``(y_i − ŷ_i)/(1 − H_ii)`` exactly, intercept, weights and unpenalised columns included.

    Parameters
    ----------
    matrix : (n, p) array
        Features.
    response : (n, k) array
        One column a target.
    l2 : (p,) array
        Ridge penalties at strength 1; 0 leaves a column unpenalised, ∞ excludes it.
    strengths : (m,) array
        Strengths that multiply the penalties, positive.
    intercept : bool
        Whether the model has an intercept.
    weights : (n,) array, optional
        Sample weights, positive.

    Yields
    ------
    (n, k) array
        The residuals at one strength after the other.

    Raises
    ------
    ValueError
        If a row alone decides a coefficient, so that without it there is no prediction for it.

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
    """An orthonormal basis of the intercept and the unpenalised columns, weighted."""
    parts = [columns * root[:, None]]
    if intercept:
        parts.insert(0, root[:, None])
    stacked = np.hstack(parts)
    if not stacked.shape[1]:
        return stacked
    q, r, _ = qr(stacked, mode="economic", pivoting=True)
    diagonal = np.abs(np.diagonal(r))
    return np.asarray(q[:, : int(np.sum(diagonal > RANK * diagonal[0]))])
