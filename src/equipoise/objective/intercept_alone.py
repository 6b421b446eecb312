"""The intercept that balances a loss whose linear predictor is otherwise given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.losses.base import Loss

Array = NDArray[np.float64]

FARTHEST = 1e6  # a shift beyond which no balance is looked for
ROUNDS = 200
EPS = float(np.finfo(np.float64).eps)


def fit_intercept(loss: Loss, y: Array, eta: Array, weights: Array | None, start: float = 0.0) -> float:
    """The b with Σ s_i r_i(η_i + b) = 0, by Newton's method inside a bracket that bisection shrinks.

    ±∞ where there is none: the residuals then keep their sign however far the intercept goes.
    """
    if weights is not None and not weights.all():
        y, eta, weights = y[weights > 0], eta[weights > 0], weights[weights > 0]
    falling, rising = loss.receding(y)
    if falling.all() or rising.all():
        return np.inf if rising.all() else -np.inf
    s = np.ones(len(y)) if weights is None else weights
    b, low, high = start, -np.inf, np.inf
    reach, before = 0.25, np.inf
    for _ in range(ROUNDS):
        with np.errstate(all="ignore"):
            residual, curved, terms = loss.slopes(y, eta + b)
            force, slope = float(s @ residual), float(s @ curved)
            rounding = EPS * float(s @ terms)
        if np.isnan(force):
            # Terms of both signs overflow: the largest predictor pulls down, the smallest up.
            force = -np.inf if np.max(eta) + b > -(np.min(eta) + b) else np.inf
        if force == 0 or abs(force) <= rounding < np.inf:
            return b
        if force > 0:
            low = b
        else:
            high = b
        step = force / slope if slope > 0 else np.inf
        if np.isinf(low) or np.isinf(high):
            # No bracket yet: go on until there is one, twice as far each time.
            step = np.copysign(reach, force)
            reach *= 2.0
            if abs(b + step - start) > FARTHEST:
                return float(np.copysign(np.inf, force))
        else:
            if not low < b + step < high or abs(step) > 0.5 * before:
                step = 0.5 * (low + high) - b
            if b + step == b or high - low <= EPS * max(abs(low), abs(high)):
                return float(b)
        b, before = b + step, abs(step)
    return b
