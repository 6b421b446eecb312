"""What all pictures share: their axes, their colours, and what a picture is once it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

# Okabe & Ito's colours, which colour-blind readers tell apart; their yellow is too pale for a line on white.
BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#8c8c8c"
PURPLE, SKY, AMBER, BLACK = "#cc79a7", "#56b4e9", "#e69f00", "#000000"
PALE, DARK = "#e8e8e8", "#4d4d4d"

# Lines differ in colour and in stroke, so that either alone tells them apart.
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, AMBER, BLACK)
STROKES = ("-", "--", "-.", ":")


class Display:
    """A picture as scikit-learn has them: it holds its data, draws itself, and knows its axes.

    Attributes
    ----------
    ax_ : matplotlib axes
        The axes drawn on; there once it is drawn.
    figure_ : matplotlib figure
        Their figure.
    """

    ax_: Any
    figure_: Any


class Drawing(Display):
    """A picture that one function draws.

    Parameters
    ----------
    draw : function
        Takes the result and the axes, returns the axes.
    result : object
        What to draw.
    """

    def __init__(self, draw: Callable[[Any, Any], Any], result: object) -> None:
        self._draw, self._result = draw, result

    def plot(self, ax: Any = None) -> Drawing:
        """Draw.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where; a new figure by default.

        Returns
        -------
        Drawing
            Itself, with ``ax_`` and ``figure_``.
        """
        keep_axes(self, self._draw(self._result, ax))
        return self


def keep_axes(display: Display, ax: Any) -> None:
    """Set the axes and the figure that a picture is drawn on.

    Parameters
    ----------
    display : Display
        The picture.
    ax : matplotlib axes
        Drawn on.
    """
    display.ax_, display.figure_ = ax, ax.figure.figure


def axes_for(ax: Any = None, *, size: tuple[float, float] = (7.0, 4.2)) -> Any:
    """The axes to draw on: those given, or those of a new figure.

    Parameters
    ----------
    ax : matplotlib axes, optional
        Returned as they are.
    size : tuple of float
        Width and height of a new figure in inches.

    Raises
    ------
    ImportError
        If matplotlib is missing, with the command that installs it.
    """
    if ax is None:
        ax = pyplot().subplots(figsize=size, layout="constrained")[1]
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def pyplot() -> Any:
    """matplotlib.pyplot, or an ImportError that names the command which installs it."""
    try:
        from matplotlib import pyplot as plt
    except ImportError:
        raise ImportError("pictures need matplotlib: pip install 'equipoise[plot]'") from None
    return plt


def stroke(place: int) -> dict[str, Any]:
    """Colour and line style of the line with this number.

    Parameters
    ----------
    place : int
        Counted from 0.
    """
    return {"color": COLOURS[place % len(COLOURS)], "linestyle": STROKES[place % len(STROKES)]}


def over_strength(ax: Any, strengths: Any, label: str = "strength of the penalty") -> None:
    """Strengths from strong to weak on a logarithmic scale, linear below the smallest where there is a zero.

    Parameters
    ----------
    ax : matplotlib axes
        Whose x axis.
    strengths : (m,) array
        All of them.
    label : str
        What a strength is.
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
    """Strengths from the largest to the smallest, and curves over them in the same order.

    Parameters
    ----------
    strengths : (m,) array
        In any order.
    *curves : (m,) arrays
        Values at each strength.
    """
    order = np.argsort(-strengths, kind="stable")
    return [values[order] for values in (strengths, *curves)]
