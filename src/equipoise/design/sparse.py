"""A design in compressed columns, never made dense: centring corrects the products, not the columns.

Where a share d of a column's weight lies on its entries, ``Σ s x² ≤ Σ s (x − x̄)² / (1 − d)`` (Cauchy and
Schwarz on the entries alone). Up to d = ⅔, multiplying the column as it stands and subtracting the mean's
part afterwards therefore loses less than a digit. Fuller columns are kept as dense ones, which takes no more
memory than their entries and indices did.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.design.columns import CompressedColumns
from equipoise.design.dense import BLOCK, Dense
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

FULL = 2.0 / 3.0  # share of the weight on a column's stored entries above which the column is kept dense
BLAS_GRAM = 0.03  # share of entries beyond which BLAS on dense blocks of rows forms a Gram matrix faster
BLAS_COLUMNS = 0.1  # share of entries beyond which a working set is no slower on dense columns


class Sparse:
    """Sparse design.

    Parameters
    ----------
    matrix : csc_array, (n, p)
        Kept by reference, never written to.
    rows : (n,) bool array, optional
        The rows of the design; all by default.
    weights : (rows,) array, optional
        The weights of those rows.
    """

    def __init__(
        self, matrix: Any, rows: NDArray[np.bool_] | None = None, weights: Array | None = None
    ) -> None:
        self.matrix = matrix if rows is None else matrix[np.flatnonzero(rows)]
        self.shape: tuple[int, int] = self.matrix.shape
        self.entries = int(self.matrix.nnz)
        n = self.shape[0]
        if weights is None:
            share = np.diff(self.matrix.indptr) / n
        else:
            share = self._same_pattern(np.ones(self.entries)).T @ weights / weights.sum()
        self._full: Indices = np.flatnonzero(share > FULL)

    def _same_pattern(self, data: Array) -> Any:
        """A matrix of other entries in the same places."""
        from scipy.sparse import csc_array

        return csc_array((data, self.matrix.indices, self.matrix.indptr), shape=self.shape)

    @cached_property
    def _thin_part(self) -> Any:
        """The matrix with its full columns emptied."""
        if not len(self._full):
            return self.matrix
        counts = np.diff(self.matrix.indptr)
        full = np.zeros(self.shape[1], dtype=bool)
        full[self._full] = True
        keep = ~np.repeat(full, counts)
        from scipy.sparse import csc_array

        indptr = np.concatenate([[0], np.cumsum(np.where(full, 0, counts))])
        parts = (self.matrix.data[keep], self.matrix.indices[keep], indptr)
        return csc_array(parts, shape=self.shape)

    @cached_property
    def _thin_part_transposed(self) -> Any:
        return self._thin_part.T

    @cached_property
    def _full_part(self) -> Dense:
        """The full columns, dense."""
        return Dense(self.matrix[:, self._full].toarray(order="F"))

    def predict(self, indices: Indices | None, coef: Array, centre: Array | None = None) -> Array:
        """Σ_j x_j coef_j over the columns ``indices`` (all where None)."""
        if indices is not None and not len(self._full):
            out = self.matrix[:, indices] @ coef
            return np.asarray(out if centre is None else out - centre[indices] @ coef)
        if indices is not None:
            some, coef = coef, np.zeros(self.shape[1])
            coef[indices] = some
        out = self._thin_part @ coef
        if len(self._full):
            out += self._full_part.predict(
                None, coef[self._full], None if centre is None else centre[self._full]
            )
        if centre is not None:
            moved = np.array(centre * coef)
            moved[self._full] = 0.0
            out -= moved.sum()
        return np.asarray(out)

    def pull(self, residual: Array, centre: Array | None = None) -> Array:
        """Xᵀ residual."""
        out = self._thin_part_transposed @ residual
        if centre is not None:
            out -= centre * residual.sum()
        if len(self._full):
            out[self._full] = self._full_part.pull(residual, None if centre is None else centre[self._full])
        return np.asarray(out)

    def pulls(self, residuals: Array, centre: Array | None = None, *, together: bool = False) -> Array:
        """Xᵀ times each of m residuals, (m, n) to (m, p), one by one: together they are no faster."""
        found = [self.pull(residual, centre) for residual in residuals]
        return np.reshape(found, (len(residuals), self.shape[1]))

    def columns(self, indices: Indices, centre: Array | None = None) -> Array:
        """The columns ``indices`` as a new array in Fortran order."""
        out = self.matrix[:, indices].toarray(order="F")
        if centre is not None:
            out -= centre[indices]
        return np.asarray(out)

    def compressed(
        self, indices: Indices, centre: Array | None, factor: Array, root: Array | None
    ) -> CompressedColumns | None:
        """The columns ``indices`` of √s ∘ (X − centre) · diag(factor); None where dense ones serve better."""
        n, p = self.shape
        if self.entries > BLAS_COLUMNS * n * p:
            return None
        some, left, factor = self.matrix[:, indices], None, factor[indices]
        if centre is not None:
            left = centre[indices] * factor
            full = np.flatnonzero(np.isin(indices, self._full))
            if len(full):
                some = self._with_full(some, full, self.columns(indices[full], centre))
                left[full] = 0.0
        some.data *= np.repeat(factor, np.diff(some.indptr))
        if root is not None:
            some.data *= root[some.indices]
        return CompressedColumns(some, left, root)

    @staticmethod
    def _with_full(some: Any, full: Indices, centred: Array) -> Any:
        """Some columns, with the full ones among them replaced by centred ones."""
        from scipy.sparse import csc_array, hstack

        rest = np.delete(np.arange(some.shape[1]), full)
        order = np.argsort(np.concatenate([rest, full]))
        return hstack([some[:, rest], csc_array(centred)], format="csc")[:, order]

    def extremes(self, indices: Indices, there: NDArray[np.bool_] | None) -> tuple[Array, Array]:
        """Smallest and largest value of each of some columns, over the rows ``there`` (all where None)."""
        some = self.matrix[:, indices]
        if there is not None:
            some = some[np.flatnonzero(there)]
        return some.min(axis=0).toarray().ravel(), some.max(axis=0).toarray().ravel()

    def single(self, centre: Array | None, factor: Array, root: Array | None) -> None:
        """None: reading the indices of the entries takes most of the time, whatever the precision."""

    @np.errstate(over="ignore", invalid="ignore")  # values whose squares overflow show in the sums
    def moments(self, response: Array, weights: Array | None, *, gram: bool = True) -> Moments:
        """Weighted means and centred cross-products (XᵀX only its diagonal if not ``gram``)."""
        n, p = self.shape
        s = np.ones(n) if weights is None else weights
        weight = float(s.sum())
        mean_y = float(s @ response) / weight
        y = response - mean_y
        mean = self.matrix.T @ s / weight
        if gram and (len(self._full) or self.entries > BLAS_GRAM * n * p):
            by_rows, step = self.matrix.tocsr(), max(256, BLOCK // p)
            blocks = (
                (by_rows[b].toarray(), response[b], None if weights is None else weights[b])
                for b in (slice(start, start + step) for start in range(0, n, step))
            )
            return Moments.sum_blocks(blocks, mean, mean_y)
        left = weight * mean
        xy = self.matrix.T @ (s * y) - mean * float(s @ y)
        if gram:
            weighed = self._same_pattern(self.matrix.data * np.sqrt(s)[self.matrix.indices])
            xx = (weighed.T @ weighed).toarray(order="C")
            xx -= np.outer(left, mean)
        else:
            xx = self._same_pattern(self.matrix.data**2).T @ s - left * mean
        found = Moments(n, weight, np.zeros(p), mean, mean_y, 0.0, xx, xy, float(s @ (y * y)))
        if len(self._full):
            # The sums of full columns would cancel where their mean is far from zero.
            full = self._full_part.moments(response, weights, gram=False)
            found.offset_x[self._full] = full.mean_x
            found.xx[self._full], found.xy[self._full] = full.xx, full.xy
        return found
