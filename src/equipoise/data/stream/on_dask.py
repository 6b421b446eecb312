"""Sources read on the workers of Dask: frames, arrays and files. Dask repeats the tasks of lost workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, TypeVar

from equipoise.data.stream.arrow_batch import batch_of_arrays
from equipoise.data.stream.cluster_tasks import FAN_IN, merge, run_or_catch, unwrap
from equipoise.data.stream.piece import Piece, stream_piece
from equipoise.data.stream.source import Pieces

T = TypeVar("T")


@dataclass(frozen=True)
class _DaskSource:
    """What the sources on Dask have in common.

    Parameters
    ----------
    client : distributed.Client or None
        The client whose workers run the tasks; None for Dask's current scheduler.
    """

    client: Any

    local = False
    rows = None
    repeatable = True

    @property
    def stamped(self) -> bool:
        """Whether every piece has a stamp, which changes when its data do."""
        return False

    def _tree_reduce(self, found: list[Any], join: Callable[[T, T], T]) -> T | None:
        """Join the results of tasks on the workers, `FAN_IN` at a time."""
        from dask.delayed import delayed

        combine, both = delayed(reduce, pure=False), partial(merge, join)
        while len(found) > 1:
            found = [combine(both, found[k : k + FAN_IN]) for k in range(0, len(found), FAN_IN)]
        where = {} if self.client is None else {"scheduler": self.client}
        return unwrap(found[0].compute(**where)) if found else None


@dataclass(frozen=True)
class DaskFrame(_DaskSource):
    """A ``dask.dataframe.DataFrame``, each partition of which is a piece.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame
        The frame.
    """

    frame: Any

    name = "the Dask frame"

    def start(self) -> tuple[Any, DaskFrame]:
        """Return the first row as a batch, and the same source."""
        first = self.frame.head(1, npartitions=1)
        if not len(first):
            first = self.frame.head(1, npartitions=-1)
        return _batch_of_pandas(first), self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every partition and join the results in a tree, on the workers."""
        from dask.delayed import delayed

        apply, batch = delayed(_apply_to_batch, pure=False), delayed(_batch_of_pandas, pure=False)
        partitions = self.frame[list(columns)].to_delayed()
        found = [apply(function, number, batch(partition)) for number, partition in enumerate(partitions)]
        return self._tree_reduce(found, join)


@dataclass(frozen=True)
class DaskArrays(_DaskSource):
    """A 2-D ``dask.array.Array`` and further columns for its rows; each block of rows is a piece.

    Parameters
    ----------
    matrix : (n, p) dask array
        The first columns.
    extra : dict of str to (n,) dask array
        The further columns by name.
    names : sequence of p str, optional
        Names of the first columns; x1 … xp by default.
    """

    matrix: Any
    extra: Mapping[str, Any]
    names: Sequence[str] | None = None

    name = "the Dask array"

    def start(self) -> tuple[Any, DaskArrays]:
        """Return a batch without rows, of the arrays' types, and the same source."""
        import numpy as np

        empty = {name: np.empty(0, vector.dtype) for name, vector in self.extra.items()}
        first = np.empty((0, self.matrix.shape[1]), self.matrix.dtype)
        return batch_of_arrays(first, empty, self.names), self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every block and join the results in a tree, on the workers."""
        from dask.delayed import delayed

        apply, batch = delayed(_apply_to_batch, pure=False), delayed(batch_of_arrays, pure=False)
        blocks = self.matrix.to_delayed().ravel()
        others = {name: vector.to_delayed().ravel() for name, vector in self.extra.items()}
        found = [
            apply(function, k, batch(block, {name: parts[k] for name, parts in others.items()}, self.names))
            for k, block in enumerate(blocks)
        ]
        return self._tree_reduce(found, join)


@dataclass(frozen=True)
class DaskFiles(_DaskSource):
    """Pieces of files that the workers read; every worker must find them under the same names.

    Parameters
    ----------
    pieces : Pieces
        The pieces.
    """

    pieces: Pieces

    @property
    def name(self) -> str:
        """What error messages call the source."""
        return self.pieces.name

    @property
    def stamped(self) -> bool:
        """Whether every piece has a stamp, which changes when its data do."""
        return self.pieces.stamped

    def start(self) -> tuple[Any, DaskFiles]:
        """Return the first batch that has rows, read in this process, and the same source."""
        return self.pieces.start()[0], self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every piece and join the results in a tree, on the workers."""
        from dask.delayed import delayed

        apply = delayed(run_or_catch, pure=False)
        return self._tree_reduce([apply(function, piece) for piece in self.pieces.pieces], join)


def align_blocks(
    matrix: Any, extra: Mapping[str, Any], client: Any, names: Sequence[str] | None = None
) -> DaskArrays:
    """Cut a matrix and further columns into blocks of the same rows, each with all columns.

    Parameters
    ----------
    matrix : (n, p) dask array
        The features.
    extra : dict of str to (n,) array of Dask or NumPy
        The further columns by name.
    client : distributed.Client or None
        The client whose workers read the blocks.
    names : sequence of p str, optional
        Names of the features; x1 … xp by default.

    Raises
    ------
    ValueError
        If the arrays cannot be cut into the same rows.
    """
    import dask.array as da

    if matrix.numblocks[1] > 1:
        matrix = matrix.rechunk({1: -1})
    rows = matrix.chunks[0]
    known = all(size == size for size in rows)  # Dask calls an unknown size NaN
    found = {}
    for name, vector in extra.items():
        vector = da.asarray(vector)  # type: ignore[no-untyped-call]  # Dask has no types
        if vector.ndim == 2 and vector.shape[1] == 1:
            vector = vector[:, 0]
        if vector.ndim != 1:
            raise ValueError(f"{name} has {vector.ndim} dimensions: pass one number a row")
        if known and vector.shape[0] == matrix.shape[0]:
            vector = vector.rechunk((rows,))
        elif known and vector.shape[0] == vector.shape[0]:
            raise ValueError(
                f"{name} has {vector.shape[0]} rows but X has {matrix.shape[0]}: pass one number a row"
            )
        elif vector.numblocks[0] != matrix.numblocks[0]:
            raise ValueError(
                f"X has {matrix.numblocks[0]} blocks and {name} has {vector.numblocks[0]}, of unknown sizes: "
                "call compute_chunk_sizes() of both first"
            )
        found[name] = vector
    return DaskArrays(client, matrix, found, names)


def _apply_to_batch(function: Callable[[Piece], T], number: int, batch: Any) -> T | Exception:
    """Apply a function to a piece of one batch."""
    return run_or_catch(function, stream_piece([batch], f"partition {number}"))


def _batch_of_pandas(partition: Any) -> Any:
    """The rows of a pandas frame as a record batch."""
    import pyarrow as pa

    return pa.RecordBatch.from_pandas(partition, preserve_index=False)
