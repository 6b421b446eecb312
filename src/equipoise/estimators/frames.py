"""Refusals of what scikit-learn refuses in NumPy's words, or takes for numbers: text, categories, dates."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from sklearn.utils.validation import check_array, validate_data

from equipoise.data.arguments.floats import not_numeric
from equipoise.data.arguments.messages import count, quoted
from equipoise.data.arguments.named import NamedArray
from equipoise.data.arguments.sparse import is_sparse
from equipoise.data.frames.columns import (
    columns_of,
    describe_values,
    is_frame,
    kind_of,
    library_of,
    open_frame,
)
from equipoise.data.frames.native import EAGER_LIBRARIES
from equipoise.setup.response import missing_rows


def refuse_categories(X: Any) -> None:
    """Refuse an X that is no table of numbers: its columns of text, categories or dates by their names.

    Sparse matrices, tables on a cluster, and objects in arrays other than text, are left to scikit-learn.
    """
    if is_sparse(X):
        return
    if isinstance(X, str | os.PathLike):
        raise TypeError("X is the name of a file, and an estimator needs the table itself: read it first")
    if isinstance(X, np.ndarray | list | tuple | NamedArray):
        X = np.asarray(X) if isinstance(X, NamedArray) else X
        _refuse_entries(X if isinstance(X, np.ndarray) else _array(X))
    elif is_frame(X) and library_of(X) in (*EAGER_LIBRARIES, "narwhals"):
        _refuse_columns(X)


def checked_rows(estimator: Any, X: Any, accept_sparse: Any = False) -> Any:
    """Check rows for a fitted estimator as scikit-learn does, the names of an array like those of a frame."""
    known = getattr(estimator, "feature_names_in_", None)
    if known is None or not isinstance(X, NamedArray):
        return validate_data(estimator, X, accept_sparse=accept_sparse, dtype=np.float64, reset=False)
    if X.names != tuple(known):
        absent = [name for name in known if name not in X.names]
        fault = f"lacks {quoted(absent)}" if absent else "has other columns or another order than at the fit"
        raise ValueError(f"X {fault}: pass the columns of the fit in its order, {quoted(known)}")
    return check_array(np.asarray(X), dtype=np.float64, estimator=estimator, input_name="X")


def refuse_response(y: Any, regressor: str | None = None) -> None:
    """Refuse a response that holds dates, nothing NumPy can read, missing values, or text for a regressor."""
    if getattr(getattr(y, "dtype", None), "kind", None) in ("m", "M"):
        raise TypeError("y holds dates or durations: turn them into numbers first")
    if is_sparse(y):
        raise TypeError("y is sparse, but is needed as a dense array here: pass y.toarray()")
    refuse_far(y, "y")
    try:
        missing = missing_rows(y)
    except (TypeError, ValueError):  # scikit-learn says what else is wrong with it
        return
    if missing.any():
        told = count(int(missing.sum()), "missing value")
        row = int(missing.argmax())
        raise ValueError(
            f"Input y contains NaN: {told}, first in row {row} (counting from 0); leave out such rows"
        )
    if regressor is not None:
        _refuse_labels(y, regressor)


def _refuse_labels(y: Any, regressor: str) -> None:
    """Refuse a response of text that is no number."""
    values = y if isinstance(y, np.ndarray) else _array(y)
    if values.dtype.kind not in "OUST":
        return
    for place, value in enumerate(values.flat):
        if isinstance(value, str | bytes) and not _is_number(value):
            row = place // (values.size // len(values))
            raise ValueError(
                f"y holds {str(value)!r} in row {row} (counting from 0), and {regressor} takes numbers: "
                "LogisticRegression takes two labels"
            )


def _is_number(text: str | bytes) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def refuse_far(values: Any, name: str) -> None:
    """Refuse an array that NumPy cannot read, as one that lies on a GPU."""
    if isinstance(values, np.ndarray) or not hasattr(values, "__dlpack__"):
        return
    try:
        np.asarray(values)
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        library = type(values).__module__.partition(".")[0]
        raise TypeError(
            f"{name} is an array of {library} that NumPy cannot read ({error}): copy it to the CPU first"
        ) from None


def _array(rows: Any) -> Any:
    """Rows as an array, in which numbers beside text stay numbers; ragged ones as no rows."""
    try:
        array = np.asarray(rows)
        return array if array.dtype.kind in "biufc" else np.asarray(rows, dtype=object)
    except ValueError:
        return np.empty(0)


def _refuse_entries(X: Any) -> None:
    """Refuse an array that holds no numbers, or masked values."""
    kind = X.dtype.kind
    if kind == "c":
        raise ValueError(f"Complex data not supported: {not_numeric(X, X, 'X')}")
    if kind in "mMV":
        raise TypeError(not_numeric(X, X, "X"))
    values = X.flat if kind in "OUST" else ()
    found = next((k for k, value in enumerate(values) if isinstance(value, str | bytes)), None)
    if found is not None:
        j = found % X.shape[-1]
        text = f"text such as {str(X.flat[found])!r}"
        raise ValueError(f"X column {j}, counting from 0, holds {text}: {_remedy([j], 'it')}")
    masked = int(np.count_nonzero(getattr(X, "mask", False)))
    if masked:
        what = count(masked, "masked value")
        raise ValueError(f"X holds {what}: drop such rows, or pass X.filled(np.nan) to an imputer first")


def _refuse_columns(X: Any) -> None:
    """Refuse a frame with columns that are no numbers."""
    if hasattr(X, "collect"):
        raise TypeError("X is a lazy frame, which has no rows yet: pass X.collect()")
    if library_of(X) == "pandas":
        if all(dtype.kind in "biuf" for dtype in X.dtypes):
            return
        if not X.columns.is_unique:
            X = X.set_axis([f"{name} (number {k})" for k, name in enumerate(X.columns)], axis=1)
    columns = columns_of(open_frame(X))
    kinds = {name: kind_of(series) for name, series in columns.items()}
    levels = [name for name, kind in kinds.items() if kind == "category"]
    if len(levels) > 1:
        raise ValueError(f"X columns {quoted(levels)} hold text or categories: {_remedy(levels, 'them')}")
    if levels:
        values = describe_values(columns[levels[0]])
        raise ValueError(f"X column '{levels[0]}' holds {values}: {_remedy(levels, 'it')}")
    for name in (name for name, kind in kinds.items() if kind is None):
        values = describe_values(columns[name])
        refused = f"X column '{name}' holds {values}, not numbers: turn it into numbers first, or drop it"
        if "complex" in values:
            raise ValueError(f"Complex data not supported: {refused}")
        raise TypeError(refused)


def _remedy(columns: list[Any], them: str) -> str:
    """What to do about columns of text or categories: both ways make one feature of two levels."""
    coded = f"('levels', OneHotEncoder(drop='if_binary'), {columns})"
    return (
        f"encode {them} first, by ColumnTransformer([{coded}], remainder='passthrough') in a pipeline, or "
        f"pass a data frame to equipoise.fit, which encodes {them} itself"
    )
