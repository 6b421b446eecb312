"""Ridge regression whose penalty is chosen by leave-one-out or by folds, with scikit-learn's parameters."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import get_config
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import check_scoring, get_scorer
from sklearn.model_selection import GridSearchCV
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing

from equipoise.data.arguments.messages import count
from equipoise.data.arguments.public import public
from equipoise.data.arguments.sparse import is_sparse
from equipoise.estimators.base import Penalised, TrainingData
from equipoise.estimators.linear import Ridge
from equipoise.estimators.parameters import checked_numbers
from equipoise.estimators.splits import refuse_unknown, splits_of
from equipoise.select.leave_one_out import loo_residuals
from equipoise.select.scorers import finite_score, given_predictions

Array = NDArray[np.float64]

MAX_DENSE = 10**8  # most entries, 800 MB, of a sparse X that is made dense


@public
class RidgeCV(Penalised):
    """Ridge regression whose ``alpha`` is chosen by leave-one-out or cross-validation.

    The objective is that of :class:`Ridge`. Leave-one-out, the default, is computed in closed form.

    Parameters
    ----------
    alphas : array, default (0.1, 1.0, 10.0)
        The alphas to choose from; positive for leave-one-out.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    scoring : str or callable, optional
        A scikit-learn scorer; by default the mean squared error of leave-one-out, or R² with ``cv``. Of
        one row there is no R²: where a fold holds out no more, a warning says that nothing was compared, and
        the first alpha is taken, as by scikit-learn's.
        Leave-one-out passes ``sample_weight`` to it; with scikit-learn's metadata routing, what it requests.
    cv : int, splitter or list of (train, test) pairs, optional
        None for leave-one-out; bounds and standardisation need folds.
    gcv_mode : str, optional
        Accepted for compatibility, without effect.
    store_cv_results : bool, default False
        Whether to keep ``cv_results_``; for leave-one-out only.
    alpha_per_target : bool, default False
        Whether to choose an alpha for each target; for leave-one-out only.
    standardize : bool, default False
        Whether to penalise as if each column had unit standard deviation in the rows fitted to.
    penalty_factor : (p,) array or dict of str to float, optional
        Multiplies the penalty of each feature: 0 leaves it unpenalised, ∞ excludes it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients.

    Attributes
    ----------
    alpha_ : float or (targets,) array
        The alpha chosen.
    best_score_ : float or (targets,) array
        The score of this alpha; by default minus the mean of s_i times the squared leave-one-out residual.
    cv_results_ : (n, m) or (n, targets, m) array
        Squared leave-one-out residuals times s_i, or with ``scoring`` the leave-one-out predictions.
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    Golub, Heath & Wahba (1979), *Technometrics* 21.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(8, 3) % 5
    >>> float(eq.RidgeCV(alphas=[1e-3, 1.0]).fit(X, X[:, 0]).alpha_)
    0.001
    """

    def __init__(
        self,
        alphas: Any = (0.1, 1.0, 10.0),
        *,
        fit_intercept: bool = True,
        scoring: Any = None,
        cv: Any = None,
        gcv_mode: str | None = None,
        store_cv_results: bool = False,
        alpha_per_target: bool = False,
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.scoring = scoring
        self.cv = cv
        self.gcv_mode = gcv_mode
        self.store_cv_results = store_cv_results
        self.alpha_per_target = alpha_per_target
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, offset: Any = None, **params: Any) -> Self:
        """Choose the penalty and fit the model.

        Parameters
        ----------
        X : (n, p) array or data frame
            Features.
        y : (n,) or (n, targets) array
            Response.
        sample_weight : float or (n,) array, optional
            Weights of the rows.
        offset : (n,) or (n, targets) array, optional
            A known part of each prediction; with ``cv`` the response minus the offset is scored.
        **params : dict
            Passed to the scorer for leave-one-out, else to the search, such as ``groups``; with metadata
            routing, to whatever requests it.

        Returns
        -------
        object
            Itself.
        """
        data, table = self._read(X, y, sample_weight, offset, multi_output=True)
        alphas = self._read_alphas()
        targets = data.response.shape[1]
        if self.cv is None:
            chosen = self._leave_one_out(data, alphas, table, params)
        else:
            chosen = [self._search(data, alphas, table, params)] * targets
        self.alpha_ = np.array(chosen) if self.alpha_per_target and targets > 1 else np.float64(chosen[0])
        self._solve(data, [0.0] * targets, [alpha / 2.0 for alpha in chosen], table)
        return self

    def _read_alphas(self) -> list[float]:
        """The alphas to choose from."""
        alphas: list[float] = checked_numbers("alphas", self.alphas).tolist()
        if self.cv is None and 0.0 in alphas:
            raise ValueError(
                f"alphas[{alphas.index(0.0)}] is 0: leaving every row out needs positive ones, or pass cv=5"
            )
        return alphas

    def _leave_one_out(
        self, data: TrainingData, alphas: list[float], table: bool, params: dict[str, Any]
    ) -> list[float]:
        """Choose by leave-one-out: score every alpha, and return the best one for each target."""
        n, targets = data.response.shape
        weights = np.ones(n) if data.weights is None else data.weights
        kept = weights > 0
        residuals = self._loo_residuals(data, alphas, weights, kept)
        score_params = self._score_params(data, params, kept)
        separate = self.alpha_per_target and targets > 1
        response, s = data.response[kept], weights[kept, None]
        parts = [np.s_[:, k] for k in range(targets)] if separate else [np.s_[:] if table else np.s_[:, 0]]
        scores = np.empty((len(alphas), len(parts)))
        results = np.zeros((n, targets, len(alphas)))
        for i, residual in enumerate(residuals):
            if self.scoring is None:
                result = residual**2 * s
                scores[i] = -result.sum(axis=0) / n if separate else -result.sum() / (n * targets)
            else:
                result = response - residual
                scores[i] = [self._score(result[part], response[part], score_params) for part in parts]
            results[kept, :, i] = result
        best = np.argmax(scores, axis=0)
        score = scores[best, np.arange(len(parts))]
        self.best_score_ = score if self.alpha_per_target and table else score[0]
        if self.store_cv_results:
            self.cv_results_ = results if table else results[:, 0]
        return [alphas[k] for k in best] * (1 if separate else targets)

    def _score_params(
        self, data: TrainingData, params: dict[str, Any], kept: NDArray[np.bool_]
    ) -> dict[str, Any]:
        """What the scorer of leave-one-out is passed, for the rows kept."""
        routing = get_config()["enable_metadata_routing"]
        if self.scoring is None and not routing:
            refuse_unknown(params)
            if params:
                raise ValueError("groups is for a scorer or a splitter: pass scoring= or cv=, too")
        if data.weights is not None:
            params = {"sample_weight": data.weights, **params}
        if routing:
            params = process_routing(self, "fit", **params).scorer.score
        rows = {name for name, value in params.items() if np.shape(value)[:1] == kept.shape}
        return {name: np.asarray(value)[kept] if name in rows else value for name, value in params.items()}

    def _score(self, prediction: Array, response: Array, params: dict[str, Any]) -> float:
        """The score of leave-one-out predictions."""
        try:
            score = self._scorer()(given_predictions(), prediction, response, **params)
        except TypeError as error:
            if "sample_weight" not in params or "sample_weight" not in str(error):
                raise
            raise ValueError(
                f"scoring={self.scoring!r} takes no sample_weight: pass a scorer that does; or, to score "
                "all rows alike, enable metadata routing and set_score_request(sample_weight=False) on it"
            ) from error
        return self._finite(score, "the predictions of rows left out")

    def _finite(self, score: Any, of: str) -> float:
        """A score, which has to be a number that can be compared."""
        return finite_score(score, f"scoring={self.scoring!r} gave {score!r} for {of}", "larger")

    def _scorer(self) -> Any:
        """The scorer; by default R², which with metadata routing requests the weights, as scikit-learn's."""
        if self.scoring is None and get_config()["enable_metadata_routing"]:
            return get_scorer("r2").set_score_request(sample_weight=True)
        return check_scoring(self, scoring=self.scoring)

    def get_metadata_routing(self) -> MetadataRouter:
        """Return who is passed what: the fit itself, the scorer and the splitter.

        Returns
        -------
        MetadataRouter
            As scikit-learn's metadata routing asks for it.
        """
        return (
            MetadataRouter(owner=self)
            .add_self_request(self)
            .add(scorer=self._scorer(), method_mapping=MethodMapping().add(caller="fit", callee="score"))
            .add(splitter=self.cv, method_mapping=MethodMapping().add(caller="fit", callee="split"))
        )

    def _loo_residuals(
        self, data: TrainingData, alphas: list[float], weights: Array, kept: NDArray[np.bool_]
    ) -> Iterator[Array]:
        """Leave-one-out residuals (rows kept, targets) at one alpha after the other."""
        n, p = data.matrix.shape
        arguments = self._fit_arguments(0.0, 0.5, p)
        bounded = np.any(np.isfinite(arguments["lower"])) or np.any(np.isfinite(arguments["upper"]))
        if bounded or self.standardize:
            reason = (
                "bounds have no closed form" if bounded else "standardisation depends on the rows fitted to"
            )
            raise ValueError(f"leaving every row out in turn: {reason}; pass folds, cv=5")
        if n == 1:
            raise ValueError(
                "n_samples=1: with the only row left out there is nothing to fit; pass more rows"
            )
        excluded = np.isinf(self._penalty_factors(p))
        return loo_residuals(
            _as_dense(data.matrix[kept]),
            data.response[kept] - (0.0 if data.offset is None else data.offset[kept]),
            np.where(excluded, np.inf, arguments["l2"]),
            np.array(alphas),
            intercept=self.fit_intercept,
            weights=weights[kept],
        )

    def _search(self, data: TrainingData, alphas: list[float], table: bool, params: dict[str, Any]) -> float:
        """Choose by cross-validation: return the alpha with the best mean score over the folds."""
        if self.store_cv_results or self.alpha_per_target:
            raise ValueError("store_cv_results and alpha_per_target are for leaving every row out: drop cv")
        own = ("fit_intercept", "standardize", "penalty_factor", "lower", "upper")
        model = Ridge(**{name: getattr(self, name) for name in own})
        if get_config()["enable_metadata_routing"]:
            model.set_fit_request(sample_weight=True)
        response = data.response if data.offset is None else data.response - data.offset
        if not get_config()["enable_metadata_routing"]:
            refuse_unknown(params)
        if data.weights is not None:
            params = {"sample_weight": data.weights, **params}
        cv = self.cv
        if not get_config()["enable_metadata_routing"] and params.get("groups") is not None:
            cv = splits_of(cv, data.matrix, response, {"groups": params["groups"]})
        search = GridSearchCV(
            model, {"alpha": alphas}, cv=cv, scoring=self._scorer(), refit=False, error_score="raise"
        )
        search.fit(data.matrix, response if table else response[:, 0], **params)
        alpha = float(search.best_params_["alpha"])
        if self.scoring is None and np.isnan(search.best_score_):
            warnings.warn(
                "R² is undefined in a fold, as of one row held out: no alphas were compared, and the first, "
                f"{alpha:g}, is taken; pass scoring='neg_mean_squared_error', or cv=None",
                UndefinedMetricWarning,
                stacklevel=4,
            )
            self.best_score_ = np.float64(np.nan)
        else:
            self.best_score_ = np.float64(self._finite(float(search.best_score_), "every alpha"))
        return alpha

    def _chosen(self) -> str:
        alphas = count(np.size(self.alphas), "alpha")
        way = "leaving every row out in turn" if self.cv is None else "cross-validation"
        return f"the best of {alphas} by {way}"

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _as_dense(matrix: Any) -> Array:
    """X as a dense array; a ValueError if it is sparse and too large for that."""
    if not is_sparse(matrix):
        return np.asarray(matrix)
    if matrix.shape[0] * matrix.shape[1] > MAX_DENSE:
        raise ValueError(
            "leaving every row out in turn needs X as a dense array, which would be too large: "
            "pass folds, cv=5"
        )
    return np.asarray(matrix.toarray())
