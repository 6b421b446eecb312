"""A change of the active set along a path, and what rounding leaves of a tie."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.objective.problem import EPS

TIE = 1e-10  # a pull within this fraction of its limit is on it …
TIE_ROUNDINGS = 32.0  # … or within this many roundings of a pull
GRAIN = 1e-12  # a coefficient within this fraction of ‖y‖ ÷ ‖x_j‖ of a kink is on it
BLUR = 8.0  # roundings in a pull
NOISE = 1e-9  # a rate at which a slack closes is rounding below this fraction of that of pull or limit


@dataclass(frozen=True, slots=True)
class Crossing:
    """A change of the active set as the strength falls, by the index of its feature.

    Users see :class:`equipoise.results.event.Event`, which has the name of the feature in place of its index
    and the strength in the units in which the penalty was passed.

    Attributes
    ----------
    strength : float
        The strength at which the change happens.
    feature : int
        Index of the feature among those of the problem.
    kind : str
        "enters", "leaves" or "changes sign".
    sign : int
        Sign of the coefficient while it is active; after the change where it changes sign.
    accuracy : float
        Estimated relative error of the strength.
    """

    strength: float
    feature: int
    kind: str
    sign: int
    accuracy: float = 0.0


def blurred(size: float, slope: float) -> float:
    """Relative error of a strength: roundings of pulls of this size, divided by how fast a slack closes."""
    return 4.0 * EPS + BLUR * EPS * size / max(abs(slope), 1e-300)
