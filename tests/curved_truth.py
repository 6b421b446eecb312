"""The conditions of smooth losses in extended precision: nothing here imports the library."""

from __future__ import annotations

from typing import Any

import numpy as np

LONG = np.longdouble
EPS = float(np.finfo(np.float64).eps)


def slopes(loss: str, y: Any, eta: Any) -> tuple[Any, Any, Any]:
    """Residual −φ′, curvature φ″ and the size of the residual's terms, of each row in extended precision."""
    y, eta = np.asarray(y, LONG), np.asarray(eta, LONG)
    name, _, rest = loss.partition("(")
    number = LONG(rest[:-1]) if rest else LONG(0)
    if name == "binomial":
        event, none = 1 / (1 + np.exp(-eta)), 1 / (1 + np.exp(eta))
        return y * none - (1 - y) * event, event * none, y * none + (1 - y) * event
    if name == "poisson":
        return y - np.exp(eta), np.exp(eta), y + np.exp(eta)
    if name == "gamma":
        return y * np.exp(-eta) - 1, y * np.exp(-eta), y * np.exp(-eta) + 1
    if name == "tweedie":
        own, mean = y * np.exp((1 - number) * eta), np.exp((2 - number) * eta)
        return own - mean, (number - 1) * own + (2 - number) * mean, own + mean
    share, rest_ = 1 / (1 + number * np.exp(-eta)), 1 / (1 + np.exp(eta) / number)
    total = y + number
    return y - total * share, total * share * rest_, y + total * share


def worst_violation(
    loss: str,
    X: Any,
    y: Any,
    coef: Any,
    intercept: float,
    *,
    l1: Any,
    l2: Any = 0.0,
    weights: Any = None,
    offset: Any = None,
    lower: Any = -np.inf,
    upper: Any = np.inf,
    centred: bool = True,
) -> float:
    """The largest distance of a pull to its interval, in units of what a solution may have.

    That is 1e-9 of its limit, or 64 roundings of the pull. The balance of the intercept counts as one more.
    """
    X = np.asarray(X, LONG)
    n, p = X.shape
    s = np.ones(n, LONG) if weights is None else np.asarray(weights, LONG)
    o = np.zeros(n, LONG) if offset is None else np.asarray(offset, LONG)
    w = np.asarray(coef, LONG)
    l1, l2, lower, upper = (
        np.broadcast_to(np.asarray(a, float), p).astype(LONG) for a in (l1, l2, lower, upper)
    )
    Z = X - (s @ X) / s.sum() if centred else X
    with np.errstate(over="ignore"):
        residual, curved, terms = slopes(loss, y, o + LONG(intercept) + X @ w)
    # A stored intercept and stored coefficients are rounded, and so is everything that is computed with them.
    steps = np.abs(o) + abs(LONG(intercept)) + np.abs(X) @ np.abs(w)
    size = s * (terms + curved * steps)
    pull, floor = Z.T @ (s * residual), 64 * EPS * (np.abs(Z).T @ size)
    slope = np.sign(w) * np.where(np.isinf(l1), 0, l1) + 2 * l2 * w
    low, high = np.where(w == 0, -l1, slope), np.where(w == 0, l1, slope)
    low, high = np.where(w <= lower, -np.inf, low), np.where(w >= upper, np.inf, high)
    distance = np.maximum(np.maximum(low - pull, pull - high), 0)
    room = np.maximum(1e-9 * np.where(np.isinf(l1), 0, l1), floor)
    worst = float(np.max(distance / np.where(room > 0, room, 1), initial=0.0))
    if centred:
        worst = max(worst, float(abs(np.sum(s * residual)) / (64 * EPS * size.sum())))
    return worst
