"""Tables of any library as a Fortran-ordered float64 matrix with named features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import Matrix, Vector, as_matrix, default_names
from equipoise.data.arguments.floats import all_finite, describe_gaps
from equipoise.data.arguments.messages import MissingValues, count, quoted, suggestion
from equipoise.data.frames.categories import (
    ABSENT,
    UNSEEN,
    Categories,
    Reference,
    as_text,
    check_reference,
    is_declared,
    is_index,
    kind_of_column,
    level_codes,
    levels_of,
    refuse_identifier,
    refuse_unseen,
    refuse_unused,
    with_reference,
)
from equipoise.data.frames.columns import (
    columns_of,
    describe_values,
    find_gaps,
    is_frame,
    is_series,
    kind_of,
    open_frame,
    to_floats,
)
from equipoise.data.frames.encoding import Column, Encoding
from equipoise.data.text.forms import is_truth, parse_number, parse_texts
from equipoise.data.text.kinds import READ, Kind, place_of
from equipoise.data.text.reading import NOWHERE, Form, Origin, Reading, marks_of

if TYPE_CHECKING:
    from equipoise.data.frames.columns import Series


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
    reference: Reference = "binary",
    categories: Categories = None,
    index: bool = False,
) -> Features:
    """Return a table or an array as a matrix with named features.

    Numeric and boolean columns of a frame become one feature each. A column of text or categories becomes one
    0/1 feature ``column=level`` for every level that occurs; of two levels only the second has a feature, and
    the first is the reference.

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
    reference : dict of str to str, None or "binary", default "binary"
        The level without a feature, by column; None keeps a feature for every level.
    categories : dict of str to sequence of str, optional
        The levels of columns, in order, whether they occur or not.
    index : bool, default False
        Whether a column that holds the row names of the frame a file was written from is a feature too.

    Returns
    -------
    Features
        The matrix is in Fortran order if `X` is a frame.

    Raises
    ------
    TypeError
        If a column is neither numeric nor text, or was numeric when the model was fitted and is text now.
    ValueError
        If text holds numbers beside other values, or identifies rows, or values are missing or infinite,
        columns are missing or named twice, or a level is unseen.

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
    check_reference(reference, categories)
    frame = open_frame(X)
    reading, origin = marks_of(frame.to_native())
    columns = columns_of(frame)
    if encoding is not None:
        columns = pick_known(columns, encoding, origin)
        categorical = [column.name for column in encoding.columns if column.kind == "category"]
    else:
        if not index:
            columns = {name: s for k, (name, s) in enumerate(columns.items()) if not is_index(name, k)}
        categorical = [name for name, series in columns.items() if kind_of(series) == "category"]
    _refuse_unusable(columns, categorical if finite else [])
    if encoding is None:
        blocks = [
            _read_new_column(name, series, (reading, origin), reference, categories)
            for name, series in columns.items()
        ]
        encoding = Encoding(tuple(block.column for block in blocks), reading)
        refuse_unused(encoding.columns, reference, categories)
        _refuse_duplicate_features(encoding)
    else:
        blocks = [
            _read_known_column(column, columns[column.name], unseen, encoding.reading, origin)
            for column in encoding.columns
        ]
    matrix = _assemble(blocks, encoding, len(frame))
    if finite and not all_finite(matrix):
        raise _gaps_error(columns)
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


def pick_known(
    columns: "dict[str, Series]", encoding: Encoding, origin: Origin = NOWHERE
) -> "dict[str, Series]":
    """Return the columns that a model was fitted on; refuse absent ones, and text in place of numbers.

    Parameters
    ----------
    columns : dict of str to series
        A frame's columns.
    encoding : Encoding
        The encoding of the model's data.
    origin : Origin
        Where the rows come from.
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
            _refuse_text(column.name, series, encoding.reading, origin)
    return picked


def _refuse_text(name: str, series: "Series", reading: Reading, origin: Origin) -> None:
    """Refuse text in a column of numbers, unless all is true or false, or a text file's numbers."""
    texts, codes = as_text(series), name in reading.as_number
    if all(text is None or is_truth(text) for text in texts):
        return
    for row, text in enumerate(texts):
        readable = origin.line or codes
        if text is None or (readable and parse_number(text, reading.form_of(name), codes) is not None):
            continue
        raise TypeError(
            f"X column '{name}' holds text such as '{text}' ({place_of(row, origin)}), but the model was "
            f"fitted on numbers: convert it to numbers, or {READ} null={text!r} if it is missing"
        )


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
        raise _gaps_error(columns)


def _gaps_error(columns: "dict[str, Series]") -> MissingValues:
    """What to say of columns at least one of which holds missing or infinite values."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for name, series in columns.items():
        missing, infinite = find_gaps(series)
        if missing.any() or infinite.any():
            policies = () if infinite.any() else ("drop", "mean")
            found.append((f"X column '{name}' {describe_gaps(missing, infinite, nulls=True)}", policies))
    text, remedies = found[0]
    more = f", the first of {len(found)} such columns" if len(found) > 1 else ""
    return MissingValues.of(f"{text}{more}", *remedies)


@dataclass(frozen=True, slots=True, eq=False)
class _CodedColumn:
    """A column as numbers (rows,), or a category as places among ``column.levels``, negative for no level."""

    column: Column
    values: Vector | None = None
    codes: NDArray[np.intp] | None = None


def _read_new_column(
    name: str, series: "Series", marks: tuple[Reading, Origin], reference: Reference, categories: Categories
) -> _CodedColumn:
    """Read a column that no model knows yet."""
    numeric = Column(name, "numeric")
    if kind_of(series) == "numeric":
        return _CodedColumn(numeric, to_floats(series, name))
    fixed = (categories or {}).get(name)
    kind = "text" if fixed is not None else kind_of_column(name, series, *marks)
    texts = as_text(series)
    if kind != "text":
        return _CodedColumn(numeric, _numbers_in(texts, marks[0], name, kind))
    levels = levels_of(series) if fixed is None else tuple(fixed)
    if not levels:
        raise ValueError(f"X column '{name}' has no value in any row: drop it")
    if fixed is None and not is_declared(series):
        refuse_identifier(name, len(levels), len(texts), len(texts) - texts.count(None))
    column = with_reference(name, levels, reference)
    codes = level_codes(texts, column)
    if fixed is not None and (codes == UNSEEN).any():
        row = int((codes == UNSEEN).argmax())
        raise ValueError(
            f"X column '{name}' holds '{texts[row]}' ({place_of(row, marks[1])}), which is not among its "
            f"categories {quoted(levels)}: add it, or correct the value"
        )
    return _CodedColumn(column, codes=codes)


def _read_known_column(
    column: Column, series: "Series", unseen: str, reading: Reading, origin: Origin
) -> _CodedColumn:
    """Read a column as the model did on which it was fitted."""
    if column.kind == "numeric":
        return _CodedColumn(column, numbers_of(series, column.name, reading))
    texts = as_text(series)
    codes = level_codes(texts, column, reading.null)
    if unseen == "error":
        refuse_unseen(column, texts, codes, origin)
    return _CodedColumn(column, codes=codes)


def numbers_of(series: "Series", name: str, reading: Reading) -> Vector:
    """Return a column that is numeric in a model as numbers, NaN where one is missing.

    Parameters
    ----------
    series : series
        Numbers, or text that :func:`pick_known` did not refuse.
    name : str
        The column's name.
    reading : Reading
        How the text of the model's data was read.
    """
    if kind_of(series) == "numeric":
        return to_floats(series, name)
    return _numbers_in(as_text(series), reading, name)


def _numbers_in(texts: Sequence[str | None], reading: Reading, name: str, kind: Kind | None = None) -> Vector:
    """The numbers in texts, of the form `kind` or that of the model's column; NaN for a missing one."""
    form = kind if isinstance(kind, Form) else reading.form_of(name)
    given = {text for text in texts if text is not None}
    values = dict(zip(given, parse_texts(given, form, name in reading.as_number), strict=True))
    return np.array([np.nan if text is None else float(values[text]) for text in texts])


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


def _assemble(blocks: list[_CodedColumn], encoding: Encoding, rows: int) -> Matrix:
    width = len(encoding.features)
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
        column, width = block.column, len(block.column.features)
        if block.values is not None:
            matrix[:, start] = block.values
        elif block.codes is not None:
            # The place of each level's feature; the reference has none.
            kept = [level != column.reference for level in column.levels]
            place = np.where(kept, start + np.cumsum(kept) - 1, -1)
            known = np.flatnonzero(block.codes >= 0)
            known = known[place[block.codes[known]] >= 0]
            matrix[known, place[block.codes[known]]] = 1.0
            matrix[block.codes == ABSENT, start : start + width] = np.nan
        start += width
    return matrix
