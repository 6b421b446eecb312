"""Straight stretches of a path: without an l2 or a bound off zero, from isolated change to isolated change.

Between two changes ``w(t) = U⁻¹(z − tζ)`` on the free variables, with U the kernel's factor, which one append
or one deletion updates at a change. As t falls by Δ, w grows by Δ·d, ``d = U⁻¹ζ = (X_FᵀX_F)⁻¹(s∘l1)``, the
pull of a resting feature falls by Δ·fall_j, ``fall_j = x_jᵀXd``, and its limit by Δ·l1_j.

A change is guessed, then proved: after one feature has entered or left, d is the direction of the path below
if the feature that has just entered moves to its side and no resting feature on its limit is pulled over it.
Where that fails, where changes fall together, where a column depends on those in the model, or where rounding
could move a change by 5e-10 of its strength, the general rule of
:mod:`equipoise.solve.squares.homotopy` takes over.

Few features are looked at each time. As ``|fall_j| ≤ ‖x_j‖‖Xd‖``, the slack of a feature lasts as long as
``l1_j Δt + ‖x_j‖ ΔL`` is less, with L the length of the residual's path. Features whose slack may be used
up are measured, and watched from change to change if the present direction takes them to their limit.

Every so many changes, and before the general rule takes over, the point is measured on the data themselves
against the conditions of optimality, all features included. No change is reported before a point beyond it
has passed; where one fails, the part since the last that passed is walked again by the general rule.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.solve.squares.crossing import GRAIN, NOISE, TIE, TIE_ROUNDINGS, Crossing, blurred
from equipoise.solve.squares.refine import Refiner

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Signs = NDArray[np.int_]

FRESH = 8  # changes after which coefficients are solved for anew, not moved
MEASURED = 64  # changes after which the point is measured on the data
LATE = 6.0  # a watched feature whose slack lasts this many moves goes back to waiting
MOST = 32  # features that begin to be watched at once
ROUGH = 5e-10  # a change of which no more is known is left to the general rule
PASS = 16  # a pass over all columns takes as long as gathering one in this many of them


class Stop(NamedTuple):
    """Strength at which a walk ended, the signs just above it, and the strength of the failed check, if any.

    After a failed check ``strength`` is where the last one passed; the general rule walks on from there.
    """

    strength: float
    signs: Signs
    doubtful: float = np.inf


class Move(NamedTuple):
    """A fall in strength, the place of the member that changes there (−1: none), whether no other does."""

    length: float
    at: int
    alone: bool


class Straight:
    """Straight stretches of one walk down a path.

    Features are in the model (``side`` is their sign, w their coefficient), watched (their pull is followed
    from change to change), or waiting (their slack is known to be at least margin + t·l1 − norm·travelled).

    Parameters
    ----------
    refiner, rough : Refiner, float
        Its kernel is used, and it is left at the last point; the accuracy that is enough for a strength.
    """

    def __init__(self, refiner: Refiner, rough: float) -> None:
        problem, self.refiner, self.rough = refiner.problem, refiner, max(rough, ROUGH)
        self.problem, self.working = problem, refiner.working
        penalty, p = problem.penalty, problem.view.shape[1]
        self.moving, self.l1 = penalty.moving, penalty.finite_l1
        self.rises, self.falls = self.moving & (penalty.upper > 0), self.moving & (penalty.lower < 0)
        # Zero is a kink of the penalty, or an end of the box: a coefficient that reaches it stays.
        self.stays = self.moving & ((self.l1 > 0) | ~self.rises | ~self.falls)
        self.norm = problem.view.norm
        # Strength, L, ‖Xd‖ = −dL/dt, the usual length of a move, the size of what pulls are made of.
        self.t = self.travelled = self.speed = self.pace = self.size = 0.0
        self.margin = np.full(p, np.inf)
        self.position = np.full(p, -1)
        self.changes = 0
        # Of each member of the working set: w(t) = base − t·slope, its pull, and how that falls with t.
        self.w = self.slope = self.before = self.base = self.pull = self.fall = np.zeros(0)
        self.side, self.watched = np.zeros(0, dtype=np.int8), np.zeros(0, dtype=bool)
        self._grow()

    # ---- from change to change ---------------------------------------------------------------------

    def down(self, t: float, stop: float, signs: Signs, taking: Flags) -> Generator[Crossing, None, Stop]:
        """Walk on from the refiner's solution at t, below which the features ``taking`` are in the model."""
        signs = signs.copy()
        checked, found = Stop(t, signs.copy()), list[Crossing]()
        pending: Crossing | None = None
        if not self._start(t, signs, taking):
            return checked
        while True:
            move = self._next_move(stop)
            accuracy = 0.0 if pending is None or move is None else self._accuracy(pending)
            if move is None or accuracy > self.rough:
                self._undo(pending)
                break
            if pending is not None:
                found.append(replace(pending, accuracy=accuracy))
                signs[pending.feature] = 0 if pending.kind == "leaves" else pending.sign
                pending = None
            if len(found) >= MEASURED:
                if not self._is_solution():
                    break
                yield from found
                checked, found = Stop(self.t, signs.copy()), []
            self._advance(move.length)
            if self.t <= stop:
                break
            if move.at >= 0:
                pending = self._change(move.at) if move.alone else None
                if pending is None:
                    break
        self._hand_back()
        if not self._is_solution():
            return Stop(checked.strength, checked.signs, self.t)
        yield from found
        return Stop(self.t, signs)

    def _start(self, t: float, signs: Signs, taking: Flags) -> bool:
        """Start from the refiner's solution; False where its columns depend on each other."""
        self.t, self.travelled, self.speed, self.changes = t, 0.0, 0.0, 0
        self.pace = self.pace or 0.01 * t
        free = np.flatnonzero(taking)
        fresh = free[~self.working.member[free]]
        if len(fresh):
            self.working.add(fresh)
        self._grow()
        for array in (self.w, self.slope, self.pull, self.fall, self.side, self.watched):
            array[:] = 0
        self._note_slacks(self.moving & ~taking, self.refiner.pull)
        at = self.position[free]
        self.side[at] = np.where(self.stays[free], signs[free], 1)
        segments = np.where(self.stays[free] & self.rises[free] & self.falls[free], signs[free], 1)
        segments = np.where(self.rises[free], segments, np.where(self.l1[free] > 0, -1, 1))
        self.w[at] = self.refiner.coef[free]
        kernel = self.working.kernel
        places, coef = kernel.place.copy(), kernel.coef.copy()
        if kernel.hold(self.start, at, segments.astype(np.int8)):
            return True
        # Of several solutions, hand the one that was found back to the general rule.
        inside = np.flatnonzero(places % 2)
        kernel.hold(self.start, inside, places[inside])
        kernel.coef[:] = coef
        return False

    def _grow(self) -> None:
        """Extend the arrays by the columns that have joined the working set."""
        working = self.working
        new = len(working.indices)
        self.features = working.indices
        self.position[self.features] = np.arange(new)
        self.start = self.problem.response_pull if self.problem.whole else working.start
        more = new - len(self.w)
        self.w, self.slope, self.base, self.pull, self.fall, self.side, self.watched = (
            np.concatenate([a, np.zeros(more, dtype=a.dtype)])
            for a in (self.w, self.slope, self.base, self.pull, self.fall, self.side, self.watched)
        )
        self.member_l1, self.member_stays = self.l1[self.features], self.stays[self.features]
        self.grain = GRAIN * self.problem.response_norm / np.maximum(self.norm[self.features], 1e-300)

    # ---- the next change ---------------------------------------------------------------------------

    def _next_move(self, stop: float) -> Move | None:
        """The move to the next change or to ``stop``; None if the direction is not that of the path."""
        kernel = self.working.kernel
        if self.changes % FRESH == 0:
            self._recompute()
        kernel.slope(self.slope)
        # X_FᵀX_F d = s∘l1, so ‖Xd‖² = dᵀ(s∘l1).
        rate = float((self.slope * self.side) @ self.member_l1)
        self.speed = max(0.0, rate) ** 0.5 * (1.0 + 1e-6)
        # A feature at zero that has just entered must move to its side.
        inside = np.flatnonzero(self.side)
        away = self.slope[inside] * self.side[inside]
        if np.any(self.member_stays[inside] & (np.abs(self.w[inside]) <= self.grain[inside]) & (away <= 0)):
            return None
        watching = np.flatnonzero(self.watched)
        self.fall[watching] = self._product(watching, self.slope)
        room = self.t - stop
        while (move := self._first_change(inside, watching)) is not None:
            move = move if move.length <= room else Move(room, -1, True)
            # Waiting features whose slack may be used up by the end of the move.
            travelled, end = self.travelled + self.speed * move.length, self.t - move.length
            due = np.flatnonzero(self.margin + end * self.l1 - self.norm * travelled <= 0)
            if not len(due):
                return move
            fresh, reach = self._examine(due, move.length)
            if not len(fresh):
                return move
            # Where more come near than may be watched at once, go as far as the first that is not.
            room = min(room, reach)
            at = self._watch(fresh)
            self.fall[at] = self._product(at, self.slope)
            watching = np.concatenate([watching, at])
        return None

    def _first_change(self, inside: Indices, watching: Indices) -> Move | None:
        """The first change among the free and the watched; None if one on its limit is pulled over it.

        A free coefficient w + Δ·d reaches zero at Δ = −w/d. The slack t·l1 ∓ pull of a watched one closes at
        the rate l1 ∓ fall, so that it reaches its limit at Δ = slack/rate.
        """
        w, slope = self.w[inside], self.slope[inside]
        l1, pull, fall = self.member_l1[watching], self.pull[watching], self.fall[watching]
        rises, falls = self.rises[self.features[watching]], self.falls[self.features[watching]]
        with np.errstate(divide="ignore", invalid="ignore"):
            to_zero = np.where(w * slope < 0, -w / slope, np.inf)
            noise = NOISE * np.maximum(np.abs(fall), l1)
            tie = TIE * self.t * l1 + TIE_ROUNDINGS * self.problem.floor[self.features[watching]]
            limits = []
            for there, sign in ((rises, 1.0), (falls, -1.0)):
                close, slack = l1 - sign * fall, self.t * l1 - sign * pull
                closing = there & (close > noise)
                if np.any(closing & (slack <= tie)):
                    return None
                limits.append(np.where(closing, slack / close, np.inf))
        steps = np.concatenate([to_zero, *limits, [np.inf]])
        k = int(np.argmin(steps))
        length = float(steps[k])
        if length == np.inf:
            return Move(np.inf, -1, True)
        steps[k] = np.inf
        at = int(inside[k] if k < len(inside) else watching[(k - len(inside)) % len(watching)])
        # A change of sign is left to the general rule.
        stays = k >= len(inside) or self.member_stays[at]
        return Move(length, at, bool(stays and steps.min() - length > 4.0 * TIE * self.t))

    def _advance(self, length: float) -> None:
        self.w += length * self.slope
        self.pull -= length * self.fall
        self.travelled += self.speed * length
        self.t -= length
        self.pace += 0.1 * (length - self.pace)

    def _change(self, at: int) -> Crossing | None:
        """Make the change that is due now; None if the column depends on those in the model."""
        feature, kernel = int(self.features[at]), self.working.kernel
        self.changes += 1
        self.before = self.slope.copy()
        if self.side[at]:
            sign = int(self.side[at])
            kernel.leave(at)
            self._rest(at, sign)
            return Crossing(float(self.t), feature, "leaves", sign)
        sign = 1 if self.pull[at] > 0 or not self.falls[feature] else -1
        if not self.rises[feature]:
            sign = -1
        if not kernel.enter(at, float(self.start[at]), sign if self.member_l1[at] > 0 else 1):
            return None
        self.side[at], self.watched[at] = sign, False
        self.w[at] = self.fall[at] = self.pull[at] = 0.0
        return Crossing(float(self.t), feature, "enters", sign)

    def _accuracy(self, change: Crossing) -> float:
        """Relative accuracy of the change just made, from the slopes before and after it.

        With γ = ±(d − d′)/d_j, the part of x_j that is orthogonal to the free columns is Xγ, and the change
        is where γᵀ(pulls − t·s∘l1) = 0.
        """
        at = self.position[change.feature]
        turn = -self.slope
        turn[: len(self.before)] += self.before
        turn /= turn[at]
        force = self.side * self.member_l1
        force[at] = change.sign * self.member_l1[at]
        size = self.size * float(np.abs(turn) @ self.norm[self.features])
        return blurred(size, self.t * float(turn @ force))

    def _undo(self, change: Crossing | None) -> None:
        """Undo an entry that was not proved."""
        if change is not None and change.kind == "enters":
            at = int(self.position[change.feature])
            self.working.kernel.leave(at)
            self._rest(at, change.sign)

    def _rest(self, at: int, sign: int) -> None:
        self.side[at], self.watched[at] = 0, True
        self.w[at] = self.slope[at] = 0.0
        self.pull[at] = sign * self.t * self.member_l1[at]

    def _slack(self, features: Indices | slice, pull: Array) -> Array:
        """Distance of each pull to the nearer limit at which the feature may enter; ∞ where it may not."""
        limit = self.t * self.l1[features]
        above = np.where(self.rises[features], limit - pull, np.inf)
        return np.minimum(above, np.where(self.falls[features], limit + pull, np.inf))

    def _note_slacks(self, waiting: Flags, pull: Array) -> None:
        """Note the slack of the waiting features, given the pulls (p,)."""
        slack = self._slack(slice(None), pull) - self.t * self.l1 + self.norm * self.travelled
        self.margin = np.where(waiting, slack, np.inf)

    def _examine(self, due: Indices, length: float) -> tuple[Indices, float]:
        """Measure the waiting features whose slack may be used up.

        Returns those that have to be watched, and the fall in strength at which the first of those that are
        left to wait reaches its limit: Δ = (t·l1 ∓ pull)/(l1 ∓ fall), exact while the direction stays.
        """
        pull, fall = self._measure(due)
        slack = self._slack(due, pull)
        self.margin[due] = slack - self.t * self.l1[due] + self.norm[due] * self.travelled
        l1 = self.l1[due]
        noise = NOISE * np.maximum(np.abs(fall), l1)
        life = np.full(len(due), np.inf)
        for there, sign in ((self.rises[due], 1.0), (self.falls[due], -1.0)):
            close, room = l1 - sign * fall, np.maximum(self.t * l1 - sign * pull, 0.0)
            closing = there & (close > noise)
            life[closing] = np.minimum(life[closing], room[closing] / close[closing])
        near = np.flatnonzero(life <= length)
        near = near[np.argsort(life[near])]
        reach = float(life[near[MOST]]) if len(near) > MOST else np.inf
        return due[near[:MOST]], reach

    def _watch(self, features: Indices) -> Indices:
        """Watch these features from change to change; returns their places in the working set."""
        fresh = features[~self.working.member[features]]
        if len(fresh):
            self.working.add(fresh)
            self._grow()
        at = self.position[features]
        self.watched[at] = True
        self.pull[at] = self.start[at] - self._product(at, self.w)
        self.margin[features] = np.inf
        return at

    def _recompute(self) -> None:
        """Compute w = U⁻¹(z − tζ) and the watched pulls c − Gw anew, lest moves add up their rounding."""
        self.changes += self.changes == 0
        self.working.kernel.ray(self.base, self.slope)
        self.w = np.where(self.side != 0, self.base - self.t * self.slope, 0.0)
        self.w[self.member_stays & (self.w * self.side < 0)] = 0.0
        # w is the difference of two rays: its rounding is theirs.
        rays = np.abs(self.base) + self.t * np.abs(self.slope)
        self.size = self.problem.response_norm + float(rays @ self.norm[self.features])
        at = np.flatnonzero(self.watched)
        self.pull[at] = self.start[at] - self._product(at, self.w)
        # A feature that has drifted far from its limit goes back to waiting.
        features = self.features[at]
        slack = self._slack(features, self.pull[at])
        far = slack > LATE * self.pace * (self.l1[features] + self.norm[features] * self.speed)
        off, gone = at[far], features[far]
        self.watched[off] = False
        self.pull[off] = self.fall[off] = 0.0
        self.margin[gone] = slack[far] - self.t * self.l1[gone] + self.norm[gone] * self.travelled

    def _product(self, at: Indices, vector: Array) -> Array:
        """Some rows of the Gram matrix times a vector that is zero off the free variables."""
        out = np.empty(len(at))
        self.working.kernel.product(at, vector, out)
        return out

    def _measure(self, features: Indices) -> tuple[Array, Array]:
        """Pulls of some features at the present point, and how they fall: c_j − x_jᵀXw and x_jᵀXd."""
        problem = self.problem
        if problem.whole:
            pull = self.start[features] - self._product(features, self.w)
            return pull, self._product(features, self.slope)
        inside = np.flatnonzero(self.side)
        coef = np.stack([self.w, self.slope])
        if 4 * len(inside) > len(self.w):
            fitted = self.working.columns.fitted(coef)
        else:
            fitted = self.working.columns.fitted(coef[:, inside], inside)
        residual, falling = problem.view.without_mean(np.stack([problem.response - fitted[0], fitted[1]]))
        if PASS * len(features) < len(self.margin):
            pull, fall = problem.view.gather(features).pull(np.stack([residual, falling]))
            return pull, fall
        # A pass over all columns costs no more than gathering some.
        pull, fall = problem.pulls([residual, falling])
        self._note_slacks(self.margin < np.inf, pull)
        return pull[features], fall[features]

    def _is_solution(self) -> bool:
        """Whether the present point is a solution: all features are measured on the data."""
        problem, refiner = self.problem, self.refiner
        coef = np.zeros(len(self.margin))
        value = np.where(self.member_stays & (self.w * self.side < 0), 0.0, self.w)
        coef[self.features] = value
        refiner.coef, refiner.pull = coef, problem.pull(problem.residual(coef))
        self._note_slacks(self.margin < np.inf, refiner.pull)
        return bool(refiner.excess(self.t, coef, refiner.pull).max() <= 1.0)

    def _hand_back(self) -> None:
        """Leave the kernel at the present point."""
        kernel = self.working.kernel
        kernel.coef[:] = np.where(kernel.place % 2 != 0, self.w, 0.0)
