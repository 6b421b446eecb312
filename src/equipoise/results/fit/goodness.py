"""How much of the data a fit explains, on its own rows, beside the null model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.measures import FLOOR
from equipoise.objective.squares import need_squares

if TYPE_CHECKING:
    from equipoise.objective.points import Points


class Goodness:
    """R² and the errors that it compares, from the residual that the fit has: no pass over X.

    The null model is that of :class:`Score`: it knows no feature, unpenalised ones neither, and predicts the
    s-weighted mean of y − o for every row, plus the row's offset o; without an intercept 0 plus the offset.
    """

    if TYPE_CHECKING:
        coef: NDArray[np.float64]
        points: Points | None
        errors: tuple[float, float] | None

    @property
    def r_squared(self) -> float | None:
        """R² on the rows of the fit: ``1 − Σ s_i (y_i − ŷ_i)² / Σ s_i (y_i − o_i − c)²``.

        c is the s-weighted mean of y − o, so that it is the usual R²; without an intercept it is 0 (the
        *uncentred* R² of statsmodels and R, which no R² about the mean may be compared with). None where the
        null model leaves nothing to explain, and where the errors are unknown.
        """
        own, null = self._errors
        return 1.0 - (own / null) ** 2 if null > 0 else None

    @property
    def root_mean_squared_error(self) -> float:
        """``√(Σ s_i (y_i − ŷ_i)² / Σs)`` on the rows of the fit, in the units of y.

        NaN for a model of a path that was loaded, and one of an earlier release: their files do not hold it.
        """
        return self._errors[0]

    @property
    def null_root_mean_squared_error(self) -> float:
        """The same of the null model: the standard deviation of y − o, about 0 if there is no intercept."""
        return self._errors[1]

    @cached_property
    def _errors(self) -> tuple[float, float]:
        """Root mean squared errors of the fit and of the null model; 0 of the latter where it is rounding."""
        if self.points is None:
            return self.errors or (np.nan, np.nan)
        problem = need_squares(self.points.problem, "the root mean squared error")
        if problem.total <= (FLOOR * problem.response_norm) ** 2:
            return float(np.sqrt(2.0 * self.points.loss()[0] / problem.moments.weight)), 0.0
        null = float(np.sqrt(problem.total / problem.moments.weight))
        # The residual of no features is that of the null model, to the last digit.
        own = np.sqrt(2.0 * self.points.loss()[0] / problem.moments.weight) if self.coef.any() else null
        return float(own), null
