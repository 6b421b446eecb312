"""The relaxed lasso: blends of a lasso and a fit without penalty of what it keeps, and which to take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.results.choice.text import relaxed_fit_summary, relaxed_summary, separate
from equipoise.results.fit.result import Fit
from equipoise.results.path.result import Path
from equipoise.results.plain import Tabular, to_frame, to_plain
from equipoise.select.one_standard_error import known, mean_loss, standard_error
from equipoise.select.relaxed import refitted

if TYPE_CHECKING:
    from equipoise.show.plots import Display

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class RelaxedFit(Tabular):
    """A blend: gamma times a lasso, plus 1 − gamma times a fit without penalty of the features that it keeps.

    Parameters
    ----------
    lasso : Fit
        The penalised fit, with its certificate.
    unpenalised : Fit or None
        The fit without any penalty on the features kept, within their bounds, with its certificate; of
        squared loss least squares, also called ``least_squares``. None where there is none, for these
        features separate the responses; gamma is then 1.
    gamma : float
        The share of the lasso.
    strength : float
        Strength of the lasso's penalty.
    unique : bool
        Whether that fit is the only one on these features; if not, least squares is the solution of smallest
        norm when every column has unit norm (or, with bounds or another loss, any).
    separating : tuple of str
        Where there is none, few of the features kept that separate the responses together.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
    >>> relaxed = eq.relax(X, 2 * X[:, 0] + np.arange(12) % 2, folds=3, count=10)
    >>> model = relaxed.at(relaxed.best_strength, 0.5)
    >>> bool(np.allclose(model.coef, (model.lasso.coef + model.least_squares.coef) / 2))
    True
    """

    lasso: Fit
    unpenalised: Fit | None
    gamma: float
    strength: float
    unique: bool
    separating: tuple[str, ...] = ()

    @cached_property
    def coef(self) -> Array:
        """Coefficients in original units, (p,)."""
        coef = self.lasso.coef.copy()
        if self.unpenalised is not None:
            coef = self.gamma * coef + (1.0 - self.gamma) * self.unpenalised.coef
        coef.setflags(write=False)
        return coef

    @property
    def least_squares(self) -> Fit | None:
        """The fit without penalty, ``unpenalised``."""
        return self.unpenalised

    @property
    def kind(self) -> Loss:
        """The loss of a row."""
        return SQUARED if self.lasso.setup is None else self.lasso.setup.loss

    @property
    def intercept(self) -> float:
        """Intercept of the blend; 0 where the model has none."""
        if self.unpenalised is None:
            return self.lasso.intercept
        return self.gamma * self.lasso.intercept + (1.0 - self.gamma) * self.unpenalised.intercept

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the p features."""
        return self.lasso.features

    @property
    def support(self) -> NDArray[np.intp]:
        """Indices of the non-zero coefficients."""
        return np.flatnonzero(self.coef)

    def predict(
        self,
        X: object,
        *,
        kind: Literal["mean", "link", "class"] = "mean",
        offset: object = None,
        exposure: object = None,
        unseen: Literal["error", "zero"] = "error",
        missing: Literal["error", "nan"] = "error",
    ) -> Array:
        """Predict the response, (n,), from the blended coefficients.

        Parameters
        ----------
        X : (n, p) array or data frame
            A frame is read by the column names of the one the model was fitted on.
        kind : {"mean", "link", "class"}, default "mean"
            As in :meth:`Fit.predict`.
        offset, exposure : (n,) array, number or str, optional
            As in :meth:`Fit.predict`.
        unseen : {"error", "zero"}, default "error"
            How to read a category that the fit did not see: refuse it, or code it 0 in all levels.
        missing : {"error", "nan"}, default "error"
            As in :meth:`Fit.predict`.
        """
        blend = replace(self.lasso, coef=self.coef, intercept=self.intercept)
        return blend.predict(X, kind=kind, offset=offset, exposure=exposure, unseen=unseen, missing=missing)

    def to_dict(self) -> dict[str, Any]:
        """All attributes, JSON-able, both fits included."""
        return {
            "features": list(self.features),
            "coef": to_plain(self.coef),
            "intercept": self.intercept,
            "gamma": self.gamma,
            "strength": self.strength,
            "unique": self.unique,
            "lasso": self.lasso.to_dict(),
            self._other: None if self.unpenalised is None else self.unpenalised.to_dict(),
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature (feature, coef, lasso, least_squares or unpenalised), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        columns = {
            "feature": list(self.features),
            "coef": self.coef.tolist(),
            "lasso": self.lasso.coef.tolist(),
        }
        if self.unpenalised is not None:
            columns[self._other] = self.unpenalised.coef.tolist()
        return to_frame(columns, like, self.lasso.frame)

    @property
    def _other(self) -> str:
        """What the fit without penalty is called in tables."""
        return "least_squares" if self.kind.squared else "unpenalised"

    def plot(self, ax: Any = None) -> Display:
        """Draw the coefficients kept, between those of the lasso and of the fit without penalty.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.choice.plots import draw_relaxed_fit
        from equipoise.show.plots import Drawing

        return Drawing(draw_relaxed_fit, self).plot(ax)

    def _shown(self) -> list[str]:
        return relaxed_fit_summary(self)


@public
@dataclass(frozen=True, eq=False, repr=False)
class Relaxed(Tabular):
    """Held-out loss of relaxed lassos, over the strength of the penalty and the share of the lasso.

    Parameters
    ----------
    path : Path
        The lasso's path on all rows.
    gammas : (g,) array
        Shares of the lasso in the blends: 1 is the lasso, 0 the fit without penalty of what it keeps, of
        squared loss least squares.
    fold_loss : (g, m, folds) array
        Loss of each fold's held-out rows, by gamma and strength; by default as in :class:`CrossValidation`.
        ∞ where there is no fit without penalty to blend with.
    fold_weight : (folds,) array
        Σ s of the held-out rows.
    fold_unique : (m, folds) bool array
        Where the fit without penalty was the only one on the features that a fold's lasso kept.
    repetition : (folds,) index array
        Which repetition of the cross-validation each fold belongs to.
    scoring : str
        The loss, as in :class:`CrossValidation`.
    fold_finite : (m, folds) bool array, optional
        Where there was such a fit: not where the features kept separate the responses. None if everywhere.
    separating : tuple of str
        Features that do so together in a fold, at the largest strength at which some do.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
    >>> relaxed = eq.relax(X, 2 * X[:, 0] + np.arange(12) % 2, folds=3, count=10)
    >>> relaxed.fold_loss.shape
    (5, 10, 3)
    """

    path: Path
    gammas: Array
    fold_loss: Array
    fold_weight: Array
    fold_unique: NDArray[np.bool_]
    repetition: NDArray[np.intp]
    scoring: str = "squared_error"
    fold_finite: NDArray[np.bool_] | None = None
    separating: tuple[str, ...] = ()

    @cached_property
    def mean(self) -> Array:
        """Mean loss over the folds, weighted by their Σ s, (g, m)."""
        return mean_loss(self.fold_loss, self.fold_weight)

    @cached_property
    def standard_error(self) -> Array:
        """The mean's standard error, (g, m), as :attr:`CrossValidation.standard_error` defines it.

        NaN where the mean is ∞.
        """
        known = np.isfinite(self.fold_loss)
        error = standard_error(np.where(known, self.fold_loss, 0.0), self.fold_weight, self.repetition)
        return np.where(known.all(axis=-1), error, np.nan)

    @cached_property
    def _choice(self) -> tuple[tuple[int, int], tuple[int, int] | None]:
        best = self._first(self.mean == self.mean.min())
        if np.isnan(self.standard_error[best]):
            return best, None
        limit = self.mean[best] + self.standard_error[best]
        strengths = self.path.strengths
        within = self.mean <= limit
        largest = strengths == strengths[within.any(axis=0)].max()
        candidates = within & largest
        lowest = candidates & (self.mean == self.mean[candidates].min())
        return best, self._first(lowest)

    @property
    def choices(self) -> dict[str, tuple[int, int]]:
        """Places of the models suggested, (gamma, strength), by "best" and "one-se", as in `mean`.

        One split of the rows suggests the best alone.
        """
        best, one_se = self._choice
        return {"best": best} if one_se is None else {"best": best, "one-se": one_se}

    def _first(self, among: NDArray[np.bool_]) -> tuple[int, int]:
        """The first of some points (gamma, strength): the most shrinkage, by strength and then by gamma."""
        g, i = np.nonzero(among)
        first = np.lexsort((-self.gammas[g], -self.path.strengths[i]))[0]
        return int(g[first]), int(i[first])

    @cached_property
    def best_strength(self) -> float:
        """The strength of the smallest mean loss."""
        return float(self.path.strengths[self._choice[0][1]])

    @cached_property
    def best_gamma(self) -> float:
        """The gamma of the smallest mean loss."""
        return float(self.gammas[self._choice[0][0]])

    @cached_property
    def one_se_strength(self) -> float:
        """The largest strength at which some gamma's mean loss is within one standard error of the best."""
        return float(self.path.strengths[known(self._choice[1])[1]])

    @cached_property
    def one_se_gamma(self) -> float:
        """The gamma with the smallest mean loss at ``one_se_strength``."""
        return float(self.gammas[known(self._choice[1])[0]])

    @cached_property
    def best(self) -> RelaxedFit:
        """The model on all rows with the smallest mean loss."""
        return self.at(self.best_strength, self.best_gamma)

    @cached_property
    def one_se(self) -> RelaxedFit:
        """The sparsest model on all rows within one standard error of the best."""
        return self.at(self.one_se_strength, self.one_se_gamma)

    def at(self, strength: float, gamma: float) -> RelaxedFit:
        """The model on all rows at any strength and gamma, both of its parts solved and certified.

        Parameters
        ----------
        strength : float
            Multiplies l1 and l2; not negative.
        gamma : float
            The share of the lasso, from 0 to 1.
        """
        if not 0 <= gamma <= 1:
            raise ValueError(f"gamma is {gamma}: pass a number from 0 (no penalty) to 1 (lasso)")
        lasso = self.path.at(strength)
        assert self.path.setup is not None  # nobody loads one from a file
        found = refitted(self.path.setup, lasso.coef, lasso.intercept)
        if isinstance(found, np.ndarray):
            names = tuple(lasso.features[j] for j in found)
            if gamma < 1:
                raise ValueError(
                    f"gamma is {gamma}: the features kept at strength {strength:g} separate the responses "
                    f"({separate(names)}), so that there is no finite fit without penalty to blend with: "
                    "pass gamma 1 or a larger strength"
                )
            return RelaxedFit(lasso, None, 1.0, float(strength), True, names)
        bare, points, unique = found
        return RelaxedFit(lasso, Fit.of(bare, points), float(gamma), float(strength), unique)

    def to_dict(self) -> dict[str, Any]:
        """Strengths, gammas, losses and the two choices, JSON-able."""
        return {
            "strengths": to_plain(self.path.strengths),
            "gammas": to_plain(self.gammas),
            "scoring": self.scoring,
            "fold_loss": to_plain(self.fold_loss),
            "mean": to_plain(self.mean),
            "standard_error": to_plain(self.standard_error),
            "fold_unique": to_plain(self.fold_unique),
            "fold_finite": None if self.fold_finite is None else to_plain(self.fold_finite),
            "best_strength": self.best_strength,
            "best_gamma": self.best_gamma,
            "one_se_strength": self.one_se_strength if "one-se" in self.choices else None,
            "one_se_gamma": self.one_se_gamma if "one-se" in self.choices else None,
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per gamma and strength (gamma, strength, mean, standard_error), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        g, m = self.mean.shape
        columns = {
            "gamma": np.repeat(self.gammas, m).tolist(),
            "strength": np.tile(self.path.strengths, g).tolist(),
            "mean": self.mean.ravel().tolist(),
            "standard_error": self.standard_error.ravel().tolist(),
        }
        return to_frame(columns, like, self.path.asked.frame)

    def plot(self, ax: Any = None) -> Display:
        """Draw the mean loss over the strength, a curve for each gamma, and the two choices.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.choice.plots import draw_relaxed
        from equipoise.show.plots import Drawing

        return Drawing(draw_relaxed, self).plot(ax)

    def _shown(self) -> list[str]:
        return relaxed_summary(self)
