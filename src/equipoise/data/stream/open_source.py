"""Sources of rows from files, queries, frames and streams, and the encoding of their columns as features."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from equipoise.data.arguments.messages import quoted, suggestion
from equipoise.data.files.files import KINDS, kind_of_file, open_batches, parquet_batches, row_group_runs
from equipoise.data.files.queries import is_query
from equipoise.data.frames.columns import columns_of, kind_of, open_frame, pick_columns
from equipoise.data.frames.encoding import Column, Encoding
from equipoise.data.frames.features import refuse_identifier
from equipoise.data.stream.piece import Piece, stream_piece
from equipoise.data.stream.source import Pieces, Source

BATCH_ROWS = 1 << 16  # most rows of a batch
PIECE_ROWS = 1 << 20  # fewest rows of a piece of a Parquet file, but for the last


def open_source(source: Any, client: Any = None) -> Source:
    """Return a source of rows.

    Parameters
    ----------
    source : path, SQL query, frame, or anything with the Arrow C stream interface
        A file, a folder of files, or a pattern such as ``data/*.parquet``. A ``pyarrow.RecordBatchReader``
        and other streams can be read only once. Frames of Dask and Spark are read on their workers.
    client : distributed.Client, optional
        The Dask client whose workers read files and frames of Dask.

    Returns
    -------
    Source
        The source, of which nothing has been read yet.

    Raises
    ------
    ImportError
        If pyarrow or DuckDB is needed and not installed.
    OSError, TypeError, ValueError
        If there is nothing to read, or the source is of another type.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise ImportError('reading batches needs pyarrow: pip install "equipoise[cli]"') from None
    if isinstance(source, (str, os.PathLike)):
        files = open_pieces(source)
        if client is None:
            return files
        from equipoise.data.stream.on_dask import DaskFiles

        return DaskFiles(client, files)
    if (cluster := open_cluster(source, client)) is not None:
        return cluster
    if not hasattr(source, "__arrow_c_stream__"):
        raise TypeError(
            f"source is {type(source).__name__}: pass a file, a folder, an SQL query, a data frame, or a "
            "stream of Arrow record batches"
        )

    def read(columns: Sequence[str] | None) -> Iterator[Any]:
        return stream_piece(pa.RecordBatchReader.from_stream(source)).open(columns)

    # A frame has a length and can be read again; a stream has none.
    return Pieces((Piece("the source", read),), repeatable=hasattr(source, "__len__"))


def open_pieces(source: str | os.PathLike[str]) -> Pieces:
    """Return the pieces of files, or of a query.

    Parameters
    ----------
    source : path or SQL query
        As in `open_source`.

    Returns
    -------
    Pieces
        A piece for each file, or several for a long Parquet file.
    """
    found = _file_pieces(os.fspath(source))
    return Pieces(tuple(replace(piece, number=number) for number, piece in enumerate(found)), True)


def _file_pieces(source: str) -> Iterator[Piece]:
    """The pieces of a file, folder, pattern or query, not numbered yet."""
    if is_query(source):
        yield Piece("the query's result", partial(open_batches, source, rows=BATCH_ROWS))
        return
    path = Path(source)
    if path.is_dir():
        found = [
            p
            for p in sorted(path.rglob("*"))
            if kind_of_file(p) is not None and p.is_file() and not _hidden(p, path)
        ]
        if not found:
            raise FileNotFoundError(f"the folder {path} holds no table: files end in {', '.join(KINDS)}")
    elif any(c in source for c in "*?[") and not path.exists():
        found = [Path(name) for name in sorted(glob.glob(source, recursive=True))]
        if not found:
            raise FileNotFoundError(f"no file matches {source}")
    else:
        found = [path]
    for file in found:
        if file.suffix.lower() in (".parquet", ".pq"):
            for row, rows, groups in row_group_runs(file, PIECE_ROWS):
                read = partial(parquet_batches, file, rows=BATCH_ROWS, groups=groups)
                yield Piece(str(file), read, row=row, rows=rows, stamp=_stamp(file, row), can_read_ahead=True)
        else:
            yield Piece(
                str(file),
                partial(open_batches, file, rows=BATCH_ROWS),
                stamp=_stamp(file, 0) if file.exists() else None,
            )


def _stamp(file: Path, row: int) -> dict[str, Any]:
    """File, size, modification time and first row, which together change when the data do."""
    status = file.stat()
    return {"file": str(file.resolve()), "size": status.st_size, "changed": status.st_mtime_ns, "row": row}


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def learn_encoding(
    first: Any,
    source: Source,
    roles: Sequence[str],
    features: Sequence[str] | None,
    drop: Sequence[str],
    reference: object = "binary",
    categories: object = None,
) -> Encoding:
    """Return the encoding of the columns that are features; columns of text are scanned for their levels.

    Parameters
    ----------
    first : pyarrow.RecordBatch
        The first batch of the source.
    source : Source
        The source.
    roles : sequence of str
        Columns that are not features: the target, weights, offset and folds.
    features : sequence of str, optional
        The columns that are features; by default all that have no role.
    drop : sequence of str
        Columns to leave out.
    reference, categories
        As in :func:`equipoise.fit`.

    Returns
    -------
    Encoding
        The columns in the order of `features`, by default of the source.

    Raises
    ------
    ValueError, TypeError
        If a column does not exist, is neither numbers nor text, or is text in a source that can be read only
        once.
    """
    import pyarrow as pa

    table = pa.Table.from_batches([first])
    for name in roles:
        if name not in table.column_names:
            raise ValueError(f"there is no column '{name}': {suggestion(name, table.column_names)}")
    for name in features or ():
        if name in roles:
            raise ValueError(f"column '{name}' has another role: it cannot be a feature too")
    picked = pick_columns(table, keep=features, drop=[*(() if features else roles), *drop])
    kinds = {name: kind_of(series) for name, series in columns_of(open_frame(picked)).items()}
    wrong = [name for name, kind in kinds.items() if kind is None]
    if wrong:
        raise TypeError(
            f"column '{wrong[0]}' holds {table.schema.field(wrong[0]).type}, neither numbers nor text: "
            "drop it"
        )
    if not kinds:
        raise ValueError("no column is left to be a feature: drop fewer columns")
    texts = [name for name, kind in kinds.items() if kind == "category"]
    if texts and not source.repeatable:
        raise ValueError(
            f"columns {quoted(texts)} are text, whose levels have to be found before the rows are summed up, "
            "but the source can be read only once: pass a file, a query or a frame, or drop them"
        )
    levels = _scan_levels(source, texts) if texts else {}
    return Encoding(
        tuple(
            Column(name, "category", levels[name]) if kind == "category" else Column(name, "numeric")
            for name, kind in kinds.items()
        )
    )


def _scan_levels(source: Source, texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The levels of columns of text, sorted, from one pass over these columns."""
    nothing: tuple[int, dict[str, set[str]]] = (0, {})
    rows, found = source.reduce(partial(_piece_levels, texts=tuple(texts)), _merge_levels, texts) or nothing
    if not rows:
        raise ValueError(f"{source.name} has no rows: at least one is needed")
    for name in texts:
        if not found[name]:
            raise ValueError(f"column '{name}' has no value in any row: drop it")
        refuse_identifier(name, len(found[name]), rows)
    return {name: tuple(sorted(found[name])) for name in texts}


def _piece_levels(piece: Piece, texts: Sequence[str]) -> tuple[int, dict[str, set[str]]]:
    """The number of rows of a piece, and the distinct values of its columns of text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = 0
    found: dict[str, set[str]] = {name: set() for name in texts}
    for batch in piece.open(texts):
        rows += batch.num_rows
        for name in texts:
            values = batch.column(name)
            if pa.types.is_dictionary(values.type):
                values = values.cast(values.type.value_type)
            found[name].update(str(v) for v in pc.unique(values).to_pylist() if v is not None)
    return rows, found


def _merge_levels(
    some: tuple[int, dict[str, set[str]]], others: tuple[int, dict[str, set[str]]]
) -> tuple[int, dict[str, set[str]]]:
    return some[0] + others[0], {name: some[1][name] | others[1][name] for name in some[1]}


def open_cluster(source: Any, client: Any = None) -> Source | None:
    """Return the source of a frame of Dask or Spark; None for anything else.

    Parameters
    ----------
    source : dask.dataframe.DataFrame, pyspark.sql.DataFrame or anything else
        The frame.
    client : distributed.Client, optional
        The Dask client whose workers read a frame of Dask.
    """
    package = type(source).__module__.partition(".")[0]
    if package == "dask" and "dask.dataframe" in sys.modules and hasattr(source, "to_delayed"):
        from equipoise.data.stream.on_dask import DaskFrame

        return DaskFrame(client, source)
    if package == "pyspark" and hasattr(source, "mapInArrow"):
        from equipoise.data.stream.on_spark import SparkFrame

        return SparkFrame(source)
    return None
