"""The changes of the active set along a path, whatever the loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from equipoise.objective.curved import Curved
from equipoise.objective.problem import Problem
from equipoise.objective.squares import Squares
from equipoise.solve import curved_events
from equipoise.solve.squares import homotopy
from equipoise.solve.squares.crossing import Crossing
from equipoise.solve.squares.locate import SHARP


def walk(problem: Problem, start: float, stop: float, sharp: float = SHARP) -> Iterator[Crossing]:
    """Yield all changes of the active set one by one, as the strength falls from ``start`` to ``stop``.

    Of squared loss a strength that rounding may have moved by more than the fraction ``sharp`` is found anew
    on the data; of other losses all are found on them.
    """
    if problem.loss.squared:
        return homotopy.walk(cast("Squares", problem), start, stop, sharp)
    return curved_events.walk(cast("Curved", problem), start, stop)


def crossings(problem: Problem, start: float, stop: float) -> list[Crossing]:
    """All changes of the active set as the strength falls from ``start`` to ``stop``."""
    return list(walk(problem, start, stop))
