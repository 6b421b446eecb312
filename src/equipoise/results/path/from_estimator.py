"""The cross-validation of an estimator, as the displays that draw one take it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from equipoise.results.choice.result import CrossValidation


def cross_validation_of(
    estimator: Any, X: Any, y: Any, *, display: str, **params: Any
) -> tuple[CrossValidation, tuple[str, ...]]:
    """The cross-validation of a fitted estimator, and the names that it has for the features.

    ``params`` are what was passed to its fit beside X and y. A TypeError, which names the display that asks,
    refuses an estimator without a cross-validated path.
    """
    ask = getattr(estimator, "cross_validation_on", None)
    if not callable(ask):
        raise TypeError(
            f"{display}.from_estimator needs a fitted LassoCV or ElasticNetCV of equipoise, not "
            f"{type(estimator).__name__}: for others draw equipoise.path(X, y) or "
            "equipoise.cross_validate(X, y)"
        )
    cv: CrossValidation = ask(X, y, **params)
    if estimator.choice == "best":  # which the estimator takes of means in which all folds weigh the same
        cv = replace(cv, fold_weight=np.ones_like(cv.fold_weight))
    names = getattr(estimator, "feature_names_in_", None)
    return cv, cv.path.features if names is None else tuple(map(str, names))
