"""The audit: whether coefficients, computed by any software, are the solution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.certificate import Certificate
from equipoise.objective.measures import PRECISION, ROUNDINGS
from equipoise.objective.points import Points
from equipoise.objective.problem import EPS, Problem
from equipoise.solve.path import solve_point

Array = NDArray[np.float64]


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
    worst : int
        The feature with the largest violation.
    lost : float
        Objective at the coefficients under audit less the objective at the solution.
    wrong_zeros, wrong_nonzeros : index arrays
        Features that are zero here but not in the solution, and non-zero here but zero in the solution.
    pull, limit : (p,) arrays
        ``x_jᵀr`` and ``l1_j + 2·l2_j|w_j|`` at the coefficients under audit, in original units.
    violating : (p,) bool array
        Whether a pull leaves its interval by more than 1e-9 of its limit and more than rounding.
    null : float
        Objective of the null model; 0 where that is rounding.
    """

    certificate: Certificate
    exact: Points
    excess: Array
    worst: int
    lost: float
    wrong_zeros: NDArray[np.intp]
    wrong_nonzeros: NDArray[np.intp]
    pull: Array
    limit: Array
    violating: NDArray[np.bool_]
    null: float


def audit(problem: Problem, coef: Array, intercept: float | None) -> Findings:
    """Compare coefficients with the optimality conditions and the exact solution.

    Parameters
    ----------
    problem : Problem
        The problem they should solve.
    coef : (p,) array
        The coefficients, in original units.
    intercept : float or None
        Their intercept; None where the model has none.
    """
    given = coef * problem.view.scale
    # In an audit constant columns are not held at zero: a coefficient on one costs its penalty.
    penalty = problem.asked
    shift = None if intercept is None else np.array([intercept])
    points = Points.evaluate(problem.under(penalty), np.ones(1), given[None], shift)
    certificate = points.certify(found=False)
    exact = solve_point(problem)
    unit = np.where(penalty.l1 > 0, penalty.l1, problem.view.norm * problem.response_norm)
    distance = penalty.distance(points.coef[0], points.pull[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(distance > 0, distance / np.where(np.isinf(unit), 1.0, unit), 0.0)
    scale = problem.view.scale
    violating = (share > PRECISION) & (distance > ROUNDINGS * problem.floor)
    lost = float((points.objective() - exact.objective())[0])
    null = float(problem.null_value(np.ones(1))[0])
    wrong_zeros, wrong_nonzeros = _wrong(points, certificate, exact)
    return Findings(
        certificate,
        exact,
        distance * scale,
        int(np.argmax(share)),
        min(max(lost, 0.0), certificate.gap),
        wrong_zeros,
        wrong_nonzeros,
        points.pull[0] * scale,
        penalty.limit(points.coef[0]) * scale,
        violating,
        null if null > (ROUNDINGS * EPS * problem.response_norm) ** 2 else 0.0,
    )


def _wrong(
    points: Points, certificate: Certificate, exact: Points
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The wrong zeros and wrong non-zeros.

    Where the solution is not unique: none if the coefficients are optimal themselves, else those zeros that
    the solution found does not have, and those non-zeros that no solution has.
    """
    given, solution = points.coef[0] != 0, exact.coef[0] != 0
    proof = exact.certify()
    if not proof.unique:
        nothing = np.zeros(0, dtype=np.intp)
        if certificate.optimal:
            return nothing, nothing
        return np.flatnonzero(solution & ~given), np.flatnonzero(given & proof.zeros_proved)
    return np.flatnonzero(solution & ~given), np.flatnonzero(given & ~solution)
