"""Tweedie loss of a power between 1 and 2 with the log link: of amounts, many of which are 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.losses.base import Loss, Sides, Words, entropy, log_of, refuse_rows

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Tweedie(Loss):
    """φ = ye^((1−q)η)/(q − 1) + e^((2−q)η)/(2 − q), less its smallest value, for y ≥ 0 and 1 < q < 2.

    Jørgensen (1987), *JRSS B* 49.

    Parameters
    ----------
    power : float
        q: the variance of the response is proportional to its mean to this power.
    """

    power: float
    name: str = "tweedie"
    words: ClassVar[Words] = Words(
        "log of the mean", "mean", "ratio of means", "deviance explained", "mean deviance"
    )
    left: ClassVar[str] = "(y − mean) ÷ mean^(power − 1)"

    def __post_init__(self) -> None:
        if not 1.0 < self.power < 2.0:
            raise ValueError(
                f"the power of a Tweedie loss is {self.power:g}: pass one between 1 and 2, as in "
                "'tweedie(1.5)' (1 is loss='poisson', 2 is loss='gamma', 0 is loss='squared')"
            )

    @property
    def kappa(self) -> float:  # type: ignore[override]
        """max(q − 1, 2 − q)."""
        return max(self.power - 1.0, 2.0 - self.power)

    @property
    def label(self) -> str:
        """As in "tweedie(1.5)"."""
        return f"tweedie({self.power!r})"

    def _terms(self, y: Array, eta: Array) -> tuple[Array, Array]:
        """ye^((1−q)η) and e^((2−q)η)."""
        q = self.power
        with np.errstate(over="ignore", invalid="ignore"):
            claim = np.where(y > 0, y * np.exp((1.0 - q) * eta), 0.0)
        return claim, np.exp((2.0 - q) * eta)

    def value(self, y: Array, eta: Array) -> Array:
        """y^(2−q)[(e^((1−q)x) − 1)/(q − 1) + (e^((2−q)x) − 1)/(2 − q)] with x = η − log y."""
        q = self.power
        x = eta - log_of(y)
        with np.errstate(over="ignore", invalid="ignore"):
            own = np.expm1((1.0 - q) * x) / (q - 1.0) + np.expm1((2.0 - q) * x) / (2.0 - q)
        return np.where(y > 0, y ** (2.0 - q) * np.maximum(own, 0.0), np.exp((2.0 - q) * eta) / (2.0 - q))

    def residual(self, y: Array, eta: Array) -> Array:
        """ye^((1−q)η) − e^((2−q)η)."""
        claim, cost = self._terms(y, eta)
        return np.asarray(claim - cost)

    def curvature(self, y: Array, eta: Array) -> Array:
        """(q − 1)ye^((1−q)η) + (2 − q)e^((2−q)η)."""
        claim, cost = self._terms(y, eta)
        return np.asarray((self.power - 1.0) * claim + (2.0 - self.power) * cost)

    def sides(self, y: Array) -> Sides:
        """ye^((1−q)η) and e^((2−q)η)."""
        return Sides(True, y, None, falls=self.power - 1.0, rises=2.0 - self.power)

    def size(self, y: Array, eta: Array) -> Array:
        """ye^((1−q)η) + e^((2−q)η)."""
        claim, cost = self._terms(y, eta)
        return np.asarray(claim + cost)

    def divergence(self, y: Array, eta: Array, fall: Array) -> Array:
        """That of φ at η from the η + Δ whose residual is ξ, Δ by Newton's method; closed where y = 0."""
        q = self.power
        claim, cost = self._terms(y, eta)
        bare = entropy(cost, (2.0 - q) * eta, fall) / (2.0 - q)
        if not np.any(y > 0):
            return np.asarray(bare)
        with np.errstate(all="ignore"):
            step, missed, curved = self._step_to(claim, cost, fall)
            own = claim / (q - 1.0) * _bent((q - 1.0) * step) + cost / (2.0 - q) * _bent((q - 2.0) * step)
            # Where Newton's method stops short, the conjugate is larger by this much at most.
            share = self.kappa * missed / curved
            own = own + np.where(share < 1.0, missed**2 / curved / (1.0 - share), np.inf)
        return np.where(y > 0, np.where(np.isnan(own), np.inf, own), bare)

    def _step_to(self, claim: Array, cost: Array, fall: Array) -> tuple[Array, Array, Array]:
        """Δ with φ′(η + Δ) = φ′(η) + fall, how far φ′ is from it, and the curvature there."""
        q = self.power
        step = np.zeros(np.broadcast(claim, fall).shape)
        for _ in range(60):
            down, up = claim * np.expm1((1.0 - q) * step), cost * np.expm1((2.0 - q) * step)
            off = fall - (up - down)
            curved = (q - 1.0) * (claim + down) + (2.0 - q) * (cost + up)
            move = off / curved
            # Within ±1/κ the curvature changes by a factor of e at most.
            step = step + np.clip(move, -1.0 / self.kappa, 1.0 / self.kappa)
            if not np.any(np.abs(move) > 4e-16 * np.abs(step)):
                break
        return step, np.abs(off) + 4e-16 * (np.abs(fall) + np.abs(up) + np.abs(down)), curved

    def mean(self, eta: Array) -> Array:
        """e^η."""
        return np.exp(eta)

    def refuse(self, y: Array) -> None:
        """Refuse negative numbers."""
        refuse_rows(y < 0, y, f"loss={self.label!r} takes amounts that are not negative")

    def receding(self, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """At y = 0 as η falls."""
        return y == 0, np.zeros(len(y), dtype=bool)


def _bent(x: Array) -> Array:
    """1 − e^(−x)(1 + x), by its series near 0."""
    near = x * x * (0.5 - x * (1.0 / 3.0 - x * (0.125 - x * (1.0 / 30.0 - x / 144.0))))
    return np.where(np.abs(x) < 1e-3, near, 1.0 - np.exp(-x) * (1.0 + x))
