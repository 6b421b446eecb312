"""What all pictures share: axes, colours, and the display objects that hold a drawn picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from equipoise.data.arguments.optional import import_for

# Okabe & Ito's colours, which colour-blind readers tell apart; their yellow is too pale for a line on white.
BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#767676"
PURPLE, SKY, AMBER, BLACK = "#cc79a7", "#56b4e9", "#e69f00", "#1b1b1b"
PALE, DARK = "#ecece8", "#5c5c5c"

# The pages have the same colours (`base.css`), marks (`marks.js`) and strokes.
KEPT, KILLED, BOUND = ORANGE, GREY, BLUE

# Lines differ in colour and in stroke, so that either alone tells them apart.
COLOURS = (ORANGE, BLUE, GREEN, PURPLE, AMBER, SKY, BLACK)
STROKES = ("-", "--", "-.", ":")


class Display:
    """A picture in the manner of scikit-learn's displays: it holds its data and draws itself with ``plot``.

    Attributes
    ----------
    ax_, figure_ : matplotlib axes and figure
        What it was drawn on; set by ``plot``.
    """

    ax_: Any
    figure_: Any

    def _check_lengths(self, names: Sequence[str], length: int, what: str) -> None:
        """Refuse arrays that do not have one entry for each feature, step or strength."""
        for name in names:
            shape = getattr(self, name).shape
            if shape != (length,):
                raise ValueError(
                    f"{name} has shape {shape} but there are {length} {what}: pass one entry each"
                )


class Drawing(Display):
    """A picture that one function draws.

    Parameters
    ----------
    draw : function
        Draws a result on axes (None for a new figure) and returns the axes.
    result : object
        The result to draw.
    """

    def __init__(self, draw: Callable[[Any, Any], Any], result: object) -> None:
        self._draw, self._result = draw, result

    def plot(self, ax: Any = None) -> Drawing:
        """Draw on these axes, or on a new figure; returns itself."""
        keep_axes(self, self._draw(self._result, ax))
        return self


def keep_axes(display: Display, ax: Any) -> None:
    """Record on a display the axes and the figure that it was drawn on."""
    display.ax_, display.figure_ = ax, ax.figure.figure


def axes_for(ax: Any = None, *, size: tuple[float, float] = (7.0, 4.2)) -> Any:
    """The axes given, or those of a new figure of a size in inches; without a frame on top and right."""
    if ax is None:
        ax = pyplot().subplots(figsize=size, layout="constrained")[1]
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def ink(ax: Any) -> str:
    """The colour of words beside the picture: grey on a pale ground, and pale on a dark one."""
    *colours, alpha = ax.get_facecolor()
    return "#b8b8b8" if alpha > 0.5 and sum(colours) < 1.5 else DARK


def pyplot() -> Any:
    """Import matplotlib.pyplot; an ImportError names the command that installs it."""
    return import_for("pictures need", "matplotlib.pyplot", "equipoise[plot]")


def stroke(place: int) -> dict[str, Any]:
    """Colour and line style of the line at a place, counted from 0."""
    return {"color": COLOURS[place % len(COLOURS)], "linestyle": STROKES[place % len(STROKES)]}


def over_strength(ax: Any, strengths: Any, label: str = "strength of the penalty") -> None:
    """Scale and label the x axis for strengths, the largest on the left.

    The scale is logarithmic; where a strength is 0, it is linear below the smallest positive one.
    """
    positive = strengths[strengths > 0]
    if len(positive) == len(strengths):
        ax.set_xscale("log")
    elif len(positive):
        ax.set_xscale("symlog", linthresh=float(positive.min()))
    if not ax.xaxis_inverted():
        ax.invert_xaxis()
    ax.set_xlabel(f"{label} (stronger on the left)")


def descending(strengths: Any, *curves: Any) -> list[Any]:
    """Strengths from the largest to the smallest, and curves over them in the same order."""
    order = np.argsort(-strengths, kind="stable")
    return [values[order] for values in (strengths, *curves)]
