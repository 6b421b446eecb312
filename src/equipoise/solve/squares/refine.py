"""Solve on a working set, measure on the data, correct: until every pull balances or rounding forbids it.

The kernel minimises, over the coefficients w of the working set and with a reference point w₀ whose pull g₀
has been measured on the data,

    ½ (w − w₀)ᵀ G (w − w₀) − g₀ᵀ (w − w₀) + Σ t·l1_j |w_j| + Σ t·l2_j w_j²    in the box.

The rounding of its Gram matrix G acts on w − w₀ alone. With the point just found as the next reference this
is iterative refinement: every round corrects the one before, down to the rounding of the measured pull.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.blas_threads import OF_HOLDER, one_blas_thread
from equipoise.objective._scan import imbalance
from equipoise.objective.measures import PRECISION, ROUNDINGS
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.squares.polish import is_least_squares, polish
from equipoise.solve.squares.ridge import least_squares
from equipoise.solve.squares.working_set import WorkingSet

Array = NDArray[np.float64]

# The solver aims at this fraction of the imbalance that a certificate allows, so that one confirms the other.
AIM = 0.1
# Least tolerance, so that y = 0 leads to no division by zero.
TINY = 1e-250
# Coefficients beyond this are no solution but a direction that rounding left unbounded.
HUGE = 1e50
# Rounds in which the largest imbalance may fall by less than half before refinement is given up.
FAILURES = 2


class Refiner:
    """The solver of one problem, warm-started from strength to strength.

    Parameters
    ----------
    problem : Squares
        What to solve.
    working : WorkingSet, optional
        Columns to start with.

    Attributes
    ----------
    working : WorkingSet
        The columns that take part, and the kernel on them.
    coef, pull : (p,) arrays
        The reference of the next solve, a point and its pull; after a solve, the solution.
    """

    def __init__(self, problem: Squares, working: WorkingSet | None = None) -> None:
        self.problem = problem
        self.working = working or WorkingSet(problem)
        self.coef = problem.penalty.null
        self.pull = np.zeros(problem.view.shape[1])

    def admit(self, wanted: NDArray[np.bool_], priority: Array | None = None) -> None:
        """Take the wanted columns into the working set; where they are many, those of highest priority.

        Parameters
        ----------
        wanted : (p,) bool array
            Which columns; members among them stay members.
        priority : (p,) array, optional
            By default the size of their pulls.
        """
        fresh = np.flatnonzero(wanted & ~self.working.member)
        room = max(64, 2 * len(self.working.indices))
        if len(fresh) > room:
            urgency = np.abs(self.pull if priority is None else priority)[fresh]
            fresh = np.sort(fresh[np.argpartition(-urgency, room)[:room]])
        if len(fresh):
            self.working.add(fresh)

    @one_blas_thread(OF_HOLDER)
    def at(self, strength: float, *, measured: bool = True) -> SquaresPoints:
        """The solution at a strength.

        Parameters
        ----------
        strength : float
            t.
        measured : bool
            Whether ``pull`` is that of ``coef`` to full accuracy; if not, it is measured first.
        """
        problem = self.problem
        rows, columns = problem.view.shape
        if columns > rows and is_least_squares(problem.penalty.at(strength)):
            # Nothing is penalised, and ÃᵀÃw = Ãᵀỹ has many solutions: the one of minimum norm.
            self.coef = least_squares(problem)
            self.pull = problem.pull(problem.residual(self.coef))
            return SquaresPoints.evaluate(problem, np.array([strength]), self.coef[None])
        if not measured:
            self.pull = problem.pull(problem.residual(self.coef))
        worst, points = self._refine(strength)
        if worst > 1.0 and not points.measure().balanced[0]:
            points = self._polish(strength, points)
        self.coef, self.pull = points.coef[0], points.pull[0]
        return points

    def excess(self, strength: float, coef: Array, pull: Array) -> Array:
        """Distance of each pull to its subgradient interval, in units of what the solver aims at, (p,)."""
        penalty = self.problem.penalty
        return imbalance(
            coef,
            pull,
            strength,
            penalty.l1,
            penalty.l2,
            penalty.lower,
            penalty.upper,
            self.problem.floor,
            AIM * PRECISION,
            AIM * ROUNDINGS,
        )

    def _refine(self, strength: float) -> tuple[float, SquaresPoints]:
        """The best point of a few rounds of refinement, and its largest excess."""
        problem = self.problem
        best: tuple[float, Array, Array, float] | None = None
        failures = 0
        while True:
            coef = self.working.solve(strength, self.coef, self.pull)
            if not np.all(np.abs(coef) < HUGE):
                break
            residual = self.working.residual(coef)
            self.coef, self.pull = coef, problem.pull(residual)
            excess = self.excess(strength, coef, self.pull)
            worst = float(excess.max())
            outside = (excess > 1.0) & ~self.working.member
            # With columns still to join, the largest excess says nothing of the accuracy of the others.
            if best is None or worst < best[0] or outside.any():
                failures = 0 if best is None or worst < 0.5 * best[0] or outside.any() else failures + 1
                best = (worst, coef, self.pull, float(residual @ residual))
            else:
                failures += 1
            if worst <= 1.0 or failures > FAILURES:
                break
            if outside.any():
                self.admit(outside, excess)
        if best is None:
            residual = problem.residual(self.coef)
            best = (np.inf, self.coef, problem.pull(residual), float(residual @ residual))
        return best[0], self._points(strength, *best[1:])

    def _polish(self, strength: float, points: SquaresPoints) -> SquaresPoints:
        """The point, or a better one of the slow method that tells nearly dependent columns apart."""
        problem = self.problem
        l1 = problem.penalty.at(strength).finite_l1
        goal = AIM * np.maximum(PRECISION * l1, ROUNDINGS * problem.floor)
        coef = polish(problem, strength, points.coef[0], goal + TINY)
        residual = problem.residual(coef)
        polished = self._points(strength, coef, problem.pull(residual), float(residual @ residual))
        better = polished.measure().balanced[0] or polished.objective()[0] < points.objective()[0]
        return polished if better else points

    def _points(self, strength: float, coef: Array, pull: Array, rss: float) -> SquaresPoints:
        strengths = np.array([strength])
        if self.problem.unpenalised_basis is not None:
            # The dual point is the residual without the unpenalised columns, which has to be measured too.
            return SquaresPoints.evaluate(self.problem, strengths, coef[None])
        return SquaresPoints.of(self.problem, strengths, coef[None], pull[None], np.array([rss]))
