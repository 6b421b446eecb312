"""Gamma loss with the log link: of positive amounts whose spread grows with their mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.losses.base import Loss, Sides, Words, entropy, refuse_rows

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Gamma(Loss):
    """φ = ye^(−η) + η, less its smallest value, for y > 0.

    McCullagh & Nelder (1989), *Generalized Linear Models*, ch. 8.
    """

    name: str = "gamma"
    kappa: float = 1.0
    words: ClassVar[Words] = Words(
        "log of the mean", "mean", "ratio of means", "deviance explained", "mean deviance"
    )
    left: ClassVar[str] = "y ÷ mean − 1"

    def value(self, y: Array, eta: Array) -> Array:
        """e^x − 1 − x with x = log y − η."""
        x = np.log(y) - eta
        return np.asarray(np.expm1(x) - x)

    def residual(self, y: Array, eta: Array) -> Array:
        """ye^(−η) − 1."""
        return np.expm1(np.log(y) - eta)

    def curvature(self, y: Array, eta: Array) -> Array:
        """ye^(−η)."""
        return np.exp(np.log(y) - eta)

    def sides(self, y: Array) -> Sides:
        """ye^(−η) and 1."""
        return Sides(True, y, None, falls=1.0)

    def size(self, y: Array, eta: Array) -> Array:
        """ye^(−η)(1 + |log y|) + 1: η is rounded relative to log y, too."""
        log_y = np.log(y)
        return np.asarray(np.exp(log_y - eta) * (1.0 + np.abs(log_y)) + 1.0)

    def divergence(self, y: Array, eta: Array, fall: Array) -> Array:
        """M log(m/h) − m + h with h = ye^(−η) and m = h − fall."""
        log_h = np.log(y) - eta
        return entropy(np.exp(log_h), log_h, -fall)

    def mean(self, eta: Array) -> Array:
        """e^η."""
        return np.exp(eta)

    def refuse(self, y: Array) -> None:
        """Refuse what is not positive."""
        refuse_rows(y <= 0, y, "loss='gamma' takes amounts above 0; for amounts of 0 use loss='tweedie(1.5)'")

    def receding(self, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """None: it grows both ways."""
        none = np.zeros(len(y), dtype=bool)
        return none, none
