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
    null : str
        What a constant model predicts: "mean of y", "share of events".
    total : str
        What the responses of all rows add up to, with {} for the number.
    weight : str
        What weights count: "rows", "trials".
    multiplied : str or None
        What a ratio multiplies where that is not the mean: "odds".
    """

    predictor: str
    mean: str
    ratio: str | None
    explained: str
    misfit: str
    null: str = "mean of y"
    total: str = "a total of {}"
    weight: str = "rows"
    multiplied: str | None = None


class Sides(NamedTuple):
    """What pulls the linear predictor up and down, by which compiled passes form a residual r.

    With x = η − shift, and p = 1/(1 + e^−x)::

        logistic       r = gain·(1 − p) − cost·p
        exponential    r = gain·e^(−falls·x) − cost·e^(rises·x)

    Attributes
    ----------
    exponential : bool
        Which of the two.
    gain, cost : (n,) array, and (n,) array or None
        Of each row; a cost of None is 1.
    shift, falls, rises : float
        The rest.
    """

    exponential: bool
    gain: Array
    cost: Array | None
    shift: float = 0.0
    falls: float = 0.0
    rises: float = 0.0


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
    left : str
        What a residual is, in words.
    dispersion : float or None
        By what the likelihood divides the deviance, where it is known: 1 for counts of events.
    """

    name: str
    kappa: float
    words: ClassVar[Words]
    left: ClassVar[str]
    dispersion: ClassVar[float | None] = None

    @property
    def squared(self) -> bool:
        """Whether it is squared loss, of which sums tell all."""
        return False

    @property
    def takes_exposure(self) -> bool:
        """Whether η is the logarithm of a mean, to which that of an exposure can be added."""
        return self.words.predictor.startswith("log of")

    @property
    def takes_labels(self) -> bool:
        """Whether the response may be one of two labels, of whose second the mean is the probability."""
        return False

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

    def derivatives(self, y: Array, eta: Array) -> tuple[Array, Array]:
        """Residual and curvature at once, in new arrays: what a solver asks for again and again."""
        return self.residual(y, eta), self.curvature(y, eta)

    def sides(self, y: Array) -> Sides | None:
        """The residual as compiled passes form it; None for a loss that is not of their forms."""
        return None

    @abstractmethod
    def size(self, y: Array, eta: Array) -> Array:
        """Sum of the absolute values of the terms of the residual, relative to which it is rounded."""

    def slopes(self, y: Array, eta: Array) -> tuple[Array, Array, Array]:
        """Residual, curvature and size, for less than the three alone where they share an exponential."""
        return self.residual(y, eta), self.curvature(y, eta), self.size(y, eta)

    @abstractmethod
    def divergence(self, y: Array, eta: Array, fall: Array) -> Array:
        """φ(η) + φ*(−ξ) + ξη with ξ = r(η) − fall: what η lacks to be the one whose residual is ξ.

        Never negative, and ∞ where no linear predictor has such a residual.
        """

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


def excess(x: Array) -> Array:
    """(1 + x) log(1 + x) − x, by its series near 0; 1 at −1, ∞ below."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        far = np.where(x > -1.0, (1.0 + x) * np.log1p(x) - x, np.where(x == -1.0, 1.0, np.inf))
        near = x * x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 12.0 - x * (0.05 - x * (1.0 / 30.0 - x / 42.0)))))
    return np.where(np.abs(x) < 1e-3, near, far)


def entropy(mean: Array, log_mean: Array, step: Array) -> Array:
    """M log(m/mean) − m + mean with m = mean + step; ``log_mean`` serves where the mean underflows."""
    m = mean + step
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        own = mean * excess(step / mean)
        lost = np.where(m > 0, m * (np.log(np.where(m > 0, m, 1.0)) - log_mean) - step, mean)
    lost = np.where(m < 0, np.inf, lost)
    return np.where(step == 0, 0.0, np.where(mean > 1e-290, own, lost))
