"""Frames of Spark as sources: their partitions are read on the executors, as Arrow record batches."""

from __future__ import annotations

import os
import pickle
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from importlib import import_module
from typing import Any, TypeVar

from equipoise.data.stream.cluster_tasks import FAN_IN, merge, run_or_catch, unwrap
from equipoise.data.stream.piece import Piece, stream_piece

T = TypeVar("T")

BATCH_ROWS = 1 << 16  # fewest rows of a batch, but for the last
RESULT_SCHEMA = "found binary"  # results are sent as a column of pickles
REMEDY = "before the session starts, set PYSPARK_PYTHON to one that has what is here"
REASONS = {  # what Spark writes of a worker that cannot run at all, and in our words
    r"No module named '([^']+)'": "which lacks {}",
    r"(PyArrow|Pandas) >= \S+ must be installed": "which lacks {}",
    r"Python in worker has different version: (\S+) than": "which is Python {} and not the one here",
    r'Cannot run program "([^"]+)"': "but there is no such program",
}


@dataclass(frozen=True)
class SparkFrame:
    """A ``pyspark.sql.DataFrame``, each partition of which is a piece.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        The frame. The workers of its session run the interpreter that the session was told, or this one if it
        runs on this machine and was told none; it needs this library, in this version, and pyarrow.
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
        from pyspark.cloudpickle import dumps

        quoted = ["`" + name.replace("`", "``") + "`" for name in columns]
        places = [f"c{place}" for place in range(len(columns))]  # Spark does not accept every name
        pickled: Callable[[Any], bytes] = dumps
        apply = _on_workers("apply_to_partition", pickled((function, list(columns))))
        combine = _on_workers("combine_results", pickled(join))
        with _interpreter_of(self.frame):
            found = self.frame.select(quoted).toDF(*places).mapInArrow(apply, RESULT_SCHEMA)
            for number in (FAN_IN, 1):
                found = found.repartition(number).mapInArrow(combine, RESULT_SCHEMA)
            rows = found.collect()
        return unwrap(pickle.loads(rows[0][0])) if rows else None


def apply_to_partition(task: bytes, batches: Iterator[Any]) -> Any:
    """Apply a function to the batches of a partition; its result, or the error by which it refuses them.

    Parameters
    ----------
    task : bytes
        A pickle of the function and the names of the columns.
    batches : iterator of pyarrow.RecordBatch
        The partition.
    """
    from pyspark import TaskContext

    function, columns = pickle.loads(task)
    context = TaskContext.get()
    named = (batch.rename_columns(columns) for batch in batches)
    number = 0 if context is None else context.partitionId()
    return run_or_catch(function, stream_piece(_merge_small(named), f"partition {number}"))


def combine_results(task: bytes, batches: Iterator[Any]) -> Any:
    """Join the results of some partitions; None if there are none.

    Parameters
    ----------
    task : bytes
        A pickle of the function that joins two results.
    batches : iterator of pyarrow.RecordBatch
        Pickles of the results, in one column.
    """
    join = pickle.loads(task)
    found = (pickle.loads(value) for batch in batches for value in batch.column(0).to_pylist())
    first = next(found, None)
    return None if first is None else reduce(partial(merge, join), found, first)


def _on_workers(name: str, task: bytes) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What Spark calls on a worker to run a function of this module; an ImportError is a result too.

    It uses no name of this module, for it has to run where this library is missing.
    """
    module, remedy = __name__, REMEDY
    package = module.partition(".")[0]
    version = import_module(package).__version__

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        import pickle
        import sys
        from importlib import import_module

        import pyarrow as pa

        try:
            there = import_module(package).__version__
            if there != version:
                raise ImportError(f"it has {there}")
            found = getattr(import_module(module), name)(task, batches)
        except ImportError as error:
            lacks = f"which lacks {package} {version} ({error})"
            found = ImportError(f"Spark's workers run {sys.executable}, {lacks}: {remedy}")
        if found is not None:
            yield pa.RecordBatch.from_arrays([pa.array([pickle.dumps(found)], pa.binary())], names=["found"])

    return run


@contextmanager
def _interpreter_of(frame: Any) -> Iterator[None]:
    """Let functions that Spark is given here run on the calling interpreter, unless the session was told one.

    Spark takes python3 of the PATH, which outside an activated environment is another one. What the workers'
    interpreter lacks is said in a sentence; Spark hides it in the traces of Python and Java.
    """
    context = getattr(frame.sparkSession, "sparkContext", None)  # None of Spark Connect, whose server decides
    usual = program = getattr(context, "pythonExec", "an interpreter of the server's")
    if context is not None and "PYSPARK_PYTHON" not in os.environ and context.master.startswith("local"):
        program = context.getConf().get("spark.pyspark.python", None) or sys.executable
        context.pythonExec = program
    try:
        yield
    except Exception as error:  # of Spark, or of Java
        for pattern, reason in REASONS.items():
            if found := re.search(pattern, str(error)):
                told = f"Spark's workers run {program}, {reason.format(found[1])}: {REMEDY}"
                raise ImportError(told) from None
        raise
    finally:
        if context is not None:
            context.pythonExec = usual


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
