"""The optimality conditions of any smooth loss at several points: violation, gap, and zeros that are proved.

With r and h the residuals and curvatures of the rows, S the weights and κ the loss's bound |φ‴| ≤ κφ″:

*Gap.* Let E be features with all that is unpenalised or off its kink, Z_E their columns and the intercept's,
A = Z_EᵀSHZ_E + 2 diag(l2_E), f_j how far the pull z_jᵀSr is from the subgradients of its penalty, and
ε² = fᵀA⁻¹f. The dual point ρ = r + HZ_E A⁻¹f meets every condition in E, and with κ|Z_E A⁻¹f| ≤ x < 1

    objective − optimum ≤ ½ ε² · 2 k(−x)/x²,   k(x) = (1 + x) log(1 + x) − x,

if every other pull keeps within its limit when it moves by √V_j·ε, with V_j ≥ z_jᵀSHz_j. (φ* grows from
φ′ to ρ by s h k(−κ|δ|)/κ² at most; a conjugate penalty with an l2 by ¼(2 l2 c)²/l2.) As no exact solution of
these equations is formed but only bounded, A may be that of another point, times what it shrinks by at
most on the way (:mod:`~equipoise.objective.hessian`), and the rounding of f adds to ε.
Where there is no such A: :mod:`~equipoise.objective.curved_dual`.

*Calm features.* Where a coefficient is zero at all points and its pull within nine tenths of the limit, a
tenth of the limit is more than any of these margins: one comparison of the largest margin settles them all.

*Zeros.* With z = x_j − Uγ for any γ, U the intercept's and unpenalised columns, V = Σ s h z², M = max |z_i|
and g the gap: ``|zᵀSr| + √(2Vg) + κMg/3 < l1_j`` proves w_j = 0 at every solution where 0 lies in the box.
By the Bregman form of the gap and Bennett's inequality. First z is the view's column and V = max h · ‖z_j‖²;
only where this falls short is γ the h-weighted projection.

Sources: Bach (2010), *Electronic Journal of Statistics* 4, and Sun & Tran-Dinh (2019), *Mathematical
Programming* 178, for self-concordance; Ndiaye et al. (2017), *JMLR* 18, for gap-safe screening.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import slices
from equipoise.objective.curved import BLOCK, Curved, Place
from equipoise.objective.curved_dual import conjugate_excess, dual_gap
from equipoise.objective.curved_rows import Rows, unit_rounding, unit_sum
from equipoise.objective.curved_zeros import prove_zeros
from equipoise.objective.hessian import Hessian
from equipoise.objective.losses.base import excess
from equipoise.objective.measures import PRECISION, ROUNDINGS, Measures
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

CALM = 0.9  # share of its limit within which a pull needs no closer look
TRIES = 3
NEAR = 0.7  # pulls of this share of their limit are taken into a Hessian, for the points to come
FAR = 1e-4  # share of itself to which a Hessian may shrink on its way to a point


@np.errstate(all="ignore")  # far from a solution a loss may be infinite: nothing is proved there
def measure(
    problem: Curved, strengths: Array, coef: Array, level: Array, eta: Array, pull: Array
) -> Measures:
    """The conditions at m points.

    Parameters
    ----------
    problem : Curved
        The problem.
    strengths, level : (m,) arrays
        Strengths of the penalty, and intercepts of the centred columns.
    coef, pull : (m, p) arrays
        Coefficients and pulls.
    eta : (m, n) array
        The linear predictors.
    """
    live = np.flatnonzero(~calm(problem, largest_force(strengths, pull), (coef != 0).any(axis=0)))
    found = measure_some(problem, strengths, coef[:, live], level, eta, pull[:, live], live)
    if found is None:
        return Batch(problem, strengths, coef, level, eta, pull, np.arange(coef.shape[1])).measures()
    zeros = np.ones(coef.shape, dtype=bool)
    zeros[:, live] = found.zeros_proved
    return found._replace(zeros_proved=zeros)


@np.errstate(all="ignore")
def measure_some(
    problem: Curved, strengths: Array, coef: Array, level: Array, eta: Array, pull: Array, columns: Indices
) -> Measures | None:
    """The same for some features (k,), where all others are calm; None if these may matter nevertheless.

    If they do not, they are zero at every solution.
    """
    found = Batch(problem, strengths, coef, level, eta, pull, columns)
    measures = found.measures()
    others = np.ones(len(problem.penalty.l1), dtype=bool)
    others[columns] = False
    return measures if found.settles(np.flatnonzero(others), measures.gap) else None


def largest_force(strengths: Array, pull: Array) -> Array:
    """The largest |pull| ÷ strength of each feature at some points, (p,), of their pulls (m, p)."""
    force, own = np.zeros((2, pull.shape[1]))
    for strength, row in zip(strengths, pull, strict=True):  # one by one: these arrays stay in the cache
        np.abs(np.divide(row, strength, out=own), out=own)
        np.maximum(force, own, out=force)
    return np.asarray(force)


def calm(problem: Curved, force: Array, moved: Flags) -> Flags:
    """Features that are zero and far from moving at some points, (p,), and those that are held at zero.

    Parameters
    ----------
    problem : Curved
        The problem.
    force : (p,) array
        The largest |pull| ÷ strength at the points.
    moved : (p,) bool array
        Whether a coefficient is not zero at one of them.
    """
    penalty = problem.penalty
    held = ~penalty.moving | np.isinf(penalty.l1)
    still = ((force < CALM * penalty.l1) | held) & ~moved
    return np.asarray(still & (penalty.lower <= 0) & (penalty.upper >= 0))


@dataclass(frozen=True)
class Batch:
    """m points of a problem, at the features ``covered`` (k,), whose conditions are evaluated together.

    The arguments are those of :func:`measure_some`.
    """

    problem: Curved
    strengths: Array
    coef: Array
    level: Array
    eta: Array
    pull: Array
    covered: Indices

    def __post_init__(self) -> None:
        problem, covered = self.problem, self.covered
        penalty = problem.penalty.of(covered).at(self.strengths[:, None])
        low, high = penalty.interval(self.coef)
        rows = Rows.of(problem, self.coef, self.level, self.eta, covered)
        vars(self).update(penalty=penalty, rows=rows)
        held = ~penalty.moving | np.isinf(problem.penalty.l1[covered])
        # How far each pull is from the subgradients of its penalty, and how far from their ends inside.
        force = np.where(held, 0.0, np.clip(self.pull, low, high) - self.pull)
        rounding = rows.size[:, None] * unit_rounding(problem, covered)
        room = np.minimum(self.pull - low, high - self.pull) - rounding
        # Nothing pulls a column of zeros: whatever its penalty, it has a part of the gap to itself.
        flat = problem.view.norm[covered] == 0
        room[:, flat] = np.inf
        outside = (self.coef < penalty.lower) | (self.coef > penalty.upper)
        outside |= np.isinf(penalty.l1) & (self.coef != 0)
        force[outside] = np.inf
        vars(self).update(held=held, force=force, rounding=rounding, room=room, outside=outside)

    penalty: Penalty = field(init=False)
    rows: Rows = field(init=False)
    held: Flags = field(init=False)
    force: Array = field(init=False)
    rounding: Array = field(init=False)
    room: Array = field(init=False)
    outside: Flags = field(init=False)

    def measures(self) -> Measures:
        """Violation, gap and proofs of zeros."""
        problem, penalty, rows = self.problem, self.penalty, self.rows
        floor = EPS * rows.size[:, None] * problem.view.norm[self.covered]
        distance = np.abs(self.force)
        limit = penalty.finite_l1
        has = limit > 0
        unit = np.where(has, limit, floor / EPS)
        violation = np.where(distance > 0, np.inf, 0.0)
        violation = np.divide(distance, unit, out=violation, where=unit > 0).max(axis=1, initial=0.0)
        shift = np.abs(rows.imbalance) if problem.view.intercept else np.zeros(len(self.level))
        forgiven = (distance > PRECISION * limit) & (distance <= ROUNDINGS * floor)
        if forgiven.any():
            floor[forgiven] = EPS * self._terms_of(forgiven)
        balanced = np.all(distance <= np.maximum(PRECISION * limit, ROUNDINGS * floor), axis=1)
        # The intercept's column has no limit: as of unpenalised ones no more than rounding is allowed.
        astray = rows.mislaid * rows.weight
        own = EPS * rows.size * np.sqrt(problem.view.weight)
        balanced &= (shift <= ROUNDINGS * own + 2.0 * astray) & np.isfinite(rows.size)
        gap = self.gap()
        zeros = prove_zeros(problem, penalty, self.covered, self.coef, self.pull, gap, rows, self.held)
        # The stored intercept is another one, by as much as its digits and the means' leave open.
        off = shift + astray
        gap = gap + rows.mislaid * off
        null = problem.null_value(self.strengths)
        return Measures(
            np.where(np.isnan(violation), np.inf, violation),
            _ratio(off, rows.terms),
            np.where(np.isnan(gap), np.inf, gap),
            _ratio(gap, np.where(null > ROUNDINGS * EPS * rows.terms, null, 0.0)),
            balanced,
            np.all((distance <= PRECISION * limit) | ~has, axis=1),
            np.zeros(len(gap)),
            zeros,
        )

    def _terms_of(self, some: Flags) -> Array:
        """Σ s|z|(a + h(|o| + |b| + Σ|x w|)) of some (points, features) of the batch, in their order."""
        out = np.zeros(some.shape)
        used = np.flatnonzero(some.any(axis=0))
        for few in slices(len(used), max(1, BLOCK // len(self.problem.response))):
            columns = self.problem.view.plain_columns(self.covered[used[few]])
            out[:, used[few]] = self.rows.each @ np.abs(columns, out=columns)
        return np.asarray(out[some])

    def settles(self, calm: Indices, gap: Array) -> bool:
        """Whether a tenth of the limit is more than any margin of the calm features, at all points."""
        problem, rows = self.problem, self.rows
        if not len(calm):
            return True
        l1 = problem.penalty.l1[calm][problem.penalty.moving[calm]]
        least = float(l1.min(initial=np.inf)) * self.strengths * (1.0 - CALM)
        norm = float(problem.view.norm[calm].max(initial=0.0))
        lightest = 1.0 if problem.weights is None else float(problem.weights[problem.weights > 0].min())
        most = rows.size * float(unit_rounding(problem, calm).max(initial=0.0))
        most = most + np.sqrt(2.0 * rows.steepest * gap) * norm
        most += problem.kind.kappa / 3.0 * norm / np.sqrt(lightest) * gap
        return bool(np.all(most * 1.01 < least))

    def gap(self) -> Array:
        """Bounds on the gaps, (m,), by as few Hessians as they need."""
        problem, m = self.problem, len(self.strengths)
        gap = np.full(m, np.inf)
        flat = np.flatnonzero(~self.held & (problem.view.norm[self.covered] == 0))
        idle = np.zeros(m)
        if len(flat):
            idle += conjugate_excess(self.penalty, self.coef, 0.0 * self.coef)[:, flat].sum(axis=1)
        left = np.isfinite(self.rows.size) & ~self.outside.any(axis=1)
        possible = left.copy()
        loose = ~self.held & ~(self.room > 0)
        last = problem.nearby.get("hessian")
        more = np.zeros(len(self.covered), dtype=bool)
        for _ in range(m + TRIES):
            if not left.any():
                break
            needed = loose[left].any(axis=0) | more
            there = left
            if last is not None:
                share = last.share(self.eta, self.strengths)
                there = left & (share > (FAR if m > 1 else 0.9))
            if last is None or not there.any() or not last.holds[self.covered[needed]].all():
                at = int(np.flatnonzero(left)[-1])
                columns = self._with_near(needed)
                last = Hessian.of(problem, columns, self.eta[at], float(self.strengths[at]))
                if last is None and len(columns) > needed.sum():
                    columns = self.covered[needed]
                    last = Hessian.of(problem, columns, self.eta[at], float(self.strengths[at]))
                if last is None:
                    break
                problem.nearby["hessian"] = last
                continue
            found, spoiled = self._by(last, there, share)
            gap[there] = (found + idle)[there]
            # Features that might be pushed over their limits belong into the Hessian, too.
            left = (there & ~np.isfinite(found) & spoiled.any(axis=1)) | (left & ~there)
            more |= spoiled[left].any(axis=0)
        for i in np.flatnonzero(possible & ~np.isfinite(gap)):
            whole = np.zeros(len(problem.penalty.l1))
            whole[self.covered] = self.coef[i]
            place = Place(whole, float(self.level[i]), self.eta[i])
            gap[i] = dual_gap(problem, float(self.strengths[i]), place, self.rows.one(int(i)))
        return gap

    def _with_near(self, needed: Flags) -> Indices:
        """Features that are needed, and, for more points to come, some of those whose pulls come next."""
        n, count = len(self.problem.response), int(needed.sum())
        if len(self.strengths) > 1:
            free = (
                self.problem.penalty.moving
                & np.isfinite(self.problem.penalty.l1)
                & (self.problem.view.norm > 0)
            )
            if free.sum() <= n // 8:
                return np.flatnonzero(free)
            close = np.max(np.abs(self.pull) / self.penalty.l1, axis=0, initial=0.0)
            close[needed | self.held | ~(close > NEAR)] = 0.0
            some = np.argsort(-close)[: max(0, min(3 * n // 4, 2 * count + 10) - count)]
            needed = needed | (np.isin(np.arange(len(close)), some) & (close > 0))
        return np.sort(self.covered[needed])

    def _by(self, hessian: Hessian, there: Flags, share: Array) -> tuple[Array, Flags]:
        """The bounds by one Hessian, (m,), ∞ where it gives none, and the features (m, k) that spoil it."""
        problem, rows = self.problem, self.rows
        first = int(problem.view.intercept)
        at = np.flatnonzero(hessian.holds[self.covered])
        spots = first + np.searchsorted(hessian.columns, self.covered[at])
        forces, rounding = np.zeros((2, len(there), len(hessian.half)))
        forces[:, spots] = self.force[:, at]
        rounding[:, spots] = self.rounding[:, at]
        if first:
            forces[:, 0] = -rows.imbalance
            rounding[:, 0] = unit_sum(problem) * rows.terms
        length = hessian.length(forces, rounding) / np.sqrt(share)
        farthest = problem.kind.kappa * length / np.sqrt(rows.flattest)
        if np.any(there & ~(farthest < 0.5)):
            farthest = np.minimum(farthest, problem.kind.kappa * length * hessian.reach / np.sqrt(share))
        gap = 0.5 * length**2 * _stretch(farthest)
        moved = (np.sqrt(rows.steepest) * length * (1.0 + 1e-9))[:, None] * problem.view.norm[self.covered]
        spoiled = ~self.held & there[:, None] & (self.room < moved)
        spoiled[:, at] = False
        hopeless = ~(farthest < 1.0)
        gap[hopeless | spoiled.any(axis=1)] = np.inf
        spoiled[hopeless] = False
        return gap, spoiled


def _ratio(part: Array, whole: Array) -> Array:
    """Part ÷ whole: 0 where the whole is 0, ∞ where it is not known."""
    out = np.divide(part, whole, out=np.zeros(len(whole)), where=whole != 0)
    return np.where(np.isnan(out), np.inf, out)


def _stretch(x: Array) -> Array:
    """2k(−x)/x², 1 at 0 and 2 at 1; ∞ beyond."""
    if (x < 1e-3).all():
        return 1.0 + x
    near = np.clip(x, 1e-3, 1.0)
    return np.where(x < 1.0, 2.0 * excess(-near) / near**2, np.inf)
