"""Which design a matrix calls for: the one place that knows how many kinds of storage there are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.design.base import Design
from equipoise.design.dense import Dense

Array = NDArray[np.float64]


def design_of(matrix: Any, rows: NDArray[np.bool_] | None = None, weights: Array | None = None) -> Design:
    """The design that a matrix is, of some of its rows, whose weights are given.

    Parameters
    ----------
    matrix : (n, p) array or csc_array
        The data.
    rows : (n,) bool array, optional
        The rows that count.
    weights : array, optional
        The weights of those rows.
    """
    if isinstance(matrix, np.ndarray):
        return Dense(matrix, rows)
    from equipoise.design.sparse import Sparse

    return Sparse(matrix, rows, weights)


def part_of(matrix: Any, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
    """Some rows of some columns, as a dense array."""
    if isinstance(matrix, np.ndarray):
        return np.asarray(matrix[rows[:, None], columns])
    return np.asarray(matrix[:, columns][rows].toarray())
