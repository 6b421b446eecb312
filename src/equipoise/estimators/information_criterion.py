"""The lasso whose penalty is chosen by an information criterion, with scikit-learn's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from equipoise.api.path import path_of
from equipoise.data.arguments.messages import suggestion
from equipoise.data.arguments.public import public
from equipoise.estimators.base import Penalised
from equipoise.estimators.parameters import checked_number
from equipoise.objective.problem import EPS
from equipoise.objective.squares import need_squares
from equipoise.results.path.criteria import NAMES
from equipoise.select.criteria import Counts, residual_variance
from equipoise.setup.setup import Setup
from equipoise.solve.path import largest_strength
from equipoise.solve.squares.homotopy import crossings

if TYPE_CHECKING:
    from equipoise.show.plots import Drawing

Array = NDArray[np.float64]

DEPTH = 1e-6  # last alpha ÷ largest, where there are too many features to go on to 0
GRID, GRID_DEPTH = 100, 1e-4  # alphas beside the knots where coefficients can meet bounds


@public
class LassoIC(Penalised):
    """The lasso whose ``alpha`` an information criterion chooses.

    The objective is that of :class:`Lasso`. Along its path a criterion can be smallest only where a feature
    is about to enter, or at the path's end: these alphas are found exactly, so that the choice is the best of
    all alphas, not of a grid. It takes the place of scikit-learn's ``LassoLarsIC``, with the same values;
    that one estimates σ² of `positive` models from their own residuals, which counts what they miss as noise.

    With n = Σs rows, the variance σ² of the noise and df features in the model, the criteria are

    - ``aic = n·log(2πσ²) + rss/σ² + 2·df``;
    - ``bic = n·log(2πσ²) + rss/σ² + log(n)·df``;
    - ``ebic = bic + 2·gamma·log C(p, k)``, C(p, k) being the number of models of k of p penalised features;
    - ``cp = rss/σ² − n + 2·df``, in which the intercept counts too.

    Parameters
    ----------
    criterion : {"aic", "bic", "ebic", "cp"}, default "aic"
        The criterion.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    verbose, precompute, max_iter, eps, copy_X
        Accepted for compatibility, without effect: the path is exact, and walked to its end.
    positive : bool, default False
        Whether to restrict coefficients to be ≥ 0.
    noise_variance : float, optional
        σ², the variance of the noise; by default the estimate of least squares on all features without
        bounds, which needs more rows than features.
    gamma : float, default 1.0
        gamma of the EBIC.
    standardize : bool, default False
        Whether to penalise as if each column had unit standard deviation; coefficients stay in original
        units.
    penalty_factor : (p,) array or dict of str to float, optional
        Multiplies the penalty of each feature: 0 leaves it unpenalised, ∞ excludes it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients. One that a coefficient meets is no degree of freedom; where there are
        bounds other than 0, 100 log-spaced alphas are compared beside those at which features enter.

    Attributes
    ----------
    alpha_ : float
        The alpha chosen.
    alphas_ : (m,) array
        The alphas at which features enter or leave, descending, and the end of the path: 0, or 1e-6 of the
        largest where there are as many features as rows.
    criterion_ : (m,) array
        The criterion at these alphas.
    noise_variance_ : float
        σ², as passed or estimated.
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    Zou, Hastie & Tibshirani (2007), *Ann. Statist.* 35, for the degrees of freedom and the knots; Chen & Chen
    (2008), *Biometrika* 95, for the EBIC.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(36.0).reshape(12, 3) ** 2 % 7
    >>> model = eq.LassoIC("bic").fit(X, 5 * X[:, 0] + np.arange(12) % 2)
    >>> model.coef_ != 0
    array([ True, False, False])
    """

    _iterations: ClassVar[int] = 0

    def __init__(
        self,
        criterion: Literal["aic", "bic", "ebic", "cp"] = "aic",
        *,
        fit_intercept: bool = True,
        verbose: Any = False,
        precompute: Any = "auto",
        max_iter: int = 500,
        eps: float = EPS,
        copy_X: bool = True,
        positive: bool = False,
        noise_variance: float | None = None,
        gamma: float = 1.0,
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.criterion = criterion
        self.fit_intercept = fit_intercept
        self.verbose = verbose
        self.precompute = precompute
        self.max_iter = max_iter
        self.eps = eps
        self.copy_X = copy_X
        self.positive = positive
        self.noise_variance = noise_variance
        self.gamma = gamma
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, offset: Any = None) -> Self:
        """Choose the penalty and fit the model.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) array
            Response.
        sample_weight : float or (n,) array, optional
            Weights of the rows, as counts: a weight of 2 is two rows, and n is their sum.
        offset : (n,) array, optional
            A known part of each prediction.

        Returns
        -------
        object
            Itself.
        """
        if self.criterion not in NAMES:
            raise ValueError(
                f"criterion is {self.criterion!r}: {suggestion(str(self.criterion), NAMES, 'choice')}"
            )
        gamma = checked_number("gamma", self.gamma)
        data, _ = self._read(X, y, sample_weight, offset, multi_output=False)
        setup = self._set_up(data, 0, data.total_weight, 0.0)  # its strengths are alphas
        self.noise_variance_ = np.float64(self._variance(setup))
        self.alphas_, coef, counts = _knots(setup)
        value = counts.criterion(self.criterion, self.noise_variance_, gamma)
        if self.criterion != "cp":  # constants, and an intercept that LassoLarsIC does not count
            each = 2.0 if self.criterion == "aic" else np.log(counts.rows)
            value += counts.rows * np.log(2.0 * np.pi * self.noise_variance_) - each * self.fit_intercept
        self.criterion_ = value
        best = int(np.argmin(value))
        alpha, step = self.alphas_[best], EPS
        self._solve(data, [data.total_weight * alpha], [0.0], False)
        # An alpha that rounding has put below that of an entry lets the feature in.
        while np.count_nonzero(self.coef_) > np.count_nonzero(coef[best]):
            step *= 2.0
            alpha += step * (alpha or self.alphas_[0] or 1.0)
            self._solve(data, [data.total_weight * alpha], [0.0], False)
        self.alpha_ = np.float64(alpha)
        return self

    def plot(
        self,
        ax: Any = None,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
    ) -> Drawing:
        """Draw the criterion over alpha, and the alpha that it chose.

        ``explain().plot()`` draws why each coefficient is what it is.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        X, y, sample_weight, offset, target
            As of other estimators, and not needed: the criterion survives pickling.

        Returns
        -------
        Drawing
            The picture, with ``ax_`` and ``figure_``.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> from matplotlib.figure import Figure
        >>> X = np.arange(36.0).reshape(12, 3) ** 2 % 7
        >>> model = eq.LassoIC("bic").fit(X, 5 * X[:, 0] + np.arange(12) % 2)
        >>> model.plot(Figure().subplots()).ax_.get_ylabel()
        'BIC; smallest at alpha = 0.013, 1 feature'
        """
        from equipoise.results.path.criteria_plot import draw_criterion

        check_is_fitted(self)
        return draw_criterion(self, ax)

    def _chosen(self) -> str:
        name = "Cp" if self.criterion == "cp" else self.criterion.upper()
        return f"the best of the whole path by {name}"

    def _variance(self, setup: Setup) -> float:
        """The variance of the noise, as passed or estimated."""
        if self.noise_variance is not None:
            given = checked_number("noise_variance", self.noise_variance)
            if given == 0:
                raise ValueError("noise_variance is 0: pass a positive number, or None to estimate it")
            return given
        found, why = residual_variance(setup)
        if found is None:
            raise ValueError(f"noise_variance cannot be estimated, for {why}: pass noise_variance")
        return found


def _knots(setup: Setup) -> tuple[Array, Array, Counts]:
    """The alphas (m,) among which every criterion has its minimum, the solutions (m, p), and their counts."""
    problem = need_squares(setup.problem, "LassoLarsIC")
    penalty, largest = problem.penalty, largest_strength(problem)
    needed = int(penalty.moving.sum()) + setup.intercept
    end = 0.0 if problem.view.shape[0] > needed else DEPTH * largest
    found = crossings(problem, largest, end) if largest > 0 else []
    more = [end]
    if any(np.any(np.isfinite(bound) & (bound != 0)) for bound in (penalty.lower, penalty.upper)):
        more += np.geomspace(largest, GRID_DEPTH * largest, GRID).tolist() if largest > 0 else []
    alphas = np.unique([*more, *(crossing.strength for crossing in found)])[::-1]
    path = path_of(setup, alphas)
    coef = path.coef
    # Where a feature enters or leaves, its coefficient is exactly 0; rounding may have left a speck.
    for crossing in found:
        if crossing.kind != "changes sign":
            coef[alphas == crossing.strength, crossing.feature] = 0.0
    return alphas, coef, Counts.of(problem, alphas, coef, path.intercept)
