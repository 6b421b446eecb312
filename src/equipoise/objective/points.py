"""Coefficient vectors of a problem, with the residual norms and pulls that certify them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.objective._scan import measure as scan
from equipoise.objective.certificate import Certificate
from equipoise.objective.measures import PRECISION, ROUNDINGS, Measures
from equipoise.objective.problem import EPS, Problem
from equipoise.objective.proofs import certify, pull_rounding

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


# The arrays of Points that have one entry, or one row, for each point.
PER_POINT = ("strengths", "coef", "pull", "rss", "dual_pull", "spill", "shift", "shift_rounding")


@dataclass(frozen=True)
class Settled:
    """Features that a solver has proved zero together for all points of a batch.

    Attributes
    ----------
    proved : (p,) bool array
        Features that are zero at every solution, for the strengths of all points.
    doubtful : (d,) index array
        Features for which the proof holds at some points only, if at any.
    there : (m, d) bool array
        Whether each doubtful feature is proved zero at every solution, for the strength of each point.
    """

    proved: Flags
    doubtful: NDArray[np.intp]
    there: Flags


@dataclass(frozen=True)
class Points:
    """m coefficient vectors of a problem, their residuals' norms and pulls.

    Attributes
    ----------
    problem : Problem
        The problem that they are to solve.
    strengths : (m,) array
        The strength of the penalty at each point.
    coef : (m, p) array
        Coefficients in the view's units.
    pull : (m, p) array
        Ãᵀr.
    rss : (m,) array
        ‖r‖².
    dual_pull : (m, p) array
        Ãᵀ P r; the same array as ``pull`` where the unpenalised columns are already balanced.
    spill : (m,) array
        ‖r − P r‖², what the unpenalised columns could still fit.
    shift : (m,) array
        √Σs times the weighted mean of the residual at the point's intercept; 0 without an intercept.
    shift_rounding : (m,) array
        Bound on the rounding of ``shift``.
    columns : (k,) index array or None
        The features that the points cover, where a solver has settled that all others are zero and balanced:
        coefficients and pulls are then (m, k).
    settled : Settled or None
        With ``columns``: which of the others are proved zero at every solution.
    measures : Measures or None
        The result of :meth:`measure`, where it is known.
    """

    problem: Problem
    strengths: Array
    coef: Array
    pull: Array
    rss: Array
    dual_pull: Array
    spill: Array
    shift: Array
    shift_rounding: Array
    columns: NDArray[np.intp] | None = None
    settled: Settled | None = None
    measures: Measures | None = None

    @classmethod
    def of(
        cls,
        problem: Problem,
        strengths: Array,
        coef: Array,
        pull: Array,
        rss: Array,
        intercept: Array | None = None,
        columns: NDArray[np.intp] | None = None,
    ) -> Points:
        """Points at which the unpenalised columns are balanced; an intercept not passed is optimal."""
        if intercept is None:
            shift = rounding = np.zeros(len(rss))
        else:
            shift, rounding = problem.intercept_error(coef, intercept)
        return cls(problem, strengths, coef, pull, rss, pull, np.zeros(len(rss)), shift, rounding, columns)

    @classmethod
    def evaluate(
        cls, problem: Problem, strengths: Array, coef: Array, intercept: Array | None = None
    ) -> Points:
        """Points of any coefficients (m, p), their residuals and pulls measured on the data."""
        residuals = [problem.residual(w) for w in coef]
        pull = problem.pulls(residuals)
        rss = np.array([r @ r for r in residuals])
        points = cls.of(problem, strengths, coef, pull, rss, intercept)
        if problem.unpenalised_basis is None:
            return points
        projected = [problem.without_unpenalised(r) for r in residuals]
        return replace(
            points,
            dual_pull=problem.pulls(projected),
            spill=np.array([d @ d for d in map(np.subtract, residuals, projected)]),
        )

    def single(self, index: int, mean_residual: float) -> Points:
        """One of the points, given the weighted mean of its residual as measured on the data."""
        one = slice(index, index + 1)
        _, rounding = self.problem.intercept_error(self.coef[one])
        shift = np.array([np.sqrt(self.problem.view.weight) * mean_residual])
        return self._some(one, shift=shift, shift_rounding=rounding)

    def first(self, count: int, settled: Settled, measures: Measures) -> Points:
        """The leading points, with what a solver has settled and measured at all of them."""
        some = slice(count)
        settled = replace(settled, there=settled.there[some])
        return self._some(some, settled=settled, measures=measures.of(some))

    def _some(self, some: slice, **known: Any) -> Points:
        """Some of the points; what was settled or measured is dropped, unless passed as ``known``."""
        parts = {name: getattr(self, name)[some] for name in PER_POINT}
        return replace(self, **(parts | {"settled": None, "measures": None} | known))

    def mark_zeros(self, measures: Measures, out: Flags, rows: NDArray[np.intp]) -> None:
        """Write which of all p features are proved zero into the rows of ``out`` (all points, p)."""
        if self.columns is None or self.settled is None:
            out[rows] = measures.zeros_proved
            return
        out[rows] = self.settled.proved
        out[rows[:, None], self.settled.doubtful] = self.settled.there
        out[rows[:, None], self.columns] = measures.zeros_proved

    def measure(self) -> Measures:
        """Evaluate violation, gap and proofs of zeros at every point, for the features that it covers."""
        if self.measures is not None:
            return self.measures
        problem = self.problem
        view = problem.view
        penalty, norm = problem.penalty, view.norm
        if self.columns is not None:
            penalty, norm = penalty.of(self.columns), norm.take(self.columns)
        found = scan(
            self.strengths,
            self.coef,
            self.pull,
            self.rss,
            self.dual_pull,
            self.spill,
            self.shift,
            self.shift_rounding,
            problem.null_value(self.strengths),
            penalty.l1,
            penalty.l2,
            penalty.lower,
            penalty.upper,
            norm,
            problem.response_norm,
            pull_rounding(problem.moments.rows),
            1.0 + EPS * (8.0 + sum(view.shape)),  # no sum of so many terms errs by more
            PRECISION,
            ROUNDINGS,
        )
        return Measures(*found)

    def objective(self) -> Array:
        """Loss plus penalty at every point, (m,), for points that cover all features."""
        penalty = self.problem.penalty.at(self.strengths[:, None])
        return np.asarray(0.5 * (self.rss + self.shift**2) + penalty.value(self.coef))

    def certify(self, index: int = 0, *, found: bool = True) -> Certificate:
        """The certificate of one point; ``found=False`` where its coefficients come from outside."""
        strength = float(self.strengths[index])
        return certify(self.problem, strength, self.coef[index], self.measure(), index, found=found)
