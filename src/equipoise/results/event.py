"""A change of the active set along a path, as a user sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from equipoise.data.arguments.public import public


@public
@dataclass(frozen=True, slots=True)
class Event:
    """A change of the active set, going down the path.

    Parameters
    ----------
    strength : float
        Exactly where.
    feature : str
        Whose coefficient.
    kind : str
        "enters", "leaves" or "changes sign".
    sign : int
        Sign of the coefficient where it is active (after the change, where it changes).

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
        """All fields."""
        return {"strength": self.strength, "feature": self.feature, "kind": self.kind, "sign": self.sign}
