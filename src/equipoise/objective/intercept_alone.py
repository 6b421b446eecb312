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
    """The b with Σ s_i r_i(η_i + b) = 0, by Newton's method inside a bracket that bisection keeps.

    ±∞ where there is none: the residuals then keep their sign however far the intercept goes.
    """
    s = np.ones(len(y)) if weights is None else weights

    def balance(b: float) -> tuple[float, float, float]:
        with np.errstate(over="ignore", invalid="ignore"):
            at = eta + b
            terms = loss.size(y, at)
            return float(s @ loss.residual(y, at)), float(s @ loss.curvature(y, at)), float(s @ terms)

    b, low, high = start, -np.inf, np.inf
    reach = 1.0
    for _ in range(ROUNDS):
        force, slope, terms = balance(b)
        if np.isnan(force) or np.isinf(force):
            force = -np.inf if not force > 0 else np.inf
        if force == 0 or abs(force) <= EPS * terms:
            return b
        if force > 0:
            low = b
        else:
            high = b
        step = force / slope if slope > 0 and np.isfinite(force) and np.isfinite(slope) else np.nan
        if np.isinf(low) or np.isinf(high):
            # No bracket yet: go no farther than a reach that doubles.
            step = step if np.isfinite(step) and abs(step) <= reach else np.copysign(reach, force)
            reach *= 2.0
            if abs(b + step - start) > FARTHEST:
                return float(np.copysign(np.inf, force))
            b += step
            continue
        there = b + step
        if not low < there < high:
            there = 0.5 * (low + high)
        if there == b or high - low <= EPS * max(abs(low), abs(high)):
            return b
        b = float(there)
    return b
