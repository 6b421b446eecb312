"""What the transforms of a formula have learned, as JSON holds it, checked when a model file is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from equipoise.data.formula.formula_whitelist import shortened

NOTHING_LEARNED: dict[str, Any] = {"transforms": [], "levels": []}

KINDS = ("numerical", "categorical", "constant")
LEARNED = 10_000  # numbers that one transform may keep


def check_terms(terms: Any) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the terms of a formula, as a model file holds them; a ValueError if they are nothing such."""
    if not isinstance(terms, list) or not all(isinstance(term, list) for term in terms):
        raise ValueError("the formula's 'terms' are no list of terms")
    if not all(isinstance(how, list) and len(how) == 2 for term in terms for how in term):
        raise ValueError("the formula's 'terms' are no expressions with their kinds")
    return tuple(tuple((str(how[0]), str(how[1])) for how in term) for term in terms)


def check_state(state: Any) -> dict[str, Any]:
    """Return what transforms have learned, as a model file holds it; a ValueError if it is nothing such."""
    if not isinstance(state, dict) or state.keys() != NOTHING_LEARNED.keys():
        raise ValueError("the formula's 'state' has not the entries 'transforms' and 'levels'")
    for name, learned in _entries(state, "transforms", 2):
        pairs = learned.get("pairs") if isinstance(learned, dict) and len(learned) == 1 else None
        if not isinstance(pairs, list) or _count(learned) > LEARNED:
            raise ValueError(f"the formula's state of '{shortened(name)}' is none that a transform learns")
    for name, kind, levels in _entries(state, "levels", 3):
        if kind not in ("numerical", "categorical", "constant") or not (
            levels is None
            or (isinstance(levels, list) and all(type(v) in (str, int, float, bool) for v in levels))
        ):
            raise ValueError(f"the formula's levels of '{shortened(name)}' are no list of levels")
    return state


def _entries(state: dict[str, Any], key: str, length: int) -> list[Any]:
    """The entries of a part of the state, each a list that begins with an expression of its own."""
    found = state[key]
    whole = isinstance(found, list) and all(
        isinstance(entry, list) and len(entry) == length for entry in found
    )
    names = [entry[0] for entry in found] if whole else [None]
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise ValueError(f"the formula's state has '{key}' that are no list of expressions, each once")
    return list(found)


def _count(value: Any) -> float:
    """How many numbers a learned value holds; infinitely many where it is none that `to_json` writes."""
    if value is None or type(value) in (bool, int, float):
        return 1
    if isinstance(value, list):
        return sum(map(_count, value))
    if isinstance(value, dict) and value.keys() == {"array"}:
        return _count(value["array"]) if _is_box(value["array"]) else math.inf
    if isinstance(value, dict) and value.keys() == {"pairs"} and isinstance(value["pairs"], list):
        return sum(map(_count_pair, value["pairs"]))
    return math.inf


def _count_pair(pair: Any) -> float:
    named = isinstance(pair, list) and len(pair) == 2 and type(pair[0]) in (str, int)
    return _count(pair[1]) if named else math.inf


def _is_box(value: Any) -> bool:
    """Whether nested lists of numbers make an array: as long at every place."""
    try:
        return np.asarray(value).dtype.kind in "if"
    except ValueError:
        return False


def to_json(value: Any, text: str) -> Any:
    """A value as JSON can hold it; a dict becomes a list of pairs, since its keys may be numbers."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and np.isfinite(value):
        return value
    if isinstance(value, Mapping):
        return {"pairs": [[to_json(k, text), to_json(v, text)] for k, v in value.items()]}
    if isinstance(value, np.ndarray):
        return {"array": to_json(value.tolist(), text)}
    if isinstance(value, list | tuple):
        return [to_json(v, text) for v in value]
    what = f"the number {value}" if isinstance(value, float) else f"a {type(value).__name__}"
    raise ValueError(f"formula '{text}' learns {what} of the data, which no model can keep: simplify it")


def from_json(value: Any) -> Any:
    """The value that `to_json` wrote."""
    if isinstance(value, list):
        return [from_json(v) for v in value]
    if isinstance(value, dict):
        if "array" in value:
            return np.asarray(value["array"])
        return {from_json(k): from_json(v) for k, v in value["pairs"]}
    return value
