"""The model file: a fit as a document, which is believed only if it is whole."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from equipoise.data.files.documents import SCHEMA, told, write_document
from equipoise.results.fit.whole_model import read_whole
from equipoise.results.plain import to_plain

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit


def model_record(fit: Fit) -> dict[str, Any]:
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
        "null_prediction": None if fit.null_prediction != fit.null_prediction else fit.null_prediction,
        "offset": fit.offset,
        "columns": fit.columns,
        "certificate": fit.certificate.to_dict(),
    }


def write_model(fit: Fit, path: str | os.PathLike[str]) -> None:
    """Write a model; an existing file is replaced at once or left alone."""
    came = fit.provenance
    model = {**model_record(fit), "provenance": None if came is None else dict(came)}
    try:
        read_whole(
            json.loads(json.dumps(model, allow_nan=False)), SCHEMA
        )  # what cannot be read is not written
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"this model cannot be saved: {told(error)}") from None
    write_document(path, "model", model)
