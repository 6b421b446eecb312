"""Columns that have a role, found again by the names they had at the fit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.floats import as_floats, mask_to_nan
from equipoise.data.arguments.messages import MissingValues, suggestion
from equipoise.data.arguments.named import NamedArray
from equipoise.data.disk.mapped import Mapped
from equipoise.data.frames.columns import is_frame, open_frame, pick_columns, read_column, read_vector
from equipoise.data.text.names import nfc
from equipoise.objective.losses.base import Loss
from equipoise.setup.reading import read_for, read_new, read_new_rows, read_rows
from equipoise.setup.response import log_exposure, refused_exposure
from equipoise.setup.setup import Setup

if TYPE_CHECKING:
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.fit.result import Fit

Array = NDArray[np.float64]

ROLES = {"y": "target", "sample_weight": "weights", "offset": "offset", "exposure": "exposure"}
"""What a model calls the columns that the arguments of a verb named."""


def columns_of_roles(named: Mapping[str, str]) -> dict[str, str | None]:
    """The columns by role, from those that were named by argument; None for roles that were not."""
    return {role: named.get(argument) for argument, role in ROLES.items()}


def remembered_roles(fit: Fit, X: Any, **given: Any) -> dict[str, Any]:
    """The arguments of roles as given; where one is None, the column of X that held it at the fit.

    A ValueError refuses a frame that lacks the weights, the offset or the exposure.
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
def missing_values_told(
    remedy: str = "leave out such rows, or pass missing='nan' to predict NaN for them",
) -> Iterator[None]:
    """Say of missing values in new rows what a verb can do about them, or a fit that keeps their means."""
    try:
        yield
    except MissingValues as error:
        if not error.policies:  # an infinite value
            raise error.for_verb(False) from None
        means = ", or fit with missing='mean' to put in means" if "mean" in error.policies else ""
        raise error.instead(remedy + means) from None


class Known(NamedTuple):
    """What new rows add to their linear predictor: each an array (n,), a number, or None.

    While it is still in a frame, the name of its column.
    """

    offset: Any = None
    exposure: Any = None

    def on(self, rows: int, *, finite: bool = True) -> Any:
        """Their sum, (n,) or a number, with the logarithm of the exposure; None where there is none.

        ``finite=False`` allows missing values.
        """
        if self.exposure is None:
            return None if self.offset is None else offset_of_rows(self.offset, rows, finite=finite)
        own = _log_of_exposure(self.exposure, rows, finite)
        return own if self.offset is None else own + offset_of_rows(self.offset, rows, finite=finite)


def asked_known(asked: Setup | Fit, X: Any, known: Known) -> Known:
    """What is passed; where that is None, the name of the column of X that held it at the fit.

    ``asked`` is a model, or the data that it was fitted to. A ValueError refuses to predict without the
    offset of a fit that had one, unless it is 0, and without its exposure, unless it is 1.
    """
    check_exposure(asked.loss if isinstance(asked, Setup) else asked.kind, known.exposure)
    offset, exposure = _had(asked)
    return Known(
        _asked(X, "offset", known.offset, *offset, "offset=0"),
        _asked(X, "exposure", known.exposure, *exposure, "exposure=1 for the rate"),
    )


def check_exposure(kind: Loss, exposure: object) -> None:
    """Refuse an exposure beside a loss that would ignore it."""
    if exposure is not None and not kind.takes_exposure:
        raise ValueError(refused_exposure(kind))


def _asked(X: Any, role: str, given: Any, had: bool, name: str | None, without: str) -> Any:
    """One of them as passed, or the name of its column."""
    if given is not None or not had:
        return given
    if name is None or nfc(name) not in (_names_of(X) or ()):
        lacks = "" if name is None else f" (column '{name}', which X lacks)"
        article = "an" if role[0] in "aeiou" else "a"
        on_purpose = without if " for " in without else f"{without} on purpose"
        raise ValueError(f"this model was fitted with {article} {role}{lacks}: pass {role}=, or {on_purpose}")
    return name


def take_known(asked: Setup | Fit, X: Any, known: Known, *, finite: bool = True) -> tuple[Any, Known]:
    """X to predict for, without the columns of offset and exposure, and these as arrays, numbers or None.

    ``finite=False`` allows missing values in them.
    """
    X = read_for(X, asked.encoding)
    known = asked_known(asked, X, known)
    for role, value in known._asdict().items():
        if not isinstance(value, str):
            continue
        if _names_of(X) is None:
            raise TypeError(f"{role} is '{value}', but X has no column names: pass one value a row")
        if isinstance(X, Mapped):
            known = known._replace(**{role: X.column(nfc(value))})
            continue
        if isinstance(X, NamedArray):
            if nfc(value) not in (names := _names_of(X) or ()):
                raise ValueError(f"{role} '{value}' is not a column of X: {suggestion(value, names)}")
            column = np.asarray(X)[:, names.index(nfc(value))]
            found = read_vector(column, f"{role} '{value}'", len(X), finite=finite)
            known = known._replace(**{role: found})
            continue
        known = known._replace(**{role: read_column(X, value, role=role, finite=finite)})
        X = pick_columns(X, drop=[nfc(value)]) if asked.encoding is None else X
    return X, known


def add_known(eta: Array, known: Known, gone: NDArray[np.bool_] | None = None) -> Array:
    """Linear predictors (n,) or (n, m) plus what is known of the rows; refused where float64 ends.

    With a mask (n,) of rows that miss a value, these are NaN, and so are those whose offset or exposure is
    missing.
    """
    shift = known.on(len(eta), finite=gone is None)
    if shift is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            eta = eta + (shift if np.ndim(shift) == 0 or eta.ndim == 1 else shift[:, None])
        gone = None if gone is None else gone | np.isnan(shift)
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


def _log_of_exposure(exposure: Any, rows: int, finite: bool) -> Any:
    """The logarithm of an exposure, of one number for all rows or one for each."""
    if isinstance(exposure, Real) or (isinstance(exposure, np.ndarray) and exposure.ndim == 0):
        number = as_floats(exposure, "exposure").item()
        if isinstance(exposure, bool) or not 0 < number < np.inf:
            raise ValueError(f"exposure is {exposure}: pass a number above 0, or one a row")
        return np.log(number)
    return log_exposure(exposure, rows, finite=finite)


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


def _had(asked: Setup | Fit) -> tuple[tuple[bool, str | None], tuple[bool, str | None]]:
    """Whether there was an offset at the fit, and an exposure, each with the name of its column."""
    if isinstance(asked, Setup) and asked.gathered is None:
        offset = asked.offset is not None and not asked.offset_is_exposure
        exposed, named = asked.exposed, asked.named
    else:
        source = asked.gathered if isinstance(asked, Setup) else asked
        assert source is not None
        offset, exposed, named = source.offset, getattr(source, "exposure", False), source.named
    return (offset, named.get("offset")), (exposed, named.get("exposure"))


def _names_of(X: Any) -> list[str] | None:
    """Names of the columns of a table that has some, in whatever form; None for anything else."""
    if isinstance(X, NamedArray):
        return list(map(nfc, X.names))
    if isinstance(X, Mapped):
        return list(X.features)
    return list(map(nfc, open_frame(X).columns)) if is_frame(X) else None
