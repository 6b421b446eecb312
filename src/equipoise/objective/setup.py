"""From what a user passes to a problem to solve: reading, checking, naming."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arrays import (
    DefaultNames,
    as_matrix,
    as_per_feature,
    as_vector,
    as_weights,
    default_names,
)
from equipoise.data.encoding import Encoding
from equipoise.design.dense import Dense
from equipoise.design.moments import Moments
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import Problem

if TYPE_CHECKING:
    from equipoise.data.formulas import Formula
    from equipoise.data.missing import Missing

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
PerFeature = float | Array


@dataclass(frozen=True, eq=False)
class Setup:
    """What a verb was given, read and checked.

    Attributes
    ----------
    matrix : (n, p) array
        X.
    response, offset, weights : (n,) arrays
        The last two None where there are none.
    penalty : Penalty
        As passed, one entry a feature.
    intercept, standardize : bool
        As passed.
    names : sequence of p str
        Names of the features.
    encoding : Encoding, Formula or None
        How the columns of a frame became features.
    l1, l2, lower, upper : float or (p,) array
        As passed.
    frame : object
        The frame X came in, None for an array: results turn into frames of the same library.
    moments : Moments or None
        Of all rows, where they are known already.
    missing : Missing or None
        What was done about missing values; None where they are refused.
    kept : (rows given,) bool array or None
        Which of the rows given these are; None for all.
    gappy : (n, p) array or None
        X with NaN where ``matrix`` has a mean in place of a missing value; None where nothing was missing.
    """

    matrix: Array
    response: Array
    offset: Array | None
    weights: Array | None
    penalty: Penalty
    intercept: bool
    standardize: bool
    names: Sequence[str]
    encoding: Encoding | Formula | None
    l1: PerFeature
    l2: PerFeature
    lower: PerFeature
    upper: PerFeature
    frame: object
    moments: Moments | None = None
    missing: Missing | None = None
    kept: Flags | None = None
    gappy: Array | None = None

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Names of the p features."""
        if isinstance(self.names, DefaultNames):
            return default_names(len(self.names))
        return tuple(self.names)

    @cached_property
    def problem(self) -> Problem:
        """The problem on all rows; at strength 1 it is the one that was asked for."""
        return self.problem_on(None, self.moments)

    def filled_by(self, rows: Flags) -> Setup:
        """The same with missing values replaced by means over these rows alone; itself if there are none."""
        if self.gappy is None:
            return self
        from equipoise.data.missing import fill

        return replace(self, matrix=fill(self.gappy, self.weights, self.features, rows)[0], moments=None)

    def problem_on(self, rows: Flags | None, moments: Moments | None = None) -> Problem:
        """The problem on some of the rows, standardised by these alone; from their moments where known."""
        rows = self._there(rows)
        try:
            return Problem.build(
                Dense(self.matrix, rows),
                _some(self.response, rows),
                self.penalty,
                offset=None if self.offset is None else _some(self.offset, rows),
                weights=None if self.weights is None else _some(self.weights, rows),
                intercept=self.intercept,
                standardize=self.standardize,
                features=self.names,
                moments=moments,
            )
        except ValueError as error:
            refused = error
        # Missing or infinite values of an array show in its moments, which spares a pass to look for them.
        as_matrix(self.matrix)
        raise refused

    def moments_on(self, rows: Flags) -> Moments:
        """Moments of some of the rows, with all of XᵀX."""
        there = self._there(rows)
        target = self.response if self.offset is None else self.response - self.offset
        weights = None if self.weights is None else _some(self.weights, there)
        return Dense(self.matrix, there).moments(_some(target, there), weights)

    def mean_residual(self, coef: Array, intercept: float) -> float:
        """Weighted mean of y − o − b − Xw over all rows; 0 for a model without an intercept."""
        if not self.intercept:
            return 0.0
        used = np.flatnonzero(coef)
        columns = self.matrix[:, used] if 4 * len(used) < len(coef) else self.matrix
        residual = self.response - intercept - columns @ (coef[used] if columns is not self.matrix else coef)
        if self.offset is not None:
            residual = residual - self.offset
        if self.weights is None:
            return float(residual.mean())
        return float(self.weights @ residual / self.weights.sum())

    def _there(self, rows: Flags | None) -> Flags | None:
        """A row of weight 0 is not there, whatever it holds."""
        if self.weights is None or self.weights.all():
            return rows
        there: Flags = self.weights > 0
        return there if rows is None else rows & there


def _some(values: Array, rows: Flags | None) -> Array:
    return values if rows is None else values[rows]


def set_up(
    X: object,
    y: object,
    *,
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    intercept: bool = True,
    standardize: bool = False,
    sample_weight: object = None,
    offset: object = None,
    lower: ArrayLike | Mapping[str, float] = -np.inf,
    upper: ArrayLike | Mapping[str, float] = np.inf,
    missing: str = "error",
    encoding: Encoding | Formula | None = None,
) -> Setup:
    """Read and check everything a verb is given; ``encoding`` reads a frame as an earlier one was read."""
    read = _read(X, y, offset, sample_weight, missing, encoding)
    features, encoding, n = read.names, read.encoding, len(read.matrix)
    if encoding is not None and not isinstance(encoding, Encoding):
        intercept = intercept and encoding.intercept
    lower = _by_name(lower, "lower", features, encoding, -np.inf)
    upper = _by_name(upper, "upper", features, encoding, np.inf)
    penalty = Penalty(
        as_per_feature(l1, "l1", features, minimum=0.0, allow_infinite=True),
        as_per_feature(l2, "l2", features, minimum=0.0),
        as_per_feature(lower, "lower", features, allow_infinite=True),
        as_per_feature(upper, "upper", features, allow_infinite=True),
    )
    if penalty.boxed or np.isinf(penalty.l1).any():
        _check_box(penalty, features)
    return Setup(
        read.matrix,
        read_rows(read.y, "y", n),
        None if read.offset is None else read_rows(read.offset, "offset", n),
        read.weights,
        penalty,
        intercept,
        standardize,
        features,
        encoding,
        _as_passed(l1),
        _as_passed(l2),
        _as_passed(lower),
        _as_passed(upper),
        None if encoding is None else _frame_of(read.X, encoding),
        missing=read.missing,
        kept=read.kept,
        gappy=read.gappy,
    )


class _Read(NamedTuple):
    """Data with their missing values settled: y and the offset as they came, or without the rows dropped."""

    X: object
    y: object
    offset: object
    weights: Array | None
    matrix: Array
    names: Sequence[str]
    encoding: Encoding | Formula | None
    missing: Missing | None = None
    kept: Flags | None = None
    gappy: Array | None = None


def _read(
    X: object,
    y: object,
    offset: object,
    sample_weight: object,
    missing: str,
    encoding: Encoding | Formula | None,
) -> _Read:
    if missing == "error":
        # A row of weight 0 is in no moments: there, gaps are looked for.
        matrix, names, encoding = read_matrix(X, encoding, finite=sample_weight is not None)
        weights = read_weights(sample_weight, len(matrix))
        return _Read(X, y, offset, weights, matrix, names, encoding, _dropped_before(X, encoding))
    if missing == "drop":
        from equipoise.data.missing import drop_rows

        X, y, offset, sample_weight, kept, record = drop_rows(X, y, offset, sample_weight, encoding)
        matrix, names, encoding = read_matrix(X, encoding)
        weights = read_weights(sample_weight, len(matrix))
        return _Read(X, y, offset, weights, matrix, names, encoding, record, kept)
    if missing != "mean":
        raise ValueError(f"missing is {missing!r}: pass 'error', 'drop' or 'mean'")
    from equipoise.data.missing import put_means

    matrix, names, encoding = read_matrix(X, encoding, gaps=True)
    weights = read_weights(sample_weight, len(matrix))
    filled, record = put_means(matrix, weights, names, encoding)
    gappy = matrix if record.counts else None
    return _Read(X, y, offset, weights, filled, names, encoding, record, gappy=gappy)


def _dropped_before(X: Any, encoding: Encoding | Formula | None) -> Missing | None:
    """What was left out where a formula was evaluated."""
    if encoding is None or isinstance(encoding, Encoding):
        return None
    from equipoise.data.formulas import ModelMatrix

    return X.missing if isinstance(X, ModelMatrix) else None


def _frame_of(X: Any, encoding: Encoding | Formula) -> object:
    """The frame that features came from."""
    if isinstance(encoding, Encoding):
        return X
    from equipoise.data.formulas import ModelMatrix

    return X.frame if isinstance(X, ModelMatrix) else X


def _by_name(
    value: ArrayLike | Mapping[str, float],
    name: str,
    features: Sequence[str],
    encoding: Encoding | Formula | None,
    default: float,
) -> ArrayLike:
    """A bound for every feature, from one by name."""
    if not isinstance(value, Mapping):
        return value
    from equipoise.data.by_name import by_name

    columns = encoding.columns if isinstance(encoding, Encoding) else ()
    return by_name(value, name, features, columns, default=default)


def read_matrix(
    X: object,
    encoding: Encoding | Formula | None = None,
    unseen: Literal["error", "zero"] = "error",
    *,
    finite: bool = True,
    gaps: bool = False,
) -> tuple[Array, Sequence[str], Encoding | Formula | None]:
    """X as float64, its feature names, and its encoding where it is a frame.

    ``finite=False`` leaves it to the caller to find missing values in an array; with ``gaps`` they may stay,
    as NaN.
    """
    if gaps:
        from equipoise.data.missing import unmasked

        X = unmasked(X)
    if _is_plain(X) and encoding is None:
        matrix = as_matrix(X, finite=finite and not gaps)
        return matrix, DefaultNames(matrix.shape[1]), None
    from equipoise.data.formulas import Formula, ModelMatrix, read_terms

    if isinstance(X, ModelMatrix) or isinstance(encoding, Formula):
        return read_terms(X, encoding, unseen)
    from equipoise.data.frames import read_features

    read = read_features(X, encoding=encoding, unseen=unseen, finite=not gaps)
    return read.matrix, read.names, read.encoding


def read_rows(value: object, name: str, rows: int) -> Array:
    """A vector of one number a row: y, an offset."""
    if _is_plain(value):
        return as_vector(value, name, rows)
    from equipoise.data.columns import read_vector

    return read_vector(value, name, rows)


def read_weights(value: object, rows: int) -> Array | None:
    """Sample weights, or None for none."""
    return as_weights(value if _is_plain(value) else read_rows(value, "sample_weight", rows), rows)


def read_coef(coef: ArrayLike | Mapping[str, float], setup: Setup) -> Array:
    """Coefficients to audit, (p,): from numbers in order, or by feature name with zeros left out."""
    names = setup.features
    if isinstance(coef, Mapping):
        unknown = [name for name in coef if name not in names]
        if unknown:
            from equipoise.data.words import suggestion

            raise ValueError(
                f"coef names {unknown[0]!r}, which is no feature: {suggestion(unknown[0], names, 'feature')}"
            )
        coef = [coef.get(name, 0.0) for name in names]
    values = as_per_feature(coef, "coef", names)
    outside = np.flatnonzero((values < setup.penalty.lower) | (values > setup.penalty.upper))
    if len(outside):
        j = int(outside[0])
        raise ValueError(
            f"coef of {names[j]!r} is {values[j]:g}, outside its bounds: audit it with the bounds it had"
        )
    return values


def _is_plain(value: object) -> bool:
    return value is None or type(value) in (np.ndarray, list, tuple, float, int)


def _as_passed(value: ArrayLike) -> PerFeature:
    array = np.array(value, dtype=np.float64)
    return float(array) if array.ndim == 0 else array


def _check_box(penalty: Penalty, features: Sequence[str]) -> None:
    crossed = np.flatnonzero(penalty.lower > penalty.upper)
    if len(crossed):
        j = int(crossed[0])
        raise ValueError(
            f"lower ({penalty.lower[j]:g}) exceeds upper ({penalty.upper[j]:g}) for feature {features[j]!r}: "
            "swap or widen them"
        )
    unreachable = np.flatnonzero(np.isposinf(penalty.lower) | np.isneginf(penalty.upper))
    if len(unreachable):
        raise ValueError(
            f"lower or upper of feature {features[int(unreachable[0])]!r} is a bound that no number meets: "
            "use lower=-inf and upper=inf for none"
        )
    outside = np.flatnonzero(np.isinf(penalty.l1) & (penalty.null != 0))
    if len(outside):
        raise ValueError(
            f"feature {features[int(outside[0])]!r} is excluded (l1 = ∞) but its bounds forbid zero: "
            "choose one of the two"
        )
