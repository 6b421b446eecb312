"""Least squares at one strength or along a path, by the method that suits penalty and shape of the data.

- No l1, more columns than rows or nearly dependent ones: singular values (squares/ridge).
- Otherwise, where the Gram matrix is formed: the kernel on all of it.
- Otherwise, where an l1 keeps most features at zero: chunks of strengths (squares/chunks).
- Else strength by strength on a growing set of columns (squares/refine).

In the last two, Newton's method on the dual (squares/newton) takes the place of the kernel where an l2 leaves
far more coefficients than rows off zero.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice, takewhile

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.measures import PRECISION, ROUNDINGS, Measures
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.largest_strength import largest_strength
from equipoise.solve.squares.chunks import ChunkedPath, suits_chunks
from equipoise.solve.squares.refine import AIM, Refiner
from equipoise.solve.squares.ridge import inside_box, solve_in_box, solve_ridge, suits_ridge

Array = NDArray[np.float64]

# Strengths × columns² that are solved between two chances to interrupt.
PATIENCE = 10**8
# Coefficients of a ridge path that are evaluated together.
TOGETHER = 10**6
# The kernel's outcome where rounding keeps it from settling.
EXHAUSTED = 2
# A predicted pull of this fraction of its limit takes a column into the working set.
NEAR = 0.98


@one_blas_thread()
def solve_path(problem: Squares, strengths: Array, batch: int | None = None) -> Iterator[SquaresPoints]:
    """Solve at each of a descending sequence of strengths; yields points in batches, in their order.

    Parameters
    ----------
    problem : Squares
        What to solve.
    strengths : (m,) array
        Descending.
    batch : int, optional
        Most strengths to solve before their points are yielded; without it, as many as is fastest.
    """
    with closing(_batches(problem, strengths, batch)) as batches:
        while (points := _next_of(problem, batches)) is not None:
            yield points


@one_blas_thread()
def _next_of(problem: Squares, batches: Iterator[SquaresPoints]) -> SquaresPoints | None:
    """The next batch of points of a problem; None after the last."""
    return next(batches, None)


def _batches(problem: Squares, strengths: Array, batch: int | None) -> Generator[SquaresPoints, None, None]:
    """The batches of :func:`solve_path`."""
    strengths = np.ascontiguousarray(strengths)  # the kernel reads no others
    ridge = _ridge_path(problem, strengths, batch)
    if ridge is not None:
        yield from ridge
    elif problem.whole:
        refiner = Refiner(problem)
        step = len(strengths) if batch is None else batch
        for start in range(0, len(strengths), step):
            yield _in_moments(refiner, strengths[start : start + step])
    else:
        done = 0
        positive = strengths[strengths > 0]
        if len(positive) and suits_chunks(problem):
            for points in ChunkedPath(problem).path(positive, batch):
                yield points
                done += len(points.strengths)
        if done < len(strengths):
            yield from _in_working_sets(problem, strengths[done:])


def solve_point(problem: Squares, strength: float = 1.0) -> SquaresPoints:
    """Solve at one strength; the point is measured on the data themselves."""
    ridge = _ridge_path(problem, np.array([strength]), 1)
    if ridge is not None:
        return next(ridge)
    if problem.whole:
        refiner = Refiner(problem)
        refiner.pull = problem.response_pull
        null = problem.penalty.null
        if np.any(null):
            refiner.pull = refiner.pull - problem.gram @ null
        return refiner.at(strength)
    descent = np.array([strength])
    largest = largest_strength(problem, solve_point)
    if strength < largest:
        steps = 2 + int(np.log2(largest / max(strength, 1e-3 * largest)) * 1.5)
        first = max(strength, 1e-3 * largest)
        descent = np.unique(np.append(np.geomspace(largest, first, steps), strength))[::-1]
    *_, last = _in_working_sets(problem, descent)
    return last


def _ridge_path(problem: Squares, strengths: Array, batch: int | None) -> Iterator[SquaresPoints] | None:
    """Points of a ridge regression by singular values; None if it needs none, or no bounds are settled on."""
    if not suits_ridge(problem, float(strengths[-1])):
        return None
    found = solve_ridge(problem, strengths)
    if problem.penalty.boxed:
        inside = list(takewhile(partial(inside_box, problem), found))
        if len(inside) < len(strengths):
            inside = list(solve_in_box(problem, strengths))
        if len(inside) < len(strengths):
            return None
        found = iter(inside)
    step = min(batch or len(strengths), max(1, TOGETHER // problem.view.shape[1]))
    parts = (strengths[start : start + step] for start in range(0, len(strengths), step))
    return (SquaresPoints.evaluate(problem, part, np.array(list(islice(found, len(part))))) for part in parts)


def _in_moments(refiner: Refiner, strengths: Array) -> SquaresPoints:
    """Solve at all strengths on the whole Gram matrix; the data are read only where rounding leaves doubt.

    With c = Ãᵀỹ and G = ÃᵀÃ the pulls are c − Gw, and ‖r‖² = ‖ỹ‖² − wᵀ(c + pull).
    """
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
    points = SquaresPoints.of(problem, strengths, coef, pull, rss)
    measures = points.measure()
    doubtful = _doubtful(refiner, points, measures, outcome)
    for i in np.flatnonzero(doubtful):
        refiner.coef, refiner.pull = coef[i], pull[i]
        single = refiner.at(float(strengths[i]), measured=False)
        coef[i], pull[i], rss[i] = single.coef[0], single.pull[0], single.rss[0]
    if problem.unpenalised_basis is not None:
        # The pulls left on unpenalised columns are too small to be computed from moments.
        return SquaresPoints.evaluate(problem, strengths, coef)
    if doubtful.any():
        return SquaresPoints.of(problem, strengths, coef, pull, rss)
    return replace(points, measures=measures)


def _doubtful(
    refiner: Refiner, points: SquaresPoints, measures: Measures, outcome: NDArray[np.intc]
) -> NDArray[np.bool_]:
    """Points at which the kernel did not settle, or whose pulls, taken from moments, may not be balanced.

    Such a pull errs by up to 4·eps·‖x_j‖(‖y − o‖ + Σ_k ‖x_k‖|w_k|). That has to be less than half of what is
    asked of any pull, max(1e-9·t·l1_j, 64·eps·‖x_j‖‖y − o‖), and half of that is then left for its distance.
    """
    problem, strengths = points.problem, points.strengths
    norm, l1 = problem.view.norm, problem.penalty.l1
    error = 4.0 * EPS * (problem.response_norm + np.abs(points.coef) @ norm)
    least = float(np.min(l1[norm > 0] / norm[norm > 0], initial=np.inf))
    least = least if np.isfinite(least) else 0.0
    asked = 0.5 * np.maximum(PRECISION * strengths * least, ROUNDINGS * EPS * problem.response_norm)
    doubtful = (outcome == EXHAUSTED) | (error > asked)
    # The violation is relative to l1_j, and says all where every feature has one.
    unsure = ~doubtful & ~(measures.balanced & (measures.violation <= 0.5 * PRECISION) & (least > 0))
    for i in np.flatnonzero(unsure):
        excess = refiner.excess(float(strengths[i]), points.coef[i], points.pull[i])
        doubtful[i] = bool((excess > 0.5 / AIM).any())
    return np.asarray(doubtful)


def _in_working_sets(problem: Squares, strengths: Array) -> Iterator[SquaresPoints]:
    """Solve strength by strength on a growing set of columns, each confirmed by one pass over the data."""
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
            # Between two entries pulls are almost linear in t: admit what is to reach its limit by t.
            (t_0, pull_0), (t_1, pull_1) = history
            predicted = pull_1 + (t - t_1) / (t_1 - t_0) * (pull_1 - pull_0)
            refiner.admit(np.abs(predicted) > NEAR * penalty.at(t).l1)
        points = refiner.at(t)
        if not history or t < history[-1][0]:
            history = [*history[-1:], (t, refiner.pull)]
        yield points
