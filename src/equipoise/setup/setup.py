"""From what a user passes to a problem to solve: checking, naming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import DefaultNames, as_matrix, default_names
from equipoise.data.disk.mapped import Mapped
from equipoise.data.frames.encoding import Encoding
from equipoise.design.choose_design import design_of, fitted
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import Problem
from equipoise.sums.moments import Moments

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing
    from equipoise.sums.gathered import Gathered

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
PerFeature = float | Array


@dataclass(frozen=True, eq=False)
class Setup:
    """What a verb was given, read and checked.

    Attributes
    ----------
    matrix : (n, p) array, csc_array or Mapped
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
    gathered : Gathered or None
        What the rows stand for, where they are not the data's own.
    folds, groups : object
        As passed, or the columns that were named; of the rows given.
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
    folds: Any = None
    groups: Any = None

    @property
    def rows(self) -> int:
        """How many rows the data have."""
        return self.matrix.shape[0] if self.gathered is None else self.gathered.rows

    def penalties_at(self, strength: float) -> tuple[PerFeature, PerFeature]:
        """l1 and l2 as passed, times a strength; ∞ stays ∞."""
        return _times(strength, self.l1), _times(strength, self.l2)

    def need_memory(self, verb: str) -> None:
        """Refuse a matrix on disk where a verb looks at all of it at once."""
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
        """The problem on all rows; at strength 1 it is the one that was asked for."""
        return self.problem_on(None, self.moments)

    def filled_by(self, rows: Flags) -> Setup:
        """The same with missing values replaced by means over these rows alone; itself if there are none."""
        if self.gappy is None:
            return self
        from equipoise.data.formula.missing import fill_means

        return replace(
            self, matrix=fill_means(self.gappy, self.weights, self.features, rows)[0], moments=None
        )

    def problem_on(self, rows: Flags | None, moments: Moments | None = None) -> Problem:
        """The problem on some of the rows, standardised by these alone; from their moments where known."""
        rows = self._there(rows)
        weights = None if self.weights is None else _some(self.weights, rows)
        try:
            return Problem.build(
                design_of(self.matrix, rows, weights),
                _some(self.response, rows),
                self.penalty,
                offset=None if self.offset is None else _some(self.offset, rows),
                weights=weights,
                intercept=self.intercept,
                standardize=self.standardize,
                features=self.names,
                moments=moments,
            )
        except ValueError as error:
            refused = error
        # Missing or infinite values of an array show in its moments, which spares a pass to look for them.
        if isinstance(self.matrix, Mapped):
            self.matrix.refuse_gaps()
        elif isinstance(self.matrix, np.ndarray):
            as_matrix(self.matrix)
        raise refused

    def moments_on(self, rows: Flags) -> Moments:
        """Moments of some of the rows, with all of XᵀX."""
        there = self._there(rows)
        target = self.response if self.offset is None else self.response - self.offset
        weights = None if self.weights is None else _some(self.weights, there)
        return design_of(self.matrix, there, weights).moments(_some(target, there), weights)

    def mean_residual(self, coef: Array, intercept: float) -> float:
        """Weighted mean of y − o − b − Xw over all rows; 0 for a model without an intercept."""
        if not self.intercept:
            return 0.0
        residual = self.response - intercept - fitted(self.matrix, coef)
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


def _times(strength: float, value: PerFeature) -> PerFeature:
    if isinstance(value, float):
        return value if np.isinf(value) else strength * value
    return np.where(np.isinf(value), value, strength * np.where(np.isinf(value), 0.0, value))


def _some(values: Array, rows: Flags | None) -> Array:
    return values if rows is None else values[rows]
