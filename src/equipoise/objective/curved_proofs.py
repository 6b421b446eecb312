"""The optimality conditions of any smooth loss: violation, gap, and what they prove.

With r and h the residuals and curvatures of the rows, S the weights and κ the loss's bound |φ‴| ≤ κ φ″:

*Gap.* F are the features that are off zero and off their bounds, and the unpenalised; Z_F their columns with
the intercept's. With ``(Z_FᵀSHZ_F + 2 L2_F) c = l1∘sign + 2 l2∘w − Z_FᵀSr``, δ = Z_F c,
k(x) = (1 + x)log(1 + x) − x and κ|δ_i| < 1 in every row,

    objective − optimum ≤ Σ s_i h_i k(−κ δ_i)/κ² + Σ_F l2_j c_j²,

provided that the pulls of ρ = r + h∘δ hold the other features.

*Zeros.* With z = x_j less its h-weighted mean, V = Σ s h z², M = max |z_i| and g a bound on the gap,
``|zᵀSr| + √(2Vg) + κMg/3 < l1_j`` proves w_j = 0 at every solution where 0 lies in the box.

*Support.* With E all features that are not proved zero, H = Z_EᵀSHZ_E + 2 diag(l2), R = max_i √(z_iᵀH⁻¹z_i)
and d the smallest number with 1 − e^(−τ)(1 + τ) > (κR)²g, τ = κRd: ``|w_j − w*_j| ≤ d √((H⁻¹)_jj)``.

Sources: Bach (2010), *Electronic Journal of Statistics* 4, and Sun & Tran-Dinh (2019), *Mathematical
Programming* 178, for self-concordance; Ndiaye et al. (2017), *JMLR* 18, for gap-safe screening.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.curved import Curved, Place
from equipoise.objective.measures import PRECISION, ROUNDINGS, Measures
from equipoise.objective.problem import EPS

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def measure_place(problem: Curved, strength: float, place: Place, pull: Array) -> Measures:
    """The conditions evaluated at one point."""
    penalty = problem.penalty.at(strength)
    view, loss, y = problem.view, problem.kind, problem.response
    norm = view.norm
    residual, curved = problem.residual(place.eta), problem.curvature(place.eta)
    terms = problem.weigh(loss.size(y, place.eta))
    floor = np.maximum(EPS * norm * np.sqrt(terms @ loss.size(y, place.eta)), 0.0)
    distance = np.where(penalty.moving, penalty.distance(place.coef, pull), 0.0)
    has = (penalty.l1 > 0) & np.isfinite(penalty.l1)
    unit = np.where(has, penalty.finite_l1, floor / EPS)
    violation = float(np.max(np.divide(distance, unit, out=np.zeros_like(unit), where=unit > 0), initial=0.0))
    total = float(terms.sum())
    shift = abs(float(residual.sum())) / total if view.intercept and total > 0 else 0.0
    room = np.maximum(PRECISION * np.where(has, penalty.finite_l1, 0.0), ROUNDINGS * floor)
    balanced = bool(np.all(distance <= room)) and shift <= ROUNDINGS * EPS * np.sqrt(len(y)) + PRECISION
    precise = bool(np.all(distance <= PRECISION * penalty.finite_l1, where=has))
    gap = gap_of(problem, strength, place, residual, curved, pull, floor)
    null = float(problem.null_value(np.array([strength]))[0])
    zeros = prove_zeros(problem, strength, residual, curved, gap, floor)
    relative = gap / null if null > EPS * total else 0.0
    return Measures(
        np.array([violation]),
        np.array([shift]),
        np.array([gap]),
        np.array([relative]),
        np.array([balanced]),
        np.array([precise]),
        np.zeros(1),
        zeros[None],
    )


def gap_of(
    problem: Curved,
    strength: float,
    place: Place,
    residual: Array,
    curved: Array,
    pull: Array,
    floor: Array,
) -> float:
    """A bound on how much the objective could fall; infinite where none is found."""
    penalty, view = problem.penalty.at(strength), problem.view
    w = place.coef
    inside = (penalty.lower < w) & (w < penalty.upper) & penalty.moving
    kinked = (w == 0) & (penalty.l1 > 0)
    free = np.flatnonzero(inside & ~kinked)
    columns = view.plain_columns(free)
    if view.intercept:
        columns = np.column_stack([np.ones(len(residual)), columns])
    ridge = np.r_[np.zeros(int(view.intercept)), 2.0 * penalty.l2[free]]
    wanted = np.r_[
        np.zeros(int(view.intercept)), np.sign(w[free]) * penalty.l1[free] + 2.0 * penalty.l2[free] * w[free]
    ]
    system = columns.T @ (curved[:, None] * columns)
    system.flat[:: len(system) + 1] += ridge
    off = wanted - columns.T @ residual
    size = np.sqrt(np.maximum(system.diagonal(), np.finfo(float).tiny))
    try:
        factor = cho_factor(system / size / size[:, None] + 1e-15 * np.eye(len(size)))
    except (LinAlgError, ValueError):
        return np.inf
    c = cho_solve(factor, off / size) / size
    margin = np.r_[np.full(int(view.intercept), EPS * np.abs(residual).sum()), floor[free]]
    energy = float(c @ system @ c)
    more = float(np.sum((margin / size) ** 2)) * len(size)
    stretch = 1.0 + np.sqrt(more / energy) if energy > 0 else 1.0
    c = c * stretch
    moved = columns @ c
    kappa = problem.kind.kappa
    if kappa * np.abs(moved).max(initial=0.0) >= 1.0:
        return np.inf
    x = -kappa * moved
    near = np.abs(x) < 1e-4
    k = np.where(near, x * x * (0.5 - x / 6.0 + x * x / 12.0), (1.0 + x) * np.log1p(np.where(near, 0, x)) - x)
    gap = float(curved @ k) / kappa**2
    own = c[int(view.intercept) :]
    gap += float(penalty.l2[free] @ own**2) + more
    other = problem.pull(residual + curved * moved)
    there = np.ones(len(w), dtype=bool)
    there[free] = False
    return gap + _held(penalty.l1, penalty.l2, penalty.lower, penalty.upper, w, other, floor, there)


def _held(
    l1: Array, l2: Array, lower: Array, upper: Array, w: Array, pull: Array, floor: Array, there: Flags
) -> float:
    """What the features ``there`` add to the gap: the conjugate of their penalty, less their product."""
    over = np.maximum(np.abs(pull) + ROUNDINGS * floor - np.where(np.isinf(l1), np.inf, l1), 0.0)
    held = there & (lower < upper)
    pushed = held & (over > 0)
    at_bound = held & (w != 0)
    total = 0.0
    for j in np.flatnonzero(pushed | at_bound):
        u = float(pull[j])
        best = float(np.sign(u)) * max(abs(u) - float(l1[j]), 0.0)
        best = best / (2.0 * l2[j]) if l2[j] > 0 else (np.inf * best if best else 0.0)
        v = float(np.clip(best, lower[j], upper[j]))
        if not np.isfinite(v):
            small = over[j] <= 2.0 * ROUNDINGS * floor[j] + 1e-8 * float(l1[j])
            if not small:
                return np.inf
            v = 0.0
        total += u * v - l1[j] * abs(v) - l2[j] * v * v - (u * w[j] - l1[j] * abs(w[j]) - l2[j] * w[j] ** 2)
    return max(total, 0.0)


def prove_zeros(
    problem: Curved, strength: float, residual: Array, curved: Array, gap: float, floor: Array
) -> Flags:
    """Features that are zero at every solution, (p,)."""
    penalty, view = problem.penalty.at(strength), problem.view
    held: Flags = ~problem.penalty.moving & (problem.penalty.null == 0)
    if not np.isfinite(gap):
        return held
    mean = view.mean if view.intercept else 0.0
    moments = view.design.moments(np.zeros(len(residual)), curved, gram=False)
    if view.intercept:
        about, spread = (moments.mean_x - mean) / view.scale, moments.xx / view.scale**2
    else:
        about, spread = np.zeros(len(held)), (moments.xx + moments.weight * moments.mean_x**2) / view.scale**2
    pull = problem.pull(residual) - about * float(residual.sum())
    extent = problem.extent + np.abs(about)
    g = gap + np.finfo(float).tiny
    margin = np.sqrt(2.0 * np.maximum(spread, 0.0) * g) * (1 + 1e-9) + problem.kind.kappa * extent * g / 3.0
    margin += ROUNDINGS * floor
    above = (pull + margin < penalty.l1) | (penalty.upper <= 0)
    below = (margin - pull < penalty.l1) | (penalty.lower >= 0)
    inside = (penalty.lower <= 0) & (penalty.upper >= 0)
    return np.asarray(held | (above & below & inside & (penalty.l1 > 0)))


def certify(
    problem: Curved, strength: float, place: Place, measures: Measures, index: int, *, found: bool = True
) -> Certificate:
    """The certificate of one point, from its measures."""
    gap, zeros = float(measures.gap[index]), measures.zeros_proved[index]
    unique, nonzeros = _prove_nonzeros(problem, strength, place, zeros, gap)
    if not measures.balanced[index]:
        status = Status.NUMERICAL if found else Status.NOT_OPTIMAL
    elif not measures.precise[index]:
        status = Status.AT_PRECISION
    else:
        status = Status.OPTIMAL if unique else Status.NOT_UNIQUE
    return Certificate(
        gap=gap,
        relative_gap=float(measures.relative_gap[index]),
        violation=float(measures.violation[index]),
        intercept_violation=float(measures.intercept_violation[index]),
        zeros_proved=zeros,
        support_proved=bool(np.all(zeros | nonzeros) and not np.any(zeros & (place.coef != 0))),
        unique=unique,
        status=status,
    )


def _prove_nonzeros(
    problem: Curved, strength: float, place: Place, zeros: Flags, gap: float
) -> tuple[bool, Flags]:
    """Whether the solution is proved unique, and the features that are non-zero at every solution."""
    held = ~problem.penalty.moving
    nonzero = held & (place.coef != 0)
    open_ = np.flatnonzero(~zeros & ~held)
    view = problem.view
    columns = view.plain_columns(open_)
    if view.intercept:
        columns = np.column_stack([np.ones(view.shape[0]), columns])
    if not columns.shape[1]:
        return True, nonzero
    curved = problem.curvature(place.eta)
    hessian = columns.T @ (curved[:, None] * columns)
    ridge = np.r_[np.zeros(int(view.intercept)), 2.0 * strength * problem.penalty.l2[open_]]
    hessian.flat[:: len(hessian) + 1] += ridge
    size = np.sqrt(np.maximum(hessian.diagonal(), np.finfo(float).tiny))
    unit = hessian / size / size[:, None]
    try:
        factor = cho_factor(unit)
        inverse = cho_solve(factor, np.eye(len(size)))
    except (LinAlgError, ValueError):
        return False, nonzero
    if not np.trace(inverse) * 4.0 * EPS * len(size) * (8.0 + np.sqrt(len(curved))) < 0.5:
        return False, nonzero
    rows = columns / size
    used = curved > 0
    largest = float(np.sqrt(np.einsum("ij,jk,ik->i", rows[used], inverse, rows[used]).max(initial=0.0)))
    length = farthest(problem.kind.kappa * largest, gap)
    bound = length * np.sqrt(inverse.diagonal() * 2.0) / size
    own = bound[int(view.intercept) :]
    if not np.isfinite(length):
        return True, nonzero
    nonzero[open_] = np.abs(place.coef[open_]) > own
    return True, nonzero


def farthest(rate: float, gap: float) -> float:
    """The smallest d with 1 − e^(−τ)(1 + τ) > rate²·gap, τ = rate·d; √(2 gap) at rate 0, ∞ for none."""
    if rate == 0:
        return float(np.sqrt(2.0 * gap))
    goal = rate * rate * gap
    if not goal < 1.0:
        return np.inf

    def part(tau: float) -> float:
        return (
            tau * tau * (0.5 - tau / 3.0 + tau * tau / 8.0) if tau < 1e-3 else 1.0 - np.exp(-tau) * (1 + tau)
        )

    low, high = 0.0, 1.0
    while part(high) <= goal:
        high *= 2.0
        if high > 1e3:
            return np.inf
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if part(middle) <= goal else (low, middle)
    return float(high / rate * (1 + 1e-9))
