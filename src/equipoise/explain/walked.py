"""A walk down a path that several ask about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from equipoise.objective.problem import Problem
from equipoise.solve.events import walk
from equipoise.solve.squares.crossing import Crossing


class Walked:
    """The changes of one walk: whoever asks sees them from the first on, and each is found only once."""

    def __init__(self, problem: Problem, start: float, stop: float) -> None:
        self._asked = (problem, start, stop)
        self._begin()

    def _begin(self) -> None:
        _, start, stop = self._asked
        self._met = list[Crossing]()
        self._ahead = walk(*self._asked) if start > stop else iter(())

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
