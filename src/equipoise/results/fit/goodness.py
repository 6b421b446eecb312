"""How much of the data a fit explains, on its own rows, beside the null model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.measures import FLOOR
from equipoise.objective.squares import need_squares

if TYPE_CHECKING:
    from equipoise.objective.losses.base import Loss
    from equipoise.objective.points import Points
    from equipoise.setup.setup import Setup


class Deviances(NamedTuple):
    """Deviances of a fit and of its null model, Σ s_i d_i, and what they are of.

    Attributes
    ----------
    own, null : float
        d is the unit deviance, twice the loss of a row.
    rows : int
        Number of rows.
    weight, total : float
        Σs, the number of trials where fractions are weighted by theirs, and Σ s_i y_i.
    """

    own: float
    null: float
    rows: int
    weight: float
    total: float


class Goodness:
    """What a fit explains and the errors that it compares, from the residual that it has: no pass over X.

    The null model is that of a score: it knows no feature, unpenalised ones neither, and predicts the same
    for every row beside its offset: of squared loss the s-weighted mean of y − o; without an intercept 0
    plus the offset.
    """

    if TYPE_CHECKING:
        coef: NDArray[np.float64]
        kind: Loss
        setup: Setup | None
        points: Points | None
        errors: tuple[float, float] | None
        deviances: Deviances | None

    @property
    def r_squared(self) -> float | None:
        """R² on the rows of the fit: ``1 − Σ s_i (y_i − ŷ_i)² / Σ s_i (y_i − o_i − c)²``.

        c is the s-weighted mean of y − o, so that it is the usual R²; without an intercept it is 0 (the
        *uncentred* R² of statsmodels and R, which no R² about the mean may be compared with). None where the
        null model leaves nothing to explain, and where the errors are unknown. Of squared loss alone.
        """
        own, null = self._squared_errors("r_squared")
        return 1.0 - (own / null) ** 2 if null > 0 else None

    @property
    def root_mean_squared_error(self) -> float:
        """``√(Σ s_i (y_i − ŷ_i)² / Σs)`` on the rows of the fit, in the units of y. Of squared loss alone.

        NaN for a model of a path that was loaded, and one of an earlier release: their files do not hold it.
        """
        return self._squared_errors("root_mean_squared_error")[0]

    @property
    def null_root_mean_squared_error(self) -> float:
        """The same of the null model: the standard deviation of y − o, about 0 if there is no intercept."""
        return self._squared_errors("null_root_mean_squared_error")[1]

    @property
    def deviance(self) -> float:
        """Deviance on the rows of the fit, ``Σ s_i d_i``, as R's ``glm`` has it.

        d is the unit deviance of the loss: of squared loss the square of the error, of others twice what the
        likelihood's logarithm lacks to that of a perfect fit. NaN for a model of a path that was loaded, and
        for one of squared loss from a file.
        """
        return self._deviances[0]

    @property
    def null_deviance(self) -> float:
        """The same of the null model: an intercept alone, beside the offset."""
        return self._deviances[1]

    @property
    def deviance_explained(self) -> float | None:
        """``1 − deviance / null_deviance`` on the rows of the fit; of squared loss R².

        None where the null model leaves nothing to explain, and where the deviances are unknown.
        """
        if self.kind.squared:
            return self.r_squared
        own, null = self._deviances
        return 1.0 - own / null if null > 0 else None

    def _squared_errors(self, name: str) -> tuple[float, float]:
        """Root mean squared errors of the fit and of the null model; refuses other losses."""
        if not self.kind.squared:
            raise ValueError(
                f"{name} is of squared loss: of loss={self.kind.label!r} read deviance and deviance_explained"
            )
        return self._errors

    @cached_property
    def _deviances(self) -> tuple[float, float]:
        if self.kind.squared:
            if self.points is None:
                return np.nan, np.nan
            weight = need_squares(self.points.problem, "this").moments.weight
            return self._errors[0] ** 2 * weight, self._errors[1] ** 2 * weight
        found = self.measured_deviances
        return (np.nan, np.nan) if found is None else found[:2]

    @cached_property
    def measured_deviances(self) -> Deviances | None:
        """The deviances and what they are of; None of squared loss, and where they are unknown."""
        if self.points is None or self.setup is None or self.kind.squared:
            return self.deviances
        problem = self.points.problem
        assert isinstance(problem, Curved)
        s = problem.weights
        null = problem.value(problem.bare.eta)
        # The residual of no features is that of the null model, to the last digit.
        own = float(self.points.loss()[0]) if self.coef.any() else null
        total, rows = problem.response.sum() if s is None else s @ problem.response, len(problem.response)
        weight = float(rows if s is None else s.sum())
        return Deviances(2.0 * own, 2.0 * null, rows, weight, float(total))

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
