"""A change of the active set along a path, as a user sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from equipoise.data.arguments.public import public
from equipoise.results.plain import fields_of


@public
@dataclass(frozen=True, slots=True)
class Event:
    """A change of the active set, going down the path.

    Parameters
    ----------
    strength : float
        Exact strength of the penalty at which the change happens.
    feature : str
        Name of the feature.
    kind : str
        "enters", "leaves" or "changes sign".
    sign : int
        Sign of the coefficient while it is active; for a change of sign, the new one.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False).events[1]
    Event(strength=3.0, feature='x2', kind='enters', sign=1)
    """

    strength: float
    feature: str
    kind: str
    sign: int

    def to_dict(self) -> dict[str, Any]:
        """All fields, JSON-able."""
        return fields_of(self)
