"""Poisson loss with the log link: of counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.losses.base import Loss, Sides, Words, entropy, log_of, refuse_rows

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Poisson(Loss):
    """φ = e^η − yη, less its smallest value, for y ≥ 0.

    McCullagh & Nelder (1989), *Generalized Linear Models*, ch. 6.
    """

    name: str = "poisson"
    kappa: float = 1.0
    words: ClassVar[Words] = Words(
        *("log of the expected count", "expected count", "rate ratio", "deviance explained", "mean deviance"),
        total="a total count of {}",
    )
    left: ClassVar[str] = "y − expected count"
    dispersion: ClassVar[float | None] = 1.0

    def value(self, y: Array, eta: Array) -> Array:
        """y(e^x − 1 − x) with x = η − log y; e^η at y = 0."""
        x = eta - log_of(y)
        return np.where(y > 0, y * (np.expm1(x) - x), np.exp(eta))

    def residual(self, y: Array, eta: Array) -> Array:
        """Y − e^η."""
        return np.asarray(y - np.exp(eta))

    def curvature(self, y: Array, eta: Array) -> Array:
        """e^η."""
        return np.exp(eta)

    def derivatives(self, y: Array, eta: Array) -> tuple[Array, Array]:
        """Y − e^η and e^η."""
        mean = np.exp(eta)
        return y - mean, mean

    def sides(self, y: Array) -> Sides:
        """Y and e^η."""
        return Sides(True, y, None, rises=1.0)

    def size(self, y: Array, eta: Array) -> Array:
        """Y + e^η."""
        return np.asarray(y + np.exp(eta))

    def slopes(self, y: Array, eta: Array) -> tuple[Array, Array, Array]:
        """Of e^η alone."""
        mean = np.exp(eta)
        return y - mean, mean, y + mean

    def divergence(self, y: Array, eta: Array, fall: Array) -> Array:
        """M log(m/μ) − m + μ with m = μ + fall."""
        return entropy(np.exp(eta), eta, fall)

    def mean(self, eta: Array) -> Array:
        """e^η."""
        return np.exp(eta)

    def refuse(self, y: Array) -> None:
        """Refuse negative numbers."""
        refuse_rows(y < 0, y, "loss='poisson' takes counts, which are not negative")

    def receding(self, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """At y = 0 as η falls."""
        return y == 0, np.zeros(len(y), dtype=bool)
