"""Regression of counts, costs and amounts with a given penalty and scikit-learn's parameters."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_array, check_consistent_length, column_or_1d

from equipoise.data.arguments.floats import as_floats
from equipoise.data.arguments.public import public
from equipoise.estimators.base import Penalised, read_weights
from equipoise.estimators.parameters import check_choice, checked_number
from equipoise.objective.intercept_alone import fit_intercept
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.gamma import Gamma
from equipoise.objective.losses.poisson import Poisson
from equipoise.objective.losses.squared import SQUARED
from equipoise.objective.losses.tweedie import Tweedie

Array = NDArray[np.float64]


class Generalized(Penalised):
    """A model of a loss that follows from the kind of its response."""

    _solvers: ClassVar[tuple[str, ...]] = ("lbfgs", "newton-cholesky")
    _takes: str  # what a response may be

    def __init__(
        self,
        *,
        alpha: float = 1.0,
        l1_ratio: float = 0.0,
        fit_intercept: bool = True,
        solver: str = "lbfgs",
        max_iter: int = 100,
        tol: float = 1e-4,
        warm_start: bool = False,
        verbose: Any = 0,
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.verbose = verbose
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, *, offset: Any = None, exposure: Any = None
    ) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) array
            Response.
        sample_weight : float or (n,) array, optional
            Weights of the rows; only their proportions matter.
        offset : (n,) array, optional
            A known part of each linear predictor.
        exposure : (n,) array, optional
            What the response of each row is proportional to, such as years of observation, above 0: its
            logarithm is added to the offset, so that rates are modelled. What asks for the training data
            again, such as :meth:`explain` after pickling, takes the sum as ``offset``.

        Returns
        -------
        object
            Itself.
        """
        self._kind()  # refuses a power or a link before the data are read
        given = {"offset": offset, "exposure": exposure}
        data, table = self._read(X, y, sample_weight, **given, multi_output=False)
        alpha = checked_number("alpha", self.alpha)
        ratio = checked_number("l1_ratio", self.l1_ratio, most=1.0)
        self._refuse(data.response[:, 0])
        total = data.total_weight * alpha
        self._alphas = [alpha]
        self._solve(data, [total * ratio], [total * (1.0 - ratio) / 2.0], table)
        return self

    def predict(self, X: Any, offset: Any = None, exposure: Any = None) -> Array:
        """Predict the mean of the response.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features, with the names and in the order of the fit.
        offset : (n,) array, or number, optional
            Added to the linear predictor. A model that was fitted with an offset needs one; 0 leaves it out.
        exposure : (n,) array, or number, optional
            What the mean is multiplied with. A model that was fitted with an exposure needs one; of 1 it
            predicts the rate.

        Returns
        -------
        (n,) array
            Means.
        """
        with np.errstate(over="ignore"):
            return self._kind().mean(self._linear(X, offset, exposure))

    def score(
        self, X: Any, y: Any, sample_weight: Any = None, offset: Any = None, exposure: Any = None
    ) -> float:
        """D², the share of the response's deviance that is explained.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) array
            Response.
        sample_weight : (n,) array, optional
            Weights of the rows.
        offset, exposure : (n,) array, or number, optional
            As in :meth:`predict`.

        Returns
        -------
        float
            1 for perfect predictions, 0 for predictions no better than the mean of `y`; where `y` is that
            mean in every row, 0 unless the predictions are perfect. Beside an offset it is not the mean that
            is compared with, but the one intercept that fits best beside it, as in
            :meth:`equipoise.Fit.score`; with ``power=0`` the mean still, as in :meth:`ElasticNet.score`.
        """
        kind, eta = self._kind(), self._linear(X, offset, exposure)
        response = column_or_1d(check_array(y, ensure_2d=False, dtype=np.float64, input_name="y"))
        check_consistent_length(eta, response, sample_weight)
        weights = read_weights(sample_weight, len(eta))
        self._refuse(response)
        shift = np.zeros(len(response))
        if offset is not None and not kind.squared:
            shift += as_floats(offset, "offset")
        level = fit_intercept(kind, response, shift, weights)
        with np.errstate(over="ignore", invalid="ignore"):
            left, whole = (
                float(np.sum(kind.value(response, at) * (1.0 if weights is None else weights)))
                for at in (eta, shift + level)
            )
        counted = response if weights is None else response[weights > 0]
        return float(left == 0) if np.ptp(counted) == 0 else 1.0 - left / whole

    def _refuse(self, response: Array) -> None:
        """Refuse a response that the loss does not take, in this estimator's words."""
        try:
            self._kind().refuse(response)
        except ValueError as error:
            where = str(error).partition(": ")[0]
            raise ValueError(f"{where}: {type(self).__name__} takes {self._takes}") from None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        try:
            self._kind().refuse(np.array([-1.0]))
        except (TypeError, ValueError):
            tags.target_tags.positive_only = True
        return tags


@public
class PoissonRegressor(Generalized):
    """Poisson regression of counts, the logarithm of whose mean is linear, solved exactly.

    Minimises ``Σ_i s_i φ_i / Σs + alpha·l1_ratio·Σ|w_j| + ½·alpha·(1 − l1_ratio)·Σ w_j²``, φ half the unit
    deviance of a row: scikit-learn's objective where `l1_ratio` is 0.

    Parameters
    ----------
    alpha : float, default 1.0
        The penalty; 0 for none.
    l1_ratio : float, default 0.0
        Share of the penalty that is L1, which scikit-learn's has not: 0, its ridge, makes no coefficient
        zero; 1 is the lasso.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    solver, max_iter, tol, warm_start, verbose
        Accepted for compatibility, without effect: see :class:`ElasticNet`.
    standardize : bool, default False
        Whether to penalise as if each column had unit standard deviation; coefficients stay in original
        units.
    penalty_factor : (p,) array or dict of str to float, optional
        Multiplies the penalty of each feature and is never rescaled: 0 leaves a feature unpenalised, ∞
        excludes it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients.

    Attributes
    ----------
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    McCullagh & Nelder (1989), *Generalized Linear Models*, ch. 6.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[1, 2], [2, 3], [3, 4], [4, 3]], [12, 17, 22, 21]
    >>> model = eq.PoissonRegressor().fit(X, y)
    >>> model.coef_.round(3), round(model.score(X, y), 3)
    (array([0.121, 0.158]), 0.99)
    """

    _takes = "counts, which are not negative"

    def _kind(self) -> Loss:
        return Poisson()


@public
class GammaRegressor(Generalized):
    """Gamma regression of positive amounts, the logarithm of whose mean is linear, solved exactly.

    Minimises ``Σ_i s_i φ_i / Σs + alpha·l1_ratio·Σ|w_j| + ½·alpha·(1 − l1_ratio)·Σ w_j²``, φ half the unit
    deviance of a row: scikit-learn's objective where `l1_ratio` is 0.

    Parameters
    ----------
    alpha : float, default 1.0
        The penalty; 0 for none.
    l1_ratio : float, default 0.0
        Share of the penalty that is L1, which scikit-learn's has not: 0, its ridge, makes no coefficient
        zero; 1 is the lasso.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    solver, max_iter, tol, warm_start, verbose
        Accepted for compatibility, without effect: see :class:`ElasticNet`.
    standardize : bool, default False
        Whether to penalise as if each column had unit standard deviation; coefficients stay in original
        units.
    penalty_factor : (p,) array or dict of str to float, optional
        Multiplies the penalty of each feature and is never rescaled: 0 leaves a feature unpenalised, ∞
        excludes it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients.

    Attributes
    ----------
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    McCullagh & Nelder (1989), *Generalized Linear Models*, ch. 8.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[1, 2], [2, 3], [3, 4], [4, 3]], [19, 26, 33, 30]
    >>> model = eq.GammaRegressor().fit(X, y)
    >>> model.coef_.round(3), round(model.score(X, y), 3)
    (array([0.073, 0.067]), 0.773)
    """

    _takes = "amounts above 0; for amounts of 0 use TweedieRegressor(power=1.5)"

    def _kind(self) -> Loss:
        return Gamma()


@public
class TweedieRegressor(Generalized):
    """Regression with a Tweedie deviance: of amounts many of which are 0, of counts and of costs.

    Minimises ``Σ_i s_i φ_i / Σs + alpha·l1_ratio·Σ|w_j| + ½·alpha·(1 − l1_ratio)·Σ w_j²``, φ half the unit
    deviance of a row: scikit-learn's objective where `l1_ratio` is 0.

    Parameters
    ----------
    power : float, default 0.0
        The variance of the response is proportional to its mean to this power: 0 for squared loss, 1 for
        Poisson regression, 2 for gamma regression, between 1 and 2 for sums of gamma amounts. Others are
        refused: with the logarithm they are not convex, or there is no such distribution.
    alpha : float, default 1.0
        The penalty; 0 for none.
    l1_ratio : float, default 0.0
        Share of the penalty that is L1, which scikit-learn's has not: 0, its ridge, makes no coefficient
        zero; 1 is the lasso.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    link : {"auto", "identity", "log"}, default "auto"
        What of the mean is linear: the mean itself where `power` is 0, its logarithm otherwise; another link
        is refused.
    solver, max_iter, tol, warm_start, verbose
        Accepted for compatibility, without effect: see :class:`ElasticNet`.
    standardize : bool, default False
        Whether to penalise as if each column had unit standard deviation; coefficients stay in original
        units.
    penalty_factor : (p,) array or dict of str to float, optional
        Multiplies the penalty of each feature and is never rescaled: 0 leaves a feature unpenalised, ∞
        excludes it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients.

    Attributes
    ----------
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    Jørgensen (1987), *JRSS B* 49.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[1, 2], [2, 3], [3, 4], [4, 3]], [0, 3.5, 5, 5.5]
    >>> model = eq.TweedieRegressor(power=1.5, alpha=0.1, l1_ratio=1.0).fit(X, y)
    >>> model.certificate_.optimal
    True
    """

    def __init__(
        self,
        *,
        power: float = 0.0,
        alpha: float = 1.0,
        l1_ratio: float = 0.0,
        fit_intercept: bool = True,
        link: str = "auto",
        solver: str = "lbfgs",
        max_iter: int = 100,
        tol: float = 1e-4,
        warm_start: bool = False,
        verbose: Any = 0,
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        super().__init__(
            alpha=alpha,
            l1_ratio=l1_ratio,
            fit_intercept=fit_intercept,
            solver=solver,
            max_iter=max_iter,
            tol=tol,
            warm_start=warm_start,
            verbose=verbose,
            standardize=standardize,
            penalty_factor=penalty_factor,
            lower=lower,
            upper=upper,
        )
        self.power = power
        self.link = link

    @property
    def _takes(self) -> str:  # type: ignore[override]  # here it depends on the power
        amounts = "amounts above 0" if self.power == 2 else "amounts that are not negative"
        return f"{amounts} at power={self.power:g}"

    def _kind(self) -> Loss:
        check_choice("link", self.link, ("auto", "identity", "log"))
        power = checked_number("power", self.power, least=-np.inf)
        if power != 0 and not 1 <= power <= 2:
            why = "no distribution has one between 0 and 1" if 0 < power < 1 else "its loss is not convex"
            raise ValueError(f"power is {power:g}: pass 0, or a number from 1 to 2; {why}")
        if self.link == "identity" and power != 0:
            raise ValueError(
                f"link is 'identity' and power is {power:g}: the mean may then turn negative; pass "
                "link='log', or power=0"
            )
        if self.link == "log" and power == 0:
            raise ValueError(
                "link is 'log' and power is 0: squared loss of an exponential is not convex; pass "
                "link='identity', or a power from 1 to 2"
            )
        known: dict[float, Loss] = {0.0: SQUARED, 1.0: Poisson(), 2.0: Gamma()}
        return known[power] if power in known else Tweedie(power)
