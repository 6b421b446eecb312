"""Fits of some features without a penalty, whatever the loss: for relaxed models, pilots and dispersions."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.curved import Curved, Place
from equipoise.objective.no_solution import receding_direction
from equipoise.objective.null_model import fit_unpenalised
from equipoise.objective.problem import Problem
from equipoise.objective.squares import Squares
from equipoise.select.least_squares import refit, without_penalty
from equipoise.solve.path import solve_point

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

PERFECT = 1e-6  # of a row's loss at the intercept alone: what is left where it may recede without end


class Unpenalised(NamedTuple):
    """A fit without a penalty on some of the features.

    Attributes
    ----------
    coef : (p,) array
        Coefficients in the view's units; all others rest at their null value.
    intercept : float
        The intercept in original units.
    unique : bool
        Whether it is the only one, if there is one.
    finite : bool
        Whether there is one: not where the features kept separate the responses.
    separating : index array
        Where there is none, few features that separate them together.
    """

    coef: Array
    intercept: float
    unique: bool
    finite: bool
    separating: Indices = np.zeros(0, dtype=np.intp)


def fit_kept(problem: Problem, kept: Flags, start: Place | None = None) -> Unpenalised:
    """Fit the features ``kept``, (p,), within their bounds, without l1 and l2.

    Parameters
    ----------
    problem : Problem
        The data.
    kept : (p,) bool array
        The features; the others rest at their null value.
    start : Place, optional
        A point near the fit, of a problem that is not of squared loss.
    """
    if problem.loss.squared:
        squares = cast("Squares", problem)
        coef, unique = refit(squares, kept)
        return Unpenalised(coef, float(squares.original(coef)[1]), unique, True)
    return _newton(cast("Curved", problem), kept, start or cast("Curved", problem).bare)


@one_blas_thread()
def _newton(problem: Curved, kept: Flags, start: Place) -> Unpenalised:
    """By Newton's method; by the solver where a bound holds a coefficient back."""
    view, penalty = problem.view, problem.penalty
    used = np.flatnonzero(kept & (view.norm > 0))
    coef = np.where(kept, start.coef, penalty.null)
    columns = view.plain_columns(used)
    place = problem.at(coef, start.level)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        step = fit_unpenalised(
            problem.kind, problem.response, place.eta, columns, problem.weights, view.intercept
        )
    coef[used] += step.coef
    level = place.level + step.level
    if not (np.isfinite(coef).all() and np.isfinite(level)) or _suspicious(problem, step.eta):
        direction = receding_direction(
            problem.kind,
            problem.response,
            columns,
            penalty.lower[used],
            penalty.upper[used],
            view.intercept,
        )
        if direction is not None:
            none = np.where(kept, 0.0, penalty.null)
            return Unpenalised(none, np.nan, True, False, used[direction[0] != 0])
    full = columns if not view.intercept else np.column_stack([columns, np.ones(len(columns))])
    unique = bool(np.linalg.matrix_rank(full) == full.shape[1]) if full.shape[1] else True
    if np.any((coef < penalty.lower) | (coef > penalty.upper)):
        point = solve_point(without_penalty(problem, kept))
        found, intercept = point.original()
        return Unpenalised(np.asarray(found[0] * view.scale), float(intercept[0]), unique, True)
    intercepts = problem.intercepts((coef / view.scale)[None], np.array([level]))
    return Unpenalised(coef, float(intercepts[0]), unique, True)


def _suspicious(problem: Curved, eta: Array) -> bool:
    """Whether some row that may recede without end is fitted as if it did."""
    y, loss = problem.response, problem.kind
    falling, rising = loss.receding(y)
    with np.errstate(over="ignore", invalid="ignore"):
        left, bare = loss.value(y, eta), loss.value(y, problem.bare.eta)
    return bool(np.any((falling | rising) & ~(left > PERFECT * bare)))
