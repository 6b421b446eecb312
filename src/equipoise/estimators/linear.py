"""Lasso, elastic net and ridge regression with a given penalty and scikit-learn's parameters."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from equipoise.data.arguments.flags import as_flag
from equipoise.data.arguments.public import public
from equipoise.estimators.base import Penalised
from equipoise.estimators.parameters import checked_number, checked_numbers
from equipoise.estimators.paths import enet_path
from equipoise.estimators.sparse_coef import as_sparse


@public
class ElasticNet(Penalised):
    """Elastic net: squared loss with L1 and L2 penalties, solved exactly.

    Minimises ``Σ_i s_i (y_i − b − x_i·w)² / (2 Σs) + alpha·l1_ratio·Σ|w_j| + ½·alpha·(1 − l1_ratio)·Σ w_j²``,
    scikit-learn's objective, in which only the proportions of the weights s_i matter.

    Parameters
    ----------
    alpha : float, default 1.0
        The penalty; 0 for least squares.
    l1_ratio : float, default 0.5
        Share of the penalty that is L1: 1 for the lasso, 0 for ridge regression.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    precompute, max_iter, copy_X, tol, warm_start
        Accepted so that a script can switch from scikit-learn in one line; without effect, since the solution
        is exact and needs neither iterations nor a copy of X.
    positive : bool, default False
        Whether to restrict coefficients to be ≥ 0.
    random_state, selection
        Accepted for compatibility, without effect.
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
    coef_ : (p,) or (targets, p) array
        Coefficients in original units.
    intercept_ : float or (targets,) array
        The intercept; 0 with ``fit_intercept=False``.
    dual_gap_ : float or (targets,) array
        Duality gap: an upper bound on how far the objective is above its minimum.
    sparse_coef_ : (1, p) or (targets, p) sparse matrix
        The coefficients; a sparse array where scikit-learn's ``sparse_interface`` is set to that.
    n_iter_ : int, or a list of them
        Always 1, since nothing is iterated; a list for several targets.
    certificate_ : Certificate, or a list of them
        The proof of optimality; a list with one for each of several targets.
    fits_ : tuple of Fit
        The fit of each target, with the training data, which pickles leave out.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    References
    ----------
    Zou & Hastie (2005), *JRSS B* 67.

    Examples
    --------
    >>> import equipoise as eq
    >>> model = eq.ElasticNet(alpha=0.1).fit([[1, 1], [1, 0], [0, 1], [2, 1]], [3, 2, 1, 5])
    >>> model.coef_.round(6), model.certificate_.optimal
    (array([1.727273, 0.578947]), True)
    """

    path = staticmethod(enet_path)

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        l1_ratio: float = 0.5,
        fit_intercept: bool = True,
        precompute: Any = False,
        max_iter: int = 1000,
        copy_X: bool = True,
        tol: float = 1e-4,
        warm_start: bool = False,
        positive: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.precompute = precompute
        self.max_iter = max_iter
        self.copy_X = copy_X
        self.tol = tol
        self.warm_start = warm_start
        self.positive = positive
        self.random_state = random_state
        self.selection = selection
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, check_input: bool = True, *, offset: Any = None
    ) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : (n, p) array or data frame
            Features.
        y : (n,) or (n, targets) array
            Response; several targets are fitted one by one.
        sample_weight : float or (n,) array, optional
            Weights of the rows; only their proportions matter.
        check_input : bool, default True
            Accepted for compatibility, without effect: input is always checked.
        offset : (n,) or (n, targets) array, optional
            A known part of each prediction.

        Returns
        -------
        object
            Itself.
        """
        as_flag(check_input, "check_input")
        data, table = self._read(X, y, sample_weight, offset, multi_output=True)
        alpha = checked_number("alpha", self.alpha)
        ratio = checked_number("l1_ratio", self.l1_ratio, most=1.0)
        targets = data.response.shape[1]
        l1, l2 = data.total_weight * alpha * ratio, data.total_weight * alpha * (1.0 - ratio) / 2.0
        self._alphas = [alpha] * targets
        self._solve(data, [l1] * targets, [l2] * targets, table)
        return self

    @property
    def sparse_coef_(self) -> Any:
        """The coefficients (1, p) or (targets, p), sparse; an array where scikit-learn is set to that."""
        check_is_fitted(self)
        return as_sparse(np.atleast_2d(self.coef_))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


@public
class Lasso(ElasticNet):
    """The lasso: squared loss with an L1 penalty, solved exactly.

    Minimises ``Σ_i s_i (y_i − b − x_i·w)² / (2 Σs) + alpha·Σ|w_j|``, scikit-learn's objective.

    Parameters
    ----------
    alpha : float, default 1.0
        The penalty; 0 for least squares.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    precompute, copy_X, max_iter, tol, warm_start
        Accepted for compatibility, without effect: see :class:`ElasticNet`.
    positive : bool, default False
        Whether to restrict coefficients to be ≥ 0.
    random_state, selection
        Accepted for compatibility, without effect.
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
    coef_, sparse_coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, \
feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    Tibshirani (1996), *JRSS B* 58.

    Examples
    --------
    >>> import equipoise as eq
    >>> model = eq.Lasso(alpha=1 / 3, fit_intercept=False).fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1])
    >>> model.coef_
    array([1.66666667, 0.66666667])
    >>> model.certificate_.support_proved
    True
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        fit_intercept: bool = True,
        precompute: Any = False,
        copy_X: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-4,
        warm_start: bool = False,
        positive: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        super().__init__(
            alpha,
            l1_ratio=1.0,
            fit_intercept=fit_intercept,
            precompute=precompute,
            copy_X=copy_X,
            max_iter=max_iter,
            tol=tol,
            warm_start=warm_start,
            positive=positive,
            random_state=random_state,
            selection=selection,
            standardize=standardize,
            penalty_factor=penalty_factor,
            lower=lower,
            upper=upper,
        )


@public
class Ridge(Penalised):
    """Ridge regression: squared loss with an L2 penalty, solved exactly.

    Minimises ``Σ_i s_i (y_i − b − x_i·w)² + alpha·Σ w_j²``, scikit-learn's objective, in which a weight s_i
    of 2 counts a row twice.

    Parameters
    ----------
    alpha : float or (targets,) array, default 1.0
        The penalty; of an array, the penalty of each target. 0 is least squares, and where many coefficients
        fit alike those of smallest norm.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    copy_X, max_iter, tol, solver
        Accepted for compatibility, without effect: see :class:`ElasticNet`.
    positive : bool, default False
        Whether to restrict coefficients to be ≥ 0.
    random_state
        Accepted for compatibility, without effect.
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
    solver_ : str
        The name passed as `solver`, or "exact" for "auto"; the solution is the same exact one for each.
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    Hoerl & Kennard (1970), *Technometrics* 12.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.Ridge(alpha=1.0, fit_intercept=False).fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1]).coef_
    array([1.375, 0.875])
    """

    def __init__(
        self,
        alpha: Any = 1.0,
        *,
        fit_intercept: bool = True,
        copy_X: bool = True,
        max_iter: int | None = None,
        tol: float = 1e-4,
        solver: str = "auto",
        positive: bool = False,
        random_state: Any = None,
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.copy_X = copy_X
        self.max_iter = max_iter
        self.tol = tol
        self.solver = solver
        self.positive = positive
        self.random_state = random_state
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, offset: Any = None) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : (n, p) array or data frame
            Features.
        y : (n,) or (n, targets) array
            Response; several targets are fitted one by one.
        sample_weight : float or (n,) array, optional
            Weights of the rows.
        offset : (n,) or (n, targets) array, optional
            A known part of each prediction.

        Returns
        -------
        object
            Itself.
        """
        data, table = self._read(X, y, sample_weight, offset, multi_output=True)
        targets = data.response.shape[1]
        if np.ndim(self.alpha) == 0:
            alphas = [checked_number("alpha", self.alpha)] * targets
        else:
            alphas = checked_numbers("alpha", self.alpha).tolist()
            alphas *= targets if len(alphas) == 1 else 1
        if len(alphas) != targets:
            raise ValueError(
                f"alpha has {len(alphas)} entries but y has {targets} targets: pass one or as many"
            )
        self._alphas = alphas
        self._solve(data, [0.0] * targets, [alpha / 2.0 for alpha in alphas], table)
        self.solver_ = "exact" if self.solver == "auto" else self.solver
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
