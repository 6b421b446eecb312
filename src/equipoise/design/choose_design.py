"""The design of a matrix, and what else depends on the kind of its storage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.disk.mapped import Mapped
from equipoise.design.base import Design
from equipoise.design.dense import Dense

Array = NDArray[np.float64]


def design_of(matrix: Any, rows: NDArray[np.bool_] | None = None, weights: Array | None = None) -> Design:
    """The design of a matrix, or of some of its rows.

    Parameters
    ----------
    matrix : (n, p) array, csc_array or Mapped
        The data.
    rows : (n,) bool array, optional
        The rows; all by default.
    weights : (rows,) array, optional
        The weights of those rows.
    """
    if isinstance(matrix, np.ndarray):
        return Dense(matrix, rows)
    if isinstance(matrix, Mapped):
        from equipoise.design.mapped import OnDisk

        return OnDisk(matrix, rows)
    from equipoise.design.sparse import Sparse

    return Sparse(matrix, rows, weights)


def part_of(matrix: Any, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
    """Some rows of some columns, as a dense array (rows, columns)."""
    if isinstance(matrix, np.ndarray):
        return np.asarray(matrix[rows[:, None], columns])
    if isinstance(matrix, Mapped):
        return matrix.columns(columns)[rows]
    return np.asarray(matrix[:, columns][rows].toarray())


def reordered(matrix: Any, names: Sequence[str], wanted: Sequence[str]) -> Any:
    """The matrix with its columns, whose names are ``names``, in the order of the names ``wanted``."""
    if tuple(names) == tuple(wanted):
        return matrix
    if isinstance(matrix, Mapped):
        return matrix.pick(wanted)
    place = {name: j for j, name in enumerate(names)}
    return matrix[:, [place[name] for name in wanted]]


def contents_of(matrix: Any) -> tuple[str, Iterable[Array]]:
    """The numbers of a matrix for a checksum: their order, in words, and the arrays themselves."""
    if isinstance(matrix, np.ndarray):
        return "X row by row", (matrix,)
    if isinstance(matrix, Mapped):
        from equipoise.design.mapped import OnDisk

        every = np.arange(matrix.shape[1])
        return "X column by column", (part.T for _, part in OnDisk(matrix).in_parts(every))
    return "indptr, indices and data of X in sparse columns", (matrix.indptr, matrix.indices, matrix.data)


def fitted(matrix: Any, coef: Array) -> Array:
    """Σ_j x_j coef_j, (n,), from the columns of non-zero coefficients alone where these are few."""
    used = np.flatnonzero(coef)
    if 4 * len(used) < len(coef):
        return design_of(matrix).predict(used, coef[used])
    return design_of(matrix).predict(None, coef)
