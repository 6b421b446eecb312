"""Columns of frames: recognising frames and series, reading one column as a vector, choosing columns by name.

narwhals is imported only once a frame or a series is at hand, so fitting arrays does not pay for it.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import Vector, as_vector
from equipoise.data.arguments.floats import all_finite, describe_gaps
from equipoise.data.arguments.integers import beyond_float64, merged_message
from equipoise.data.arguments.messages import MissingValues, count, quoted, suggestion
from equipoise.data.arguments.optional import import_for
from equipoise.data.text.names import nfc

if TYPE_CHECKING:
    import narwhals as nw

    Frame: TypeAlias = nw.DataFrame[Any]
    Series: TypeAlias = nw.Series[Any]

LIBRARIES = frozenset({"pandas", "polars", "pyarrow", "modin", "cudf", "narwhals", "duckdb", "ibis", "dask"})


def library_of(value: object) -> str:
    """Return the name of the package that defines the type of `value`."""
    return type(value).__module__.partition(".")[0]


def is_frame(X: object) -> bool:
    """Tell whether `X` is a table with named columns, without importing anything.

    Parameters
    ----------
    X : object
        Anything.

    Returns
    -------
    bool
        True for the tables of pandas, polars, pyarrow and similar libraries, and for any object that exports
        an Arrow stream of record batches.

    Examples
    --------
    >>> is_frame([[1.0, 2.0]])
    False
    """
    if isinstance(X, np.ndarray | list | tuple):
        return False
    kind = type(X)
    streams = hasattr(kind, "__arrow_c_stream__")
    if hasattr(kind, "columns"):
        return streams or hasattr(kind, "__dataframe__") or library_of(X) in LIBRARIES
    return streams and not is_series(X)


def is_series(value: object) -> bool:
    """Tell whether `value` is a single column of a frame library, without importing anything."""
    if isinstance(value, np.ndarray | list | tuple):
        return False
    kind = type(value)
    if hasattr(kind, "columns") or not (hasattr(kind, "dtype") or hasattr(kind, "type")):
        return False
    return library_of(value) in LIBRARIES or hasattr(kind, "__arrow_c_stream__")


def open_frame(X: object, name: str = "X") -> "Frame":
    """Return a table as an eager narwhals frame; its column names, read as text, must be unique."""
    import narwhals as nw

    table: Any = X
    library = library_of(X)
    if library in ("pandas", "pyarrow"):
        refuse_duplicates(table.columns if library == "pandas" else table.schema.names, name)
    foreign = library not in LIBRARIES or (library == "pyarrow" and not hasattr(X, "to_batches"))
    foreign = foreign and hasattr(X, "__arrow_c_stream__")
    if foreign or library in ("duckdb", "ibis"):  # whose rows narwhals fetches by way of Arrow
        pa = import_for(f"{name}, of {library}, needs", "pyarrow", "equipoise[cli]")
        table = pa.table(X) if foreign else X
    frame: Any = nw.from_native(table, pass_through=True)
    if not isinstance(frame, nw.DataFrame | nw.LazyFrame):
        kind = f"{type(X).__module__}.{type(X).__qualname__}"
        raise TypeError(f"{name} is a {kind}: pass a pandas, polars or pyarrow table")
    eager: Frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    refuse_duplicates(eager.columns, name)
    return eager


def columns_of(frame: "Frame") -> "dict[str, Series]":
    """Return a frame's columns by name, as text in Unicode's normal form C: what looks alike is alike."""
    return {nfc(str(series.name)): series for series in frame.iter_columns()}


def kind_of(series: "Series") -> Literal["numeric", "category"] | None:
    """Tell whether a column is numeric (or boolean) or categorical; None if it can be no feature."""
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_numeric() or dtype == nw.Boolean or _holds_numbers(series):
        return "numeric"
    if dtype in (nw.String, nw.Categorical, nw.Enum):
        return "category"
    return None


NUMBERS_IN_OBJECTS = ("boolean", "integer", "floating", "mixed-integer-float", "decimal")
"""What pandas calls columns of Python objects that are numbers."""


def _holds_numbers(series: "Series") -> bool:
    """Tell whether a column of no type that narwhals knows holds numbers: Python's own, or long decimals."""
    import narwhals as nw

    native: Any = series.to_native()
    if series.dtype == nw.Object and library_of(native) == "pandas":
        from pandas.api.types import infer_dtype

        return infer_dtype(native, skipna=True) in NUMBERS_IN_OBJECTS
    return series.dtype == nw.Unknown and str(getattr(native, "type", "")).startswith("decimal")


def to_floats(series: "Series", name: str | None = None) -> Vector:
    """Return a numeric column as float64, nulls as NaN; refuse whole numbers that become equal by that.

    ``name`` is what the refusal calls the column, by default its own name.
    """
    import narwhals as nw

    # Arrow refuses to cast integers beyond 2⁵³, so NumPy rounds them. It has no 128 bits, nulls or decimals.
    dtype = series.dtype
    plain = dtype == nw.Float64 or (dtype.is_integer() and dtype not in (nw.Int128, nw.UInt128))
    if dtype in (nw.Object, nw.Unknown):
        present = [None if value is None or value != value else value for value in series.to_list()]
        values = np.array([np.nan if value is None else float(value) for value in present])
    else:
        values = (series if plain else series.cast(nw.Float64)).to_numpy()
    floats = values.astype(np.float64, copy=False)
    if not dtype.is_float() and dtype != nw.Boolean and beyond_float64(floats):
        given = len({*series.drop_nulls().to_list()} - {None})
        if given > len(np.unique(floats[~np.isnan(floats)])):
            raise ValueError(merged_message(f"column '{series.name if name is None else name}'"))
    return floats


def find_gaps(series: "Series") -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return two (n,) masks: where a column is missing, and where it is infinite."""
    if kind_of(series) == "numeric":
        values = to_floats(series)
        return np.isnan(values), np.isinf(values)
    missing = np.asarray(series.is_null().to_numpy(), dtype=bool)
    return missing, np.zeros_like(missing)


def describe_values(series: "Series") -> str:
    """Describe the values of a column that is not numeric, for error messages."""
    import narwhals as nw

    if kind_of(series) == "category":
        values = series.drop_nulls().head(1).to_list()
        return f"text such as {str(values[0])!r}" if values else "no value at all"
    if series.null_count() == len(series):
        return "no value at all"
    if series.dtype == nw.Object:
        return "Python objects, perhaps of several types"
    if series.dtype == nw.Unknown:
        native: Any = series.to_native()
        return f"values of type {getattr(native, 'dtype', None) or getattr(native, 'type', None)}"
    return f"values of type {type(series.dtype).__name__}"


def read_column(frame: object, name: str, *, role: str = "target", finite: bool = True) -> Vector:
    """Return one numeric or boolean column of a frame.

    Parameters
    ----------
    frame : data frame
        Of any library that narwhals reads.
    name : str
        The column's name.
    role : str, default "target"
        What error messages call the column.
    finite : bool, default True
        Whether to refuse missing and infinite values; if False, missing ones become NaN.

    Returns
    -------
    ndarray of shape (n,)
        The column as float64.

    Raises
    ------
    TypeError
        If the column is not numeric.
    ValueError
        If there is no such column, or it holds missing or infinite values.
    """
    columns = columns_of(open_frame(frame, "the table"))
    name = nfc(name)
    if name not in columns:
        raise ValueError(f"{role} '{name}' is not a column of the table: {suggestion(name, list(columns))}")
    remedy = "choose a numeric column"
    if role in ("y", "target"):
        remedy = "code two labels as 0 and 1, or " + remedy
    return _to_vector(columns[name], f"{role} '{name}'", remedy, finite)


def read_vector(value: object, name: str, rows: int, *, finite: bool = True) -> Vector:
    """Return one number per row from an array, a series, or a frame of one column.

    Parameters
    ----------
    value : array-like, series or data frame
        Numbers or booleans.
    name : str
        What error messages call the argument.
    rows : int
        Number of rows of X.
    finite : bool, default True
        Whether to refuse missing and infinite values; if False, missing ones become NaN.

    Returns
    -------
    ndarray of shape (rows,)
        Contiguous float64.

    Raises
    ------
    TypeError
        If `value` is not numeric.
    ValueError
        If its shape does not fit, or it holds missing or infinite values.
    """
    if isinstance(value, np.ndarray | list | tuple):
        return as_vector(value, name, rows, finite=finite)
    series = open_series(value, name)
    if series is None:
        return as_vector(value, name, rows, finite=finite)
    values = _to_vector(series, name, "encode it as numbers first", finite)
    return as_vector(values, name, rows, finite=finite)


def pick_columns(
    frame: object,
    *,
    keep: Iterable[str] | None = None,
    drop: Iterable[str] | None = None,
    role: str = "feature",
) -> Any:
    """Return a frame with only some of its columns.

    Parameters
    ----------
    frame : data frame
        Of any library that narwhals reads.
    keep : iterable of str, optional
        The columns to keep, in this order; all by default.
    drop : iterable of str, optional
        The columns to leave out; none by default.
    role : str, default "feature"
        What error messages call a column.

    Returns
    -------
    data frame
        Of the same library as `frame`.

    Raises
    ------
    ValueError
        If a named column does not exist, or none is left.
    """
    table = open_frame(frame, "the table")
    return table[:, chosen_places(list(map(str, table.columns)), keep, drop, role)].to_native()


def chosen_places(
    columns: Sequence[str],
    keep: Iterable[str] | None,
    drop: Iterable[str] | None,
    role: str = "feature",
    table: str = "the table",
) -> list[int]:
    """Return the positions of the columns to keep.

    Parameters
    ----------
    columns : sequence of str
        Names of all columns, no two alike.
    keep, drop, role
        As in :func:`pick_columns`.
    table : str, default "the table"
        What error messages call the table.

    Raises
    ------
    ValueError
        If a named column does not exist, or none is left.
    """
    columns = [nfc(column) for column in columns]
    places = {column: place for place, column in enumerate(columns)}
    kept = columns if keep is None else [*dict.fromkeys(nfc(name) for name in keep)]
    dropped = {nfc(name) for name in (() if drop is None else drop)}
    for column in (*(() if keep is None else kept), *sorted(dropped)):
        if column not in places:
            near = suggestion(column, columns)
            raise ValueError(f"{role} '{column}' is not a column of {table}: {near}")
    chosen = [places[column] for column in kept if column not in dropped]
    if not chosen:
        raise ValueError(f"no {role} is left: keep at least one of {quoted(columns)}")
    return chosen


def refuse_text(**listed: object) -> None:
    """Refuse a text where a list of names is wanted: each of its letters would be taken for a name.

    Parameters
    ----------
    **listed : object
        Arguments that should be lists, by their names.
    """
    for name, given in listed.items():
        if isinstance(given, str):
            raise TypeError(f"{name} is the text '{given}': pass a list of names")


def refuse_duplicates(names: Iterable[object], name: str) -> None:
    """Refuse two columns with the same name.

    Parameters
    ----------
    names : iterable
        Names of all columns.
    name : str
        What error messages call the table.
    """
    seen: set[str] = set()
    for column in (nfc(str(given)) for given in names):
        if column in seen:
            raise ValueError(f"{name} has two columns named '{column}': rename one of them")
        seen.add(column)


def open_series(value: object, name: str) -> "Series | None":
    """A series, or a frame of one column, as a narwhals series; None for anything else."""
    if is_frame(value):
        columns = list(open_frame(value, name).iter_columns())
        if len(columns) != 1:
            raise ValueError(f"{name} has {count(len(columns), 'column')}: pass one column")
        return columns[0]
    if not is_series(value):
        return None
    import narwhals as nw

    native: Any = value
    if library_of(value) == "pyarrow" and not hasattr(native, "num_chunks"):
        import pyarrow as pa

        native = pa.chunked_array([native])
    opened = nw.from_native(native, series_only=True, pass_through=True)
    return opened if isinstance(opened, nw.Series) else None


def _to_vector(series: "Series", subject: str, remedy: str, finite: bool) -> Vector:
    """A numeric series as float64; `subject` and `remedy` begin and end the error messages."""
    if kind_of(series) != "numeric":
        raise TypeError(f"{subject} is not numeric: it holds {describe_values(series)}; {remedy}")
    values = to_floats(series)
    if finite and not all_finite(values):
        infinite = np.isinf(values)
        found = describe_gaps(np.isnan(values), infinite, nulls=True)
        raise MissingValues.of(f"{subject} {found}", *(() if infinite.any() else ("drop",)))
    return values
