"""Sources of rows from files, queries, frames and streams."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from equipoise.data.arguments.optional import import_for
from equipoise.data.files.files import KINDS, kind_of_file, open_batches, parquet_batches, row_group_runs
from equipoise.data.files.queries import is_query
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
    pa = import_for("reading batches needs", "pyarrow", "equipoise[cli]")
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
            f"source is {type(source).__name__}: pass a file, a folder, an SQL query, a data frame (pandas "
            "from 2.2, polars from 1.3), or a stream of Arrow record batches"
        )

    def read(columns: Sequence[str] | None) -> Iterator[Any]:
        return stream_piece(pa.RecordBatchReader.from_stream(source)).open(columns)

    # A frame has a length and can be read again; a stream has none.
    return Pieces((Piece("the source", read),), repeatable=hasattr(source, "__len__"))


def is_several(source: str | os.PathLike[str]) -> bool:
    """Tell whether a source is a folder, or a pattern of file names.

    Parameters
    ----------
    source : path or SQL query
        As in `open_source`.
    """
    text = os.fspath(source)
    if os.path.isdir(text):
        return True
    return any(c in text for c in "*?[") and not os.path.exists(text) and not is_query(text)


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
    elif is_several(source):
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
