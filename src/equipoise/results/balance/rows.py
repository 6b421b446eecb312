"""The balance sheet of few features, a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.show.labels import LITERAL, fraction, letters, short
from equipoise.show.plots import BOUND, DARK, GREY, KEPT, KILLED, PALE, axes_for, ink

if TYPE_CHECKING:
    from equipoise.results.balance.display import BalanceDisplay

Array = NDArray[np.float64]

WORDS = 30  # letters of an entry of the legend
TAKERS = 2  # features that took the pull, named beside a row

# Each status has a colour and a marker of its own, so that either alone tells it.
LOOKS = {
    "active": (KEPT, "o", "kept: on the edge"),
    "killed": (KILLED, "s", "killed: inside, zero"),
    "at bound": (BOUND, "D", "at its bound"),
    "unpenalised": (DARK, "^", "unpenalised"),
    "constant": (GREY, "x", "constant"),
    "excluded": (GREY, "x", "excluded"),
}
HOLLOW: dict[str, Any] = {
    "color": DARK,
    "markerfacecolor": "white",
    "markersize": 5.5,
}  # the mark of a pull alone


def draw_rows(d: BalanceDisplay, ax: Any) -> None:
    """Draw a display with few features: pulls as marks, and arrows to them from the pulls alone."""
    pull, alone = d._shown(d.pull), d._shown(d.alone)
    d.order_ = _top_to_bottom(d, pull, alone)
    count = len(d.order_)
    ax = axes_for(ax, size=(7.6, max(2.4, 0.3 * count + 1.3)))
    place = np.empty(count)
    place[d.order_] = np.arange(count)[::-1]
    d._draw_zone(ax, ax.axvspan)
    ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    d._scale_across(ax, np.concatenate([pull, alone]))
    _mark_pulls(d, ax, pull, alone, place)
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


def _top_to_bottom(d: BalanceDisplay, pull: Array, alone: Array) -> NDArray[np.intp]:
    """Features by status as in ``LOOKS``; active ones by their pull alone, the others by the pull left."""
    rank = np.array([list(LOOKS).index(status) for status in d.status])
    reach, left = np.nan_to_num(np.abs(alone)), np.nan_to_num(np.abs(pull))
    return np.lexsort((-reach, np.where(d.status == "active", -reach, -left), rank))


def _mark_pulls(d: BalanceDisplay, ax: Any, pull: Array, alone: Array, place: Array) -> None:
    """A hollow mark at each pull alone, a full one at the pull left, and an arrow where they are apart."""
    known = np.isfinite(pull)
    there = np.flatnonzero(known)
    apart = np.abs(fraction(ax, alone[there], across=True) - fraction(ax, pull[there], across=True))
    for j in there[apart > 0.03]:
        _arrow(d, alone[j], pull[j], place[j])
    for status, (colour, marker, label) in LOOKS.items():
        own = np.flatnonzero((d.status == status) & known)
        if len(own):
            (d.alone_[status],) = ax.plot(alone[own], place[own], "o", **HOLLOW, zorder=3)
            (d.pulls_[status],) = ax.plot(
                pull[own],
                place[own],
                marker,
                color=colour,
                markersize=6.5,
                zorder=4,
                label=label,
                linestyle="none",
            )


def _explain_rows(d: BalanceDisplay, ax: Any) -> None:
    """The legend, above the picture."""
    handles = list(d.pulls_.values())
    if handles:
        handles += ax.plot([], [], "o", **HOLLOW, label="alone, without the others")
        ax.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=min(3, len(handles), max(1, letters(ax, 8.5) // WORDS)),
            frameon=False,
            fontsize=8.5,
            handletextpad=0.2,
            columnspacing=1.2,
            borderaxespad=0.3,
        )


def _arrow(d: BalanceDisplay, start: float, end: float, height: float) -> None:
    """Draw an arrow from the pull alone to the pull that is left."""
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
    """Write names on the left and, if known, the features that took the pull on the right."""
    names = [
        short(name) + ("" if held else f" ({status})")
        for name, held, status in zip(d.features, d._held, d.status, strict=True)
    ]
    ax.set_yticks(place, names, **LITERAL)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if d.takers is None or not any(d.takers):
        return
    beside: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"),
        "xytext": (5, 0),
        "textcoords": "offset points",
        "va": "center",
        "color": ink(d.ax_),
    }
    for j, height in enumerate(place):
        if d._held[j]:
            ax.annotate(_takers_text(d, j), (1.0, height), fontsize=8, **beside, **LITERAL)
    ax.annotate("pull taken by", (1.0, len(place) - 0.3), fontsize=8.5, **beside)


def _takers_text(d: BalanceDisplay, j: int) -> str:
    """The largest takers of a feature's pull, itself included if it is in the model."""
    moved = float(d.alone[j] - d.pull[j])
    taken = d.takers[j] if d.takers is not None else {}
    same = {name: share for name, share in taken.items() if share * moved > 0}
    if abs(moved) < 0.01 * d.limit[j] or not same:
        return "–"
    largest = sorted(same, key=lambda name: -abs(same[name]))[:TAKERS]
    return ", ".join("itself" if name == d.features[j] else short(name, 14) for name in largest)
