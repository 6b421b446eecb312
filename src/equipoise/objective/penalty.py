"""The penalty Σ l1_j |w_j| + Σ l2_j w_j² in a box: its value and its subgradient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Penalty:
    """l1, l2 and bounds, one entry a feature; every method also takes stacks of coefficient vectors (…, p).

    Attributes
    ----------
    l1, l2 : (…, p) arrays
        Non-negative; ``l1`` may be infinite (the feature is excluded).
    lower, upper : (p,) arrays
        The box, infinite where there is none.
    """

    l1: Array
    l2: Array
    lower: Array
    upper: Array

    def at(self, strength: float | Array) -> Penalty:
        """The penalty with l1 and l2 multiplied by a strength, or by each of a stack of them (m, 1)."""
        l1 = np.where(np.isinf(self.l1), np.inf, strength * self.finite_l1)
        return Penalty(l1, strength * self.l2, self.lower, self.upper)

    def of(self, columns: NDArray[np.intp]) -> Penalty:
        """The penalty of some of the features."""
        return Penalty(self.l1[columns], self.l2[columns], self.lower[columns], self.upper[columns])

    def scaled(self, scale: Array) -> Penalty:
        """The same penalty, as a function of the coefficients times ``scale`` (p,)."""
        return Penalty(self.l1 / scale, self.l2 / scale**2, self.lower * scale, self.upper * scale)

    def hold(self, held: Flags) -> Penalty:
        """The penalty with some features held at their null value."""
        lower, upper = np.where(held, self.null, self.lower), np.where(held, self.null, self.upper)
        other = Penalty(self.l1, self.l2, lower, upper)
        vars(other)["null"] = self.null  # the same: a feature is held at its null value
        return other

    @cached_property
    def moving(self) -> Flags:
        """Features whose box leaves them room to move, (p,): lower < upper."""
        return np.asarray(self.lower < self.upper)

    @property
    def kinked(self) -> Flags:
        """Features whose penalty has the kink of an l1 at zero strictly inside their box, (p,)."""
        return np.asarray((self.l1 > 0) & (self.lower < 0) & (self.upper > 0))

    @cached_property
    def finite_l1(self) -> Array:
        """l1 with 0 in place of ∞, for products in which ∞ · 0 must not be formed."""
        return np.where(np.isinf(self.l1), 0.0, self.l1)

    @cached_property
    def null(self) -> Array:
        """The penalised null model: zero, or the bound nearest to it; not to be written to."""
        null = np.minimum(np.maximum(self.lower, 0.0), self.upper)
        null.setflags(write=False)
        return null

    @property
    def boxed(self) -> bool:
        """Whether some feature has a bound."""
        return bool((self.lower > -np.inf).any() or (self.upper < np.inf).any())

    @property
    def unpenalised(self) -> Flags:
        """Features with neither penalty nor box: they are fitted as the intercept is."""
        free = (self.l1 == 0) & (self.l2 == 0)
        return np.asarray(free & (self.lower == -np.inf) & (self.upper == np.inf))

    @cached_property
    def lax(self) -> bool:
        """Whether some feature has neither an l1 nor an l2."""
        return not self.l1.all() and bool(np.any((self.l1 == 0) & (self.l2 == 0)))

    def value(self, w: Array) -> Array:
        """Σ l1_j |w_j| + Σ l2_j w_j², never forming ∞ · 0."""
        linear = np.where(w == 0, 0.0, np.where(w == 0, 0.0, self.l1) * np.abs(w))
        return np.asarray(np.sum(linear + self.l2 * w**2, axis=-1))

    def limit(self, w: Array) -> Array:
        """l1_j + 2 l2_j |w_j|: the largest pull that the penalty balances at w, bounds aside."""
        return np.asarray(self.l1 + 2.0 * self.l2 * np.abs(w))

    def interval(self, w: Array) -> tuple[Array, Array]:
        """The subgradient interval [low, high] of l1_j|w_j| + l2_j w_j² + box, in which a pull balances."""
        slope = np.sign(w) * np.where(w == 0, 0.0, self.l1) + 2.0 * self.l2 * w
        low = np.where(w == 0, -self.l1, slope)
        high = np.where(w == 0, self.l1, slope)
        return np.where(w <= self.lower, -np.inf, low), np.where(w >= self.upper, np.inf, high)

    def excess(self, w: Array, pull: Array) -> Array:
        """How far each pull lies outside its interval, negative inside."""
        low, high = self.interval(w)
        return np.maximum(low - pull, pull - high)

    def distance(self, w: Array, pull: Array) -> Array:
        """Distance of each pull to its interval: the size of the objective's smallest subgradient."""
        return np.maximum(self.excess(w, pull), 0.0)
