"""The digits in which numbers were given, and what rounding to them can have changed."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)
LEAST = 3  # numbers none of which has so many significant digits are taken as they stand
SINGLE = 7  # numbers of single precision, written as float64, mostly have more digits
FIXED = (1e-4, 1e4)  # programs write numbers outside of this range with an exponent


def half_units(values: Array) -> Array:
    """Half a unit of the last digit in which each number was given, (k,).

    Numbers are written with so many significant digits or so many decimals, and zeros at the end are lost.
    So the last digit is taken to stand where the most significant digits end, or the most decimals, whichever
    comes first; separately for numbers that are written with an exponent, unless they or the others have too
    few digits to tell. Zero has as many decimals as the numbers without an exponent. Numbers that single
    precision holds exactly may be rounded to that, too; and none is more precise than float64.

    Parameters
    ----------
    values : (k,) array
        The numbers, finite.
    """
    halves = np.zeros(len(values))
    groups: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for j in np.flatnonzero(values).tolist():
        written = Decimal(repr(float(values[j]))).normalize()
        first, last = written.adjusted(), int(written.as_tuple().exponent)
        groups[int(np.searchsorted(FIXED, abs(float(values[j])), side="right"))].append((j, first, last))
    everything = [number for group in groups.values() for number in group]
    most = _digits(everything)
    if most >= LEAST:
        for key, group in groups.items():
            alike = group if _digits(group) >= LEAST else everything
            digits, finest = _digits(alike), min(last for *_, last in alike)
            for j, first, _ in group:
                halves[j] = 0.5 * 10.0 ** max(first - digits + 1, finest)
            if key == 1:
                halves[values == 0] = 0.5 * 10.0**finest
    return np.maximum(halves, _binary(values, most))


def _digits(numbers: list[tuple[int, int, int]]) -> int:
    """The most significant digits of numbers, each told by the places of its first and last digit."""
    return max((first - last + 1 for _, first, last in numbers), default=0)


def _binary(values: Array, digits: int) -> Array:
    """Half a unit of the last bit of single precision, if that holds long numbers, or else of float64."""
    with np.errstate(over="ignore", under="ignore"):
        single = values.astype(np.float32)
    if digits > SINGLE and np.array_equal(single, values):
        return np.where(values == 0, 0.0, 0.5 * np.spacing(np.abs(single)).astype(np.float64))
    return EPS * np.abs(values)
