"""Points of a problem of least squares, with the residual norms that certify them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective._scan import measure as scan
from equipoise.objective.certificate import Certificate
from equipoise.objective.forgiven import distance_to_feasible
from equipoise.objective.intercepts import Intercepts
from equipoise.objective.measures import PRECISION, ROUNDINGS, Measures
from equipoise.objective.penalty import Penalty
from equipoise.objective.points import Points
from equipoise.objective.problem import EPS
from equipoise.objective.proofs import certify, pull_rounding
from equipoise.objective.squares import Squares

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class SquaresPoints(Points):
    """m coefficient vectors of a problem of least squares, their residuals' norms and pulls Ãᵀr.

    Attributes
    ----------
    rss : (m,) array
        ‖r‖².
    dual_pull : (m, p) array
        Ãᵀ P r; the same array as ``pull`` where the unpenalised columns are already balanced.
    spill : (m,) array
        ‖r − P r‖², what the unpenalised columns could still fit.
    intercepts : Intercepts or None
        The points' intercepts, where they are stored; None for the best ones in exact arithmetic.
    """

    problem: Squares
    rss: Array
    dual_pull: Array
    spill: Array
    intercepts: Intercepts | None = None

    per_point: ClassVar[tuple[str, ...]] = (*Points.per_point, "rss", "dual_pull", "spill")

    @classmethod
    def of(
        cls,
        problem: Squares,
        strengths: Array,
        coef: Array,
        pull: Array,
        rss: Array,
        columns: NDArray[np.intp] | None = None,
    ) -> SquaresPoints:
        """Points at which the unpenalised columns are balanced, with the best intercepts."""
        return cls(problem, strengths, coef, pull, rss, pull, np.zeros(len(rss)), columns=columns)

    @classmethod
    def evaluate(
        cls, problem: Squares, strengths: Array, coef: Array, intercept: Array | None = None
    ) -> SquaresPoints:
        """Points of any coefficients (m, p), their residuals and pulls measured on the data."""
        residuals = [problem.residual(w) for w in coef]
        pull = problem.pulls(residuals)
        rss = np.array([r @ r for r in residuals])
        points = cls.of(problem, strengths, coef, pull, rss)
        if intercept is not None:
            stored = Intercepts.of(problem, coef / problem.view.scale, intercept)
            points = replace(points, intercepts=stored)
        if problem.unpenalised_basis is None:
            return points
        projected = [problem.without_unpenalised(r) for r in residuals]
        return replace(
            points,
            dual_pull=problem.pulls(projected),
            spill=np.array([d @ d for d in map(np.subtract, residuals, projected)]),
        )

    def single(self, index: int) -> SquaresPoints:
        """One of the points, with its intercept as it is stored."""
        one = slice(index, index + 1)
        stored = Intercepts.of(self.problem, self.coef[one] / self.problem.view.scale)
        return self.some(one, intercepts=stored)

    @property
    def intercept(self) -> float:
        """The stored intercept of the only point."""
        assert self.intercepts is not None
        return float(self.intercepts.values[0])

    def original(self) -> tuple[Array, Array]:
        """Coefficients (m, k) and intercepts (m,) in original units."""
        return self.problem.original(self.coef, self.columns)

    def measure(self) -> Measures:
        """Evaluate violation, gap and proofs of zeros at every point, for the features that it covers."""
        if self.measures is not None:
            return self.measures
        problem = self.problem
        view = problem.view
        penalty, norm = problem.penalty, view.norm
        if self.columns is not None:
            penalty, norm = penalty.of(self.columns), norm.take(self.columns)
        null = problem.null_value(self.strengths)
        inflation = 1.0 + EPS * (8.0 + sum(view.shape))  # no sum of so many terms errs by more
        gamma = pull_rounding(problem.moments.rows)
        forgiven = self._forgiven(penalty, norm)
        loose = forgiven is not None or bool(penalty.l2.any())
        size = problem.response_norm + np.abs(self.coef) @ norm if loose else null
        own = gamma + (0.0 if forgiven is None else self._share_to_feasible(forgiven, size, gamma))
        found = self._scan(penalty, norm, null, own, inflation)
        if loose and bool(np.any(found.gap > PRECISION * null)):
            # No objective is negative: what is left to gain is no more than all of it.
            value = 0.5 * (np.sqrt(self.rss) + gamma * size) ** 2
            value += penalty.at(self.strengths[:, None]).value(self.coef)
            plain = self._gap_without_ridges(penalty, norm, null, own, inflation)
            found = found.capped(np.minimum(inflation * value, plain), null, problem.response_norm)
        if self.intercepts is None:
            return found
        shift, tolerance = self.intercepts.shift, self.intercepts.tolerance
        return found.counting(shift, tolerance, null, problem.response_norm)

    def _scan(self, penalty: Penalty, norm: Array, null: Array, gamma: float, inflation: float) -> Measures:
        """The measures by the kernel's scan, with the best intercepts."""
        none = np.zeros(len(self.rss))
        return Measures(
            *scan(
                self.strengths,
                self.coef,
                self.pull,
                self.rss,
                self.dual_pull,
                self.spill,
                none,
                none,
                null,
                penalty.l1,
                penalty.l2,
                penalty.lower,
                penalty.upper,
                norm,
                self.problem.response_norm,
                gamma,
                inflation,
                PRECISION,
                ROUNDINGS,
            )
        )

    def _gap_without_ridges(
        self, penalty: Penalty, norm: Array, null: Array, gamma: float, inflation: float
    ) -> Array:
        """Bounds on the gaps, (m,), by the dual problem without the l2 of features that have an l1, too.

        Where a ridge is as small as rounding, that of a pull costs its square ÷ l2 in the dual problem.
        Without the ridge no objective is larger, and the points' own are smaller by l2_j w_j².
        """
        ridges = np.where(penalty.l1 > 0, penalty.l2, 0.0)
        lasso = replace(penalty, l2=penalty.l2 - ridges)
        gap = self._scan(lasso, norm, null, gamma, inflation).gap
        return np.asarray(gap + inflation * self.strengths * (self.coef**2 @ ridges))

    def _forgiven(self, penalty: Penalty, norm: Array) -> Flags | None:
        """Features that it covers which nothing holds on some side, neither penalty nor bound, if any."""
        if self.strengths.all() and not self.problem.penalty.lax:
            return None
        free = (penalty.l1 == 0) & (penalty.l2 == 0) if self.strengths.all() else np.isfinite(penalty.l1)
        open_ = (penalty.lower == -np.inf) | (penalty.upper == np.inf)
        forgiven = np.asarray(free & open_ & (norm > 0))
        return forgiven if forgiven.any() else None

    def _share_to_feasible(self, forgiven: Flags, size: Array, gamma: float) -> float:
        """How far the dual points are from feasible ones at most, ÷ their ``size`` (m,)."""
        # The difference of two sums of squares rounds by as much as they do.
        length = np.sqrt(np.maximum(self.rss - self.spill, 0.0) + gamma * self.rss)
        away = distance_to_feasible(
            self.problem, self.columns, forgiven, self.dual_pull, length, gamma * size
        )
        return float(np.max(np.divide(away, size, out=np.zeros(len(size)), where=size > 0)))

    def takings(self, index: int, columns: NDArray[np.intp], coef: Array) -> Array:
        """P x_k coef_k, (k, n): the same at every point."""
        problem, view = self.problem, self.problem.view
        taken = (view.columns(columns) * coef).T
        return np.array([view.without_mean(problem.without_unpenalised(column)) for column in taken])

    def loss(self) -> Array:
        """½ Σ s_i r_i² at every point, (m,)."""
        shift = 0.0 if self.intercepts is None else self.intercepts.shift
        return np.asarray(0.5 * (self.rss + shift**2))

    def certify(self, index: int = 0, *, found: bool = True) -> Certificate:
        """The certificate of one point; ``found=False`` where its coefficients come from outside."""
        strength = float(self.strengths[index])
        return certify(self.problem, strength, self.coef[index], self.measure(), index, found=found)
