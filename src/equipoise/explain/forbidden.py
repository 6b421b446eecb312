"""The solution without some of the features, warm-started from the solution with them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.solve.path import solve_point
from equipoise.solve.squares.refine import Refiner
from equipoise.solve.squares.ridge import suits_ridge

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

TAKEN = 0.1  # share of a coefficient that a stand-in takes over


@dataclass(frozen=True, eq=False)
class Forbidden:
    """The solution when one feature is forbidden.

    Attributes
    ----------
    feature : int
        Index of the feature.
    points : Points
        The solution without it.
    threshold : float
        Its |pull| there, in original units: the l1 of its own that would have killed it.
    cost : float
        Increase of the objective.
    stand_ins : (k,) index array
        Features that enter the model, or that take over a tenth of its coefficient (in units of the columns'
        norms), those that take most first.
    alike : (k,) array
        Their correlations with the feature.
    """

    feature: int
    points: Points
    threshold: float
    cost: float
    stand_ins: Indices
    alike: Array


def forbid(points: Points, feature: int, index: int = 0) -> Forbidden:
    """Solve again without a feature, every penalty as it was.

    Parameters
    ----------
    points : Points
        Solutions of one problem.
    feature : int
        Index of the feature; its box must contain zero.
    index : int
        Which of the solutions to change.
    """
    strength = float(points.strengths[index])
    start = points.coef[index].copy()
    start[feature] = 0.0
    without = solve_again(without_features(points.problem, np.array([feature])), strength, start)
    before, after = points.objective()[index], without.objective()[0]
    norm = points.problem.view.norm
    was, now = np.abs(points.coef[index]) * norm, np.abs(without.coef[0]) * norm
    taken = (now - was) / was[feature]
    stand_ins = np.flatnonzero((taken >= TAKEN) | ((was == 0) & (now > 0)))
    stand_ins = stand_ins[np.argsort(-taken[stand_ins], kind="stable")]
    return Forbidden(
        feature,
        without,
        float(abs(without.pull[0, feature]) * points.problem.view.scale[feature]),
        max(float(after - before), 0.0),
        stand_ins,
        _correlations(points.problem, feature, stand_ins),
    )


def forbid_each(points: Points) -> list[Forbidden]:
    """Forbid in turn every penalised feature of the model whose box contains zero.

    Parameters
    ----------
    points : Points
        The solution, as the only point.
    """
    penalty = points.problem.penalty
    held = (penalty.null != 0) | penalty.unpenalised | ~penalty.moving
    return [forbid(points, int(j)) for j in np.flatnonzero((points.coef[0] != 0) & ~held)]


def _correlations(problem: Problem, feature: int, others: Indices) -> Array:
    """Cosines between the columns of the view, which are correlations where there is an intercept."""
    norm = problem.view.norm
    products = problem.view.columns(others).T @ problem.view.columns(np.array([feature]))[:, 0]
    return np.asarray(np.clip(products / (norm[others] * norm[feature]), -1.0, 1.0))


def without_features(problem: Problem, features: Indices) -> Problem:
    """The same problem with some coefficients held at zero."""
    lower, upper = problem.penalty.lower.copy(), problem.penalty.upper.copy()
    lower[features] = upper[features] = 0.0
    return problem.under(replace(problem.penalty, lower=lower, upper=upper))


def solve_again(problem: Problem, strength: float, start: Array) -> Points:
    """The solution at one strength, starting from coefficients (p,) near it."""
    if problem.whole or strength == 0 or suits_ridge(problem, strength):
        return solve_point(problem, strength)
    refiner = Refiner(problem)
    penalty = problem.penalty
    refiner.coef = start
    refiner.pull = problem.pull(problem.residual(start))
    refiner.admit((start != 0) | (penalty.null != 0) | ((penalty.l1 == 0) & penalty.moving))
    return refiner.at(strength)
