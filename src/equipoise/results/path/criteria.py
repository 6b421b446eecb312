"""Information criteria along a path, and the models they choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import suggestion
from equipoise.data.arguments.public import public
from equipoise.results.fit.result import Fit
from equipoise.results.path.path_file import data_of
from equipoise.results.path.text import criteria_summary
from equipoise.results.plain import Tabular, to_frame, to_plain
from equipoise.select.criteria import Counts, dispersion_of, residual_variance

if TYPE_CHECKING:
    from equipoise.results.path.result import Path
    from equipoise.show.plots import Display

Array = NDArray[np.float64]

NAMES = ("aic", "bic", "ebic", "cp")


@public
@dataclass(frozen=True, eq=False, repr=False)
class Criteria(Tabular):
    """AIC, BIC, EBIC and Mallows' Cp of every point of a path; the smaller the better.

    With n = Σs rows, df degrees of freedom and k of p penalised features kept, up to a constant:

    - ``aic = n·log(rss/n) + 2·df``;
    - ``bic = n·log(rss/n) + log(n)·df``;
    - ``ebic = bic + 2·gamma·log C(p, k)``, C(p, k) being the number of models of that size (it falls again
      beyond k = p/2: with few features, prefer the BIC);
    - ``cp = rss/σ² − n + 2·df``.

    If the variance σ² of the noise was passed, rss/σ² replaces n·log(rss/n).

    Of another loss than the squared one the deviance ÷ dispersion takes that place: −2 log likelihood less
    that of a perfect fit, which is the same for every model (0 of labels) and which the AIC of R counts. The
    dispersion is 1 for counts of events ("binomial", "poisson", "negative_binomial"), and the ``variance``
    where one is passed; of amounts ("gamma", "tweedie") it is estimated by Pearson's statistic of a fit of
    all features without a penalty, whose number then has to stay below that of the rows. There is no Cp,
    which is the AIC of squared loss with a known variance.

    Parameters
    ----------
    path : Path
        The path.
    degrees_of_freedom : (m,) array
        Degrees of freedom, intercept and unpenalised features included: for a lasso the rank of the features
        in the model, with an l2 the trace of ``X_A (X_AᵀSX_A + 2·diag(l2_A))⁻¹ X_AᵀS``, S being the weights,
        of another loss than the squared one times the curvatures. A coefficient at a bound is not free.
    deviance : (m,) array
        Σ s_i times the unit deviance; of squared loss Σ s_i (residual_i)², also called ``rss``.
    kept : (m,) array
        Number of penalised features in the model.
    aic, bic, ebic : (m,) arrays
        The criteria. Where no residual or no residual degrees of freedom are left, they are ∞ unless the
        variance was passed: the likelihood is unbounded there.
    gamma : float
        gamma of the EBIC.
    variance : float or None
        σ² of Cp: as passed, or estimated by least squares on all features; None if that leaves no residual
        degrees of freedom. Of another loss the dispersion.
    no_variance : str
        Why there is no Cp of squared loss; empty where there is one. Of another loss how the dispersion is
        known.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
    >>> criteria = eq.path(X, X[:, 0] + np.arange(12) % 2, count=20).criteria()
    >>> criteria.best("bic").features
    ('x1', 'x2')
    >>> bool(criteria.degrees_of_freedom[0] == 1)
    True
    """

    path: Path
    degrees_of_freedom: Array
    deviance: Array
    kept: NDArray[np.int_]
    aic: Array
    bic: Array
    ebic: Array
    gamma: float
    variance: float | None
    _cp: Array | None
    no_variance: str

    @classmethod
    def of(cls, path: Path, gamma: float, variance: float | None) -> Criteria:
        """Compute the criteria of a path.

        Parameters
        ----------
        path : Path
            The path.
        gamma : float
            gamma of the EBIC.
        variance : float, optional
            σ² of the noise, if it is known; of another loss than the squared one the dispersion.
        """
        if not (np.isfinite(gamma) and gamma >= 0):
            raise ValueError(f"gamma is {gamma}: pass a number that is not negative, usually from 0 to 1")
        if variance is not None and not (np.isfinite(variance) and variance > 0):
            raise ValueError(f"variance is {variance}: pass a positive number, or None if it is not known")
        setup = data_of(path, "criteria()")
        squared = setup.loss.squared
        known: float | None
        if variance is not None:
            known, without = variance, "" if squared else "as passed"
        else:
            known, without = residual_variance(setup) if squared else dispersion_of(setup)
        if not squared:
            if known is None:
                raise ValueError(
                    f"criteria() of loss={setup.loss.label!r} needs the dispersion of y, and {without}: pass "
                    "it as variance="
                )
            variance = known
        counts = Counts.of(setup.problem, path.strengths, path.coef, path.intercept)
        return cls(
            path=path,
            degrees_of_freedom=counts.degrees_of_freedom,
            deviance=counts.deviance,
            kept=counts.kept,
            aic=counts.criterion("aic", variance),
            bic=counts.criterion("bic", variance),
            ebic=counts.criterion("ebic", variance, gamma),
            gamma=float(gamma),
            variance=None if known is None else float(known),
            _cp=None if known is None or not squared else counts.criterion("cp", known),
            no_variance=without,
        )

    @property
    def strengths(self) -> Array:
        """The strengths of the path, (m,)."""
        return self.path.strengths

    @property
    def names(self) -> tuple[str, ...]:
        """The criteria there are: Cp is of squared loss alone."""
        return NAMES if self.path.kind.squared else NAMES[:-1]

    @property
    def rss(self) -> Array:
        """The deviance of squared loss, Σ s_i (residual_i)², (m,); a ValueError of another loss."""
        self._need_squares("rss", "deviance")
        return self.deviance

    def _need_squares(self, name: str, other: str) -> None:
        if not self.path.kind.squared:
            raise ValueError(f"{name} is of squared loss: of loss={self.path.kind.label!r} take {other}")

    @property
    def cp(self) -> Array:
        """Mallows' Cp, (m,); a ValueError if the variance was not passed and cannot be estimated."""
        self._need_squares("cp", "aic")
        if self._cp is None:
            raise ValueError(f"Cp needs the variance of the noise, but {self.no_variance}: pass variance")
        return self._cp

    def best_strength(self, criterion: str = "bic") -> float:
        """The strength with the smallest value of a criterion; the largest one of a tie.

        Parameters
        ----------
        criterion : {"aic", "bic", "ebic", "cp"}, default "bic"
            The criterion.
        """
        if criterion not in NAMES:
            raise ValueError(f"criterion is {criterion!r}: {suggestion(str(criterion), NAMES, 'choice')}")
        value: Array = getattr(self, criterion)
        lowest = value == value.min()
        if np.isinf(value.min()):
            raise ValueError(
                f"{criterion} tells nothing here: at every strength no residual is left, or no degrees of "
                "freedom (weights count rows: those that add up to 1 count one): pass variance, or weights "
                "that add up to the number of rows"
            )
        return float(self.strengths[lowest].max())

    def best(self, criterion: str = "bic") -> Fit:
        """The fit with the smallest value of a criterion.

        Parameters
        ----------
        criterion : {"aic", "bic", "ebic", "cp"}, default "bic"
            The criterion.
        """
        return self.path.at(self.best_strength(criterion))

    def to_dict(self) -> dict[str, Any]:
        """Strengths, criteria and their parts, JSON-able; ``cp`` is None without a variance."""
        return {
            "strengths": to_plain(self.strengths),
            "degrees_of_freedom": to_plain(self.degrees_of_freedom),
            self._misfit: to_plain(self.deviance),
            "kept": to_plain(self.kept),
            "aic": to_plain(self.aic),
            "bic": to_plain(self.bic),
            "ebic": to_plain(self.ebic),
            "cp": to_plain(self._cp),
            "gamma": self.gamma,
            "variance": self.variance,
        }

    @property
    def _misfit(self) -> str:
        """What the deviance is called in tables."""
        return "rss" if self.path.kind.squared else "deviance"

    def to_frame(self, like: object = None) -> Any:
        """One row per strength: degrees of freedom, rss (deviance), kept and the criteria, as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        there = [name for name in self.names if name != "cp" or self._cp is not None]
        columns = {
            "strength": self.strengths.tolist(),
            "degrees_of_freedom": self.degrees_of_freedom.tolist(),
            self._misfit: self.deviance.tolist(),
            "kept": self.kept.tolist(),
            **{name: getattr(self, name).tolist() for name in there},
        }
        return to_frame(columns, like, self.path.asked.frame)

    def plot(self, ax: Any = None) -> Display:
        """Draw every criterion, less its smallest value, over the strength.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.path.criteria_plot import draw_criteria
        from equipoise.show.plots import Drawing

        return Drawing(draw_criteria, self).plot(ax)

    def _shown(self) -> list[str]:
        return criteria_summary(self)
