"""Paths with many more columns than rows: predict the next support, solve on it, verify whole chunks at once.

For a chunk of strengths between t_a and t_b the kernel solves on a working set. With θ = r/t the scaled
residuals (in units that make the largest l1_j about 1), |x_jᵀθ| ≤ l1_j is what keeps feature j at zero. One
pass over the data gives u = Ãᵀθ at an end of the chunk (the other end's is known from the chunk before), and
in between

    |x_jᵀθ_t| ≤ |(1 − σ_t) u_a + σ_t u_b| + |x_jᵀq| · |qᵀD_t| + ν_j ‖D_t − q qᵀD_t‖,

where D_t is θ_t less its nearest point (1 − σ_t) θ_a + σ_t θ_b on the segment, q a unit vector that most
columns share (their mean, if they share it) and ν_j the norm of what is left of x_j without it. The pass runs
in single precision with its rounding added. Adding also the gap-safe radius ‖x_j‖ √(2 gap_t)/t proves the
zeros; the few columns that fail are examined exactly. Any θ serves as an end: when a chunk has to be redone
because a column was missing, the pass that was made still serves.

The prediction is the homotopy sampled at the grid (compare Larsson & Wallin, 2022, *NeurIPS*, on the Hessian
screening rule); the safe radius is of Ndiaye et al. (2017), *JMLR* 18.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.design.single_precision import SMALLEST, UNIT, Screen
from equipoise.objective._scan import deviation, foresee, unsettled
from equipoise.objective.measures import ROUNDINGS, Measures
from equipoise.objective.points import Points, Settled
from equipoise.objective.problem import EPS, Problem
from equipoise.solve.squares.working_set import WorkingSet

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

SHORT, LONG = 2, 12  # strengths verified together, twice as many each time while predictions hold
NEAR = 0.97  # a predicted pull of this fraction of its limit takes a column into the working set
FIRST = 10  # columns of the largest pulls that the working set starts with
SHARE = 3  # solving at so many strengths may cost as much as a pass
OVERHEAD = 500_000  # what a chunk costs whatever its size, in the same numbers
CORRECTIONS = 4
MANY = 64  # columns that may join at once, however few there are
VANISHING = 1e-20  # a limit of this fraction of the response leaves θ without bounds


def suits_chunks(problem: Problem) -> bool:
    """Whether an l1 keeps all but a few features at zero."""
    if problem.unpenalised_basis is not None:
        return False
    return int(_always(problem).sum()) <= problem.view.shape[0]


def _always(problem: Problem) -> Flags:
    """Features that take part from the start: without an l1, or resting off zero."""
    penalty = problem.penalty
    return np.asarray(penalty.moving & (penalty.l1 == 0) | (penalty.null != 0))


@dataclass(frozen=True)
class Reference:
    """A scaled residual θ = r/limit and the pulls it exerts, known to within ``error`` per unit of norm."""

    limit: float
    theta: Array
    pull: NDArray[np.float32]
    error: float


class Verdict(NamedTuple):
    """What is known of the points of a chunk.

    Attributes
    ----------
    accepted : int
        How many of the leading ones hold.
    points, measures : Points, Measures
        They, speaking of those features, too, that exceed their limit by no more than rounding, so that what
        is measured counts it.
    settled : Settled
        Which zeros are proved.
    missing : index array
        The features that have to join.
    """

    accepted: int
    points: Points
    measures: Measures
    settled: Settled
    missing: Indices


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
        # Limits in units of the largest, so that θ is of a size that single precision can hold.
        largest = float(np.max(penalty.l1, where=np.isfinite(penalty.l1), initial=0.0))
        self.unit = 2.0 ** np.frexp(largest)[1] if largest > 0 else 1.0
        self.l1: Array = penalty.l1 / self.unit
        self.penalty = replace(penalty, l1=self.l1, l2=penalty.l2 / self.unit)
        self.closed = (~penalty.moving).view(np.uint8)
        self.resting = penalty.null == 0
        always = np.flatnonzero(_always(problem))
        if len(always):
            self._take(always)
        self.direction = self.screen.shared_direction()
        norm = problem.view.norm
        self.along: Array = np.zeros(len(norm))
        self.across: Array = norm
        if self.direction.any():
            along, error = self.screen.pull(self.direction)
            share: Array = np.abs(along).astype(np.float64)
            self.along = share + error
            self.across = np.sqrt(np.maximum(norm**2 - np.maximum(share - error, 0.0) ** 2, 0.0))

    def path(self, strengths: Array) -> Iterator[Points]:
        """Points at a descending sequence of strengths, in chunks; ends where the kernel cannot settle."""
        with np.errstate(over="ignore"):
            limits = strengths * self.unit
        strengths = strengths[limits > VANISHING * self.problem.response_norm]
        if not len(strengths) or not np.isfinite(limits[0]):
            return
        behind, before = self._start(float(strengths[0]) * self.unit), None
        position, hopeful = 0, SHORT
        while position < len(strengths):
            chunk = strengths[position : position + min(hopeful, LONG, self._worthwhile())]
            hopeful = 2 * len(chunk)
            self._admit(float(chunk[-1]) * self.unit, behind, before)
            ahead: Reference | None = None
            while True:
                solved = self._solve(chunk)
                if solved is None:
                    return
                points, measures, residuals = solved
                fresh = ahead is None
                if ahead is None:
                    ahead = self._refer(float(chunk[-1]) * self.unit, residuals[-1])
                forced = fresh and len(chunk) == 1
                found = self._verify(points, measures, residuals, behind, ahead, forced=forced)
                accepted, missing = found.accepted, found.missing
                if accepted:
                    yield found.points.first(accepted, found.settled, found.measures)
                    position += accepted
                    if accepted == len(chunk):
                        if ahead.limit < behind.limit:
                            before = behind
                        behind = ahead
                        break
                    chunk = chunk[accepted:]
                if len(missing):
                    self._take(missing)
                elif not accepted:
                    chunk, ahead = (chunk[: len(chunk) // 2] if fresh else chunk), None
                hopeful = max(SHORT, accepted or len(chunk))

    @property
    def _pass_cost(self) -> float:
        """Of a pass over the data and what comes with it, in numbers that go through the processor."""
        return OVERHEAD + 0.5 * self.problem.view.design.entries

    @property
    def _point_cost(self) -> int:
        """Of solving at one more strength, and of its residual and pulls."""
        members, free = len(self.working.indices), self.working.kernel.free_count
        return free * members + 2 * self.working.columns.entries + 1

    def _worthwhile(self) -> int:
        """Strengths that may share a pass: where solving costs as much as the pass, few of them should."""
        return max(1, int(SHARE * self._pass_cost / self._point_cost))

    def _take(self, indices: Indices) -> None:
        self.working.add(indices)
        self.closed[indices] = True
        self.resting[indices] = False

    def _start(self, limit: float) -> Reference:
        """The null model, whose pull is known."""
        theta = self.problem.null_residual / limit
        with np.errstate(over="ignore"):
            pull = (self.problem.null_pull / limit).astype(np.float32)
        size = float(np.linalg.norm(theta))
        error = UNIT * size + SMALLEST + ROUNDINGS * EPS * self.problem.response_norm / limit
        return Reference(limit, theta, pull, error)

    def _admit(self, target: float, behind: Reference, before: Reference | None) -> None:
        """Take in what is predicted to reach its limit by the target."""
        l1 = self.l1
        if before is None:
            fresh, urgency = foresee(behind.pull, behind.pull, 1.0, 0.0, l1, self.closed, 0.0)
            most = FIRST
        else:
            # Between two entries pulls are linear in the strength.
            t_0, t_1 = before.limit, behind.limit
            share = (target - t_1) / (t_1 - t_0)
            more, less = t_1 * (1.0 + share) / target, t_0 * share / target
            fresh, urgency = foresee(behind.pull, before.pull, more, less, l1, self.closed, NEAR)
            most = FIRST + len(self.working.indices)
        if len(fresh) > most:
            fresh = np.sort(fresh[np.argpartition(-urgency, most)[:most]])
        if len(fresh):
            self._take(fresh)

    def _solve(self, chunk: Array) -> tuple[Points, Measures, Array] | None:
        """Points on the working set, what they measure, and their residuals (m, n); None if it fails."""
        problem, working = self.problem, self.working
        columns = working.columns
        coef = np.empty((len(chunk), len(working.indices)))
        outcome = np.empty(len(chunk), dtype=np.intc)
        working.kernel.path(working.start, chunk, coef, outcome)
        for _ in range(CORRECTIONS):
            # A rounded mean leaves something of the intercept in a column that is far from zero.
            residuals = problem.view.without_mean(problem.response - columns.fitted(coef))
            pull = columns.pull(residuals)
            rss = np.einsum("ij,ij->i", residuals, residuals)
            points = Points.of(problem, chunk, coef, pull, rss, columns=working.indices)
            measures = points.measure()
            if measures.balanced.all():
                return points, measures, residuals
            for i in np.flatnonzero(~measures.balanced):
                working.kernel.solve(coef[i], pull[i], float(chunk[i]))
                coef[i] = working.kernel.coef
        return None

    def _refer(self, limit: float, residual: Array) -> Reference:
        theta = residual / limit
        pull, error = self.screen.pull(theta)
        return Reference(limit, theta, pull, error)

    def _verify(
        self,
        points: Points,
        measures: Measures,
        residuals: Array,
        behind: Reference,
        ahead: Reference,
        *,
        forced: bool,
    ) -> Verdict:
        """Whether the points of a chunk hold.

        None of them does, and nobody is missing, where another pass is cheaper than a look at all that the
        bound leaves open, unless ``forced``.
        """
        problem, chunk = self.problem, points.strengths * self.unit
        norm = problem.view.norm
        m = len(chunk)
        reach = measures.reach / chunk
        share, shared, rest = deviation(residuals, chunk, behind.theta, ahead.theta, self.direction)

        def left_open(reach: Array) -> Indices:
            error = max(behind.error, ahead.error) + reach
            bound = (norm, shared, self.along, rest, self.across)
            return unsettled(behind.pull, ahead.pull, share, error, *bound, self.l1, self.closed)

        failed = left_open(reach)
        proved = self.resting.copy()
        if not len(failed):
            return Verdict(m, points, measures, Settled(proved, failed, np.empty((m, 0), dtype=bool)), failed)
        design = problem.view.design
        examination = len(failed) * (m + 2) * design.entries / design.shape[1]
        if not forced and examination > self._pass_cost + m * self._point_cost:
            nobody = failed[:0]
            return Verdict(0, points, measures, Settled(proved, nobody, np.empty((m, 0), dtype=bool)), nobody)
        # Exactly, column by column, for the few that the bound leaves open.
        exact = problem.view.gather(failed).pull(residuals / chunk[:, None])
        penalty = self.penalty.of(failed)
        l1, lower, upper = penalty.l1, penalty.lower, penalty.upper
        excess = penalty.excess(penalty.null, exact)
        room = 1e-11 * l1 + 0.5 * ROUNDINGS * problem.floor[failed] / chunk[:, None]
        offends = excess > room
        first = np.flatnonzero(offends.any(axis=1))
        accepted = int(first[0]) if len(first) else m
        over = excess[:accepted] > 0
        if over.any():
            some = over.any(axis=0)
            points = self._speak_of(points, failed[some], exact[:, some] * chunk[:, None])
            measures = points.measure()
            reach = measures.reach / chunk
            proved[left_open(reach)] = False  # but for those of whom ``there`` says it
        margin = reach[:, None] * norm[failed]
        there = ((exact + margin < l1) | (upper == 0)) & ((margin - exact < l1) | (lower == 0))
        missing = self._most_urgent(failed, excess / l1, offends) if len(first) else failed[:0]
        return Verdict(accepted, points, measures, Settled(proved, failed, there), missing)

    @staticmethod
    def _speak_of(points: Points, others: Indices, pull: Array) -> Points:
        """The same points, saying of some more features that they are zero and what pulls on them."""
        assert points.columns is not None
        pull = np.concatenate([points.pull, pull], axis=1)
        return replace(
            points,
            coef=np.concatenate([points.coef, np.zeros((len(points.coef), len(others)))], axis=1),
            pull=pull,
            dual_pull=pull,
            columns=np.concatenate([points.columns, others]),
            measures=None,
        )

    def _most_urgent(self, failed: Indices, excess: Array, offends: Flags) -> Indices:
        """Those that offend, ascending; of very many the worst, after whom the others may not any more."""
        which = np.flatnonzero(offends.any(axis=0))
        most = max(MANY, 2 * len(self.working.indices))
        if len(which) > most:
            worst = excess[:, which].max(axis=0)
            which = np.sort(which[np.argpartition(-worst, most)[:most]])
        return failed[which]
