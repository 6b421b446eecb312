"""Missing values in X, y, offset and weights: rows dropped, or values of X replaced by means.

Arrays and frames are read here with NaN where a value is missing, instead of being refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import Vector, as_matrix, default_names
from equipoise.data.arguments.floats import mask_to_nan
from equipoise.data.arguments.folds import Rows
from equipoise.data.arguments.sparse import as_csc, columns_of_entries, is_sparse
from equipoise.data.formula.formulas import Formula, ModelMatrix
from equipoise.data.frames.columns import columns_of, find_gaps, is_frame, kind_of, open_frame, read_vector
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.gaps import Missing, complete_rows, take_rows

Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]


class CompleteData(NamedTuple):
    """The rows without missing values, a mask (rows given,) of these rows, and the record of the others."""

    X: Any
    y: Vector
    offset: Vector | None
    sample_weight: Vector | None
    kept: Flags
    record: Missing


def drop_rows(
    X: object,
    y: object,
    offset: object,
    sample_weight: object,
    encoding: Encoding | Formula | None = None,
    names: Sequence[str] | None = None,
    *,
    features: bool = True,
) -> CompleteData:
    """Drop every row in which X, y, the offset or the weight is missing.

    Parameters
    ----------
    X : data frame, sparse matrix or array-like of shape (n, p)
        Features.
    y, offset, sample_weight : (n,) array, series or None
        Response, known part of each prediction, and weights; only `y` is required.
    encoding : Encoding, optional
        The columns of a frame in which missing values count; all by default.
    names : sequence of p str, optional
        Names for the columns of an array.
    features : bool, default True
        Whether missing values of X count.

    Returns
    -------
    CompleteData
        X as a frame of the same library, a csc_array or an array, the rest as arrays.

    Raises
    ------
    TypeError, ValueError
        If an argument cannot be read, or no row is left.
    """
    X, rows, found = _gaps_of(X, encoding, names)
    if not features:
        found = []
    given = {"y": y, "offset": offset, "sample_weight": sample_weight}
    vectors: dict[str, Vector | None] = {}
    for name, value in given.items():
        vector = (
            None
            if value is None and name != "y"
            else read_vector(mask_to_nan(value), name, rows, finite=False)
        )
        vectors[name] = vector
        if vector is not None:
            found.append((name, np.flatnonzero(np.isnan(vector))))
    if features:
        kept, record = complete_rows(rows, found, "drop such columns, or pass missing='mean'")
    else:
        kept, record = complete_rows(rows, found, "y, offset and sample_weight have no means", "mean")
    earlier = X.missing if isinstance(X, ModelMatrix) else None
    if record.dropped:
        X = X.take(kept) if isinstance(X, ModelMatrix) else take_rows(X, kept)
        vectors = {name: None if vector is None else vector[kept] for name, vector in vectors.items()}
    if earlier is not None:
        record = Missing(
            "drop", earlier.rows, earlier.dropped + record.dropped, (*earlier.counts, *record.counts)
        )
    response = vectors["y"]
    assert response is not None
    return CompleteData(X, response, vectors["offset"], vectors["sample_weight"], kept, record)


def fill_means(
    matrix: Any,
    weights: Vector | None,
    features: Sequence[str],
    rows: Rows | None = None,
) -> tuple[Any, Vector]:
    """Replace missing values by the weighted mean of their feature.

    Parameters
    ----------
    matrix : (n, p) array or csc_array
        Features, NaN where a value is missing. What a sparse matrix does not store is 0, not missing.
    weights : (n,) array or None
        Sample weights.
    features : sequence of p str
        Names of the features, for error messages.
    rows : (n,) array, optional
        Mask of the rows over which means are taken, or how often each counts; all by default.

    Returns
    -------
    filled : (n, p) array or csc_array
        A copy with the missing values of all rows replaced.
    means : (p,) array
        Weighted mean of each feature.

    Raises
    ------
    ValueError
        If a feature has infinite values, or no value in the rows over which means are taken.

    Examples
    --------
    >>> import numpy as np
    >>> fill_means(np.array([[1.0], [np.nan], [3.0]]), None, ["age"])[0].ravel()
    array([1., 2., 3.])
    """
    s = np.ones(matrix.shape[0]) if weights is None else weights
    if rows is not None:
        s = s * rows
    where = "any row" if rows is None else "any training row of a fold"
    if is_sparse(matrix):
        return _fill_sparse(matrix, s, features, where)
    missing = np.isnan(matrix)
    counting = ~missing & (s > 0)[:, None]
    _refuse_empty(counting.any(axis=0), features, where)
    # Means are taken of differences from a value of the column, so that a constant column stays constant.
    start = matrix[counting.argmax(axis=0), np.arange(matrix.shape[1])]
    filled = matrix.copy(order="K")
    np.copyto(filled, start, where=missing)
    as_matrix(filled, features=features)
    with np.errstate(over="ignore", invalid="ignore"):
        means = start + s @ (filled - start) / (s @ counting)
    np.copyto(filled, means, where=missing)
    return filled, means


def _fill_sparse(matrix: Any, s: Vector, features: Sequence[str], where: str) -> tuple[Any, Vector]:
    """Replace the NaN that a csc_array stores by means over the other entries of their columns, zeros too."""
    p = matrix.shape[1]
    filled = matrix.copy()
    column, weight = columns_of_entries(matrix), s[matrix.indices]
    missing = np.isnan(matrix.data)
    filled.data[missing] = 0.0
    filled = as_csc(filled, features=features)

    def total(values: Any) -> Vector:
        return np.bincount(column, weights=values, minlength=p).astype(np.float64, copy=False)

    positive = weight > 0
    gone = total(missing & positive)
    there = total(~missing & positive)
    zeros = np.count_nonzero(s > 0) - gone - there
    _refuse_empty(there + zeros > 0, features, where)
    mass = s.sum() - total(weight * missing)
    # Where most of the weight is missing, the difference would lose digits.
    for j in np.flatnonzero(2.0 * mass < s.sum()).tolist():
        entries = slice(matrix.indptr[j], matrix.indptr[j + 1])
        rest = s.copy()
        rest[matrix.indices[entries][missing[entries]]] = 0.0
        mass[j] = rest.sum()
    # As in a dense matrix, differences from a value of the column: 0 if it has one.
    start, counted = np.zeros(p), np.flatnonzero(~missing & positive)
    start[column[counted[::-1]]] = filled.data[counted[::-1]]
    start[zeros > 0] = 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        means = start + total(weight * ~missing * (filled.data - start[column])) / mass
    filled.data[missing] = means[column[missing]]
    return filled, means


def _refuse_empty(has_values: Flags, features: Sequence[str], where: str) -> None:
    """Refuse a feature that has no value to take a mean of."""
    if not has_values.all():
        raise ValueError(
            f"X column '{features[int(has_values.argmin())]}' has no value in {where} of positive weight, "
            "and so no mean: drop it"
        )


def impute_means(
    matrix: Any, weights: Vector | None, features: Sequence[str], encoding: Encoding | Formula | None
) -> tuple[Any, Missing]:
    """Replace missing values by means over all rows, and record how many each column had.

    Parameters
    ----------
    matrix : (n, p) array or csc_array
        Features, NaN where a value is missing.
    weights : (n,) array or None
        Sample weights.
    features : sequence of p str
        Names of the features.
    encoding : Encoding, Formula or None
        How the columns of a frame became features; None for an array.

    Returns
    -------
    filled : (n, p) array or csc_array
        A copy without missing values.
    record : Missing
        What was replaced.
    """
    filled, means = fill_means(matrix, weights, features)
    if is_sparse(matrix):
        gone = columns_of_entries(matrix)[np.isnan(matrix.data)]
        numbers = np.bincount(gone, minlength=matrix.shape[1]).tolist()
    else:
        numbers = np.isnan(matrix).sum(axis=0).tolist()
    if isinstance(encoding, Encoding):
        # The features of a category are missing together, so the first one gives the number of its column.
        place, firsts = 0, []
        for column in encoding.columns:
            firsts.append((column.name, numbers[place]))
            place += len(column.features)
    else:
        firsts = list(zip(features, numbers, strict=True))
    counts = tuple((name, number) for name, number in firsts if number)
    return filled, Missing("mean", matrix.shape[0], 0, counts, tuple(means.tolist()))


def complete_frame(X: Any, encoding: Encoding | Formula) -> tuple[Any, Flags]:
    """Return the rows of a frame that miss none of a model's columns, and a mask (n,) of the others.

    Parameters
    ----------
    X : data frame
        New data.
    encoding : Encoding or Formula
        How the columns of the model's data became features.
    """
    gone = np.zeros(len(open_frame(X)), dtype=bool)
    for _, places in _gaps_of_frame(X, encoding):
        gone[places] = True
    return take_rows(X, ~gone), gone


def _gaps_of(
    X: Any, encoding: Encoding | Formula | None, names: Sequence[str] | None
) -> tuple[Any, int, list[tuple[str, Indices]]]:
    """The table, its number of rows, and each incomplete column with the rows in which it is missing."""
    if isinstance(X, ModelMatrix):
        return X, len(X), []
    if is_frame(X):
        return X, len(open_frame(X)), [*_gaps_of_frame(X, encoding)]
    if is_sparse(X):
        X = as_csc(X, finite=False)
        gone = np.flatnonzero(np.isnan(X.data))
        columns, places = columns_of_entries(X)[gone], X.indices[gone]
    else:
        X = as_matrix(mask_to_nan(X), finite=False)
        columns, places = np.nonzero(np.isnan(X).T)
    if names is None:
        names = default_names(X.shape[1]) if encoding is None else encoding.features
    some, first = np.unique(columns, return_index=True)
    parts = np.split(places, first[1:]) if len(some) else []
    return X, X.shape[0], [(names[j], part) for j, part in zip(some.tolist(), parts, strict=True)]


def _gaps_of_frame(X: Any, encoding: Encoding | Formula | None) -> Iterator[tuple[str, Indices]]:
    wanted = None if encoding is None else {column.name for column in encoding.columns}
    for name, series in columns_of(open_frame(X)).items():
        # A column of another type is refused later, where features are read.
        if (wanted is None or name in wanted) and kind_of(series) is not None:
            yield name, np.flatnonzero(find_gaps(series)[0])
