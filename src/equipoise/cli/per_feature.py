"""Options with a number for all features, or `column=number` repeated: bounds and penalty factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.cli.reading import Data

PerFeature = float | dict[str, float]


def read_bounds(
    lower: Sequence[str] | None, upper: Sequence[str] | None, positive: bool
) -> dict[str, PerFeature]:
    """The bounds as keywords of the API's verbs: ``lower`` and ``upper``, where they were given."""
    if positive and lower:
        raise ValueError("--positive is --lower 0: drop either")
    found: dict[str, PerFeature] = {"lower": 0.0} if positive else {}
    for name, given in (("lower", lower), ("upper", upper)):
        if given:
            found[name] = _read(given, f"--{name}")
    return found


def multiplied(l1: float, l2: float, factors: Sequence[float]) -> dict[str, Any]:
    """``l1`` and ``l2`` for each feature: the penalties times its factor."""
    # ∞·0 is not computed: an excluded feature has no other penalty.
    return {
        "l1": [math.inf if math.isinf(factor) else factor * l1 for factor in factors],
        "l2": [l2 if math.isinf(factor) else factor * l2 for factor in factors],
    }


def read_factors(factors: Sequence[str], data: Data, missing: str = "error") -> list[float]:
    """The factor of each feature; 1 for those that are not named."""
    from equipoise.data.arguments.by_name import by_name

    given = _read(factors, "--penalty-factor")
    if not isinstance(given, dict):
        raise ValueError("--penalty-factor names no column: write column=number, or choose --l1 and --l2")
    for name, factor in given.items():
        if factor < 0:
            raise ValueError(
                f"--penalty-factor of '{name}' is {factor:g}: pass 0 or more, or inf to exclude it"
            )
    features, encoding = data.features(missing)
    return [float(factor) for factor in by_name(given, "--penalty-factor", features, encoding, default=1.0)]


def _read(given: Sequence[str], option: str) -> PerFeature:
    """One number for all features, or numbers by column."""
    if len(given) == 1 and _number(given[0]) is not None:
        return float(given[0])
    found: dict[str, float] = {}
    for text in given:
        name, equals, number = text.rpartition("=")
        value = _number(number)
        if not equals and value is not None:
            raise ValueError(f"{option} {text} is for all features: name a column, or drop the others")
        if not equals or value is None:
            raise ValueError(f"{option} {text} is no number: write a number, or column=number")
        if name in found:
            raise ValueError(f"{option} names '{name}' twice: keep one of them")
        found[name] = value
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return None if math.isnan(value) else value
