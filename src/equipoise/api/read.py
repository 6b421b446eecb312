"""Read a table, saying how its text is to be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from equipoise.data.arguments.calls import verb
from equipoise.data.stream.read_whole import read_whole
from equipoise.data.text.reading import Reading


@verb
def read(
    source: Any,
    *,
    null: str | Iterable[str] = (),
    decimal: str | None = None,
    thousands: str | None = None,
    as_number: str | Iterable[str] = (),
    as_text: str | Iterable[str] = (),
) -> Any:
    """Read a file, a query or a data frame whose text has to be explained, for use as X in every verb.

    A column of a text file holds numbers if all its values are numbers, and levels if none or few are; what
    lies between is refused by the verb that uses it, with the value, its line and these remedies.

    Parameters
    ----------
    source : path, SQL query or data frame
        A file (CSV, Parquet, Arrow, JSON), a folder of files, a pattern such as ``"data/*.csv"``, a query, or
        a data frame.
    null : str or sequence of str, optional
        Entries that mean a missing value; in text files an empty one, NA, N/A, NaN, nan, NULL and null always
        do.
    decimal : {".", ","}, optional
        The decimal mark; by default found out for each column.
    thousands : {",", ".", " ", "'", "_"}, optional
        The mark between groups of three digits; none by default.
    as_number : str or sequence of str, optional
        Columns that hold numbers although they look like codes (``00501``), or are text in a frame.
    as_text : str or sequence of str, optional
        Columns whose values are levels, numbers or not.

    Returns
    -------
    pyarrow.Table
        Every verb takes it as X; a model fitted on it remembers how text was read, in its file too, and
        predicts accordingly.

    Raises
    ------
    ImportError
        If pyarrow or DuckDB is missing.
    OSError
        If there is no such file.
    TypeError, ValueError
        If the source cannot be read, or an argument is wrong.

    Examples
    --------
    >>> import equipoise as eq, pyarrow as pa
    >>> table = eq.read(pa.table({"price": ["1,5", "?", "12,25"]}), null="?", decimal=",")
    >>> table.column("price").to_pylist()
    [1.5, None, 12.25]
    """
    return read_whole(source, Reading.asked(null, decimal, thousands, as_number, as_text))
