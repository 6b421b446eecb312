"""Stability selection as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.show.labels import LITERAL, short
from equipoise.show.plots import BLUE, GREY, KEPT, axes_for
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.inference.stability import Stability

Array = NDArray[np.float64]

MOST = 30  # bars drawn
NAMED = 10  # lines with a name
LINE = 0.04  # height of a name, as a share of the picture's


def draw_stability(stability: Stability, ax: Any = None) -> Any:
    """Draw frequencies against the cutoff: a bar for each feature, or its line over the strengths."""
    order = stability._ranked
    if stability.path_frequency is None or stability.strengths is None:
        ax = _bars(stability, order[:MOST], ax)
    else:
        ax = _lines(stability, order, stability.strengths, stability.path_frequency, ax)
    ax.set_title(f"at most {number(stability.bound, 3)} false selections expected")
    ax.legend(frameon=False)
    return ax


def _bars(stability: Stability, order: list[int], ax: Any) -> Any:
    selected = set(stability.support.tolist())
    ax = axes_for(ax, size=(7.0, max(2.0, 0.8 + 0.24 * len(order))))
    ax.barh(
        range(len(order)),
        [float(stability.frequency[j]) for j in order],
        color=[KEPT if j in selected else GREY for j in order],
    )
    ax.set_yticks(range(len(order)), [short(stability.features[j]) for j in order], **LITERAL)
    ax.invert_yaxis()
    ax.axvline(stability.cutoff, color=BLUE, linestyle="--", label=_cutoff(stability))
    ax.set_xlim(0, 1)
    ax.set_xlabel("share of halves that select the feature")
    return ax


def _lines(stability: Stability, order: list[int], strengths: Array, frequency: Array, ax: Any) -> Any:
    selected = set(stability.support.tolist())
    ax = axes_for(ax)
    for j in reversed(order):
        ax.plot(
            strengths,
            frequency[j],
            color=KEPT if j in selected else GREY,
            linewidth=1.6 if j in selected else 0.7,
            marker="." if len(strengths) < 2 else None,
        )
    weakest = int(strengths.argmin())
    named = [j for j in order if j in selected][:NAMED]
    height = 1.0 + LINE
    for j in sorted(named, key=lambda j: -frequency[j, weakest]):
        # A name that would overlap the one before it is moved below that one.
        height = min(height - LINE, float(frequency[j, weakest]))
        place, name = (float(strengths[weakest]), height), short(stability.features[j])
        ax.annotate(name, place, xytext=(4, 0), textcoords="offset points", fontsize=8, **LITERAL)
    ax.axhline(stability.cutoff, color=BLUE, linestyle="--", label=_cutoff(stability))
    if strengths.min() > 0:
        ax.set_xscale("log")
    ax.invert_xaxis()
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("strength of the penalty (stronger on the left)")
    ax.set_ylabel("share of halves that select the feature")
    return ax


def _cutoff(stability: Stability) -> str:
    return f"cutoff {number(stability.cutoff, 3)}"
