"""Documents: a result as JSON with its kind, a schema version and a checksum, never pickle."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from equipoise.data.files.writing import write_text_atomically

Result = TypeVar("Result")

FORMAT = "equipoise "  # and the kind
SCHEMA = 2  # version of the layout; others are refused


def write_document(path: str | os.PathLike[str], kind: str, content: Mapping[str, Any]) -> None:
    """Write a document; an existing file is replaced at once or left alone.

    Parameters
    ----------
    path : str or path
        The file.
    kind : str
        What it holds: "model", "path" or "cross-validation".
    content : dict
        What is to be kept, JSON-able; infinities and NaN are refused.
    """
    document = {"format": FORMAT + kind, "version": SCHEMA, "checksum": checksum_of(content), kind: content}
    write_text_atomically(os.fspath(path), json.dumps(document, indent=1, allow_nan=False) + "\n")


def read_document(
    path: str | os.PathLike[str], readers: Mapping[str, Callable[[dict[str, Any]], Result]]
) -> Result:
    """Read what :func:`write_document` wrote.

    Parameters
    ----------
    path : str or path
        The file.
    readers : dict of str to callable
        For each kind of document that will do, the function that makes a result of its content. It may raise
        any error of look-up, type or value where the content is not whole.

    Raises
    ------
    OSError
        If the file cannot be opened.
    ValueError
        If the file is no such document, is of another version, or was changed after it was written; the
        sentence names the file.
    """
    name = os.fspath(path)
    *others, last = readers
    wanted = "an equipoise " + (f"{', '.join(others)} or {last}" if others else last)
    try:
        with open(name, encoding="utf-8") as file:
            document = json.load(file, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is not {wanted}: it is not JSON") from None
    form = str(document.get("format")) if isinstance(document, dict) else ""
    kind = form.removeprefix(FORMAT)
    if kind not in readers or kind == form:
        raise ValueError(f"{name} is not {wanted}: write one with its method save, or with --save")
    if document.get("version") != SCHEMA:
        raise ValueError(
            f"{name} is a {kind} of schema version {document.get('version')!r}; this release reads version "
            f"{SCHEMA}: fit and save it again"
        )
    content = document.get(kind)
    if not isinstance(content, dict) or document.get("checksum") != checksum_of(content):
        raise ValueError(f"{name} was changed or cut short after it was saved: fit and save it again")
    try:
        return readers[kind](content)
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError):
        raise ValueError(f"{name} is not a whole equipoise {kind}: fit and save it again") from None


def read_numbers(value: object, length: int) -> NDArray[np.float64]:
    """A list of so many numbers, in which None stands for ∞; a TypeError or ValueError if it is none."""
    return np.array([np.inf if v is None else float(v) for v in _entries(value, length, (int, float))])


def read_flags(value: object, length: int) -> NDArray[np.bool_]:
    """A list of so many truth values; a TypeError or ValueError if it is none."""
    return np.array(_entries(value, length, (bool,)), dtype=bool)


def read_indices(value: object, length: int, below: int) -> NDArray[np.intp]:
    """A list of so many whole numbers, 0 ≤ j < ``below``; a TypeError or ValueError if it is none."""
    found = np.array(_entries(value, length, (int,)), dtype=np.intp)
    if np.any((found < 0) | (found >= below)):
        raise ValueError(f"not an index below {below}")
    return found


def checksum_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of a document's content, however it is laid out."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _entries(value: object, length: int, types: tuple[type, ...]) -> list[Any]:
    """The entries of a list of this length, all of these types; numbers may be None, never true or false."""
    allowed = {*types, type(None)} if float in types else {*types}
    if not isinstance(value, list) or {*map(type, value)} - allowed:
        raise TypeError(f"not a list of {types[-1].__name__}")
    if len(value) != length:
        raise ValueError(f"{len(value)} entries, not {length}")
    return value


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
