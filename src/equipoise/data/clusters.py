"""Frames of Dask and Spark: what is asked of their pieces is asked on the workers, where they lie."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, TypeVar

from equipoise.data.pieces import Piece, Source, stream_piece

T = TypeVar("T")

TOGETHER = 8  # results that are joined in one task of a tree, at least
ROWS = 1 << 16  # of a batch, at least
SENT = "found binary"  # how results travel: a column of pickles


def open_cluster(source: Any) -> Source | None:
    """Say how a frame of a cluster is read; None for anything else.

    Parameters
    ----------
    source : dask.dataframe.DataFrame, pyspark.sql.DataFrame or anything else
        The frame.
    """
    package = type(source).__module__.partition(".")[0]
    if package == "dask" and "dask.dataframe" in sys.modules and hasattr(source, "to_delayed"):
        return DaskFrame(source)
    if package == "pyspark" and hasattr(source, "mapInArrow"):
        return SparkFrame(source)
    return None


@dataclass(frozen=True)
class _Remote:
    """What the frames of all clusters have in common."""

    frame: Any

    here = False
    rows = None
    repeatable = True


class DaskFrame(_Remote):
    """A ``dask.dataframe.DataFrame``: a piece is a partition; what lost workers held Dask computes again.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame
        Its tasks run where its scheduler runs them: a ``distributed.Client`` if there is one.
    """

    name = "the Dask frame"

    def start(self) -> tuple[Any, DaskFrame]:
        """Return the first row of the first partition that has any, and the same source."""
        first = self.frame.head(1, npartitions=1)
        if not len(first):
            first = self.frame.head(1, npartitions=-1)
        return _batch_of(first), self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every partition and join what it returns in a tree, on the workers."""
        from dask.delayed import delayed

        ask, batch, combine = (delayed(f, pure=False) for f in (_ask, _batch_of, reduce))
        both = partial(_both, join)
        partitions = self.frame[list(columns)].to_delayed()
        found = [ask(function, number, [batch(partition)]) for number, partition in enumerate(partitions)]
        while len(found) > 1:
            found = [combine(both, found[k : k + TOGETHER]) for k in range(0, len(found), TOGETHER)]
        return _told(found[0].compute()) if found else None


class SparkFrame(_Remote):
    """A ``pyspark.sql.DataFrame``: a piece is a partition, which Spark hands over as Arrow batches.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        The executors of its session need this library and pyarrow.
    """

    name = "the Spark frame"

    def start(self) -> tuple[Any, SparkFrame]:
        """Return no rows, of the types that the frame's schema says, and the same source."""
        import pyarrow as pa
        from pyspark.sql.pandas.types import to_arrow_schema

        return pa.RecordBatch.from_pylist([], schema=to_arrow_schema(self.frame.schema)), self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every partition and join what it returns in a tree, on the executors."""
        quoted = ["`" + name.replace("`", "``") + "`" for name in columns]
        places = [f"c{place}" for place in range(len(columns))]  # not every name passes through Spark

        def ask(batches: Iterator[Any]) -> Iterator[Any]:
            from pyspark import TaskContext

            context = TaskContext.get()
            named = (batch.rename_columns(list(columns)) for batch in batches)
            yield _sent(_ask(function, 0 if context is None else context.partitionId(), _grown(named)))

        def combine(batches: Iterator[Any]) -> Iterator[Any]:
            found = (pickle.loads(value) for batch in batches for value in batch.column(0).to_pylist())
            if (first := next(found, None)) is not None:
                yield _sent(reduce(partial(_both, join), found, first))

        found = self.frame.select(quoted).toDF(*places).mapInArrow(ask, SENT)
        for number in (TOGETHER, 1):
            found = found.repartition(number).mapInArrow(combine, SENT)
        rows = found.collect()
        return _told(pickle.loads(rows[0][0])) if rows else None


def _ask(function: Callable[[Piece], T], number: int, batches: Any) -> T | Exception:
    """What a function returns of a partition, or the sentence that it refuses it with.

    A sentence travels as a value, for raised on a worker it would be buried in that worker's trace.
    """
    try:
        return function(stream_piece(batches, f"partition {number}"))
    except (ValueError, TypeError) as error:
        return error


def _batch_of(partition: Any) -> Any:
    """The rows of a frame of pandas."""
    import pyarrow as pa

    return pa.RecordBatch.from_pandas(partition, preserve_index=False)


def _grown(batches: Iterable[Any]) -> Iterator[Any]:
    """The same rows in batches of some size: Spark's are small."""
    import pyarrow as pa

    held: list[Any] = []
    for batch in batches:
        held.append(batch)
        if sum(some.num_rows for some in held) >= ROWS:
            yield pa.concat_batches(held)
            held = []
    if held:
        yield pa.concat_batches(held)


def _both(join: Callable[[T, T], T], some: T | Exception, others: T | Exception) -> T | Exception:
    if isinstance(some, Exception):
        return some
    return others if isinstance(others, Exception) else join(some, others)


def _told(result: T | Exception) -> T:
    if isinstance(result, Exception):
        raise result
    return result


def _sent(value: object) -> Any:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.array([pickle.dumps(value)], pa.binary())], names=["found"])
