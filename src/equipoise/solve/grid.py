"""The strengths of a path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.sizes import refuse_many
from equipoise.objective.problem import Problem
from equipoise.solve.path import largest_strength

Array = NDArray[np.float64]

BYTES = 17  # of a feature at one strength: its coefficient, its pull, and whether its zero is proved


def default_ratio(problem: Problem) -> float:
    """Last strength of a path ÷ its first: 1e-4 where there are more rows than columns, else 1e-2."""
    return 1e-4 if problem.rows > problem.view.shape[1] else 1e-2


def default_strengths(problem: Problem, count: int, ratio: float | None) -> Array:
    """Log-spaced strengths, (count,), descending from the smallest that kills every penalised feature.

    Parameters
    ----------
    problem : Problem
        What is to be solved at them.
    count : int
        How many strengths.
    ratio : float or None
        The last ÷ the first; None for :func:`default_ratio`.
    """
    if not np.any((problem.penalty.l1 > 0) & np.isfinite(problem.penalty.l1) | (problem.view.norm == 0)):
        raise ValueError("a path without an l1 has no largest strength to start from: pass strengths")
    refuse_long_grid("count", count, problem.view.shape[1])
    # Where the response pulls on no feature, every strength has the same solution and any grid will do.
    largest = largest_strength(problem) or 1.0
    grid = np.geomspace(largest, largest * (default_ratio(problem) if ratio is None else ratio), count)
    grid[0] = largest
    return grid


def refuse_long_grid(name: str, count: object, features: int) -> None:
    """Refuse, as the argument ``name``, more strengths than memory holds solutions."""
    refuse_many(name, count, BYTES * (features + 1), f"solutions for {features} features")
