"""A design in a NumPy array: BLAS on the array as it stands, blocks of rows where it must be centred."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from equipoise.design.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

BLOCK = 1 << 17  # entries of a block of rows: 1 MB, about a second-level cache
SAMPLE = 1024  # rows from which a point near the data is taken
NEAR = 3.0  # means of so many spreads need no shift


class Dense:
    """Dense design.

    Parameters
    ----------
    matrix : (n, p) float64 array
        Kept by reference, never written to, in whatever memory order it has.
    rows : (n,) bool array, optional
        The rows that count; they are copied when the first product needs them, if one does.
    """

    def __init__(self, matrix: Array, rows: NDArray[np.bool_] | None = None) -> None:
        self._stored = matrix
        self._rows = rows
        self.shape = (len(matrix) if rows is None else int(rows.sum()), matrix.shape[1])

    @cached_property
    def matrix(self) -> Array:
        """The rows that count, (n, p)."""
        return self._stored if self._rows is None else self._stored[self._rows]

    def _blocks(self) -> Iterator[slice]:
        n, p = self.matrix.shape
        rows = max(256, BLOCK // p)
        for start in range(0, n, rows):
            yield slice(start, min(start + rows, n))

    def predict(self, indices: Indices | None, coef: Array, centre: Array | None = None) -> Array:
        """Σ_j x_j coef_j over the columns ``indices`` (all where None)."""
        if indices is not None:
            return self.columns(indices, centre) @ coef
        if centre is None:
            return self.matrix @ coef
        out = np.empty(len(self.matrix))
        for block in self._blocks():
            out[block] = (self.matrix[block] - centre) @ coef
        return out

    def pull(self, residual: Array, centre: Array | None = None) -> Array:
        """Xᵀ residual."""
        if centre is None:
            return self.matrix.T @ residual
        out = np.zeros(self.matrix.shape[1])
        for block in self._blocks():
            out += (self.matrix[block] - centre).T @ residual[block]
        return out

    def gram(self, rows: Indices, columns: Indices, weights: Array | None, centre: Array | None) -> Array:
        """X_rowsᵀ diag(weights) X_columns."""
        left = self.columns(rows, centre)
        if weights is not None:
            left *= weights[:, None]
        return left.T @ self.columns(columns, centre)

    def columns(self, indices: Indices, centre: Array | None = None) -> Array:
        """The columns ``indices`` as a new array in Fortran order."""
        out = np.asfortranarray(self.matrix[:, indices])
        if centre is not None:
            out -= centre[indices]
        return out

    def single(self, centre: Array | None, factor: Array, root: Array | None) -> NDArray[np.float32]:
        """√s ∘ (X − centre) · diag(factor) in single precision, a new array, rounded last."""
        n, p = self.matrix.shape
        by_rows = self.matrix.strides[0] >= self.matrix.strides[1]
        out = np.empty((n, p), dtype=np.float32, order="C" if by_rows else "F")
        step = max(1, BLOCK // (p if by_rows else n))
        for start in range(0, n if by_rows else p, step):
            block = slice(start, start + step)
            rows, columns = (block, slice(None)) if by_rows else (slice(None), block)
            part = self.matrix[rows, columns]
            part = part * factor[columns] if centre is None else (part - centre[columns]) * factor[columns]
            out[rows, columns] = part if root is None else part * root[rows, None]
        return out

    def moments(self, response: Array, weights: Array | None, *, gram: bool = True) -> Moments:
        """Weighted means and centred cross-products in one pass (XᵀX only its diagonal if not ``gram``)."""
        sample = self.matrix[:SAMPLE]
        share = np.ones(len(sample)) if weights is None else weights[:SAMPLE]
        share = share / share.sum()
        shift = share @ sample
        square = np.einsum("i,ij,ij->j", share, sample, sample)
        if np.all(shift**2 * (1.0 + 1.0 / NEAR**2) <= square):
            # Sums about zero lose a digit at most, and spare a copy of every block.
            shift = np.zeros_like(shift)
        whole = weights is None and not np.any(shift)
        return Moments.gather(
            (
                (self.matrix[b], response[b], None if weights is None else weights[b])
                for b in ((slice(None),) if whole else self._blocks())
            ),
            shift,
            float(share @ response[:SAMPLE]),
            gram=gram,
        )
