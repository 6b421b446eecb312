"""Text in Arrow's columns: its profile, and its conversion to numbers or booleans.

Numbers written plainly are recognised and converted by Arrow at once; only other texts are looked at one by
one, each distinct text once.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from equipoise.data.text.forms import (
    COMMA,
    DOTTED,
    GROUP_OF_THREE,
    ISO_DATE,
    WHOLE,
    NotANumber,
    Profile,
    is_truth,
    number_pattern,
    parse_texts,
)
from equipoise.data.text.kinds import Kind
from equipoise.data.text.names import with_nfc_names
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


def without_views(batch: Any) -> Any:
    """Return a batch or table whose text is of types that all functions of Arrow take, unlike views.

    Parameters
    ----------
    batch : pyarrow.RecordBatch or pyarrow.Table
        Columns of any types.
    """
    import pyarrow as pa
    from pyarrow import types

    for place, field in enumerate(batch.schema):
        column = batch.column(place)
        if types.is_string_view(field.type):
            batch = batch.set_column(place, field.name, column.cast(pa.large_string()))
        elif types.is_dictionary(field.type) and types.is_string_view(field.type.value_type):
            chunked = isinstance(column, pa.ChunkedArray)
            chunks = [
                pa.DictionaryArray.from_arrays(
                    chunk.indices, chunk.dictionary.cast(pa.large_string()), ordered=field.type.ordered
                )
                for chunk in (column.chunks if chunked else [column])
            ]
            batch = batch.set_column(place, field.name, pa.chunked_array(chunks) if chunked else chunks[0])
    return batch


def usual_batch(batch: Any) -> Any:
    """Return a batch whose columns have names in normal form C, and text of types that all functions take.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        A batch of any source.
    """
    return with_nfc_names(without_views(batch))


def with_nulls(column: Any, null: tuple[str, ...], *, typed: bool = False) -> Any:
    """Return a column of text in which some entries, and those that are blank, are null.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Text.
    null : tuple of str
        The entries that mean a missing value.
    typed : bool, default False
        Whether the source has missing values of its own, unlike a CSV file: a blank text then is a value
        unless `null` is given.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if typed and not null:
        return column
    if null:
        gone = pc.is_in(pc.utf8_trim_whitespace(column), pa.array([*null, ""], column.type))
    else:
        gone = pc.or_(pc.utf8_is_space(column), pc.equal(pc.binary_length(column), 0))
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
    if form is None and _not_all_of_three(column) and pc.all(_matches(column, ARROW_READS)).as_py():
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
    if kind == Form() and pc.all(_matches(column, ARROW_READS)).as_py() is not False:
        numeric = pa.float64() if _has_decimals(column) else pa.int64()
        with suppress(pa.ArrowInvalid):  # a whole number beyond 64 bits
            return column.cast(numeric)
    encoded = pa.chunked_array(column).combine_chunks().dictionary_encode()
    values = parse_texts(encoded.dictionary.to_pylist(), Form() if kind == "boolean" else kind, codes)
    return pa.chunked_array([_typed(values, kind == "boolean").take(encoded.indices)])


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
    rest = column.filter(pc.invert(_matches(column, ARROW_READS))) if form == Form() else column
    texts = pc.unique(rest).to_pylist()
    if len(rest) < len(column):
        texts.insert(0, "0")  # stands for the numbers: true and false are no numbers beside them
    try:
        parse_texts(texts, form, codes)
    except NotANumber as other:
        return other.value
    return None


def all_truths(column: Any) -> bool:
    """Tell whether all texts of a column are true or false, or null.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Text.
    """
    import pyarrow.compute as pc

    return all(text is None or is_truth(text) for text in pc.unique(column).to_pylist())


def _matches(column: Any, pattern: str) -> Any:
    import pyarrow.compute as pc

    return pc.match_substring_regex(column, f"^({pattern})$")


def _has_decimals(column: Any) -> bool:
    """Tell whether a column of plain numbers holds one that is not written as a whole number."""
    import pyarrow.compute as pc

    if pc.any(pc.match_substring(column.slice(0, 64), ".")).as_py():
        return True
    return any(pc.any(pc.match_substring(column, mark)).as_py() for mark in (".", "e", "E"))


def _not_all_of_three(column: Any) -> bool:
    """Tell whether a column has decimals, three digits of which do not follow every one of its first dots."""
    import pyarrow.compute as pc

    head = column.slice(0, 64)
    return _has_decimals(column) and not pc.all(_matches(head, f"{WHOLE}|{GROUP_OF_THREE}")).as_py()


def _typed(values: list[int | float], truths: bool) -> Any:
    """Values as an Arrow array; integers too large for 64 bits become decimals: no digit is lost."""
    import pyarrow as pa

    if truths:
        return pa.array(list(map(bool, values)), pa.bool_())
    if any(isinstance(value, float) or abs(value) >= 10**76 for value in values):
        return pa.array(list(map(float, values)), pa.float64())
    large = any(abs(value) >= 2**63 for value in values)
    return pa.array(values, pa.decimal256(76) if large else pa.int64())


def with_dates(table: Any) -> Any:
    """Return a table whose columns of dates or times as text are of such a type, for use in a query."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        if (
            is_text(column.type)
            and column.null_count < len(column)
            and pc.all(_matches(column, ISO_DATE)).as_py()
        ):
            for kind in (pa.date32(), pa.timestamp("us")):
                with suppress(pa.ArrowInvalid):
                    table = table.set_column(place, name, column.cast(kind))
                    break
    return table
