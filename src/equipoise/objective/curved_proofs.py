"""From the measures of a point of any smooth loss to its certificate.

*Support.* With E all features that are not proved zero, H = Z_EᵀSHZ_E + 2 diag(l2), R = max_i √(z_iᵀH⁻¹z_i)
and d the smallest number with 1 − e^(−τ)(1 + τ) > (κR)²g, τ = κRd: ``|w_j − w*_j| ≤ d √((H⁻¹)_jj)``. Where H
is positive definite here it is so everywhere, as no curvature vanishes that does not vanish here: there is
one solution only. With an l2 of its own ``|w_j − w*_j| ≤ √(g/l2_j)``, too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.curved import Curved, Place
from equipoise.objective.hessian import Hessian
from equipoise.objective.measures import PRECISION, Measures
from equipoise.objective.no_solution import separating

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

SATURATED = 1e-9  # a residual of this share of the response, or of its mean, is nothing
TINY = 1e-300


def certify(
    problem: Curved, strength: float, place: Place, measures: Measures, index: int, *, found: bool = True
) -> Certificate:
    """The certificate of one point, from its measures.

    Parameters
    ----------
    problem : Curved
        The problem.
    strength : float
        The strength of its penalty.
    place : Place
        The point.
    measures : Measures
        Measures of the batch of points that holds this one.
    index : int
        Index of the point in the batch.
    found : bool
        Whether a solver of the library found the point: an imbalance is then due to rounding.
    """
    gap, zeros = float(measures.gap[index]), measures.zeros_proved[index]
    unique, nonzeros = prove_nonzeros(problem, strength, place, zeros, gap)
    loose = problem.penalty.lax and measures.relative_gap[index] > PRECISION
    if not measures.balanced[index]:
        status = Status.NUMERICAL if found else Status.NOT_OPTIMAL
    elif loose or not measures.precise[index]:
        status = Status.AT_PRECISION
    else:
        status = Status.OPTIMAL if unique else Status.NOT_UNIQUE
        if unique and saturated(problem, place) and len(separating(problem, place)):
            status = Status.SATURATED
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


def saturated(problem: Curved, place: Place) -> bool:
    """Whether every mean is its response, to within 1e-9 of the larger of that and the mean response."""
    y, weights = problem.response, problem.weights
    with np.errstate(over="ignore", invalid="ignore"):
        off = np.abs(y - problem.kind.mean(place.eta))
    small = off <= SATURATED * np.maximum(y, np.average(y, weights=weights))
    return bool(np.all(small if weights is None else small | (weights == 0)))


def prove_nonzeros(
    problem: Curved, strength: float, place: Place, zeros: Flags, gap: float
) -> tuple[bool, Flags]:
    """Whether the solution is proved unique, and the features that are non-zero at every solution."""
    held = ~problem.penalty.moving
    nonzero: Flags = held & (place.coef != 0)
    # Columns of zeros are moved by their penalties alone, and by nothing where they have none.
    flat = problem.view.norm == 0
    settled = (problem.penalty.l1 > 0) | (problem.penalty.l2 > 0)
    nonzero |= flat & settled & (problem.penalty.null != 0)
    open_ = np.flatnonzero((~zeros | (place.coef != 0)) & ~held & ~flat)
    decided = bool(np.all(held | settled | ~flat))
    if not len(open_):
        return decided, nonzero
    l2 = strength * problem.penalty.l2[open_]
    with np.errstate(over="ignore", divide="ignore"):
        away = np.where(l2 > 0, np.sqrt(max(gap, TINY) / l2) * (1 + 1e-9), np.inf)
        hessian = Hessian.of(problem, open_, place.eta, strength)
    unique = hessian is not None or bool(np.all(l2 > 0))
    if hessian is None and not unique and bool(l2.any()):
        unique = Hessian.of(problem, open_[l2 == 0], place.eta, strength) is not None
    if hessian is not None:
        rate = problem.kind.kappa * hessian.reach * np.sqrt(hessian.slack)
        inverse = np.square(hessian.half).sum(axis=0)[int(problem.view.intercept) :] * hessian.slack
        away = np.minimum(away, farthest(rate, max(gap, TINY)) * np.sqrt(inverse))
    nonzero[open_] = np.abs(place.coef[open_]) > away
    return unique and decided, nonzero


def farthest(rate: float, gap: float) -> float:
    """The smallest d with 1 − e^(−τ)(1 + τ) > rate²·gap, τ = rate·d; √(2 gap) at rate 0, ∞ for none."""
    if rate == 0:
        return float(np.sqrt(2.0 * gap))
    goal = rate * rate * gap
    if not goal < 1.0:
        return np.inf

    def part(tau: float) -> float:
        if tau < 1e-3:
            return tau * tau * (0.5 - tau / 3.0)
        return float(1.0 - np.exp(-tau) * (1.0 + tau))

    low, high = 0.0, 1.0
    while part(high) <= goal:
        high *= 2.0
        if high > 1e3:
            return np.inf
    while high - low > 1e-9 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if part(middle) <= goal else (low, middle)
    return float(high / rate * (1.0 + 1e-9))
