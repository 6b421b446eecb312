"""Whole numbers beyond 2⁵³: float64 does not hold all of them, and some become equal."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def beyond_float64(floats: NDArray[np.float64]) -> bool:
    """Tell whether whole numbers are so large that float64 may not hold them: 2⁵³ may have been 2⁵³ + 1."""
    return bool(floats.size) and bool(np.nanmax(np.abs(floats), initial=0.0) >= 2.0**53)


def merged_message(subject: str) -> str:
    """What to say of different whole numbers that are equal as float64."""
    return (
        f"{subject} holds different whole numbers beyond 2⁵³ that are equal in float64: drop it if it is an "
        "identifier, or subtract a number near its values first"
    )


def refuse_merged(array: NDArray[Any], floats: NDArray[np.float64], name: str) -> None:
    """Refuse a column of whole numbers that are different, but equal as float64."""
    columns = array.reshape(len(array), -1) if array.ndim else array.reshape(1, 1)
    rounded = floats.reshape(columns.shape)
    for j in range(columns.shape[1]):
        if len(np.unique(columns[:, j])) > len(np.unique(rounded[:, j])):
            raise ValueError(merged_message(f"{name} column 'x{j + 1}'" if array.ndim == 2 else name))
