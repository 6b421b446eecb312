"""Paths with many more columns than rows: predict the next support, solve on it, verify whole chunks at once.

For a chunk of strengths between t_a and t_b the kernel solves on a working set. With θ = r/t the scaled
residuals, |x_jᵀθ| ≤ l1_j is what keeps feature j at zero. One pass over the data gives u = Ãᵀθ at an end of
the chunk (the other end's is known from the chunk before), and in between

    |x_jᵀθ_t| ≤ max(|u_a|, |u_b|) + |x_jᵀq| · |qᵀD_t| + ν_j ‖D_t − q qᵀD_t‖,

where D_t is θ_t less its nearest point on the segment [θ_a, θ_b], q a unit vector that most columns share
(their mean) and ν_j the norm of what is left of x_j without it. The pass runs in single precision with its
rounding added. Adding also the gap-safe radius ‖x_j‖ √(2 gap_t)/t proves the zeros; the few columns that
fail are examined exactly. Any θ serves as an end, so nothing is lost when a chunk has to be redone.

The prediction is the homotopy sampled at the grid (compare Larsson & Wallin, 2022, *NeurIPS*, on the Hessian
screening rule); the safe radius is of Ndiaye et al. (2017), *JMLR* 18.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.design.screen import Screen
from equipoise.objective.optimality import PRECISION, ROUNDINGS, Points, pull_rounding
from equipoise.objective.problem import EPS, Problem
from equipoise.solve.working_set import WorkingSet

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

CHUNKS = (2, 4, 7, 12)  # strengths verified together, growing while predictions hold
NEAR = 0.98  # a predicted pull of this fraction of its limit takes a column into the working set
FIRST = 10  # columns of the largest pulls that the working set starts with
MANY = 0.01  # a chunk in which more columns than this fraction fail the bound was too long
CORRECTIONS = 4


def suits_chunks(problem: Problem) -> bool:
    """Whether an l1 keeps all but a few features at zero."""
    if problem.unpenalised_basis is not None:
        return False
    return int(_always(problem).sum()) <= problem.view.shape[0]


def _always(problem: Problem) -> Flags:
    """Features that take part from the start: without an l1, or resting off zero."""
    penalty = problem.penalty
    return np.asarray((penalty.lower < penalty.upper) & (penalty.l1 == 0) | (penalty.null != 0))


@dataclass(frozen=True)
class Reference:
    """A scaled residual θ = r/t and the pulls it exerts, known to within ``error`` per unit of norm."""

    strength: float
    theta: Array
    pull: Array
    error: float


class Wide:
    """A path on a growing working set, verified chunk by chunk.

    Parameters
    ----------
    problem : Problem
        With more columns than a Gram matrix is made for.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.working = WorkingSet(problem)
        self.screen = Screen(problem.view)
        penalty = problem.penalty
        self.open = penalty.lower < penalty.upper
        always = _always(problem)
        if always.any():
            self.working.add(np.flatnonzero(always))
        self.direction = self.screen.shared_direction()
        along, error = self.screen.pull(self.direction)
        self.along = np.abs(along) + error
        norm = problem.view.norm
        self.across = np.sqrt(np.maximum(norm**2 - np.maximum(np.abs(along) - error, 0.0) ** 2, 0.0))

    def path(self, strengths: Array) -> Iterator[Points]:
        """Points at a descending sequence of strengths, in chunks; ends where the kernel cannot settle."""
        problem = self.problem
        residual = problem.null_residual
        t = float(strengths[0])
        behind = Reference(
            t, residual / t, problem.null_pull / t, ROUNDINGS * EPS * problem.response_norm / t
        )
        before: Reference | None = None
        position, size = 0, 0
        while position < len(strengths):
            length = CHUNKS[min(size, len(CHUNKS) - 1)]
            chunk = strengths[position : position + length]
            self._admit(float(chunk[-1]), behind, before)
            while True:
                solved = self._solve(chunk)
                if solved is None:
                    return
                coef, residuals, pull = solved
                ahead = self._refer(float(chunk[-1]), residuals[:, -1])
                accepted, settled, missing = self._verify(chunk, coef, residuals, pull, behind, ahead)
                if accepted:
                    yield self._points(
                        chunk[:accepted], coef[:accepted], residuals[:, :accepted], pull[:accepted], settled
                    )
                    position += accepted
                    if accepted == len(chunk):
                        before, behind = behind, ahead
                        size += 1
                        break
                    size = max(size - 1, 0)
                    chunk = chunk[accepted:]
                if len(missing):
                    self.working.add(missing)
                elif not accepted:
                    chunk = chunk[: max(1, len(chunk) // 2)]

    def _admit(self, target: float, behind: Reference, before: Reference | None) -> None:
        """Take in what is predicted to reach its limit by the target strength."""
        penalty, member = self.problem.penalty, self.working.member
        if before is None:
            predicted = np.abs(behind.pull)
            wanted = self.open & ~member & (predicted > 0)
            most = FIRST
        else:
            # Between two entries pulls are linear in the strength.
            t_0, t_1 = before.strength, behind.strength
            slope = (t_1 * behind.pull - t_0 * before.pull) / (t_1 - t_0)
            predicted = np.abs(t_1 * behind.pull + (target - t_1) * slope) / target
            wanted = self.open & ~member & (predicted > NEAR * penalty.l1)
            most = FIRST + len(self.working.indices)
        fresh = np.flatnonzero(wanted)
        if len(fresh) > most:
            urgency = predicted[fresh] - penalty.l1[fresh]
            fresh = fresh[np.argpartition(-urgency, most)[:most]]
        if len(fresh):
            self.working.add(np.sort(fresh))

    def _solve(self, chunk: Array) -> tuple[Array, Array, Array] | None:
        """Coefficients (m, k) on the working set, residuals (n, m) and pulls (m, k); None if it fails."""
        problem, working = self.problem, self.working
        k = len(working.indices)
        columns = working.columns[:, :k]
        penalty = problem.penalty.of(working.indices)
        floor = problem.floor[working.indices]
        start = columns.T @ problem.response
        coef = np.empty((len(chunk), k))
        outcome = np.empty(len(chunk), dtype=np.intc)
        working.kernel.path(start, np.ascontiguousarray(chunk), coef, outcome)
        for _ in range(CORRECTIONS):
            residuals = problem.response[:, None] - columns @ coef.T
            pull = np.ascontiguousarray((columns.T @ residuals).T)
            at = penalty.at(chunk[:, None])
            goal = 0.5 * np.maximum(PRECISION * at.l1, ROUNDINGS * floor) + 1e-300
            off = np.flatnonzero((at.distance(coef, pull) > goal).any(axis=1))
            if not len(off):
                return coef, residuals, pull
            for i in off:
                working.kernel.solve(coef[i], pull[i], float(chunk[i]))
                coef[i] = working.kernel.coef
        return None

    def _refer(self, strength: float, residual: Array) -> Reference:
        theta = residual / strength
        pull, error = self.screen.pull(theta)
        return Reference(strength, theta, pull, error)

    def _verify(
        self,
        chunk: Array,
        coef: Array,
        residuals: Array,
        pull: Array,
        behind: Reference,
        ahead: Reference,
    ) -> tuple[int, Flags, Indices]:
        """How many strengths of the chunk hold, which zeros are proved there, and who has to join."""
        problem = self.problem
        penalty, norm = problem.penalty, problem.view.norm
        theta = residuals / chunk
        reach = self._reach(chunk, coef, residuals, pull)
        apart = self._apart(theta[:, :-1], behind.theta, ahead.theta)
        shared = self.direction @ apart
        rest = apart - self.direction[:, None] * shared
        bound = np.maximum(np.abs(behind.pull), np.abs(ahead.pull))
        bound += float(np.max(np.abs(shared), initial=0.0)) * self.along
        bound += float(np.max(np.linalg.norm(rest, axis=0), initial=0.0)) * self.across
        bound += (max(behind.error, ahead.error) + float(reach.max())) * norm
        member = self.working.member
        failed = np.flatnonzero((bound >= penalty.l1) & self.open & ~member)
        settled = np.broadcast_to(~member & (penalty.null == 0), (len(chunk), len(member))).copy()
        if not len(failed):
            return len(chunk), settled, failed
        if len(failed) > MANY * len(member) and len(chunk) > 2:
            return 0, settled, failed[:0]
        # Exactly, column by column, for the few that the bound leaves open.
        exact = (problem.view.columns(failed).T @ theta).T
        some = penalty.of(failed)
        room = 1e-11 * some.l1 + ROUNDINGS * problem.floor[failed] / chunk[:, None]
        above = (exact > some.l1 + room) & (some.upper > 0)
        below = (-exact > some.l1 + room) & (some.lower < 0)
        offends = above | below
        margin = reach[:, None] * norm[failed]
        settled[:, failed] = ((exact + margin < some.l1) | (some.upper == 0)) & (
            (margin - exact < some.l1) | (some.lower == 0)
        )
        first = np.flatnonzero(offends.any(axis=1))
        accepted = int(first[0]) if len(first) else len(chunk)
        return accepted, settled, failed[offends.any(axis=0)]

    def _reach(self, chunk: Array, coef: Array, residuals: Array, pull: Array) -> Array:
        """How far the pull of any solution can be from the one at hand, per unit of norm and of strength."""
        points = self._points(chunk, coef, residuals, pull, None)
        gap = points.measure().gap
        rounding = pull_rounding(len(residuals))
        size = self.problem.response_norm + np.abs(coef) @ self.problem.view.norm[self.working.indices]
        return np.asarray((np.sqrt(2.0 * gap) + rounding * size) / chunk)

    @staticmethod
    def _apart(theta: Array, start: Array, end: Array) -> Array:
        """Each column less its nearest point on the segment from start to end."""
        along = end - start
        length = float(along @ along)
        share = np.clip(along @ (theta - start[:, None]) / length, 0.0, 1.0) if length > 0 else 0.0
        return np.asarray(theta - start[:, None] - along[:, None] * share)

    def _points(
        self, chunk: Array, coef: Array, residuals: Array, pull: Array, settled: Flags | None
    ) -> Points:
        return Points.of(
            self.problem,
            np.ascontiguousarray(chunk),
            coef,
            pull,
            np.einsum("ij,ij->j", residuals, residuals),
            columns=self.working.indices.copy(),
            settled=None if settled is None else settled[: len(chunk)],
        )
