"""What all pictures share: their axes and their colours."""

from __future__ import annotations

from typing import Any

# Okabe & Ito's colours, which colour-blind readers tell apart.
BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#8c8c8c"


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
        try:
            from matplotlib import pyplot as plt
        except ImportError:
            raise ImportError("pictures need matplotlib: pip install 'equipoise[plot]'") from None
        _, ax = plt.subplots(figsize=size, layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax
