"""A few rows equivalent to many: with the same total weight, means and centred cross-products.

With W the total weight, m the means and C = RᵀR the centred cross-products of (X, y), R of full row rank,
take k = rank(C) + 1 rows

    z_i = m + √(k/W) · (Q R)_i,   each of weight W/k,

where Q (k × rank) has orthonormal columns that sum to zero. Then Σ s_i z_i = W m and
Σ s_i (z_i − m)(z_i − m)ᵀ = RᵀQᵀQR = C, so that a least-squares fit to these rows is the fit to the data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from equipoise.sums.moments import Moments

Array = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)


def equivalent_rows(moments: Moments) -> tuple[Array, Array, Array]:
    """Return rows (k, p), responses (k,) and weights (k,) with the given moments; k is at most p + 2.

    Parameters
    ----------
    moments : Moments
        Moments with all of XᵀX, not its diagonal only.
    """
    p = len(moments.xy)
    joint = np.empty((p + 1, p + 1))
    joint[:p, :p], joint[p, p] = moments.xx, moments.yy
    joint[:p, p] = joint[p, :p] = moments.xy
    norm = np.sqrt(np.maximum(np.diagonal(joint), 0.0))
    scale = np.where(norm > 0, norm, 1.0)
    joint /= scale
    joint /= scale[:, None]
    values, vectors = eigh(joint, overwrite_a=True, driver="evd")
    kept = values > EPS * max(values[-1], 0.0)
    rank = int(kept.sum())
    k = rank + 1
    factor = np.sqrt(values[kept])[:, None] * vectors[:, kept].T * norm  # a constant column stays one
    rows = np.sqrt(k / moments.weight) * (_contrasts(k) @ factor)
    rows += np.append(moments.mean_x, moments.mean_y)
    return np.asfortranarray(rows[:, :p]), rows[:, p].copy(), np.full(k, moments.weight / k)


def _contrasts(k: int) -> Array:
    """Helmert's matrix, (k, k − 1): orthonormal columns that sum to zero."""
    j = np.arange(1.0, k)
    out = np.triu(np.ones((k, k - 1)))
    out[np.arange(1, k), np.arange(k - 1)] = -j
    return np.asarray(out / np.sqrt(j * (j + 1.0)))
