"""The adaptive lasso: the pilot coefficients, the penalties made of them, and the models chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.results.choice.result import CrossValidation
from equipoise.results.choice.text import adaptive_summary
from equipoise.results.fit.result import Fit
from equipoise.results.path.result import Path
from equipoise.results.plain import Tabular, to_frame, to_plain

if TYPE_CHECKING:
    from equipoise.results.choice.display import CrossValidationDisplay

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Adaptive(Tabular):
    """A cross-validated lasso whose penalties follow a pilot: weak where it is large, infinite where it is 0.

    Parameters
    ----------
    cv : CrossValidation
        The cross-validation with those penalties.
    kind : str
        How the pilot was fitted: "ridge", "unpenalised" ("least squares") or "lasso"; "given" if it was
        passed.
    pilot : (p,) array
        Pilot coefficients on all rows, in original units.
    weights : (p,) array
        Factor of each l1: 1 ÷ |pilot|^power, ∞ where the pilot is 0. With ``standardize`` the pilot is
        multiplied by the standard deviation of its feature first.
    power : float
        The power, as passed.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
    >>> adaptive = eq.adapt(X, 2 * X[:, 0] + np.arange(12) % 2, pilot=[2, 0], folds=3, count=10)
    >>> adaptive.weights
    array([0.5, inf])
    >>> adaptive.excluded
    ('x2',)
    """

    cv: CrossValidation
    kind: str
    pilot: Array
    weights: Array
    power: float

    @property
    def path(self) -> Path:
        """The path on all rows."""
        return self.cv.path

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the p features."""
        return self.cv.path.features

    @property
    def excluded(self) -> tuple[str, ...]:
        """Features with an infinite penalty: those whose pilot is 0, and those excluded by the l1 passed."""
        left_out = np.isinf(self.cv.path.asked.l1)
        return tuple(self.features[j] for j in np.flatnonzero(left_out))

    @property
    def best(self) -> Fit:
        """The fit on all rows at the strength of the smallest mean loss."""
        return self.cv.best

    @property
    def one_se(self) -> Fit:
        """The sparsest fit on all rows that is within one standard error of the best."""
        return self.cv.one_se

    @property
    def _one_se_coef(self) -> Array:
        """Coefficients of ``one_se``; NaN after one split of the rows, which has none."""
        return self.one_se.coef if "one-se" in self.cv.choices else np.full(len(self.pilot), np.nan)

    def to_dict(self) -> dict[str, Any]:
        """Pilot, weights and the cross-validation, JSON-able."""
        return {
            "features": list(self.features),
            "kind": self.kind,
            "pilot": to_plain(self.pilot),
            "weights": to_plain(self.weights),
            "power": self.power,
            "cv": self.cv.to_dict(),
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature (feature, pilot, weight, best, one_se: coefficients), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        columns = {
            "feature": list(self.features),
            "pilot": self.pilot.tolist(),
            "weight": self.weights.tolist(),
            "best": self.best.coef.tolist(),
            "one_se": self._one_se_coef.tolist(),
        }
        return to_frame(columns, like, self.cv.path.asked.frame)

    def plot(self, ax: Any = None) -> CrossValidationDisplay:
        """Draw the mean loss over the strength, with its standard error and the two choices.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        CrossValidationDisplay
            The picture, with ``ax_`` and ``figure_``.
        """
        return self.cv.plot(ax)

    def _shown(self) -> list[str]:
        return adaptive_summary(self)
