"""A bound on the gap of a point of any smooth loss by a dual point, wherever the point lies.

Let ξ be residuals with UᵀSξ = 0, U the columns of the intercept and of all that nothing holds, scaled by
α ≤ 1 so that no pull of an unbounded feature exceeds its l1. Then, by the inequality of Fenchel and Young in
every row and feature,

    gap = Σ s_i [φ(η_i) + φ*(−ξ_i) + ξ_i η_i] + Σ_j [l1_j|w_j| + l2_j w_j² + h_j(u_j) − u_j w_j],   u = ZᵀSξ.

The terms of the rows are the loss's ``divergence`` from fall = r − ξ, which is formed and not subtracted. As
ξ is tried what one Newton step on the features off their kinks predicts, and the residual itself; either less
its projection on U in the metric of the curvature. Where that leaves the conjugate's domain, rows with y on
the edge of its range are pushed beyond it, which no scaling mends: the intercept and U are fitted first. No
objective is negative, so that no gap exceeds the objective.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved, Place
from equipoise.objective.curved_rows import Rows, unit_rounding, unit_sum
from equipoise.objective.hessian import gathered
from equipoise.objective.null_model import fit_unpenalised
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS
from equipoise.objective.rank import exact_rank

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

SAFE = 64.0  # roundings
MANY = 300  # columns whose exact rank is worked out


def dual_gap(problem: Curved, strength: float, place: Place, rows: Rows) -> float:
    """A bound on how much the objective at a point could fall.

    Parameters
    ----------
    problem : Curved
        The problem.
    strength : float
        The strength of its penalty.
    place : Place
        The point.
    rows : Rows
        The same point as its rows see it.
    """
    penalty = problem.penalty.at(strength)
    value = problem.value(place.eta)
    most = value + float(penalty.value(place.coef))
    most += SAFE * EPS * (most + float(rows.terms[0]))
    if not np.isfinite(most):
        return np.inf
    found = min(most, _from(problem, penalty, place, rows))
    if found > 0.5 * value:
        found = min(found, _after_fitting(problem, penalty, place, rows, value))
    return found


def _after_fitting(problem: Curved, penalty: Penalty, place: Place, rows: Rows, value: float) -> float:
    """The bound from the point at which intercept and unpenalised columns are fitted first."""
    free = np.flatnonzero(penalty.unpenalised & (problem.view.norm > 0))
    if not len(free) and not problem.view.intercept:
        return np.inf
    step = fit_unpenalised(
        problem.kind,
        problem.response,
        place.eta,
        problem.view.plain_columns(free),
        problem.weights,
        problem.view.intercept,
    )
    if not np.isfinite(step.eta).all():
        return np.inf
    coef = place.coef.copy()
    coef[free] += step.coef
    there = problem.at(coef, place.level + step.level)
    fitted = problem.value(there.eta)
    at = Rows.of(problem, coef[None], np.array([there.level]), there.eta[None], np.arange(len(coef)))
    rounding = SAFE * EPS * (value + fitted + float(rows.terms[0] + at.terms[0]))
    return max(value - fitted, 0.0) + rounding + _from(problem, penalty, there, at)


def _from(problem: Curved, penalty: Penalty, place: Place, rows: Rows) -> float:
    """The smaller of the bounds by two dual points."""
    residual, curved = rows.residual[0], rows.curved[0]
    pull = problem.pull(residual)
    low, high = penalty.interval(place.coef)
    margin = float(rows.size[0]) * unit_rounding(problem)
    moving = penalty.moving & (problem.view.norm > 0)
    lax = (penalty.l1 == 0) & (penalty.l2 == 0) & moving
    # A bound holds what is pushed towards it.
    pushed = (penalty.upper < np.inf) & (pull > margin) | (penalty.lower > -np.inf) & (pull < -margin)
    bound = (penalty.upper < np.inf) & (penalty.lower > -np.inf)
    free = np.flatnonzero(lax & ~pushed & ~bound)
    basis = gathered(problem, free)
    if basis.shape[1] > len(residual) and len(free) > MANY:
        return np.inf
    best = _bound(problem, penalty, place, rows, np.zeros(len(residual)), basis, free)
    loose = moving & ((pull - low < margin) | (high - pull < margin))
    some = np.flatnonzero(loose)
    if len(some) and len(some) <= 2 * len(residual):
        z = gathered(problem, some)
        root = np.sqrt(curved)
        first = int(problem.view.intercept)
        force = np.zeros(z.shape[1])
        force[first:] = (np.clip(pull, low, high) - pull)[some]
        if first:
            force[0] = -residual.sum()
        system = (root[:, None] * z).T @ (root[:, None] * z)
        system.flat[:: len(system) + 1] += np.r_[np.zeros(first), 2.0 * penalty.l2[some]]
        with np.errstate(all="ignore"):
            step = np.linalg.lstsq(system, force, rcond=1e-13)[0] if np.isfinite(system).all() else force * 0
        best = min(best, _bound(problem, penalty, place, rows, z @ step, basis, free))
    return best


def _bound(
    problem: Curved,
    penalty: Penalty,
    place: Place,
    rows: Rows,
    move: Array,
    basis: Array,
    free: NDArray[np.intp],
) -> float:
    """The bound by the dual point r + h∘move, less its projection on the basis, scaled."""
    residual, curved = rows.residual[0], rows.curved[0]
    move, left = _balanced(problem, residual, curved, move, basis)
    if not np.isfinite(left):
        return np.inf
    dual = residual + curved * move
    u = problem.pull(dual)
    length = np.sqrt(problem.weigh(np.square(problem.kind.residual(problem.response, place.eta))).sum())
    length += np.sqrt(float(curved @ (move * move)) * float(rows.steepest[0]))
    margin = unit_rounding(problem) * length + np.sqrt(rows.steepest[0]) * problem.view.norm * left
    u[free], margin[free] = 0.0, 0.0
    held = ~penalty.moving | np.isinf(penalty.l1)
    open_ = ((u + margin > 0) & (penalty.upper == np.inf)) | ((u - margin < 0) & (penalty.lower == -np.inf))
    scaled = open_ & ~held & (penalty.l2 == 0) & (np.abs(u) + margin > 0)
    largest = np.divide(penalty.l1, np.abs(u) + margin, out=np.ones(len(u)), where=scaled)
    alpha = min(1.0, float(largest.min(initial=1.0)) * (1.0 - 4.0 * EPS))
    share = max(0.0, float(np.max(1.0 - largest, initial=0.0))) + 4.0 * EPS if alpha < 1.0 else 0.0
    alpha = 1.0 - share
    y = problem.response
    with np.errstate(all="ignore"):
        fall = (
            share * problem.kind.residual(y, place.eta) - alpha * problem.kind.curvature(y, place.eta) * move
        )
        rest = problem.weigh(problem.kind.divergence(y, place.eta, fall))
    cost = float(np.sum(rest))
    if np.isnan(cost):
        return np.inf
    cost = float((np.sqrt(cost) + left) ** 2)
    weighed = problem.weigh(np.abs(fall))
    over = float(np.sum(weighed)) * (1.0 + float(rows.size[0]) / max(length, 1e-300))
    ends = [conjugate_excess(penalty, place.coef, alpha * (u + side * margin)) for side in (-1.0, 1.0)]
    lacking = float(np.sum(np.where(held, 0.0, np.maximum(*ends))))
    return float((cost + lacking) * (1.0 + 1e-9) + SAFE * EPS * over)


def _balanced(
    problem: Curved, residual: Array, curved: Array, move: Array, basis: Array
) -> tuple[Array, float]:
    """The move less what balances r + h∘move on the basis, and how far from balanced it may still be."""
    if not basis.shape[1]:
        return move, 0.0
    root = np.sqrt(curved)[:, None] * basis
    size = np.sqrt(np.einsum("ij,ij->j", root, root))
    if not (np.isfinite(size) & (size > 0)).all():
        return move, np.inf
    _, values, right = np.linalg.svd(root / size, full_matrices=False)
    kept = values > 1e-7 * values[0]
    if not kept.all() and not (basis.shape[1] <= MANY and exact_rank(basis) == int(kept.sum())):
        return move, np.inf
    for _ in range(3):
        force = basis.T @ (residual + curved * move) / size
        move = move - basis @ (right[kept].T @ ((right[kept] @ force) / values[kept] ** 2) / size)
    force = np.abs(basis.T @ (residual + curved * move)) / size
    terms = (np.abs(basis).T @ (np.abs(residual) + curved * np.abs(move))) / size
    return move, float(np.linalg.norm(force + unit_sum(problem) * terms) / values[kept].min())


def conjugate_excess(penalty: Penalty, w: Array, u: Array) -> Array:
    """l1|w| + l2w² + max_v [uv − l1|v| − l2v²] − uw in the box, rounded up, (p,); never negative."""
    l1, l2 = penalty.finite_l1, penalty.l2
    with np.errstate(all="ignore"):
        soft = np.sign(u) * np.maximum(np.abs(u) - l1, 0.0)
        far = np.where(soft == 0, 0.0, np.where(l2 > 0, soft / (2.0 * l2), np.copysign(np.inf, u)))
        v = np.clip(far, penalty.lower, penalty.upper)
        # A difference of v and w, so that nothing large cancels where they are the same.
        step = v - w
        out = u * step - l1 * (np.abs(v) - np.abs(w)) - l2 * step * (v + w)
        out += 4.0 * EPS * np.abs(step) * (np.abs(u) + l1 + l2 * (np.abs(v) + np.abs(w)))
    return np.where(np.isinf(v), np.inf, np.maximum(np.where(np.isnan(out), np.inf, out), 0.0))
