"""The way down a stretch of a path to its first end: in one step if it is straight, by Newton's if not.

With an l2, margins are smooth functions of the strength. A step goes to where the first of them would close
by its present rate; where one has closed on the way, or may have, the cubic through values and rates at both
ends of the step says where to look.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.solve.squares.crossing import GRAIN
from equipoise.solve.squares.stretch import Lost, Stretch

Array = NDArray[np.float64]

LEAP = 0.25  # largest relative fall in one step where the path is curved
CLOSE = 1e-7  # a relative step on which no other end is looked for
STILL = 1e-14  # a relative step in strength that is none
NEAR = 1e-11  # a relative step in strength that needs no further one
TOGETHER = 1e-9  # ends that rounding might have put in another order
MOST = 16  # most ends of which it is found out
TRIES = 60  # most points tried in search of the first end on a step
DIP = 0.1  # a margin that may have been less than this fraction of those at both ends is looked at


class End(NamedTuple):
    """The end of a stretch: which feature, at its upper end or not, at what strength and how accurate."""

    feature: int
    up: int
    strength: float
    accuracy: float = 0.0


class Mark(NamedTuple):
    """A strength, and the margins there and the rates at which they close."""

    t: float
    margin: Array
    close: Array


def descend(stretch: Stretch, stop: float) -> list[End]:
    """Go down a stretch to where it ends, or to ``stop``.

    Returns the first end, with those that fall together with it to rounding; none if it lasts to ``stop``.
    Raises Lost if rounding leaves no way down.
    """
    before = np.inf
    while True:
        here = Mark(stretch.t, *stretch.margins())
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = np.where(here.close > 0, here.margin / here.close, np.inf)
        length, last = float(steps.min(initial=np.inf)), here.t - stop
        # A short step that is followed by one about as long was rounding.
        noise = length <= CLOSE * here.t and length > 0.1 * before
        if noise or length <= (NEAR * here.t if stretch.curved else last + 1e-13 * here.t):
            return _together(steps, here.t)
        if here.t <= stop:
            return []
        step = min(length, last)
        if stretch.curved:
            step = min(step, LEAP * here.t)
        stretch.go(stop if step >= last else here.t - step)
        before = step
        if not stretch.curved:
            return []
        if step <= CLOSE * here.t:
            continue
        for _ in range(TRIES):
            share = _passed(stretch, here)
            if share is None:
                break
            stretch.go(here.t - share * (here.t - stretch.t))
        if not stretch.t < here.t * (1.0 - STILL):
            # Rounding leaves no first end: pass over what is no more than that.
            stretch.go(max(stop, here.t - step))
            if stretch.strays():
                raise Lost


def _together(steps: Array, t: float) -> list[End]:
    """The ends that come first, given the falls in strength to each."""
    flat = np.minimum(np.argsort(steps, axis=None)[:MOST], steps.size - 1)
    first = steps.flat[flat[0]]
    ends = [int(k) for k in flat if steps.flat[k] <= first + TOGETHER * t]
    p = steps.shape[1]
    return [End(k % p, k // p, t - float(steps.flat[k])) for k in ends]


def _passed(stretch: Stretch, above: Mark) -> float | None:
    """The part of a step after which a margin closes, or may; None if none did."""
    margin, close = stretch.margins()
    problem = stretch.problem
    norm = np.maximum(problem.view.norm, 1e-300)
    floor = np.where(stretch.side != 0, GRAIN * problem.response_norm / norm, 8.0 * problem.floor)
    negative = (margin < -floor) & (above.margin >= -floor)
    dips = (above.close > 0) & (close < 0) & (np.minimum(above.margin, margin) > floor)
    which = np.nonzero((negative | dips) & np.isfinite(margin))
    if not len(which[0]):
        return None
    h = above.t - stretch.t
    a, b = above.margin[which], margin[which]
    down, up = -above.close[which] * h, -close[which] * h
    s = np.linspace(0.0, 1.0, 65)[1:, None]
    cubic = ((2 * s - 3) * s * s + 1) * a + ((s - 2) * s + 1) * s * down
    cubic = cubic + (3 - 2 * s) * s * s * b + (s - 1) * s * s * up
    shares = []
    for k in range(len(a)):
        path, lowest = cubic[:, k], int(np.argmin(cubic[:, k]))
        if negative[which][k]:
            past = int(np.argmax(path < 0))
            before = path[past - 1] if past else max(a[k], 0.0)
            shares.append((past + before / max(before - path[past], 1e-300)) / 64)
        elif path[lowest] < DIP * min(a[k], b[k]):
            shares.append((lowest + 1) / 64)
    share = min(shares, default=None)
    return None if share is None or share >= 1.0 else max(share, 1e-3)
