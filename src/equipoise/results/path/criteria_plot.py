"""Information criteria along a path as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.show.plots import COLOURS, STROKES, axes_for, descending, over_strength

if TYPE_CHECKING:
    from equipoise.results.path.criteria import Criteria


def draw_criteria(criteria: Criteria, ax: Any = None) -> Any:
    """Draw every criterion less its smallest value, with that point marked."""
    ax = axes_for(ax)
    names = ["aic", "bic", "ebic"] + (["cp"] if criteria.variance is not None else [])
    for name, colour, line in zip(names, COLOURS, STROKES, strict=False):
        value = getattr(criteria, name)
        usable = np.isfinite(value)
        if not usable.any():
            continue
        strengths, height = descending(criteria.strengths[usable], value[usable] - value[usable].min())
        label = name.capitalize() if name == "cp" else name.upper()
        ax.plot(strengths, height, color=colour, linestyle=line, label=label)
        best = int(np.argmin(height))
        ax.plot(strengths[best], height[best], "o", color=colour)
    over_strength(ax, criteria.strengths)
    ax.set_ylabel("criterion, above its smallest value")
    ax.legend(frameon=False)
    return ax
