"""The verb that reads data of any size once: `gather`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from equipoise.data.batches import learn_encoding, open_source
from equipoise.data.blocks import is_array, open_arrays
from equipoise.data.columns import refuse_text
from equipoise.data.pieces import Piece, Source
from equipoise.design.checkpoint import Checkpoint
from equipoise.design.gathered import Gathered
from equipoise.design.summing import Summing, Sums, add_sums, refuse_large

MEMORY = 2 << 30  # bytes that moments may take


def gather(
    source: Any,
    target: Any,
    *,
    folds: Any = 10,
    weights: Any = None,
    offset: Any = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    memory: int = MEMORY,
    checkpoint: str | os.PathLike[str] | None = None,
    client: Any = None,
    progress: Callable[[int], None] | None = None,
) -> Gathered:
    """Read data of any size once, in batches, and keep what squared loss asks of them.

    What is kept, ``Gathered``, stands for X and y in :func:`fit`, :func:`path` and :func:`cross_validate`,
    for any penalty, standardisation, bounds and number of strengths, without another look at the data:
    means and centred cross-products by fold, (p + 1)² numbers each.

    Parameters
    ----------
    source : path, SQL query, data frame, stream or array
        A file (CSV, Parquet, Arrow, JSON lines), a folder of them or a pattern such as ``"data/*.parquet"``,
        an SQL query over files and attached databases, a data frame, a ``pyarrow.RecordBatchReader`` or
        anything else with the Arrow C stream interface; a ``dask.dataframe.DataFrame`` or a
        ``pyspark.sql.DataFrame``, whose partitions are summed up on the workers that hold them; a 2-D array
        of NumPy or ``dask.array``, whose columns are called x1 … xp.
    target : str, or (n,) array
        The column to explain; beside an array, an array.
    folds : int, str, (n,) array or None, default 10
        How many folds rows are sorted into, by their response and up to 24 features (so that neither order
        nor batches matter, and rows that are equal in these are held out together; few rows may leave a fold
        empty); or the column of whole numbers that says it; None for none, where nothing is to be
        cross-validated.
    weights, offset : str, or (n,) array, optional
        Columns of sample weights and of a known part of each row's prediction.
    features : sequence of str, optional
        The columns that are features; without it all the others that the first batch has (what only later
        files have is ignored, and so are the names of Hive's folders). Text becomes one 0/1 feature a level,
        found in a first scan of such columns alone.
    drop : sequence of str, optional
        Columns to leave out.
    memory : int, default 2 GiB
        Bytes that the moments may take; more is refused before anything is read. Batches and what reads them
        take some hundred megabytes beside it.
    checkpoint : path, optional
        A folder for the moments of every file (of every million rows of a Parquet file) as it has been read,
        so that an interrupted pass goes on from there, with the same result to the last bit.
    client : distributed.Client, optional
        Whose workers do it, for Dask; files are read by these workers then, each under the name that it has
        here, and a checkpoint is written where they run.
    progress : callable, optional
        Called with the number of rows of each batch that is read in this process.

    Returns
    -------
    Gathered
        Moments by fold; it prints, and adds up with what other rows gave.

    Raises
    ------
    ImportError
        If pyarrow or DuckDB is missing.
    OSError
        If there is no such file.
    ValueError, TypeError
        If a column is missing, or changes its type between batches, or holds a value that is missing or
        infinite: in a sentence that names the file, the row and the column.

    References
    ----------
    Chan, Golub & LeVeque (1983), *American Statistician* 37, for joining moments.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa, equipoise as eq
    >>> a, b = np.arange(60.0), np.arange(60.0) ** 2 % 7
    >>> data = eq.gather(pa.table({"a": a, "b": b, "y": a + 2 * b}), "y", folds=3)
    >>> cv = eq.cross_validate(data)
    >>> cv.best.features
    ('a', 'b')
    """
    refuse_text(features=features, drop=drop)
    if isinstance(folds, np.integer):
        folds = int(folds)
    if isinstance(memory, bool) or not isinstance(memory, int | float) or not memory > 0:
        raise ValueError(f"memory is {memory!r}: pass a number of bytes, such as 2 << 30")
    if isinstance(folds, int) and folds < 2:
        raise ValueError(f"folds is {folds}: pass at least 2, or None for none")
    asked = {"target": target, "weights": weights, "offset": offset, "folds": folds}
    found = _open_arrays(source, asked, client) if is_array(source) else _open(source, asked, client)
    target, weights, offset, folds = asked.values()
    of_fold = folds if isinstance(folds, str) else None
    roles = [name for name in (target, weights, offset, of_fold) if name is not None]
    if len(set(roles)) < len(roles):
        raise ValueError(f"one column has several roles: {', '.join(roles)}")
    first, opened = found.start()
    encoding = learn_encoding(first, opened, roles, features, drop)
    count = 1 if of_fold is not None or folds is None else int(folds)
    refuse_large(len(encoding.features), count, memory)
    told = progress if opened.here else None  # who reads elsewhere cannot call it
    summing = Summing(encoding, target, weights, offset, of_fold, count, memory, told)
    read: Callable[[Piece], Sums] = summing
    if checkpoint is not None:
        if not os.fspath(checkpoint):
            raise ValueError("checkpoint is empty: name a folder")
        if not opened.stamped:
            raise ValueError("checkpoint is for files, which can be read again: leave it out, or pass a file")
        question = {
            "roles": [target, weights, offset, of_fold],
            "folds": folds,
            "encoding": encoding.to_dict(),
        }
        read = partial(_read_or_load, summing, Checkpoint(checkpoint, question))
    rows, parts = opened.reduce(read, add_sums, summing.columns) or (0, [])
    if rows == 0:
        raise ValueError(f"{opened.name} has no rows: at least one is needed")
    return Gathered(encoding.features, encoding, target, rows, tuple(parts))


def _open(source: Any, asked: dict[str, Any], client: Any) -> Source:
    """A source whose columns have names; every role is one of them."""
    for role, value in asked.items():
        named = isinstance(value, str) or (value is None and role != "target")
        if not (named or (role == "folds" and isinstance(value, int))):
            raise TypeError(f"{role} is {type(value).__name__}: pass the name of a column of the source")
    return open_source(source, client)


def _open_arrays(source: Any, asked: dict[str, Any], client: Any) -> Source:
    """An array and what stands beside it: arrays in ``asked`` become columns of the names of their roles."""
    if asked["target"] is None:
        raise TypeError("target is None: pass the response beside the array")
    beside = {role: value for role, value in asked.items() if not (value is None or isinstance(value, int))}
    asked.update({role: role for role in beside})
    return open_arrays(source, beside, client)


def _read_or_load(summing: Summing, kept: Checkpoint, piece: Piece) -> Sums:
    """The sums of a piece, from the checkpoint if it has them."""
    before = kept.load(piece.number, piece.stamp or {})
    if before is None:
        before = summing(piece)
        kept.save(piece.number, piece.stamp or {}, *before)
    elif summing.progress is not None:
        summing.progress(before[0])
    return before
