"""Lasso and elastic net whose penalty is chosen by cross-validation, with scikit-learn's parameters."""

from __future__ import annotations

from numbers import Integral
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import get_config
from sklearn.base import clone
from sklearn.model_selection import check_cv
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.validation import check_is_fitted

from equipoise.api.cross_validate import cross_validate
from equipoise.data.arguments.public import public
from equipoise.estimators.base import Penalised, TrainingData
from equipoise.estimators.explained_choice import ExplainedChoice
from equipoise.estimators.parameters import checked_number
from equipoise.estimators.splits import splits_of
from equipoise.results.choice.result import CrossValidation
from equipoise.select.scorers import SQUARED
from equipoise.solve.grid import refuse_long_grid

Array = NDArray[np.float64]


@public
class ElasticNetCV(ExplainedChoice, Penalised):
    """Elastic net whose ``alpha`` (and ``l1_ratio``) cross-validation chooses.

    The objective is that of :class:`ElasticNet`. Every fold is solved exactly along the whole grid, and
    standardises by its own training rows where asked to.

    Parameters
    ----------
    l1_ratio : float or list of float, default 0.5
        Share of the penalty that is L1; from a list the one with the smallest loss is chosen.
    eps : float, default 1e-3
        Ratio of the smallest alpha of the default grid to the largest.
    alphas : int or array, default 100
        Number of alphas in the default grid, or the grid itself.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    precompute, max_iter, tol
        Accepted for compatibility, without effect: see :class:`ElasticNet`.
    cv : int, splitter or list of (train, test) pairs, optional
        As in scikit-learn: by default 5 folds of consecutive rows; of whole groups where ``fit`` has them.
    copy_X, verbose, n_jobs
        Accepted for compatibility, without effect; folds run in threads, on all cores or as many as the
        environment variable EQUIPOISE_THREADS says.
    positive : bool, default False
        Whether to restrict coefficients to be ≥ 0.
    random_state, selection
        Accepted for compatibility, without effect.
    choice : {"best", "one_se"}, default "best"
        Whether to choose the alpha with the smallest mean loss, or the largest alpha whose mean loss is
        within one standard error of it.
    scoring : str or callable, default "squared_error"
        The loss of held-out rows, the smaller the better, as in :func:`cross_validate`: a scorer of
        scikit-learn has its sign turned.
    standardize : bool, default False
        Whether to penalise as if each column had unit standard deviation in the rows fitted to.
    penalty_factor : (p,) array or dict of str to float, optional
        Multiplies the penalty of each feature: 0 leaves it unpenalised, ∞ excludes it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients.

    Attributes
    ----------
    alpha_, l1_ratio_ : float
        The alpha and the l1_ratio chosen.
    alphas_ : (m,) or (ratios, m) array
        The grid, descending.
    loss_path_ : (m, folds) or (ratios, m, folds) array
        Loss of the held-out rows of each fold.
    mse_path_ : (m, folds) or (ratios, m, folds) array
        The same, if it is the mean squared error; absent with any other ``scoring``.
    cross_validation_ : CrossValidation
        The whole cross-validation at the chosen l1_ratio; left out of pickles.
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    Zou & Hastie (2005), *JRSS B* 67.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(8, 3) % 5
    >>> model = eq.ElasticNetCV(l1_ratio=[0.5, 1.0], cv=4, alphas=20).fit(X, X[:, 0])
    >>> model.mse_path_.shape, model.certificate_.optimal
    ((2, 20, 4), True)
    """

    def __init__(
        self,
        *,
        l1_ratio: Any = 0.5,
        eps: float = 1e-3,
        alphas: Any = 100,
        fit_intercept: bool = True,
        precompute: Any = "auto",
        max_iter: int = 1000,
        tol: float = 1e-4,
        cv: Any = None,
        copy_X: bool = True,
        verbose: Any = 0,
        n_jobs: int | None = None,
        positive: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
        choice: Literal["best", "one_se"] = "best",
        scoring: Any = "squared_error",
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.l1_ratio = l1_ratio
        self.eps = eps
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.precompute = precompute
        self.max_iter = max_iter
        self.tol = tol
        self.cv = cv
        self.copy_X = copy_X
        self.verbose = verbose
        self.n_jobs = n_jobs
        self.positive = positive
        self.random_state = random_state
        self.selection = selection
        self.choice = choice
        self.scoring = scoring
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def fit(self, X: Any, y: Any, sample_weight: Any = None, offset: Any = None, **params: Any) -> Self:
        """Choose the penalty and fit the model.

        Parameters
        ----------
        X : (n, p) array or data frame
            Features.
        y : (n,) array
            Response.
        sample_weight : float or (n,) array, optional
            Weights of the rows, in fitting and in the loss of a fold; as in scikit-learn, the mean over folds
            is not weighted.
        offset : (n,) array, optional
            A known part of each prediction.
        **params : dict
            Passed to the splitter, such as ``groups``, of which a number of folds (``cv=5``) holds out whole
            ones.

        Returns
        -------
        object
            Itself.
        """
        if self.choice not in ("best", "one_se"):
            raise ValueError(f"choice is {self.choice!r}: pass 'best' or 'one_se'")
        data, _ = self._read(X, y, sample_weight, offset, multi_output=False)
        folds = self._folds(data, sample_weight, offset, params)
        if self.choice == "one_se" and len(folds) == 1:
            raise ValueError(
                "choice is 'one_se', but cv holds one split, which has no standard error: pass choice='best'"
            )
        ratios = [
            checked_number("l1_ratio", ratio, most=1.0) for ratio in np.atleast_1d(self._l1_ratios()).tolist()
        ]
        if not ratios:
            raise ValueError("l1_ratio is empty: pass at least one")
        found = [self._cross_validate(data, ratio, folds) for ratio in ratios]
        # As in scikit-learn, the mean over folds is not weighted.
        lowest = [cv.fold_loss.mean(axis=1).min() for cv in found]
        best = int(np.argmin(lowest))
        chosen = found[best]
        alphas = chosen.path.strengths
        at = int(np.argmin(chosen.fold_loss.mean(axis=1)))
        alpha = float(alphas[at]) if self.choice == "best" else chosen.one_se_strength
        self.alpha_, self.l1_ratio_ = alpha, ratios[best]
        self.alphas_ = alphas if len(found) == 1 else np.array([cv.path.strengths for cv in found])
        self.loss_path_ = np.squeeze(np.array([cv.fold_loss for cv in found]))
        self.__dict__.pop("mse_path_", None)
        if chosen.scoring == SQUARED.name:
            self.mse_path_ = self.loss_path_
        self.cross_validation_ = chosen
        self._hold(data, [chosen.path.at(alpha)], False)
        return self

    def _l1_ratios(self) -> Any:
        return self.l1_ratio

    def _folds(
        self, data: TrainingData, sample_weight: Any, offset: Any, params: dict[str, Any]
    ) -> list[Any]:
        if get_config()["enable_metadata_routing"]:
            passed = {"sample_weight": sample_weight, "offset": offset, **params}
            params = process_routing(self, "fit", **passed)["splitter"]["split"]
        return splits_of(self.cv, data.matrix, data.response[:, 0], params)

    def _cross_validate(self, data: TrainingData, ratio: float, folds: list[Any]) -> CrossValidation:
        """Cross-validate the grid of alphas at one l1_ratio."""
        response, offset = data.response_and_offset(0)
        if isinstance(self.alphas, Integral):
            if isinstance(self.alphas, bool) or self.alphas < 1:
                raise ValueError(f"alphas is {self.alphas}: pass how many, at least 1, or a list of them")
            refuse_long_grid("alphas", self.alphas, data.matrix.shape[1])
            if ratio == 0:
                raise ValueError(
                    "l1_ratio is 0, so no alpha makes all coefficients 0 to start a grid from: pass alphas"
                )
            grid: dict[str, Any] = {
                "count": int(self.alphas),
                "ratio": checked_number("eps", self.eps, most=1.0),
            }
        else:
            given = [checked_number(f"alphas[{i}]", float(a)) for i, a in enumerate(np.ravel(self.alphas))]
            if not given:
                raise ValueError("alphas is empty: pass at least one")
            grid = {"strengths": np.sort(given)[::-1]}
        total_weight = data.total_weight
        arguments = self._fit_arguments(
            total_weight * ratio, total_weight * (1.0 - ratio) / 2.0, data.matrix.shape[1]
        )
        known = getattr(self, "feature_names_in_", None)
        return cross_validate(
            data.matrix,
            response,
            folds=folds,
            sample_weight=data.weights,
            offset=offset,
            scoring=self.scoring,
            names=None if known is None else tuple(map(str, known)),
            **grid,
            **arguments,
        )

    def cross_validation_on(self, X: Any = None, y: Any = None, **params: Any) -> CrossValidation:
        """Return ``cross_validation_``; after pickling, which leaves it out, run it again on X and y.

        Parameters
        ----------
        X : (n, p) array or data frame, optional
            The training data.
        y : (n,) array, optional
            The response.
        **params : dict
            What else the fit was passed: ``sample_weight``, ``offset``, ``groups``.

        Returns
        -------
        CrossValidation
            The whole cross-validation at the chosen l1_ratio.

        Raises
        ------
        ValueError
            If X and y are needed and not given, or another model follows from them.
        """
        check_is_fitted(self)
        if hasattr(self, "cross_validation_"):
            return self.cross_validation_
        if X is None or y is None:
            raise ValueError("this estimator was pickled, which leaves its data behind: pass X and y")
        again = clone(self).fit(X, y, **params)
        if np.shape(again.coef_) != np.shape(self.coef_) or not np.allclose(again.coef_, self.coef_):
            raise ValueError(
                "another model follows from these X and y: pass what the estimator was fitted to, "
                "sample_weight=, offset= and groups= included"
            )
        found: CrossValidation = again.cross_validation_
        return found

    def get_metadata_routing(self) -> Any:
        """Return the routing of metadata: ``groups`` and the like go to the splitter.

        Returns
        -------
        MetadataRouter
            See scikit-learn's guide to metadata routing.
        """
        mapping = MethodMapping().add(caller="fit", callee="split")
        router = MetadataRouter(owner=self).add_self_request(self)
        return router.add(splitter=check_cv(self.cv), method_mapping=mapping)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the training data out of pickles."""
        state = super().__getstate__()
        state.pop("cross_validation_", None)
        return state


@public
class LassoCV(ElasticNetCV):
    """The lasso whose ``alpha`` cross-validation chooses.

    The objective is that of :class:`Lasso`.

    Parameters
    ----------
    eps : float, default 1e-3
        Ratio of the smallest alpha of the default grid to the largest.
    alphas : int or array, default 100
        Number of alphas in the default grid, or the grid itself.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    precompute, max_iter, tol, copy_X
        Accepted for compatibility, without effect: see :class:`ElasticNet`.
    cv : int, splitter or list of (train, test) pairs, optional
        As in scikit-learn: by default 5 folds of consecutive rows; of whole groups where ``fit`` has them.
    verbose, n_jobs
        Accepted for compatibility, without effect; folds run in threads, on all cores or as many as the
        environment variable EQUIPOISE_THREADS says.
    positive : bool, default False
        Whether to restrict coefficients to be ≥ 0.
    random_state, selection
        Accepted for compatibility, without effect.
    choice : {"best", "one_se"}, default "best"
        Whether to choose the alpha with the smallest mean loss, or the largest alpha whose mean loss is
        within one standard error of it.
    scoring : str or callable, default "squared_error"
        The loss of held-out rows, as in :class:`ElasticNetCV`.
    standardize : bool, default False
        Whether to penalise as if each column had unit standard deviation in the rows fitted to.
    penalty_factor : (p,) array or dict of str to float, optional
        Multiplies the penalty of each feature: 0 leaves it unpenalised, ∞ excludes it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients.

    Attributes
    ----------
    alpha_, alphas_, loss_path_, mse_path_, cross_validation_
        As in :class:`ElasticNetCV`.
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    Tibshirani (1996), *JRSS B* 58.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(8, 3) % 5
    >>> model = eq.LassoCV(cv=4, choice="one_se").fit(X, X[:, 0])
    >>> model.alpha_ >= eq.LassoCV(cv=4).fit(X, X[:, 0]).alpha_
    True
    """

    def __init__(
        self,
        *,
        eps: float = 1e-3,
        alphas: Any = 100,
        fit_intercept: bool = True,
        precompute: Any = "auto",
        max_iter: int = 1000,
        tol: float = 1e-4,
        copy_X: bool = True,
        cv: Any = None,
        verbose: Any = False,
        n_jobs: int | None = None,
        positive: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
        choice: Literal["best", "one_se"] = "best",
        scoring: Any = "squared_error",
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.eps = eps
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.precompute = precompute
        self.max_iter = max_iter
        self.tol = tol
        self.copy_X = copy_X
        self.cv = cv
        self.verbose = verbose
        self.n_jobs = n_jobs
        self.positive = positive
        self.random_state = random_state
        self.selection = selection
        self.choice = choice
        self.scoring = scoring
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def _l1_ratios(self) -> Any:
        return 1.0
