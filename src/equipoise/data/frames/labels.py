"""Columns of labels, such as folds and groups, which may hold text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.floats import describe_gaps
from equipoise.data.arguments.messages import suggestion
from equipoise.data.frames.categories import as_text, declared_order, is_declared
from equipoise.data.frames.columns import (
    columns_of,
    find_gaps,
    kind_of,
    library_of,
    open_frame,
    open_series,
    read_column,
)
from equipoise.data.text.names import nfc


def labels_of_series(series: object) -> tuple[NDArray[Any], Sequence[str]]:
    """The values of a series of any library that narwhals reads, (n,), and the order of an ordered type.

    Values that are missing, text and dates are objects; there is no order where the type has none.
    """
    import narwhals as nw

    native: Any = series
    if library_of(series) == "pandas":  # which has arrays, too
        import pandas as pd

        native = pd.Series(native)
    opened = open_series(native, "y")
    assert opened is not None
    if opened.dtype.is_numeric() or opened.dtype == nw.Boolean:
        absent, _ = find_gaps(opened)
        if not absent.any():
            return np.asarray(opened.to_numpy()), ()
    order = declared_order(opened) if is_declared(opened) else ()
    return np.array([*opened.to_list(), None], dtype=object)[:-1], order


def label_column(frame: object, name: str) -> Any:
    """The column of a frame that holds labels, a series of its library; missing values are left in it."""
    columns = columns_of(open_frame(frame, "the table"))
    if nfc(name) not in columns:
        raise ValueError(f"target '{name}' is not a column of the table: {suggestion(name, list(columns))}")
    return columns[nfc(name)].to_native()


def read_labels(frame: object, name: str, *, role: str, finite: bool = True) -> NDArray[Any]:
    """Return a column of numbers, or of text or dates as text, (n,).

    Parameters
    ----------
    frame : data frame
        Of any library that narwhals reads.
    name : str
        The column's name.
    role : str
        What error messages call the column.
    finite : bool, default True
        Whether to refuse missing values; if False, they become NaN, or None in text.

    Raises
    ------
    ValueError, TypeError
        If there is no such column, a value is missing, or it holds neither numbers, text nor dates.
    """
    series = columns_of(open_frame(frame)).get(nfc(name))
    if series is not None:
        absent, _ = find_gaps(series)
        if finite and absent.any():
            found = describe_gaps(absent, np.zeros_like(absent), nulls=True)
            raise ValueError(f"{role} '{name}' {found}: give every row one, or leave out such rows first")
        if kind_of(series) == "category" or series.dtype.is_temporal():
            return np.array(as_text(series), dtype=object if absent.any() else None)
    return read_column(frame, name, role=role, finite=finite)
