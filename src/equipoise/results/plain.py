"""What records share: their values as JSON takes them, their columns as a frame, their largest features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def to_plain(value: Any) -> Any:
    """Arrays as lists, infinities and NaN as None, NumPy scalars as Python's."""
    if isinstance(value, np.ndarray):
        return [to_plain(v) for v in value.tolist()]
    if isinstance(value, (np.bool_, np.integer)):
        return value.item()
    if isinstance(value, float):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: to_plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(v) for v in value]
    return value


def fields_of(record: Any) -> dict[str, Any]:
    """All fields of a dataclass, JSON-able."""
    return {field.name: to_plain(getattr(record, field.name)) for field in fields(record)}


def to_frame(columns: Mapping[str, Sequence[Any]], like: object, own: object) -> Any:
    """A data frame of the library of ``like``; where that is None, of ``own``, the frame that X came in."""
    from equipoise.data.frames.native import to_native_frame

    return to_native_frame(columns, like=own if like is None else like)


def largest_first(coef: Array, limits: Array) -> list[int]:
    """Indices of the non-zero coefficients, the largest |w_j|·l1_j first; of |w_j| where l1_j = 0."""
    return sorted(np.flatnonzero(coef).tolist(), key=lambda j: -abs(coef[j]) * (limits[j] or 1.0))
