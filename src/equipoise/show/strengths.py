"""Strengths on an axis: the position of one, and lines that mark some of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from equipoise.show.labels import LITERAL, fraction, room
from equipoise.show.plots import DARK
from equipoise.show.tables import number


def share_of(ax: Any, strength: float) -> float:
    """Position of a strength on the x axis, as a share of its length from the left; limits must be final."""
    return float(fraction(ax, np.array([strength]), across=True)[0])


def mark_strengths(ax: Any, mark: float | Mapping[str, float] | None) -> dict[str, Any]:
    """Draw lines at strengths, named along the top, and make room for the names; returns the lines by name.

    A ValueError refuses a strength outside the axis.
    """
    if mark is None:
        return {}
    if isinstance(mark, Mapping):
        named = {f"{name}: {number(float(t), 3)}": float(t) for name, t in mark.items()}
    else:
        named = {number(float(mark), 3): float(mark)}
    left, right = sorted(ax.get_xlim())
    for t in named.values():
        if not left <= t <= right:
            raise ValueError(
                f"mark {number(t)} lies outside the path: pass a strength from {number(left)} to "
                f"{number(right)}"
            )
    low, high = ax.get_ylim()
    height = room(ax)
    ax.set_ylim(low, high + (high - low) * height * len(named) / max(1.0 - height * len(named), 0.5))
    lines = {}
    for row, (text, t) in enumerate(named.items()):
        lines[text] = ax.axvline(t, color=DARK, linestyle=(0, (4, 3)), linewidth=1.0, zorder=1.2)
        place = share_of(ax, t)
        right_of = place < 0.6
        ax.annotate(
            text,
            (place, 1.0 - height * (row + 0.5)),
            xycoords="axes fraction",
            xytext=(4 if right_of else -4, 0),
            textcoords="offset points",
            ha="left" if right_of else "right",
            va="center",
            fontsize=8,
            color=DARK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            zorder=4,
            **LITERAL,
        )
    return lines
