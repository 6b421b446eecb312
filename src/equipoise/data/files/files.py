"""Tables in files: CSV, Parquet, Arrow and JSON, read whole or in batches, with the help of DuckDB."""

import glob
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.data.arguments.messages import count, suggestion
from equipoise.data.files.arrow_files import ARROW, arrow_batches
from equipoise.data.files.gzipped import refuse_broken_gzip
from equipoise.data.files.headers import Header, open_bytes, read_header
from equipoise.data.files.json_files import read_json
from equipoise.data.files.queries import (
    QueryError,
    is_query,
    run_query,
    run_query_in_batches,
    run_sql,
    run_sql_in_batches,
)
from equipoise.data.frames.typed_table import typed_table
from equipoise.data.text.arrow_text import usual_batch, with_dates
from equipoise.data.text.names import nfc
from equipoise.data.text.reading import NOWHERE, NULLS, PLAIN, Origin, Reading, mark, mark_untyped

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = {
    ".csv": "CSV",
    ".tsv": "CSV",
    ".txt": "CSV",
    ".parquet": "Parquet",
    ".pq": "Parquet",
    ".json": "JSON",
    ".jsonl": "JSON lines",
    ".ndjson": "JSON lines",
    **dict.fromkeys(ARROW, "Arrow"),
}

BATCH_ENTRIES, MIN_BATCH_ROWS = 1 << 22, 1 << 10
"""Entries that a batch of Parquet has at most, 32 MB of numbers, but at least so many rows."""


def read_table(
    source: str | os.PathLike[str], reading: Reading = PLAIN, known: Mapping[str, bool] | None = None
) -> "pa.Table":
    """Return the rows of a file or of a query as an Arrow table.

    Parameters
    ----------
    source : str or Path
        A CSV file (``.csv``, ``.tsv``, ``.txt``; its first line names the columns), Parquet (``.parquet``,
        ``.pq``), Arrow (``.arrow``, ``.feather``, ``.ipc``) or JSON (``.jsonl``, ``.ndjson``, ``.json``),
        text files also gzipped (``.gz``); or an SQL query, recognised by its first word: SELECT, WITH, FROM,
        or ATTACH before one of them.
    reading : Reading
        How text is read.
    known : dict of str to bool, optional
        For the columns of a model, whether they are numeric: they are read as such.

    Returns
    -------
    pyarrow.Table
        At least one row. Empty entries of a CSV file and entries such as NA are null. The schema remembers
        how text was read (`marks_of`).

    Raises
    ------
    ImportError
        If DuckDB is not installed.
    OSError
        If there is no such file, or it cannot be opened.
    ValueError
        If the file is empty or not of the type that its name says, or the query fails.
    """
    text = os.fspath(source)
    query = is_query(source)
    table, origin = (run_query(text, _text_table), NOWHERE) if query else _read_file(Path(text))
    subject = "the query's result" if query else text
    if table.num_rows == 0:
        raise ValueError(f"{subject} has no rows: at least one is needed")
    if origin.line or reading != PLAIN or known is not None:
        table, forms = typed_table(table, reading, known, typed=not origin.line)
        reading = reading if known is not None else reading.found(forms)
    return mark(table, reading, origin)


def open_batches(
    source: str | Path, columns: Sequence[str] | None, *, rows: int
) -> Iterator["pa.RecordBatch"]:
    """Yield the rows of a file or of a query as Arrow record batches, without reading all of them first.

    Parameters
    ----------
    source : str or Path
        As in :func:`read_table`.
    columns : sequence of str or None
        Names of the columns to read; None for all.
    rows : int
        Largest number of rows in a batch.

    Raises
    ------
    ImportError, OSError, ValueError
        As in :func:`read_table`; a file that is broken further down raises when reading gets there.
    """
    if is_query(source):
        yield from run_query_in_batches(os.fspath(source), _text_table, columns, rows)
        return
    path = Path(source)
    kind = _check_file(path)
    if kind == "Parquet":
        yield from parquet_batches(path, columns, rows=rows)
    elif kind == "CSV":
        yield from _csv_batches(path, columns, rows)
    elif kind == "Arrow":
        for batch in map(usual_batch, arrow_batches(path)):
            some = batch if columns is None else batch.select(_existing(columns, batch.schema.names, path))
            yield from (some.slice(start, rows) for start in range(0, some.num_rows, rows))
    else:
        table = read_json(path, kind, _escape_globs(path), _compression(path))
        yield from (table if columns is None else table.select(list(columns))).to_batches(rows)


def _read_file(path: Path) -> tuple["pa.Table", Origin]:
    """The rows of a file, those of a text file as text, and where they come from."""
    kind = _check_file(path)
    if kind == "CSV":
        return _read_csv(path)
    if kind == "Arrow":
        import pyarrow as pa

        return pa.Table.from_batches(arrow_batches(path)), Origin(str(path))
    if kind != "Parquet":
        return read_json(path, kind, _escape_globs(path), _compression(path)), Origin(str(path))
    with _open_parquet(path) as file:  # DuckDB would rename columns whose names differ by case only
        return file.read(), Origin(str(path))


def _check_file(path: Path) -> str:
    """The type of a table file, by its name; an OSError or ValueError if it cannot be read."""
    kind = kind_of_file(path)
    if not path.exists():
        if "~" in path.name:
            raise FileNotFoundError(
                f"there is no file {path}: a formula goes with its data, as in X, y = formula('{path}', "
                f"data), or --formula '{path}' in a shell"
            )
        raise FileNotFoundError(f"there is no file {path}{_similar_tables(path)}")
    if path.is_dir():
        raise ValueError(f"{path} is a folder: name a file in it")
    if kind is None:
        raise ValueError(
            f"{path} is of unknown type '{path.suffix}': save it as one of {', '.join(KINDS)} "
            "(text also gzipped, .gz)"
        )
    if not os.access(path, os.R_OK):
        raise PermissionError(f"{path} cannot be read: no permission; ask its owner")
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty: it needs column names and at least one row")
    if _is_gzipped(path):
        refuse_broken_gzip(path)
    return kind


@contextmanager
def _open_parquet(path: Path) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Buffering in advance pays for remote storage only, and would hold all row groups at once.
        with pq.ParquetFile(path, pre_buffer=False) as file:
            yield file
    except (pa.ArrowInvalid, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ValueError(f"{path} is not a readable Parquet file, or was cut short: {reason}") from None


def row_group_runs(path: str | Path, rows: int) -> list[tuple[int, int, list[int]]]:
    """Cut a Parquet file into runs of row groups: (first row, number of rows, indices of the groups) of each.

    Parameters
    ----------
    path : str or Path
        A Parquet file.
    rows : int
        Smallest number of rows in a run, except in the last one.
    """
    _check_file(Path(path))
    runs: list[tuple[int, int, list[int]]] = []
    with _open_parquet(Path(path)) as file:
        start, groups = 0, list[int]()
        total = 0
        for group in range(file.metadata.num_row_groups):
            groups.append(group)
            total += file.metadata.row_group(group).num_rows
            if total - start >= rows:
                runs.append((start, total - start, groups))
                start, groups = total, []
    return [*runs, (start, total - start, groups)] if groups or not runs else runs


def parquet_batches(
    path: str | Path, columns: Sequence[str] | None, *, rows: int, groups: Sequence[int] | None = None
) -> Iterator["pa.RecordBatch"]:
    """Yield some row groups of a Parquet file as Arrow record batches.

    Parameters
    ----------
    path : str or Path
        The file.
    columns : sequence of str or None
        Names of the columns to read; None for all.
    rows : int
        Largest number of rows in a batch; batches of very many columns have fewer.
    groups : sequence of int, optional
        Indices of the row groups; all by default.
    """
    with _open_parquet(Path(path)) as file:
        known = {nfc(name): name for name in file.schema_arrow.names}
        names = [
            known[name] for name in ([*known] if columns is None else _existing(columns, [*known], path))
        ]
        fitting = min(rows, max(MIN_BATCH_ROWS, BATCH_ENTRIES // max(1, len(names))))
        yield from map(usual_batch, file.iter_batches(fitting, row_groups=groups, columns=names))


def _existing(columns: Sequence[str], known: Sequence[str], path: str | Path) -> list[str]:
    """The columns asked for; a ValueError if the file lacks one of them."""
    absent = sorted({*columns} - {*known})
    if absent:
        raise ValueError(f"{path} has no column '{absent[0]}': {suggestion(absent[0], known)}")
    return list(columns)


def _csv_batches(path: Path, columns: Sequence[str] | None, rows: int) -> Iterator["pa.RecordBatch"]:
    header, sql = _csv_query(path)
    try:
        for batch in run_sql_in_batches(sql, [_escape_globs(path)], "", rows):
            named = batch.rename_columns(header.names)
            some = named if columns is None else named.select(_existing(columns, header.names, path))
            yield mark_untyped(some)
    except QueryError as error:
        raise ValueError(_csv_complaint(path, error.report)) from None


def csv_texts(path: str | Path, columns: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
    """Yield each row's entries in some columns of a CSV file, as they are written there; None where empty.

    Parameters
    ----------
    path : str or Path
        The file.
    columns : sequence of str
        Names of the columns.
    """
    path = Path(path)
    header, sql = _csv_query(path, nulls=("",))
    try:
        for batch in run_sql_in_batches(sql, [_escape_globs(path)], "", MIN_BATCH_ROWS):
            texts = batch.rename_columns(header.names).select(_existing(columns, header.names, path))
            yield from zip(*(column.to_pylist() for column in texts.columns), strict=True)
    except QueryError as error:
        raise ValueError(_csv_complaint(path, error.report)) from None


def _csv_query(path: Path, nulls: Sequence[str] = NULLS) -> tuple[Header, str]:
    """The header of a CSV file, and the query that reads the rows below it as text."""
    header = read_header(path)
    columns = ", ".join(f"'c{j}': 'VARCHAR'" for j in range(len(header.names)))
    return header, (
        f"SELECT * FROM read_csv(?, header=true, delim='{header.delimiter}', quote='\"', escape='\"', "
        f"comment='', skip={header.lines_above}, nullstr=[{', '.join(map(repr, nulls))}], "
        f"hive_partitioning=false, auto_detect=false, columns={{{columns}}}{_compression(path)})"
    )


def _read_csv(path: Path) -> tuple["pa.Table", Origin]:
    header, sql = _csv_query(path)
    try:
        table = run_sql(sql, [_escape_globs(path)], "")
    except QueryError as error:
        raise ValueError(_csv_complaint(path, error.report)) from None
    first = header.lines_above + 2
    return table.rename_columns(header.names), Origin(
        str(path), first if _lines(path) - first + 1 == len(table) else -1
    )


def _text_table(pattern: str) -> "pa.Table":
    """The rows of the text files that a name or pattern in a query stands for, with their types."""
    import pyarrow as pa

    paths = (
        [Path(pattern)] if os.path.exists(pattern) else map(Path, sorted(glob.glob(pattern, recursive=True)))
    )
    tables = []
    for path in paths:
        _check_file(path)
        tables.append(_read_csv(path)[0])
    return with_dates(typed_table(pa.concat_tables(tables, promote_options="default"), PLAIN)[0])


def _lines(path: Path) -> int:
    """The number of lines of a text file; one at the end that is empty does not count."""
    number, last = 0, b""
    with open_bytes(path) as file:
        while block := file.read(2**20):
            number += block.count(b"\n")
            last = block
    return number + (not last.endswith(b"\n"))


def _csv_complaint(path: Path, report: str) -> str:
    """Say what is wrong in which line of a CSV file, from DuckDB's report."""
    found = re.search(r"on Line: (\d+)", report)
    where = f"{path} line {found[1]}" if found else str(path)
    width = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", report)
    if width:
        names = count(int(width[1]), "column")
        return (
            f"{where} has {count(int(width[2]), 'value')} but the first line names {names}: make them agree"
        )
    if "unterminated quote" in report:
        return f"{where} opens a quote that is never closed: close it"
    if "nicode" in report:
        return f"{where} is not UTF-8 text: save the file as UTF-8"
    return f"{where} is not well-formed CSV: look for stray quotes and mixed line endings"


def kind_of_file(path: Path) -> str | None:
    """Return the type of table that a file's name says it holds; None if it is none of `KINDS`.

    Parameters
    ----------
    path : Path
        The file, possibly gzipped.
    """
    kind = KINDS.get(Path(path.name.lower().removesuffix(".gz")).suffix)
    return None if _is_gzipped(path) and kind == "Parquet" else kind


def _is_gzipped(path: Path) -> bool:
    return path.name.lower().endswith(".gz")


def _compression(path: Path) -> str:
    return ", compression='gzip'" if _is_gzipped(path) else ""


def _escape_globs(path: Path) -> str:
    """An absolute path in which DuckDB takes no character for a wildcard."""
    return re.sub(r"[*?\[]", r"[\g<0>]", os.path.abspath(path))


def _similar_tables(path: Path) -> str:
    """What to say of the tables in the folder where a file was not found."""
    folder = path.parent
    if not folder.is_dir():
        return f": there is no folder {folder} either"
    tables = sorted(entry.name for entry in folder.iterdir() if kind_of_file(entry))
    return f": {suggestion(path.name, tables, 'table')}"
