"""Stability selection as a picture."""

from __future__ import annotations

from typing import Any, Protocol

from equipoise.show.labels import LITERAL, short
from equipoise.show.plots import BLUE, GREY, ORANGE, axes_for
from equipoise.show.tables import number

MOST = 30  # bars
NAMED = 10  # lines that carry their names
LINE = 0.04  # of the height of the picture, for a name


class _Stability(Protocol):
    @property
    def features(self) -> tuple[str, ...]: ...
    @property
    def frequency(self) -> Any: ...
    @property
    def support(self) -> Any: ...
    @property
    def cutoff(self) -> float: ...
    @property
    def bound(self) -> float: ...
    @property
    def strengths(self) -> Any: ...
    @property
    def path_frequency(self) -> Any: ...


def draw_stability(stability: _Stability, ax: Any = None) -> Any:
    """Frequencies against the cutoff: a bar a feature, or a line a feature over the strengths.

    Parameters
    ----------
    stability : Stability
        What to draw.
    ax : matplotlib axes, optional
        Where to draw.
    """
    selected = set(stability.support.tolist())
    order = sorted(
        (j for j, share in enumerate(stability.frequency.tolist()) if share > 0),
        key=lambda j: (-stability.frequency[j], j),
    )
    label = f"cutoff {number(stability.cutoff, 3)}"
    if stability.path_frequency is None:
        shown = order[:MOST]
        ax = axes_for(ax, size=(7.0, max(2.0, 0.8 + 0.24 * len(shown))))
        ax.barh(
            range(len(shown)),
            [float(stability.frequency[j]) for j in shown],
            color=[BLUE if j in selected else GREY for j in shown],
        )
        ax.set_yticks(range(len(shown)), [short(stability.features[j]) for j in shown], **LITERAL)
        ax.invert_yaxis()
        ax.axvline(stability.cutoff, color=ORANGE, linestyle="--", label=label)
        ax.set_xlim(0, 1)
        ax.set_xlabel("share of halves that select the feature")
    else:
        ax = axes_for(ax)
        for j in reversed(order):
            ax.plot(
                stability.strengths,
                stability.path_frequency[j],
                color=BLUE if j in selected else GREY,
                linewidth=1.6 if j in selected else 0.7,
                marker="." if len(stability.strengths) < 2 else None,
            )
        weakest = int(stability.strengths.argmin())
        named = [j for j in order if j in selected][:NAMED]
        height = 1.0 + LINE
        for j in sorted(named, key=lambda j: -stability.path_frequency[j, weakest]):
            # Names of lines that end together stand below each other.
            height = min(height - LINE, float(stability.path_frequency[j, weakest]))
            place = (float(stability.strengths[weakest]), height)
            name = short(stability.features[j])
            ax.annotate(name, place, xytext=(4, 0), textcoords="offset points", fontsize=8, **LITERAL)
        ax.axhline(stability.cutoff, color=ORANGE, linestyle="--", label=label)
        if stability.strengths.min() > 0:
            ax.set_xscale("log")
        ax.invert_xaxis()
        ax.set_ylim(0, 1.02)
        ax.set_xlabel("strength of the penalty (stronger on the left)")
        ax.set_ylabel("share of halves that select the feature")
    ax.set_title(f"at most {number(stability.bound, 3)} false selections expected")
    ax.legend(frameon=False)
    return ax
