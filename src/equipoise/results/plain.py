"""Numbers as JSON and frames take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


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


def to_frame(columns: Mapping[str, Sequence[Any]], like: object) -> Any:
    """A data frame of the library of ``like``, or of any installed one."""
    from equipoise.data.frames.native import to_native_frame

    return to_native_frame(columns, like=like)
