"""Tables of any library as a Fortran-ordered float64 matrix with named features."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import Matrix, as_matrix, default_names
from equipoise.data.arguments.floats import all_finite, describe_gaps
from equipoise.data.arguments.messages import count, quoted, suggestion
from equipoise.data.frames.columns import (
    columns_of,
    describe_values,
    find_gaps,
    is_frame,
    is_series,
    kind_of,
    library_of,
    open_frame,
    to_floats,
)
from equipoise.data.frames.encoding import Column, Encoding

if TYPE_CHECKING:
    from equipoise.data.frames.columns import Series

# Text with more levels than this, and than half the rows, identifies rows instead of grouping them.
MANY_LEVELS = 1000

# Codes of values that are no level: one unknown when the model was fitted, and a missing value.
UNSEEN, ABSENT = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """A matrix, its feature names, and the encoding that made them.

    Parameters
    ----------
    matrix : ndarray of shape (n, p)
        The features as float64.
    names : tuple of p str
        Names of the features.
    encoding : Encoding or None
        How the frame's columns became features; None if the features came as an array.
    """

    matrix: Matrix
    names: tuple[str, ...]
    encoding: Encoding | None


def read_features(
    X: object,
    *,
    encoding: Encoding | None = None,
    unseen: Literal["error", "zero"] = "error",
    finite: bool = True,
    reference: object = "binary",
    categories: object = None,
) -> Features:
    """Return a table or an array as a matrix with named features.

    Numeric and boolean columns of a frame become one feature each; a string or categorical column becomes one
    0/1 feature ``column=level`` for every level that occurs.

    Parameters
    ----------
    X : data frame or array-like of shape (n, p)
        A frame of pandas, polars, pyarrow or another library that narwhals reads, or an array of numbers.
    encoding : Encoding, optional
        The encoding of an earlier frame: its columns are picked by name, and other columns are ignored. An
        array is then accepted if it has one column for each feature.
    unseen : {"error", "zero"}, default "error"
        What to do with a level that `encoding` does not know: refuse it, or set all features of its column
        to 0.
    finite : bool, default True
        Whether to refuse missing and infinite values; if False, missing numbers become NaN, and a missing
        category becomes NaN in every feature of its column.
    reference : "binary", dict of str to str, or None, default "binary"
        Which level of a column of text makes no feature.
    categories : dict of str to sequence of str, optional
        The levels of columns of text.

    Returns
    -------
    Features
        The matrix is in Fortran order if `X` is a frame.

    Raises
    ------
    TypeError
        If a column is neither numeric nor text, or was numeric when the model was fitted and is text now.
    ValueError
        If values are missing or infinite, columns are missing or named twice, or a level is unseen.

    Examples
    --------
    >>> read_features([[1, 2], [3, 4]]).names
    ('x1', 'x2')
    """
    if unseen not in ("error", "zero"):
        raise ValueError(f"unseen is {unseen!r}: pass 'error' or 'zero'")
    if is_series(X):
        raise ValueError(f"X is a single column ({type(X).__name__}): pass a data frame, as to_frame() makes")
    if not is_frame(X):
        return _read_array(X, encoding, finite)
    columns = columns_of(open_frame(X))
    if encoding is not None:
        columns = pick_known(columns, encoding)
        categories = [column.name for column in encoding.columns if column.kind == "category"]
    else:
        categories = [name for name, series in columns.items() if kind_of(series) == "category"]
    _refuse_unusable(columns, categories if finite else [])
    if encoding is None:
        blocks = [_read_new_column(name, series) for name, series in columns.items()]
        encoding = Encoding(tuple(block.column for block in blocks))
        _refuse_duplicate_features(encoding)
    else:
        blocks = [_read_known_column(column, columns[column.name], unseen) for column in encoding.columns]
    matrix = _assemble(blocks, encoding)
    if finite and not all_finite(matrix):
        raise ValueError(_gaps_message(columns))
    return Features(matrix, encoding.features, encoding)


def _read_array(X: object, encoding: Encoding | None, finite: bool) -> Features:
    names = None if encoding is None else encoding.features
    matrix = as_matrix(X, features=names, finite=finite)
    if names is not None and len(names) != matrix.shape[1]:
        raise ValueError(
            f"X has {count(matrix.shape[1], 'column')} but the model was fitted on "
            f"{count(len(names), 'feature')} ({quoted(names)}): pass a column for each, or a data frame"
        )
    return Features(matrix, names or default_names(matrix.shape[1]), None)


def pick_known(columns: "dict[str, Series]", encoding: Encoding) -> "dict[str, Series]":
    """Return the columns that a model was fitted on; refuse absent ones, and text in place of numbers.

    Parameters
    ----------
    columns : dict of str to series
        A frame's columns.
    encoding : Encoding
        The encoding of the model's data.
    """
    absent = [column.name for column in encoding.columns if column.name not in columns]
    if absent:
        noun = "column" if len(absent) == 1 else "columns"
        hint = suggestion(absent[0], list(columns)) if len(absent) == 1 else "pass them all"
        raise ValueError(f"X lacks {noun} {quoted(absent)}, on which the model was fitted: {hint}")
    picked = {column.name: columns[column.name] for column in encoding.columns}
    for column in encoding.columns:
        series = picked[column.name]
        if column.kind == "numeric" and kind_of(series) == "category":
            raise TypeError(
                f"X column '{column.name}' holds {describe_values(series)}, but the model was fitted on "
                "numbers: convert it to numbers"
            )
    return picked


def _refuse_unusable(columns: "dict[str, Series]", categories: list[str]) -> None:
    """Refuse an empty table, columns of other types, and missing values in the categories given."""
    if not columns or len(next(iter(columns.values()))) == 0:
        raise ValueError(f"X has no {'rows' if columns else 'columns'}: pass at least one")
    for name, series in columns.items():
        if kind_of(series) is None:
            raise TypeError(
                f"X column '{name}' holds {describe_values(series)}, neither numbers nor text: "
                "convert it to either, or drop it"
            )
    if any(columns[name].null_count() for name in categories):
        raise ValueError(_gaps_message(columns))


def _gaps_message(columns: "dict[str, Series]") -> str:
    """What to say of columns at least one of which holds missing or infinite values."""
    found = {}
    for name, series in columns.items():
        missing, infinite = find_gaps(series)
        if missing.any() or infinite.any():
            found[name] = describe_gaps(missing, infinite, nulls=True)
    first, *others = found
    more = f", the first of {len(found)} such columns" if others else ""
    return f"X column '{first}' {found[first]}{more}: drop or impute them first"


@dataclass(frozen=True, slots=True, eq=False)
class _CodedColumn:
    """A column; for a category, codes are indices into ``column.levels``, or `UNSEEN` or `ABSENT`."""

    column: Column
    series: "Series"
    codes: NDArray[np.intp] | None = None


def _read_new_column(name: str, series: "Series") -> _CodedColumn:
    """Read a column that no model knows yet: the levels of a category are those that occur, sorted."""
    if kind_of(series) == "numeric":
        return _CodedColumn(Column(name, "numeric"), series)
    texts = _as_text(series)
    column = Column(name, "category", tuple(sorted({text for text in texts if text is not None})))
    if not column.levels:
        raise ValueError(f"X column '{name}' has no value in any row: drop it")
    refuse_identifier(name, len(column.levels), len(texts))
    return _CodedColumn(column, series, _level_codes(texts, column))


def refuse_identifier(name: str, levels: int, rows: int) -> None:
    """Refuse a column of text whose values differ in most rows.

    Parameters
    ----------
    name : str
        The column's name.
    levels, rows : int
        Numbers of distinct values and of rows.
    """
    if levels > max(MANY_LEVELS, rows // 2):
        raise ValueError(
            f"X column '{name}' is text with {levels} levels in {rows} rows, an identifier rather than a "
            "category: drop it, or group its levels"
        )


def read_levels(series: "Series") -> tuple[str, ...]:
    """Return the levels that occur in a category, in the order its type declares; sorted if it declares none.

    Parameters
    ----------
    series : series
        A column of text or categories.
    """
    import narwhals as nw

    present = {text for text in _as_text(series) if text is not None}
    native: Any = series.to_native()
    if library_of(native) == "pandas" and hasattr(native, "cat"):
        declared = list(map(str, native.cat.categories))
    elif isinstance(series.dtype, nw.Enum):
        declared = list(series.dtype.categories)
    else:
        declared = sorted(present)
    return tuple(level for level in declared if level in present)


def _read_known_column(column: Column, series: "Series", unseen: str) -> _CodedColumn:
    """Read a column with the levels it had when the model was fitted."""
    if column.kind == "numeric":
        return _CodedColumn(column, series)
    texts = _as_text(series)
    codes = _level_codes(texts, column)
    if unseen == "error" and (codes == UNSEEN).any():
        row = int((codes == UNSEEN).argmax())
        others = len(set(texts) - {*column.levels, texts[row], None})
        more = f", and {count(others, 'other level')}" if others else ""
        raise ValueError(
            f"X column '{column.name}' holds level '{texts[row]}' (first at row {row}, counting from 0)"
            f"{more}, unseen when the model was fitted (it knows {quoted(column.levels)}): "
            "fit again with such rows, or pass unseen='zero' to count it as none of them"
        )
    return _CodedColumn(column, series, codes)


def _as_text(series: "Series") -> list[str | None]:
    import narwhals as nw

    texts: list[str | None] = series.cast(nw.String).to_list()
    if series.null_count():
        # pandas gives None, NaN or NA for a missing text.
        absent = series.is_null().to_list()
        return [None if gone else text for text, gone in zip(texts, absent, strict=True)]
    return texts


def _level_codes(texts: list[str | None], column: Column) -> NDArray[np.intp]:
    places: dict[str | None, int] = {level: place for place, level in enumerate(column.levels)}
    places[None] = ABSENT
    return np.fromiter((places.get(text, UNSEEN) for text in texts), dtype=np.intp, count=len(texts))


def _refuse_duplicate_features(encoding: Encoding) -> None:
    owners: dict[str, str] = {}
    for column in encoding.columns:
        for feature in column.features:
            if feature in owners:
                raise ValueError(
                    f"X columns '{owners[feature]}' and '{column.name}' both give a feature '{feature}': "
                    "rename one of them"
                )
            owners[feature] = column.name


def _assemble(blocks: list[_CodedColumn], encoding: Encoding) -> Matrix:
    rows, width = len(blocks[0].series), len(encoding.features)
    try:
        matrix = np.zeros((rows, width), order="F")
    except MemoryError:
        widest = max(encoding.columns, key=lambda column: len(column.levels))
        raise MemoryError(
            f"X needs {rows * width * 8 / 2**30:.0f} GiB as {rows} × {width} numbers: drop column "
            f"'{widest.name}', which has {count(len(widest.levels), 'level')}, or merge some of them"
        ) from None
    start = 0
    for block in blocks:
        if block.codes is None:
            matrix[:, start] = to_floats(block.series)
        else:
            known = np.flatnonzero(block.codes >= 0)
            matrix[known, start + block.codes[known]] = 1.0
            matrix[block.codes == ABSENT, start : start + len(block.column.levels)] = np.nan
        start += len(block.column.features)
    return matrix
