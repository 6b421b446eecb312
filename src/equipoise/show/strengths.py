"""What a strength is, where it stands on an axis, and the choice an estimator made."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.show.tables import number


def strength_name(setup: Any) -> str:
    """What a path's strength is, in the terms in which the penalty was passed.

    Parameters
    ----------
    setup : Setup
        What was asked.
    """
    l1, l2 = setup.l1, setup.l2
    scaled = " on standardised features" if setup.standardize else ""
    if np.ndim(l1) or np.ndim(l2):
        return f"strength, × the penalty of each feature{scaled}"
    if l2 == 0:
        return f"strength of the penalty, l1{scaled}" if l1 == 1 else f"strength, × l1 = {number(l1)}{scaled}"
    if l1 == 0:
        return f"strength, × l2 = {number(l2)}{scaled}"
    return f"strength, × (l1 = {number(l1)}, l2 = {number(l2)}){scaled}"


def share_of(ax: Any, strength: float) -> float:
    """Where a strength stands on the x axis, as a share of its length from the left.

    Parameters
    ----------
    ax : matplotlib axes
        Whose limits are final.
    strength : float
        The strength.
    """
    point = ax.transAxes.inverted().transform(ax.transData.transform((strength, ax.get_ylim()[0])))
    return float(point[0])


def estimator_choice(display: str, estimator: Any, X: Any, y: Any) -> tuple[Any, tuple[str, ...]]:
    """The cross-validation of a fitted estimator, and its names of the features.

    Parameters
    ----------
    display : str
        Which display asks.
    estimator : LassoCV or ElasticNetCV
        Fitted.
    X, y : arrays, optional
        The training data, where it has left them behind.

    Raises
    ------
    TypeError
        If the estimator has no cross-validation along a path.
    ValueError
        If the data are needed and not given.
    """
    from sklearn.base import clone
    from sklearn.utils.validation import check_is_fitted

    if not (hasattr(estimator, "fit") and hasattr(type(estimator), "_cross_validate")):
        raise TypeError(
            f"{display}.from_estimator needs a fitted LassoCV or ElasticNetCV of equipoise, not "
            f"{type(estimator).__name__}: for others draw equipoise.path(X, y) or "
            "equipoise.cross_validate(X, y)"
        )
    check_is_fitted(estimator)
    if not hasattr(estimator, "cross_validation_"):
        if X is None or y is None:
            raise ValueError("this estimator was pickled, which leaves its data behind: pass X and y")
        estimator = clone(estimator).fit(X, y)
    names = getattr(estimator, "feature_names_in_", None)
    cv = estimator.cross_validation_
    return cv, cv.path.features if names is None else tuple(map(str, names))
