"""Losses: what a row's misfit costs, in a few lines of NumPy each."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Loss(Protocol):
    """A smooth loss of one row's response y and linear predictor η."""

    name: str

    def value(self, y: Array, eta: Array) -> Array:
        """The loss of each row."""
        ...

    def gradient_rows(self, y: Array, eta: Array) -> Array:
        """Its first derivative in η; the residual is the negative of it."""
        ...

    def curvature_rows(self, y: Array, eta: Array) -> Array:
        """Its second derivative in η."""
        ...

    def inverse_link(self, eta: Array) -> Array:
        """The mean response that η stands for."""
        ...

    def domain(self, y: Array) -> NDArray[np.bool_]:
        """Which responses the loss is defined for."""
        ...


class Squared:
    """½ (y − η)²."""

    name = "squared"

    def value(self, y: Array, eta: Array) -> Array:
        """½ (y − η)²."""
        return 0.5 * (y - eta) ** 2

    def gradient_rows(self, y: Array, eta: Array) -> Array:
        """η − y."""
        return eta - y

    def curvature_rows(self, y: Array, eta: Array) -> Array:
        """1."""
        return np.ones_like(eta)

    def inverse_link(self, eta: Array) -> Array:
        """η itself."""
        return eta

    def domain(self, y: Array) -> NDArray[np.bool_]:
        """Every finite number."""
        return np.isfinite(y)
