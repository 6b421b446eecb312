"""The importance of features as a picture."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.show.labels import LITERAL, label_bars, letters, say_empty, short
from equipoise.show.plots import GREY, KEPT, axes_for
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.other_fits.importance import Importance

MOST = 30  # bars drawn


def draw_importance(importance: Importance, ax: Any = None) -> Any:
    """Draw a bar for each standardised coefficient, with the share of the gain that is lost without it."""
    names = importance.features[:MOST]
    sizes, shares = importance.standardized[:MOST], importance.share[:MOST]
    ax = axes_for(ax, size=(7.0, max(2.0, 0.8 + 0.24 * len(names))))
    ax.set_yticks(range(len(names)), [short(name) for name in names], **LITERAL)
    ax.set_ylim(max(len(names), 1) - 0.5, -0.5)
    ax.axvline(0.0, color=GREY, linewidth=0.8)
    what = "standardised coefficient" if importance.response_sd is not None else "coefficient × sd"
    if importance.called:
        what += f", the logarithm of the {importance.called} of one sd"
    label = f"{what}; and the share of the gain lost without the feature"
    ax.set_xlabel(textwrap.fill(label, letters(ax, 10)))
    empty = "" if len(names) else "no feature is in the model"
    if not empty and not np.isfinite(sizes).any():
        empty = "y is the same in all rows: it has no standard deviation to measure by"
    if empty:
        say_empty(ax, empty)
        return ax
    bars = ax.barh(range(len(names)), sizes, color=[GREY if np.isnan(s) else KEPT for s in shares])
    told = ["" if np.isnan(share) else f"{number(100 * float(share), 2)} %" for share in shares]
    label_bars(ax, bars, told)
    left_out = len(importance.features) - len(names)
    if left_out:
        ax.set_title(f"the {MOST} largest of {MOST + left_out}")
    return ax
