"""What a loss says of a row: its value, its slope, its curvature, and the words for what it models."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Words(NamedTuple):
    """How results speak of a loss.

    Attributes
    ----------
    predictor : str
        What the linear predictor η is: "prediction", "log-odds", "log of the mean".
    mean : str
        What the mean of the response is: "prediction", "probability", "expected count".
    ratio : str or None
        What e to a coefficient is, "odds ratio" or "rate ratio"; None where it is nothing.
    explained : str
        What 1 − deviance ÷ that of the null model is called.
    misfit : str
        What the mean loss of held-out rows is called.
    """

    predictor: str
    mean: str
    ratio: str | None
    explained: str
    misfit: str


class Loss(ABC):
    """A convex loss φ of the linear predictor η = offset + intercept + x·w, given the response y.

    φ is half the unit deviance: 0 at a perfect fit, never negative. All methods work on rows, (…, n), and
    none takes the difference of large numbers where the result is small.

    Attributes
    ----------
    name : str
        As in ``loss=``.
    kappa : float
        κ with |φ‴| ≤ κ φ″, by which certificates bound how fast the curvature changes.
    words : Words
        How results speak of it.
    """

    name: str
    kappa: float
    words: ClassVar[Words]

    @property
    def squared(self) -> bool:
        """Whether it is squared loss, of which sums tell all."""
        return False

    @property
    def takes_exposure(self) -> bool:
        """Whether η is the logarithm of a mean, to which that of an exposure can be added."""
        return self.words.predictor.startswith("log of")

    @property
    def label(self) -> str:
        """The loss as ``loss=`` takes it, its parameter included."""
        return self.name

    @abstractmethod
    def value(self, y: Array, eta: Array) -> Array:
        """φ(η) less its smallest value."""

    @abstractmethod
    def residual(self, y: Array, eta: Array) -> Array:
        """−φ′(η): what the row pulls on its prediction with."""

    @abstractmethod
    def curvature(self, y: Array, eta: Array) -> Array:
        """φ″(η)."""

    def slopes(self, y: Array, eta: Array) -> tuple[Array, Array]:
        """Residual and curvature at once, in new arrays: what a solver asks for again and again."""
        return self.residual(y, eta), self.curvature(y, eta)

    @abstractmethod
    def size(self, y: Array, eta: Array) -> Array:
        """Sum of the absolute values of the terms of the residual, relative to which it is rounded."""

    @abstractmethod
    def mean(self, eta: Array) -> Array:
        """The mean of the response at η."""

    def majorant(self, y: Array, eta: Array) -> Array:
        """The curvature of a parabola that touches φ at η and lies above it, where there is one; else φ″."""
        return self.curvature(y, eta)

    @abstractmethod
    def refuse(self, y: Array) -> None:
        """Refuse responses for which it is not defined, in a sentence that names the row."""

    @abstractmethod
    def receding(self, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Rows whose φ does not grow as η falls without end, and those as it rises, (n,) each."""


def log_of(y: Array) -> Array:
    """Log y, and 0 where y is 0."""
    return np.asarray(np.log(np.where(y > 0, y, 1.0)))


def refuse_rows(bad: NDArray[np.bool_], y: Array, told: str) -> None:
    """Refuse a response in a sentence with its first bad row."""
    rows = np.flatnonzero(bad)
    if len(rows):
        row = int(rows[0])
        raise ValueError(f"y holds {y[row]:g} in row {row} (counting from 0): {told}")
