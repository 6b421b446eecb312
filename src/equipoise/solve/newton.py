"""Newton's method for every smooth loss: weighted least squares at a point, solved exactly, in turn.

At a point with residuals r and curvatures h of the rows the loss is ½ Σ s h (z − η)² to second order,
z = η + r/h. Its minimum with the penalty is the next point, if the objective falls enough on the way there
(Lee, Sun & Saunders, 2014, *SIAM J. Optim.* 24); a curvature too small to divide by is raised, which changes
the way and not the end: at a solution Σ s h (z − η) x = Σ s r x whatever h.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved, Place
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.solve.squares import path as squares

Array = NDArray[np.float64]

AIM = 1e-10  # fraction of its limit by which a pull may exceed it
ROUNDS = 100
HALVINGS = 40
LEAST = 1e-9  # a curvature below this share of the largest is raised to it


def solve_path(problem: Curved, strengths: Array, batch: int | None = None) -> Iterator[CurvedPoints]:
    """Solve at each of a descending sequence of strengths, each from the one before."""
    place = problem.null
    for t in map(float, strengths):
        place = _solve(problem, t, place)
        yield CurvedPoints.of(problem, np.array([t]), [place])


def solve_point(problem: Curved, strength: float = 1.0) -> CurvedPoints:
    """Solve at one strength."""
    return CurvedPoints.of(problem, np.array([strength]), [_solve(problem, strength, problem.null)])


def _solve(problem: Curved, strength: float, place: Place) -> Place:
    """The solution at a strength, from another point on."""
    penalty = problem.penalty.at(strength)
    value = problem.value(place.eta) + float(penalty.value(place.coef))
    best, before = place, np.inf
    for _ in range(ROUNDS):
        worst = _imbalance(problem, penalty, place)
        if worst <= 1.0 or (worst < 1e3 and worst > 0.5 * before):
            return place if worst <= before else best
        best, before = place, worst
        moved = _step(problem, penalty, place)
        place, value = _search(problem, penalty, place, moved, value)
    return place


def _imbalance(problem: Curved, penalty: Penalty, place: Place) -> float:
    """The largest distance of a pull to its interval, in units of what is aimed at."""
    residual = problem.residual(place.eta)
    terms = problem.weigh(problem.kind.size(problem.response, place.eta))
    floor = 8.0 * EPS * problem.view.norm * np.sqrt(terms @ terms)
    distance = np.where(penalty.moving, penalty.distance(place.coef, problem.pull(residual)), 0.0)
    worst = float(np.max(distance / (AIM * penalty.finite_l1 + floor + 1e-300), initial=0.0))
    if problem.view.intercept:
        worst = max(worst, abs(float(residual.sum())) / (8.0 * EPS * float(terms.sum()) + 1e-300))
    return worst


def _step(problem: Curved, penalty: Penalty, place: Place) -> Place:
    """The minimum of the weighted least squares at a point."""
    y, view = problem.response, problem.view
    curved = np.maximum(problem.kind.curvature(y, place.eta), 0.0)
    curved = np.maximum(curved, LEAST * float(curved.max(initial=0.0)))
    fitted = place.eta if problem.offset is None else place.eta - problem.offset
    target = fitted + problem.kind.residual(y, place.eta) / curved
    there = Squares.build(
        view.design,
        target,
        penalty.scaled(1.0 / view.scale),
        weights=problem.weigh(curved),
        intercept=view.intercept,
    )
    point = squares.solve_point(there, 1.0)
    w, intercept = there.original(point.coef)
    return problem.at(w[0] * view.scale, problem.level_of(w[0], float(intercept[0])))


def _search(
    problem: Curved, penalty: Penalty, place: Place, moved: Place, value: float
) -> tuple[Place, float]:
    """The point on the way to another at which the objective has fallen enough, and its objective."""
    pull = problem.pull(problem.residual(place.eta))
    change = moved.coef - place.coef
    slope = float(penalty.value(moved.coef) - penalty.value(place.coef) - pull @ change)
    slope -= float(problem.residual(place.eta).sum()) * (moved.level - place.level)
    share = 1.0
    for _ in range(HALVINGS):
        if share == 1.0:
            there = moved
        else:
            there = problem.at(place.coef + share * change, place.level + share * (moved.level - place.level))
        with np.errstate(over="ignore", invalid="ignore"):
            new = problem.value(there.eta) + float(penalty.value(there.coef))
        if new <= value + 1e-4 * share * min(slope, 0.0) or abs(slope) <= 1e-12 * abs(value):
            return there, new
        share *= 0.5
    return place, value
