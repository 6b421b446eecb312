"""Entries, exits and changes of sign along a path of any smooth loss, each proved to be the next.

Between two changes the solution is a smooth branch (:mod:`equipoise.solve.curved_branch`). A candidate is an
entry, a pull that meets its limit, or an exit, a coefficient that meets zero; Newton's method in coefficients
and strength together takes the branch there. The next change is the candidate of the largest strength, but a
root of one candidate says nothing about another that may have met its limit before: so from both ends, and
from points between them where these leave a gap, the branch is followed as far down and up as it is known
that no margin closes. A margin that is found closed in between is an earlier candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.problem import EPS
from equipoise.solve._quadratic import Quadratic
from equipoise.solve.curved_branch import Branch, Goal, Lost, Spot
from equipoise.solve.curved_known import known
from equipoise.solve.path import solve_point
from equipoise.solve.squares.crossing import TIE, Crossing

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

START = 1e-9  # the solver's accuracy, of a pull, where a walk begins
MANY = 32  # changes in a row at one strength, after which the walk is taken to turn in a circle
FAR = 1.0  # by how much a linear predictor may move, times κ, in one step
TRIES = 200  # points between that the proof of one change may take
UNPROVED = 1e-10  # a gap in a proof below this fraction of the strength is part of its accuracy
WORST = 1e-2  # the largest accuracy that is told


def crossings(problem: Curved, start: float, stop: float) -> list[Crossing]:
    """All changes of the active set as the strength falls from ``start`` to ``stop``."""
    return list(walk(problem, start, stop))


@one_blas_thread()
def walk(problem: Curved, start: float, stop: float) -> Iterator[Crossing]:
    """Yield all changes of the active set one by one, as the strength falls from ``start`` to ``stop``."""
    yield from _Walk(problem, max(stop, 1e-12 * start)).down(start)


class _Found(NamedTuple):
    """A spot on a branch, the end that it is at if it is at one, and how far from it others may be."""

    spot: Spot
    goal: Goal | None
    gap: float = 0.0


class _Walk:
    """One walk down the path, from change to change.

    At a strength the features of ``side`` are free, on that side of zero, and the others rest where they are.
    """

    def __init__(self, problem: Curved, stop: float) -> None:
        self.problem, self.stop = problem, stop
        penalty = problem.penalty
        self.moving = penalty.moving & (problem.view.norm > 0) & ~_superfluous(problem)
        self.kinked = penalty.kinked
        self.side = np.zeros(len(self.moving), dtype=np.int8)
        self.branch: Branch
        self.top: Spot
        self.here = self.lost = 0
        self.above = 0.0  # the strength down to which the active set is known
        self.between = 0  # points that the proof of the next change has taken

    def down(self, start: float) -> Iterator[Crossing]:
        """All changes from ``start`` down."""
        if not start > 0:
            return
        step: Callable[[], Iterator[Crossing] | None] = partial(self._begin, start)
        t = start
        while True:
            try:
                found = step()
                if found is None:
                    return
                changes = list(found)
            except Lost:
                if t <= self.stop:
                    return
                t = max(self.stop, t * (1.0 - min(2.0**self.lost * TIE, 0.5)))
                self.lost += 1
                step = partial(self._find_again, t)
                continue
            yield from changes
            if self.top.t <= self.stop:
                return
            self.lost = 0 if self.top.t < t else self.lost
            t, step = self.top.t, self._next

    # ---- beginning --------------------------------------------------------------------------------

    def _begin(self, t: float) -> Iterator[Crossing]:
        """Begin at the solution at t, and take the changes that fall there."""
        self.above = t
        self._take_up(t)
        top = self.top
        # What has entered within the solver's accuracy is taken to enter here.
        fresh = self.kinked & (self.side * top.rate > 0) & (np.abs(top.coef) <= START * t * np.abs(top.rate))
        if fresh.any():
            self._free(t, np.where(fresh, 0.0, top.coef), top.level)
            top = self.top
        tied = (top.margin <= self.branch.near(top, START)) & (top.close > 0)
        ends = [Goal(int(j), int(up)) for up, j in zip(*np.nonzero(tied), strict=True)]
        if ends:
            yield from self._change(_Found(top, None), ends)

    def _take_up(self, t: float) -> None:
        """The branch of the solution at t."""
        solved = cast("CurvedPoints", solve_point(self.problem, t))
        self._free(t, solved.coef[0], float(solved.level[0]))

    def _free(self, t: float, coef: Array, level: float) -> None:
        """The branch on which the features are free that are not on a kink, and its spot at t."""
        low, high = self.problem.penalty.interval(coef)
        side = np.where(coef != 0, np.sign(coef), 1)
        self.side = np.where(self.moving & ~(low < high), side, 0).astype(np.int8)
        self.branch = Branch(self.problem, self.moving, self.side, coef)
        unknown = np.concatenate([[level][: self.branch.lead], coef[self.branch.free]])
        top = self.branch.solve(t, unknown)
        if top is None:
            raise Lost
        self.top = top
        self.here = 0

    def _find_again(self, t: float) -> Iterator[Crossing]:
        """Solve at a lower strength, and take the active set from there."""
        before, above = self._signs(), self.above
        self._take_up(t)
        apart = (above - t) / max(t, 1e-300) + 4.0 * EPS
        yield from self._changes(before, self._signs(), t, {}, apart)

    # ---- the next change ----------------------------------------------------------------------------

    def _next(self) -> Iterator[Crossing] | None:
        """The changes at the next end below the present spot; None if there is none above ``stop``."""
        self.above, self.between = self.top.t, 0
        found = self._candidate(self.top)
        while found is not None:
            earlier, gap = self._refute(self.top, found)
            if earlier is not None:
                found = earlier
            elif found.goal is not None:
                return self._change(found._replace(gap=gap))
            elif found.spot.t <= self.stop:
                return None
            else:
                self.top = found.spot
                self.above = self.top.t
                found = self._candidate(self.top)
        return None

    def _candidate(self, top: Spot) -> _Found | None:
        """The end that comes first by the tangent, or a step down where that is far away."""
        if top.t <= self.stop:
            return None
        margin, close = top.margin, top.close
        margin = np.where(margin <= self.branch.near(top, TIE), np.inf, margin)
        with np.errstate(divide="ignore", invalid="ignore"):
            until = np.where(close > 0, margin / close, np.inf)
        up, j = np.unravel_index(int(np.argmin(until)), until.shape)
        first = float(until[up, j])
        speed = top.fastest * self.problem.kind.kappa
        far = min(FAR / speed if speed > 0 else np.inf, 0.75 * top.t)
        if first <= min(1.5 * far, 1.5 * (top.t - self.stop)):
            found = self._meet(top, Goal(int(j), int(up)), first)
            if found is not None and self.stop <= found.spot.t:
                return found
        return self._step(top, min(first, far, top.t - self.stop))

    def _step(self, top: Spot, fall: float) -> _Found:
        """A spot further down the branch."""
        for _ in range(30):
            spot = self.branch.solve(top.t - fall, self.branch.unknown(top, fall))
            if spot is not None:
                return _Found(spot, None)
            fall *= 0.5
        raise Lost

    def _meet(self, top: Spot, goal: Goal, fall: float) -> _Found | None:
        """The spot below another at which a goal is met; None if Newton's method does not find it there."""
        fall = min(fall, 0.9 * top.t)
        spot = self.branch.solve(top.t - fall, self.branch.unknown(top, fall), goal)
        return _Found(spot, goal) if spot is not None and spot.t <= top.t else None

    def _refute(self, top: Spot, found: _Found) -> tuple[_Found | None, float]:
        """An end between a spot and one below that is met before that; None where it is proved there is none.

        The second is what a proof leaves open, as a fraction of the strength.
        """
        low = found.spot
        earlier = self._closed(top, found)
        if earlier is not None:
            return earlier, 0.0
        wanted = top.t - low.t
        if wanted <= UNPROVED * top.t:
            return None, wanted / top.t
        skip = self._riding(top)
        down = known(self.branch, top, wanted, False, skip)
        if down >= wanted:
            return None, 0.0
        up = known(self.branch, low, wanted - down, True, skip)
        left = wanted - down - up
        if left <= UNPROVED * top.t or self.between >= TRIES:
            return None, max(left, 0.0) / top.t
        self.between += 1
        fall = down + 0.5 * left
        middle = self._step(top, fall).spot
        earlier, gap = self._refute(top, _Found(middle, None))
        if earlier is not None:
            return earlier, gap
        earlier, other = self._refute(middle, found)
        return earlier, max(gap, other)

    def _closed(self, top: Spot, found: _Found) -> _Found | None:
        """An end that by the margins at a spot was met before it; None where all are open."""
        low, goal = found.spot, found.goal
        margin, opened = low.margin, np.maximum(top.margin, 0.0)
        closed = (margin < -self.branch.near(low, TIE)) & ~self._riding(top)
        if goal is not None:
            closed[goal.up, goal.feature] = False
        if not closed.any():
            return None
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(closed, opened / (opened - margin), np.inf)
        up, j = np.unravel_index(int(np.argmin(share)), share.shape)
        fall = float(share[up, j]) * (top.t - low.t)
        met = self._meet(top, Goal(int(j), int(up)), fall)
        if met is not None and low.t < met.spot.t < top.t:
            return met
        if top.t - low.t <= 4.0 * EPS * top.t:
            raise Lost
        return self._step(top, 0.5 * (top.t - low.t))

    def _riding(self, top: Spot) -> Flags:
        """Limits on which features stay along the branch, (2, p): those of copies."""
        margin, close = top.margin, top.close
        return np.asarray((margin <= self.branch.near(top, TIE)) & (close == 0))

    # ---- the change ---------------------------------------------------------------------------------

    def _change(self, found: _Found, ends: list[Goal] | None = None) -> Iterator[Crossing]:
        """Take the active set just below a strength at which features are at their ends."""
        spot, before = found.spot, self._signs()
        self.here = self.here + 1 if abs(self.top.t - spot.t) <= TIE * spot.t else 0
        if self.here > MANY:
            raise Lost
        ends = self._ends(found) if ends is None else ends
        accuracies = {}
        for end in ends:
            apart = abs(spot.margin[end.up, end.feature] / max(spot.close[end.up, end.feature], 1e-300))
            own = self.branch.accuracy(spot, end)
            accuracies[end.feature] = max(own, min(apart / spot.t, TIE)) + found.gap
        coef = self._turn(spot, ends)
        self.branch = Branch(self.problem, self.moving, self.side, coef)
        unknown = np.concatenate([[spot.level][: self.branch.lead], coef[self.branch.free]])
        self.top = self.branch.spot(spot.t, unknown)
        yield from self._changes(before, self._signs(), spot.t, accuracies, TIE)

    def _ends(self, found: _Found) -> list[Goal]:
        """The end found, and others that are met at the same strength."""
        spot, goal = found.spot, found.goal
        margin, close = spot.margin, spot.close
        with np.errstate(invalid="ignore"):
            tied = margin <= np.maximum(close, 0.0) * TIE * spot.t + self.branch.near(spot, 0.0)
        tied &= (close > 0) & (self.top.margin > self.branch.near(self.top, TIE))
        if goal is not None:
            tied[goal.up, goal.feature] = True
        return [Goal(int(j), int(up)) for up, j in zip(*np.nonzero(tied), strict=True)]

    def _turn(self, spot: Spot, ends: list[Goal]) -> Array:
        """Set the sides below a spot; returns the coefficients there, those at their ends put on them."""
        coef = spot.coef.copy()
        up, down = np.zeros((2, len(coef)), dtype=bool)
        for end in ends:
            j, free = end.feature, self.side[end.feature] != 0
            if free:
                coef[j] = self.branch.limits[end.up][j]
            # A resting feature moves on past its limit, a free one may move back.
            (up if (end.up == 1) != free else down)[j] = True
        low, high = self.problem.penalty.interval(coef)
        at_kink = self.moving & (low < high)
        up, down = up & at_kink, down & at_kink
        direction = self._direction(spot, coef, at_kink, up, down)
        free = self.moving & (~at_kink | (direction != 0))
        sign = np.where(coef != 0, np.sign(coef), np.sign(direction))
        self.side = np.where(free, np.where(sign != 0, sign, 1), 0).astype(np.int8)
        return coef

    def _direction(self, spot: Spot, coef: Array, at_kink: Flags, up: Flags, down: Flags) -> Array:
        """The direction d(coef)/d(−t) just below a spot, (p,).

        It minimises ½ dᵀAd − qᵀd with A and q as of a branch, over the features that are not on a kink (d_j
        of any sign) or that are on a limit too (d_j ≥ 0 at the upper one, ≤ 0 at the lower one).
        """
        problem, penalty = self.problem, self.problem.penalty
        index = np.flatnonzero(self.moving & (~at_kink | up | down))
        out = np.zeros(len(coef))
        if not len(index):
            return out
        side = np.where(coef != 0, np.sign(coef), np.where(up, 1.0, -1.0))
        side = np.where(self.kinked, side, np.where(penalty.upper <= 0, -1.0, 1.0))[index]
        q = side * penalty.finite_l1[index] + 2.0 * penalty.l2[index] * coef[index]
        if not np.any(q):
            return out
        columns = problem.view.plain_columns(index)
        along = spot.curved @ columns
        hessian = columns.T @ (spot.curved[:, None] * columns)
        if problem.view.intercept:
            hessian -= np.multiply.outer(along, along) / max(float(spot.curved.sum()), 1e-300)
        hessian.flat[:: len(index) + 1] += 2.0 * spot.t * penalty.l2[index]
        free = ~at_kink[index]
        lower = np.where(free | down[index], -np.inf, 0.0)
        upper = np.where(free | up[index], np.inf, 0.0)
        norm = np.sqrt(np.maximum(np.diagonal(hessian), 0.0))
        ratio = np.abs(q) / np.where(norm > 0, norm, 1.0)
        none = np.zeros(len(index))
        kernel = Quadratic(
            np.ascontiguousarray(hessian), none, none, lower, upper, 1e-12 * norm * np.max(ratio)
        )
        kernel.solve(none, q)
        # A tied feature rests whose movement is rounding beside that of others, and its own if it were alone.
        length = np.abs(kernel.coef) * norm
        still = ~free & (length <= TIE * np.minimum(length.max(), ratio))
        out[index] = np.where(still, 0.0, kernel.coef)
        return out

    def _signs(self) -> NDArray[np.int_]:
        rest = np.sign(self.branch.rest) if hasattr(self, "branch") else 0
        return np.where(self.side != 0, self.side, rest).astype(int)

    def _changes(
        self,
        before: NDArray[np.int_],
        after: NDArray[np.int_],
        t: float,
        accuracies: dict[int, float],
        accuracy: float,
    ) -> Iterator[Crossing]:
        """The changes at a strength from signs before to signs after."""
        for j in map(int, np.flatnonzero((before != after) & self.moving)):
            old, new = int(before[j]), int(after[j])
            error = float(min(accuracies.get(j, accuracy), WORST))
            if old == 0:
                if t > self.stop:
                    yield Crossing(t, j, "enters", new, error)
            elif new == 0:
                yield Crossing(t, j, "leaves", old, error)
            else:
                yield Crossing(t, j, "changes sign", new, error)


def _superfluous(problem: Curved) -> Flags:
    """Unpenalised columns that depend on others of them: they are held where the solver leaves them."""
    out = np.zeros(problem.view.shape[1], dtype=bool)
    free = np.flatnonzero(problem.penalty.unpenalised & problem.penalty.moving & (problem.view.norm > 0))
    if len(free) > 1:
        right, order = qr(problem.view.columns(free), mode="r", pivoting=True)
        size = np.abs(right.diagonal())
        rank = int(np.count_nonzero(size > size[0] * max(problem.view.shape) * EPS))
        out[free[order[rank:]]] = True
    return out
