"""A change of the active set along a path, as a user sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.data.arguments.public import public
from equipoise.data.records import ByValue
from equipoise.results.plain import fields_of
from equipoise.solve.squares.crossing import Crossing


@public
@dataclass(frozen=True, slots=True, eq=False)
class Event(ByValue):
    """A change of the active set, going down the path.

    Parameters
    ----------
    strength : float
        Strength of the penalty at which the change happens, from homotopy.
    feature : str
        Name of the feature.
    kind : str
        "enters", "leaves" or "changes sign".
    sign : int
        Sign of the coefficient while it is active; for a change of sign, the new one.
    accuracy : float or None
        Estimated relative error of the strength: the rounding of the pulls, divided by how fast the feature
        closes in on its limit. Of events that fall together to rounding it says how far apart they may be.
        None for an event saved before it was estimated.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False).events[1]
    Event(strength=3.0, feature='x2', kind='enters', sign=1, accuracy=...)
    """

    strength: float
    feature: str
    kind: str
    sign: int
    accuracy: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """All fields, JSON-able."""
        return fields_of(self)


def event_of(crossing: Crossing, features: Sequence[str], unit: float = 1.0) -> Event:
    """The event of a crossing: its feature by name, its strength in other units."""
    strength, name = crossing.strength * unit, features[crossing.feature]
    return Event(strength, name, crossing.kind, crossing.sign, crossing.accuracy)
