"""What a strength is, where it stands on an axis, and the choice an estimator made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from equipoise.show.labels import LITERAL, room
from equipoise.show.plots import DARK
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


def mark_strengths(ax: Any, mark: float | Mapping[str, float] | None) -> dict[str, Any]:
    """Draw lines at strengths, named along the top of the picture, above all else; returns the lines by name.

    Parameters
    ----------
    ax : matplotlib axes
        Whose limits are final but for the room that the names need.
    mark : float, dict of str to float, or None
        One strength, several under their names, or none.

    Raises
    ------
    ValueError
        If a strength lies outside the axis.
    """
    if mark is None:
        return {}
    if isinstance(mark, Mapping):
        named = {f"{name}: {number(float(t), 3)}": float(t) for name, t in mark.items()}
    else:
        named = {number(float(mark), 3): float(mark)}
    left, right = sorted(ax.get_xlim())
    for t in named.values():
        if not left <= t <= right:
            raise ValueError(
                f"mark {number(t)} lies outside the path: pass a strength from {number(left)} to "
                f"{number(right)}"
            )
    low, high = ax.get_ylim()
    height = room(ax)
    ax.set_ylim(low, high + (high - low) * height * len(named) / max(1.0 - height * len(named), 0.5))
    lines = {}
    for row, (text, t) in enumerate(named.items()):
        lines[text] = ax.axvline(t, color=DARK, linestyle=(0, (4, 3)), linewidth=1.0, zorder=1.2)
        place = share_of(ax, t)
        right_of = place < 0.6
        ax.annotate(
            text,
            (place, 1.0 - height * (row + 0.5)),
            xycoords="axes fraction",
            xytext=(4 if right_of else -4, 0),
            textcoords="offset points",
            ha="left" if right_of else "right",
            va="center",
            fontsize=8,
            color=DARK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            zorder=4,
            **LITERAL,
        )
    return lines


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
