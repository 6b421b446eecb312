"""Exact entries, exits and sign changes along a path: the strengths at which the active set changes.

Between two changes the free coefficients and all pulls are known functions of the strength t (Osborne,
Presnell & Turlach, 2000; Efron et al., 2004; :mod:`equipoise.solve.squares.stretch`): linear without an l2,
rational with one. The walk goes down to the first of their ends, where one feature joins the free ones or
rests, and :mod:`equipoise.solve.squares.locate` says how accurate its strength is. Where the path is straight
and well conditioned, :mod:`equipoise.solve.squares.straight` does the same with one update of a factor a
change.

Where ends fall together, the direction ``d = −dw/dt`` below them is the minimum of ``½ dᵀHd − qᵀd``,
H = G_FF + 2t·L2, q = s∘l1 + 2·l2∘w, in which a feature that sits exactly on its limit may move inwards only.
The kernel solves that, so ties of any kind need no rule of their own.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.solve._quadratic import Quadratic
from equipoise.solve.squares.crossing import GRAIN, TIE, Crossing
from equipoise.solve.squares.descend import End, descend
from equipoise.solve.squares.locate import SHARP, WORST, ExactColumns, locate
from equipoise.solve.squares.refine import Refiner
from equipoise.solve.squares.straight import Straight
from equipoise.solve.squares.stretch import Dependent, Lost, Stretch

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Signs = NDArray[np.int_]

MANY = 32  # changes in a row at one strength, after which the walk is taken to turn in a circle
SHORT = 4  # changes of a straight walk that pay for beginning one …
PAUSE = 16  # … and most changes that it sits out where there are fewer


def crossings(problem: Squares, start: float, stop: float) -> list[Crossing]:
    """All changes of the active set as the strength falls from ``start`` to ``stop``."""
    return list(walk(problem, start, stop))


@one_blas_thread()
def walk(problem: Squares, start: float, stop: float, sharp: float = SHARP) -> Iterator[Crossing]:
    """Yield all changes of the active set one by one, as the strength falls from ``start`` to ``stop``.

    A strength that rounding may have moved by more than the fraction ``sharp`` is found anew on the data.
    """
    here: list[Crossing] = []
    for crossing in _Walk(problem, sharp).down(start, stop):
        if here and crossing.strength != here[0].strength:
            yield from here
            here = []
        undone = next((k for k, other in enumerate(here) if _undoes(crossing, other)), None)
        if undone is None:
            here.append(crossing)
        else:
            del here[undone]
    yield from here


def _undoes(crossing: Crossing, other: Crossing) -> bool:
    """Whether a change takes another one back, at the same strength: where rounding cannot tell the two."""
    same = crossing.feature == other.feature and crossing.sign == other.sign
    return same and {crossing.kind, other.kind} == {"enters", "leaves"}


class _Walk:
    """One walk down the path, from change to change.

    At strength t the features of ``side`` are free, on that side of zero, and the others rest where they are.
    """

    def __init__(self, problem: Squares, sharp: float) -> None:
        self.problem, self.sharp = problem, sharp
        self.refiner = Refiner(problem)
        self.columns = ExactColumns(problem)
        self.refiner.pull = problem.pull(problem.residual(self.refiner.coef))
        penalty = problem.penalty
        self.moving = penalty.moving & ~_superfluous(problem)
        self.kinked = penalty.kinked
        self.straight = Straight(self.refiner, sharp) if _is_straight(problem) else None
        self.t = self.told = np.inf  # the present strength, and that of the last change
        self.side = np.zeros(len(self.moving), dtype=np.int8)
        self.entered: tuple[Stretch, End] | None = None  # the last change, if it was one resting feature
        self.changed = np.zeros(len(self.moving), dtype=bool)  # at the present strength
        self.here = self.lost = 0  # changes at the present strength; how often in a row the walk got lost
        self.pause = self.rest = 0  # changes that the straight walk is to sit out, and has still to

    def down(self, start: float, stop: float) -> Iterator[Crossing]:
        """All changes from ``start`` down to ``stop``."""
        self._begin(start)
        trusted = np.inf  # above it a straight walk has failed its check
        while True:
            if self.straight is not None and stop < self.t <= trusted and self.side.any():
                if self.rest == 0:
                    trusted = yield from self._straight_down(stop, trusted)
                else:
                    self.rest -= 1
            try:
                found = self._next(stop)
            except Lost:
                if self.t <= stop:
                    return
                found = self._find_again(stop)
            if found is None:
                return
            yield from found

    @property
    def coef(self) -> Array:
        return self.refiner.coef

    @property
    def pull(self) -> Array:
        return self.refiner.pull

    def _begin(self, t: float) -> None:
        """Begin at the solution at t, with the features that are not on a kink."""
        self.refiner.at(t, measured=self.t == np.inf)
        self.t = self.told = t
        coef = self.refiner.coef = self._snapped()
        low, high = self.problem.penalty.interval(coef)
        side = np.where(coef != 0, np.sign(coef), 1)
        self.side = np.where(self.moving & ~(low < high), side, 0).astype(np.int8)
        self.here = 0
        self.changed[:] = False

    # ---- the next change ---------------------------------------------------------------------------

    def _next(self, stop: float) -> list[Crossing] | None:
        """The changes at the next strength where the active set changes; None if there is none above stop."""
        stretch = Stretch(self.problem, self.refiner.working, self.moving, self.side, self.coef)
        try:
            stretch.go(self.t)
        except Dependent:
            if self.entered is None:
                raise
            return self._exchange(*self.entered)
        if stretch.strays():
            raise Lost
        ends = descend(stretch, stop)
        if not ends:
            return None
        located = self._located(stretch, ends)
        last = located[0].strength <= stop
        # Rounding may have let the walk go past the change, but not past the one before.
        t = min(max(located[0].strength, stop), self.told)
        ends = [end for end in located if end.strength >= t * (1.0 - end.accuracy - located[0].accuracy)]
        before = self._signs()
        self.here = self.here + 1 if abs(self.t - t) <= TIE * self.t else 0
        if not self.here:
            self.changed[:] = False
        if self.here > MANY:
            raise Lost
        fall = stretch.t - t
        self.refiner.coef = stretch.coef + fall * stretch.rate
        self.refiner.pull = stretch.pull - fall * stretch.fall
        self.t = self.told = t
        self.entered = None
        again = any(self.changed[end.feature] for end in ends)
        if len(ends) == 1 and not again:
            self._change(stretch, ends[0])
        else:
            self._turn(stretch, ends)
        self.lost = self.lost if self.here else 0
        accuracy = {end.feature: end.accuracy + abs(end.strength - t) / max(t, 1e-300) for end in ends}
        after = self._signs()
        self.changed |= before != after
        self.changed[[end.feature for end in ends]] = True
        return list(self._changes(before, after, accuracy, leaving_only=last))

    def _located(self, stretch: Stretch, ends: list[End]) -> list[End]:
        """The ends with their strengths and accuracy, the first on the way down first."""
        out = []
        sharp = 0.0 if len(ends) > 1 else self.sharp  # the order of several is to be told
        for end in ends:
            j = end.feature
            met = stretch.limits[end.up][j] if stretch.side[j] else stretch.coef[j]
            if met == 0.0:
                strength, accuracy = locate(stretch, self.columns, j, end.up, end.strength, sharp=sharp)
                end = end._replace(strength=strength, accuracy=accuracy)
            out.append(end)
        return sorted(out, key=lambda end: -end.strength)

    def _change(self, stretch: Stretch, end: End) -> None:
        """Make a single change: a resting feature begins to move, or a free one comes to rest."""
        j = end.feature
        penalty, self.side = self.problem.penalty, self.side.copy()
        if self.side[j]:
            value = stretch.limits[end.up][j]
            self.coef[j] = value
            passes = value == 0.0 and penalty.l1[j] == 0 and penalty.lower[j] < 0 < penalty.upper[j]
            self.side[j] = -self.side[j] if passes else 0
            return
        value = self.coef[j]
        side = (1 if value >= 0 else -1) if end.up else (-1 if value <= 0 else 1)
        self.side[j] = side
        self.entered = stretch, end

    def _exchange(self, stretch: Stretch, end: End) -> list[Crossing]:
        """Let the column that has entered take the place of those on which it depends, until one rests."""
        inside, j, sign = stretch.inside, end.feature, 1.0 if end.up else -1.0
        self.entered, before = None, self._signs()
        column = stretch.gram(np.append(inside, j))[:-1, -1]
        move = -sign * stretch.solve(column)
        ends = np.where(move > 0, stretch.limits[1][inside], stretch.limits[0][inside])
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.where(move != 0, np.maximum((ends - self.coef[inside]) / move, 0.0), np.inf)
        k = int(np.argmin(reach))
        if not np.isfinite(reach[k]):
            raise Lost
        self.coef[inside] += reach[k] * move
        self.coef[j] += sign * reach[k]
        self.coef[inside[k]] = ends[k]
        self.side[inside[k]] = 0
        return list(self._changes(before, self._signs(), {}, accuracy=end.accuracy))

    def _straight_down(self, stop: float, trusted: float) -> Generator[Crossing, None, float]:
        """Walk on without the general rule for as long as that goes; returns where to trust such a walk."""
        assert self.straight is not None
        count, coef, pull = 0, self.coef, self.pull
        down = self.straight.down(self.t, stop, self._signs(), self.side != 0)
        while True:
            try:
                crossing = next(down)
            except StopIteration as done:
                end = done.value
                break
            self.told, count = crossing.strength, count + 1
            yield crossing
        self.pause = 0 if count >= SHORT else min(2 * self.pause + 1, PAUSE)
        self.rest = self.pause
        if end.strength < self.t:
            free = self.moving & ((end.signs != 0) | ~self.straight.stays)
            sign = np.where(end.signs != 0, end.signs, np.where(self.coef < 0, -1, 1))
            self.side = np.where(free, sign, 0).astype(np.int8)
            self.refiner.coef = np.where(free, self.coef, 0.0)
            self.t = end.strength
            self.here, self.changed = 0, np.zeros_like(self.changed)
        else:
            self.refiner.coef, self.refiner.pull = coef, pull
        return float(min(trusted, end.doubtful))

    def _find_again(self, stop: float) -> list[Crossing]:
        """Solve a little further down, further each time, and take the active set from there."""
        before, above = self._signs(), self.t
        t = max(stop, above * (1.0 - min(2.0**self.lost * TIE, 0.5)))
        self.lost += 1
        self.refiner.pull = self.problem.pull(self.problem.residual(self.coef))
        self._begin(t)
        apart = (above - t) / max(t, 1e-300) + 4.0 * EPS
        return list(self._changes(before, self._signs(), {}, accuracy=apart))

    # ---- changes that fall together ----------------------------------------------------------------

    def _turn(self, stretch: Stretch, ends: list[End]) -> None:
        """Take the active set just below the present strength, where several features are at their ends."""
        coef = self.coef.copy()
        up, down = np.zeros((2, len(coef)), dtype=bool)
        for j, side, *_ in ends:
            free = self.side[j] != 0
            if free:
                coef[j] = stretch.limits[side][j]
            # A resting feature moves on past its limit, a free one may move back.
            (up if (side == 1) != free else down)[j] = True
        self.refiner.coef = coef
        low, high = self.problem.penalty.interval(coef)
        at_kink = self.moving & (low < high)
        up, down = up & at_kink, down & at_kink
        direction = self._direction(at_kink, up, down)
        free = self.moving & (~at_kink | (direction != 0))
        sign = np.where(coef != 0, np.sign(coef), np.sign(direction))
        self.side = np.where(free, np.where(sign != 0, sign, 1), 0).astype(np.int8)

    def _snapped(self) -> Array:
        """The coefficients, with those within rounding of a kink put on it.

        Rounding in what they contribute, and in the pull of their l2: a large l2 keeps them small.
        """
        problem, penalty = self.problem, self.problem.penalty
        room = GRAIN * problem.response_norm / np.maximum(problem.view.norm, 1e-300)
        room = np.minimum(room, TIE * penalty.finite_l1 / np.maximum(2.0 * penalty.l2, 1e-300))
        rest = np.where(self.kinked & (np.abs(self.coef) <= room), 0.0, self.coef)
        rest = np.where(np.abs(rest - penalty.lower) <= room, penalty.lower, rest)
        return np.where(np.abs(rest - penalty.upper) <= room, penalty.upper, rest)

    def _signs(self) -> Signs:
        return np.where(self.side != 0, self.side, np.sign(self.coef)).astype(int)

    def _direction(self, at_kink: Flags, up: Flags, down: Flags) -> Array:
        """The direction d(coef)/d(−t) just below t, (p,).

        It minimises ½ dᵀHd − qᵀd with H = G + 2t·L2 and q = s∘l1 + 2·l2∘w over the features that are not on a
        kink (d_j of any sign) or that are on a limit too (d_j ≥ 0 at the upper one, ≤ 0 at the lower one).
        """
        penalty, coef = self.problem.penalty, self.coef
        taking = self.moving & (~at_kink | up | down)
        out = np.zeros(len(taking))
        index = np.flatnonzero(taking)
        if not len(index):
            return out
        # s: the sign of the coefficient, or at zero of the side to which it may move.
        side = np.where(coef != 0, np.sign(coef), np.where(up, 1.0, -1.0))
        side = np.where(self.kinked, side, np.where(penalty.upper <= 0, -1.0, 1.0))[index]
        q = side * penalty.l1[index] + 2.0 * penalty.l2[index] * coef[index]
        if not np.any(q):
            return out
        hessian = self._gram(index)
        hessian.flat[:: len(index) + 1] += 2.0 * self.t * penalty.l2[index]
        free = ~at_kink[index]
        lower = np.where(free | down[index], -np.inf, 0.0)
        upper = np.where(free | up[index], np.inf, 0.0)
        norm = np.sqrt(np.diagonal(hessian))
        floor = 1e-12 * norm * np.max(np.abs(q) / np.where(norm > 0, norm, 1.0))
        none = np.zeros(len(index))
        kernel = Quadratic(hessian, none, none, lower, upper, floor)
        kernel.solve(none, q)
        # A tied feature rests whose movement is rounding beside that of others, and its own if it were alone.
        length, alone = np.abs(kernel.coef) * norm, np.abs(q) / np.where(norm > 0, norm, 1.0)
        still = ~free & (length <= TIE * np.minimum(length.max(), alone))
        out[index] = np.where(still, 0.0, kernel.coef)
        return out

    def _gram(self, index: NDArray[np.intp]) -> Array:
        if self.problem.whole:
            return np.ascontiguousarray(self.problem.gram[np.ix_(index, index)])
        columns = self.problem.view.columns(index)
        return np.ascontiguousarray(columns.T @ columns)

    def _changes(
        self,
        before: Signs,
        after: Signs,
        accuracies: dict[int, float],
        *,
        accuracy: float = TIE,
        leaving_only: bool = False,
    ) -> Iterator[Crossing]:
        """The changes at the present strength from signs before to signs after."""
        for j in map(int, np.flatnonzero((before != after) & self.moving)):
            old, new = int(before[j]), int(after[j])
            known = float(min(accuracies.get(j, accuracy), WORST))
            if old == 0 and not leaving_only:
                yield Crossing(float(self.t), j, "enters", new, known)
            elif new == 0 and old != 0:
                yield Crossing(float(self.t), j, "leaves", old, known)
            elif old and new:
                yield Crossing(float(self.t), j, "changes sign", new, known)


def _is_straight(problem: Squares) -> bool:
    """Whether paths are piecewise linear and rest at zero only."""
    penalty = problem.penalty
    ends = np.concatenate([penalty.lower, penalty.upper])
    return not (np.any(penalty.l2[penalty.moving] > 0) or np.any((ends != 0) & np.isfinite(ends)))


def _superfluous(problem: Squares) -> Flags:
    """Unpenalised columns that depend on others of them: they are held where the solver leaves them."""
    out = np.zeros(problem.view.shape[1], dtype=bool)
    unpenalised = np.flatnonzero(problem.penalty.unpenalised & problem.penalty.moving)
    basis = problem.unpenalised_basis
    if basis is not None and basis.shape[1] < len(unpenalised):
        _, order = qr(problem.view.columns(unpenalised), mode="r", pivoting=True)
        out[unpenalised[order[basis.shape[1] :]]] = True
    return out
