"""SQL queries run by DuckDB: a user's, over files and attached databases, and this library's own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from equipoise.data.arguments.optional import import_for
from equipoise.data.files.statements import (
    begins_like_query,
    blank_end,
    read_only,
    refuse_misspelt,
    refuse_unread,
    text_files,
    unquoted_file,
)

if TYPE_CHECKING:
    import pyarrow as pa

QUERY_FAILED = "the query failed"

# Extensions are never downloaded. With the configuration locked, no query can switch on a log or a profile
# that is written to a file.
SETTINGS = """
    SET enable_progress_bar = false;
    SET python_enable_replacements = false;
    SET autoinstall_known_extensions = false;
    SET lock_configuration = true;
"""


class QueryError(ValueError):
    """A complaint that ends with the first line of DuckDB's error; `report` is the whole error."""

    def __init__(self, complaint: str, report: str) -> None:
        reason = report.strip().splitlines()[0]
        if absent := re.search(r'using "INSTALL (\w+)"', report):
            reason = (
                f"it needs DuckDB's extension {absent[1]}, which is not installed: install it once, "
                f"python -c \"import duckdb; duckdb.execute('INSTALL {absent[1]}')\""
            )
        super().__init__(f"{complaint}: {reason}")
        self.report = report


def is_query(source: str | os.PathLike[str]) -> bool:
    """Tell whether a source is an SQL query, or meant as one, and not the name of a file.

    Parameters
    ----------
    source : str or Path
        A query or a file name.
    """
    return isinstance(source, str) and begins_like_query(source) and not os.path.exists(source)


def run_query(query: str, text_table: Callable[[str], pa.Table]) -> pa.Table:
    """Return the rows of a user's query.

    Parameters
    ----------
    query : str
        One SELECT, possibly after ATTACH and USE; databases are attached read-only.
    text_table : callable
        Returns the table of the text files that a name or pattern in the query stands for, so that DuckDB
        does not guess their types.

    Raises
    ------
    ImportError
        If DuckDB is not installed.
    ValueError
        If the query fails, or does anything but read.
    """
    with _open_query(query, text_table) as relation:
        return relation.to_arrow_table()


def run_query_in_batches(
    query: str, text_table: Callable[[str], pa.Table], columns: Sequence[str] | None, rows: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a user's query as Arrow record batches.

    Parameters
    ----------
    query, text_table
        As in :func:`run_query`.
    columns : sequence of str or None
        Names of the columns to read; None for all.
    rows : int
        Largest number of rows in a batch.

    Raises
    ------
    ImportError, ValueError
        As in :func:`run_query`.
    """
    with _open_query(query, text_table) as relation:
        if columns is not None:
            relation = relation.project(", ".join('"' + name.replace('"', '""') + '"' for name in columns))
        yield from relation.to_arrow_reader(rows)


def run_sql(sql: str, parameters: Sequence[str], complaint: str) -> pa.Table:
    """Return the rows of a query of this library as an Arrow table.

    Parameters
    ----------
    sql : str
        The query.
    parameters : sequence of str
        The values of its ``?``.
    complaint : str
        How the error message begins if the query fails.
    """
    with _connect(complaint) as connection:
        return connection.sql(sql, params=list(parameters)).to_arrow_table()


def run_sql_in_batches(
    sql: str, parameters: Sequence[str], complaint: str, rows: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a query of this library as Arrow record batches.

    Parameters
    ----------
    sql, parameters, complaint
        As in :func:`run_sql`.
    rows : int
        Largest number of rows in a batch.
    """
    with _connect(complaint) as connection:
        yield from connection.sql(sql, params=list(parameters)).to_arrow_reader(rows)


@contextmanager
def _open_query(query: str, text_table: Callable[[str], pa.Table]) -> Iterator[Any]:
    """The result of a user's query, on a connection that stays open until its rows have been fetched."""
    refuse_misspelt(query)
    try:
        with _connect(QUERY_FAILED) as connection:
            *before, select = refuse_unread(connection, connection.extract_statements(query))
            for statement in before:
                connection.execute(read_only(statement.query))
            for name in text_files(select.query):
                connection.register(name, text_table(name))
            yield connection.sql(blank_end(select.query))
    except QueryError as error:
        if error.report.startswith("Parser") and (file := unquoted_file(query)):
            raise ValueError(
                f"{QUERY_FAILED}: the file name {file} needs quotes in it, select * from '{file}'"
            ) from None
        raise


@contextmanager
def _connect(complaint: str) -> Iterator[Any]:
    """A connection of its own to an empty database in memory; errors of DuckDB become a QueryError."""
    duckdb = import_for("reading files needs", "duckdb", "equipoise[cli]")
    # DuckDB imports it when rows are fetched, and fails less clearly.
    import_for("reading files needs", "pyarrow", "equipoise[cli]")
    with duckdb.connect(":memory:") as connection:
        try:
            connection.execute(SETTINGS)
            yield connection
        except (duckdb.Error, OSError, RuntimeError) as error:
            if "interrupt" in str(error).lower():  # DuckDB turns Ctrl-C into an error of its own
                raise KeyboardInterrupt from None
            raise QueryError(complaint, str(error)) from None
