"""Exact entries, exits and sign changes along a path: the strengths at which the active set changes.

Between two changes the active coefficients obey ``(G_FF + 2t·L2) w_F = const − t·(s∘l1)_F``, so without an
l2 they are linear in the strength t (Osborne, Presnell & Turlach, 2000; Efron et al., 2004), and
:mod:`equipoise.solve.squares.straight` walks on where changes come one at a time.

The general rule, for ties, in a box and with an l2. Differentiated by −t, the equation gives the direction
``d = H⁻¹q``, H = G_FF + 2t·L2, q = s∘l1 + 2·l2∘w. At a change d is the minimum of ``½ dᵀHd − qᵀd`` in which a
feature that sits exactly on its limit may move inwards only. The kernel solves that too, so ties of any kind
need no rule of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.problem import Problem
from equipoise.solve._quadratic import Quadratic
from equipoise.solve.squares.crossing import GRAIN, NOISE, TIE, TIE_ROUNDINGS, Crossing
from equipoise.solve.squares.refine import Refiner
from equipoise.solve.squares.straight import Straight, is_straight

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


LEAP = 0.25  # largest relative fall in one step where the path is curved
STILL = 1e-13  # a relative step in strength below which no progress is made
MOST_STILL, MOST_BARREN = 20, 200  # steps in a row without progress, and without a change of signs


def crossings(problem: Problem, start: float, stop: float) -> list[Crossing]:
    """All changes of the active set as the strength falls from ``start`` to ``stop``."""
    return list(walk(problem, start, stop))


@one_blas_thread()
def walk(problem: Problem, start: float, stop: float) -> Iterator[Crossing]:
    """Yield all changes of the active set one by one, as the strength falls from ``start`` to ``stop``."""
    yield from _Walk(problem).down(start, stop)


class _Walk:
    """One walk down the path, from change to change; the path is ``curved`` where it has an l2."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.refiner = Refiner(problem)
        self.refiner.pull = problem.pull(problem.residual(self.refiner.coef))
        penalty = problem.penalty
        self.moving, self.kinked = penalty.moving, penalty.kinked
        self.curved = bool(np.any(penalty.l2[self.moving] > 0))
        self.straight = Straight(self.refiner) if is_straight(problem) else None

    def down(self, start: float, stop: float) -> Iterator[Crossing]:
        """All changes from ``start`` down to ``stop``."""
        # Above ``trusted`` a straight walk has failed its check: the general rule goes down to there.
        t, trusted = start, np.inf
        self._solve(t)
        signs = self._signs()
        still = barren = 0
        while t > stop:
            direction = self._direction(t)
            ahead = self._signs_ahead(direction)
            yield from self._changes(t, signs, ahead)
            barren = barren + 1 if np.array_equal(signs, ahead) else 0
            signs = ahead
            if self.straight is not None and t <= trusted:
                end = yield from self.straight.down(t, stop, signs, self._moving_below(t, direction))
                trusted = min(trusted, end.doubtful)
                if end.strength < t or end.doubtful < t:
                    still = still + 1 if t - end.strength <= STILL * t else 0
                    barren = barren if np.array_equal(signs, end.signs) else 0
                    t, signs = end.strength, end.signs
                    if end.doubtful < np.inf:
                        self._solve(t, measured=False)
                    if still <= MOST_STILL and barren <= MOST_BARREN:
                        continue
                    direction = self._direction(t)
            step = min(self._first_change(t, direction), t - stop)
            step = min(step, LEAP * t) if self.curved else step
            still = still + 1 if step <= STILL * t else 0
            # A knot that rounding cannot separate, or steps that lead to no change: longer and longer steps.
            stuck = max(still - MOST_STILL, barren - MOST_BARREN)
            if stuck > 0:
                step = max(step, 2.0 ** min(stuck, 60) * TIE * t)
            above, t = t, max(stop, t - step)
            self._solve(t)
            if self.curved:
                t = self._nearest_change(above, t, signs)
        # A coefficient that reaches zero exactly at the end leaves on this path.
        yield from self._changes(t, signs, self._signs(), leaving_only=True)

    # ---- the point ---------------------------------------------------------------------------------

    @property
    def coef(self) -> Array:
        return self.refiner.coef

    @property
    def pull(self) -> Array:
        return self.refiner.pull

    def _solve(self, t: float, *, measured: bool = True) -> None:
        self.refiner.at(t, measured=measured)

    def _snapped(self) -> Array:
        """The coefficients, with those within rounding of a kink put on it."""
        problem, penalty = self.problem, self.problem.penalty
        room = np.divide(
            GRAIN * problem.response_norm,
            problem.view.norm,
            out=np.zeros_like(self.coef),
            where=problem.view.norm > 0,
        )
        rest = np.where(self.kinked & (np.abs(self.coef) <= room), 0.0, self.coef)
        rest = np.where(np.abs(rest - penalty.lower) <= room, penalty.lower, rest)
        return np.where(np.abs(rest - penalty.upper) <= room, penalty.upper, rest)

    def _tied(self, t: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Features on a kink, and which of them are also on a limit, so that they may move up or down."""
        problem = self.problem
        penalty = problem.penalty.at(t)
        coef = self._snapped()
        low, high = penalty.interval(coef)
        at_kink = self.moving & (low < high)
        room = TIE * penalty.finite_l1 + TIE_ROUNDINGS * problem.floor
        up = at_kink & (high - self.pull <= room) & (coef < penalty.upper)
        down = at_kink & (self.pull - low <= room) & (coef > penalty.lower)
        return at_kink, up, down

    def _signs(self) -> NDArray[np.int_]:
        return np.sign(self._snapped()).astype(int)

    def _direction(self, t: float) -> Array:
        """The direction d(coef)/d(−t) just below t, (p,).

        It minimises ½ dᵀHd − qᵀd with H = G + 2t·L2 and q = s∘l1 + 2·l2∘w over the features that are not on a
        kink (d_j of any sign) or that are on a limit too (d_j ≥ 0 at the upper one, ≤ 0 at the lower one).
        """
        problem = self.problem
        penalty = problem.penalty
        at_kink, up, down = self._tied(t)
        taking = self.moving & (~at_kink | up | down)
        out = np.zeros(len(taking))
        index = np.flatnonzero(taking)
        if not len(index):
            return out
        # s: the sign of the coefficient, or at zero of the side to which it may move.
        coef = self._snapped()
        side = np.where(coef != 0, np.sign(coef), np.where(up, 1.0, -1.0))
        side = np.where(self.kinked, side, np.where(penalty.upper <= 0, -1.0, 1.0))[index]
        q = side * penalty.l1[index] + 2.0 * penalty.l2[index] * coef[index]
        if not np.any(q):
            return out
        hessian = self._gram(index)
        hessian.flat[:: len(index) + 1] += 2.0 * t * penalty.l2[index]
        free = ~at_kink[index]
        lower = np.where(free | down[index], -np.inf, 0.0)
        upper = np.where(free | up[index], np.inf, 0.0)
        norm = np.sqrt(np.diagonal(hessian))
        floor = 1e-12 * norm * np.max(np.abs(q) / np.where(norm > 0, norm, 1.0))
        none = np.zeros(len(index))
        kernel = Quadratic(hessian, none, none, lower, upper, floor)
        kernel.solve(none, q)
        # A tied feature whose movement is rounding rests.
        length = np.abs(kernel.coef) * norm
        still = ~free & (length <= TIE * length.max())
        out[index] = np.where(still, 0.0, kernel.coef)
        return out

    def _moving_below(self, t: float, direction: Array) -> NDArray[np.bool_]:
        """Features that are in the model just below t."""
        at_kink, _, _ = self._tied(t)
        return np.asarray(self.moving & (~at_kink | (direction != 0)))

    def _gram(self, index: Indices) -> Array:
        if self.problem.whole:
            return np.ascontiguousarray(self.problem.gram[np.ix_(index, index)])
        columns = self.problem.view.columns(index)
        return np.ascontiguousarray(columns.T @ columns)

    def _signs_ahead(self, direction: Array) -> NDArray[np.int_]:
        """Signs of the coefficients just below the present strength."""
        coef = self._snapped()
        return np.where(coef != 0, np.sign(coef), np.sign(direction)).astype(int)

    # ---- the next change ---------------------------------------------------------------------------

    def _first_change(self, t: float, direction: Array) -> float:
        """Fall in strength to the first change, exact without l2, else to first order.

        As t falls by Δ, w grows by Δ·d up to zero or a bound, and the pull of a resting feature falls by
        Δ·x_jᵀXd while its interval [t·low, t·high] shrinks: the slack t·high − pull closes at the rate
        high − x_jᵀXd.
        """
        problem = self.problem
        penalty = problem.penalty
        at_kink, _, _ = self._tied(t)
        fall = (
            problem.pull(problem.view.predict(direction)) if np.any(direction) else np.zeros_like(direction)
        )
        moving = direction != 0
        value = self._snapped()
        with np.errstate(divide="ignore", invalid="ignore"):
            to_zero = np.where(moving & (value * direction < 0), -value / direction, np.inf)
            end = np.where(direction > 0, penalty.upper, penalty.lower)
            to_end = np.where(moving & np.isfinite(end), (end - value) / direction, np.inf)
            low, high = penalty.interval(value)
            resting = self.moving & ~moving & at_kink
            close_up, close_down = high - fall, fall - low
            noise = NOISE * np.maximum(np.abs(fall), penalty.finite_l1)
            room_up, room_down = t * high - self.pull, self.pull - t * low
            to_high = np.where(resting & (close_up > noise), np.maximum(room_up, 0.0) / close_up, np.inf)
            to_low = np.where(resting & (close_down > noise), np.maximum(room_down, 0.0) / close_down, np.inf)
        to_high = np.where(np.isfinite(high), to_high, np.inf)
        to_low = np.where(np.isfinite(low), to_low, np.inf)
        steps = np.minimum(
            np.minimum(to_zero, np.where(to_end > 0, to_end, np.inf)), np.minimum(to_high, to_low)
        )
        return float(steps.min())

    def _nearest_change(self, above: float, t: float, signs: NDArray[np.int_]) -> float:
        """The first change between two strengths, else the lower one: with l2 a step may go past a change."""
        penalty = self.problem.penalty

        def margin(s: float, j: int) -> float:
            """How far feature j is from its change at strength s, solved exactly; negative past it."""
            self._solve(s)
            w, pull = float(self.coef[j]), float(self.pull[j])
            low, high = (float(end[j]) for end in penalty.at(s).interval(self.coef))
            slack = min(high - pull, pull - low)
            if signs[j] == 0:
                return slack if w == 0 else -abs(w)
            return float(signs[j] * w) if w != 0 else -abs(slack)

        # The first change on the way down is the last root found on the way up.
        while True:
            roots = [t]
            for j in map(int, np.flatnonzero(self._signs() != signs)):
                ends = {t: margin(t, j)}
                if ends[t] >= 0.0:
                    continue
                # A feature that has just changed starts with a margin of zero: look a little further down.
                for k in range(30, -1, -2):
                    start = above - (above - t) * 0.5**k
                    ends[start] = margin(start, j)
                    if ends[start] > 0.0:
                        roots.append(_root(margin, j, ends, t, start))
                        break
            moved = max(roots) > t
            t = max(roots)
            self._solve(t)
            if not moved:
                return t

    def _changes(
        self,
        t: float,
        before: NDArray[np.int_],
        after: NDArray[np.int_],
        *,
        leaving_only: bool = False,
    ) -> Iterator[Crossing]:
        """The changes at t from signs before to signs after."""
        for j in np.flatnonzero((before != after) & self.moving):
            old, new = int(before[j]), int(after[j])
            if old == 0 and not leaving_only:
                yield Crossing(t, int(j), "enters", new)
            elif new == 0 and old != 0:
                yield Crossing(t, int(j), "leaves", old)
            elif old and new:
                yield Crossing(t, int(j), "changes sign", new)


def _root(
    margin: Callable[[float, int], float], feature: int, ends: dict[float, float], low: float, high: float
) -> float:
    """Root of a margin that is negative at ``low`` and positive at ``high``, to the last digits.

    ``ends`` holds the values at both: evaluated anew, they could differ by a rounding and so change sign.
    """
    from scipy.optimize import brentq

    def known(strength: float) -> float:
        return ends[strength] if strength in ends else margin(strength, feature)

    return float(brentq(known, low, high, xtol=1e-14 * high, rtol=1e-14))
