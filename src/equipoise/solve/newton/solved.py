"""Solved points that wait to be handed on, and measured, together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.curved_measures import calm
from equipoise.objective.curved_points import CurvedPoints

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

TOGETHER = 128  # points in a batch …
MOST = 1 << 21  # … or numbers in their linear predictors …
WIDE = 1 << 22  # … or pulls


class Part(NamedTuple):
    """Some points: strengths, coefficients of some features, levels, linear predictors, and all pulls.

    ``force`` (p,) is the largest |pull| ÷ strength of each feature, at these points or more.
    """

    strengths: Array
    indices: Indices
    coef: Array
    level: Array
    eta: Array
    pull: Array
    force: Array


def is_full(problem: Curved, parts: list[Part], batch: int | None) -> bool:
    """Whether the parts are more than a batch, of ``batch`` points or as many as is fastest."""
    count = sum(len(part.strengths) for part in parts)
    rows, columns = problem.view.shape
    return count > (batch or TOGETHER) or count * rows > MOST or count * columns > WIDE


def join(problem: Curved, parts: list[Part], *, whole: bool = False) -> CurvedPoints:
    """The points of all parts, without the features that are calm at all of them unless ``whole``."""
    p = problem.view.shape[1]
    force, moved = np.zeros(p), np.zeros(p, dtype=bool)
    for part in parts:
        moved[part.indices[part.coef.any(axis=0)]] = True
        np.maximum(force, part.force, out=force)
    columns = np.arange(p) if whole else np.flatnonzero(~calm(problem, force, moved))
    strengths, level, eta = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("strengths", "level", "eta")
    )
    at = np.full(p, -1)
    at[columns] = np.arange(len(columns))
    coef, row = np.zeros((len(strengths), len(columns))), 0
    for part in parts:
        used = at[part.indices] >= 0
        coef[row : row + len(part.coef), at[part.indices[used]]] = part.coef[:, used]
        row += len(part.coef)
    every = len(columns) == p
    pull = np.concatenate([part.pull if every else part.pull[:, columns] for part in parts])
    return CurvedPoints(problem, strengths, coef, pull, level, eta, columns=None if every else columns)
