"""Columns of levels: which values are levels, in which order, and which of them is the reference."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count, quoted, suggestion
from equipoise.data.frames.columns import library_of, to_floats
from equipoise.data.frames.encoding import Column
from equipoise.data.text.forms import Profile
from equipoise.data.text.kinds import (
    READ,
    Kind,
    Unclear,
    kind_of_text,
    place_of,
    refuse_numbers_among_levels,
)
from equipoise.data.text.reading import Origin, Reading

if TYPE_CHECKING:
    from equipoise.data.frames.columns import Series

Reference: TypeAlias = Mapping[str, str | None] | str | None
Categories: TypeAlias = Mapping[str, Sequence[str]] | None

FEW_LEVELS = 20
"""A column of text may have as many levels, whatever its number of rows."""

FEW_ROWS = 5
"""From as many rows on, text that is different in every row is no category."""

# Codes of values that are no level: one unknown when the model was fitted, and a missing value.
UNSEEN, ABSENT = -1, -2


def check_reference(reference: object, categories: object) -> None:
    """Refuse a `reference` or `categories` of another type.

    Parameters
    ----------
    reference : dict, None or "binary"
        The level of each column that has no feature.
    categories : dict or None
        The levels of columns, fixed ahead.
    """
    if not (reference is None or reference == "binary" or isinstance(reference, Mapping)):
        raise ValueError(
            f"reference is {reference!r}: pass a dict such as {{'city': 'Oslo'}}, None to keep all levels, "
            "or 'binary'"
        )
    if categories is None:
        return
    if not isinstance(categories, Mapping):
        raise TypeError(f"categories is {categories!r}: pass a dict such as {{'city': ['Oslo', 'Rome']}}")
    for name, levels in categories.items():
        if isinstance(levels, str) or not all(isinstance(level, str) for level in levels) or not len(levels):
            raise TypeError(f"categories of '{name}' are {levels!r}: pass a list of texts")
        if len({*levels}) < len(levels):
            raise ValueError(f"categories of '{name}' name a level twice: {quoted(levels)}")


def refuse_unused(columns: Iterable[Column], reference: Reference, categories: Categories) -> None:
    """Refuse a `reference` or `categories` of a column that has no levels.

    Parameters
    ----------
    columns : iterable of Column
        The columns as they were read.
    reference, categories : dict or other
        As in :func:`check_reference`.
    """
    columns = list(columns)
    known = [column.name for column in columns if column.kind == "category"]
    for argument, given in (("reference", reference), ("categories", categories)):
        for name in given if isinstance(given, Mapping) else ():
            if name in known:
                continue
            if any(column.name == name for column in columns):
                raise ValueError(f"{argument} names column '{name}', which holds numbers and has no levels")
            raise ValueError(f"{argument} names '{name}', which is no column: {suggestion(name, known)}")


def with_reference(name: str, levels: Sequence[str], reference: Reference) -> Column:
    """Return a column of levels, one of which may be the reference.

    Parameters
    ----------
    name : str
        The column's name.
    levels : sequence of str
        Its levels, in order.
    reference : dict, None or "binary"
        The level without a feature by column; of two levels the first, where the column is not named; None
        keeps all levels.
    """
    chosen: str | None = levels[0] if len(levels) == 2 and reference is not None else None
    if isinstance(reference, Mapping) and name in reference:
        chosen = reference[name]
        if chosen is not None and chosen not in levels:
            raise ValueError(
                f"reference of '{name}' is '{chosen}', which is none of its levels: "
                f"{suggestion(str(chosen), levels, 'level')}"
            )
        if chosen is not None and len(levels) == 1:
            raise ValueError(f"column '{name}' holds only '{chosen}', its reference: drop the column")
    return Column(name, "category", tuple(levels), chosen)


def is_declared(series: Series) -> bool:
    """Tell whether the type of a column says that its values are levels.

    Parameters
    ----------
    series : series
        A column.
    """
    import narwhals as nw

    return series.dtype in (nw.Categorical, nw.Enum)


def kind_of_column(
    name: str, series: Series, reading: Reading, origin: Origin, table: str = "X column"
) -> Kind:
    """Decide what a column of text holds; text that its type declares to be levels is believed.

    Parameters
    ----------
    name : str
        The column's name.
    series : series
        The column.
    reading : Reading
        How text is read.
    origin : Origin
        Where the rows come from.
    table : str
        What error messages call a column.

    Raises
    ------
    ValueError
        If it is not clear whether the column holds numbers or levels.
    """
    if is_declared(series):
        return "text"
    texts = as_text(series)
    counts = Counter(text for text in texts if text is not None)
    try:
        kind = kind_of_text(Profile.of(counts, reading.form), name, reading, typed=True)
        if kind == "text" and name not in reading.as_text:
            refuse_numbers_among_levels(counts, name, reading)
        return kind
    except Unclear as unclear:
        where = "" if unclear.value is None else place_of(texts.index(unclear.value), origin)
        raise ValueError(unclear.at(f"{table} '{name}'", where)) from None


def levels_of(series: Series, *, declared: bool = False) -> tuple[str, ...]:
    """Return the levels that occur in a category, sorted, or in the order of an ordered type.

    Parameters
    ----------
    series : series
        A column of text or categories.
    declared : bool, default False
        Whether the order counts in which pandas holds the categories of a type that is not ordered.
    """
    present = {text for text in as_text(series) if text is not None}
    ordered = declared_order(series, declared=declared)
    if not present <= {*ordered}:  # in pandas, a category may be written in two ways
        return tuple(sorted(present))
    return tuple(level for level in ordered if level in present)


def declared_order(series: Series, *, declared: bool = False) -> list[str]:
    """Return the levels of an ordered type, in its order; none of other types.

    Parameters
    ----------
    series : series
        A column of text or categories.
    declared : bool, default False
        As in :func:`levels_of`.
    """
    import narwhals as nw

    native: Any = series.to_native()
    if library_of(native) == "pandas" and hasattr(native, "cat"):
        return list(map(str, native.cat.categories)) if native.cat.ordered or declared else []
    if isinstance(series.dtype, nw.Enum):
        return list(series.dtype.categories)
    if library_of(native) == "pyarrow" and getattr(native.type, "ordered", False) and native.num_chunks:
        return list(native.unify_dictionaries().chunk(0).dictionary.cast("string").to_pylist())
    return []


def refuse_identifier(name: str, levels: int, rows: int, values: int, table: str = "X column") -> None:
    """Refuse a column of text whose values differ in most rows.

    Parameters
    ----------
    name : str
        The column's name.
    levels, rows, values : int
        Numbers of distinct values, of rows, and of rows that have a value.
    table : str
        What error messages call a column.
    """
    if levels > max(FEW_LEVELS, rows / 2) or levels == values >= FEW_ROWS:
        raise ValueError(
            f"{table} '{name}' is text with {levels} different values in {count(rows, 'row')}, which "
            f"identify rows rather than group them: drop it, or {READ} as_text='{name}' if they are levels"
        )


def as_text(series: Series) -> list[str | None]:
    """Return the values of a column as text, None where missing; whole numbers have no decimals.

    Parameters
    ----------
    series : series
        A column of any type.
    """
    import narwhals as nw

    if series.dtype == nw.Boolean:
        return [None if value is None else str(bool(value)).lower() for value in series.to_list()]
    if series.dtype.is_float():
        # A missing value turns whole numbers into floats, which must not change the levels of other rows.
        return [_plain(value) for value in to_floats(series).tolist()]
    texts: list[str | None] = series.cast(nw.String).to_list()
    if series.null_count():
        # pandas gives None, NaN or NA for a missing text.
        absent = series.is_null().to_list()
        return [None if gone else text for text, gone in zip(texts, absent, strict=True)]
    return texts


def _plain(value: float) -> str | None:
    if value != value:
        return None
    return str(int(value)) if value.is_integer() else repr(value)


def level_codes(texts: Sequence[str | None], column: Column, null: Sequence[str] = ()) -> NDArray[np.intp]:
    """Return the places of texts among the levels of a column, `UNSEEN` or `ABSENT`.

    Parameters
    ----------
    texts : sequence of str or None
        The values.
    column : Column
        The category.
    null : sequence of str
        Texts that mean a missing value.
    """
    places: dict[str | None, int] = {level: place for place, level in enumerate(column.levels)}
    places.update(dict.fromkeys((None, *null), ABSENT))
    return np.fromiter((places.get(text, UNSEEN) for text in texts), dtype=np.intp, count=len(texts))


def refuse_unseen(
    column: Column, texts: Sequence[str | None], codes: NDArray[np.intp], origin: Origin
) -> None:
    """Refuse levels that the fit did not see.

    Parameters
    ----------
    column : Column
        The category.
    texts : sequence of str or None
        Its values.
    codes : int array
        As :func:`level_codes` returns them.
    origin : Origin
        Where the rows come from.
    """
    if not (codes == UNSEEN).any():
        return
    row = int((codes == UNSEEN).argmax())
    others = len({texts[k] for k in np.flatnonzero(codes == UNSEEN).tolist()}) - 1
    more = f", and {count(others, 'other level')}" if others else ""
    raise ValueError(
        f"X column '{column.name}' holds level '{texts[row]}' (first at {place_of(row, origin)})"
        f"{more}, unseen when the model was fitted (it knows {quoted(column.levels)}): "
        "fit again with such rows, or pass unseen='zero' to set the features of its column to 0"
    )


INDEX = re.compile(r"__index_level_\d+__")


def is_index(name: str, place: int) -> bool:
    """Tell whether a column holds the row names of the frame that a file was written from.

    Parameters
    ----------
    name : str
        The column's name.
    place : int
        Its place in the table, from 0.
    """
    return (place == 0 and name in ("", "Unnamed: 0")) or INDEX.fullmatch(name) is not None
