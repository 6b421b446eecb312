"""A fit and another one as a picture: the coefficients before and after, and who enters or leaves."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.results.other_fits.text import question
from equipoise.show.labels import LITERAL, letters, note, say_empty, short
from equipoise.show.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, axes_for

if TYPE_CHECKING:
    from equipoise.results.other_fits.what_if import WhatIf

MOST = 30  # features drawn

# What a feature does, and its mark: its form says the same as its colour.
MARKS = {
    "": ("stays", "o", BLUE),
    "enters": ("enters", "^", GREEN),
    "leaves": ("leaves", "X", ORANGE),
    "changes sign": ("changes sign", "D", PURPLE),
}


def draw_what_if(what_if: WhatIf, ax: Any = None) -> Any:
    """Draw a line for each feature from its coefficient before, a hollow mark, to that after."""
    rows = what_if._rows()
    left_out, rows = len(rows) - MOST, rows[:MOST]
    ax = axes_for(ax, size=(7.0, max(2.5, 1.4 + 0.25 * len(rows))))
    before, after = what_if.before.coef[rows], what_if.after.coef[rows]
    changes = np.array([what_if._change(j) for j in rows], dtype=object)
    place = np.arange(len(rows))
    ax.hlines(place, before, after, color=GREY, linewidth=1.2)
    ax.plot(before, place, "o", color=GREY, fillstyle="none", markersize=8, label="before")
    for change, (word, marker, colour) in MARKS.items():
        own = changes == change
        if own.any():
            ax.plot(after[own], place[own], marker, color=colour, linestyle="none", label=f"after: {word}")
    ax.set_yticks(place, [short(what_if.before.features[j]) for j in rows], **LITERAL)
    ax.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    ax.set_xlabel(f"coefficient (the {MOST} largest of {MOST + left_out})" if left_out > 0 else "coefficient")
    if rows:
        ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=0.5)
        ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize="small")
    else:
        say_empty(ax, "no feature is in the model, before or after")
    note(ax, textwrap.fill(question(what_if), letters(ax, 9), max_lines=2, placeholder=" …"))
    return ax
