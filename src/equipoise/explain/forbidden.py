"""The solutions without one feature of a model each, warm-started from the solution with all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.path import solve_point
from equipoise.solve.squares.refine import Refiner
from equipoise.solve.squares.ridge import suits_ridge
from equipoise.solve.squares.working_set import WorkingSet

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SomeProblem = TypeVar("SomeProblem", bound=Problem)

TAKEN = 0.1  # share of a coefficient that a stand-in takes over

NEAR = 0.9  # a pull of this fraction of its limit takes a column into the working set
AT_ONCE = 16  # features that may leave the model in one step towards a solution
FIRST = 1.0 / 64  # the first step, of the whole way


@dataclass(frozen=True, eq=False)
class Forbidden:
    """What happens when one feature is forbidden.

    Attributes
    ----------
    feature : int
        Index of the feature.
    threshold : float
        Its |pull| then, in original units: the l1 of its own that would have killed it.
    cost : float
        Increase of the objective.
    stand_ins : (k,) index array
        Features that enter the model, or that take over a tenth of its coefficient (in units of the columns'
        norms), those that take most first.
    alike : (k,) array
        Their correlations with the feature.
    """

    feature: int
    threshold: float
    cost: float
    stand_ins: Indices
    alike: Array


def forbid_each(points: Points, progress: Callable[[int], None] | None = None) -> list[Forbidden]:
    """Forbid in turn every penalised feature of the model whose box contains zero, every penalty as it was.

    Parameters
    ----------
    points : Points
        The solution, as the only point.
    progress : callable, optional
        Called with the number of features done.
    """
    problem, coef = points.problem, points.coef[0]
    penalty = problem.penalty
    held = (penalty.null != 0) | penalty.unpenalised | ~penalty.moving
    before, norm = float(points.objective()[0]), problem.view.norm
    nearby, found = neighbours(points), []
    for j in np.flatnonzero((coef != 0) & ~held).tolist():
        without = nearby.without(j)
        was, now = np.abs(coef) * norm, np.abs(without.coef[0]) * norm
        taken = (now - was) / was[j]
        stand_ins = np.flatnonzero((taken >= TAKEN) | ((was == 0) & (now > 0)))
        stand_ins = stand_ins[np.argsort(-taken[stand_ins], kind="stable")]
        found.append(
            Forbidden(
                j,
                float(abs(without.pull[0, j]) * problem.view.scale[j]),
                max(float(without.objective()[0]) - before, 0.0),
                stand_ins,
                np.clip(nearby.products(j, stand_ins) / (norm[stand_ins] * norm[j]), -1.0, 1.0),
            )
        )
        if progress is not None:
            progress(len(found))
    return found


class Afresh:
    """The solutions of one problem with a feature held at zero, each solved by itself.

    Parameters
    ----------
    points : Points
        The solution with every feature, as the only point.
    """

    def __init__(self, points: Points) -> None:
        self.problem, self.strength = points.problem, float(points.strengths[0])

    def without(self, feature: int) -> Points:
        """The solution without a feature."""
        return solve_point(without_features(self.problem, np.array([feature])), self.strength)

    def products(self, feature: int, others: Indices) -> Array:
        """Inner products of a feature's column and others: correlations, where there is an intercept."""
        columns = self.problem.view.columns(np.array([feature]))
        return np.asarray(self.problem.view.columns(others).T @ columns[:, 0])


def neighbours(points: Points) -> Afresh | Nearby:
    """The solutions without a feature, by what is fastest."""
    if not isinstance(points, SquaresPoints):
        return Afresh(points)
    strength = float(points.strengths[0])
    afresh = strength == 0 or suits_ridge(points.problem, strength)
    return Afresh(points) if afresh else Nearby(points)


class Nearby:
    """The same of least squares, on columns that are gathered once for all.

    Parameters
    ----------
    points : SquaresPoints
        The solution with every feature, as the only point.
    """

    def __init__(self, points: SquaresPoints) -> None:
        self.problem, self.points = points.problem, points
        self.working = WorkingSet(self.problem)
        penalty = self.problem.penalty
        self.strength = float(points.strengths[0])
        start = (points.coef[0] != 0) | (penalty.null != 0) | ((penalty.l1 == 0) & penalty.moving)
        start |= np.abs(points.pull[0]) > NEAR * penalty.at(self.strength).l1
        if not self.problem.whole:
            self.working.add(np.flatnonzero(start))

    def without(self, feature: int) -> SquaresPoints:
        """The solution without a feature."""
        problem, start = self.problem, self.points.coef[0].copy()
        other = without_features(problem, np.array([feature]))
        refiner = Refiner(other, self.working.under(other))
        size, start[feature] = start[feature], 0.0
        refiner.coef = start
        if problem.whole:
            refiner.pull = self.points.pull[0] + size * problem.gram[feature]
        else:
            refiner.pull = problem.pull(refiner.working.residual(start))
        refiner.working.begin(start)
        self._approach(refiner, feature, size)
        found = refiner.at(self.strength)
        self.working = refiner.working  # with the columns that have joined it
        return found

    def _approach(self, refiner: Refiner, feature: int, size: float) -> None:
        """Lead the kernel to the solution without a feature, its coefficient falling from ``size`` to 0.

        Each step takes it to where about so many others, by the slopes of the last step, have reached zero.
        """
        problem, working, left = self.problem, refiner.working, 1.0
        before, step = self.points.coef[0], FIRST
        while left > 0.0:
            left = max(left - step, 0.0)
            members = working.indices
            share = np.zeros(len(before))
            share[members] = left * size * working.products(feature, members)
            coef = working.solve(self.strength, refiner.coef, refiner.pull - share)
            with np.errstate(divide="ignore", invalid="ignore"):
                reach = -coef[members] * step / (coef - before)[members]
            ahead = np.sort(reach[(coef[members] != 0) & (reach > 0.0)])
            before, step = coef, float(ahead[AT_ONCE]) if len(ahead) > AT_ONCE else 1.0
            if left > 0.0 and not problem.whole:
                there = coef.copy()
                there[feature] = left * size
                excess = refiner.excess(self.strength, coef, problem.pull(working.residual(there)))
                refiner.admit(excess > 1.0, excess)

    def products(self, feature: int, others: Indices) -> Array:
        """Inner products of a feature's column and others: correlations, where there is an intercept."""
        return self.working.products(feature, others)


def without_features(problem: SomeProblem, features: Indices) -> SomeProblem:
    """The same problem with some coefficients held at zero."""
    lower, upper = problem.penalty.lower.copy(), problem.penalty.upper.copy()
    lower[features] = upper[features] = 0.0
    return problem.under(replace(problem.penalty, lower=lower, upper=upper))
