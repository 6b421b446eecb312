"""Predictions at every strength of a path, by a few columns of the new rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.design.choose_design import design_of
from equipoise.results.fit.roles import add_offset, missing_values_told, read_features_of, with_offset

if TYPE_CHECKING:
    from equipoise.results.path.result import Path

Array = NDArray[np.float64]

TOGETHER = 256  # columns that predictions read at a time


def predict_along(
    path: Path, X: object, offset: object, unseen: Literal["error", "zero"], missing: Literal["error", "nan"]
) -> Array:
    """Predictions for some rows at every strength, (n, m)."""
    with missing_values_told():
        X, offset = with_offset(path.asked, X, offset, finite=missing == "error")
        matrix, gone = read_features_of(path.asked, X, unseen, missing)
        design = design_of(matrix)
        eta = np.tile(path.intercept, (design.shape[0], 1))
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(path.ever), TOGETHER):
                some = slice(start, start + TOGETHER)
                eta += design.columns(path.ever[some]) @ path.values[:, some].T
        return add_offset(eta, offset, gone)
