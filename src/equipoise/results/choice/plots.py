"""Pictures of choices: how often each was made, and a relaxed lasso between lasso and no penalty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.select.scorers import loss_words
from equipoise.show.labels import LITERAL, short
from equipoise.show.plots import BLUE, GREEN, GREY, ORANGE, axes_for, descending, over_strength
from equipoise.show.tables import LINES

if TYPE_CHECKING:
    from equipoise.results.choice.frequency import ChoiceFrequency
    from equipoise.results.choice.relaxed import Relaxed, RelaxedFit


def draw_frequency(frequency: ChoiceFrequency, ax: Any = None) -> Any:
    """How often each feature is kept at the two choices, the most frequent on top."""
    best, one_se = frequency.kept_at_best, frequency.kept_at_one_se
    order = np.lexsort((-best, -one_se))
    order = order[np.maximum(best, one_se)[order] > 0][:LINES]
    ax = axes_for(ax, size=(7.0, max(2.5, 0.25 * len(order) + 1.2)))
    place = np.arange(len(order))[::-1]
    ax.hlines(place, one_se[order], best[order], color=GREY, linewidth=1)
    ax.plot(best[order], place, "o", color=ORANGE, label="kept at best")
    ax.plot(one_se[order], place, "o", color=GREEN, fillstyle="none", label="kept at one standard error")
    ax.set_yticks(place, [short(frequency.features[j]) for j in order], **LITERAL)
    ax.set_xlim(-0.02, 1.02)
    ax.set_xlabel("share of repetitions")
    ax.legend(frameon=False)
    return ax


def draw_relaxed(relaxed: Relaxed, ax: Any = None) -> Any:
    """Mean held-out loss over the strength, a curve for each gamma, and the two choices."""
    ax = axes_for(ax)
    for gamma, mean in zip(relaxed.gammas, relaxed.mean, strict=True):
        strengths, height = descending(relaxed.path.strengths, mean)
        # From orange, no penalty, to blue, the lasso.
        ax.plot(strengths, height, color=_between(ORANGE, BLUE, gamma), label=f"gamma {gamma:g}")
    marks = {"best": ("o", "best"), "one-se": ("^", "one standard error")}
    for name, (g, i) in relaxed.choices.items():
        mark, label = marks[name]
        ax.plot(relaxed.path.strengths[i], relaxed.mean[g, i], mark, color=GREEN, label=label)
    over_strength(ax, relaxed.path.strengths)
    ax.set_ylabel(f"held-out {loss_words(relaxed.scoring, relaxed.path.kind)}")
    ax.legend(frameon=False)
    return ax


def draw_relaxed_fit(fit: RelaxedFit, ax: Any = None) -> Any:
    """The coefficients kept, between those of the lasso and of the fit without penalty."""
    order = fit.support[np.argsort(-np.abs(fit.coef[fit.support]))][:LINES]
    ax = axes_for(ax, size=(7.0, max(2.5, 0.25 * len(order) + 1.2)))
    place = np.arange(len(order))[::-1]
    lasso = fit.lasso.coef[order]
    if fit.unpenalised is not None:
        free = fit.unpenalised.coef[order]
        ax.hlines(place, lasso, free, color=GREY, linewidth=1)
        label = "least squares" if fit.kind.squared else "unpenalised"
        ax.plot(free, place, "o", color=ORANGE, fillstyle="none", label=label)
    ax.plot(lasso, place, "o", color=BLUE, fillstyle="none", label="lasso")
    ax.plot(fit.coef[order], place, "o", color=GREEN, label=f"blend, gamma {fit.gamma:g}")
    ax.axvline(0.0, color=GREY, linewidth=0.8)
    ax.set_yticks(place, [short(fit.features[j]) for j in order], **LITERAL)
    ax.set_xlabel("coefficient")
    ax.legend(frameon=False)
    return ax


def _between(first: str, second: str, share: float) -> tuple[float, ...]:
    """A blend of two colours with this share of the second."""
    channels = [[int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)] for colour in (first, second)]
    return tuple(float((1.0 - share) * a + share * b) for a, b in zip(*channels, strict=True))
