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
SCHEMA = 4  # version of the layout that is written
READ = {
    "model": (2, 3, SCHEMA),
    "path": (3, SCHEMA),
    "cross-validation": (3, SCHEMA),
}  # versions that are read, where they are more than the last


def write_document(
    path: str | os.PathLike[str],
    kind: str,
    content: Mapping[str, Any],
    reader: Callable[[dict[str, Any]], object] | None = None,
) -> None:
    """Write a document; an existing file is replaced at once or left alone.

    Parameters
    ----------
    path : str or path
        The file.
    kind : str
        What it holds: "model", "path" or "cross-validation".
    content : dict
        What is to be kept, JSON-able; infinities and NaN are refused.
    reader : callable, optional
        What reads the content again: what it refuses is not written.
    """
    document = {"format": FORMAT + kind, "version": SCHEMA, "checksum": checksum_of(content), kind: content}
    text = json.dumps(document, indent=1, allow_nan=False) + "\n"
    if reader is not None:
        try:
            reader(json.loads(text)[kind])
        except (LookupError, TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"this {kind} cannot be saved: {_told(error)}") from None
    write_text_atomically(os.fspath(path), text)


def read_document(
    path: str | os.PathLike[str], readers: Mapping[str, Callable[[dict[str, Any], int], Result]]
) -> Result:
    """Read what :func:`write_document` wrote.

    Parameters
    ----------
    path : str or path
        The file.
    readers : dict of str to callable
        For each kind of document that will do, the function that makes a result of its content and version.
        It may raise any error of look-up, type or value where the content is not whole: a checksum does not
        tell who wrote it.

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
            document = json.load(
                file, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_once
            )
    except _NotWholeError as error:
        raise ValueError(f"{name} is not a whole {wanted[3:]}: {error}: fit and save it again") from None
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is not {wanted}: it is not JSON") from None
    form = str(document.get("format")) if isinstance(document, dict) else ""
    kind = form.removeprefix(FORMAT)
    if kind not in readers or kind == form:
        raise ValueError(f"{name} is not {wanted}: write one with its method save, or with --save")
    version, versions = document.get("version"), READ[kind]
    if type(version) is not int or version not in versions:
        known = ", ".join(map(str, versions[:-1])) + f" and {versions[-1]}"
        raise ValueError(
            f"{name} is a {kind} of schema version {str(version)[:20]}; this release reads versions {known}: "
            "fit and save it again"
        )
    content: Any = document.get(kind)
    try:
        kept = isinstance(content, dict) and document.get("checksum") == checksum_of(content)
    except (RecursionError, ValueError):
        kept = False
    if not kept:
        raise ValueError(f"{name} was changed or cut short after it was saved: fit and save it again")
    try:
        return readers[kind](content, version)
    except (AttributeError, LookupError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(
            f"{name} is not a whole equipoise {kind}: {_told(error)}: fit and save it again"
        ) from None


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
        raise ValueError(f"a list of whole numbers from 0 to {below - 1} holds another")
    return found


def checksum_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of a document's content, however it is laid out."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _entries(value: object, length: int, types: tuple[type, ...]) -> list[Any]:
    """The entries of a list of this length, all of these types; numbers may be None, never true or false."""
    allowed = {*types, type(None)} if float in types else {*types}
    if not isinstance(value, list) or {*map(type, value)} - allowed:
        what = {float: "numbers", int: "whole numbers", bool: "true and false"}[types[-1]]
        raise TypeError(f"what should be a list of {what} is none")
    if len(value) != length:
        raise ValueError(f"a list has {len(value)} entries in place of {length}")
    return value


class _NotWholeError(ValueError):
    """A number in the file is none that JSON or float64 has, or an entry stands there twice."""


def _refuse_constant(constant: str) -> None:
    raise _NotWholeError(f"it holds {constant}, which is no number")


def _finite(text: str) -> float:
    """A number, unless float64 has none as large."""
    value = float(text)
    if not np.isfinite(value):
        raise _NotWholeError(f"it holds {text[:20]}, beyond float64")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless it has an entry twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NotWholeError("it has an entry twice")
    return found


def _told(error: BaseException) -> str:
    """What is wrong, without the remedy that another room knows."""
    if isinstance(error, KeyError):
        return f"it has no entry {error}"
    text = " ".join(str(error).split()) or type(error).__name__
    return text.partition(": save the model again")[0][:300]
