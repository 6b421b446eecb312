"""How far a branch is known from one of its points: down to where no feature can have met a limit.

In the symbols of :mod:`equipoise.solve.curved_branch`, let the strength fall by τ from a solution at t₀, and
let a = C d. As |φ‴| ≤ κφ″, the equation is off on the tangent, w + τd, by at most

    N = κτ²/2 · ‖a²‖_SH / (1 − κτ‖a‖∞/3) + τ²√(2 Σ l2 d²/t₀)

in the norm of A⁻¹. With R = max_i √(c_iᵀA⁻¹c_i) and ``y = −log(1 − κR e^(κτ‖a‖∞) N t₀/(t₀ − τ))`` the branch
is at most D = y/(κR) from the tangent in the norm of A, so that

    |w_k − tangent| ≤ √(A⁻¹)_kk · D,    |pull_j − tangent| ≤ √V_j · (N + e^(κτ‖a‖∞)(e^y − 1)/y · D),

with V_j the smallest Σ s h (x_j − Cγ)². These bounds are convex in τ and 0 at 0: a pull or a coefficient that
by them has not reached its limit at τ has not done so before either.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.problem import EPS
from equipoise.solve.curved_branch import Branch, Spot, half

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

HALVINGS = 8  # of a fall whose end is looked for


def known(branch: Branch, spot: Spot, want: float, up: bool, skip: Flags) -> float:
    """How far down from a spot, or up, no feature meets a limit for certain; ``want`` is far enough.

    ``skip`` (2, p) are limits that are left out.
    """
    margin, close = spot.margin, -spot.close if up else spot.close
    margin = np.where(skip, np.inf, np.maximum(margin, 0.0))
    there = np.isfinite(margin)
    bound = np.max(np.where(there, 1.0, 0.0), axis=0) > 0
    scale = np.zeros(len(spot.coef))
    while True:
        scale[:] = spot.spread
        scale[branch.free] = spot.reach
        far = _farthest(branch, spot, margin, close, scale, bound, want, up)
        if far >= want:
            return want
        pull, coef = bounds(branch, spot, min(1.5 * far + 1e-3 * want, want), up)
        trial = min(1.5 * far + 1e-3 * want, want)
        free = branch.side != 0
        with np.errstate(invalid="ignore"):
            over = (margin - trial * close < scale * np.where(free, coef, pull)).any(axis=0)
        loose = np.flatnonzero(over & ~free & ~spot.tight)
        if not len(loose):
            return far
        tighten(branch, spot, loose[:256])


def _farthest(
    branch: Branch, spot: Spot, margin: Array, close: Array, scale: Array, bound: Flags, want: float, up: bool
) -> float:
    """The largest τ, up to ``want``, at which all margins are open by the bounds; by bisection."""
    free = (branch.side != 0)[bound]
    margin, close, scale = margin[:, bound], close[:, bound], scale[bound]

    def holds(tau: float) -> bool:
        pull, coef = bounds(branch, spot, tau, up)
        if not np.isfinite(pull):
            return False
        return bool(np.all(margin - tau * close >= scale * np.where(free, coef, pull)))

    if holds(want):
        return want
    low, high = 0.0, want
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def bounds(branch: Branch, spot: Spot, tau: float, up: bool) -> tuple[float, float]:
    """Factors of √V_j and of √(A⁻¹)_kk in the distance of pulls and coefficients from the tangent."""
    kappa = branch.problem.kind.kappa
    x = kappa * tau * spot.fastest
    share = 1.0 if up else 1.0 - tau / spot.t
    if x >= 2.0 or share <= 0.0:
        return np.inf, np.inf
    rate = spot.rate[branch.free]
    bend = 0.5 * kappa * spot.bend / (1.0 - x / 3.0)
    bend += float(np.linalg.norm(np.sqrt(2.0 * branch.l2[branch.lead :] / spot.t) * rate))
    off = tau * (tau * bend)  # a power of a float raises where it overflows, a product does not
    stretch = kappa * spot.widest
    z = stretch * np.exp(x) * off / share
    if z >= 1.0:
        return np.inf, np.inf
    y = -np.log1p(-z)
    distance = y / stretch if z > 1e-8 else np.exp(x) * off / share
    grown = np.expm1(y) / y if y > 1e-8 else 1.0
    return off + float(np.exp(x)) * grown * distance, float(distance)


def tighten(branch: Branch, spot: Spot, features: Indices) -> None:
    """Make the bounds of √V_j of some features as small as they can be."""
    columns = branch.problem.view.plain_columns(features)
    own = np.einsum("ij,i,ij->j", columns, spot.curved, columns)
    if not np.any(branch.l2):
        along = (spot.curved[:, None] * branch.columns).T @ columns
        root = half(spot.factor, along)
        left = own - np.einsum("ij,ij->j", root, root)
        own = np.maximum(left, 64.0 * EPS * len(branch.columns) * own)
    elif branch.lead:
        along = spot.curved @ columns
        own = np.maximum(own - along**2 / max(float(spot.curved.sum()), 1e-300), 64.0 * EPS * own)
    spot.spread[features] = np.minimum(np.sqrt(own), spot.spread[features])
    spot.tight[features] = True
