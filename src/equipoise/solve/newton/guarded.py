"""Newton's method with a line search, for the points at which chord steps do not settle.

A step is the exact minimum of the loss to second order plus the penalty (Lee, Sun & Saunders, 2014, *SIAM J.
Optim.* 24). Where the objective does not fall on the way there, curvatures of a majorant stand in for those
of the loss: its minimum never rises. After each step the intercept is fitted anew, in a bracket.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.intercept_alone import fit_intercept
from equipoise.solve.newton.rounds import Lanes
from equipoise.solve.newton.working import SHARE, Rows, Working

Array = NDArray[np.float64]

ROUNDS = 300
HALVINGS = 40
ENOUGH = 1e-4  # share of the promised fall that a step has to make
EVEN = 1e-12  # a promised fall of this share of the objective drowns in its rounding
LEAST = 1e-20  # curvatures below this share of the largest are raised to it, lest there be none
WAITS = 10  # steps in turn that may leave the violation where it is


class Guarded:
    """A point at one strength, followed downhill.

    Parameters
    ----------
    part : Working
        The columns.
    strength : float
        The strength.
    """

    def __init__(self, part: Working, strength: float) -> None:
        self.part, self.strength = part, strength
        self.l1, self.l2 = strength * part.l1, strength * part.l2

    @np.errstate(all="ignore")  # what is not finite is noticed
    def descend(self, coef: Array) -> Lanes:
        """The solution from another point on, (k,); or what is nearest to it, if rounding forbids it."""
        rows = self.part.rows(coef[None])
        coef, rows, value = self._levelled(coef, rows, self._value(coef, rows))
        worst = self._violation(coef, rows)
        best, waits = (worst, coef, rows), 0
        for _ in range(ROUNDS):
            if worst <= 1.0 or waits > WAITS:
                break
            moved = self._move(coef, rows, value, worst)
            if moved is None:
                break
            coef, rows, value = moved
            worst = self._violation(coef, rows)
            waits = waits + 1 if worst > 0.5 * best[0] and worst < 1e3 else 0
            if worst < best[0]:
                best = (worst, coef, rows)
        _, coef, rows = best
        floor = self.part.rounding(rows.eta[0], rows.curved[0])
        return Lanes(coef[None], rows, self.part.hessian(rows.curved[0]), ROUNDS, floor)

    def _move(self, coef: Array, rows: Rows, value: float, worst: float) -> tuple[Array, Rows, float] | None:
        """A point at which the objective, or where that drowns in rounding the violation, is smaller."""
        problem = self.part.problem
        majorant = problem.weigh(problem.kind.majorant(problem.response, rows.eta[0]))
        curved = rows.curved[0]
        floor = self.part.rounding(rows.eta[0], curved)
        for curvature in (curved, majorant):
            raised = np.maximum(curvature, LEAST * float(curvature.max(initial=0.0)))
            if not (np.isfinite(raised).all() and raised.any()):
                continue
            hessian = self.part.hessian(raised, exact=True)
            q = self.part.kernel(hessian, floor)
            q.restart(hessian, floor * self.part.norm, coef, self.strength)
            q.solve(coef, rows.pull[0], self.strength)
            change = q.coef - coef
            slope = self._penalty(coef + change) - self._penalty(coef) - float(rows.pull[0] @ change)
            share = 1.0
            for _ in range(HALVINGS):
                there = coef + share * change
                found = self.part.rows(there[None])
                new = self._value(there, found)
                if new <= value + ENOUGH * share * min(slope, 0.0) or self._falls(there, change, found):
                    return self._levelled(there, found, new)
                if share * abs(slope) <= EVEN * abs(value) and self._violation(there, found) < worst:
                    return there, found, min(new, value)
                share *= 0.5
        return None

    def _levelled(self, coef: Array, rows: Rows, value: float) -> tuple[Array, Rows, float]:
        """The same coefficients with the best intercept, if that makes the objective smaller."""
        part, problem = self.part, self.part.problem
        if not part.lead:
            return coef, rows, value
        shift = fit_intercept(problem.kind, problem.response, rows.eta[0], problem.weights)
        if shift == 0 or not np.isfinite(shift):
            return coef, rows, value
        there = coef.copy()
        there[0] += shift
        found = part.rows(there[None])
        new = self._value(there, found)
        return (there, found, new) if new <= value + EVEN * abs(value) else (coef, rows, value)

    def _falls(self, coef: Array, change: Array, rows: Rows) -> bool:
        """Whether the objective still falls where a change has led: it has then fallen all the way.

        This tells where the fall itself drowns in the rounding of the objective.
        """
        side = np.where(coef == 0, -np.sign(change), np.sign(coef))
        slope = change * (self.l1 * side + 2.0 * self.l2 * coef - rows.pull[0])
        return bool(slope.sum() <= 0.0)

    def _penalty(self, coef: Array) -> float:
        return float(self.l1 @ np.abs(coef) + self.l2 @ coef**2)

    def _value(self, coef: Array, rows: Rows) -> float:
        value = self.part.problem.value(rows.eta[0]) + self._penalty(coef)
        return value if np.isfinite(value) else np.inf

    def _violation(self, coef: Array, rows: Rows) -> float:
        """The largest distance of a pull to its interval, in units of what is aimed at."""
        pull, part = rows.pull[0], self.part
        slope = np.sign(coef) * self.l1 + 2.0 * self.l2 * coef
        low = np.where(coef <= part.lower, -np.inf, np.where(coef == 0, -self.l1, slope))
        high = np.where(coef >= part.upper, np.inf, np.where(coef == 0, self.l1, slope))
        distance = np.maximum(np.maximum(low - pull, pull - high), 0.0)
        room = part.rooms(part.rounding(rows.eta[0], rows.curved[0])) + SHARE * self.l1
        worst = float(np.max(np.divide(distance, room, out=distance, where=distance > 0), initial=0.0))
        return worst if np.isfinite(worst) else np.inf
