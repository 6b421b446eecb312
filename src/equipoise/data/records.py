"""What records have in common: comparison by value, and deep copies that share what is never written."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import fields
from typing import Any, Self

import numpy as np


class ByValue:
    """A dataclass of numbers, text and small arrays that is compared by value, NaN being equal to NaN."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash(_values(self))


class Shared:
    """What holds data that are large and never written: a deep copy is the same object."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def _values(record: Any) -> tuple[Hashable, ...]:
    """The values of all fields, in a form that can be compared and hashed."""
    return tuple(_hashable(getattr(record, field.name)) for field in fields(record))


def _hashable(value: Any) -> Hashable:
    """A form of a value that is equal for equal values."""
    if isinstance(value, float | np.floating):
        return "NaN" if np.isnan(value) else float(value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":  # one NaN and one zero: all others are equal in their bytes
            value = np.where(np.isnan(value), np.nan, value + 0.0)
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, Mapping):
        return frozenset((key, _hashable(one)) for key, one in value.items())
    if isinstance(value, tuple | list):
        return tuple(map(_hashable, value))
    known: Hashable = value
    return known
