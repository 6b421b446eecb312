"""Read data of any size once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from equipoise.data.arguments.calls import verb
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.data.text.reading import Reading
from equipoise.sums.gather import MEMORY, gather_source
from equipoise.sums.gathered import Gathered


@verb
def gather(
    source: Any,
    y: Any = None,
    *,
    folds: Any = 10,
    groups: Any = None,
    sample_weight: Any = None,
    offset: Any = None,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    target: Any = None,
    weights: Any = None,
    memory: int = MEMORY,
    checkpoint: str | os.PathLike[str] | None = None,
    client: Any = None,
    progress: Callable[[int], None] | None = None,
    null: str | Sequence[str] = (),
    decimal: str | None = None,
    thousands: str | None = None,
    as_number: str | Sequence[str] = (),
    as_text: str | Sequence[str] = (),
    missing: str = "error",
) -> Gathered:
    """Read data of any size once, in batches, and keep what squared loss asks of them.

    Keeps means and centred cross-products, (p + 1)² numbers a fold. They stand for X and y in :func:`fit`,
    :func:`path` and :func:`cross_validate`, whatever the penalty, standardisation, bounds and strengths,
    without another look at the data.

    Parameters
    ----------
    source : path, SQL query, data frame, stream or array
        A file (CSV, Parquet, Arrow, JSON lines), a folder of them or a pattern such as ``"data/*.parquet"``,
        an SQL query over files and attached databases, a data frame, a ``pyarrow.RecordBatchReader`` or
        anything else with the Arrow C stream interface; a ``dask.dataframe.DataFrame`` or a
        ``pyspark.sql.DataFrame``, whose partitions are summed up on the workers that hold them; a 2-D array
        of NumPy or ``dask.array``.
    y : str, or (n,) array
        The column to explain; beside an array, an array.
    folds : int, str, (n,) array or None, default 10
        How many folds rows are sorted into, by their response and up to 24 features, so that neither order
        nor batches matter, and rows that are equal in these are held out together (few rows may leave a fold
        empty); or the column that says it, of whole numbers or of text; None where nothing is to be
        cross-validated.
    groups : str, or (n,) array, optional
        The column of groups, of text or numbers: rows of a group are held out together. That number of
        folds shares out whole groups, the largest first, each into the fold with the fewest rows, which
        takes a first scan of this column alone; sums of grouped data do not add up.
    sample_weight, offset : str, or (n,) array, optional
        Sample weights, and a known part of each row's prediction.
    names : sequence of p str, optional
        Names for the columns of an array; x1 … xp by default.
    features, drop : sequence of str, optional
        The columns that are features, in this order, and columns to leave out; by default all the others of
        the first batch are features. Columns that only later files have are ignored, and so are the names
        of Hive's folders.
    reference : "binary", dict of str to str, or None, default "binary"
        The level of a column of text that makes no feature, as in :func:`fit`.
    categories : dict of str to sequence of str, optional
        The levels of columns of text. Those of other such columns are found in a first scan of these alone,
        which a stream, read only once, does not allow; and data that are to be added need the same levels.
    target, weights : optional
        Other names for ``y`` and ``sample_weight``.
    memory : int, default 2 GiB
        Bytes that the moments may take; more is refused before anything is read. Reading takes some hundred
        megabytes beside them.
    checkpoint : path, optional
        A folder for the moments of every file (of every million rows of a Parquet file) as it has been read,
        so that an interrupted pass goes on from there, with the same result to the last bit.
    client : distributed.Client, optional
        A client of Dask whose workers do the reading: they open files under the names that these have here,
        and write a checkpoint where they run.
    progress : callable, optional
        Called with the number of rows of each batch that is read in this process.
    null, decimal, thousands, as_number, as_text : optional
        How text is read, as for :func:`equipoise.read`.
    missing : {"error", "drop"}, default "error"
        Refuse missing values, or leave out the rows in which a feature, y, the weight or the offset is
        missing; ``missing`` of the result counts them, by column. Levels that only such rows have are no
        levels. Means ("mean") would take another pass.

    Returns
    -------
    Gathered
        Moments by fold; ``+`` joins them with those of other rows.

    Raises
    ------
    ImportError
        If pyarrow or DuckDB is missing.
    OSError
        If there is no such file.
    ValueError, TypeError
        If there is no such column, or it changes its type between batches, or holds a value that is missing
        (unless such rows are dropped) or infinite: in a sentence that names the file, the row and the column.

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
    return gather_source(
        source,
        _either("y", y, "target", target),
        folds=folds,
        groups=groups,
        weights=_either("sample_weight", sample_weight, "weights", weights),
        offset=offset,
        columns=ColumnChoice(names, features, drop, reference, categories),
        memory=memory,
        checkpoint=checkpoint,
        client=client,
        progress=progress,
        reading=Reading.asked(null, decimal, thousands, as_number, as_text),
        missing=missing,
    )


def _either(name: str, value: Any, other: str, alias: Any) -> Any:
    """An argument that has two names."""
    if value is not None and alias is not None:
        raise TypeError(f"{name} and {other} are one argument: pass {name} alone")
    return alias if value is None else value
