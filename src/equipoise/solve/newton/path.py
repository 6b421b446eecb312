"""Paths of any smooth loss, and single points."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.solve.newton.chunks import Chunks
from equipoise.solve.newton.solved import Part, is_full, join

Array = NDArray[np.float64]


def solve_path(problem: Curved, strengths: Array, batch: int | None = None) -> Iterator[CurvedPoints]:
    """Solve at each of a descending sequence of strengths, in batches of at most ``batch``."""
    held: list[Part] = []
    for part in Chunks(problem).path(strengths, batch):
        if held and is_full(problem, [*held, part], batch):
            yield join(problem, held)
            held = []
        held.append(part)
    if held:
        yield join(problem, held)


def solve_point(problem: Curved, strength: float = 1.0) -> CurvedPoints:
    """Solve at one strength."""
    return join(problem, list(Chunks(problem).path(np.array([strength]), None)), whole=True)
