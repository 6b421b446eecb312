"""The last digits: the active-set method by QR of the columns themselves instead of their Gram matrix.

A Gram matrix squares the condition of its columns: it cannot tell two that differ by 1e-8 of their length
apart. Where the kernel therefore leaves the conditions unmet, this slower method continues from its answer
with residuals of the data and an orthogonal factorisation of the free columns (Björck, *Numerical Methods for
Least Squares Problems*, 1996, chapter 2), which resolves differences down to the rounding of float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack, solve_triangular

from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares

Array = NDArray[np.float64]

FLOPS = 2e10  # most floating-point operations of a polish, some seconds …
STEPS = 10  # … and most steps per free column


def polish(problem: Squares, strength: float, coef: Array, goal: Array) -> Array:
    """Continue the monotone active-set method from ``coef`` until every distance is within ``goal`` (p,).

    Returns the coefficients (p,) whose largest distance ÷ goal is smallest, even where it exceeds 1.
    """
    penalty = problem.penalty.at(strength)
    if is_least_squares(penalty):
        return minimum_norm(problem, penalty, penalty.null)
    coef = coef.copy()
    if penalty.unpenalised.sum() > problem.view.shape[0]:
        coef = minimum_norm(problem, penalty, coef)
    kinked = penalty.kinked
    inside = (penalty.lower < coef) & (coef < penalty.upper) & (coef != 0)
    free = np.flatnonzero(inside).tolist()
    sign = np.where(kinked, np.sign(coef), np.where(penalty.upper <= 0, -1.0, 1.0))
    sign[penalty.l1 == 0] = 0.0
    best, least = coef.copy(), np.inf
    previous, stalled = np.inf, 0
    spent, steps = 0.0, STEPS * (len(free) + 20)
    while spent < FLOPS and steps > 0:
        steps -= 1
        spent += 2.0 * problem.view.shape[0] * (len(free) ** 2 + problem.view.shape[1])
        residual = problem.residual(coef)
        pull = problem.pull(residual)
        distance = penalty.distance(coef, pull)
        excess = distance / goal
        worst = float(np.max(excess))
        if worst < least:
            best, least = coef.copy(), worst
        if worst <= 1.0:
            break
        on_free = float(np.max(excess[free])) if free else 0.0
        if on_free <= 1.0 or not on_free < 0.5 * previous:
            resting = excess.copy()
            resting[free] = 0.0
            j = int(np.argmax(resting))
            if resting[j] <= 1.0 or stalled > len(free) + 20:
                break
            stalled += on_free > 1.0
            if kinked[j]:
                upward = coef[j] < 0 or (coef[j] == 0 and pull[j] > 0)
                at_bound = coef[j] in (penalty.lower[j], penalty.upper[j])
                sign[j] = np.sign(coef[j]) if at_bound else (1.0 if upward else -1.0)
            free.append(j)
            previous = np.inf
        else:
            previous = on_free
        step, longest = _step(problem, penalty, free, coef, sign, residual, pull)
        moved = _move(coef, step, free, longest, penalty, kinked, sign)
        if moved < longest:
            previous = np.inf
        if not np.isfinite(moved):
            break
    return best


def is_least_squares(penalty: Penalty) -> bool:
    """Whether every feature that can move is unpenalised."""
    return bool(np.all(penalty.unpenalised | ~penalty.moving))


def minimum_norm(problem: Squares, penalty: Penalty, coef: Array) -> Array:
    """The coefficients with the unpenalised ones replaced by least squares of minimum norm on what is left.

    Of all least-squares solutions it is the one that rounding hurts least.
    """
    unpenalised = np.flatnonzero(penalty.unpenalised)
    coef = coef.copy()
    coef[unpenalised] = 0.0
    columns = problem.view.columns(unpenalised)
    for _ in range(2):  # the second time refines
        change, *_ = np.linalg.lstsq(columns, problem.residual(coef), rcond=EPS)
        coef[unpenalised] += change
    return coef


def _step(
    problem: Squares,
    penalty: Penalty,
    free: list[int],
    coef: Array,
    sign: Array,
    residual: Array,
    pull: Array,
) -> tuple[Array, float]:
    """Step to the solution on the free set, and 1; or a direction in the null space of its columns, and ∞.

    With A the free columns, [A; √(2L2)] = QR and residual e the step s minimises
    ½‖e − As‖² + slopeᵀs + Σ l2_j (w_j + s_j)².
    """
    columns = problem.view.columns(np.array(free, dtype=np.intp))
    ridge = np.sqrt(2.0 * penalty.l2[free])
    right = residual
    if np.any(ridge):
        columns = np.vstack([columns, np.diag(ridge)])
        right = np.concatenate([residual, -ridge * coef[free]])
    slope = sign[free] * penalty.finite_l1[free]
    q, r = np.linalg.qr(columns, mode="reduced")
    rank = min(r.shape)
    norms = np.linalg.norm(columns[:, :rank], axis=0)
    small = np.abs(np.diagonal(r)) <= 8.0 * EPS * np.sqrt(len(columns)) * norms
    if rank < len(free) or np.any(small):
        # Column k depends on those before it: R[:k, :k] v = R[:k, k], and the columns times (−v, 1, 0) are 0.
        k = int(np.argmax(small)) if np.any(small) else rank
        direction = np.zeros(len(free))
        direction[:k] = -solve_triangular(r[:k, :k], r[:k, k]) if k else 0.0
        direction[k] = 1.0
        rise = float(direction @ (pull[free] - slope - 2.0 * penalty.l2[free] * coef[free]))
        return direction * (1.0 if rise > 0 else -1.0), np.inf
    # R s = Qᵀr − R⁻ᵀ slope: the condition of the columns enters once.
    shift, _ = lapack.dtrtrs(r, slope, lower=0, trans=1)
    step, _ = lapack.dtrtrs(r, q.T @ right - shift, lower=0)
    return np.asarray(step), 1.0


def _move(
    coef: Array,
    step: Array,
    free: list[int],
    longest: float,
    penalty: Penalty,
    kinked: NDArray[np.bool_],
    sign: Array,
) -> float:
    """Move along a step up to the first kink, and take what reaches one out of the free set.

    Changes ``coef`` and ``free``; returns how much of the step was made, ∞ (and no move) if there is no kink.
    """
    index = np.array(free, dtype=np.intp)
    low = np.where(kinked[index] & (sign[index] > 0), 0.0, penalty.lower[index])
    high = np.where(kinked[index] & (sign[index] < 0), 0.0, penalty.upper[index])
    ends = np.where(step > 0, high, low)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(step == 0, np.inf, np.maximum((ends - coef[index]) / step, 0.0))
    length = min(longest, float(reach.min()))
    if not np.isfinite(length):
        return length
    coef[index] += length * step
    if length < longest:
        met = reach <= length * (1.0 + 4.0 * EPS)
        coef[index[met]] = ends[met]
        for j in index[met]:
            free.remove(int(j))
    return length
