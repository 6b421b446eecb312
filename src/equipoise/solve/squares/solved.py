"""Solved points of a path in chunks, which wait to be handed on together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.measures import Measures
from equipoise.objective.points import Settled
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


class Verdict(NamedTuple):
    """What the check of a chunk found.

    Attributes
    ----------
    accepted : int
        How many of the leading points are solutions.
    measures : Measures
        What all points of the chunk measure. They cover the working set, and the features beyond it whose
        pull exceeds its limit by no more than rounding, so that the measures count that excess.
    settled : Settled
        Which features are proved zero.
    missing : index array
        Features that have to join the working set.
    """

    accepted: int
    measures: Measures
    settled: Settled
    missing: Indices


class Solved:
    """Solved points that wait to be handed on together.

    Attributes
    ----------
    count, cost : int and float
        How many they are, and what they cost, in numbers that went through the processor.
    """

    def __init__(self) -> None:
        self.count, self.cost = 0, 0.0
        self.parts: list[tuple[SquaresPoints, Verdict]] = []

    def add(self, points: SquaresPoints, verdict: Verdict, cost: float) -> None:
        """Take those points of a chunk that are solutions."""
        self.parts.append((points, verdict))
        self.count += verdict.accepted
        self.cost += cost

    def points(self, problem: Squares, columns: Indices) -> SquaresPoints:
        """All of them, on the columns that have joined the working set by now."""
        coef, row = np.zeros((self.count, len(columns))), 0
        for points, (accepted, *_) in self.parts:
            coef[row : row + accepted, : points.coef.shape[1]] = points.coef[:accepted]
            row += accepted
        nothing = np.zeros((self.count, 0))
        measures = [
            measures if accepted == len(measures.gap) else measures.of(slice(accepted))
            for _, (accepted, measures, *_) in self.parts
        ]
        return SquaresPoints(
            problem,
            np.concatenate([points.strengths[: verdict.accepted] for points, verdict in self.parts]),
            coef,
            nothing,
            np.zeros(self.count),
            nothing,
            np.zeros(self.count),
            columns=columns,
            settled=tuple(verdict.settled for _, verdict in self.parts),
            measures=Measures.join(measures, slice(None), nothing > 0),
        )
