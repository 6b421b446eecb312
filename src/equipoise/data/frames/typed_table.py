"""Arrow tables whose columns of text become numbers, true and false, or levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.data.frames.categories import as_text
from equipoise.data.text.arrow_text import NotANumber, convert, is_text, profile_of, with_nulls
from equipoise.data.text.forms import Kind, Unclear, kind_of_text
from equipoise.data.text.reading import Form, Reading


def typed_table(
    table: Any, reading: Reading, known: Mapping[str, bool] | None = None, *, typed: bool = False
) -> tuple[Any, dict[str, Form]]:
    """Return a table whose text has become numbers, booleans or levels, and the forms of its numbers.

    Columns that are not clear stay text: whoever uses them refuses them.

    Parameters
    ----------
    table : pyarrow.Table
        A table.
    reading : Reading
        How text is read.
    known : dict of str to bool, optional
        For the columns of a model, whether they are numeric.
    typed : bool, default False
        Whether numbers are numbers in the table already, unlike in that of a CSV file: text that holds only
        numbers then stays text, unless `reading` says why it is text.
    """
    import pyarrow as pa

    if known is None:
        reading.refuse_unknown(table.column_names)
    columns, forms = [], dict[str, Form]()
    for name, column in zip(table.column_names, table.columns, strict=True):
        found = column
        if is_text(column.type):
            numeric = None if known is None else known.get(name)
            try:
                found, kind = _typed_column(name, column, reading, numeric, typed)
            except (Unclear, NotANumber):
                kind = "text"  # whoever uses the column refuses it
            if isinstance(kind, Form):
                forms[name] = kind
        elif name in reading.as_text and not pa.types.is_dictionary(column.type):
            found = _as_levels(column)
        columns.append(found.dictionary_encode() if _is_level(name, found, reading) else found)
    return pa.table(dict(zip(table.column_names, columns, strict=True))), forms


def _is_level(name: str, column: Any, reading: Reading) -> bool:
    """Tell whether a column of text is said to hold levels; its type then says so."""
    return name in reading.as_text and is_text(column.type)


def _typed_column(
    name: str, column: Any, reading: Reading, numeric: bool | None, typed: bool
) -> tuple[Any, Kind]:
    """A column of text as what it holds, `numeric` being what a model knows of it."""
    text = with_nulls(column, reading.null) if not typed or reading.null else column
    codes = name in reading.as_number
    if numeric is not None:
        form = reading.form_of(name)
        plain = typed and form == Form() and not (codes or reading.null)
        kind: Kind = form if numeric and not plain else "text"
    else:
        kind = kind_of_text(profile_of(text, reading.form), name, reading)
        why = codes or text.null_count > column.null_count or (reading.form and kind != Form())
        if typed and isinstance(kind, Form) and not why:
            kind = "text"
    return convert(text, kind, codes), kind


def _as_levels(column: Any) -> Any:
    """A column of any type as text."""
    import narwhals as nw
    import pyarrow as pa

    return pa.chunked_array([pa.array(as_text(nw.from_native(column, series_only=True)), pa.string())])
