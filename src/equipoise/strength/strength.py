"""A penalty in this library's convention, and the checks that all conversions share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.arrays import as_weights
from equipoise.data.arguments.floats import as_floats
from equipoise.data.frames.columns import read_vector
from equipoise.data.records import ByValue

Array = NDArray[np.float64]
PerFeature = float | Array

# Shares of l1 that differ by no more than this are equal but for rounding.
SHARE_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Strength(ByValue, Mapping[str, Any]):
    """A penalty in this library's convention, as keywords of a fit: ``eq.fit(X, y, **strength)``.

    Parameters
    ----------
    l1, l2 : float or (p,) array
        The penalties, added to a sum over rows and without ½ on l2 (see :func:`equipoise.fit`).
    standardize : bool
        Whether they are penalties of columns with unit standard deviation.
    intercept : bool or None
        Whether the model has an intercept; None, and then no keyword, if the penalties do not depend on it.

    Examples
    --------
    >>> strength = Strength(l1=2.0, l2=0.5)
    >>> dict(strength)
    {'l1': 2.0, 'l2': 0.5, 'standardize': False}
    """

    l1: PerFeature
    l2: PerFeature = 0.0
    standardize: bool = False
    intercept: bool | None = None

    def __iter__(self) -> Iterator[str]:
        yield from ("l1", "l2", "standardize")
        if self.intercept is not None:
            yield "intercept"

    def __len__(self) -> int:
        return 3 + (self.intercept is not None)

    def __getitem__(self, key: str) -> Any:
        if key not in tuple(self):
            raise KeyError(key)
        return getattr(self, key)


def read_number(value: object, name: str, *, at_most: float = np.inf) -> float:
    """Return one finite number from 0 to `at_most`."""
    number = as_floats(value, name)
    if number.ndim:
        raise ValueError(f"{name} has shape {number.shape}: pass one number")
    if not (np.isfinite(number) and 0 <= number <= at_most):
        range_ = "of 0 or more" if np.isinf(at_most) else f"from 0 to {at_most:g}"
        raise ValueError(f"{name} is {float(number):g}: pass a number {range_}")
    return float(number)


def weights_or_ones(value: Any, rows: int) -> Array:
    """Return sample weights (rows,), all 1 if none are given."""
    weights = None if value is None else as_weights(read_vector(value, "sample_weight", rows), rows)
    return np.ones(rows) if weights is None else weights


def read_n(n: object) -> float:
    """Return `n`, the number of rows or the sum of their weights, as a positive float."""
    rows = read_number(n, "n")
    if rows == 0:
        raise ValueError("n is 0: pass the number of rows, or the sum of their weights")
    return rows


def read_per_feature(value: ArrayLike, name: str, *, excludes: bool = False) -> PerFeature:
    """Return a penalty or penalty factor ≥ 0, one number or (p,); ``excludes`` says that ∞ is allowed."""
    values = as_floats(value, name)
    if values.ndim > 1:
        raise ValueError(f"{name} has shape {values.shape}: pass one number, or one per feature")
    wrong = ~(values >= 0) | (np.isinf(values) & (not excludes))
    if np.any(wrong):
        where = f" at position {int(wrong.argmax())}" if values.ndim else ""
        finite = "" if excludes else "finite "
        raise ValueError(f"{name} is {values[wrong].flat[0]:g}{where}: pass {finite}numbers of 0 or more")
    return values.copy() if values.ndim else float(values)


def read_penalty(l1: ArrayLike, l2: ArrayLike) -> tuple[PerFeature, PerFeature]:
    """Return both penalties of this library; if both are arrays, they must have the same length."""
    one, two = read_per_feature(l1, "l1", excludes=True), read_per_feature(l2, "l2")
    if np.ndim(one) and np.ndim(two) and np.size(one) != np.size(two):
        raise ValueError(
            f"l1 has {np.size(one)} values but l2 has {np.size(two)}: pass one per feature in both"
        )
    return one, two


def read_uniform(value: PerFeature, name: str, package: str) -> float:
    """Return a penalty as one number, for a package without penalty factors."""
    first = float(np.min(value))
    if np.isinf(np.max(value)):
        raise ValueError(f"{name} is ∞ for a feature but {package} excludes none: drop the column instead")
    if np.max(value) != first:
        raise ValueError(
            f"{name} differs between features ({first:g} to {np.max(value):g}) but {package} has one "
            "strength for all: scale the columns instead"
        )
    return first


def l1_share(l1: PerFeature, ridge: PerFeature, package: str) -> float:
    """Return l1/(l1 + ridge), which must be the same for all penalised features; 1 if there are none."""
    l1, total = np.atleast_1d(l1), np.atleast_1d(l1 + ridge)
    l1, total = (part[np.isfinite(total) & (total > 0)] for part in np.broadcast_arrays(l1, total))
    if not len(total):
        return 1.0
    share = l1 / total
    if np.ptp(share) > SHARE_TOLERANCE:
        raise ValueError(
            f"the share of l1 in the penalty differs between features ({share.min():g} to {share.max():g}) "
            f"but {package} has one for all: give l1 and l2 the same proportions"
        )
    return float(l1.sum() / total.sum())


def refuse_standardize(standardize: bool, package: str) -> None:
    """Refuse to convert a penalty of standardised columns for a package that does not standardise."""
    if standardize:
        raise ValueError(
            f"standardize is True but {package} does not standardise: scale the columns to unit standard "
            "deviation and pass standardize=False"
        )
