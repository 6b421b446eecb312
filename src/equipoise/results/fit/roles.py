"""Columns that have a role, found again by the names they had at the fit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.floats import as_floats, mask_to_nan
from equipoise.data.arguments.messages import MissingValues, suggestion
from equipoise.data.arguments.named import NamedArray
from equipoise.data.disk.mapped import Mapped
from equipoise.data.frames.columns import is_frame, open_frame, pick_columns, read_column, read_vector
from equipoise.data.text.names import nfc
from equipoise.setup.reading import read_for, read_new, read_new_rows, read_rows
from equipoise.setup.setup import Setup

if TYPE_CHECKING:
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.fit.result import Fit

Array = NDArray[np.float64]

ROLES = {"y": "target", "sample_weight": "weights", "offset": "offset"}
"""What a model calls the columns that the arguments of a verb named."""


def columns_of_roles(named: Mapping[str, str]) -> dict[str, str | None]:
    """The columns by role, from those that were named by argument; None for roles that were not."""
    return {role: named.get(argument) for argument, role in ROLES.items()}


def remembered_roles(fit: Fit, X: Any, **given: Any) -> dict[str, Any]:
    """The arguments y, sample_weight and offset; where one is None, the column of X that held it at the fit.

    A ValueError refuses a frame that lacks the weights or the offset.
    """
    names = _names_of(X)
    if names is None and not isinstance(X, str | os.PathLike):
        return given
    for role, value in given.items():
        name = fit.named.get(role)
        if value is not None or name is None:
            continue
        if names is None or nfc(name) in names:
            given[role] = name
        elif role != "y":
            raise ValueError(f"X lacks column '{name}', which held the {ROLES[role]} at the fit: pass {role}")
    return given


@contextmanager
def missing_values_told(*, nan: bool = True) -> Iterator[None]:
    """Say of missing values in new rows what a prediction can do about them; ``nan`` where it can be NaN."""
    try:
        yield
    except MissingValues as error:
        if not error.policies:  # an infinite value
            raise error.for_verb(False) from None
        remedies = ["leave out such rows"]
        if nan:
            remedies.append("pass missing='nan' to predict NaN for them")
        if "mean" in error.policies:
            remedies.append("fit with missing='mean' to put in means")
        raise error.instead(", or ".join(remedies)) from None


def asked_offset(asked: Setup | Fit, X: Any, offset: Any) -> Any:
    """The offset as it is passed; where that is None, the name of the column of X that held it at the fit.

    ``asked`` is a model, or the data that it was fitted to. A ValueError refuses to predict without the
    offset of a fit that had one, unless it is 0.
    """
    name, had = _offset_of_fit(asked)
    if offset is not None or not had:
        return offset
    if name is None or nfc(name) not in (_names_of(X) or ()):
        lacks = "" if name is None else f" (column '{name}', which X lacks)"
        raise ValueError(f"this model was fitted with an offset{lacks}: pass offset=, or offset=0 on purpose")
    return name


def with_offset(asked: Setup | Fit, X: Any, offset: Any, *, finite: bool = True) -> tuple[Any, Any]:
    """X to predict for, without the column of the offset, and the offset: an array, a number or None.

    ``finite=False`` allows missing values in the offset.
    """
    X = read_for(X, asked.encoding)
    offset = asked_offset(asked, X, offset)
    if not isinstance(offset, str):
        return X, offset
    if _names_of(X) is None:
        raise TypeError(f"offset is '{offset}', but X has no column names: pass one value a row")
    if isinstance(X, Mapped):
        return X, X.column(nfc(offset))
    if isinstance(X, NamedArray):
        if nfc(offset) not in (names := _names_of(X) or ()):
            raise ValueError(f"offset '{offset}' is not a column of X: {suggestion(offset, names)}")
        found = np.asarray(X)[:, names.index(nfc(offset))]
        return X, read_vector(found, f"offset '{offset}'", len(X), finite=finite)
    known = read_column(X, offset, role="offset", finite=finite)
    return (pick_columns(X, drop=[nfc(offset)]) if asked.encoding is None else X), known


def add_offset(eta: Array, offset: Any, gone: NDArray[np.bool_] | None = None) -> Array:
    """Predictions without an offset (n,) or (n, m) plus the offset; refused where float64 ends.

    With a mask (n,) of rows that miss a value, these are NaN, and so are those whose offset is missing.
    """
    if offset is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            known = offset_of_rows(offset, len(eta), finite=gone is None)
            eta = eta + (known if np.ndim(known) == 0 or eta.ndim == 1 else known[:, None])
        gone = None if gone is None else gone | np.isnan(known)
    if gone is not None:
        eta[gone] = 0.0
    if not np.isfinite(eta).all():
        row = int(np.isfinite(eta).reshape(len(eta), -1).all(axis=1).argmin())
        fault = (
            "not a number: X holds NaN or infinity there" if np.isnan(eta[row]).any() else "beyond float64"
        )
        raise ValueError(f"the prediction of row {row}, counting from 0, is {fault}: check its values")
    if gone is not None:
        eta[gone] = np.nan
    return eta


def offset_of_rows(offset: Any, rows: int, *, finite: bool = True) -> Any:
    """An offset as a finite number, or as one for each row; ``finite=False`` allows missing values."""
    if isinstance(offset, Real) or (isinstance(offset, np.ndarray) and offset.ndim == 0):
        number = as_floats(offset, "offset").item()
        if isinstance(offset, bool) or not np.isfinite(number):
            raise ValueError(f"offset is {offset}: pass a finite number, or one a row")
        return number
    if finite:
        return read_rows(offset, "offset", rows)
    return read_vector(mask_to_nan(offset), "offset", rows, finite=False)


def read_features_of(
    asked: Setup | Fit, X: Any, unseen: Literal["error", "zero"], missing: str
) -> tuple[Any, NDArray[np.bool_] | None]:
    """The features of new rows, and a mask (n,) of those that miss a value where these are allowed."""
    means, features = means_of(asked.missing), asked.features
    if missing == "error" or (missing == "nan" and means is not None):
        matrix = read_new(X, asked.encoding, features, means, unseen)
        return matrix, None if missing == "error" else np.zeros(matrix.shape[0], dtype=bool)
    if missing != "nan":
        raise ValueError(f"missing is {missing!r}: pass 'error' or 'nan'")
    return read_new_rows(X, asked.encoding, features, unseen)


def means_of(missing: Missing | None) -> tuple[float, ...] | None:
    """Means that replace missing values in predictions; None if these are refused."""
    return missing.means if missing is not None and missing.policy == "mean" else None


def _offset_of_fit(asked: Setup | Fit) -> tuple[str | None, bool]:
    """The name of the column that held the offset, None if it had none, and whether there was an offset."""
    if isinstance(asked, Setup) and asked.gathered is None:
        return asked.named.get("offset"), asked.offset is not None
    source = asked.gathered if isinstance(asked, Setup) else asked
    return (None, False) if source is None else (source.named.get("offset"), source.offset)


def _names_of(X: Any) -> list[str] | None:
    """Names of the columns of a table that has some, in whatever form; None for anything else."""
    if isinstance(X, NamedArray):
        return list(map(nfc, X.names))
    if isinstance(X, Mapped):
        return list(X.features)
    return list(map(nfc, open_frame(X).columns)) if is_frame(X) else None
