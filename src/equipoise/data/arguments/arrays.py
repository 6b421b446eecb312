"""Arguments that NumPy can read, as float64 arrays that BLAS can read without a copy.

Every fit passes through here, so valid input costs a few microseconds: a look at the memory layout and one
sum of squares, which is finite only if every entry is.
"""

import math
from collections.abc import Iterator, Sequence
from typing import TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.floats import FLOAT, all_finite, as_floats, describe_gaps, policies_for
from equipoise.data.arguments.messages import MissingValues, count

Matrix: TypeAlias = NDArray[np.float64]
Vector: TypeAlias = NDArray[np.float64]

SCALAR_ARGUMENTS = frozenset({"sample_weight", "offset"})
"""Arguments that may be one number for all rows."""


def as_matrix(
    X: object, name: str = "X", features: Sequence[str] | None = None, *, finite: bool = True
) -> Matrix:
    """Return a 2-D table as a float64 array that BLAS can read in place.

    Parameters
    ----------
    X : array-like of shape (n, p)
        Numbers or booleans: an array, nested lists, or anything with ``__array__``.
    name : str, default "X"
        What error messages call the argument.
    features : sequence of p str, optional
        What error messages call the columns; x1 … xp by default.
    finite : bool, default True
        Whether to refuse NaN and infinite values; if False, the caller must check for them.

    Returns
    -------
    ndarray of shape (n, p)
        `X` itself if it is float64 in C or Fortran order (a leading dimension is fine), else a contiguous
        copy.

    Raises
    ------
    TypeError
        If `X` does not hold real numbers, or is sparse.
    ValueError
        If `X` is not 2-D, has no rows or columns, or holds NaN, infinite or masked values.

    Examples
    --------
    >>> as_matrix([[1, 2], [3, 4]])
    array([[1., 2.],
           [3., 4.]])
    """
    matrix = as_floats(X, name)
    if matrix.ndim != 2:
        raise ValueError(_not_a_table(matrix, name))
    rows, columns = matrix.shape
    if rows == 0 or columns == 0:
        what = "rows" if rows == 0 else "columns"
        raise ValueError(f"{name} has no {what} (shape {matrix.shape}): pass at least one")
    if not _blas_reads(matrix):
        matrix = np.array(matrix, dtype=FLOAT, order="K")
    if finite and not all_finite(matrix):
        raise _bad_columns(matrix, name, features)
    return matrix


def as_vector(value: object, name: str, rows: int, *, finite: bool = True) -> Vector:
    """Return one number per row as a contiguous float64 vector.

    Parameters
    ----------
    value : array-like of shape (rows,) or (rows, 1), or float
        A single number stands for every row, but only of ``sample_weight`` and ``offset``.
    name : str
        What error messages call the argument.
    rows : int
        Number of rows of X.
    finite : bool, default True
        Whether to refuse NaN and infinite values; if False, the caller must check for them.

    Returns
    -------
    ndarray of shape (rows,)
        `value` itself if it is contiguous float64 already.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers.
    ValueError
        If its shape does not fit, or it holds NaN, infinite or masked values.

    Examples
    --------
    >>> as_vector([[1], [2]], "y", 2)
    array([1., 2.])
    """
    vector = as_floats(value, name)
    if vector.ndim == 0 and name in SCALAR_ARGUMENTS:
        vector = np.full(rows, vector)
    if vector.ndim == 2 and vector.shape[1] == 1:
        vector = vector.ravel()
    if vector.ndim == 0:
        raise ValueError(f"{name} is a single number: pass one value for each of the {rows} rows of X")
    if vector.ndim != 1:
        raise ValueError(f"{name} has shape {vector.shape}: pass a single column, one value per row of X")
    if vector.shape[0] != rows:
        raise ValueError(
            f"{name} has {count(len(vector), 'value')} but X has {count(rows, 'row')}: pass one value per row"
        )
    if not (vector.flags.c_contiguous and vector.flags.aligned):
        vector = vector.copy()
    if finite and not all_finite(vector):
        infinite = np.isinf(vector)
        found = describe_gaps(np.isnan(vector), infinite)
        raise MissingValues.of(f"{name} {found}", *(() if infinite.any() else policies_for(name)))
    return vector


def as_weights(value: object, rows: int) -> Vector | None:
    """Return sample weights as a vector of numbers ≥ 0, not all of them 0.

    Parameters
    ----------
    value : array-like of shape (rows,), float or None
        A weight of 2 counts a row twice, 0 leaves it out.
    rows : int
        Number of rows of X.

    Returns
    -------
    ndarray of shape (rows,) or None
        None if `value` is None.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers.
    ValueError
        If its shape does not fit, or a weight is NaN, infinite or negative, or all are 0.

    Examples
    --------
    >>> as_weights([1, 0, 2], 3)
    array([1., 0., 2.])
    """
    if value is None:
        return None
    weights = as_vector(value, "sample_weight", rows)
    if weights.min() < 0.0:
        negative = np.flatnonzero(weights < 0.0)
        row = negative[0]
        raise ValueError(
            f"sample_weight is negative in {count(len(negative), 'row')} "
            f"(first {weights[row]:g} at row {row}, counting from 0): pass weights of 0 or more"
        )
    if not weights.any():
        raise ValueError("sample_weight is 0 in every row: give at least one row a positive weight")
    return weights


def as_per_feature(
    value: object,
    name: str,
    features: Sequence[str],
    *,
    minimum: float | None = None,
    allow_infinite: bool = False,
) -> Vector:
    """Return a penalty or bound as one number per feature.

    Parameters
    ----------
    value : float or array-like of shape (p,)
        One number for every feature, or one for each.
    name : str
        What error messages call the argument.
    features : sequence of p str
        Names of the features.
    minimum : float, optional
        The smallest value allowed.
    allow_infinite : bool, default False
        Whether infinite values are allowed: an l1 of ∞ excludes a feature, a bound of ∞ is no bound.

    Returns
    -------
    ndarray of shape (p,)
        A new array, never `value` itself.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers.
    ValueError
        If its shape does not fit, or a value is NaN, below `minimum`, or infinite where that is not allowed.

    Examples
    --------
    >>> as_per_feature(0.5, "l1", ["age", "bmi"], minimum=0)
    array([0.5, 0.5])
    """
    values = as_floats(value, name)
    if values.ndim == 0:
        wrong = _out_of_range(float(values), minimum, allow_infinite)
        if wrong:
            raise ValueError(f"{name} {wrong}")
        return np.full(len(features), values)
    if values.shape != (len(features),):
        size = count(len(values), "value") if values.ndim == 1 else f"shape {values.shape}"
        raise ValueError(
            f"{name} has {size} but X has {count(len(features), 'feature')}: "
            "pass one number, or one per feature"
        )
    bad = np.isnan(values)
    if minimum is not None:
        bad |= values < minimum
    if not allow_infinite:
        bad |= np.isinf(values)
    if bad.any():
        j = int(bad.argmax())
        wrong = _out_of_range(float(values[j]), minimum, allow_infinite)
        raise ValueError(f"{name} of feature '{features[j]}' {wrong}")
    return values.copy()


class DefaultNames(Sequence[str]):
    """The default names of p features, x1 … xp, each made only when it is needed.

    Parameters
    ----------
    p : int
        Number of features.

    Examples
    --------
    >>> names = DefaultNames(3)
    >>> len(names), names[1]
    (3, 'x2')
    """

    def __init__(self, p: int) -> None:
        self._indices = range(1, p + 1)

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [f"x{i}" for i in self._indices[index]]
        return f"x{self._indices[index]}"


def default_names(p: int) -> tuple[str, ...]:
    """Return the default names of p features: x1 … xp.

    Parameters
    ----------
    p : int
        Number of features.

    Returns
    -------
    tuple of p str
        The names.

    Examples
    --------
    >>> default_names(3)
    ('x1', 'x2', 'x3')
    """
    return tuple(map("x%d".__mod__, range(1, p + 1)))


def slices(length: int, step: int) -> Iterator[slice]:
    """Cut ``range(length)`` into consecutive slices of `step` places, the last of which may be shorter.

    Parameters
    ----------
    length, step : int
        Positive numbers.
    """
    return (slice(start, min(start + step, length)) for start in range(0, length, step))


def _blas_reads(matrix: NDArray[np.float64]) -> bool:
    """Tell whether `matrix` is in C or Fortran order, possibly with a leading dimension as in LAPACK."""
    flags = matrix.flags
    if not flags.aligned:
        return False
    if flags.forc:
        return True
    (rows, columns), (down, across), size = matrix.shape, matrix.strides, matrix.itemsize
    if across == size:
        lead, extent = down, columns
    elif down == size:
        lead, extent = across, rows
    else:
        return False
    return lead % size == 0 and lead >= extent * size


def _bad_columns(matrix: Matrix, name: str, features: Sequence[str] | None) -> MissingValues:
    bad = ~np.isfinite(matrix)
    columns = np.flatnonzero(bad.any(axis=0))
    j = int(columns[0])
    named = features is not None and len(features) == matrix.shape[1]
    label = features[j] if features is not None and named else f"x{j + 1}"
    column = matrix[:, j]
    more = f", the first of {len(columns)} such columns" if len(columns) > 1 else ""
    infinite = np.isinf(column)
    found = describe_gaps(np.isnan(column), infinite)
    policies = () if infinite.any() else policies_for(name)
    return MissingValues.of(f"{name} column '{label}' {found}{more}", *policies)


def _not_a_table(array: NDArray[np.float64], name: str) -> str:
    if array.ndim == 0:
        return f"{name} is a single number: pass a 2-D table, one row per observation"
    if array.ndim == 1:
        return (
            f"{name} is 1-D with {count(len(array), 'value')}: pass a 2-D table, reshape(-1, 1) for a single "
            "column or reshape(1, -1) for a single row"
        )
    return f"{name} is {array.ndim}-D with shape {array.shape}: pass a 2-D table, one row per observation"


def _out_of_range(value: float, minimum: float | None, allow_infinite: bool) -> str:
    if math.isnan(value):
        return "is NaN: pass a number"
    if minimum is not None and value < minimum:
        return f"is {value:g}: pass {minimum:g} or more"
    if math.isinf(value) and not allow_infinite:
        return f"is {value:g}: pass a finite number"
    return ""
