"""What a coefficient does to the odds, the expected count or the mean, and of what these are, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.show.tables import name_text, number

if TYPE_CHECKING:
    from equipoise.objective.losses.base import Words


def response_text(target: str | None, levels: tuple[Any, Any] | None) -> str:
    """What odds or a mean are of: the event, or the response where it has no labels.

    Examples
    --------
    >>> response_text("tumour", ("benign", "malignant")), response_text(None, (0.0, 1.0))
    ('tumour = malignant', 'y = 1')
    >>> response_text("visits", None)
    'visits'
    """
    if levels is None:
        return name_text(target or "y")
    event = number(levels[1]) if isinstance(levels[1], float) else name_text(str(levels[1]))
    return f"{name_text(target or 'y')} = {event}"


def ratio_text(coef: float, sd: float | None, words: Words, response: str) -> str:
    """A sentence on one unit more of a feature, and one standard deviation where it is known; or nothing.

    Examples
    --------
    >>> from equipoise.objective.losses.poisson import Poisson
    >>> ratio_text(0.5, 2.0, Poisson().words, "visits")
    'One unit more multiplies the expected count of visits by 1.649, one standard deviation by 2.718.'
    """
    if words.ratio is None or coef == 0:
        return ""
    what = f"the {words.multiplied or words.mean} of {response}"
    also = f", one standard deviation by {ratio_of(coef * sd)}" if sd else ""
    return f"One unit more multiplies {what} by {ratio_of(coef)}{also}."


def ratio_of(effect: float) -> str:
    """E to an effect, to four digits."""
    with np.errstate(over="ignore"):
        return number(float(np.exp(effect)), 4)
