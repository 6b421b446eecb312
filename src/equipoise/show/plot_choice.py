"""Pictures of choosing: curves over the strength of the penalty, and how often each choice was made."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.show.plots import BLUE, GREEN, GREY, ORANGE, axes_for

COLOURS = (BLUE, ORANGE, GREEN, "#cc79a7", "#56b4e9", "#e69f00", GREY)


def draw_criteria(criteria: Any, ax: Any = None) -> Any:
    """Every criterion less its smallest value, with that marked.

    Parameters
    ----------
    criteria : Criteria
        What to draw.
    ax : matplotlib axes, optional
        Where.
    """
    ax = axes_for(ax)
    names = ["aic", "bic", "ebic"] + (["cp"] if criteria.variance is not None else [])
    for name, colour in zip(names, COLOURS, strict=False):
        value = getattr(criteria, name)
        usable = np.isfinite(value)
        if not usable.any():
            continue
        strengths, height = _descending(criteria.strengths[usable], value[usable] - value[usable].min())
        ax.plot(strengths, height, color=colour, label=name.capitalize() if name == "cp" else name.upper())
        best = int(np.argmin(height))
        ax.plot(strengths[best], height[best], "o", color=colour)
    _over_strength(ax, criteria.strengths)
    ax.set_ylabel("criterion, above its smallest value")
    ax.legend(frameon=False)
    return ax


def _descending(strengths: Any, *curves: Any) -> list[Any]:
    order = np.argsort(-strengths, kind="stable")
    return [values[order] for values in (strengths, *curves)]


def _over_strength(ax: Any, strengths: Any) -> None:
    """Strengths on a logarithmic scale, linear below the smallest positive one where there is a zero."""
    positive = strengths[strengths > 0]
    if len(positive) == len(strengths):
        ax.set_xscale("log")
    elif len(positive):
        ax.set_xscale("symlog", linthresh=float(positive.min()))
    ax.set_xlabel("strength of the penalty")
