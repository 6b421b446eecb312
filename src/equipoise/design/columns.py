"""Some columns of a view, gathered to be multiplied often: as a dense array or in compressed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# Columns to make room for at once; memory that is reserved but not touched costs nothing.
ROOM = 4000
BLOCK = 1 << 17  # numbers of weighted columns that are formed at a time: 1 MB


class DenseColumns:
    """Columns as an array in Fortran order.

    Parameters
    ----------
    array : (n, k) array
        The first columns, kept by reference until more join.
    most : int
        Most columns that there can be.
    """

    def __init__(self, array: Array, most: int) -> None:
        self._held, self._most, self._count = array, most, array.shape[1]

    @property
    def array(self) -> Array:
        """The columns, (n, k)."""
        return self._held[:, : self._count]

    @property
    def entries(self) -> int:
        """How many numbers a product with a vector goes through."""
        return self.array.size

    def extend(self, more: DenseColumns) -> None:
        """Append other columns of the same view."""
        rows, old = self.array.shape
        new = old + more.array.shape[1]
        if new > self._held.shape[1]:
            capacity = max(new, min(self._most, 2 * rows, ROOM), min(self._most, old + old // 2))
            held = np.empty((rows, capacity), order="F")
            held[:, :old] = self.array
            self._held = held
        self._held[:, old:new] = more.array
        self._count = new

    def gram(self, others: DenseColumns) -> Array:
        """Inner products of these columns with others of the same view, (k, others)."""
        return self.array.T @ others.array

    def weighted_gram(self, weights: Array, others: DenseColumns | None = None) -> Array:
        """Σ_i weights_i x_i x_iᵀ over the rows, (k, k); with other columns of the view (k, others)."""
        here = self.array.T
        if others is not None:
            return np.asarray(here @ (others.array * weights[:, None]))
        out, root = np.zeros((len(here),) * 2), np.sqrt(weights)
        step = max(256, BLOCK // max(1, len(here)))
        for start in range(0, len(root), step):
            rows = slice(start, start + step)
            part = here[:, rows] * root[rows]
            out += part @ part.T
        return out

    def fitted(self, coef: Array, only: Indices | None = None) -> Array:
        """The columns (or ``only`` some of them) times each of m coefficient vectors, (m, k) to (m, n)."""
        array = self.array if only is None else self.array[:, only]
        return np.asarray(coef @ array.T)

    def pull(self, residuals: Array) -> Array:
        """The transpose of the columns times each of m residuals, (m, n) to (m, k)."""
        return residuals @ self.array


class CompressedColumns:
    """Columns A − r·aᵀ, with A sparse and r the roots of the weights.

    Parameters
    ----------
    matrix : csc_array, (n, k)
        A. A nearly full column is centred already, lest its products cancel, and has a_j = 0.
    left : (k,) array or None
        a, the scaled means that are still to be subtracted; None without an intercept.
    root : (n,) array or None
        r; None where all weights are 1.
    """

    def __init__(self, matrix: Any, left: Array | None, root: Array | None) -> None:
        rows, columns = matrix.shape
        self._matrix, self._centred = matrix, left is not None
        self._root: Array = np.ones(rows) if root is None else root
        self._left: Array = np.zeros(columns) if left is None else left
        self._sums: Array = self._left if left is None else matrix.T @ self._root

    @property
    def entries(self) -> int:
        """How many numbers a product with a vector goes through."""
        return int(self._matrix.nnz)

    def extend(self, more: CompressedColumns) -> None:
        """Append other columns of the same view."""
        from scipy.sparse import hstack

        self._matrix = hstack([self._matrix, more._matrix], format="csc")
        self._left = np.concatenate([self._left, more._left])
        self._sums = np.concatenate([self._sums, more._sums])

    def gram(self, others: CompressedColumns) -> Array:
        """Inner products of these columns with others of the same view, (k, others)."""
        out = (self._matrix.T @ others._matrix).toarray()
        if self._centred:
            # (A − r aᵀ)ᵀ(B − r bᵀ) = AᵀB − (Aᵀr) bᵀ − a (rᵀB − r² bᵀ); the last bracket is the rounding of a
            # mean that is far from zero.
            rest = others._sums - (self._root @ self._root) * others._left
            out -= np.outer(self._sums, others._left) + np.outer(self._left, rest)
        return np.asarray(out)

    def weighted_gram(self, weights: Array, others: CompressedColumns | None = None) -> Array:
        """Σ_i weights_i x_i x_iᵀ over the rows, (k, k); with other columns of the view (k, others)."""
        there = self if others is None else others
        root = weights * self._root
        matrix = there._matrix.copy()
        matrix.data *= weights[matrix.indices]
        out = (self._matrix.T @ matrix).toarray()
        if self._centred:
            # (A − r aᵀ)ᵀ H (B − r bᵀ), as in :meth:`gram`.
            rest = there._matrix.T @ root - float(self._root @ root) * there._left
            out -= np.outer(self._matrix.T @ root, there._left) + np.outer(self._left, rest)
        return np.asarray(out)

    def fitted(self, coef: Array, only: Indices | None = None) -> Array:
        """The columns (or ``only`` some of them) times each of m coefficient vectors, (m, k) to (m, n)."""
        matrix = self._matrix if only is None else self._matrix[:, only]
        out = np.ascontiguousarray((matrix @ coef.T).T)
        if self._centred:
            left = self._left if only is None else self._left[only]
            out -= np.outer(coef @ left, self._root)
        return out

    def pull(self, residuals: Array) -> Array:
        """The transpose of the columns times each of m residuals, (m, n) to (m, k)."""
        out = np.ascontiguousarray((self._matrix.T @ residuals.T).T)
        if self._centred:
            out -= np.outer(residuals @ self._root, self._left)
        return out
