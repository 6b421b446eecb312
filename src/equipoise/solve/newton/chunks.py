"""A path in chunks of strengths: predict on one Hessian, balance all at once, check what was left out.

From a solution at t₀, with its Hessian H and pulls g, the kernel predicts the solutions at the strengths of
a chunk. The loss's curvature follows the strength about as a power e, which the chunk before tells:
c = (t/t₀)^(e/2) scales the Hessian. :func:`~equipoise.solve.newton.rounds.balance` then moves all points of
the chunk to their solutions on the columns that take part, and the pulls of all others say how many of these
are solutions of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.curved_measures import largest_force
from equipoise.solve.newton.guarded import Guarded
from equipoise.solve.newton.rounds import Lanes, balance
from equipoise.solve.newton.solved import Part
from equipoise.solve.newton.working import ROOM, SHARE, Working

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

START, LONG = 3, 8  # strengths in the first chunk, and at most
WORK = 50_000_000  # … and at most so many numbers of their Hessians: no round takes much longer than a second
QUICK, SLOW = 6, 8  # rounds up to which the next chunk is longer, and beyond which it is shorter
# Columns that take part at the first, and the part of its limit at which a predicted pull lets another in:
FIRST, NEAR = 10, 0.95
FEW, FIRST_OF_FEW, NEAR_OF_FEW = 200, 20, 0.8  # where there are so few that a chunk costs more than they do
CLOSE, NARROW = 0.99, 0.7  # of those, a chunk takes the ones of such pulls, if they are but such a part


class Chunks:
    """A path that is solved chunk by chunk.

    Attributes
    ----------
    working : Working
        The columns that take part.
    coef, hessian : (k,) and (k, k) arrays
        The last solution, and the Hessian there or near there.
    pull : (p,) array
        The pulls of all features there.
    residual, curved : (n,) arrays
        What the rows say there.
    strength, power : float
        Its strength, and how the sum of the curvatures follows the strength.
    before : (float, array) or None
        The strength and the pulls of the solution before.
    """

    def __init__(self, problem: Curved) -> None:
        self.problem = problem
        penalty, null = problem.penalty, problem.null
        self.l1: Array = penalty.finite_l1
        self.closed = (penalty.moving & (penalty.l1 == 0)) | (null.coef != 0)
        always = np.flatnonzero(self.closed)
        self.closed |= ~penalty.moving
        self.rises, self.falls = penalty.upper > 0, penalty.lower < 0
        self.one_way = not (self.rises.all() and self.falls.all())
        self.working = Working(problem, always)
        self.coef: Array = np.concatenate([[null.level] * self.working.lead, null.coef[always]])
        rows = self.working.rows(self.coef[None])
        self.residual, self.curved = rows.residual[0], rows.curved[0]
        self.pull: Array = problem.null_pull
        self.floor = self.working.rounding(rows.eta[0], self.curved)
        self.hessian = self.working.hessian(self.curved)
        self.kernel = self.working.kernel(self.hessian, self.floor)
        self.strength, self.power = 0.0, 0.0
        self.before: tuple[float, Array] | None = None
        few = len(self.l1) <= FEW
        self.first, self.near = (FIRST_OF_FEW, NEAR_OF_FEW) if few else (FIRST, NEAR)
        self.narrow = True
        self._add(self._hardest(self.pull, ~self.closed, self.first))

    def path(self, strengths: Array, batch: int | None) -> Iterator[Part]:
        """Points at a descending sequence of strengths, at most ``batch`` at a time."""
        done, length = 0, START
        self.strength = float(strengths[0])
        while done < len(strengths):
            most = min(length, LONG, batch or LONG, max(1, WORK // max(1, self.hessian.size)))
            chunk = np.ascontiguousarray(strengths[done : done + most])
            lanes = self._solve(chunk)
            if lanes is None:
                if len(chunk) > 1:
                    length = len(chunk) // 2
                    continue
                lanes = Guarded(self.working, float(chunk[0])).descend(self.coef)
            accepted, pulls, force = self._check(chunk, lanes)
            if accepted:
                yield self._part(chunk[:accepted], lanes, pulls[:accepted], force)
                done += accepted
                whole = accepted == len(chunk)
                length = 2 * accepted if whole and lanes.rounds <= QUICK else accepted
                length = length if lanes.rounds <= SLOW else max(1, len(chunk) // 2)

    # ---- one chunk -------------------------------------------------------------------------------

    @np.errstate(all="ignore")  # what is not finite is noticed
    def _solve(self, chunk: Array) -> Lanes | None:
        """Points on the columns that take part; None if they do not settle."""
        self._admit_predicted(float(chunk[-1]))
        coef, pull = self._predict(chunk)
        curved = float(self.curved.sum())
        kept = self._kept(coef, pull, float(chunk[-1]))
        if kept is None:
            return balance(self.working, self.kernel, chunk, coef, self.hessian, curved, self.floor)
        part, hessian = self.working.narrowed(kept), self.hessian[np.ix_(kept, kept)]
        some = np.ascontiguousarray(coef[:, kept])
        lanes = balance(part, part.kernel(hessian, self.floor), chunk, some, hessian, curved, self.floor)
        return None if lanes is None else lanes.widened(kept, coef.shape[1])

    def _kept(self, coef: Array, pull: Array, target: float) -> Indices | None:
        """The variables that a chunk needs, if they are few: predicted off zero, (m, k), or of near pulls."""
        if not self.narrow or self.working.table is None:
            return None
        kept = coef.any(axis=0) | (self.working.l1 == 0)
        kept |= np.abs(pull) > CLOSE * target * self.working.l1
        return np.flatnonzero(kept) if kept.sum() < NARROW * len(kept) else None

    def _predict(self, chunk: Array) -> tuple[Array, Array]:
        """Solutions by the Hessian at the start of a chunk, (m, k), and the pulls at the last of them."""
        working, q, m = self.working, self.kernel, len(chunk)
        q.restart(self.hessian, self.floor * working.norm, self.coef, self.strength)
        pull = np.concatenate([[self.residual.sum()] * working.lead, self.pull[working.indices]])
        coef, pulls = np.tile(self.coef, (m, 1)), np.tile(pull, (m, 1))
        ratio = chunk / self.strength if self.strength > 0 else np.ones(m)
        scales = np.where(ratio > 0, ratio, 1.0) ** (0.5 * self.power)
        q.rounds(
            coef, pulls, np.empty_like(coef), np.empty_like(coef), np.zeros(m, np.uint8), chunk, scales,
            working.loose(self.floor, float(chunk[-1])), SHARE, np.empty(m), np.ones(m, np.uint8), False,
        )  # fmt: skip
        return coef, q.pull * scales[-1]

    @np.errstate(divide="ignore", invalid="ignore")  # a strength of zero is one, too
    def _check(self, chunk: Array, lanes: Lanes) -> tuple[int, Array, Array]:
        """How many of the points are solutions, the pulls of all features (m, p) and the largest ÷ strength.

        The path then stands at the last of these, and columns whose pull exceeded its limit take part.
        """
        problem = self.problem
        pulls = problem.pulls(lanes.rows.residual)
        closed = self.closed
        if lanes.kept is not None:
            closed = closed.copy()
            closed[self.working.indices] = False
            closed[self.working.indices[lanes.kept[self.working.lead :] - self.working.lead]] = True
        force = largest_force(chunk, pulls)
        far = np.flatnonzero(~(force <= self.l1) & ~closed)
        room = ROOM * lanes.floor * problem.view.norm[far]
        over = self._outward(pulls[:, far], far) > (1.0 + SHARE) * chunk[:, None] * self.l1[far] + room
        accepted = int(np.argmax(over.any(axis=1))) if over.any() else len(chunk)
        missing = far[over.any(axis=0)]
        if accepted:
            self._stand(float(chunk[accepted - 1]), accepted - 1, lanes, pulls)
        self.narrow = accepted > 0
        self._add(missing[~self.closed[missing]])
        return accepted, pulls, force

    def _stand(self, strength: float, index: int, lanes: Lanes, pulls: Array) -> None:
        """Go on from one of the points of a chunk."""
        rows, was, sums = lanes.rows, float(self.curved.sum()), float(lanes.rows.curved_sums()[index])
        if 0 < strength < 0.999 * self.strength and sums > 0 and was > 0:
            power = np.log(sums / was) / np.log(strength / self.strength)
            self.power = float(np.clip(power, -1.0, 1.0))
        self.before = (self.strength, self.pull)
        self.strength, self.pull = strength, pulls[index]
        self.coef = lanes.coef[index].copy()
        self.residual, self.curved = rows.residual[index].copy(), rows.curved[index].copy()
        self.floor = lanes.floor
        if index == len(rows.eta) - 1 and lanes.kept is None:
            self.hessian = lanes.hessian
        else:
            self.hessian = self.working.hessian(self.curved)
            self.floor = self.working.rounding_at(rows.eta[index], self.curved, self.floor, strength)

    def _part(self, strengths: Array, lanes: Lanes, pulls: Array, force: Array) -> Part:
        """The leading points of a chunk."""
        m, lead = len(strengths), self.working.lead
        there = lanes.coef.shape[1] - lead  # more may have joined since
        level = lanes.coef[:m, 0].copy() if lead else np.zeros(m)
        eta = lanes.rows.eta[:m].copy()
        return Part(strengths, self.working.indices[:there], lanes.coef[:m, lead:], level, eta, pulls, force)

    # ---- which columns take part -----------------------------------------------------------------

    def _outward(self, pull: Array, some: Indices | slice = slice(None)) -> Array:
        """How hard pulls (…, k) of some features move them off zero, those that bounds forbid aside."""
        if not self.one_way:
            return np.abs(pull)
        return np.maximum(np.where(self.rises[some], pull, 0.0), np.where(self.falls[some], -pull, 0.0))

    def _add(self, features: Indices) -> None:
        """Let features take part, at zero."""
        if not len(features):
            return
        more = self.working.add(features)
        self.closed[features] = True
        old = len(self.coef)
        self.coef = np.concatenate([self.coef, np.zeros(len(features))])
        hessian = np.empty((len(self.coef),) * 2)
        hessian[:old, :old] = self.hessian
        cross = self.working.cross(more, self.curved)
        hessian[:, old:], hessian[old:, :old] = cross, cross[:old].T
        self.hessian = hessian
        self.working.kernel(hessian, self.floor, self.kernel)

    def _admit_predicted(self, target: float) -> None:
        """Let features take part whose pull is predicted to come near its limit by the end of a chunk."""
        pull = self.pull
        if self.before is not None and self.before[0] > self.strength:
            share = (self.strength - target) / (self.before[0] - self.strength)
            pull = pull + share * (pull - self.before[1])
        near = (self._outward(pull) > self.near * target * self.l1) & ~self.closed
        self._add(self._hardest(pull, near, self.first + len(self.working.indices)))

    def _hardest(self, pull: Array, open_: NDArray[np.bool_], most: int) -> Indices:
        """At most so many of some features, those of the largest pulls per unit of l1."""
        some = np.flatnonzero(open_)
        if len(some) <= most:
            return some
        urgency = self._outward(pull)[some] / self.l1[some]
        return np.sort(some[np.argpartition(-urgency, most)[:most]])
