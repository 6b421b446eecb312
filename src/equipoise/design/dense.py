"""A design in a NumPy array: BLAS on the whole array, or by blocks of rows where it must be centred."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import slices
from equipoise.design._lanes import LANES, pulls
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

BLOCK = 1 << 17  # entries of a block of rows or columns: 1 MB, about a second-level cache
TOGETHER = 4  # vectors from which on one product with all of them is faster than one with each
NEAR = 3.0  # a mean within this many standard deviations of zero needs no shift


class Dense:
    """Dense design.

    Parameters
    ----------
    matrix : (n, p) float64 array
        Kept by reference, never written to, in whatever memory order it has.
    rows : (n,) bool array, optional
        The rows of the design; they are copied at the first product.
    """

    def __init__(self, matrix: Array, rows: NDArray[np.bool_] | None = None) -> None:
        self._stored = matrix
        self._rows = rows
        self.shape = (len(matrix) if rows is None else int(rows.sum()), matrix.shape[1])
        self.entries = self.shape[0] * self.shape[1]

    @cached_property
    def matrix(self) -> Array:
        """The rows of the design, (n, p)."""
        if self._rows is None:
            return self._stored
        if self._stored.flags.f_contiguous:
            return self._stored.T.compress(self._rows, axis=1).T
        return self._stored.compress(self._rows, axis=0)

    def _blocks(self) -> Iterator[slice]:
        n, p = self.matrix.shape
        return slices(n, max(256, BLOCK // p))

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

    def pulls(self, residuals: Array, centre: Array | None = None, *, together: bool = False) -> Array:
        """Xᵀ times each of m residuals, (m, n) to (m, p).

        One by one, for BLAS is slow at a few together, unless ``together`` and they are more.
        """
        if together and len(residuals) >= TOGETHER and centre is None:
            if LANES // 2 < len(residuals) <= LANES and self.matrix.flags.f_contiguous:
                return pulls(self.matrix, residuals)
            return np.asarray(residuals @ self.matrix)
        found = [self.pull(residual, centre) for residual in residuals]
        return np.reshape(found, (len(residuals), self.shape[1]))

    def columns(self, indices: Indices, centre: Array | None = None) -> Array:
        """The columns ``indices`` as a new array in Fortran order."""
        if self.matrix.flags.f_contiguous:
            out = self.matrix.T.take(indices, axis=0)
        else:  # from which take() would copy all columns first
            out = np.ascontiguousarray(self.matrix[:, indices].T)
        if centre is not None:
            out -= centre[indices, None]
        return out.T

    def compressed(self, indices: Indices, centre: Array | None, factor: Array, root: Array | None) -> None:
        """None: dense columns serve better."""

    def extremes(self, indices: Indices, there: NDArray[np.bool_] | None) -> tuple[Array, Array]:
        """Smallest and largest value of each of some columns, over the rows ``there`` (all where None)."""
        values = self.columns(indices)
        if there is not None:
            values = values[there]
        return values.min(axis=0), values.max(axis=0)

    def single(self, centre: Array | None, factor: Array, root: Array | None) -> NDArray[np.float32]:
        """√s ∘ (X − centre) · diag(factor) in single precision, rounded last, as a new array."""
        n, p = self.matrix.shape
        by_rows = self.matrix.strides[0] >= self.matrix.strides[1]
        out = np.empty((n, p), dtype=np.float32, order="C" if by_rows else "F")
        for block in slices(n, max(1, BLOCK // p)) if by_rows else slices(p, max(1, BLOCK // n)):
            rows, columns = (block, slice(None)) if by_rows else (slice(None), block)
            part = self.matrix[rows, columns]
            if centre is not None:
                part = part - centre[columns]
            if root is not None:
                part = part * root[rows, None]
            np.multiply(part, factor[columns], out=out[rows, columns], casting="same_kind")
        return out

    def moments(self, response: Array, weights: Array | None, *, gram: bool = True) -> Moments:
        """Weighted means and centred cross-products in one pass (XᵀX only its diagonal if not ``gram``)."""
        n, p = self.matrix.shape
        y = float(response.mean() if weights is None else weights @ response / weights.sum())
        if not gram:
            # By blocks of columns, each of which is still in the cache when it is read again.
            return Moments.join_columns(
                _block_moments(self.matrix[:, b], response, weights, y, gram=False)
                for b in slices(p, max(1, BLOCK // n))
            )
        first, *others = self._blocks()
        start = _block_moments(
            self.matrix[first], response[first], None if weights is None else weights[first], y, gram=True
        )
        if not others:
            return start
        blocks = ((self.matrix[b], response[b], None if weights is None else weights[b]) for b in others)
        return start + Moments.sum_blocks(blocks, start.shift_x, y)


@np.errstate(over="ignore", invalid="ignore")
def _block_moments(x: Array, y: Array, weights: Array | None, shift_y: float, *, gram: bool) -> Moments:
    """Moments of a block about zero, which saves a copy of it, or about its mean where zero is far away.

    Sums about a point within a few standard deviations of the mean lose a digit at most.
    """
    found = Moments.sum_blocks([(x, y, weights)], np.zeros(x.shape[1]), shift_y, gram=gram)
    square = found.weight * found.offset_x**2
    diagonal = np.diagonal(found.xx) if gram else found.xx
    if np.all(square <= NEAR**2 * diagonal):
        return found
    return Moments.sum_blocks([(x, y, weights)], found.offset_x, shift_y, gram=gram)
