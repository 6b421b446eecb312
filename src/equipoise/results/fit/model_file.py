"""What a model file holds, as the arguments of a fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.frames.encoding import Encoding
from equipoise.objective.certificate import Certificate
from equipoise.setup.setup import PerFeature

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing

Array = NDArray[np.float64]


def model_arguments(model: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the :class:`Fit` that a model file holds; an error if it is not whole."""
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
        "null_prediction": float(model["null_prediction"]),
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


def _read_numbers(value: Any, infinity: float) -> PerFeature:
    """Numbers from JSON, in which None stands for this infinity."""
    if isinstance(value, list):
        return np.array([infinity if v is None else v for v in value], dtype=np.float64)
    return infinity if value is None else float(value)
