"""Solving at one strength or along a path of them, by whichever regime fits the shape of the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.measures import PRECISION, ROUNDINGS
from equipoise.objective.points import Points
from equipoise.objective.problem import EPS, Problem
from equipoise.solve.squares.chunks import ChunkedPath, suits_chunks
from equipoise.solve.squares.refine import AIM, Refiner
from equipoise.solve.squares.ridge import solve_ridge, suits_ridge

Array = NDArray[np.float64]

# Strengths × columns² that are solved without a look at whether somebody wants to interrupt it.
PATIENCE = 10**8
# A predicted pull of this fraction of its limit takes a column into the working set.
NEAR = 0.98


def solve_path(problem: Problem, strengths: Array, batch: int | None = None) -> Iterator[Points]:
    """Solve at each of a descending sequence of strengths; yields points in batches, in their order.

    Parameters
    ----------
    problem : Problem
        What to solve.
    strengths : (m,) array
        Descending.
    batch : int, optional
        Strengths after which somebody wants to see what there is.
    """
    if all(suits_ridge(problem, float(t)) for t in strengths):
        for t in map(float, strengths):
            yield _at(problem, t, solve_ridge(problem, t))
    elif problem.whole:
        refiner = Refiner(problem)
        step = len(strengths) if batch is None else batch
        for start in range(0, len(strengths), step):
            yield _in_moments(refiner, np.ascontiguousarray(strengths[start : start + step]))
    else:
        done = 0
        positive = strengths[strengths > 0]
        if len(positive) and suits_chunks(problem):
            for points in ChunkedPath(problem).path(positive):
                yield points
                done += len(points.strengths)
        if done < len(strengths):
            yield from _in_working_sets(problem, strengths[done:])


def solve_point(problem: Problem, strength: float = 1.0) -> Points:
    """Solve at one strength; the point is measured on the data themselves."""
    if suits_ridge(problem, strength):
        return _at(problem, strength, solve_ridge(problem, strength))
    if problem.whole:
        refiner = Refiner(problem)
        refiner.pull = problem.response_pull
        null = problem.penalty.null
        if np.any(null):
            refiner.pull = refiner.pull - problem.gram @ null
        return refiner.at(strength)
    descent = np.array([strength])
    largest = largest_strength(problem)
    if strength < largest:
        steps = 2 + int(np.log2(largest / max(strength, 1e-3 * largest)) * 1.5)
        first = max(strength, 1e-3 * largest)
        descent = np.unique(np.append(np.geomspace(largest, first, steps), strength))[::-1]
    *_, last = _in_working_sets(problem, descent)
    return last


def largest_strength(problem: Problem) -> float:
    """The smallest strength at which every feature with an l1 rests at its null value; 0 if there is none."""
    penalty = problem.penalty
    resting = penalty.moving & (penalty.l1 > 0)
    if not np.any(resting):
        return 0.0
    if not np.any(penalty.moving & ~resting & ~penalty.unpenalised):
        return _strength_to_rest(problem, resting, problem.null_pull)
    return _bisect_strength(problem, resting)


def _strength_to_rest(problem: Problem, resting: NDArray[np.bool_], pull: Array) -> float:
    """The strength that holds the features at their null value against this pull."""
    penalty, null = problem.penalty, problem.penalty.null
    rising = np.where((penalty.upper > 0) & (null >= 0), pull, 0.0)
    falling = np.where((penalty.lower < 0) & (null <= 0), -pull, 0.0)
    outward = np.maximum(rising, falling)
    outward = np.where(outward > ROUNDINGS * problem.floor, outward, 0.0)[resting]
    return float(np.max(outward / penalty.limit(null)[resting], initial=0.0))


def _bisect_strength(problem: Problem, resting: NDArray[np.bool_]) -> float:
    """As :func:`largest_strength`, where features with an l2 or a box only move as the strength does."""
    penalty, null = problem.penalty, problem.penalty.null
    lower = np.where(resting, null, penalty.lower)
    upper = np.where(resting, null, penalty.upper)
    others = problem.under(replace(penalty, lower=lower, upper=upper))

    def needed(strength: float) -> float:
        return _strength_to_rest(problem, resting, solve_point(others, strength).pull[0])

    high = max(needed(0.0), needed(1.0))
    while needed(high) > high:
        high *= 2.0
    low, nothing = 0.0, EPS * high
    while high - low > 4.0 * EPS * high and high > nothing:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if needed(middle) > middle else (low, middle)
    # Where the others fit everything as the strength vanishes, nothing is left to hold.
    return high if high > nothing else 0.0


def _at(problem: Problem, strength: float, coef: Array) -> Points:
    return Points.evaluate(problem, np.array([strength]), coef[None])


def _in_moments(refiner: Refiner, strengths: Array) -> Points:
    """All strengths on the whole Gram matrix; nothing of the length of the data, except in doubt."""
    problem = refiner.problem
    m, p = len(strengths), problem.view.shape[1]
    response_pull = problem.response_pull
    coef, outcome = np.empty((m, p)), np.empty(m, dtype=np.intc)
    step = max(1, PATIENCE // p**2)
    for start in range(0, m, step):
        part = slice(start, start + step)
        refiner.working.kernel.path(response_pull, strengths[part], coef[part], outcome[part])
    used = coef.any(axis=0)
    if 4 * used.sum() > p:
        pull = response_pull - coef @ problem.gram
    else:
        pull = response_pull - coef[:, used] @ problem.gram[used]
    total = problem.total
    rss = np.maximum(total - np.einsum("ij,ij->i", coef, pull + response_pull), 0.0)

    # A pull from moments errs by a few roundings of Σ_k ‖x_j‖‖x_k‖|w_k|: where that is not well within what
    # is asked, or the kernel did not settle, the data themselves decide.
    points = Points.of(problem, strengths, coef, pull, rss)
    norm, l1 = problem.view.norm, problem.penalty.l1
    error = 4.0 * EPS * (problem.response_norm + np.abs(coef) @ norm)
    limit = float(np.min(l1[norm > 0] / norm[norm > 0], initial=np.inf))
    limit = limit if np.isfinite(limit) else 0.0
    asked = 0.5 * np.maximum(PRECISION * strengths * limit, ROUNDINGS * EPS * problem.response_norm)
    measures = points.measure()
    doubtful = (outcome == 2) | (error > asked)
    unsure = ~doubtful & ~(measures.balanced & (measures.violation <= 0.5 * PRECISION) & (limit > 0))
    for i in np.flatnonzero(unsure):
        excess = refiner.excess(float(strengths[i]), coef[i], pull[i])
        doubtful[i] = bool((excess > 0.5 / AIM).any())
    for i in np.flatnonzero(doubtful):
        refiner.coef, refiner.pull = coef[i], pull[i]
        single = refiner.at(float(strengths[i]), measured=False)
        coef[i], pull[i], rss[i] = single.coef[0], single.pull[0], single.rss[0]
    if problem.unpenalised_basis is not None:
        # What these columns could still take is too little to be read off moments.
        return Points.evaluate(problem, strengths, coef)
    if doubtful.any():
        return Points.of(problem, strengths, coef, pull, rss)
    return replace(points, measures=measures)


def _in_working_sets(problem: Problem, strengths: Array) -> Iterator[Points]:
    """Strength by strength on a growing set of columns, each confirmed by one pass over the data."""
    refiner = Refiner(problem)
    penalty = problem.penalty
    refiner.coef = penalty.null
    residual = problem.residual(refiner.coef) if np.any(refiner.coef) else problem.response
    refiner.pull = problem.pull(residual)
    always = (penalty.l1 == 0) & penalty.moving & (penalty.l2 == 0)
    if always.sum() <= problem.view.shape[0]:
        refiner.admit(always)
    history: list[tuple[float, Array]] = []
    for t in map(float, strengths):
        if len(history) == 2:
            # Pulls move almost linearly between two entries: admit what will reach its limit by t.
            (t_0, pull_0), (t_1, pull_1) = history
            predicted = pull_1 + (t - t_1) / (t_1 - t_0) * (pull_1 - pull_0)
            refiner.admit(np.abs(predicted) > NEAR * penalty.at(t).l1)
        points = refiner.at(t)
        if not history or t < history[-1][0]:
            history = [*history[-1:], (t, refiner.pull)]
        yield points
