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
from equipoise.data.disk.mmap_store import is_on_disk
from equipoise.data.frames.columns import is_frame, open_frame, pick_columns, read_column
from equipoise.data.text.names import nfc
from equipoise.setup.reading import read_for, read_rows
from equipoise.setup.setup import Setup

if TYPE_CHECKING:
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


def with_offset(asked: Setup | Fit, X: Any, offset: Any) -> tuple[Any, Any]:
    """X to predict for, without the column of the offset, and the offset: an array, a number or None."""
    if isinstance(X, str | os.PathLike) and not is_on_disk(X):
        X = read_for(X, asked.encoding)
    offset = asked_offset(asked, X, offset)
    if not isinstance(offset, str):
        return X, offset
    if _names_of(X) is None:
        raise TypeError(f"offset is '{offset}', but X has no column names: pass one value a row")
    if isinstance(X, Mapped):
        return X, X.column(nfc(offset))
    known = read_column(X, offset, role="offset")
    return (pick_columns(X, drop=[nfc(offset)]) if asked.encoding is None else X), known


def add_offset(eta: Array, offset: Any) -> Array:
    """Predictions without an offset (n,) or (n, m) plus the offset; refused where float64 ends."""
    if offset is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            known = offset_of_rows(offset, len(eta))
            eta = eta + (known if np.ndim(known) == 0 or eta.ndim == 1 else known[:, None])
    if not np.isfinite(eta).all():
        row = int(np.isfinite(eta).reshape(len(eta), -1).all(axis=1).argmin())
        raise ValueError(f"the prediction of row {row}, counting from 0, is beyond float64: check its values")
    return eta


def offset_of_rows(offset: Any, rows: int) -> Any:
    """An offset as a finite number, or as one for each row."""
    if isinstance(offset, Real) or (isinstance(offset, np.ndarray) and offset.ndim == 0):
        number = as_floats(offset, "offset").item()
        if isinstance(offset, bool) or not np.isfinite(number):
            raise ValueError(f"offset is {offset}: pass a finite number, or one a row")
        return number
    return read_rows(offset, "offset", rows)


def _offset_of_fit(asked: Setup | Fit) -> tuple[str | None, bool]:
    """The name of the column that held the offset, None if it had none, and whether there was an offset."""
    if isinstance(asked, Setup) and asked.gathered is None:
        return asked.named.get("offset"), asked.offset is not None
    source = asked.gathered if isinstance(asked, Setup) else asked
    return (None, False) if source is None else (source.named.get("offset"), source.offset)


def _names_of(X: Any) -> list[str] | None:
    """Names of the columns of a frame or of a matrix on disk that has some; None for anything else."""
    if isinstance(X, Mapped):
        return list(X.features)
    return list(map(nfc, open_frame(X).columns)) if is_frame(X) else None
