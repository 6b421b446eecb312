"""The audit: whether coefficients, computed by any software, are the solution."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.explain.digits import half_units
from equipoise.explain.lost import lost_by
from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.evaluate import evaluate
from equipoise.objective.measures import PRECISION, ROUNDINGS
from equipoise.objective.penalty import Penalty
from equipoise.objective.points import Points
from equipoise.objective.problem import EPS, Problem
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.path import solve_point

Array = NDArray[np.float64]

SLACK = 1.0 + 1e-6  # half a unit, and what the solution itself may be off


@dataclass(frozen=True, eq=False)
class Findings:
    """What an audit found.

    Attributes
    ----------
    certificate : Certificate
        The certificate of the coefficients under audit.
    exact : Points
        The exact solution.
    excess : (p,) array
        Distance of each pull to its subgradient interval, in the units of the pull.
    share : (p,) array
        The excess ÷ the limit, or ÷ ‖x_j‖‖y − o‖ where rounding exceeds the limit.
    worst : int
        The feature with the largest share.
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
    exact: Points
    excess: Array
    share: Array
    worst: int
    lost: float
    wrong_zeros: NDArray[np.intp]
    wrong_nonzeros: NDArray[np.intp]
    pull: Array
    limit: Array
    violating: NDArray[np.bool_]
    null: float
    half_unit: Array


@np.errstate(all="ignore")  # far from a solution a loss may be infinite
def audit(problem: Problem, coef: Array, intercept: float | None) -> Findings:
    """Compare coefficients with the optimality conditions and the exact solution.

    Parameters
    ----------
    problem : Problem
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
    points = evaluate(problem.under(penalty), np.ones(1), given[None], shift)
    certificate = points.certify(found=False)
    exact = solve_point(problem).single(0)
    lost, half = lost_by(points, exact), half_units(coef)
    if not certificate.optimal and _is_rounded(points, exact, lost, coef, half, intercept):
        certificate = replace(certificate, status=Status.ROUNDED)
    limit, scale = penalty.limit(given), view.norm * problem.size
    distance = penalty.distance(given, points.pull[0])
    unit = np.where(limit > ROUNDINGS * EPS * scale, limit, scale)
    share = np.where(distance > 0, distance / np.where(np.isinf(unit), 1.0, unit), 0.0)
    null = float(problem.null_value(np.ones(1))[0])
    wrong_zeros, wrong_nonzeros = _wrong(points, certificate, exact)
    return Findings(
        certificate,
        exact,
        distance * view.scale,
        share,
        int(np.argmax(share)),
        min(max(lost, 0.0), certificate.gap),
        wrong_zeros,
        wrong_nonzeros,
        points.pull[0] * view.scale,
        limit * view.scale,
        _violating(points, penalty, certificate),
        null if null > (ROUNDINGS * EPS * problem.size) ** 2 else 0.0,
        half,
    )


def _violating(points: Points, penalty: Penalty, certificate: Certificate) -> NDArray[np.bool_]:
    """Features whose pull is out of balance by the rule of the certificate, (p,)."""
    problem, given, pull = points.problem, points.coef[0], points.pull[0]
    view, floor = problem.view, problem.floor
    if isinstance(problem, Curved):
        if certificate.optimal:
            return np.zeros(len(given), dtype=bool)
        eta = points.place(0).eta if isinstance(points, CurvedPoints) else problem.bare.eta
        terms = problem.kind.size(problem.response, eta)
        floor = EPS * view.norm * float(np.sqrt(problem.weigh(terms**2).sum()))
        return np.asarray(
            ~(penalty.excess(given, pull) <= np.maximum(PRECISION * penalty.finite_l1, ROUNDINGS * floor))
        )
    # Writing the coefficients as float64 counts.
    written = 0.5 * EPS * float(np.linalg.norm(given * view.norm)) * view.norm
    room = np.maximum(PRECISION * penalty.finite_l1, ROUNDINGS * floor)
    return np.asarray(~(penalty.excess(given, pull) + written <= room))


def _is_rounded(
    points: Points,
    exact: Points,
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
    near = evaluate(problem, np.ones(1), near.coef).single(0)
    if not near.certify().optimal and lost_by(near, exact) > ROUNDINGS * EPS * float(exact.objective()[0]):
        return False
    return _intercept_fits(points, near, coef, half, intercept)


def _intercept_fits(
    points: Points, solution: Points, coef: Array, apart: Array, intercept: float | None
) -> bool:
    """Whether the intercept is the solution's, or belongs to the coefficients as they stand, but for digits.

    ``apart`` (p,) is by how much the coefficients it belongs to may differ from those.
    """
    problem = points.problem
    if intercept is None or not problem.view.intercept:
        return True
    mean, shift, tolerance = _about_intercept(points)
    own = SLACK * float(half_units(np.append(coef, intercept))[-1]) + float(apart @ np.abs(mean))
    return min(abs(intercept - solution.intercept), abs(shift)) <= own + tolerance


def _about_intercept(points: Points) -> tuple[Array, float, float]:
    """How the best intercept moves with each coefficient, (p,), how far this one is from it, and rounding."""
    problem = points.problem
    view = problem.view
    if isinstance(points, SquaresPoints):
        assert points.intercepts is not None
        root = float(np.sqrt(view.weight))
        shift, tolerance = points.intercepts.shift[0], points.intercepts.tolerance[0]
        return view.mean, float(shift) / root, float(tolerance) / root
    assert isinstance(points, CurvedPoints)
    curved = points.problem.curvature(points.place(0).eta)
    mean = view.mean + problem.pull(curved) / curved.sum() * view.scale
    best = evaluate(problem, np.ones(1), points.coef)
    assert isinstance(best, CurvedPoints)
    level = float(points.level[0])
    size = abs(level) + float(np.abs(points.coef[0] / view.scale) @ np.abs(view.mean))
    return mean, level - float(best.level[0]), ROUNDINGS * EPS * (1.0 + size)


def _wrong(
    points: Points, certificate: Certificate, exact: Points
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
