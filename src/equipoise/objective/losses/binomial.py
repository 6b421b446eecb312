"""Binomial loss with the logit link: of yes/no responses, and of fractions of trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.losses.base import Loss, Sides, Words, entropy, log_of, refuse_rows

Array = NDArray[np.float64]


FARTHEST = 350.0  # e to this, and its square, are far below the largest number


@dataclass(frozen=True)
class Binomial(Loss):
    """φ = log(1 + e^η) − yη, less its smallest value, for y in [0, 1]; trials are weights.

    McCullagh & Nelder (1989), *Generalized Linear Models*, ch. 4.
    """

    name: str = "binomial"
    kappa: float = 1.0
    words: ClassVar[Words] = Words(
        *("log-odds", "probability", "odds ratio", "deviance explained", "mean deviance"),
        null="share of events",
        total="{} events",
        weight="trials",
        multiplied="odds",
    )
    left: ClassVar[str] = "y − probability"
    dispersion: ClassVar[float | None] = 1.0

    @property
    def takes_labels(self) -> bool:
        """It does."""
        return True

    def value(self, y: Array, eta: Array) -> Array:
        """log(1 + e^η) − yη + y log y + (1 − y) log(1 − y)."""
        own = np.log1p(np.exp(-np.abs(eta)))
        away = np.where(eta > 0, (1.0 - y) * eta, -y * eta)
        return np.asarray(np.maximum(own + away + y * log_of(y) + (1.0 - y) * log_of(1.0 - y), 0.0))

    def residual(self, y: Array, eta: Array) -> Array:
        """y(1 − μ) − (1 − y)μ, in which nothing cancels at y = 0 and y = 1."""
        return np.asarray(y * logistic(-eta) - (1.0 - y) * logistic(eta))

    def curvature(self, y: Array, eta: Array) -> Array:
        """μ(1 − μ)."""
        small = np.exp(-np.abs(eta))
        return np.asarray(small / (1.0 + small) ** 2)

    def derivatives(self, y: Array, eta: Array) -> tuple[Array, Array]:
        """(yq − (1 − y))μ and qμ², with q = e^−η and μ = 1/(1 + q); q is kept from overflowing."""
        q = np.negative(eta)
        np.exp(np.minimum(q, FARTHEST, out=q), out=q)
        residual = q * y
        residual -= 1.0 - y
        rest = q + 1.0
        residual /= rest
        rest *= rest
        q /= rest
        return residual, q

    def sides(self, y: Array) -> Sides:
        """Y and 1 − y."""
        return Sides(False, y, 1.0 - y)

    def size(self, y: Array, eta: Array) -> Array:
        """y(1 − μ) + (1 − y)μ."""
        return np.asarray(y * logistic(-eta) + (1.0 - y) * logistic(eta))

    def slopes(self, y: Array, eta: Array) -> tuple[Array, Array, Array]:
        """Of q = e^−η alone, as in :meth:`derivatives`, but further out: q is not squared here."""
        q = np.negative(eta)
        np.exp(np.minimum(q, 2.0 * FARTHEST, out=q), out=q)
        yes, no = q * y, 1.0 - y
        residual, size = yes - no, yes
        size += no
        rest = q + 1.0
        residual /= rest
        size /= rest
        q /= rest
        q /= rest
        return residual, q, size

    def divergence(self, y: Array, eta: Array, fall: Array) -> Array:
        """Of the probabilities μ + fall and μ: Kullback and Leibler's."""
        yes = entropy(logistic(eta), eta, fall)
        return np.asarray(yes + entropy(logistic(-eta), -eta, -fall))

    def mean(self, eta: Array) -> Array:
        """μ = 1/(1 + e^−η), the probability of the event."""
        return np.asarray(logistic(eta))

    def majorant(self, y: Array, eta: Array) -> Array:
        """tanh(|η|/2)/(2|η|): Jaakkola & Jordan (2000), *Statistics and Computing* 10."""
        return half_tanh(eta)

    def refuse(self, y: Array) -> None:
        """Refuse what is not in [0, 1]."""
        refuse_rows(
            (y < 0) | (y > 1), y, "loss='binomial' takes 0 and 1, two labels, or fractions between 0 and 1"
        )

    def receding(self, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """At y = 0 as η falls, at y = 1 as it rises."""
        return y == 0, y == 1


def logistic(x: Array) -> Array:
    """1/(1 + e^−x), without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def half_tanh(eta: Array) -> Array:
    """tanh(|η|/2)/(2|η|), ¼ at 0."""
    size = np.abs(eta)
    near = size < 1e-4
    return np.where(near, 0.25 - size**2 / 48.0, np.tanh(0.5 * size) / np.where(near, 1.0, 2.0 * size))
