"""A branch of a path of any smooth loss: the solutions while the same features are free.

With C the columns of the free features F and of the intercept, q = s∘l1 + 2·l2∘w on F (0 for the intercept),
r and h the residuals and curvatures of the rows and S their weights, the branch solves

    Cᵀ S r(η) = t q(w),    −dw/dt = A⁻¹ q =: d,    A = Cᵀ S H C + 2t·L2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.objective.curved import Curved
from equipoise.objective.problem import EPS

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Sides = NDArray[np.int8]

ROUNDS = 40
CHORD = 0.01  # a step that leaves more of the imbalance than this asks for a new factor
ROUNDINGS = 4.0  # of a pull, within which it is balanced
NOISE = 1e-12  # a rate at which a margin closes is rounding below this fraction of those it is made of
KEPT = 1e-13  # a squared pivot below this fraction of its column's is rounding


class Lost(Exception):
    """The branch cannot be followed: its columns depend on each other, or Newton's method fails."""


@dataclass(frozen=True, eq=False)
class Goal:
    """The end of a branch to go to: where feature ``feature`` meets its upper (1) or lower (0) limit."""

    feature: int
    up: int


@dataclass(eq=False)
class Spot:
    """A solution on a branch, and how it moves as the strength falls.

    Attributes
    ----------
    t : float
        The strength.
    coef, level, eta : (p,) array, float, (n,) array
        The point.
    pull : (p,) array
        Pulls.
    rate, fall : (p,) arrays
        −dw/dt and −d pull/dt.
    speed : (n,) array
        −dη/dt.
    curved : (n,) array
        S ∘ φ″.
    reach : (k,) array
        √(A⁻¹)_kk of the free coefficients.
    spread : (p,) array
        Upper bounds of √V_j.
    factor : (k, k) array
        R with RᵀR = A.
    widest : float
        max_i √(c_iᵀA⁻¹c_i).
    rounding : (p,) array
        One rounding of each pull.
    tight : (p,) bool array
        Entries of ``spread`` that are no larger than need be.
    margin, close : (2, p) arrays
        How far each feature is from its lower and its upper limit, and how fast that closes as the strength
        falls. Where there is no limit the distance is infinite, and closes at rate 0.
    """

    t: float
    coef: Array
    level: float
    eta: Array
    pull: Array
    rate: Array
    fall: Array
    speed: Array
    curved: Array
    reach: Array
    spread: Array
    factor: Array
    widest: float
    rounding: Array
    tight: Flags = field(init=False)
    margin: Array = field(init=False)
    close: Array = field(init=False)

    def __post_init__(self) -> None:
        self.tight = np.zeros(len(self.coef), dtype=bool)

    @cached_property
    def fastest(self) -> float:
        """The largest |dη/dt| of a row."""
        return float(np.max(np.abs(self.speed[self.curved > 0]), initial=0.0))

    @cached_property
    def bend(self) -> float:
        """√Σ s h (dη/dt)⁴, with the largest |dη/dt| taken out, whose power may overflow."""
        most = self.fastest
        if not 0.0 < most < np.inf:
            return most
        share = np.where(self.curved > 0, self.speed, 0.0) / most
        return float(np.sqrt(self.curved @ share**4)) * most * most


class Branch:
    """The solutions with some features free, each on its side of zero, and the others at rest.

    Parameters
    ----------
    problem : Curved
        What to solve.
    moving : (p,) bool array
        Features that may leave their rest.
    side : (p,) int8 array
        Sign of each free coefficient, 0 for a resting feature.
    coef : (p,) array
        Values of the resting features.

    Attributes
    ----------
    limits : pair of (p,) arrays
        Between what a free coefficient may move, or the pull of a resting feature divided by t.
    """

    def __init__(self, problem: Curved, moving: Flags, side: Sides, coef: Array) -> None:
        self.problem, self.moving, self.side = problem, moving, side
        self.free = np.flatnonzero(side)
        self.lead = int(problem.view.intercept)
        penalty = problem.penalty
        self.rest = np.where(side != 0, 0.0, coef)
        columns = problem.view.plain_columns(self.free)
        self.columns = np.column_stack([np.ones(len(columns)), columns]) if self.lead else columns
        self.base = problem.at(self.rest, 0.0).eta
        zero = np.zeros(self.lead)
        self.sigma = np.concatenate([zero, side[self.free] * penalty.finite_l1[self.free]])
        self.l2 = np.concatenate([zero, penalty.l2[self.free]])
        low, high = penalty.interval(np.where(side != 0, side, coef))
        above, below = (side > 0) & (penalty.l1 > 0), (side < 0) & (penalty.l1 > 0)
        low = np.where(above, np.maximum(penalty.lower, 0.0), np.where(side != 0, penalty.lower, low))
        high = np.where(below, np.minimum(penalty.upper, 0.0), np.where(side != 0, penalty.upper, high))
        # A coefficient without an l1 changes its sign where it passes zero.
        passing = (side != 0) & (penalty.l1 == 0)
        low = np.where(passing & (side > 0), np.maximum(low, 0.0), low)
        high = np.where(passing & (side < 0), np.minimum(high, 0.0), high)
        self.limits = low, high

    # ---- solving ----------------------------------------------------------------------------------

    def solve(self, t: float, unknown: Array, goal: Goal | None = None) -> Spot | None:
        """The solution at a strength, or where a goal is met; None if Newton's method finds none.

        Parameters
        ----------
        t : float
            The strength; with a goal, where to start.
        unknown : (lead + k,) array
            Level and free coefficients to start from.
        """
        try:
            found = self._newton(t, unknown, goal)
            return None if found is None else self.spot(*found)
        except Lost:  # too far away the columns may depend on each other
            return None

    def unknown(self, spot: Spot, fall: float = 0.0) -> Array:
        """Level and free coefficients at a spot, moved along its tangent while the strength falls."""
        u = np.concatenate([[spot.level][: self.lead], spot.coef[self.free]])
        if not fall:
            return u
        d = back(spot.factor, self.force(u))
        return np.asarray(u + fall * d)

    def force(self, unknown: Array) -> Array:
        """The pulls that the penalty balances, divided by t."""
        return np.asarray(self.sigma + 2.0 * self.l2 * unknown)

    def _newton(self, t: float, u: Array, goal: Goal | None) -> tuple[float, Array] | None:
        """Newton's method, with a factor that is kept while it leads on quickly."""
        problem, columns = self.problem, self.columns
        border = self._border(goal)
        factor, before, best = None, np.inf, None
        for _ in range(ROUNDS):
            with np.errstate(over="ignore", invalid="ignore"):
                eta = self.base + columns @ u
                weighed = problem.residual(eta)
                left = columns.T @ weighed - t * self.force(u)
                size = self._rounding(eta)
            if not (np.all(np.isfinite(left)) and t > 0):
                return None
            end = 0.0 if goal is None else self._end(goal, border, t, u, weighed)
            worst = self._worst(left, size, end, border)
            if best is None or worst < best[0]:
                best = worst, t, u
            if worst <= ROUNDINGS or (worst < 1e4 and worst > 0.5 * before):
                break
            if worst > 1e3 * before:
                return None
            if factor is None or worst > CHORD * before:
                factor = self.factor(problem.curvature(eta), t)
                curved = problem.curvature(eta)
            before = worst
            step = back(factor, left)
            if goal is not None:
                move = back(factor, self.force(u))
                fall = self._fall_to(goal, border, curved, step, move, end)
                if fall is None:
                    return None
                t, step = t - fall, step + fall * move
            u = u + step
        return best[1:] if best is not None and best[0] < 1e4 else None

    def _border(self, goal: Goal | None) -> tuple[Array, float] | None:
        """The column of a resting feature that is a goal, and its limit."""
        if goal is None or self.side[goal.feature]:
            return None
        j = goal.feature
        return self.problem.view.plain_columns(np.array([j]))[:, 0], float(self.limits[goal.up][j])

    def _end(
        self, goal: Goal, border: tuple[Array, float] | None, t: float, u: Array, weighed: Array
    ) -> float:
        """How far a goal is from being met: the pull less its limit, or the limit less the coefficient."""
        if border is not None:
            return float(border[0] @ weighed) - t * border[1]
        k = self.lead + int(np.searchsorted(self.free, goal.feature))
        return float(self.limits[goal.up][goal.feature] - u[k])

    def _fall_to(
        self,
        goal: Goal,
        border: tuple[Array, float] | None,
        curved: Array,
        step: Array,
        move: Array,
        end: float,
    ) -> float | None:
        """By how much the strength is to fall, so that the goal is met to first order."""
        if border is not None:
            along = (border[0] * curved) @ self.columns
            have, slope = end - float(along @ step), float(along @ move) - border[1]
        else:
            k = self.lead + int(np.searchsorted(self.free, goal.feature))
            have, slope = end - float(step[k]), float(move[k])
        return have / slope if slope != 0 and np.isfinite(have / slope) else None

    def _rounding(self, eta: Array) -> float:
        """Norm of the terms of the residuals, of which pulls are roundings."""
        terms = self.problem.kind.size(self.problem.response, eta)
        return float(np.sqrt(self.problem.weigh(terms**2).sum()))

    def _worst(self, left: Array, size: float, end: float, border: tuple[Array, float] | None) -> float:
        """The largest imbalance, in roundings."""
        norm = np.concatenate(
            [[np.sqrt(self.problem.view.weight)][: self.lead], self.problem.view.norm[self.free]]
        )
        unit = EPS * max(size, 1e-300)
        worst = float(np.max(np.abs(left) / (unit * norm), initial=0.0))
        return max(worst, abs(end) / unit) if border is not None else worst

    def factor(self, curved: Array, t: float) -> Array:
        """R with RᵀR = A."""
        system = self.columns.T @ (curved[:, None] * self.columns)
        system.flat[:: len(system) + 1] += 2.0 * t * self.l2
        diagonal = system.diagonal().copy()
        if not len(system):
            return system
        factor, info = lapack.dpotrf(system, lower=0, clean=1, overwrite_a=1)
        if info != 0 or np.any(factor.diagonal() ** 2 <= KEPT * diagonal):
            raise Lost
        return np.asarray(factor)

    # ---- how it moves -------------------------------------------------------------------------------

    def spot(self, t: float, unknown: Array) -> Spot:
        """The solution at a strength, given its free coefficients, and how it moves."""
        problem, view = self.problem, self.problem.view
        coef = self.rest.copy()
        coef[self.free] = unknown[self.lead :]
        eta = self.base + self.columns @ unknown
        curved = problem.curvature(eta)
        factor = self.factor(curved, t)
        force = self.force(unknown)
        d = back(factor, force)
        speed = self.columns @ d
        left = force - self.columns.T @ (curved * speed) - 2.0 * t * self.l2 * d
        d = d + back(factor, left)
        speed = self.columns @ d
        rate = np.zeros(len(coef))
        rate[self.free] = d[self.lead :]
        root = half(factor, self.columns.T)
        counts = curved > 0 if problem.weights is None else problem.weights > 0
        widest = float(np.sqrt(np.max(np.einsum("ij,ij->j", root, root)[counts], initial=0.0)))
        inverse = half(factor, np.eye(len(d)))
        reach = np.sqrt(np.einsum("ij,ij->j", inverse, inverse))[self.lead :]
        bend = problem.kind.curvature(problem.response, eta)
        most = float(np.max(bend[counts], initial=0.0))
        spot = Spot(
            t,
            coef,
            float(unknown[0]) if self.lead else 0.0,
            eta,
            problem.pull(problem.residual(eta)),
            rate,
            problem.pull(curved * speed),
            speed,
            curved,
            reach,
            np.sqrt(most) * view.norm,
            factor,
            widest,
            EPS * view.norm * self._rounding(eta),
        )
        self._measure(spot)
        return spot

    def _measure(self, spot: Spot) -> None:
        """Note how far each feature is from its limits, and how fast that closes."""
        free, t, (low, high) = self.side != 0, spot.t, self.limits
        with np.errstate(invalid="ignore"):
            margin = np.stack(
                [
                    np.where(free, spot.coef - low, spot.pull - t * low),
                    np.where(free, high - spot.coef, t * high - spot.pull),
                ]
            )
            close = np.stack(
                [
                    np.where(free, -spot.rate, spot.fall - low),
                    np.where(free, spot.rate, high - spot.fall),
                ]
            )
        penalty, norm = self.problem.penalty, self.problem.view.norm
        noise = np.where(free, 0.0, NOISE * (np.abs(spot.fall) + penalty.finite_l1))
        # A coefficient that nothing holds at zero may stay there: its rate is then rounding beside others.
        loose = free & (penalty.l1 == 0) & (norm > 0)
        noise[loose] = NOISE * np.max(np.abs(spot.rate) * norm, initial=0.0) / norm[loose]
        there = np.isfinite(margin) & self.moving
        spot.margin = np.where(there, margin, np.inf)
        spot.close = np.where(there & (np.abs(close) > noise), close, 0.0)

    def near(self, spot: Spot, tie: float) -> Array:
        """A margin below which a feature is on its limit, (p,)."""
        limit = self.problem.penalty.finite_l1
        free = np.zeros(len(spot.coef))
        free[self.free] = self._blur(spot)
        return np.where(self.side != 0, 8.0 * free, tie * spot.t * limit + 32.0 * spot.rounding)

    def _blur(self, spot: Spot) -> Array:
        """Rounding of the free coefficients, (k,)."""
        own = spot.rounding[self.free]
        total = float(np.sqrt(np.sum((own * spot.reach) ** 2)))
        return np.asarray(spot.reach * total + EPS * np.abs(spot.coef[self.free]))

    def accuracy(self, spot: Spot, goal: Goal) -> float:
        """Relative error of the strength at which a goal is met, from rounding."""
        j = goal.feature
        close = abs(float(spot.close[goal.up, j]))
        if self.side[j]:
            blur = float(self._blur(spot)[np.searchsorted(self.free, j)])
        else:
            blur = float(spot.rounding[j])
        return 4.0 * EPS + 8.0 * blur / max(close * spot.t, 1e-300)


def half(factor: Array, right: Array) -> Array:
    """R⁻ᵀ times columns."""
    return np.asarray(lapack.dtrtrs(factor, right, lower=0, trans=1)[0]) if len(factor) else right


def back(factor: Array, right: Array) -> Array:
    """(RᵀR)⁻¹ times a vector."""
    return np.asarray(lapack.dpotrs(factor, right, lower=0)[0]) if len(factor) else right
