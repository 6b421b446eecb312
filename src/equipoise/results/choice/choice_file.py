"""What the file of a cross-validation holds: its path, and the held-out losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.files.documents import SCHEMA, read_indices, read_numbers
from equipoise.results.path.path_file import path_arguments, path_record
from equipoise.results.path.result import Path
from equipoise.results.plain import to_plain
from equipoise.select.scorers import own_scoring

if TYPE_CHECKING:
    from equipoise.results.choice.result import CrossValidation

Array = NDArray[np.float64]


def choice_record(cv: CrossValidation) -> dict[str, Any]:
    """A cross-validation as JSON takes it."""
    return {
        "scoring": cv.scoring,
        "fold_loss": to_plain(cv.fold_loss),
        "fold_weight": to_plain(cv.fold_weight),
        "repetition": None if cv.repetition is None else to_plain(cv.repetition),
        "null_fold_loss": None if cv.null_fold_loss is None else to_plain(cv.null_fold_loss),
        "path": path_record(cv.path),
    }


def choice_arguments(record: dict[str, Any], schema: int = SCHEMA) -> dict[str, Any]:
    """The arguments of the :class:`CrossValidation` that a file holds; an error if it is not whole."""
    path = Path(**path_arguments(record["path"], schema))
    folds, repetition = len(record["fold_weight"]), record["repetition"]
    weight = read_numbers(record["fold_weight"], folds)
    if len(record["fold_loss"]) != len(path) or folds < 1 or not (np.isfinite(weight) & (weight > 0)).all():
        raise ValueError("it has not a loss for every strength and fold")
    repetition = None if repetition is None else read_indices(repetition, folds, folds)
    if repetition is not None and folds > 1 and np.bincount(repetition).min() < 2:
        raise ValueError("a repetition of less than two folds")
    scoring = record.get("scoring", own_scoring(path.kind))
    if not isinstance(scoring, str) or not scoring:
        raise ValueError("its loss has no name")
    null = record.get("null_fold_loss")
    null = None if null is None else read_numbers(null, folds)
    if null is not None and (
        scoring != own_scoring(path.kind) or not (np.isfinite(null) & (null >= 0)).all()
    ):
        raise ValueError("the losses of its null model are none")
    return {
        "path": path,
        "fold_loss": np.array([read_numbers(losses, folds) for losses in record["fold_loss"]]),
        "fold_weight": weight,
        "repetition": repetition,
        "scoring": scoring,
        "null_fold_loss": null,
    }
