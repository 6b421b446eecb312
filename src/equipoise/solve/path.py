"""Solving at one strength or along a path of them, whatever the loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.objective.squares import Squares
from equipoise.solve import largest_strength as largest
from equipoise.solve.newton import path as newton
from equipoise.solve.squares import path as squares

Array = NDArray[np.float64]

TOGETHER = 128  # points in a batch …
MOST = 1 << 21  # … or numbers in their linear predictors …
WIDE = 1 << 20  # … or coefficients, which have to be copied


def solve_path(problem: Problem, strengths: Array, batch: int | None = None) -> Iterator[Points]:
    """Solve at each of a descending sequence of strengths; yields points in batches, in their order.

    Parameters
    ----------
    problem : Problem
        What to solve.
    strengths : (m,) array
        Descending.
    batch : int, optional
        Most strengths to solve before their points are yielded; without it, as many as is fastest.
    """
    if problem.loss.squared:
        return squares.solve_path(cast("Squares", problem), strengths, batch)
    found = newton.solve_path(cast("Curved", problem), strengths, batch)
    return found if batch is not None else _in_large_batches(found)


def _in_large_batches(batches: Iterator[CurvedPoints]) -> Iterator[CurvedPoints]:
    """The same points, in batches that are measured for less than each alone."""
    held: list[CurvedPoints] = []
    count = 0
    for points in batches:
        if points.columns is not None:
            yield from [CurvedPoints.join(held)] if held else []
            held, count = [], 0
            yield points
            continue
        held.append(points)
        count += len(points.strengths)
        full = count * points.eta.shape[1] >= MOST or count * points.coef.shape[1] >= WIDE
        if count >= TOGETHER or full:
            yield CurvedPoints.join(held)
            held, count = [], 0
    if held:
        yield CurvedPoints.join(held)


def solve_point(problem: Problem, strength: float = 1.0) -> Points:
    """Solve at one strength; the point is measured on the data themselves."""
    if problem.loss.squared:
        return squares.solve_point(cast("Squares", problem), strength)
    return newton.solve_point(cast("Curved", problem), strength)


def largest_strength(problem: Problem) -> float:
    """The smallest strength at which every feature with an l1 rests at its null value; 0 if none has one."""
    return largest.largest_strength(problem, solve_point)
