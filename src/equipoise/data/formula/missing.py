"""Missing values in X, y, offset and weights: rows dropped, or values of X replaced by means.

Arrays and frames are read here with NaN where a value is missing, instead of being refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import Matrix, Vector, as_matrix, default_names
from equipoise.data.formula.formulas import Formula, ModelMatrix
from equipoise.data.frames.columns import columns_of, find_gaps, is_frame, kind_of, open_frame, read_vector
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.gaps import Missing, complete_rows, take_rows

Flags = NDArray[np.bool_]


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
) -> CompleteData:
    """Drop every row in which X, y, the offset or the weight is missing.

    Parameters
    ----------
    X : data frame or array-like of shape (n, p)
        Features.
    y, offset, sample_weight : (n,) array, series or None
        Response, known part of each prediction, and weights; only `y` is required.
    encoding : Encoding, optional
        The columns of a frame in which missing values count; all by default.
    names : sequence of p str, optional
        Names for the columns of an array.

    Returns
    -------
    CompleteData
        X as a frame of the same library or an array, the rest as arrays.

    Raises
    ------
    TypeError, ValueError
        If an argument cannot be read, or no row is left.
    """
    X, rows, found = _gaps_of(X, encoding, names)
    given = {"y": y, "offset": offset, "sample_weight": sample_weight}
    vectors: dict[str, Vector | None] = {}
    for name, value in given.items():
        vector = (
            None
            if value is None and name != "y"
            else read_vector(mask_to_nan(value), name, rows, finite=False)
        )
        vectors[name] = vector
        if vector is not None and np.isnan(vector).any():
            found.append((name, np.isnan(vector)))
    kept, record = complete_rows(rows, found)
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
    matrix: Matrix, weights: Vector | None, features: Sequence[str], rows: Flags | None = None
) -> tuple[Matrix, Vector]:
    """Replace missing values by the weighted mean of their feature.

    Parameters
    ----------
    matrix : (n, p) array
        Features, NaN where a value is missing.
    weights : (n,) array or None
        Sample weights.
    features : sequence of p str
        Names of the features, for error messages.
    rows : (n,) bool array, optional
        Mask of the rows over which means are taken; all by default.

    Returns
    -------
    filled : (n, p) array
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
    missing = np.isnan(matrix)
    s = np.ones(len(matrix)) if weights is None else weights
    if rows is not None:
        s = np.where(rows, s, 0.0)
    counting = ~missing & (s > 0)[:, None]
    empty = np.flatnonzero(~counting.any(axis=0))
    if len(empty):
        where = "any row" if rows is None else "any training row of a fold"
        raise ValueError(
            f"X column '{features[int(empty[0])]}' has no value in {where} of positive weight, "
            "and so no mean: drop it"
        )
    # Means are taken of differences from a value of the column, so that a constant column stays constant.
    start = matrix[counting.argmax(axis=0), np.arange(matrix.shape[1])]
    filled = matrix.copy(order="K")
    np.copyto(filled, start, where=missing)
    as_matrix(filled, features=features)
    with np.errstate(over="ignore", invalid="ignore"):
        means = start + s @ (filled - start) / (s @ counting)
    np.copyto(filled, means, where=missing)
    return filled, means


def impute_means(
    matrix: Matrix, weights: Vector | None, features: Sequence[str], encoding: Encoding | Formula | None
) -> tuple[Matrix, Missing]:
    """Replace missing values by means over all rows, and record how many each column had.

    Parameters
    ----------
    matrix : (n, p) array
        Features, NaN where a value is missing.
    weights : (n,) array or None
        Sample weights.
    features : sequence of p str
        Names of the features.
    encoding : Encoding, Formula or None
        How the columns of a frame became features; None for an array.

    Returns
    -------
    filled : (n, p) array
        A copy without missing values.
    record : Missing
        What was replaced.
    """
    filled, means = fill_means(matrix, weights, features)
    numbers: list[int] = np.isnan(matrix).sum(axis=0).tolist()
    if isinstance(encoding, Encoding):
        # The features of a category are missing together, so the first one gives the number of its column.
        place, firsts = 0, []
        for column in encoding.columns:
            firsts.append((column.name, numbers[place]))
            place += len(column.features)
    else:
        firsts = list(zip(features, numbers, strict=True))
    counts = tuple((name, number) for name, number in firsts if number)
    return filled, Missing("mean", len(matrix), 0, counts, tuple(means.tolist()))


def mask_to_nan(value: Any) -> Any:
    """Return a numeric masked array with NaN for what is masked; anything else is returned unchanged."""
    if isinstance(value, np.ma.MaskedArray) and value.dtype.kind in "biuf":
        return np.ma.filled(value.astype(np.float64), np.nan)
    return value


def _gaps_of(
    X: Any, encoding: Encoding | Formula | None, names: Sequence[str] | None
) -> tuple[Any, int, list[tuple[str, Flags]]]:
    """The table, its number of rows, and the name of each incomplete column with a mask of its gaps."""
    if isinstance(X, ModelMatrix):
        return X, len(X), []
    if is_frame(X):
        found = list(_gaps_of_frame(X, encoding))
        return X, len(open_frame(X)), found
    matrix = as_matrix(mask_to_nan(X), finite=False)
    missing = np.isnan(matrix)
    columns = np.flatnonzero(missing.any(axis=0))
    if names is None:
        names = default_names(matrix.shape[1]) if encoding is None else encoding.features
    return matrix, len(matrix), [(names[j], missing[:, j]) for j in columns.tolist()]


def _gaps_of_frame(X: Any, encoding: Encoding | Formula | None) -> Iterator[tuple[str, Flags]]:
    wanted = None if encoding is None else {column.name for column in encoding.columns}
    for name, series in columns_of(open_frame(X)).items():
        # A column of another type is refused later, where features are read.
        if (wanted is None or name in wanted) and kind_of(series) is not None:
            missing, _ = find_gaps(series)
            if missing.any():
                yield name, missing
