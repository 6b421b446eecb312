"""Sums and products to twice the digits of float64, as unevaluated sums of a high and a low part.

A product of two slices of few bits is exact, and so is a sum of many such products: a matrix cut into slices
is multiplied without error by ordinary matrix products (Ozaki, Ogita, Oishi & Rump, 2012).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SPLIT = 134217729.0  # 2²⁷ + 1 (Dekker, 1971)
BITS = 84  # of the largest entry's, that a sliced product keeps


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """A + b, and its rounding error exactly."""
    high = a + b
    part = high - a
    return high, (a - (high - part)) + (b - part)


def two_product(a: Any, b: Any) -> tuple[Any, Any]:
    """A · b, and its rounding error exactly."""
    high = a * b
    a_high = a * SPLIT - (a * SPLIT - a)
    b_high = b * SPLIT - (b * SPLIT - b)
    a_low, b_low = a - a_high, b - b_high
    return high, ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low


def dot(a: Array, b: Array) -> float:
    """Sum of products, correctly rounded."""
    return math.fsum(np.concatenate(two_product(a, b)).tolist())


def times(slices: list[Array], vector: Array) -> tuple[Array, Array]:
    """A matrix cut by :func:`cut` for its number of columns, times a vector: high and low part."""
    high = low = np.zeros(len(slices[0]))
    parts = np.stack(cut(vector, len(vector)), axis=1)
    for one in slices:
        for part in (one @ parts).T:
            high, error = two_sum(high, part)
            low = low + error
    return two_sum(high, low)


def cut(array: Array, terms: int) -> list[Array]:
    """Slices that add up to an array, of so few bits that sums of ``terms`` products of two are exact."""
    bits = (53 - math.ceil(math.log2(max(terms, 2)))) // 2
    _, exponent = math.frexp(float(np.max(np.abs(array), initial=0.0)))
    out = []
    for i in range(1, math.ceil(BITS / bits) + 1):
        unit = math.ldexp(1.0, exponent - i * bits)
        out.append(np.rint(array / unit) * unit)
        array = array - out[-1]
    return out
