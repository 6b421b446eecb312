"""The model file: a fit as JSON with a schema version and a checksum, never pickle."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.files.writing import write_text_atomically
from equipoise.data.frames.encoding import Encoding
from equipoise.objective.certificate import Certificate
from equipoise.setup.setup import PerFeature

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing

Array = NDArray[np.float64]

FORMAT = "equipoise model"
SCHEMA = 2  # version of the layout; others are refused


def write_model(model: dict[str, Any], path: str | os.PathLike[str]) -> None:
    """Write what ``Fit.to_dict`` returns; an existing file is replaced at once or left alone."""
    document = {"format": FORMAT, "version": SCHEMA, "checksum": _checksum(model), "model": model}
    write_text_atomically(os.fspath(path), json.dumps(document, indent=1, allow_nan=False) + "\n")


def read_model(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read the arguments of the :class:`Fit` that was written.

    A ValueError refuses a file that is no model, is of another version, or was changed after it was written.
    """
    name = os.fspath(path)
    try:
        with open(name, encoding="utf-8") as file:
            document = json.load(file)
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is not an equipoise model: it is not JSON") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{name} is not an equipoise model: write one with Fit.save or --save")
    if document.get("version") != SCHEMA:
        raise ValueError(
            f"{name} is a model of schema version {document.get('version')!r}; this release reads version "
            f"{SCHEMA}: fit and save it again"
        )
    model = document.get("model")
    if not isinstance(model, dict) or document.get("checksum") != _checksum(model):
        raise ValueError(f"{name} was changed or cut short after it was saved: fit and save it again")
    try:
        return _arguments(model)
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{name} is not a whole equipoise model: fit and save it again") from None


def _arguments(model: dict[str, Any]) -> dict[str, Any]:
    coef = np.array(model["coef"], dtype=np.float64)
    coef.setflags(write=False)
    return {
        "coef": coef,
        "intercept": model["intercept"],
        "l1": _read_numbers(model["l1"], np.inf),
        "l2": _read_numbers(model["l2"], np.inf),
        "limits": np.asarray(_read_numbers(model["limits"], np.inf)),
        "features": tuple(model["features"]),
        "certificate": Certificate.from_dict(model["certificate"]),
        "standardize": model["standardize"],
        "with_intercept": model["with_intercept"],
        "lower": _read_numbers(model["lower"], -np.inf),
        "upper": _read_numbers(model["upper"], np.inf),
        "encoding": _read_encoding(model["encoding"]),
        "missing": _read_missing(model["missing"]),
    }


def _read_encoding(record: Any) -> Encoding | Formula | None:
    if record is None:
        return None
    if "formula" not in record:
        return Encoding.from_dict(record)
    from equipoise.data.formula.formulas import Formula

    return Formula.from_dict(record)


def _read_missing(record: dict[str, Any] | None) -> Missing | None:
    if record is None:
        return None
    from equipoise.data.frames.gaps import Missing

    return Missing.from_dict(record)


def _checksum(model: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(model, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _read_numbers(value: Any, infinity: float) -> PerFeature:
    """Numbers from JSON, in which None stands for this infinity."""
    if isinstance(value, list):
        return np.array([infinity if v is None else v for v in value], dtype=np.float64)
    return infinity if value is None else float(value)
