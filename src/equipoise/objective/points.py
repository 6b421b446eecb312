"""Points of a problem to be measured."""

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
    """Features that a solver has settled at zero without a look at each point's own pull.

    Attributes
    ----------
    proved : (p,) bool array
        Zero at every solution, at every one of the points.
    doubtful : (d,) index array
        Features for which that differs from point to point,
    there : (m, d) bool array
        and where it holds.
    """

    proved: Flags
    doubtful: NDArray[np.intp]
    there: Flags


@dataclass(frozen=True)
class Points:
    """Points of a problem to be measured: their coefficients and what the data say of them.

    Attributes
    ----------
    problem : Problem
        What they are to solve.
    strengths : (m,) array
        The strength of the penalty at each.
    coef : (m, p) array
        Coefficients in the view's units.
    pull : (m, p) array
        Ãᵀr.
    rss : (m,) array
        ‖r‖².
    dual_pull : (m, p) array
        Ãᵀ P r; the same array as ``pull`` where the unpenalised columns are already balanced.
    spill : (m,) array
        ‖r − P r‖², what the unpenalised columns could still take.
    shift : (m,) array
        √Σs times the weighted mean of the residual at the intercept as it is; 0 without one.
    shift_rounding : (m,) array
        What rounding can have done to it.
    columns : (k,) index array or None
        The features that the points speak of, where a solver has settled all others: coefficients and pulls
        are then (m, k).
    settled : Settled or None
        With ``columns``: which of the others are proved zero at every solution. All of them are zero, and
        balanced.
    measures : Measures or None
        What :meth:`measure` would find, where that is known.
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
        """Points of a solver, whose unpenalised columns are balanced; intercepts are theirs unless given."""
        if intercept is None:
            shift = rounding = np.zeros(len(rss))
        else:
            shift, rounding = problem.intercept_error(coef, intercept)
        return cls(problem, strengths, coef, pull, rss, pull, np.zeros(len(rss)), shift, rounding, columns)

    @classmethod
    def evaluate(
        cls, problem: Problem, strengths: Array, coef: Array, intercept: Array | None = None
    ) -> Points:
        """Measure the residual of any points on the data themselves."""
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
        """One of the points, with the mean residual that was measured at its intercept."""
        one = slice(index, index + 1)
        _, rounding = self.problem.intercept_error(self.coef[one])
        shift = np.array([np.sqrt(self.problem.view.weight) * mean_residual])
        return self._some(one, shift=shift, shift_rounding=rounding)

    def first(self, count: int, settled: Settled, measures: Measures) -> Points:
        """The leading points, with what a solver has settled and measured."""
        some = slice(count)
        settled = replace(settled, there=settled.there[some])
        return self._some(some, settled=settled, measures=measures.of(some))

    def _some(self, some: slice, **known: Any) -> Points:
        """Some of the points; nothing is settled or measured of them but what is passed as ``known``."""
        parts = {name: getattr(self, name)[some] for name in PER_POINT}
        return replace(self, **(parts | {"settled": None, "measures": None} | known))

    def mark_zeros(self, measures: Measures, out: Flags, rows: NDArray[np.intp]) -> None:
        """Write which of all p features are proved zero into rows of ``out``."""
        if self.columns is None or self.settled is None:
            out[rows] = measures.zeros_proved
            return
        out[rows] = self.settled.proved
        out[rows[:, None], self.settled.doubtful] = self.settled.there
        out[rows[:, None], self.columns] = measures.zeros_proved

    def measure(self) -> Measures:
        """Evaluate violation, gap and proofs of zeros at every point, for the features they speak of."""
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
        """Loss and penalty at every point, (m,), for points that speak of all features."""
        penalty = self.problem.penalty.at(self.strengths[:, None])
        return np.asarray(0.5 * (self.rss + self.shift**2) + penalty.value(self.coef))

    def certify(self, index: int = 0, *, found: bool = True) -> Certificate:
        """The certificate of one point; ``found=False`` where the coefficients are somebody else's."""
        strength = float(self.strengths[index])
        return certify(self.problem, strength, self.coef[index], self.measure(), index, found=found)
