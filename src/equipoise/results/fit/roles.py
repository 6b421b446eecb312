"""Columns that have a role, found again by the names they had at the fit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.floats import as_floats
from equipoise.data.disk.mapped import Mapped
from equipoise.data.frames.columns import is_frame, open_frame, pick_columns, read_column
from equipoise.data.text.names import nfc
from equipoise.design.choose_design import fitted
from equipoise.setup.reading import read_rows

if TYPE_CHECKING:
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.fit.predictions import Predictor

Array = NDArray[np.float64]

ROLES = {"y": "target", "sample_weight": "weights", "offset": "offset"}
"""What a model calls the columns that the arguments of a verb named."""


def columns_of_roles(named: Mapping[str, str]) -> dict[str, str | None]:
    """The columns by role, from those that were named by argument; None for roles that were not."""
    return {role: named.get(argument) for argument, role in ROLES.items()}


def remembered_roles(fit: Predictor, X: Any, **given: Any) -> dict[str, Any]:
    """The arguments y, sample_weight and offset; where one is None, the column of X that held it at the fit.

    A ValueError refuses a frame that lacks the weights or the offset.
    """
    names = names_of(X)
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


def with_offset(fit: Predictor, X: Any, offset: Any) -> tuple[Any, Any]:
    """X to predict for, and the offset that is added: an array, a number, or None for none.

    A ValueError refuses to predict without the offset that a model was fitted with, unless it is 0.
    """
    names = names_of(X)
    if offset is None and fit.offset:
        name = fit.named.get("offset")
        if name is None or names is None or nfc(name) not in names:
            lacks = "" if name is None else f" (column '{name}', which X lacks)"
            raise ValueError(
                f"this model was fitted with an offset{lacks}: pass offset=, or offset=0 on purpose"
            )
        offset = name
    if isinstance(offset, str):
        if names is None:
            raise TypeError(f"offset is '{offset}', but X has no column names: pass one value a row")
        name = offset
        offset = X.column(nfc(name)) if isinstance(X, Mapped) else read_column(X, name, role="offset")
        if fit.encoding is None and is_frame(X):
            X = pick_columns(X, drop=[nfc(name)])
    return X, offset


def predictions(fit: Predictor, matrix: Any, offset: Any) -> Array:
    """Predictions (n,) from the features (n, p) of new rows and their offset; refused where float64 ends."""
    with np.errstate(over="ignore", invalid="ignore"):
        eta = fit.intercept + fitted(matrix, fit.coef)
        if offset is not None:
            eta = eta + as_offset(offset, len(eta))
    if not np.isfinite(eta).all():
        row = int(np.isfinite(eta).argmin())
        raise ValueError(
            f"the prediction of row {row}, counting from 0, is beyond float64: look at its values"
        )
    return eta


def as_offset(offset: Any, rows: int) -> Any:
    """Return an offset as a finite number, or as one for each row."""
    if isinstance(offset, Real) or (isinstance(offset, np.ndarray) and offset.ndim == 0):
        number = as_floats(offset, "offset").item()
        if isinstance(offset, bool) or not np.isfinite(number):
            raise ValueError(f"offset is {offset}: pass a finite number, or one a row")
        return number
    return read_rows(offset, "offset", rows)


def means_of(missing: Missing | None) -> tuple[float, ...] | None:
    """Means that replace missing values in predictions; None if these are refused."""
    return missing.means if missing is not None and missing.policy == "mean" else None


def names_of(X: Any) -> list[str] | None:
    """Names of the columns of a frame or of a matrix on disk that has some; None for anything else."""
    if isinstance(X, Mapped):
        return list(X.features)
    return list(map(nfc, open_frame(X).columns)) if is_frame(X) else None
