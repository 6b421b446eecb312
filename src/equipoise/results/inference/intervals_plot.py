"""Confidence intervals as a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from equipoise.show.labels import LITERAL, short
from equipoise.show.plots import BLUE, GREY, ORANGE, axes_for
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.inference.intervals import Intervals

MOST = 40  # intervals drawn


def draw_intervals(intervals: Intervals, ax: Any = None) -> Any:
    """A line for each interval; an infinite one runs to the edge and ends in an arrow.

    Of more than 40 intervals, those with the smallest p-values are drawn.
    """
    order = list(range(len(intervals.features)))
    if len(order) > MOST:
        order = sorted(order, key=lambda k: intervals.p_value[k])[:MOST]
    ax = axes_for(ax, size=(7.0, max(2.0, 0.9 + 0.24 * len(order))))
    ends = [
        float(value)
        for k in order
        for value in (intervals.lower[k], intervals.upper[k], intervals.estimate[k], intervals.coef[k], 0.0)
        if math.isfinite(value)
    ]
    low, high = min(ends, default=-1.0), max(ends, default=1.0)
    room = 0.05 * (high - low) or 1.0
    ax.set_xlim(low - room, high + room)
    ax.axvline(0.0, color=GREY, linewidth=0.8)
    for place, k in enumerate(order):
        lower, upper = float(intervals.lower[k]), float(intervals.upper[k])
        left, right = max(lower, low - room), min(upper, high + room)
        ax.plot([left, right], [place, place], color=BLUE, linewidth=1.6, clip_on=False)
        for value, marker, edge in ((lower, "<", left), (upper, ">", right)):
            if math.isinf(value):
                ax.plot([edge], [place], marker=marker, color=BLUE, clip_on=False)
    places = range(len(order))
    ax.plot([float(intervals.estimate[k]) for k in order], places, "o", color=BLUE, label="estimate")
    ax.plot([float(intervals.coef[k]) for k in order], places, "x", color=ORANGE, label="lasso")
    ax.set_yticks(places, [short(intervals.features[k]) for k in order], **LITERAL)
    ax.invert_yaxis()
    ax.set_xlabel("coefficient")
    given = "given what was selected" if intervals.method == "selective" else "each by itself"
    ax.set_title(f"{number(100 * intervals.level)} % intervals, {given}")
    ax.legend(frameon=False)
    return ax
