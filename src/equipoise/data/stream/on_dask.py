"""Frames, arrays and files on the workers of Dask; what lost workers held Dask computes again."""

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
    """What all of them have in common.

    Parameters
    ----------
    client : distributed.Client or None
        Whose workers run the tasks; None for those of Dask's present scheduler.
    """

    client: Any

    local = False
    rows = None
    repeatable = True

    @property
    def stamped(self) -> bool:
        """Whether every piece can be told from other versions of itself."""
        return False

    def _tree_reduce(self, found: list[Any], join: Callable[[T, T], T]) -> T | None:
        """Join what tasks return, on the workers, a few at a time."""
        from dask.delayed import delayed

        combine, both = delayed(reduce, pure=False), partial(merge, join)
        while len(found) > 1:
            found = [combine(both, found[k : k + FAN_IN]) for k in range(0, len(found), FAN_IN)]
        where = {} if self.client is None else {"scheduler": self.client}
        return unwrap(found[0].compute(**where)) if found else None


@dataclass(frozen=True)
class DaskFrame(_DaskSource):
    """A ``dask.dataframe.DataFrame``: a piece is a partition.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame
        Its columns have names.
    """

    frame: Any

    name = "the Dask frame"

    def start(self) -> tuple[Any, DaskFrame]:
        """Return the first row of the first partition that has any, and the same source."""
        first = self.frame.head(1, npartitions=1)
        if not len(first):
            first = self.frame.head(1, npartitions=-1)
        return _batch_of_pandas(first), self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every partition and join what it returns in a tree, on the workers."""
        from dask.delayed import delayed

        apply, batch = delayed(_apply_to_batch, pure=False), delayed(_batch_of_pandas, pure=False)
        partitions = self.frame[list(columns)].to_delayed()
        found = [apply(function, number, batch(partition)) for number, partition in enumerate(partitions)]
        return self._tree_reduce(found, join)


@dataclass(frozen=True)
class DaskArrays(_DaskSource):
    """A 2-D ``dask.array.Array`` and what belongs to its rows: a piece is a block of rows.

    Parameters
    ----------
    matrix : (n, p) dask array
        Its columns are named x1 … xp.
    extra : dict of str to (n,) dask array
        Columns beside it, by their names.
    """

    matrix: Any
    extra: Mapping[str, Any]

    name = "the Dask array"

    def start(self) -> tuple[Any, DaskArrays]:
        """Return no rows, of the types that the arrays have, and the same source."""
        import numpy as np

        empty = {name: np.empty(0, vector.dtype) for name, vector in self.extra.items()}
        return batch_of_arrays(np.empty((0, self.matrix.shape[1]), self.matrix.dtype), empty), self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every block and join what it returns in a tree, on the workers."""
        from dask.delayed import delayed

        apply, batch = delayed(_apply_to_batch, pure=False), delayed(batch_of_arrays, pure=False)
        blocks = self.matrix.to_delayed().ravel()
        others = {name: vector.to_delayed().ravel() for name, vector in self.extra.items()}
        found = [
            apply(function, k, batch(block, {name: parts[k] for name, parts in others.items()}))
            for k, block in enumerate(blocks)
        ]
        return self._tree_reduce(found, join)


@dataclass(frozen=True)
class DaskFiles(_DaskSource):
    """Pieces of files that the workers read themselves, each under the name that it has here.

    Parameters
    ----------
    pieces : Pieces
        Of files.
    """

    pieces: Pieces

    @property
    def name(self) -> str:
        """What error messages call it."""
        return self.pieces.name

    @property
    def stamped(self) -> bool:
        """Whether every piece can be told from other versions of itself."""
        return self.pieces.stamped

    def start(self) -> tuple[Any, DaskFiles]:
        """Return a first batch that has rows, read here, and the same source."""
        return self.pieces.start()[0], self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every piece and join what it returns in a tree, on the workers."""
        from dask.delayed import delayed

        apply = delayed(run_or_catch, pure=False)
        return self._tree_reduce([apply(function, piece) for piece in self.pieces.pieces], join)


def align_blocks(matrix: Any, extra: Mapping[str, Any], client: Any) -> DaskArrays:
    """Cut arrays into blocks of the same rows, with all columns in each.

    Parameters
    ----------
    matrix : (n, p) dask array
        The features.
    extra : dict of str to (n,) array of Dask or NumPy
        What belongs to the rows.
    client : distributed.Client or None
        Whose workers look at them.

    Raises
    ------
    ValueError
        If the arrays cannot be cut alike, in a sentence that says why.
    """
    import dask.array as da

    if matrix.numblocks[1] > 1:
        matrix = matrix.rechunk({1: -1})
    rows = matrix.chunks[0]
    known = all(size == size for size in rows)
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
    return DaskArrays(client, matrix, found)


def _apply_to_batch(function: Callable[[Piece], T], number: int, batch: Any) -> T | Exception:
    return run_or_catch(function, stream_piece([batch], f"partition {number}"))


def _batch_of_pandas(partition: Any) -> Any:
    """The rows of a frame of pandas."""
    import pyarrow as pa

    return pa.RecordBatch.from_pandas(partition, preserve_index=False)
