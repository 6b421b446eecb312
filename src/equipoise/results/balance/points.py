"""The balance sheet of many features, a point for each: its pull alone across, the pull left over upwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.results.balance.rows import LOOKS
from equipoise.show.labels import LITERAL, fraction, room, short, spread
from equipoise.show.plots import GREY, axes_for, ink

if TYPE_CHECKING:
    from equipoise.results.balance.display import BalanceDisplay

Array = NDArray[np.float64]

KEPT_NAMED = 12  # features in the model that are named, on either side of the dead zone
UPRIGHT = 15  # characters of an upright name
JOINT = 0.06  # share of the height that the line from a point to its name takes


def draw_points(d: BalanceDisplay, ax: Any, closest: int) -> None:
    """Draw a display with many features, naming those in the model and some of the closest calls."""
    pull, alone = d._shown(d.pull), d._shown(d.alone)
    ax = axes_for(ax, size=(7.6, 5.8))
    d._draw_zone(ax, ax.axhspan)
    edge = d._edge
    for end in (-edge, edge) if d._held.any() else ():
        ax.plot([end, end], [-edge, edge], color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    d._scale_across(ax, alone)
    if d._far(pull):
        d._logarithmic(ax, "y")
    for status in reversed(LOOKS):
        colour, marker, label = LOOKS[status]
        own = np.flatnonzero((d.status == status) & np.isfinite(pull))
        if not len(own):
            continue
        many = len(own) > 500
        (d.pulls_[status],) = ax.plot(
            alone[own],
            pull[own],
            marker,
            color=colour,
            linestyle="none",
            markersize=2.5 if many else 4.5,
            markeredgewidth=0.0 if marker != "x" else 1.0,
            alpha=0.35 if many else 0.9,
            zorder=2 if many else 3,
            label=f"{label} ({len(own):,})",
            rasterized=many,
        )
    ax.set_xlabel(d._unit("pull alone", "x"))
    ax.set_ylabel(d._unit("pull left by the others", "y").partition(";")[0])
    _name_points(d, ax, alone, pull, closest)


def _name_points(d: BalanceDisplay, ax: Any, alone: Array, pull: Array, closest: int) -> None:
    """Write the names of features in the model and of the closest calls above and below the dead zone."""
    size = np.nan_to_num(np.abs(pull))
    killed = np.flatnonzero((d.status == "killed") & np.isfinite(pull))
    near = killed[np.argsort(-size[killed], kind="stable")[: max(closest, 0)]].tolist()
    kept = np.flatnonzero(np.isin(d.status, ("active", "at bound")) & np.isfinite(pull))
    kept = kept[np.argsort(-np.abs(alone[kept]), kind="stable")].tolist()
    _explain_points(d, ax)
    gap = room(ax, across=True)
    fit = max(0, int(1.0 / gap) - 1)
    sides = []
    for sign in (-1.0, 1.0):
        close = [j for j in near if pull[j] * sign > 0][:fit]
        sides.append([j for j in kept if pull[j] * sign > 0][: min(KEPT_NAMED, fit - len(close))] + close)
    ends = _make_room(d, ax, pull, sides)
    d.labels_ = []
    for chosen, end, upper in zip(sides, ends, (False, True), strict=True):
        _write_upright(d, ax, chosen, alone, pull, gap, end, upper)
    named = {j for side in sides for j in side}
    d.order_ = np.array([j for j in [*kept, *near] if j in named], dtype=np.intp)
    d.note_ = ax.text(
        1.0,
        1.01,
        f"{len(named):,} of {len(d.features):,} features named",
        transform=ax.transAxes,
        ha="right",
        va="bottom",
        fontsize=8.5,
        color=ink(ax),
    )


def _explain_points(d: BalanceDisplay, ax: Any) -> None:
    """The legend, above the picture."""
    legend = ax.legend(
        handles=list(d.pulls_.values())[::-1],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=2,
        frameon=False,
        fontsize=8.5,
        handletextpad=0.2,
        columnspacing=1.2,
        borderaxespad=0.3,
    )
    for handle in legend.legend_handles:
        handle.set_alpha(1.0)
        handle.set_markersize(5.0)


def _make_room(d: BalanceDisplay, ax: Any, pull: Array, sides: list[list[int]]) -> tuple[float, float]:
    """Make room for upright names below and above all pulls; returns the heights, as shares, of that room."""
    scale = ax.yaxis.get_transform()
    ends = (min(np.nanmin(pull, initial=0.0), -d._edge), max(np.nanmax(pull, initial=0.0), d._edge))
    low, high = scale.transform(np.array(ends))
    tall = ax.get_window_extent().height
    below, above = (
        0.04 if not side else min(0.35, JOINT + 0.02 + max(_length(d, ax, j) for j in side) / tall)
        for side in sides
    )
    whole = (high - low) / (1.0 - below - above)
    ticks = [tick for tick in ax.get_yticks() if ends[0] <= tick <= ends[1]]
    ax.set_yticks(ticks)
    ax.set_ylim(*scale.inverted().transform(np.array([low - below * whole, high + above * whole])))
    return below, 1.0 - above


def _length(d: BalanceDisplay, ax: Any, j: int) -> float:
    """Length of a name as it is drawn, in pixels."""
    text = ax.text(0.0, 0.0, short(d.features[j], UPRIGHT), fontsize=8, **LITERAL)
    length = float(text.get_window_extent().width)
    text.remove()
    return length


def _write_upright(
    d: BalanceDisplay,
    ax: Any,
    chosen: list[int],
    alone: Array,
    pull: Array,
    gap: float,
    end: float,
    upper: bool,
) -> None:
    """Write upright names in a row, none overlapping, each joined to its point."""
    from matplotlib.lines import Line2D

    at = fraction(ax, alone[chosen], across=True)
    heights = fraction(ax, pull[chosen])
    places = spread(at, gap, gap / 2.0, 1.0 - gap / 2.0)
    for j, x, y, place in zip(chosen, at, heights, places, strict=True):
        start = end + JOINT if upper else end - JOINT
        colour = LOOKS[str(d.status[j])][0]
        ax.add_artist(Line2D([x, place], [y, start], transform=ax.transAxes, color=colour, lw=0.8, zorder=4))
        text = ax.text(
            place,
            start + (0.005 if upper else -0.005),
            short(d.features[j], UPRIGHT),
            transform=ax.transAxes,
            rotation=90,
            ha="center",
            va="bottom" if upper else "top",
            fontsize=8,
            color=ink(d.ax_),
            zorder=5,
            **LITERAL,
        )
        d.labels_.append(text)
