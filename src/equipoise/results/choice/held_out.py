"""Rows held out, predicted again at the strength that a cross-validation chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.select.predicted import Predicted, predict_held_out

if TYPE_CHECKING:
    from equipoise.results.choice.result import CrossValidation


def predicted_by(cv: CrossValidation, strength: float) -> Predicted | None:
    """What every fold predicts for the rows that it holds out; None where the folds are not known."""
    if cv.masks is None or cv.path.setup is None:
        return None
    return predict_held_out(cv.path.setup, cv.masks, strength)
