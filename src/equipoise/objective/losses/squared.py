"""Squared loss, ½(y − η)²: of continuous responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.losses.base import Loss, Words

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Squared(Loss):
    """φ = ½(y − η)²."""

    name: str = "squared"
    kappa: float = 0.0
    words: ClassVar[Words] = Words("prediction", "prediction", None, "R²", "mean squared error")
    left: ClassVar[str] = "y − prediction"

    @property
    def squared(self) -> bool:
        """It is."""
        return True

    def value(self, y: Array, eta: Array) -> Array:
        """½(y − η)²."""
        return np.asarray(0.5 * (y - eta) ** 2)

    def residual(self, y: Array, eta: Array) -> Array:
        """Y − η."""
        return np.asarray(y - eta)

    def curvature(self, y: Array, eta: Array) -> Array:
        """1."""
        return np.ones(np.shape(eta))

    def size(self, y: Array, eta: Array) -> Array:
        """|y| + |η|."""
        return np.asarray(np.abs(y) + np.abs(eta))

    def divergence(self, y: Array, eta: Array, fall: Array) -> Array:
        """½ fall²."""
        return np.asarray(0.5 * fall**2)

    def mean(self, eta: Array) -> Array:
        """η."""
        return eta

    def refuse(self, y: Array) -> None:
        """Every number will do."""

    def receding(self, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """None: squares grow both ways."""
        none = np.zeros(len(y), dtype=bool)
        return none, none


SQUARED = Squared()
