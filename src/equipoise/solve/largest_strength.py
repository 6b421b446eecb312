"""The strength from which on every feature with an l1 rests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.points import Points
from equipoise.objective.problem import EPS, Problem

Array = NDArray[np.float64]


def largest_strength(problem: Problem, solve: Callable[[Any, float], Points]) -> float:
    """The smallest strength at which every feature with an l1 rests at its null value; 0 if none has one.

    Where all others are unpenalised it is the largest |pull_j| ÷ (l1_j + 2·l2_j|null_j|) of the null model.

    Parameters
    ----------
    problem : Problem
        What is to be solved.
    solve : callable
        Solves such a problem at a strength.
    """
    penalty = problem.penalty
    resting = penalty.moving & (penalty.l1 > 0)
    if not np.any(resting):
        return 0.0
    if not np.any(penalty.moving & ~resting & ~penalty.unpenalised):
        return _strength_to_rest(problem, resting, problem.null_pull)
    return _bisect_strength(problem, resting, solve)


def _strength_to_rest(problem: Problem, resting: NDArray[np.bool_], pull: Array) -> float:
    """The strength that holds the features at their null value against this pull."""
    penalty, null = problem.penalty, problem.penalty.null
    rising = np.where((penalty.upper > 0) & (null >= 0), pull, 0.0)
    falling = np.where((penalty.lower < 0) & (null <= 0), -pull, 0.0)
    outward = np.maximum(rising, falling)
    outward = np.where(outward > ROUNDINGS * problem.floor, outward, 0.0)[resting]
    return float(np.max(outward / penalty.limit(null)[resting], initial=0.0))


def _bisect_strength(
    problem: Problem, resting: NDArray[np.bool_], solve: Callable[[Any, float], Points]
) -> float:
    """As :func:`largest_strength`, where features without an l1 have an l2 or a box.

    They move with the strength, and so do the pulls on the features that rest: t is the root of
    needed(t) = t, with needed(t) the strength that holds the latter against the others solved at t.
    """
    others = problem.under(problem.penalty.hold(resting))

    def needed(strength: float) -> float:
        return _strength_to_rest(problem, resting, solve(others, strength).pull[0])

    high = max(needed(0.0), needed(1.0))
    while needed(high) > high:
        high *= 2.0
    low, nothing = 0.0, EPS * high
    while high - low > 4.0 * EPS * high and high > nothing:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if needed(middle) > middle else (low, middle)
    # Where the others fit everything as the strength vanishes, no pull is left.
    return high if high > nothing else 0.0
