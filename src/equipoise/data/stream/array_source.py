"""Arrays as sources of rows: blocks of a matrix with columns x1 … xp, and of further columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from equipoise.data.stream.arrow_batch import batch_of_arrays, is_dask_array
from equipoise.data.stream.piece import Piece
from equipoise.data.stream.source import Pieces, Source

BATCH_ROWS = 1 << 16  # rows of a batch


def is_array(source: Any) -> bool:
    """Tell whether a source is an array of NumPy or Dask.

    Parameters
    ----------
    source : object
        Anything.
    """
    return isinstance(source, np.ndarray) or is_dask_array(source)


def open_arrays(
    matrix: Any, extra: Mapping[str, Any], client: Any = None, names: Sequence[str] | None = None
) -> Source:
    """Return the source of a matrix and of further columns for its rows.

    Parameters
    ----------
    matrix : (n, p) array of NumPy or Dask
        The features.
    extra : dict of str to (n,) array
        Further columns by name, such as the response.
    client : distributed.Client, optional
        The Dask client whose workers read the blocks of a Dask array.
    names : sequence of p str, optional
        Names of the features; x1 … xp by default.

    Raises
    ------
    ValueError, TypeError
        If a column is no array, or the shapes do not fit.
    """
    if matrix.ndim != 2:
        raise ValueError(f"source has {matrix.ndim} dimensions: pass a 2-D array, one row per observation")
    if is_dask_array(matrix):
        from equipoise.data.stream.on_dask import align_blocks

        return align_blocks(matrix, extra, client, names)
    columns = {name: np.asanyarray(values) for name, values in extra.items()}
    for name, values in columns.items():
        if values.shape != (len(matrix),):
            raise ValueError(
                f"{name} has shape {values.shape} but X has {len(matrix)} rows: pass one number each"
            )

    def read(wanted: Sequence[str] | None) -> Iterator[Any]:
        for start in range(0, len(matrix), BATCH_ROWS):
            some = slice(start, start + BATCH_ROWS)
            others = {name: values[some] for name, values in columns.items()}
            batch = batch_of_arrays(matrix[some], others, names)
            yield batch if wanted is None else batch.select(list(wanted))

    return Pieces((Piece("the array", read, rows=len(matrix)),), repeatable=True)
