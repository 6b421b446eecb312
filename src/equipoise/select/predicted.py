"""What the folds of a cross-validation predict for the rows that they hold out, at one strength."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.folds import Rows
from equipoise.select.cross_validation import Folds
from equipoise.select.scorers import read_scoring
from equipoise.select.scoring import null_level, predictors
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_point
from equipoise.solve.threads import in_threads

Array = NDArray[np.float64]


class Predicted(NamedTuple):
    """Predictions of rows by models that were not fitted to them; a row has one of each draw of folds.

    Attributes
    ----------
    rows : (k,) index array
        The rows.
    eta, null : (k,) arrays
        Linear predictors, offsets included: of the model, and of the null model of its training rows.
    weights : (k,) array
        The weight of each row, shared out among its predictions.
    """

    rows: NDArray[np.intp]
    eta: Array
    null: Array
    weights: Array


def predict_held_out(setup: Setup, masks: list[tuple[Rows, Rows]], strength: float) -> Predicted:
    """Solve every fold at one strength, and predict the rows that it holds out.

    Parameters
    ----------
    setup : Setup
        The data and the penalty.
    masks : list of (rows,) array pairs
        Training and held-out rows of each fold, or how often each row stands in them.
    strength : float
        The strength on all rows; as in a cross-validation, a fold's is in proportion to its training rows.
    """
    folds = Folds.of(setup, masks, read_scoring(None, setup.loss))
    parts: list[Predicted | None] = [None] * len(masks)

    def predict(k: int, going: Callable[[], bool]) -> Predicted:
        fold = folds.open(k)
        points = solve_point(fold.problem, strength * fold.share)
        rows, weights, eta = predictors(fold.setup, fold.test, *points.original(), points.columns)
        offset = np.zeros(len(rows)) if setup.offset is None else setup.offset[rows]
        return Predicted(rows, eta[0], offset + null_level(setup, masks[k][0]), weights)

    for k, found in in_threads(predict, len(masks)):
        parts[k] = found
    rows, eta, null, weights = (np.concatenate(part) for part in zip(*filter(None, parts), strict=True))
    times = np.zeros(len(setup.response))
    for _, test in masks:
        times += test
    return Predicted(rows, eta, null, weights / times[rows])
