"""An audit as a picture: the coefficients under audit against the exact ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.results.audit.text import OFF, RIGHT, SHOULD_BE_ZERO, SHOULD_NOT_BE_ZERO
from equipoise.show.labels import LITERAL, short
from equipoise.show.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, axes_for

if TYPE_CHECKING:
    from equipoise.results.audit.result import Audit

NAMED = 10  # features with a wrong zero or non-zero that are named
MARKS = {
    RIGHT: ("o", GREEN),
    OFF: ("o", BLUE),
    SHOULD_BE_ZERO: ("X", ORANGE),
    SHOULD_NOT_BE_ZERO: ("D", PURPLE),
}


def draw_audit(audit: Audit, ax: Any = None) -> Any:
    """A mark for each feature, exact coefficient across, audited one up; equal on the diagonal."""
    ax = axes_for(ax, size=(5.6, 5.2))
    theirs, exact = np.asarray(audit.coef), np.asarray(audit.exact.coef)
    verdicts = np.array(audit.verdicts)
    ax.axhline(0.0, color=GREY, linewidth=0.6)
    ax.axvline(0.0, color=GREY, linewidth=0.6)
    ax.axline((0.0, 0.0), slope=1.0, color=GREY, linewidth=0.8, linestyle="--")
    for verdict, (marker, colour) in MARKS.items():
        own = verdicts == verdict
        if own.any():
            ax.plot(
                exact[own],
                theirs[own],
                marker,
                color=colour,
                linestyle="none",
                label=f"{verdict} ({own.sum()})",
            )
    wrong = np.flatnonzero((verdicts == SHOULD_BE_ZERO) | (verdicts == SHOULD_NOT_BE_ZERO))
    for j in wrong[np.argsort(-np.abs(theirs - exact)[wrong])][:NAMED]:
        ax.annotate(
            short(audit.features[j]),
            (exact[j], theirs[j]),
            textcoords="offset points",
            xytext=(5, 4),
            fontsize="small",
            **LITERAL,
        )
    ax.set_xlabel("exact coefficient")
    ax.set_ylabel("coefficient under audit")
    ax.legend(frameon=False)
    return ax
