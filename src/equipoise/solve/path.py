"""Solving at one strength or along a path of them, whatever the loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.objective.squares import Squares
from equipoise.solve import largest_strength as largest
from equipoise.solve.newton import path as newton
from equipoise.solve.squares import path as squares

Array = NDArray[np.float64]


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
    return newton.solve_path(cast("Curved", problem), strengths, batch)


def solve_point(problem: Problem, strength: float = 1.0) -> Points:
    """Solve at one strength; the point is measured on the data themselves."""
    if problem.loss.squared:
        return squares.solve_point(cast("Squares", problem), strength)
    return newton.solve_point(cast("Curved", problem), strength)


def largest_strength(problem: Problem) -> float:
    """The smallest strength at which every feature with an l1 rests at its null value; 0 if none has one."""
    return largest.largest_strength(problem, solve_point)
