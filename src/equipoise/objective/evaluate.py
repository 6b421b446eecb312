"""Points of a problem of any loss."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.certificate import Certificate
from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.curved_proofs import certify as certify_curved
from equipoise.objective.intercepts import Intercepts
from equipoise.objective.measures import Measures
from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.objective.proofs import certify as certify_squares
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints

Array = NDArray[np.float64]


def evaluate(problem: Problem, strengths: Array, coef: Array, intercept: Array | None = None) -> Points:
    """Points of any coefficients (m, p) in the view's units, their pulls measured on the data.

    Parameters
    ----------
    problem : Problem
        The problem that they are to solve.
    strengths : (m,) array
        The strength of the penalty at each point.
    coef : (m, p) array
        Coefficients in the view's units.
    intercept : (m,) array, optional
        Intercepts in original units; by default the best ones.
    """
    if problem.loss.squared:
        return SquaresPoints.evaluate(cast("Squares", problem), strengths, coef, intercept)
    return CurvedPoints.evaluate(cast("Curved", problem), strengths, coef, intercept)


def stored(
    problem: Problem,
    strengths: Array,
    coef: Array,
    columns: NDArray[np.intp],
    intercept: Array,
    measures: Measures,
) -> tuple[Array, Measures]:
    """Intercepts as they are stored, (m,), and the measures of points with these.

    Parameters
    ----------
    problem : Problem
        The problem.
    strengths : (m,) array
        The strengths.
    coef : (m, k) array
        Coefficients of ``columns`` in original units.
    columns : (k,) index array
        The features that are ever non-zero.
    intercept : (m,) array
        Intercepts that the solver found.
    measures : Measures
        The measures at the best intercepts.
    """
    if not problem.loss.squared:
        return intercept, measures
    squares = cast("Squares", problem)
    found = Intercepts.of(squares, coef, columns=columns)
    null = squares.null_value(strengths)
    return found.values, measures.counting(found.shift, found.tolerance, null, squares.response_norm)


def certify(
    problem: Problem, strength: float, coef: Array, intercept: float, measures: Measures, index: int
) -> Certificate:
    """The certificate of one of the points that were measured.

    Parameters
    ----------
    problem : Problem
        The problem.
    strength : float
        The strength of its penalty.
    coef : (p,) array
        Coefficients in the view's units.
    intercept : float
        The intercept in original units.
    measures : Measures
        Measures of the batch of points that holds this one.
    index : int
        Index of the point in the batch.
    """
    if problem.loss.squared:
        return certify_squares(cast("Squares", problem), strength, coef, measures, index)
    curved = cast("Curved", problem)
    level = curved.level_of(coef / curved.view.scale, intercept)
    return certify_curved(curved, strength, curved.at(coef, level), measures, index)
