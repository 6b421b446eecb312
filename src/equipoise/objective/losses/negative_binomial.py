"""Negative binomial loss of a known size with the log link: of counts that vary more than Poisson's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.losses.base import Loss, Sides, Words, entropy, log_of, refuse_rows
from equipoise.objective.losses.binomial import half_tanh, logistic

Array = NDArray[np.float64]


@dataclass(frozen=True)
class NegativeBinomial(Loss):
    """φ = (y + k)log(k + e^η) − yη, less its smallest value, for y ≥ 0 and a size k > 0.

    Lawless (1987), *Canadian Journal of Statistics* 15.

    Parameters
    ----------
    size_parameter : float
        k: the variance is μ + μ²/k.
    """

    size_parameter: float
    name: str = "negative_binomial"
    kappa: float = 1.0
    words: ClassVar[Words] = Words(
        *("log of the expected count", "expected count", "rate ratio", "deviance explained", "mean deviance"),
        total="a total count of {}",
    )
    left: ClassVar[str] = "(y − expected count) ÷ (1 + expected count ÷ size)"
    dispersion: ClassVar[float | None] = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.size_parameter < np.inf:
            raise ValueError(
                f"the size of a negative binomial loss is {self.size_parameter:g}: pass one above 0, as in "
                "'negative_binomial(2)' (the variance is mean + mean²/size)"
            )

    @property
    def label(self) -> str:
        """As in "negative_binomial(2.0)"."""
        return f"negative_binomial({self.size_parameter!r})"

    def _shifted(self, eta: Array) -> Array:
        """η − log k, of which p = e^η/(k + e^η) is the logistic function."""
        return np.asarray(eta - np.log(self.size_parameter))

    def value(self, y: Array, eta: Array) -> Array:
        """(y + k)log((k + μ)/(k + y)) − yz with z = η − log y; the quotient less 1 is y(e^z − 1)/(k + y)."""
        k = self.size_parameter
        z = eta - log_of(y)
        near = (y > 0) & (np.abs(z) < 1.0)
        beside = np.log1p(y * np.expm1(np.where(near, z, 0.0)) / (k + y))
        log_ratio = np.where(near, beside, np.logaddexp(0.0, self._shifted(eta)) - np.log1p(y / k))
        return np.asarray(np.maximum((y + k) * log_ratio - y * z, 0.0))

    def residual(self, y: Array, eta: Array) -> Array:
        """y(1 − p) − kp."""
        x = self._shifted(eta)
        return np.asarray(y * logistic(-x) - self.size_parameter * logistic(x))

    def curvature(self, y: Array, eta: Array) -> Array:
        """(y + k)p(1 − p)."""
        small = np.exp(-np.abs(self._shifted(eta)))
        return np.asarray((y + self.size_parameter) * small / (1.0 + small) ** 2)

    def sides(self, y: Array) -> Sides:
        """Y and k, of the logistic function of η − log k."""
        k = self.size_parameter
        return Sides(False, y, np.full(len(y), k), shift=float(np.log(k)))

    def size(self, y: Array, eta: Array) -> Array:
        """y(1 − p) + kp, and |log k| times the curvature, as η is rounded relative to log k, too."""
        x, k = self._shifted(eta), self.size_parameter
        yes, no = logistic(x), logistic(-x)
        return np.asarray(y * no + k * yes + abs(float(np.log(k))) * (y + k) * yes * no)

    def divergence(self, y: Array, eta: Array, fall: Array) -> Array:
        """Kullback and Leibler's of p + fall/(y + k) and p, times y + k."""
        total, x = y + self.size_parameter, self._shifted(eta)
        with np.errstate(over="ignore"):
            yes = entropy(total * logistic(x), np.log(total) + x, fall)
            no = entropy(total * logistic(-x), np.log(total) - x, -fall)
        return np.asarray(yes + no)

    def mean(self, eta: Array) -> Array:
        """e^η."""
        return np.exp(eta)

    def majorant(self, y: Array, eta: Array) -> Array:
        """(y + k)tanh(|x|/2)/(2|x|) with x = η − log k."""
        return np.asarray((y + self.size_parameter) * half_tanh(self._shifted(eta)))

    def refuse(self, y: Array) -> None:
        """Refuse negative numbers."""
        refuse_rows(y < 0, y, f"loss={self.label!r} takes counts, which are not negative")

    def receding(self, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """At y = 0 as η falls."""
        return y == 0, np.zeros(len(y), dtype=bool)
