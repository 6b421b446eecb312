"""A design on disk: every operation reads it block by block, in the order in which it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import groupby
from operator import add, itemgetter

import numpy as np
from numpy.typing import NDArray

from equipoise.data.disk.mapped import Mapped
from equipoise.design.dense import Dense
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Tile = tuple[slice, slice, Array]

HELD = 1 << 22  # most numbers of columns in memory at a time where only their sum is wanted: 32 MB


class OnDisk:
    """Design in a mapped file.

    Parameters
    ----------
    matrix : Mapped
        The file's columns.
    rows : (n,) bool array, optional
        The rows of the design; the others are skipped as they are read.
    """

    def __init__(self, matrix: Mapped, rows: NDArray[np.bool_] | None = None) -> None:
        self.matrix = matrix
        self._rows = rows
        self.shape = (matrix.shape[0] if rows is None else int(rows.sum()), matrix.shape[1])
        self.entries = self.shape[0] * self.shape[1]
        # How many rows of the design come before each row of the file.
        self._place = None if rows is None else np.concatenate([[0], np.cumsum(rows)])

    def _read(self, rows: slice, columns: slice) -> tuple[slice, Array]:
        """A block, and where its rows are among those of the design."""
        block = self.matrix.block(rows, columns)
        if self._rows is None or self._place is None:
            return rows, block
        place = slice(int(self._place[rows.start]), int(self._place[rows.stop]))
        return place, block[self._rows[rows]]

    def _tiles(self, centre: Array | None = None) -> Iterator[Tile]:
        for rows, columns in self.matrix.tiles():
            place, block = self._read(rows, columns)
            if len(block):
                yield place, columns, block if centre is None else block - centre[columns]

    def in_parts(self, indices: Indices, centre: Array | None = None) -> Iterator[tuple[slice, Array]]:
        """Some columns, as many at a time as ``HELD`` allows; with their places among ``indices``."""
        step = max(1, HELD // self.shape[0])
        for start in range(0, len(indices), step):
            part = slice(start, start + step)
            yield part, self.columns(indices[part], centre)

    def predict(self, indices: Indices | None, coef: Array, centre: Array | None = None) -> Array:
        """Σ_j x_j coef_j over the columns ``indices`` (all where None)."""
        out = np.zeros(self.shape[0])
        if indices is not None:
            for part, some in self.in_parts(indices, centre):
                out += some @ coef[part]
            return out
        for rows, columns, block in self._tiles(centre):
            out[rows] += block @ coef[columns]
        return out

    def pull(self, residual: Array, centre: Array | None = None) -> Array:
        """Xᵀ residual."""
        (found,) = self.pulls(residual[None], centre)
        return np.asarray(found)

    def pulls(self, residuals: Array, centre: Array | None = None, *, together: bool = False) -> Array:
        """Xᵀ times each of m residuals, (m, n) to (m, p), in one pass."""
        out = np.zeros((len(residuals), self.shape[1]))
        for rows, columns, block in self._tiles(centre):
            out[:, columns] += residuals[:, rows] @ block
        return out

    def columns(self, indices: Indices, centre: Array | None = None) -> Array:
        """The columns ``indices`` as a new array in Fortran order."""
        out = self.matrix.columns(indices)
        if self._rows is not None:
            out = out.T.compress(self._rows, axis=1).T
        if centre is not None:
            out -= centre[indices]
        return out

    def compressed(self, indices: Indices, centre: Array | None, factor: Array, root: Array | None) -> None:
        """None: dense columns serve better."""

    def extremes(self, indices: Indices, there: NDArray[np.bool_] | None) -> tuple[Array, Array]:
        """Smallest and largest value of each of some columns, over the rows ``there`` (all where None)."""
        low, high = np.empty(len(indices)), np.empty(len(indices))
        for part, columns in self.in_parts(indices):
            low[part], high[part] = Dense(columns).extremes(np.arange(columns.shape[1]), there)
        return low, high

    def single(self, centre: Array | None, factor: Array, root: Array | None) -> None:
        """None: the data may be larger than memory, and so may be a copy."""

    def moments(self, response: Array, weights: Array | None, *, gram: bool = True) -> Moments:
        """Weighted means and centred cross-products in one pass (XᵀX only its diagonal if not ``gram``)."""

        def of(rows: slice, block: Array) -> Moments:
            some = None if weights is None else weights[rows]
            return Dense(block).moments(response[rows], some, gram=gram)

        if gram:
            every = slice(0, self.shape[1])
            bands = (self._read(rows, every) for rows in self.matrix.bands())
            return reduce(add, (of(rows, block) for rows, block in bands if len(block)))
        if self.matrix.by_rows:
            strips = groupby(self._tiles(), itemgetter(0))
            return reduce(
                add,
                (Moments.join_columns(of(rows, block) for rows, _, block in strip) for _, strip in strips),
            )
        runs = groupby(self._tiles(), itemgetter(1))
        return Moments.join_columns(
            reduce(add, (of(rows, block) for rows, _, block in run)) for _, run in runs
        )
