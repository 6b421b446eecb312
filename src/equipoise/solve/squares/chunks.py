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

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.design.single_precision import SMALLEST, UNIT, Screen
from equipoise.objective._scan import deviation, foresee, unsettled
from equipoise.objective.measures import ROUNDINGS, Measures
from equipoise.objective.points import Settled
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.squares.solved import Solved, Verdict
from equipoise.solve.squares.working_set import WorkingSet

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

SHORT, LONG = 2, 12  # strengths verified together, twice as many each time while predictions hold
NEAR = 0.97  # a predicted pull of this fraction of its limit takes a column into the working set
FIRST = 10  # columns of the largest pulls that the working set starts with
SHARE = 3  # solving a chunk may cost as much as this many passes over the data
OVERHEAD = 500_000  # cost of a chunk whatever its size, in numbers that go through the processor
CORRECTIONS = 4  # times that the kernel is sent back to a point that does not balance on the data
MANY = 64  # columns that may join at once, however few there are
RELATIVE = 1e-11  # fraction of its limit by which a pull may exceed it, as in the kernel
PATIENCE = 2e8  # numbers that go through the processor until points are handed on
VANISHING = 1e-20  # a limit of this fraction of the response leaves θ without bounds


def suits_chunks(problem: Squares) -> bool:
    """Whether no column is unpenalised, and at most n features take part from the start."""
    if problem.unpenalised_basis is not None:
        return False
    return int(_always(problem).sum()) <= problem.view.shape[0]


def _always(problem: Squares) -> Flags:
    """Features that take part from the start: without an l1, or with a null value other than zero."""
    penalty = problem.penalty
    return np.asarray(penalty.moving & (penalty.l1 == 0) | (penalty.null != 0))


@dataclass(frozen=True)
class Reference:
    """A scaled residual at an end of a chunk, and its pulls.

    Attributes
    ----------
    limit : float
        t·unit, by which the residual was divided.
    theta : (n,) array
        The scaled residual θ.
    pull : (p,) array
        Ãᵀθ in single precision.
    error : float
        Bound on the error of ``pull``, per unit of a column's norm.
    """

    limit: float
    theta: Array
    pull: NDArray[np.float32]
    error: float


class Chunk(NamedTuple):
    """The points of a chunk on the working set, their residuals, and what they measure."""

    points: SquaresPoints
    residuals: Array
    measures: Measures


class ChunkedPath:
    """A path on a growing working set, verified chunk by chunk.

    Parameters
    ----------
    problem : Squares
        With more columns than a Gram matrix is formed for.

    Attributes
    ----------
    unit : float
        A power of two near the largest l1: limits are kept as multiples of it, so that θ = r/(t·unit) is of
        a size that single precision can hold.
    l1 : (p,) array
        l1_j ÷ unit, the limit of x_jᵀθ.
    penalty : Penalty
        The penalty in the same unit.
    closed : (p,) uint8 array
        Features that are not screened: those of the working set, and those that cannot move.
    resting : (p,) bool array
        Features outside the working set whose null value is zero.
    direction : (n,) array
        q, a unit vector that most columns share, or 0.
    along, across : (p,) arrays
        Bounds on |x_jᵀq| and on ν_j, the norm of what is left of x_j without q.
    """

    def __init__(self, problem: Squares) -> None:
        self.problem = problem
        self.working = WorkingSet(problem)
        self.screen = Screen(problem.view)
        penalty = problem.penalty
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

    def path(self, strengths: Array, batch: int | None = None) -> Iterator[SquaresPoints]:
        """Points at a descending sequence of strengths, handed on when they are ``batch`` or took a while.

        It ends where the kernel cannot settle.
        """
        found = Solved()
        for points, verdict in self._chunks(strengths):
            found.add(points, verdict, self._pass_cost + len(points.strengths) * self._point_cost)
            if found.count >= (batch or len(strengths)) or found.cost > PATIENCE:
                yield found.points(self.problem, self.working.indices)
                found = Solved()
        if found.count:
            yield found.points(self.problem, self.working.indices)

    def _chunks(self, strengths: Array) -> Iterator[tuple[SquaresPoints, Verdict]]:
        """Chunks of points on the working set, and what their check found."""
        with np.errstate(over="ignore"):
            limits = strengths * self.unit
        strengths = strengths[limits > VANISHING * self.problem.response_norm]
        if not len(strengths) or not np.isfinite(limits[0]):
            return
        behind, before = self._null_reference(float(strengths[0]) * self.unit), None
        done, length = 0, SHORT
        while done < len(strengths):
            chunk = strengths[done : done + min(length, LONG, self._affordable())]
            length = 2 * len(chunk)
            self._admit_predicted(float(chunk[-1]) * self.unit, behind, before)
            ahead: Reference | None = None
            while True:
                solved = self._solve(chunk)
                if solved is None:
                    return
                # An end from an earlier attempt serves again, but its bounds are not as tight.
                fresh = ahead is None
                if ahead is None:
                    ahead = self._reference(float(chunk[-1]) * self.unit, solved.residuals[-1])
                verdict = self._verify(solved, behind, ahead, forced=fresh and len(chunk) == 1)
                accepted, missing = verdict.accepted, verdict.missing
                if accepted:
                    yield solved.points, verdict
                    done += accepted
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
                length = max(SHORT, accepted or len(chunk))

    # ---- what it costs -----------------------------------------------------------------------------

    @property
    def _pass_cost(self) -> float:
        """Cost of a pass over the data and what comes with it, in numbers that go through the processor."""
        return OVERHEAD + 0.5 * self.problem.view.design.entries

    @property
    def _point_cost(self) -> int:
        """Cost of solving at one more strength, and of its residual and pulls, in the same numbers."""
        members, free = len(self.working.indices), self.working.free_count
        return free * members + 2 * self.working.columns.entries + 1

    def _affordable(self) -> int:
        """How many strengths may share a pass: few where solving at them costs as much as the pass."""
        return max(1, int(SHARE * self._pass_cost / self._point_cost))

    # ---- the working set ---------------------------------------------------------------------------

    def _take(self, indices: Indices) -> None:
        self.working.add(indices)
        self.closed[indices] = True
        self.resting[indices] = False

    def _admit_predicted(self, target: float, behind: Reference, before: Reference | None) -> None:
        """Admit the features whose pull is predicted to reach its limit by the target (t·unit)."""
        l1 = self.l1
        if before is None:
            fresh, urgency = foresee(behind.pull, behind.pull, 1.0, 0.0, l1, self.closed, 0.0)
            most = FIRST
        else:
            # Between two entries pulls are linear in the strength: with t₀ > t₁ > t and u = Ãᵀθ = Ãᵀr/t,
            # t·u_t = t₁·u₁ + σ (t₁·u₁ − t₀·u₀), σ = (t − t₁)/(t₁ − t₀).
            t_0, t_1 = before.limit, behind.limit
            share = (target - t_1) / (t_1 - t_0)
            more, less = t_1 * (1.0 + share) / target, t_0 * share / target
            fresh, urgency = foresee(behind.pull, before.pull, more, less, l1, self.closed, NEAR)
            most = FIRST + len(self.working.indices)
        if len(fresh) > most:
            fresh = np.sort(fresh[np.argpartition(-urgency, most)[:most]])
        if len(fresh):
            self._take(fresh)

    def _solve(self, chunk: Array) -> Chunk | None:
        """The points of a chunk on the working set; None if it fails."""
        problem, working = self.problem, self.working
        columns, coef = working.columns, working.path(chunk)
        if coef is None:
            return None
        for _ in range(CORRECTIONS):
            # A rounded mean leaves something of the intercept in a column that is far from zero.
            residuals = problem.view.without_mean(problem.response - columns.fitted(coef))
            pull = columns.pull(residuals)
            rss = np.vecdot(residuals, residuals)
            points = SquaresPoints.of(problem, chunk, coef, pull, rss, columns=working.indices)
            measures = points.measure()
            if measures.balanced.all():
                return Chunk(points, residuals, measures)
            for i in np.flatnonzero(~measures.balanced):
                coef[i] = working.restricted(float(chunk[i]), coef[i], pull[i])
        return None

    # ---- the check of a chunk ----------------------------------------------------------------------

    def _null_reference(self, limit: float) -> Reference:
        """The null model as an end; its pull is known without a pass."""
        theta = self.problem.null_residual / limit
        with np.errstate(over="ignore"):
            pull = (self.problem.null_pull / limit).astype(np.float32)
        size = float(np.linalg.norm(theta))
        error = UNIT * size + SMALLEST + ROUNDINGS * EPS * self.problem.response_norm / limit
        return Reference(limit, theta, pull, error)

    def _reference(self, limit: float, residual: Array) -> Reference:
        """A residual as an end, by a pass over the data."""
        theta = residual / limit
        pull, error = self.screen.pull(theta)
        return Reference(limit, theta, pull, error)

    def _verify(self, solved: Chunk, behind: Reference, ahead: Reference, *, forced: bool) -> Verdict:
        """Check a chunk.

        Accepts no point, and names no missing feature, where another pass over the data costs less than
        examining every feature that the bound leaves open, unless ``forced``.
        """
        measures = solved.measures
        limits = solved.points.strengths * self.unit
        m = len(limits)
        left_open = self._bound(solved.residuals, limits, behind, ahead)
        open_ = left_open(measures.reach / limits)
        design = self.problem.view.design
        examination = len(open_) * (m + 2) * design.entries / design.shape[1]
        if len(open_) and (forced or examination <= self._pass_cost + m * self._point_cost):
            return self._examine(solved, open_, left_open)
        none = open_[:0]
        there = np.empty((m, 0), dtype=bool)
        settled = Settled(self.working.indices, measures.zeros_proved, self.resting.copy(), none, there)
        return Verdict(0 if len(open_) else m, measures, settled, none)

    def _bound(
        self, residuals: Array, limits: Array, behind: Reference, ahead: Reference
    ) -> Callable[[Array], Indices]:
        """The bound on |x_jᵀθ| at the points of a chunk, as a function of their gap-safe reach (m,).

        It returns the features that the bound does not keep below their limit at every point.
        """
        share, shared, rest = deviation(residuals, limits, behind.theta, ahead.theta, self.direction)
        error = max(behind.error, ahead.error)
        bound = (self.problem.view.norm, shared, self.along, rest, self.across)
        return lambda reach: unsettled(
            behind.pull, ahead.pull, share, error + reach, *bound, self.l1, self.closed
        )

    def _examine(self, solved: Chunk, open_: Indices, left_open: Callable[[Array], Indices]) -> Verdict:
        """Decide by exact pulls, column by column, about the few features that the bound leaves open."""
        points, residuals, measures = solved
        limits = points.strengths * self.unit
        penalty, norm = self.penalty.of(open_), self.problem.view.norm[open_]
        pull = self.problem.view.gather(open_).pull(residuals / limits[:, None])
        excess = penalty.excess(penalty.null, pull)
        room = RELATIVE * penalty.l1 + 0.5 * ROUNDINGS * self.problem.floor[open_] / limits[:, None]
        offends = excess > room
        first = np.flatnonzero(offends.any(axis=1))
        accepted = int(first[0]) if len(first) else len(limits)
        proved, reach, measured = self.resting.copy(), measures.reach / limits, self.working.indices
        over = excess[:accepted] > 0
        if over.any():
            some = over.any(axis=0)
            measured = np.concatenate([measured, open_[some]])
            measures = self._with_zeros(points, measured, pull[:, some] * limits[:, None])
            reach = measures.reach / limits
            # What the larger reach leaves open is not proved, unless ``there`` proves it.
            proved[left_open(reach)] = False
        # Zero at every solution where no θ within reach of this one brings the pull to a limit beyond which
        # the box would let the coefficient move.
        margin = reach[:, None] * norm
        there = ((pull + margin < penalty.l1) | (penalty.upper == 0)) & (
            (margin - pull < penalty.l1) | (penalty.lower == 0)
        )
        missing = self._most_urgent(open_, excess / penalty.l1, offends) if len(first) else open_[:0]
        settled = Settled(measured, measures.zeros_proved[:accepted], proved, open_, there[:accepted])
        return Verdict(accepted, measures, settled, missing)

    @staticmethod
    def _with_zeros(points: SquaresPoints, columns: Indices, pull: Array) -> Measures:
        """What the same points measure with some more features, the last, at zero; ``pull`` is theirs."""
        pull = np.concatenate([points.pull, pull], axis=1)
        zeros = np.zeros((len(pull), len(columns) - points.coef.shape[1]))
        coef = np.concatenate([points.coef, zeros], axis=1)
        return replace(points, coef=coef, pull=pull, dual_pull=pull, columns=columns, measures=None).measure()

    def _most_urgent(self, open_: Indices, excess: Array, offends: Flags) -> Indices:
        """Features whose pull exceeds its limit, ascending; of very many only the worst.

        Once these are in the working set, the pulls of the others may be within their limits.
        """
        which = np.flatnonzero(offends.any(axis=0))
        most = max(MANY, 2 * len(self.working.indices))
        if len(which) > most:
            worst = excess[:, which].max(axis=0)
            which = np.sort(which[np.argpartition(-worst, most)[:most]])
        return open_[which]
