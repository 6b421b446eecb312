"""A walk down a path that several ask about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from equipoise.objective.problem import Problem
from equipoise.solve.events import walk
from equipoise.solve.squares.crossing import Crossing
from equipoise.solve.squares.locate import SHARP

LOOSE = 1e-6  # to this the strengths of all changes are known: locating one takes longer than many a change
NEAR = 1e-9  # least distance, as a share of the strength, from which a change is located


class Walked:
    """The changes of one walk: whoever asks sees them from the first on, and each is found only once.

    Their strengths are loose; ``located`` finds one to the last digits.
    """

    def __init__(self, problem: Problem, start: float, stop: float) -> None:
        self._asked = (problem, start, stop)
        self._begin()

    def _begin(self) -> None:
        _, start, stop = self._asked
        self._met = list[Crossing]()
        self._ahead = walk(*self._asked, LOOSE) if start > stop else iter(())

    def __reduce__(self) -> tuple[type[Walked], tuple[Problem, float, float]]:
        return Walked, self._asked  # a walk under way cannot be pickled; it starts again

    def __iter__(self) -> Iterator[Crossing]:
        for place in count():
            if place == len(self._met):
                try:
                    self._met.append(next(self._ahead))
                except StopIteration:
                    return
                except BaseException:
                    self._begin()  # a walk that was interrupted cannot go on
                    raise
            yield self._met[place]


def located(problem: Problem, change: Crossing) -> Crossing | None:
    """A change with its strength to the last digits: the path about it is walked once more.

    None where a walk that begins so near does not meet it: rounding cannot tell the solutions there.
    """
    if change.accuracy <= SHARP:
        return change
    t, apart = change.strength, max(16.0 * change.accuracy, NEAR)
    again = [
        other
        for other in walk(problem, t * (1.0 + apart), t * (1.0 - apart))
        if (other.feature, other.kind, other.sign) == (change.feature, change.kind, change.sign)
    ]
    return min(again, key=lambda other: abs(other.strength - t), default=None)
