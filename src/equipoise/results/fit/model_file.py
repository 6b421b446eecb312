"""The model file: a fit as JSON with a schema version and a checksum, never pickle."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from equipoise.data.files.writing import write_text_atomically
from equipoise.results.fit.whole_model import read_whole
from equipoise.results.plain import to_plain

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit

FORMAT = "equipoise model"
SCHEMA = 3  # version of the layout that is written
READ = (2, SCHEMA)  # versions that are read; a model of version 2 says nothing of offset, columns, provenance


def to_record(fit: Fit) -> dict[str, Any]:
    """What ``Fit.to_dict`` returns."""
    return {
        "features": list(fit.features),
        "coef": to_plain(fit.coef),
        "intercept": fit.intercept,
        "l1": to_plain(fit.l1),
        "l2": to_plain(fit.l2),
        "limits": to_plain(fit.limits),
        "standardize": fit.standardize,
        "with_intercept": fit.with_intercept,
        "lower": to_plain(fit.lower),
        "upper": to_plain(fit.upper),
        "encoding": None if fit.encoding is None else fit.encoding.to_dict(),
        "missing": None if fit.missing is None else fit.missing.to_dict(),
        "offset": fit.offset,
        "columns": fit.columns,
        "certificate": fit.certificate.to_dict(),
    }


def write_model(fit: Fit, path: str | os.PathLike[str]) -> None:
    """Write a model; an existing file is replaced at once or left alone."""
    came = fit.provenance
    model = {**to_record(fit), "provenance": None if came is None else dict(came)}
    document = {"format": FORMAT, "version": SCHEMA, "checksum": _checksum(model), "model": model}
    text = json.dumps(document, indent=1, allow_nan=False) + "\n"
    try:
        read_whole(json.loads(text)["model"], SCHEMA)  # what cannot be read is not written
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"this model cannot be saved: {_told(error)}") from None
    write_text_atomically(os.fspath(path), text)


def read_model(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read the arguments of the :class:`Fit` that was written.

    A ValueError refuses a file that is no model, is of another version, was changed after it was written, or
    holds what no fit has: a checksum does not tell who wrote it.
    """
    name = os.fspath(path)
    try:
        with open(name, encoding="utf-8") as file:
            document = json.load(
                file, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_once
            )
    except _NoNumberError as error:
        raise ValueError(f"{name} is not a whole equipoise model: {error}") from None
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is not an equipoise model: it is not JSON") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{name} is not an equipoise model: write one with Fit.save or --save")
    version = document.get("version")
    if type(version) is not int or version not in READ:
        raise ValueError(
            f"{name} is a model of schema version {str(version)[:20]}; this release reads versions "
            f"{' and '.join(map(str, READ))}: fit and save it again"
        )
    model: Any = document.get("model")
    try:
        whole = isinstance(model, dict) and document.get("checksum") == _checksum(model)
    except (RecursionError, ValueError):
        whole = False
    if not whole:
        raise ValueError(f"{name} was changed or cut short after it was saved: fit and save it again")
    try:
        return read_whole(model, version)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(
            f"{name} is not a whole equipoise model: {_told(error)}: fit and save it again"
        ) from None


class _NoNumberError(ValueError):
    """A number in the file is none that JSON or float64 has, or an entry stands there twice."""


def _refuse_constant(name: str) -> None:
    raise _NoNumberError(f"it holds {name}, which is no number: fit and save it again")


def _finite(text: str) -> float:
    """A number, unless float64 has none as large."""
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _NoNumberError(f"it holds {text[:20]}, beyond float64: fit and save it again")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless it has an entry twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NoNumberError("it has an entry twice: fit and save it again")
    return found


def _checksum(model: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(model, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _told(error: BaseException) -> str:
    """What is wrong, without the remedy that a lower room knows."""
    if isinstance(error, KeyError):
        return f"it has no entry {error}"
    text = " ".join(str(error).split()) or type(error).__name__
    return text.partition(": save the model again")[0][:300]
