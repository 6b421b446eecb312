"""Pictures of choosing: curves over the strength of the penalty, and how often each choice was made."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.show.plots import BLUE, GREEN, GREY, ORANGE, axes_for
from equipoise.show.summaries import MOST

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


def draw_cross_validation(cv: Any, ax: Any = None) -> Any:
    """Mean held-out loss with its standard error, and lines at the two choices.

    Parameters
    ----------
    cv : CrossValidation
        What to draw.
    ax : matplotlib axes, optional
        Where.
    """
    ax = axes_for(ax)
    strengths, mean, error = _descending(cv.path.strengths, cv.mean, cv.standard_error)
    ax.fill_between(strengths, mean - error, mean + error, color=BLUE, alpha=0.2, linewidth=0)
    ax.plot(strengths, mean, color=BLUE, label="mean, with its standard error")
    ax.axvline(cv.best_strength, color=ORANGE, linestyle="--", label="best")
    ax.axvline(cv.one_se_strength, color=GREEN, linestyle=":", label="one standard error")
    _over_strength(ax, cv.path.strengths)
    ax.set_ylabel("held-out mean squared error")
    ax.legend(frameon=False)
    return ax


def draw_frequency(frequency: Any, ax: Any = None) -> Any:
    """How often each feature is kept at the two choices, the most frequent on top.

    Parameters
    ----------
    frequency : ChoiceFrequency
        What to draw.
    ax : matplotlib axes, optional
        Where.
    """
    best, one_se = frequency.kept_at_best, frequency.kept_at_one_se
    order = np.lexsort((-best, -one_se))
    order = order[np.maximum(best, one_se)[order] > 0][:MOST]
    ax = axes_for(ax, size=(7.0, max(2.5, 0.25 * len(order) + 1.2)))
    place = np.arange(len(order))[::-1]
    ax.hlines(place, one_se[order], best[order], color=GREY, linewidth=1)
    ax.plot(best[order], place, "o", color=ORANGE, label="kept at best")
    ax.plot(one_se[order], place, "o", color=GREEN, fillstyle="none", label="kept at one standard error")
    ax.set_yticks(place, [frequency.features[j] for j in order])
    ax.set_xlim(-0.02, 1.02)
    ax.set_xlabel("share of repetitions")
    ax.legend(frameon=False)
    return ax


def draw_relaxed(relaxed: Any, ax: Any = None) -> Any:
    """Mean held-out loss over the strength, a curve a gamma, and the two choices.

    Parameters
    ----------
    relaxed : Relaxed
        What to draw.
    ax : matplotlib axes, optional
        Where.
    """
    ax = axes_for(ax)
    for gamma, mean in zip(relaxed.gammas, relaxed.mean, strict=True):
        strengths, height = _descending(relaxed.path.strengths, mean)
        # From orange, least squares, to blue, the lasso.
        ax.plot(strengths, height, color=_between(ORANGE, BLUE, gamma), label=f"gamma {gamma:g}")
    for name, (g, i), mark in zip(("best", "one standard error"), relaxed._choice, "o^", strict=True):
        ax.plot(relaxed.path.strengths[i], relaxed.mean[g, i], mark, color=GREEN, label=name)
    _over_strength(ax, relaxed.path.strengths)
    ax.set_ylabel("held-out mean squared error")
    ax.legend(frameon=False)
    return ax


def draw_relaxed_fit(fit: Any, ax: Any = None) -> Any:
    """The coefficients kept, between those of the lasso and of least squares.

    Parameters
    ----------
    fit : RelaxedFit
        What to draw.
    ax : matplotlib axes, optional
        Where.
    """
    order = fit.support[np.argsort(-np.abs(fit.coef[fit.support]))][:MOST]
    ax = axes_for(ax, size=(7.0, max(2.5, 0.25 * len(order) + 1.2)))
    place = np.arange(len(order))[::-1]
    lasso, free = fit.lasso.coef[order], fit.least_squares.coef[order]
    ax.hlines(place, lasso, free, color=GREY, linewidth=1)
    ax.plot(lasso, place, "o", color=BLUE, fillstyle="none", label="lasso")
    ax.plot(free, place, "o", color=ORANGE, fillstyle="none", label="least squares")
    ax.plot(fit.coef[order], place, "o", color=GREEN, label=f"blend, gamma {fit.gamma:g}")
    ax.axvline(0.0, color=GREY, linewidth=0.8)
    ax.set_yticks(place, [fit.features[j] for j in order])
    ax.set_xlabel("coefficient")
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


def _between(first: str, second: str, share: float) -> tuple[float, ...]:
    """A colour with so much of the second in it."""
    channels = [[int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)] for colour in (first, second)]
    return tuple(float((1.0 - share) * a + share * b) for a, b in zip(*channels, strict=True))
