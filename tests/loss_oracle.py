"""The optimality conditions of any loss from scratch in extended precision, without the library."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

LONG = np.longdouble
EPS = LONG(np.finfo(float).eps)
FLOOR = 64  # roundings that a pull may be off

LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2.0)")
POWER, SIZE = LONG(1.5), LONG(2)


def logistic(x):
    small = np.exp(-abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def parts(loss, y, eta):
    """The two terms whose difference is the residual, and the curvature, as textbooks have them."""
    if loss == "binomial":
        p, q = logistic(eta), logistic(-eta)
        return y * q, (1 - y) * p, p * q
    if loss == "poisson":
        return y, np.exp(eta), np.exp(eta)
    if loss == "gamma":
        return y * np.exp(-eta), np.ones_like(eta), y * np.exp(-eta)
    if loss == "tweedie(1.5)":
        claim, cost = y * np.exp((1 - POWER) * eta), np.exp((2 - POWER) * eta)
        return claim, cost, (POWER - 1) * claim + (2 - POWER) * cost
    p, q = logistic(eta - np.log(SIZE)), logistic(np.log(SIZE) - eta)
    return y * q, SIZE * p, (y + SIZE) * p * q


@dataclass
class Asked:
    """A problem, its arguments as ``equipoise.fit`` takes them."""

    X: Any
    y: Any
    loss: str
    l1: Any
    l2: Any = 0.0
    intercept: bool = True
    standardize: bool = False
    sample_weight: Any = None
    offset: Any = None
    lower: Any = -np.inf
    upper: Any = np.inf
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def arguments(self):
        names = ("loss", "l1", "l2", "intercept", "standardize", "sample_weight", "offset", "lower", "upper")
        return {name: getattr(self, name) for name in names}

    def check(self, coef, intercept, strength=1.0):
        """The largest distance to balance, in units of what is allowed; no more than 1 at a solution."""
        X, y, w = (np.asarray(v, dtype=float).astype(LONG) for v in (self.X, self.y, coef))
        n, p = X.shape
        s = (
            np.ones(n, LONG)
            if self.sample_weight is None
            else np.asarray(self.sample_weight, float).astype(LONG)
        )
        X, y, kept = X[s > 0], y[s > 0], s > 0
        o = np.zeros(n, LONG) if self.offset is None else np.asarray(self.offset, float).astype(LONG)
        s, o, b = s[kept], o[kept], LONG(intercept)
        eta = o + b + X @ w
        gain, cost, h = parts(self.loss, y, eta)
        r = s * (gain - cost)
        spread = s * (gain + cost + h * (abs(o) + abs(b) + abs(X) @ abs(w)))
        mean = s @ X / s.sum()
        Z = X - mean if self.intercept else X
        sd = np.sqrt(s @ (X - mean) ** 2 / s.sum()) if self.standardize else np.ones(p, LONG)
        l1, l2, low, high = (
            np.broadcast_to(np.asarray(v, float), p).astype(LONG)
            for v in (self.l1, self.l2, self.lower, self.upper)
        )
        out = np.isinf(l1)
        assert not w[out].any()
        assert np.all((w >= low) & (w <= high))
        limit = np.where(out, 0, l1) * LONG(strength) * sd
        pull = Z.T @ r - 2 * l2 * LONG(strength) * sd**2 * w
        floor = FLOOR * EPS * (abs(Z).T @ spread)
        right = np.where(w < 0, -limit, limit)  # the pull must not exceed this unless at the upper bound
        left = np.where(w > 0, limit, -limit)
        distance = np.maximum(np.where(w >= high, 0, pull - right), np.where(w <= low, 0, left - pull))
        distance = np.where(out, 0, np.maximum(distance, 0))
        worst = float(np.max(distance / np.maximum(np.maximum(LONG(1e-9) * limit, floor), LONG(1e-300))))
        if self.intercept:
            worst = max(
                worst,
                float(abs(r.sum()) / (FLOOR * EPS * spread.sum())),
            )
        return worst


def responses(loss, eta, rng):
    """Responses of a loss at linear predictors."""
    if loss == "binomial":
        return (rng.uniform(size=len(eta)) < 1 / (1 + np.exp(-eta))).astype(float)
    if loss == "gamma":
        return np.exp(eta) * rng.gamma(2.0, size=len(eta)) / 2
    if loss.startswith("tweedie"):
        return np.exp(eta) * rng.gamma(2.0, size=len(eta)) * (rng.uniform(size=len(eta)) < 0.7)
    if loss.startswith("negative"):
        return rng.poisson(np.exp(eta) * rng.gamma(2.0, size=len(eta)) / 2).astype(float)
    return rng.poisson(np.exp(eta)).astype(float)
