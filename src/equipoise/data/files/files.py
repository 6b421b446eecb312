"""Tables in files: CSV, Parquet, Arrow and JSON, read whole or in batches, with the help of DuckDB."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.data.arguments.messages import count, suggestion
from equipoise.data.files.arrow_files import ARROW, arrow_batches
from equipoise.data.files.gzipped import refuse_broken_gzip
from equipoise.data.files.headers import Header, read_header
from equipoise.data.files.queries import (
    QueryError,
    is_query,
    run_query,
    run_query_in_batches,
    run_sql,
    run_sql_in_batches,
)

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

NULLS = ("", "NA", "N/A", "NaN", "nan", "NULL", "null")
"""Entries that are missing values in a CSV file; a column with such entries can still be numeric."""


def read_table(source: str | Path) -> "pa.Table":
    """Return the rows of a file or of a query as an Arrow table.

    Parameters
    ----------
    source : str or Path
        A CSV file (``.csv``, ``.tsv``, ``.txt``; its first line names the columns), Parquet (``.parquet``,
        ``.pq``), Arrow (``.arrow``, ``.feather``, ``.ipc``) or JSON (``.jsonl``, ``.ndjson``, ``.json``),
        text files also gzipped (``.gz``); or an SQL query, recognised by its first word: SELECT, WITH, FROM,
        or ATTACH before one of them.

    Returns
    -------
    pyarrow.Table
        At least one row. Empty entries of a CSV file and entries such as NA are null.

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
    if is_query(source):
        table = run_query(text)
        subject = "the query's result"
    else:
        table = _read_file(Path(text))
        subject = text
    if table.num_rows == 0:
        raise ValueError(f"{subject} has no rows: at least one is needed")
    return table


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
        yield from run_query_in_batches(os.fspath(source), columns, rows)
        return
    path = Path(source)
    kind = _check_file(path)
    if kind == "Parquet":
        yield from parquet_batches(path, columns, rows=rows)
    elif kind == "CSV":
        yield from _csv_batches(path, columns, rows)
    elif kind == "Arrow":
        for batch in arrow_batches(path):
            some = batch if columns is None else batch.select(_existing(columns, batch.schema.names, path))
            yield from (some.slice(start, rows) for start in range(0, some.num_rows, rows))
    else:
        table = _read_json(path, kind)
        yield from (table if columns is None else table.select(list(columns))).to_batches(rows)


def _read_file(path: Path) -> "pa.Table":
    kind = _check_file(path)
    if kind == "CSV":
        return _read_csv(path)
    if kind == "Arrow":
        import pyarrow as pa

        return pa.Table.from_batches(arrow_batches(path))
    if kind != "Parquet":
        return _read_json(path, kind)
    return run_sql(
        "SELECT * FROM read_parquet(?, hive_partitioning=false)",
        [_escape_globs(path)],
        f"{path} is not a readable Parquet file",
    )


def _check_file(path: Path) -> str:
    """The type of a table file, by its name; an OSError or ValueError if it cannot be read."""
    kind = kind_of_file(path)
    if not path.exists():
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


def _read_json(path: Path, kind: str) -> "pa.Table":
    complaint = f"{path} is not a readable {kind} file"
    layout = "auto" if kind == "JSON" else "newline_delimited"
    options = f"format='{layout}', sample_size=-1, hive_partitioning=false{_compression(path)}"
    table = run_sql(f"SELECT * FROM read_json(?, {options})", [_escape_globs(path)], complaint)
    if table.column_names == ["json"]:
        raise ValueError(f'{complaint}: it must hold objects such as {{"age": 31, "city": "Oslo"}}')
    return table


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
        known = file.schema_arrow.names
        names = known if columns is None else _existing(columns, known, path)
        fitting = min(rows, max(MIN_BATCH_ROWS, BATCH_ENTRIES // max(1, len(names))))
        yield from file.iter_batches(fitting, row_groups=groups, columns=names)


def _existing(columns: Sequence[str], known: Sequence[str], path: str | Path) -> list[str]:
    """The columns asked for; a ValueError if the file lacks one of them."""
    absent = sorted({*columns} - {*known})
    if absent:
        raise ValueError(f"{path} has no column '{absent[0]}': {suggestion(absent[0], known)}")
    return list(columns)


def _csv_batches(path: Path, columns: Sequence[str] | None, rows: int) -> Iterator["pa.RecordBatch"]:
    header, dialect = _csv_dialect(path)
    complaint = f"{path} is not a well-formed CSV file"
    sql = f"SELECT * FROM read_csv(?, {dialect}, sample_size=-1"
    try:
        if header.delimiter == ";":
            first = run_sql(f"{sql}) LIMIT {rows}", [_escape_globs(path)], complaint)
            sql += ", decimal_separator=','" if _has_decimal_commas(first) else ""
        for batch in run_sql_in_batches(f"{sql})", [_escape_globs(path)], complaint, rows):
            if batch.num_columns != len(header.names):
                raise ValueError(
                    _csv_complaint(path, header, dialect) or f"{complaint}: its rows differ in length"
                )
            names = [name or given for name, given in zip(header.names, batch.schema.names, strict=True)]
            named = batch.rename_columns(names)
            yield named if columns is None else named.select(_existing(columns, names, path))
    except QueryError as error:
        raise ValueError(_csv_complaint(path, header, dialect) or str(error)) from None


def _csv_dialect(path: Path) -> tuple[Header, str]:
    """The header of a CSV file, and DuckDB's options for reading the rows below it."""
    header = read_header(path)
    return header, (
        f"header=true, delim='{header.delimiter}', quote='\"', escape='\"', comment='', "
        f"skip={header.blank_lines}, nullstr=[{', '.join(map(repr, NULLS))}], hive_partitioning=false"
        f"{_compression(path)}"
    )


def _read_csv(path: Path) -> "pa.Table":
    header, dialect = _csv_dialect(path)
    complaint = f"{path} is not a well-formed CSV file"
    sql = f"SELECT * FROM read_csv(?, {dialect}, sample_size=-1"
    try:
        table = run_sql(f"{sql})", [_escape_globs(path)], complaint)
        if header.delimiter == ";" and _has_decimal_commas(table):
            table = run_sql(f"{sql}, decimal_separator=',')", [_escape_globs(path)], complaint)
    except QueryError as error:
        raise ValueError(_csv_complaint(path, header, dialect) or str(error)) from None
    if table.num_columns != len(header.names):
        raise ValueError(_csv_complaint(path, header, dialect) or f"{complaint}: its rows differ in length")
    pairs = list(zip(header.names, table.column_names, strict=True))
    if not all(given.strip().startswith(name) for name, given in pairs):
        raise ValueError(
            f"{complaint}: it is not clear which line names the columns; remove any lines above it"
        )
    return table.rename_columns([name or given for name, given in pairs])


def _has_decimal_commas(table: "pa.Table") -> bool:
    """Tell whether a column of text holds only numbers such as 1,5, while no column was read as floats."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if any(pa.types.is_floating(column.type) for column in table.columns):
        return False
    number = r"^\s*[-+]?\d+(,\d+)?\s*$"
    texts = [column for column in table.columns if pa.types.is_string(column.type)]
    return any(pc.all(pc.match_substring_regex(column, number)).as_py() for column in texts)


def _csv_complaint(path: Path, header: Header, dialect: str) -> str:
    """Say what is wrong in which line of a CSV file: DuckDB names the line when it reads plain text."""
    columns = ", ".join(f"'c{j}': 'VARCHAR'" for j in range(len(header.names)))
    sql = f"SELECT * FROM read_csv(?, {dialect}, auto_detect=false, columns={{{columns}}})"
    try:
        run_sql(sql, [_escape_globs(path)], "")
    except QueryError as error:
        report = error.report
    else:
        return ""
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
