"""The fit of a path with at most so many features, at the exact strength where one more would enter."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from equipoise.data.arguments.messages import count as counted
from equipoise.objective.problem import EPS
from equipoise.results.event import Event
from equipoise.results.fit.result import Fit
from equipoise.results.path.path_file import data_of
from equipoise.solve.events import walk
from equipoise.solve.path import largest_strength, solve_point
from equipoise.solve.squares.crossing import Crossing

if TYPE_CHECKING:
    from equipoise.results.path.result import Path


def fit_with_at_most(path: Path, k: int) -> Fit:
    """The fit at the smallest strength down to which at most k coefficients are non-zero."""
    if not isinstance(k, int | np.integer) or isinstance(k, bool) or k < 0:
        raise ValueError(f"k is {k!r}: pass a whole number of features, 0 or more")
    strength, step = _last_strength(path, int(k)), EPS
    fit = path.at(strength)
    # A strength that rounding has put below that of the entry lets the feature in.
    while len(fit.support) > k:
        step *= 2.0
        strength += step * (strength or float(path.strengths.max()) or 1.0)
        fit = path.at(strength)
    return fit


def _last_strength(path: Path, k: int) -> float:
    """The strength at which feature k + 1 enters, or the smallest of the path if it does not."""
    high, low = float(path.strengths.max()), float(path.strengths.min())
    changes: Iterable[Event] | Iterable[Crossing]
    if path.kept is not None and path.kept.events is not None:
        changes = path.kept.events
        count = int(np.count_nonzero(path.values[np.argmax(path.strengths)]))
    else:
        problem = data_of(path, "best(), unless its events were read before it was saved,").problem
        high = max(high, 2.0 * largest_strength(problem))
        changes = walk(problem, high, low)
        count = int(np.count_nonzero(solve_point(problem, high).coef))
    if count > k:
        raise ValueError(
            f"k is {k}, but even at the strength {high:g} the model has {counted(count, 'feature')} (without "
            f"an l1, or kept from zero by bounds): pass {count} or more"
        )
    steps = ((change.strength, (change.kind == "enters") - (change.kind == "leaves")) for change in changes)
    for strength, together in groupby(steps, lambda step: step[0]):
        count += sum(step for _, step in together)
        if count > k:
            return float(strength)
    return low
