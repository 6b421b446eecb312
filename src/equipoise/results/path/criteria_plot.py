"""Information criteria along a path as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.data.arguments.messages import count
from equipoise.show.plots import BLUE, COLOURS, ORANGE, STROKES, Drawing, axes_for, descending, over_strength
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.path.criteria import Criteria


def draw_criteria(criteria: Criteria, ax: Any = None) -> Any:
    """Draw every criterion less its smallest value, with that point marked."""
    ax = axes_for(ax)
    names = [name for name in criteria.names if name != "cp" or criteria.variance is not None]
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


def draw_criterion(choice: Any, ax: Any = None) -> Drawing:
    """The criterion of an estimator over alpha, and the alpha that it chose, as a picture."""
    return Drawing(_over_alpha, choice).plot(ax)


def _over_alpha(choice: Any, ax: Any) -> Any:
    """Draw alphas and criterion of an estimator, with its choice, and return the axes."""
    ax = axes_for(ax)
    alphas, value = descending(choice.alphas_, choice.criterion_)
    ax.plot(alphas, value, color=BLUE, marker=".")
    ax.plot([choice.alpha_], [value.min()], "o", color=ORANGE, markersize=7)
    ax.axvline(choice.alpha_, color=ORANGE, linestyle="--", linewidth=1.3)
    over_strength(ax, alphas, "alpha")
    if alphas[0] > alphas[-1]:
        ax.set_xlim(alphas[0], alphas[-1])
    name = "Cp" if choice.criterion == "cp" else choice.criterion.upper()
    kept = count(int(np.count_nonzero(choice.coef_)), "feature")
    ax.set_ylabel(f"{name}; smallest at alpha = {number(choice.alpha_, 3)}, {kept}")
    return ax
