"""Paths of any smooth loss, and single points."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.solve.newton.chunks import Chunks

Array = NDArray[np.float64]


def solve_path(problem: Curved, strengths: Array, batch: int | None = None) -> Iterator[CurvedPoints]:
    """Solve at each of a descending sequence of strengths, in chunks of at most ``batch``."""
    yield from Chunks(problem).path(strengths, batch)


def solve_point(problem: Curved, strength: float = 1.0) -> CurvedPoints:
    """Solve at one strength."""
    (points,) = Chunks(problem).path(np.array([strength]), None)
    return points
