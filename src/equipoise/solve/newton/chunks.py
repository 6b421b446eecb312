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
from equipoise.objective.curved_points import CurvedPoints
from equipoise.solve.newton.guarded import Guarded
from equipoise.solve.newton.rounds import Lanes, balance
from equipoise.solve.newton.working import ROOM, SHARE, Working

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

START, LONG = 3, 8  # strengths in the first chunk, and at most
QUICK, SLOW = 6, 8  # rounds up to which the next chunk is longer, and beyond which it is shorter
FEW = 200  # so many columns all take part from the start
FIRST = 10  # columns of the largest pulls that take part at the first
NEAR = 0.97  # a predicted pull of this fraction of its limit lets a column take part
CLOSE = 0.99  # … and on the Hessian, in the rounds of a chunk
NARROW = 0.8  # share of the columns below which those of a chunk are gathered


class Chunks:
    """A path that is solved chunk by chunk.

    Attributes
    ----------
    working : Working
        The columns that take part.
    coef, pull, curved : arrays
        The last solution (k,), its pulls (k,) and the curvatures of its rows (n,).
    hessian : (k, k) array
        The Hessian there, or near there.
    strength, power : float
        Its strength, and how the sum of the curvatures follows the strength.
    """

    def __init__(self, problem: Curved) -> None:
        self.problem = problem
        penalty, view, null = problem.penalty, problem.view, problem.null
        p = view.shape[1]
        self.everything = p <= FEW
        always = (penalty.moving & (penalty.l1 == 0)) | (null.coef != 0)
        if self.everything:
            always[:] = True
        self.working = Working(problem, np.flatnonzero(always))
        self.closed = always | ~penalty.moving
        self.coef: Array = np.concatenate([[null.level] * self.working.lead, null.coef[always]])
        rows = self.working.rows(self.coef[None])
        self.curved, self.pull = rows.curved[0], rows.pull[0]
        self.floor = self.working.rounding(rows.eta[0], self.curved)
        self.hessian = self.working.hessian(self.curved)
        self.strength, self.power = 0.0, 0.0
        self.all: Array = np.empty(0) if self.everything else problem.pull(rows.residual[0])
        self.residual = rows.residual[0]
        self.before: tuple[float, Array] | None = None
        self.narrow = True

    def path(self, strengths: Array, batch: int | None) -> Iterator[CurvedPoints]:
        """Points at a descending sequence of strengths."""
        done, length = 0, START
        self.strength = float(strengths[0])
        if not self.everything:
            self._admit_largest()
        while done < len(strengths):
            chunk = np.ascontiguousarray(strengths[done : done + min(length, LONG, batch or LONG)])
            lanes = self._solve(chunk)
            if lanes is None:
                if len(chunk) > 1:
                    length = len(chunk) // 2
                    continue
                lanes = self._guard(float(chunk[0]))
            self.narrow = True
            points, accepted = self._accept(chunk, *lanes)
            if points is not None:
                yield points
            done += accepted
            if accepted == len(chunk) and lanes[0].rounds <= QUICK:
                length = 2 * len(chunk)
            elif accepted:
                length = max(1, accepted if lanes[0].rounds <= SLOW else len(chunk) // 2)
            else:
                length = len(chunk)

    # ---- one chunk -------------------------------------------------------------------------------

    @np.errstate(all="ignore")  # what is not finite is noticed
    def _solve(self, chunk: Array) -> tuple[Lanes, Working, Indices] | None:
        """Points on the columns that take part, and which of these were used; None if they do not settle."""
        if not self.everything:
            self._admit_predicted(float(chunk[-1]))
        working = self.working
        coef, pull = self._predict(chunk)
        part, hessian = working, self.hessian
        places: Indices = np.arange(len(self.coef))
        if self.narrow:
            used = (coef != 0).any(axis=0) | (np.abs(pull) > CLOSE * chunk[-1] * working.l1)
            used[: working.lead] = True
            if used.sum() < NARROW * len(used):
                places = np.flatnonzero(used)
                part, coef = working.some(places), coef.take(places, axis=1)
                hessian = hessian.take(places, axis=0).take(places, axis=1)
        found = balance(part, chunk, coef, hessian, float(self.curved.sum()), self.floor)
        return None if found is None else (found, part, places)

    def _predict(self, chunk: Array) -> tuple[Array, Array]:
        """Solutions (m, k) by the Hessian at the start of a chunk, and the pulls (k,) at its end."""
        working, m = self.working, len(chunk)
        q = working.quadratic(self.hessian, self.floor)
        q.restart(self.hessian, self.coef, self.strength)
        coef, pull = np.tile(self.coef, (m, 1)), np.tile(self.pull, (m, 1))
        ratio = chunk / self.strength if self.strength > 0 else np.ones(m)
        scales = np.where(ratio > 0, ratio, 1.0) ** (0.5 * self.power)
        flags, violations = np.zeros((2, m), np.uint8), np.empty(m)
        flags[1] = 1
        q.rounds(
            coef, pull, np.empty_like(coef), np.empty_like(coef), flags[0], chunk, scales,
            working.rooms(self.floor, float(chunk[-1])), SHARE, violations, flags[1], False,
        )  # fmt: skip
        return coef, q.pull * scales[-1]

    def _guard(self, strength: float) -> tuple[Lanes, Working, Indices]:
        """The safeguarded solution at one strength."""
        return (
            Guarded(self.working, strength, self.floor).descend(self.coef),
            self.working,
            np.arange(len(self.coef)),
        )

    def _accept(
        self, chunk: Array, lanes: Lanes, part: Working, places: Indices
    ) -> tuple[CurvedPoints | None, int]:
        """The points of a chunk that are solutions, and how many; the path then stands at the last."""
        working, problem, rows = self.working, self.problem, lanes.rows
        lead, p = working.lead, self.problem.view.shape[1]
        pulls = self._all_pulls(lanes, part)
        left = ~self.closed
        if part is not working:
            left[working.indices] = True
            left[part.indices] = False
        accepted, missing = len(chunk), np.empty(0, dtype=np.intp)
        if left.any():
            limit = (1.0 + SHARE) * chunk[:, None] * problem.penalty.finite_l1
            over = left & (self._outward(pulls) > limit + ROOM * self.floor * problem.view.norm)
            missing = np.flatnonzero(over.any(axis=0))
            accepted = int(np.argmax(over.any(axis=1))) if len(missing) else len(chunk)
        fresh = missing[~self.closed[missing]]
        if not accepted:
            self.narrow = len(fresh) == len(missing)
            self._add(fresh)
            return None, 0
        e = accepted - 1
        coef = np.zeros((accepted, p))
        coef[:, part.indices] = lanes.coef[:accepted, lead:]
        level = lanes.coef[:accepted, 0] if lead else np.zeros(accepted)
        value = problem.weigh(problem.kind.value(problem.response, rows.eta[:accepted])).sum(axis=1)
        points = CurvedPoints(problem, chunk[:accepted], coef, pulls[:accepted], level, value)
        whole = np.zeros(len(self.coef))
        whole[places] = lanes.coef[e]
        self.coef, self.residual = whole, rows.residual[e].copy()
        self.pull = np.concatenate([[rows.residual[e].sum()] * lead, pulls[e, working.indices]])
        sums, was = float(rows.curved[e].sum()), float(self.curved.sum())
        t = float(chunk[e])
        if 0 < t < 0.999 * self.strength and sums > 0 and was > 0:
            self.power = float(np.clip(np.log(sums / was) / np.log(t / self.strength), -1.0, 1.0))
        if not self.everything:
            self.before, self.all = (self.strength, self.all), pulls[e]
        self.strength, self.curved = t, rows.curved[e].copy()
        reuse = part is working and accepted == len(chunk)
        self.hessian = lanes.hessian if reuse else working.hessian(self.curved)
        self.floor = working.rounding(rows.eta[e], self.curved)
        self._add(fresh)
        return points, accepted

    def _all_pulls(self, lanes: Lanes, part: Working) -> Array:
        """Pulls of all features, (m, p)."""
        if not self.everything:
            return self.problem.pulls(lanes.rows.residual)
        if part is self.working:
            return lanes.rows.pull[:, part.lead :]
        return self.working.columns.pull(lanes.rows.residual)

    # ---- which columns take part -----------------------------------------------------------------

    def _outward(self, pull: Array) -> Array:
        """How hard pulls (…, p) move features off zero, those that bounds forbid aside."""
        penalty = self.problem.penalty
        return np.maximum(np.where(penalty.upper > 0, pull, 0.0), np.where(penalty.lower < 0, -pull, 0.0))

    def _add(self, features: Indices) -> None:
        """Let features take part, at zero."""
        if not len(features):
            return
        more = self.working.add(features)
        self.closed[features] = True
        old = len(self.coef)
        pull = self.problem.pull(self.residual)[features] if self.everything else self.all[features]
        self.coef = np.concatenate([self.coef, np.zeros(len(features))])
        self.pull = np.concatenate([self.pull, pull])
        hessian = np.empty((len(self.coef),) * 2)
        hessian[:old, :old] = self.hessian
        cross = self.working.cross(more, self.curved)
        hessian[:, old:], hessian[old:, :old] = cross, cross[:old].T
        self.hessian = hessian

    def _admit_largest(self) -> None:
        """Let the features that the null model pulls hardest take part."""
        self._add(self._hardest(self.all, ~self.closed, FIRST))

    def _admit_predicted(self, target: float) -> None:
        """Let features take part whose pull is predicted to come near its limit by the end of a chunk."""
        pull = self.all
        if self.before is not None and self.before[0] > self.strength:
            share = (self.strength - target) / (self.before[0] - self.strength)
            pull = pull + share * (pull - self.before[1])
        near = self._outward(pull) > NEAR * target * self.problem.penalty.finite_l1
        self._add(self._hardest(pull, near & ~self.closed, FIRST + len(self.working.indices)))

    def _hardest(self, pull: Array, open_: NDArray[np.bool_], most: int) -> Indices:
        """At most so many of some features, those of the largest pulls per unit of l1."""
        some = np.flatnonzero(open_)
        if len(some) <= most:
            return some
        urgency = self._outward(pull)[some] / self.problem.penalty.finite_l1[some]
        return np.sort(some[np.argpartition(-urgency, most)[:most]])
