"""Frames of Spark as sources: their partitions are read on the executors, as Arrow record batches."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, TypeVar

from equipoise.data.stream.cluster_tasks import FAN_IN, merge, run_or_catch, unwrap
from equipoise.data.stream.piece import Piece, stream_piece

T = TypeVar("T")

BATCH_ROWS = 1 << 16  # fewest rows of a batch, but for the last
RESULT_SCHEMA = "found binary"  # results are sent as a column of pickles


@dataclass(frozen=True)
class SparkFrame:
    """A ``pyspark.sql.DataFrame``, each partition of which is a piece.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        The frame; the executors of its session need this library and pyarrow.
    """

    frame: Any

    local = False
    rows = None
    repeatable = True
    stamped = False
    name = "the Spark frame"

    def start(self) -> tuple[Any, SparkFrame]:
        """Return a batch without rows, of the frame's types, and the same source."""
        import pyarrow as pa

        return pa.RecordBatch.from_pylist([], schema=self.frame.limit(0).toArrow().schema), self

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every partition and join the results in a tree, on the executors."""
        quoted = ["`" + name.replace("`", "``") + "`" for name in columns]
        places = [f"c{place}" for place in range(len(columns))]  # Spark does not accept every name

        def apply(batches: Iterator[Any]) -> Iterator[Any]:
            from pyspark import TaskContext

            context = TaskContext.get()
            named = (batch.rename_columns(list(columns)) for batch in batches)
            number = 0 if context is None else context.partitionId()
            yield _pickled(run_or_catch(function, stream_piece(_merge_small(named), f"partition {number}")))

        def combine(batches: Iterator[Any]) -> Iterator[Any]:
            found = (pickle.loads(value) for batch in batches for value in batch.column(0).to_pylist())
            if (first := next(found, None)) is not None:
                yield _pickled(reduce(partial(merge, join), found, first))

        found = self.frame.select(quoted).toDF(*places).mapInArrow(apply, RESULT_SCHEMA)
        for number in (FAN_IN, 1):
            found = found.repartition(number).mapInArrow(combine, RESULT_SCHEMA)
        rows = found.collect()
        return unwrap(pickle.loads(rows[0][0])) if rows else None


def _merge_small(batches: Iterable[Any]) -> Iterator[Any]:
    """The same rows in batches of at least `BATCH_ROWS`, since Spark's are small."""
    import pyarrow as pa

    held: list[Any] = []
    for batch in batches:
        held.append(batch)
        if sum(some.num_rows for some in held) >= BATCH_ROWS:
            yield pa.concat_batches(held)
            held = []
    if held:
        yield pa.concat_batches(held)


def _pickled(value: object) -> Any:
    """A record batch that holds a value as a pickle."""
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.array([pickle.dumps(value)], pa.binary())], names=["found"])
