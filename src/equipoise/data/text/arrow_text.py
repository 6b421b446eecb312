"""Text in Arrow's columns: its profile, and its conversion to numbers or booleans.

Numbers written plainly are recognised and converted by Arrow at once; only other texts are looked at one by
one, each distinct text once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from equipoise.data.text.forms import (
    COMMA,
    DATE,
    DOTTED,
    GROUP_OF_THREE,
    WHOLE,
    Kind,
    Profile,
    number_pattern,
    parse_number,
)
from equipoise.data.text.reading import Form

ARROW_READS = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"
"""Numbers that Arrow's own cast reads."""


def is_text(kind: Any) -> bool:
    """Tell whether an Arrow type is plain text.

    Parameters
    ----------
    kind : pyarrow.DataType
        The type.
    """
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def with_nulls(column: Any, null: tuple[str, ...]) -> Any:
    """Return a column of text in which some entries, and those that are blank, are null.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Text.
    null : tuple of str
        The entries that mean a missing value.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    missing = pa.array([*null, ""], column.type)
    gone = pc.is_in(pc.utf8_trim_whitespace(column), missing)
    return pc.if_else(gone, pa.scalar(None, column.type), column) if pc.any(gone).as_py() else column


def profile_of(column: Any, form: Form | None) -> Profile:
    """Return the profile of a column of text.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Text.
    form : Form or None
        The form of numbers that was asked for.
    """
    import pyarrow.compute as pc

    column = column.drop_null()
    found = Profile()
    if form is None and _has_decimals(column) and pc.all(_matches(column, ARROW_READS)).as_py():
        found.dotted = len(column)  # whole numbers among them make no difference
        return found
    whole = _matches(column, WHOLE)
    found.whole = pc.sum(whole).as_py() or 0
    if found.whole:
        found.widths = set(pc.unique(pc.utf8_length(column.filter(whole))).to_pylist())
        if form is not None:
            found.asked = found.whole
    if found.whole == len(column):
        return found
    rest = column.filter(pc.invert(whole)) if found.whole else column
    marked = _matches(rest, f"{DOTTED}|{COMMA}")
    numbers = rest.filter(marked)
    if len(numbers):
        found.dotted = pc.sum(_matches(numbers, DOTTED)).as_py() or 0
        found.comma = len(numbers) - found.dotted
        found.three = pc.sum(_matches(numbers, GROUP_OF_THREE)).as_py() or 0
        if form is not None:
            found.asked += pc.sum(_matches(numbers, number_pattern(form))).as_py() or 0
        rest = rest.filter(pc.invert(marked))
    for entry in rest.value_counts().to_pylist():
        found.add(entry["values"], entry["counts"], form)
    return found


def convert(column: Any, kind: Kind, codes: bool = False) -> Any:
    """Return a column of text as integers, floats or booleans; a text that is none makes it fail.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Text.
    kind : Form, "boolean" or "text"
        What it holds; "text" leaves it alone.
    codes : bool, default False
        Whether numbers may have leading zeros.

    Raises
    ------
    NotANumber
        With the first text that is no number.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == "text":
        return column
    if kind == "boolean":
        return _by_value(column, lambda text: text.strip().lower() == "true", pa.bool_())
    form = kind
    assert isinstance(form, Form)
    if form == Form() and pc.all(_matches(column, ARROW_READS)).as_py() is not False:
        numeric = pa.float64() if _has_decimals(column) else pa.int64()
        with suppress(pa.ArrowInvalid):  # a whole number beyond 64 bits
            return column.cast(numeric)

    def number(text: str) -> int | float:
        value = parse_number(text, form, codes)
        if value is None:
            raise NotANumber(text)
        return value

    return _by_value(column, number, None)


def first_other(column: Any, form: Form, codes: bool = False) -> str | None:
    """Return the first text of a column that is no number; None if all are numbers, or null.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Text.
    form : Form
        How numbers are written.
    codes : bool, default False
        Whether numbers may have leading zeros.
    """
    import pyarrow.compute as pc

    column = column.drop_null()
    if form == Form():
        column = column.filter(pc.invert(_matches(column, ARROW_READS)))
    texts = pc.unique(column).to_pylist()
    return next((text for text in texts if parse_number(text, form, codes) is None), None)


class NotANumber(ValueError):
    """A text that is no number, in a column of numbers; `value` is the text."""

    def __init__(self, value: str) -> None:
        super().__init__(f"{value!r} is no number")
        self.value = value


def _matches(column: Any, pattern: str) -> Any:
    import pyarrow.compute as pc

    return pc.match_substring_regex(column, f"^({pattern})$")


def _has_decimals(column: Any) -> bool:
    """Tell whether a column of plain numbers holds one that is not written as a whole number."""
    import pyarrow.compute as pc

    return any(pc.any(pc.match_substring(column, mark)).as_py() for mark in (".", "e", "E"))


def _by_value(column: Any, convert_one: Callable[[str], Any], kind: Any) -> Any:
    """Convert each distinct text once; integers too large for 64 bits become decimals: no digit is lost."""
    import pyarrow as pa

    encoded = pa.chunked_array(column).combine_chunks().dictionary_encode()
    values = list(map(convert_one, encoded.dictionary.to_pylist()))
    if kind is None:
        whole = all(isinstance(value, int) for value in values)
        if whole and any(abs(value) >= 2**63 for value in values):
            kind = pa.decimal256(76) if all(abs(value) < 10**76 for value in values) else pa.float64()
            values = values if kind != pa.float64() else list(map(float, values))
        else:
            kind = pa.int64() if whole else pa.float64()
            values = values if whole else list(map(float, values))
    found = pa.array(values, kind).take(encoded.indices)
    return pa.chunked_array([found])


def with_dates(table: Any) -> Any:
    """Return a table whose columns of dates or times as text are of such a type, for use in a query."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        if (
            is_text(column.type)
            and column.null_count < len(column)
            and pc.all(_matches(column, DATE)).as_py()
        ):
            for kind in (pa.date32(), pa.timestamp("us")):
                with suppress(pa.ArrowInvalid):
                    table = table.set_column(place, name, column.cast(kind))
                    break
    return table
