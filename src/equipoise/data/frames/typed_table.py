"""Arrow tables whose columns of text become numbers, true and false, or levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.data.frames.categories import as_text
from equipoise.data.text.arrow_text import convert, is_text, profile_of, with_nulls, without_views
from equipoise.data.text.forms import NotANumber
from equipoise.data.text.kinds import Kind, Unclear, kind_of_text, may_be_thousands
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
    columns = dict(zip(table.column_names, without_views(table).columns, strict=True))
    texts = {
        name: with_nulls(column, reading.null, typed=typed)
        for name, column in columns.items()
        if is_text(column.type)
    }
    of_model = {name: numeric for name, numeric in (known or {}).items() if name in texts}
    kinds = {name: _known_kind(name, reading, numeric, typed) for name, numeric in of_model.items()}
    kinds |= _new_kinds({name: text for name, text in texts.items() if name not in kinds}, reading)
    for name, text in texts.items():
        why = name in reading.as_number or reading.form or text.null_count > columns[name].null_count
        if typed and name not in of_model and isinstance(kinds[name], Form) and not why:
            kinds[name] = "text"
        try:
            columns[name] = convert(text, kinds[name], name in reading.as_number)
        except NotANumber:
            columns[name], kinds[name] = text, "text"  # whoever uses the column refuses it
    for name in reading.as_text:
        column = columns.get(name)
        if column is None or pa.types.is_dictionary(column.type) or kinds.get(name, "text") != "text":
            continue
        text = column if is_text(column.type) else _as_levels(column)
        columns[name] = text.dictionary_encode()  # its type now says that it holds levels
    return pa.table(columns), {name: kind for name, kind in kinds.items() if isinstance(kind, Form)}


def _known_kind(name: str, reading: Reading, numeric: bool, typed: bool) -> Kind:
    """What a column of text holds that a model knows."""
    form = reading.form_of(name)
    plain = typed and form == Form() and not (name in reading.as_number or reading.null)
    return form if numeric and not plain else "text"


def _new_kinds(texts: Mapping[str, Any], reading: Reading) -> dict[str, Kind]:
    """What columns of text hold that no model knows; those that are not clear are text."""
    profiles = {name: profile_of(text, reading.form) for name, text in texts.items()}
    kinds = dict[str, Kind]()
    for name, profile in profiles.items():
        try:
            kinds[name] = kind_of_text(profile, name, reading)
        except Unclear:
            kinds[name] = "text"
    dotted = [name for name in kinds if may_be_thousands(profiles[name], kinds, name, reading)]
    return kinds | dict.fromkeys(dotted, "text")


def _as_levels(column: Any) -> Any:
    """A column of any type as text."""
    import narwhals as nw
    import pyarrow as pa

    return pa.chunked_array([pa.array(as_text(nw.from_native(column, series_only=True)), pa.string())])
