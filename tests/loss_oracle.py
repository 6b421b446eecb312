"""Every loss in extended precision, from the textbook: slopes, the conditions of a solution, and solutions.

Nothing here imports the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

LONG = np.longdouble
EPS = LONG(np.finfo(float).eps)
FLOOR = 64  # roundings that a pull may be off

LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2.0)")


def slopes(loss: str, y: Any, eta: Any) -> tuple[Any, Any, Any]:
    """Residual −φ′, curvature φ″ and the size of the residual's terms, of each row."""
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
    share, left = 1 / (1 + number * np.exp(-eta)), 1 / (1 + np.exp(eta) / number)
    total = y + number
    return y - total * share, total * share * left, y + total * share


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
    standardize: bool = False,
) -> float:
    """The largest distance of a pull to its interval, in units of what a solution may have.

    That is 1e-9 of its limit, or 64 roundings of the pull; of the intercept, which has no limit, the latter.
    """
    X, w = np.asarray(X, float).astype(LONG), np.asarray(coef, float).astype(LONG)
    n, p = X.shape
    s = np.ones(n, LONG) if weights is None else np.asarray(weights, float).astype(LONG)
    o = np.zeros(n, LONG) if offset is None else np.asarray(offset, float).astype(LONG)
    X, y, o, s = X[s > 0], np.asarray(y, float)[s > 0], o[s > 0], s[s > 0]
    l1, l2, lower, upper = (
        np.broadcast_to(np.asarray(a, float), p).astype(LONG) for a in (l1, l2, lower, upper)
    )
    out = np.isinf(l1)
    assert not w[out].any()
    assert np.all((w >= lower) & (w <= upper))
    mean = s @ X / s.sum()
    if standardize:
        sd = np.sqrt(s @ (X - mean) ** 2 / s.sum())
        l1, l2 = np.where(out, np.inf, np.where(out, 0, l1) * sd), l2 * sd**2
    Z = X - mean if centred else X
    with np.errstate(over="ignore"):
        residual, curved, terms = slopes(loss, y, o + LONG(intercept) + X @ w)
    # A stored intercept and stored coefficients are rounded, and so is everything that is computed with them.
    steps = np.abs(o) + abs(LONG(intercept)) + np.abs(X) @ np.abs(w)
    size = s * (terms + curved * steps)
    pull, floor = Z.T @ (s * residual), FLOOR * EPS * (np.abs(Z).T @ size)
    limit = np.where(out, 0, l1)
    slope = np.sign(w) * limit + 2 * l2 * w
    low, high = np.where(w == 0, -l1, slope), np.where(w == 0, l1, slope)
    low, high = np.where(w <= lower, -np.inf, low), np.where(w >= upper, np.inf, high)
    distance = np.maximum(np.maximum(low - pull, pull - high), 0)
    room = np.maximum(LONG(1e-9) * limit, floor)
    worst = float(np.max(distance / np.where(room > 0, room, LONG(1e-300)), initial=0.0))
    if centred:
        worst = max(worst, float(abs(np.sum(s * residual)) / (FLOOR * EPS * size.sum())))
    return worst


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

    @property
    def arguments(self):
        names = ("loss", "l1", "l2", "intercept", "standardize", "sample_weight", "offset", "lower", "upper")
        return {name: getattr(self, name) for name in names}

    def check(self, coef, intercept, strength=1.0):
        """The largest distance to balance, in units of what is allowed; no more than 1 at a solution."""
        return worst_violation(
            self.loss,
            self.X,
            self.y,
            coef,
            intercept,
            l1=np.asarray(self.l1, float) * strength,
            l2=np.asarray(self.l2, float) * strength,
            weights=self.sample_weight,
            offset=self.offset,
            lower=self.lower,
            upper=self.upper,
            centred=self.intercept,
            standardize=self.standardize,
        )


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


def eliminate(matrix, right):
    """Solve a linear system in extended precision."""
    a, b = matrix.copy(), right.copy()
    for i in range(len(b)):
        k = i + int(np.argmax(np.abs(a[i:, i])))
        a[[i, k]], b[[i, k]] = a[[k, i]], b[[k, i]]
        for r in range(i + 1, len(b)):
            f = a[r, i] / a[i, i]
            a[r, i:] -= f * a[i, i:]
            b[r] -= f * b[i]
    for i in range(len(b) - 1, -1, -1):
        b[i] = (b[i] - a[i, i + 1 :] @ b[i + 1 :]) / a[i, i]
    return b


class Exact:
    """A problem in extended precision, its l1 and l2 multiplied by a strength."""

    def __init__(self, X, y, loss, l1, l2, weights=None, offset=None, intercept=True):
        self.X, self.y, self.loss = X.astype(LONG), y.astype(LONG), loss
        self.l1, self.l2 = (np.broadcast_to(a, X.shape[1]).astype(LONG) for a in (l1, l2))
        self.s = np.ones(len(y), LONG) if weights is None else weights.astype(LONG)
        self.o = np.zeros(len(y), LONG) if offset is None else offset.astype(LONG)
        self.intercept = intercept
        self.arguments = {
            "loss": loss, "sample_weight": weights, "offset": offset, "intercept": intercept
        }  # fmt: skip
        self.points = X, y

    def branch(self, strength, signs):
        """Coefficients and pulls where the features with a sign are free, by Newton's method."""
        t, free, lead = LONG(strength), np.flatnonzero(signs), int(self.intercept)
        C = np.column_stack([np.ones((len(self.y), lead), LONG), self.X[:, free]])
        l2 = np.concatenate([np.zeros(lead, LONG), self.l2[free]])
        q = np.concatenate([np.zeros(lead, LONG), self.l1[free] * signs[free]])
        u = np.zeros(C.shape[1], LONG)
        for _ in range(300):
            r, h, _ = slopes(self.loss, self.y, self.o + C @ u)
            left = C.T @ (self.s * r) - t * (q + 2 * l2 * u)
            step = eliminate(C.T @ ((self.s * h)[:, None] * C) + 2 * t * np.diag(l2), left)
            far = float(np.abs(C @ step).max())
            u = u + step / max(far, 1.0)
            if far < 1e-17:
                break
        assert far < 1e-14
        coef = np.zeros(len(signs), LONG)
        coef[free] = u[lead:]
        return coef, self.X.T @ (self.s * slopes(self.loss, self.y, self.o + C @ u)[0])

    def assert_solution(self, strength, signs) -> None:
        """The optimality conditions, which suffice, at the branch of these signs."""
        coef, pull = self.branch(strength, signs)
        kinked = self.l1 > 0
        assert np.array_equal(np.sign(coef)[kinked], signs[kinked])
        over = np.abs(pull) - LONG(strength) * self.l1
        assert np.all(over[signs == 0] <= 1e-13 * float(strength))
