"""The balance sheet drawn with a row a feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.show.labels import LITERAL, fraction, short
from equipoise.show.plots import BLUE, DARK, GREY, ORANGE, PALE, PURPLE, axes_for, keep_axes

if TYPE_CHECKING:
    from equipoise.results.balance.display import BalanceDisplay

Array = NDArray[np.float64]

TAKERS = 2  # named beside a row

# Colour and marker say the same, so that either will do.
LOOKS = {
    "active": (BLUE, "o", "kept: on the edge"),
    "killed": (ORANGE, "s", "killed: inside, zero"),
    "at bound": (PURPLE, "D", "at its bound"),
    "unpenalised": (GREY, "^", "unpenalised"),
    "constant": (GREY, "x", "constant"),
    "excluded": (GREY, "x", "excluded"),
}


def draw_rows(d: BalanceDisplay, ax: Any) -> None:
    """Draw a display with few features.

    Parameters
    ----------
    d : BalanceDisplay
        What to draw.
    ax : matplotlib axes or None
        Where.
    """
    pull, alone = d._shown(d.pull), d._shown(d.alone)
    rank = np.array([list(LOOKS).index(status) for status in d.status])
    reach, left = np.nan_to_num(np.abs(alone)), np.nan_to_num(np.abs(pull))
    d.order_ = np.lexsort((-reach, np.where(d.status == "active", -reach, -left), rank))
    count = len(d.order_)
    ax = axes_for(ax, size=(7.6, max(2.4, 0.3 * count + 1.3)))
    keep_axes(d, ax)
    place = np.empty(count)
    place[d.order_] = np.arange(count)[::-1]
    d.zone_ = ax.axvspan(-d._edge, d._edge, facecolor=PALE, edgecolor=GREY, linewidth=0.8, zorder=0)
    d.zone_.set_visible(d._held.any())
    ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    d._scale_across(ax, np.concatenate([pull, alone]))
    there = np.flatnonzero(np.isfinite(pull))
    apart = np.abs(fraction(ax, alone[there], across=True) - fraction(ax, pull[there], across=True))
    for j in there[apart > 0.03]:
        _arrow(d, alone[j], pull[j], place[j])
    d.pulls_, d.alone_ = {}, {}
    for status, (colour, marker, label) in LOOKS.items():
        of = np.flatnonzero((d.status == status) & np.isfinite(pull))
        if not len(of):
            continue
        d.alone_[status] = ax.plot(
            alone[of], place[of], "o", color=DARK, markerfacecolor="white", markersize=5.5, zorder=3
        )[0]
        d.pulls_[status] = ax.plot(
            pull[of],
            place[of],
            marker,
            color=colour,
            markersize=6.5,
            zorder=4,
            label=label,
            linestyle="none",
        )[0]
    _name_rows(d, ax, place)
    ax.set_ylim(-1.1, count + 0.1)
    ax.text(
        0.0,
        -0.95,
        "dead zone" if d._held.any() else "no dead zone: nothing is penalised by an l1",
        ha="center",
        va="bottom",
        fontsize=8,
        color=DARK,
        bbox={"facecolor": PALE, "edgecolor": "none", "pad": 0.5},
    )
    ax.set_xlabel(d._unit("pull of the residual", "x"))
    _explain_rows(d, ax)
    d.note_ = None


def _explain_rows(d: BalanceDisplay, ax: Any) -> None:
    """What the marks mean, above the picture."""
    handles = list(d.pulls_.values())
    if handles:
        hollow = ax.plot([], [], "o", color=DARK, markerfacecolor="white", markersize=5.5)[0]
        hollow.set_label("alone, without the others")
        ax.legend(
            handles=[*handles, hollow],
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=min(3, len(handles) + 1),
            frameon=False,
            fontsize=8.5,
            handletextpad=0.2,
            columnspacing=1.2,
            borderaxespad=0.3,
        )


def _arrow(d: BalanceDisplay, start: float, end: float, height: float) -> None:
    """From the pull alone to the pull that is left."""
    d.ax_.annotate(
        "",
        (end, height),
        (start, height),
        arrowprops={
            "arrowstyle": "-|>,head_length=0.35,head_width=0.18",
            "color": GREY,
            "lw": 1.1,
            "shrinkA": 3.5,
            "shrinkB": 4.0,
        },
        zorder=2,
    )


def _name_rows(d: BalanceDisplay, ax: Any, place: Array) -> None:
    """Names on the left; on the right, if known, who took the pull."""
    names = [
        short(name) + ("" if held else f" ({status})")
        for name, held, status in zip(d.features, d._held, d.status, strict=True)
    ]
    ax.set_yticks(place, names, **LITERAL)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if d.takers is None or not any(d.takers):
        return
    for j, height in enumerate(place):
        if d._held[j]:
            ax.annotate(
                _story(d, j),
                (1.0, height),
                xycoords=("axes fraction", "data"),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
                color=DARK,
                **LITERAL,
            )
    ax.annotate(
        "pull taken by",
        (1.0, len(place) - 0.3),
        xycoords=("axes fraction", "data"),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        color=DARK,
    )


def _story(d: BalanceDisplay, j: int) -> str:
    """The largest takers of a feature's pull, itself included if it is in the model."""
    moved = float(d.alone[j] - d.pull[j])
    taken = d.takers[j] if d.takers is not None else {}
    same = {name: share for name, share in taken.items() if share * moved > 0}
    if abs(moved) < 0.01 * d.limit[j] or not same:
        return "–"
    largest = sorted(same, key=lambda name: -abs(same[name]))[:TAKERS]
    return ", ".join("itself" if name == d.features[j] else short(name, 14) for name in largest)
