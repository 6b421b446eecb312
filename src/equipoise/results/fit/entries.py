"""Entries of a record that came as JSON: each of its type, or refused by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.setup.setup import PerFeature

Array = NDArray[np.float64]

LONGEST = 10_000  # characters of a name


def require(whole: bool, otherwise: str) -> None:
    """Refuse a record by a sentence where something does not hold."""
    if not whole:
        raise ValueError(otherwise)


def some_names(value: Any, what: str) -> tuple[str, ...]:
    """Names, no two the same."""
    if not isinstance(value, list):
        raise ValueError(f"'{what}' is no list of names")
    found = tuple(a_text(name, what) for name in value)
    if len(set(found)) < len(found):
        raise ValueError(f"'{what}' names one twice")
    return found


def a_text(value: Any, what: str, most: int = LONGEST) -> str:
    """A text of some length at most."""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"'{what}' has {as_shown(value)} where a text of at most {most} characters stands")
    return value


def a_flag(value: Any, what: str) -> bool:
    """True or false."""
    if type(value) is not bool:
        raise ValueError(f"'{what}' is {as_shown(value)}, neither true nor false")
    return value


def a_count(value: Any, what: str, least: int = 0) -> int:
    """A number of rows."""
    if type(value) is not int or not least <= value < 2**53:
        raise ValueError(f"'{what}' is {as_shown(value)}, no number of rows")
    return value


def a_number(value: Any, what: str, least: float = -np.inf, null: float | None = None) -> float:
    """A number from JSON, in which null stands for an infinity if `null` is one."""
    if value is None and null is not None:
        return null
    if type(value) is not float or not least <= value:
        above = "" if least == -np.inf else f" of at least {least:g}"
        raise ValueError(f"'{what}' has {as_shown(value)} where a number{above} stands")
    return value


def some_numbers(value: Any, what: str, p: int, least: float = -np.inf, null: float | None = None) -> Array:
    """One number for each of p features."""
    if not isinstance(value, list) or len(value) != p:
        raise ValueError(f"'{what}' is no list of {p} numbers, one for each feature")
    return np.array([a_number(entry, what, least, null) for entry in value], dtype=np.float64)


def per_feature(
    value: Any, what: str, p: int, least: float = -np.inf, null: float | None = None
) -> PerFeature:
    """A number for all features, or one each."""
    if isinstance(value, list):
        return some_numbers(value, what, p, least, null)
    return a_number(value, what, least, null)


def refuse_other(record: Any, again: Any, where: str, *, older: bool = False) -> None:
    """Refuse a record that does not say what its model says again; an older one may lack entries."""
    if isinstance(record, dict) and isinstance(again, dict):
        if record.keys() - again.keys() or (not older and again.keys() - record.keys()):
            raise ValueError(f"'{where}' has not the entries {', '.join(again)}")
        for name, value in record.items():
            refuse_other(value, again[name], where, older=older)
        return
    if isinstance(record, list) and isinstance(again, list) and len(record) == len(again):
        for one, other in zip(record, again, strict=True):
            refuse_other(one, other, where, older=older)
        return
    if type(record) is not type(again) or record != again:
        raise ValueError(f"'{where}' has {as_shown(record)} where {as_shown(again)} stands")


def as_shown(value: Any) -> str:
    """A value of JSON in a message, cut short."""
    words: dict[type, Callable[[Any], str]] = {
        type(None): lambda _: "null",
        bool: lambda flag: str(flag).lower(),
        list: lambda entries: f"a list of {len(entries)}",
        dict: lambda _: "an object",
        int: lambda number: str(number) if abs(number) < 2**63 else "a number beyond 64 bits",
    }
    text = words.get(type(value), repr)(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
