"""A change of the active set along a path, and what rounding leaves of a tie."""

from __future__ import annotations

from dataclasses import dataclass

TIE = 1e-10  # a pull within this fraction of its limit is on it …
TIE_ROUNDINGS = 32.0  # … or within this many roundings of a pull
GRAIN = 1e-12  # a coefficient within this fraction of ‖y‖ ÷ ‖x_j‖ of a kink is on it
NOISE = 1e-9  # a rate at which a slack closes is rounding below this fraction of that of pull or limit


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
