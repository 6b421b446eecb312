"""SQL queries run by DuckDB: a user's, over files and attached databases, and this library's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

QUERY = re.compile(r"(\s|\(|--[^\n]*\n)*(select|with|from|attach)[\s'\"(*]", re.IGNORECASE)
QUERY_FAILED = "the query failed"
# Statements that may come before a query: none of them writes.
ALLOWED_FIRST = ("ATTACH", "SET", "VARIABLE_SET", "LOAD", "PRAGMA")


class QueryError(ValueError):
    """A complaint that ends with the first line of DuckDB's error; `report` is the whole error."""

    def __init__(self, complaint: str, report: str) -> None:
        super().__init__(f"{complaint}: {report.strip().splitlines()[0]}")
        self.report = report


def is_query(source: str | os.PathLike[str]) -> bool:
    """Tell whether a source is an SQL query and not the name of a file.

    Parameters
    ----------
    source : str or Path
        A query or a file name.
    """
    return isinstance(source, str) and bool(QUERY.match(source)) and not os.path.exists(source)


def run_query(query: str) -> pa.Table:
    """Return the rows of a user's query.

    Parameters
    ----------
    query : str
        One SELECT, possibly after ATTACH and USE; databases are attached read-only.

    Raises
    ------
    ImportError
        If DuckDB is not installed.
    ValueError
        If the query fails, or does anything but read.
    """
    before, sql = _split_statements(query)
    return run_sql(sql, [], QUERY_FAILED, before)


def run_query_in_batches(query: str, columns: Sequence[str] | None, rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a user's query as Arrow record batches.

    Parameters
    ----------
    query : str
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
    before, sql = _split_statements(query)
    names = "*" if columns is None else ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
    yield from run_sql_in_batches(f"SELECT {names} FROM (\n{sql}\n)", [], QUERY_FAILED, rows, before)


def run_sql(sql: str, parameters: Sequence[str], complaint: str, before: Sequence[str] = ()) -> pa.Table:
    """Return the rows of a query as an Arrow table.

    Parameters
    ----------
    sql : str
        The query.
    parameters : sequence of str
        The values of its ``?``.
    complaint : str
        How the error message begins if the query fails.
    before : sequence of str
        Statements to run first.
    """
    with _open_relation(sql, parameters, complaint, before) as relation:
        return relation.to_arrow_table()


def run_sql_in_batches(
    sql: str, parameters: Sequence[str], complaint: str, rows: int, before: Sequence[str] = ()
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a query as Arrow record batches.

    Parameters
    ----------
    sql, parameters, complaint, before
        As in :func:`run_sql`.
    rows : int
        Largest number of rows in a batch.
    """
    with _open_relation(sql, parameters, complaint, before) as relation:
        yield from relation.to_arrow_reader(rows)


@contextmanager
def _open_relation(
    sql: str, parameters: Sequence[str], complaint: str, before: Sequence[str]
) -> Iterator[Any]:
    """The result of a query, on a connection that stays open until its rows have been fetched."""
    duckdb = _duckdb()
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET enable_progress_bar = false; SET python_enable_replacements = false")
        try:
            for statement in before:
                connection.execute(statement)
            relation = connection.sql(sql, params=list(parameters))
            if relation is None:
                raise QueryError(complaint, "it returns no table")
            yield relation
        except (duckdb.Error, OSError, RuntimeError) as error:
            if "interrupt" in str(error).lower():  # DuckDB turns Ctrl-C into an error of its own
                raise KeyboardInterrupt from None
            if isinstance(error, RuntimeError) and not isinstance(error, duckdb.Error):
                raise
            raise QueryError(complaint, str(error)) from None


def _duckdb() -> Any:
    try:
        import duckdb
        import pyarrow  # noqa: F401  # DuckDB imports it when rows are fetched, and fails less clearly
    except ImportError:
        raise ImportError('reading files needs DuckDB: pip install "equipoise[cli]"') from None
    return duckdb


def _split_statements(query: str) -> tuple[list[str], str]:
    """The statements before a query, and the query; a ValueError if any of them could write."""
    duckdb = _duckdb()
    try:
        *before, last = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise QueryError(QUERY_FAILED, str(error)) from None
    wrong = [statement for statement in before if statement.type.name not in ALLOWED_FIRST]
    if wrong or last.type.name != "SELECT":
        text = (wrong[0] if wrong else last).query.strip().splitlines()[0]
        raise ValueError(
            f"a query only reads, but '{text}' does something else: pass one SELECT, after ATTACH and USE if "
            "it needs them"
        )
    return [_attach_read_only(statement) for statement in before], last.query.strip().rstrip(";")


def _attach_read_only(statement: Any) -> str:
    """The statement; an ATTACH without options of its own gets READ_ONLY."""
    text: str = statement.query.strip().rstrip(";")
    if statement.type.name == "ATTACH" and not text.endswith(")"):
        text += " (READ_ONLY)"
    return text
