"""A change of the active set along a path."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crossing:
    """A change of the active set.

    Attributes
    ----------
    strength : float
        Where, going down the path, it happens.
    feature : int
        Index of the feature.
    kind : str
        "enters", "leaves" or "changes sign".
    sign : int
        Sign of the coefficient on its active side; after the change where it changes.
    """

    strength: float
    feature: int
    kind: str
    sign: int
