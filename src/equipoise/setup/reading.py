"""Reading of X, y and what belongs to them, from arrays, frames or files, with missing values handled."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.arrays import DefaultNames, as_matrix, as_vector, as_weights, default_names
from equipoise.data.arguments.floats import mask_to_nan
from equipoise.data.arguments.messages import quoted
from equipoise.data.arguments.named import NamedArray
from equipoise.data.arguments.sparse import as_csc, columns_of_entries, is_sparse
from equipoise.data.disk.mapped import Mapped
from equipoise.data.disk.mmap_store import is_on_disk
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.columns import is_frame
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.native import frame_of_named
from equipoise.design.choose_design import reordered
from equipoise.sums.gathered import Gathered
from equipoise.sums.moments import Moments

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Read(NamedTuple):
    """Data with missing values handled; X, y and the offset as passed, less rows that were dropped.

    Each field means what the field of the same name in ``Setup`` means.
    """

    X: object
    y: object
    offset: object
    weights: Array | None
    matrix: Any
    names: Sequence[str]
    encoding: Encoding | Formula | None
    missing: Missing | None = None
    kept: Flags | None = None
    gappy: Array | None = None
    moments: Moments | None = None
    gathered: Gathered | None = None


def read(
    X: object,
    y: object,
    offset: object,
    sample_weight: object,
    missing: str,
    encoding: Encoding | Formula | None,
    columns: ColumnChoice = EVERY_COLUMN,
) -> Read:
    """Read X and the weights; ``missing`` is the policy for missing values: "error", "drop" or "mean".

    ``columns`` has names for the features, or says which levels of text make one.
    """
    if isinstance(X, Gathered):
        return _read_gathered(X, y=y, sample_weight=sample_weight, offset=offset)
    if y is None:
        raise TypeError("y is missing: pass the response")
    if is_on_disk(X):
        X = Mapped(X)
    if missing == "error":
        return _read_whole(X, y, offset, sample_weight, encoding, columns)
    _refuse_policy(X, missing)
    settle = _drop if missing == "drop" else _fill
    return settle(X, y, offset, sample_weight, encoding, columns)


def _read_gathered(X: Gathered, **given: object) -> Read:
    """Read gathered data as rows with the same sums; other data beside them are refused."""
    for name, value in given.items():
        if value is not None:
            raise TypeError(
                f"{name} was given, but X holds gathered data, which have their own: leave it out"
            )
    rows = X.equivalent
    return Read(
        X=None,
        y=rows.response,
        offset=None,
        weights=rows.weights,
        matrix=rows.matrix,
        names=X.features,
        encoding=X.encoding,
        missing=X.missing,
        moments=X.total,
        gathered=X,
    )


def _read_whole(
    X: object,
    y: object,
    offset: object,
    sample_weight: object,
    encoding: Encoding | Formula | None,
    columns: ColumnChoice,
) -> Read:
    """Read data in which no value may be missing."""
    # Missing values show as NaN in the moments, except in rows of weight 0, which moments leave out.
    matrix, names, encoding = read_matrix(X, encoding, finite=sample_weight is not None, columns=columns)
    weights = read_weights(sample_weight, matrix.shape[0])
    if isinstance(matrix, Mapped) and weights is not None and not weights.all():
        matrix.refuse_gaps()
    return Read(X, y, offset, weights, matrix, names, encoding, _dropped_before(X, encoding))


def _refuse_policy(X: object, missing: str) -> None:
    """Refuse an unknown policy for missing values, or one that this kind of X does not support."""
    if missing not in ("drop", "mean"):
        raise ValueError(f"missing is {missing!r}: pass 'error', 'drop' or 'mean'")
    if isinstance(X, Mapped):
        raise ValueError(
            f"missing is {missing!r} but X is on disk, where nothing is dropped or filled in: write it "
            "without missing values, or pass np.asarray(X) if it fits into memory"
        )


def _drop(
    X: object,
    y: object,
    offset: object,
    sample_weight: object,
    encoding: Encoding | Formula | None,
    columns: ColumnChoice,
) -> Read:
    """Leave out the rows in which a value is missing."""
    from equipoise.data.formula.missing import drop_rows

    X, y, offset, sample_weight, kept, record = drop_rows(
        X, y, offset, sample_weight, encoding, columns.names
    )
    matrix, names, encoding = read_matrix(X, encoding, columns=columns)
    weights = read_weights(sample_weight, matrix.shape[0])
    return Read(X, y, offset, weights, matrix, names, encoding, record, kept)


def _fill(
    X: object,
    y: object,
    offset: object,
    sample_weight: object,
    encoding: Encoding | Formula | None,
    columns: ColumnChoice,
) -> Read:
    """Put means of features in place of missing values of X; leave out rows without y, offset or weight."""
    from equipoise.data.formula.formulas import ModelMatrix
    from equipoise.data.formula.missing import drop_rows, impute_means

    if isinstance(X, ModelMatrix):  # a formula's terms have no missing values left
        return _drop(X, y, offset, sample_weight, encoding, columns)
    X, y, offset, sample_weight, kept, left = drop_rows(
        X, y, offset, sample_weight, encoding, columns.names, features=False
    )
    matrix, names, encoding = read_matrix(X, encoding, gaps=True, columns=columns)
    weights = read_weights(sample_weight, matrix.shape[0])
    filled, record = impute_means(matrix, weights, names, encoding)
    gappy = matrix if record.counts else None
    record = replace(record, rows=left.rows, dropped=left.dropped, roles=left.counts)
    some = kept if left.dropped else None
    return Read(X, y, offset, weights, filled, names, encoding, record, some, gappy)


def _dropped_before(X: Any, encoding: Encoding | Formula | None) -> Missing | None:
    """Record of the rows that the evaluation of a formula dropped; None without a formula."""
    if encoding is None or isinstance(encoding, Encoding):
        return None
    from equipoise.data.formula.formulas import ModelMatrix

    return X.missing if isinstance(X, ModelMatrix) else None


def frame_of(X: Any, encoding: Encoding | Formula) -> object:
    """The data frame that features came from."""
    if isinstance(encoding, Encoding):
        return X
    from equipoise.data.formula.formulas import ModelMatrix

    return X.frame if isinstance(X, ModelMatrix) else X


def in_order(
    value: ArrayLike | Mapping[Any, float],
    name: str,
    features: Sequence[str],
    encoding: Encoding | Formula | None,
    default: ArrayLike | None,
) -> ArrayLike:
    """A penalty or bound in the order of the features; in a mapping ``default`` is for names left out."""
    if not isinstance(value, Mapping):
        return value
    from equipoise.data.arguments.by_name import by_name

    return by_name(value, name, features, encoding, default=default)


def read_matrix(
    X: object,
    encoding: Encoding | Formula | None = None,
    unseen: Literal["error", "zero"] = "error",
    *,
    finite: bool = True,
    gaps: bool = False,
    columns: ColumnChoice = EVERY_COLUMN,
) -> tuple[Any, Sequence[str], Encoding | Formula | None]:
    """X as float64 (sparse in compressed columns), its feature names, and its encoding if it is a frame.

    ``finite=False`` does not check an array for missing values; ``gaps=True`` allows them, as NaN.
    """
    if is_on_disk(X):
        X = Mapped(X)
    if is_sparse(X) or isinstance(X, Mapped):
        if encoding is not None:
            kind = "sparse" if is_sparse(X) else "a matrix on disk"
            raise TypeError(
                f"X is {kind} but the model was fitted on a data frame: pass a frame with its columns"
            )
        if isinstance(X, Mapped):
            return X, X.features if columns.names is None else columns.names, None
        sparse = as_csc(X, features=columns.names, finite=not gaps)
        return sparse, DefaultNames(sparse.shape[1]) if columns.names is None else columns.names, None
    if gaps:
        X = mask_to_nan(X)
    if _is_plain(X) and encoding is None:
        matrix = as_matrix(X, features=columns.names, finite=finite and not gaps)
        return matrix, DefaultNames(matrix.shape[1]) if columns.names is None else columns.names, None
    from equipoise.data.formula.formulas import Formula, ModelMatrix, read_formula_features

    if isinstance(X, ModelMatrix) or isinstance(encoding, Formula):
        return read_formula_features(X, encoding, unseen)
    from equipoise.data.frames.features import read_features

    read = read_features(
        X,
        encoding=encoding,
        unseen=unseen,
        finite=not gaps,
        reference=columns.reference,
        categories=columns.categories,
        index=columns.features is not None,
    )
    return read.matrix, read.names, read.encoding


def read_new(
    X: object,
    encoding: Encoding | Formula | None,
    features: Sequence[str],
    means: Sequence[float] | None,
    unseen: Literal["error", "zero"],
) -> Any:
    """Read new data as the p features of a model: a file or frame by column names, an array by position.

    Missing values are replaced by ``means``, or refused if that is None; ``unseen`` is the policy for
    categories that the fit did not see.
    """
    matrix = _read_new(X, encoding, features, unseen, gaps=means is not None)
    return matrix if means is None else _with_means(matrix, means, features)


def read_new_rows(
    X: object,
    encoding: Encoding | Formula | None,
    features: Sequence[str],
    unseen: Literal["error", "zero"],
) -> tuple[Any, Flags]:
    """As :func:`read_new`, with 0 for missing values, and a mask (n,) of the rows that have some."""
    X = read_for(X, encoding)
    if is_frame(X) and encoding is not None and not isinstance(encoding, Encoding):
        from equipoise.data.formula.missing import complete_frame

        some, gone = complete_frame(X, encoding)
        matrix = np.zeros((len(gone), len(features)))
        if not gone.all():
            matrix[~gone] = _read_new(some, encoding, features, unseen)
        return matrix, gone
    matrix = _read_new(X, encoding, features, unseen, gaps=True)
    if isinstance(matrix, Mapped):
        raise ValueError(
            "X is on disk, which is read as it is, whether or not values are missing: pass np.asarray(X) if "
            "it fits into memory"
        )
    if is_sparse(matrix):
        gone = np.zeros(matrix.shape[0], dtype=bool)
        gone[matrix.indices[np.isnan(matrix.data)]] = True
    else:
        gone = np.isnan(matrix).any(axis=1)
    return _with_means(matrix, np.zeros(len(features)), features), gone


def _read_new(
    X: object,
    encoding: Encoding | Formula | None,
    features: Sequence[str],
    unseen: Literal["error", "zero"],
    gaps: bool = False,
) -> Any:
    """New data as the features of a model, with NaN for missing values where ``gaps`` may be."""
    X = read_for(X, encoding)
    if isinstance(X, NamedArray):
        X = _in_order_of(X, features, encoding)
    matrix, names, _ = read_matrix(X, encoding, unseen, gaps=gaps)
    by_name = isinstance(matrix, Mapped) or (isinstance(names, tuple) and len(names) == len(features))
    if encoding is None and by_name and set(names) >= set(features):
        # A frame with the names of a model that was fitted on an array, or a file with more columns.
        matrix = reordered(matrix, names, features)
    if matrix.shape[1] != len(features):
        raise ValueError(
            f"X has {matrix.shape[1]} columns but the model has {len(features)} features: "
            f"pass {', '.join(features[:4])}{' …' if len(features) > 4 else ''} in this order"
        )
    return matrix


def _in_order_of(X: NamedArray, features: Sequence[str], encoding: Encoding | Formula | None) -> Any:
    """The columns that are the features of a model: by name, unless its data had no names."""
    absent = [name for name in features if name not in X.names]
    if not absent:
        return np.asarray(X[list(features)])
    if encoding is None and tuple(features) == default_names(len(features)):
        return np.asarray(X)
    raise ValueError(f"X lacks {quoted(absent)}, on which the model was fitted: it has {quoted(X.names)}")


def _with_means(matrix: Any, means: Sequence[float] | Array, features: Sequence[str]) -> Any:
    """New data with the means of a model in place of missing values."""
    if not is_sparse(matrix):
        return as_matrix(np.where(np.isnan(matrix), means, matrix), features=features)
    gone = np.isnan(matrix.data)
    if gone.any():
        matrix = matrix.copy()
        matrix.data[gone] = np.asarray(means)[columns_of_entries(matrix)[gone]]
    return as_csc(matrix, features=features)


def read_for(X: Any, encoding: Encoding | Formula | None) -> Any:
    """Read a file, folder or query as the columns of a model were read; return anything else as it is.

    An array with names becomes a frame for a formula, which reads nothing else.
    """
    if isinstance(X, NamedArray) and not isinstance(encoding, Encoding | None):
        return frame_of_named(X)
    if not isinstance(X, str | os.PathLike) or is_on_disk(X):
        return X
    from equipoise.data.stream.read_whole import read_whole

    if encoding is None:
        return read_whole(X)
    known = {column.name: column.kind == "numeric" for column in encoding.columns}
    return read_whole(X, encoding.reading, known)


def read_rows(value: object, name: str, rows: int, *, finite: bool = True) -> Array:
    """A vector with one number for each row, such as y or an offset; ``finite=False`` allows missing ones."""
    if _is_plain(value):
        return as_vector(value, name, rows, finite=finite)
    from equipoise.data.arguments.floats import mask_to_nan
    from equipoise.data.frames.columns import read_vector

    return read_vector(value if finite else mask_to_nan(value), name, rows, finite=finite)


def read_weights(value: object, rows: int) -> Array | None:
    """Sample weights, or None for none."""
    return as_weights(value if _is_plain(value) else read_rows(value, "sample_weight", rows), rows)


def _is_plain(value: object) -> bool:
    """Whether a value needs no data frame library to be read."""
    return value is None or type(value) in (np.ndarray, list, tuple, float, int)
