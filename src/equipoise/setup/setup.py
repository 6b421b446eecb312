"""The arguments of a verb, read and checked, and the problems that they make on all or some of the rows."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import DefaultNames, as_matrix, default_names
from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.data.arguments.folds import Rows
from equipoise.data.disk.mapped import Mapped
from equipoise.data.frames.encoding import Encoding
from equipoise.data.records import Shared
from equipoise.design.base import Design
from equipoise.design.choose_design import design_of
from equipoise.objective.curved import Curved
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.objective.no_solution import need_finite, need_representable
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import Problem
from equipoise.objective.squares import Squares
from equipoise.sums.moments import Moments

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing
    from equipoise.sums.gathered import Gathered

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
PerFeature = float | Array


@dataclass(frozen=True, eq=False)
class Setup(Shared):
    """The arguments of a verb, read and checked.

    Attributes
    ----------
    matrix : (n, p) array, csc_array or Mapped
        X as float64.
    response, offset, weights : (n,) arrays
        y, offset and sample weights; the last two None if not passed.
    penalty : Penalty
        The penalty as passed, one entry per feature.
    intercept, standardize : bool
        As passed.
    names : sequence of p str
        Names of the features.
    encoding : Encoding, Formula or None
        How the columns of a frame became features.
    l1, l2, lower, upper : float or (p,) array
        As passed.
    frame : object
        The data frame X came in, None for an array: results turn into frames of the same library.
    moments : Moments or None
        Moments of all rows, if they are known already.
    missing : Missing or None
        Record of what was done about missing values; None if they are refused.
    kept : (rows passed,) bool array or None
        Which of the rows passed were kept; None for all.
    gappy : (n, p) array or None
        X with NaN where ``matrix`` has a mean in place of a missing value; None if no value was missing.
    gathered : Gathered or None
        The gathered data, if the rows of ``matrix`` only have the same sums as the data.
    named : dict of str to str
        The columns that were named, by their arguments: y, sample_weight, offset, folds, groups.
    when : float
        Time of the call, in seconds since 1970.
    folds, groups : object
        As passed, or the columns that were named; one entry for each row passed.
    called : str or None
        The name that a series passed as y has; None for an array.
    loss : Loss
        The loss of a row.
    levels : pair of bool, int, float or str, or None
        The two labels of y, the event second; 0 and 1 where it held these. None of any other numbers.
    exposed : bool
        Whether the offset holds the logarithm of an exposure.
    offset_is_exposure : bool
        Whether it holds nothing else.
    """

    matrix: Any
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
    gathered: Gathered | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    when: float = field(default_factory=time.time)
    folds: Any = None
    groups: Any = None
    called: str | None = None
    loss: Loss = SQUARED
    levels: tuple[Any, Any] | None = None
    exposed: bool = False
    offset_is_exposure: bool = False

    @property
    def target(self) -> str:
        """Name of the response: of its column, or of the series passed; "y" where it has none."""
        called = self.named.get("y", self.called) if self.gathered is None else self.gathered.target
        return called if called and called.strip() else "y"

    @property
    def rows(self) -> int:
        """Number of rows of the data."""
        return self.matrix.shape[0] if self.gathered is None else self.gathered.rows

    def penalties_at(self, strength: float) -> tuple[PerFeature, PerFeature]:
        """l1 and l2 as passed, times a strength; ∞ stays ∞ even at strength 0."""
        return under_strength(strength, self.l1), under_strength(strength, self.l2)

    def limits_at(self, strength: float) -> Array:
        """l1 of each feature at a strength, times its standard deviation where that is asked for, (p,)."""
        problem = self.problem
        return problem.penalty.at(strength).l1 * problem.view.scale

    @property
    def constant(self) -> Flags:
        """Columns that hold one value in all rows, those of weight 0 included, (p,)."""
        low, high = design_of(self.matrix, None, None).extremes(np.arange(self.matrix.shape[1]), None)
        return np.asarray(low == high)

    def need_memory(self, verb: str) -> None:
        """Refuse a matrix on disk for a verb that needs all of it at once."""
        if isinstance(self.matrix, Mapped):
            raise TypeError(
                f"{verb} needs all of X at once, and X is on disk: pass np.asarray(X) if it fits into "
                "memory, or some of its columns"
            )

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Names of the p features."""
        if isinstance(self.names, DefaultNames):
            return default_names(len(self.names))
        return tuple(self.names)

    @cached_property
    def problem(self) -> Problem:
        """The problem on all rows; at strength 1 its penalty is the one passed."""
        return self.problem_on(None, self.moments)

    def counted(self, rows: Rows) -> tuple[Setup, Flags]:
        """A mask of some rows, and the setup in which each weighs as often as it stands in ``rows``, (n,).

        These are a mask, which leaves the setup as it is, or how often each row stands.
        """
        if rows.dtype == bool:
            return self, np.asarray(rows, dtype=bool)
        weights = rows.astype(np.float64) if self.weights is None else self.weights * rows
        return replace(self, weights=weights, moments=None), rows > 0

    def filled_by(self, rows: Rows) -> Setup:
        """A copy with missing values replaced by means over these rows alone, each as often as it stands.

        Itself if none are missing.
        """
        if self.gappy is None:
            return self
        from equipoise.data.formula.missing import fill_means

        return replace(
            self, matrix=fill_means(self.gappy, self.weights, self.features, rows)[0], moments=None
        )

    def design(self) -> Design:
        """X as it is stored now, in the rows of positive weight, without what was read of it before."""
        rows = self._weighted(None)
        return design_of(self.matrix, rows, None if self.weights is None else _some(self.weights, rows))

    @one_blas_thread(attrgetter("matrix.shape"), products=True)
    def problem_on(self, rows: Flags | None, moments: Moments | None = None) -> Problem:
        """The problem on some of the rows, standardised by these alone; from their moments if known."""
        weights = None
        if self.weights is not None:
            rows = self._weighted(rows)
            weights = _some(self.weights, rows)
        asked: dict[str, Any] = {
            "offset": None if self.offset is None else _some(self.offset, rows),
            "weights": weights,
            "intercept": self.intercept,
            "standardize": self.standardize,
            "features": self.names,
        }
        design, response = design_of(self.matrix, rows, weights), _some(self.response, rows)
        try:
            if not self.loss.squared:
                problem = Curved.build(design, response, self.penalty, self.loss, **asked)
                need_finite(problem, self.names)
                need_representable(problem)
                return problem
            known = None if self.gathered is None else self.rows
            return Squares.build(design, response, self.penalty, moments=moments, rows=known, **asked)
        except ValueError as error:
            refused = error
        # Values are not checked beforehand, to save a pass: missing or infinite ones made the moments fail.
        if isinstance(self.matrix, Mapped):
            self.matrix.refuse_gaps()
        elif isinstance(self.matrix, np.ndarray):
            as_matrix(self.matrix, features=self.features)
        raise refused

    @one_blas_thread(attrgetter("matrix.shape"), products=True)
    def moments_on(self, rows: Flags) -> Moments:
        """Moments of some of the rows, with all of XᵀX."""
        used = self._weighted(rows)
        target = self.response if self.offset is None else self.response - self.offset
        weights = None if self.weights is None else _some(self.weights, used)
        return design_of(self.matrix, used, weights).moments(_some(target, used), weights)

    def _weighted(self, rows: Flags | None) -> Flags | None:
        """Those of some rows that have a positive weight; None for all."""
        if self.weights is None or self.weights.all():
            return rows
        positive: Flags = self.weights > 0
        return positive if rows is None else rows & positive


@overload
def under_strength(strength: float, value: Array) -> Array: ...


@overload
def under_strength(strength: float, value: PerFeature) -> PerFeature: ...


def under_strength(strength: float, value: PerFeature) -> PerFeature:
    """A penalty times a strength; ∞ stays ∞ even at strength 0."""
    if isinstance(value, float):
        return value if np.isinf(value) else strength * value
    return np.where(np.isinf(value), value, strength * np.where(np.isinf(value), 0.0, value))


def _some(values: Array, rows: Flags | None) -> Array:
    return values if rows is None else values[rows]
