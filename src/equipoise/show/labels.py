"""Text in pictures: names written literally, shortened, and placed so that none overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.show.plots import ink
from equipoise.show.tables import name_text

Array = NDArray[np.float64]

LONGEST = 24  # characters of a name

# For feature names: matplotlib is not to read "$" or "_" in them as mathematics.
LITERAL: dict[str, Any] = {"parse_math": False, "usetex": False}


def short(name: str, longest: int = LONGEST) -> str:
    """A name as in a table, but shorter.

    Examples
    --------
    >>> short("mean_daily_temperature_of_the_last_month")
    'mean_daily_temp…st_month'
    """
    return name_text(name, longest)


def spread(wanted: Array, gap: float, low: float = 0.0, high: float = 1.0) -> Array:
    """Places in [low, high], at least ``gap`` apart, with the least squared distance to those wanted.

    Once k gaps are subtracted from the k-th place in ascending order, places only have to ascend: isotonic
    regression, solved by pooling adjacent violators. Where there is no room for all, the gap is reduced.

    References
    ----------
    Barlow, Bartholomew, Bremner & Brunk (1972), *Statistical Inference under Order Restrictions*.

    Examples
    --------
    >>> spread(np.array([0.5, 0.5, 0.9]), 0.1)
    array([0.45, 0.55, 0.9 ])
    """
    count = len(wanted)
    if count > 1:
        gap = min(gap, (high - low) / (count - 1))
    order = np.argsort(wanted, kind="stable")
    steps = gap * np.arange(count)
    blocks: list[tuple[float, int]] = []
    for value in (wanted[order] - steps).tolist():
        size = 1
        while blocks and blocks[-1][0] >= value:
            mean, others = blocks.pop()
            value = (value * size + mean * others) / (size + others)
            size += others
        blocks.append((value, size))
    pooled = np.repeat([value for value, _ in blocks], [size for _, size in blocks])
    places = np.empty(count)
    places[order] = np.clip(pooled, low, max(low, high - gap * max(count - 1, 0))) + steps
    return places


def room(ax: Any, size: float = 8.0, *, across: bool = False) -> float:
    """Height of a line of text, in points, as a share of the axes' height (their width if ``across``)."""
    ax.figure.figure.draw_without_rendering()
    box = ax.get_window_extent()
    pixels = 1.35 * size * ax.figure.figure.dpi / 72.0
    return float(pixels / max(box.width if across else box.height, 1.0))


def fraction(ax: Any, values: Array, *, across: bool = False) -> Array:
    """Positions of values on the y axis (the x axis if ``across``), as shares of its length."""
    values = np.asarray(values, dtype=np.float64)
    other = np.full(len(values), ax.get_ylim()[0] if across else ax.get_xlim()[0])
    points = np.column_stack([values, other] if across else [other, values])
    shares = ax.transAxes.inverted().transform(ax.transData.transform(points))
    return np.asarray(shares[:, 0 if across else 1])


def name_ends(
    ax: Any, ends: Array, names: Sequence[str], styles: Sequence[dict[str, Any]], *, size: float = 8.0
) -> list[Any]:
    """Write names beside lines that end at the right edge, each joined to its line, none overlapping.

    ``ends`` are the heights at which the lines end, the most important first; ``styles`` hold colour and line
    style. Names for which there is no room are left out, the last first. The axes' limits must be final.
    """
    if not len(names):
        return []
    from matplotlib.lines import Line2D

    gap = room(ax, size)
    fit = max(1, int((1.0 + gap) / gap))
    at = fraction(ax, ends[:fit])
    places = spread(at, gap, gap / 2.0, 1.0 - gap / 2.0)
    texts = []
    for start, place, name, style in zip(at.tolist(), places.tolist(), names, styles, strict=False):
        # The joint has the colour of its line, for coloured letters are hard to read.
        joint = Line2D(
            [1.0, 1.01, 1.05, 1.06], [start, start, place, place], transform=ax.transAxes, lw=1.0, **style
        )
        joint.set_clip_on(False)
        ax.add_artist(joint)
        texts.append(
            ax.text(
                1.065,
                place,
                short(name),
                transform=ax.transAxes,
                va="center",
                fontsize=size,
                color=ink(ax),
                **LITERAL,
            )
        )
    return texts


def note(ax: Any, text: str) -> Any:
    """Write a remark above the picture, on the left."""
    return ax.set_title(text, loc="left", fontsize=9, color=ink(ax), **LITERAL)


def say_empty(ax: Any, text: str) -> Any:
    """Write in the middle of a picture why there is nothing in it."""
    ax.set_yticks([])
    return ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=ink(ax))


def letters(ax: Any, size: float) -> int:
    """About how many letters fit between the left end of the axes and the right end of the figure."""
    line = room(ax, size, across=True)
    box, figure = ax.get_window_extent(), ax.figure.figure.bbox
    return max(12, int((figure.x1 - box.x0) / max(box.width, 1.0) / (0.45 * line)))


def label_bars(ax: Any, bars: Any, texts: Sequence[str], *, size: float = 8.0) -> None:
    """Write texts beyond the ends of horizontal bars, and widen the axes until they stand inside."""
    ax.bar_label(bars, texts, padding=4, fontsize=size)
    share = min(0.55, room(ax, size, across=True) * (0.5 * max(map(len, texts)) + 0.8))
    ends = [0.0, *(bar.get_x() + bar.get_width() for bar in bars)]
    low, high = np.nanmin(ends), np.nanmax(ends)
    sides = (low < 0) + (high > 0)
    extra = (high - low) * share / (1.0 - max(sides, 1) * share)
    now = ax.get_xlim()
    ax.set_xlim(min(now[0], low - extra * (low < 0)), max(now[1], high + extra * (high > 0)))
