"""The audit: whether coefficients, computed by any software, are the solution."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.explain.digits import half_units
from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.measures import PRECISION, ROUNDINGS
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.squares.path import solve_point

Array = NDArray[np.float64]

SLACK = 1.0 + 1e-6  # half a unit, and what the solution itself may be off


@dataclass(frozen=True, eq=False)
class Findings:
    """What an audit found.

    Attributes
    ----------
    certificate : Certificate
        The certificate of the coefficients under audit.
    exact : SquaresPoints
        The exact solution.
    excess : (p,) array
        Distance of each pull to its subgradient interval, in the units of the pull.
    worst : int
        The feature with the largest violation.
    lost : float
        Objective at the coefficients under audit less the objective at the solution.
    wrong_zeros, wrong_nonzeros : index arrays
        Features that are zero here but not in the solution, and non-zero here but zero in the solution.
    pull, limit : (p,) arrays
        ``x_jᵀr`` and ``l1_j + 2·l2_j|w_j|`` at the coefficients under audit, in original units.
    violating : (p,) bool array
        Whether a pull is out of balance, by the rule of the certificate.
    null : float
        Objective of the null model; 0 where that is rounding.
    half_unit : (p,) array
        Half a unit of the last digit in which each coefficient was given.
    """

    certificate: Certificate
    exact: SquaresPoints
    excess: Array
    worst: int
    lost: float
    wrong_zeros: NDArray[np.intp]
    wrong_nonzeros: NDArray[np.intp]
    pull: Array
    limit: Array
    violating: NDArray[np.bool_]
    null: float
    half_unit: Array


def audit(problem: Squares, coef: Array, intercept: float | None) -> Findings:
    """Compare coefficients with the optimality conditions and the exact solution.

    Parameters
    ----------
    problem : Squares
        The problem they should solve.
    coef : (p,) array
        The coefficients, in original units; beyond a bound by no more than their digits explain.
    intercept : float or None
        Their intercept; None where the model has none.
    """
    view = problem.view
    # In an audit constant columns are not held at zero: a coefficient on one costs its penalty.
    penalty = problem.asked
    given = np.clip(coef * view.scale, penalty.lower, penalty.upper)
    shift = None if intercept is None else np.array([intercept])
    points = SquaresPoints.evaluate(problem.under(penalty), np.ones(1), given[None], shift)
    certificate = points.certify(found=False)
    exact = solve_point(problem).single(0)
    lost, half = _lost(points, exact), half_units(coef)
    if not certificate.optimal and _is_rounded(points, exact, lost, coef, half, intercept):
        certificate = replace(certificate, status=Status.ROUNDED)
    unit = np.where(penalty.l1 > 0, penalty.l1, view.norm * problem.response_norm)
    distance = penalty.distance(given, points.pull[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(distance > 0, distance / np.where(np.isinf(unit), 1.0, unit), 0.0)
    # By the rule of the certificate: writing the coefficients as float64 counts.
    room = np.maximum(PRECISION * penalty.finite_l1, ROUNDINGS * problem.floor)
    written = 0.5 * EPS * float(np.linalg.norm(given * view.norm)) * view.norm
    null = float(problem.null_value(np.ones(1))[0])
    wrong_zeros, wrong_nonzeros = _wrong(points, certificate, exact)
    return Findings(
        certificate,
        exact,
        distance * view.scale,
        int(np.argmax(share)),
        min(max(lost, 0.0), certificate.gap),
        wrong_zeros,
        wrong_nonzeros,
        points.pull[0] * view.scale,
        penalty.limit(given) * view.scale,
        ~(penalty.excess(given, points.pull[0]) + written <= room),
        null if null > (ROUNDINGS * EPS * problem.response_norm) ** 2 else 0.0,
        half,
    )


def _lost(points: SquaresPoints, exact: SquaresPoints) -> float:
    """Objective at the coefficients less that at the solution.

    As a sum of terms none of which is negative at a solution, it loses no digits where it is small:
    ½‖Ã(w − w*)‖² + Σ_j [l1_j(|w_j| − |w*_j|) + l2_j(w_j² − w*_j²) − u*_j(w_j − w*_j)], u* the pull at w*.
    """
    problem = points.problem
    w, best, pull = points.coef[0], exact.coef[0], exact.pull[0]
    step = w - best
    fitted = problem.view.predict(step)
    l1 = np.where(step == 0, 0.0, problem.penalty.l1)
    with np.errstate(invalid="ignore"):
        terms = l1 * (np.abs(w) - np.abs(best)) + (problem.penalty.l2 * (w + best) - pull) * step
    shift = 0.0 if points.intercepts is None else float(points.intercepts.shift[0])
    return float(0.5 * (fitted @ fitted + shift**2) + terms.sum())


def _is_rounded(
    points: SquaresPoints,
    exact: SquaresPoints,
    lost: float,
    coef: Array,
    half: Array,
    intercept: float | None,
) -> bool:
    """Whether a solution, rounded to the digits that the coefficients show, gives them.

    Where the solution is not unique, it is looked for between the numbers that round to them.
    """
    problem = exact.problem
    proof = exact.certify()
    if not proof.optimal and lost <= ROUNDINGS * EPS * float(exact.objective()[0]):
        return True  # no better one is to be had in float64
    best = exact.coef[0] / problem.view.scale
    if np.all(np.abs(coef - best) <= SLACK * half + 2.0 * EPS * np.abs(best)):
        clipped = np.abs(coef - points.coef[0] / problem.view.scale)
        return _intercept_fits(points, exact, coef, clipped, intercept)
    if proof.unique:
        return False
    low, high = ((coef + side * SLACK * half) * problem.view.scale for side in (-1.0, 1.0))
    asked = problem.penalty
    low, high = np.clip(low, asked.lower, asked.upper), np.clip(high, asked.lower, asked.upper)
    near = solve_point(problem.under(replace(asked, lower=low, upper=high)))
    near = SquaresPoints.evaluate(problem, np.ones(1), near.coef).single(0)
    if not near.certify().optimal and _lost(near, exact) > ROUNDINGS * EPS * float(exact.objective()[0]):
        return False
    return _intercept_fits(points, near, coef, half, intercept)


def _intercept_fits(
    points: SquaresPoints, solution: SquaresPoints, coef: Array, apart: Array, intercept: float | None
) -> bool:
    """Whether the intercept is the solution's, or belongs to the coefficients as they stand, but for digits.

    ``apart`` (p,) is by how much the coefficients it belongs to may differ from those.
    """
    problem = points.problem
    if intercept is None or points.intercepts is None:
        return True
    root = float(np.sqrt(problem.view.weight))
    own = SLACK * float(half_units(np.append(coef, intercept))[-1]) + float(apart @ np.abs(problem.view.mean))
    allowed = own + float(points.intercepts.tolerance[0]) / root
    off = min(abs(intercept - solution.intercept), abs(float(points.intercepts.shift[0])) / root)
    return off <= allowed


def _wrong(
    points: SquaresPoints, certificate: Certificate, exact: SquaresPoints
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The wrong zeros and wrong non-zeros.

    None if the coefficients are a solution, or one but for their digits. Where the solution is not unique,
    those zeros that the solution found does not have, and those non-zeros that no solution has.
    """
    given, solution = points.coef[0] != 0, exact.coef[0] != 0
    if certificate.status is not Status.NOT_OPTIMAL:
        nothing = np.zeros(0, dtype=np.intp)
        return nothing, nothing
    proof = exact.certify()
    surplus = given & (~solution if proof.unique else proof.zeros_proved)
    return np.flatnonzero(solution & ~given), np.flatnonzero(surplus)
