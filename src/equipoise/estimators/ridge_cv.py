"""Ridge regression whose penalty is chosen by leaving rows out, with scikit-learn's parameters."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import get_config
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.metrics import check_scoring
from sklearn.model_selection import GridSearchCV

from equipoise.data.arguments.sparse import is_sparse
from equipoise.estimators.base import Penalised, Rows, checked
from equipoise.estimators.linear import Ridge
from equipoise.select.leave_one_out import loo_residuals

Array = NDArray[np.float64]


DENSE = 10**8  # numbers of a sparse X, 800 MB, that may be made dense


class RidgeCV(Penalised):
    """Ridge regression whose ``alpha`` is chosen by leaving rows out.

    The objective is that of :class:`Ridge`. Without ``cv`` every row is left out in turn, in closed form.

    Parameters
    ----------
    alphas : array, default (0.1, 1.0, 10.0)
        What to choose from; positive where every row is left out in turn.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    scoring : str or callable, optional
        A scikit-learn scorer; by default the mean squared error of rows left out, or R² with ``cv``.
    cv : int, splitter or list of pairs, optional
        None leaves every row out in turn; bounds and standardisation need folds.
    gcv_mode : str, optional
        Taken for compatibility, without effect.
    store_cv_results : bool, default False
        Keep ``cv_results_``.
    alpha_per_target : bool, default False
        Choose an alpha for each target.
    standardize : bool, default False
        Penalise as if each column had unit standard deviation in the rows fitted to.
    penalty_factor : (p,) array or dict of str to float, optional
        Multiplies the penalty of each feature: 0 leaves it unpenalised, ∞ excludes it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients.

    Attributes
    ----------
    alpha_ : float or (targets,) array
        What was chosen.
    best_score_ : float or (targets,) array
        Its score; by default minus the mean of s_i times the squared error.
    cv_results_ : (n, m) or (n, targets, m) array
        Squared errors (times s_i), or with ``scoring`` predictions, of the rows left out.
    coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As of :class:`ElasticNet`.

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

    def fit(self, X: Any, y: Any, sample_weight: Any = None, offset: Any = None, **params: Any) -> Self:
        """Choose the penalty and fit the model.

        Parameters
        ----------
        X : (n, p) array or data frame
            Features.
        y : (n,) or (n, targets) array
            Response.
        sample_weight : float or (n,) array, optional
            Weights.
        offset : (n,) or (n, targets) array, optional
            A known part of each prediction; with ``cv`` what is scored is the rest of the response.
        **params : dict
            Handed to the scorer where every row is left out in turn, else to the search, as ``groups``.

        Returns
        -------
        object
            Itself.
        """
        rows, table = self._read(X, y, sample_weight, offset, several=True)
        alphas = [float(alpha) for alpha in np.ravel(self.alphas)]
        for i, alpha in enumerate(alphas):
            if checked(f"alphas[{i}]", alpha) == 0 and self.cv is None:
                raise ValueError(f"alphas[{i}] is 0: leaving every row out needs positive ones, or pass cv=5")
        targets = rows.response.shape[1]
        if self.cv is None:
            chosen = self._leave_one_out(rows, alphas, table, params)
        else:
            chosen = [self._search(rows, alphas, table, params)] * targets
        self.alpha_ = np.array(chosen) if self.alpha_per_target and targets > 1 else chosen[0]
        self._solve(rows, [0.0] * targets, [alpha / 2.0 for alpha in chosen], table)
        return self

    def _leave_one_out(
        self, rows: Rows, alphas: list[float], table: bool, params: dict[str, Any]
    ) -> list[float]:
        """The alpha of each target."""
        asked = self._asked(0.0, 0.5, rows.matrix.shape[1])
        bounded = np.any(np.isfinite(asked["lower"])) or np.any(np.isfinite(asked["upper"]))
        if bounded or self.standardize:
            reason = (
                "bounds have no closed form" if bounded else "standardisation depends on the rows fitted to"
            )
            raise ValueError(f"leaving every row out in turn: {reason}; pass folds, cv=5")
        n, targets = rows.response.shape
        if n == 1:
            raise ValueError(
                "n_samples=1: with the only row left out there is nothing to fit; pass more rows"
            )
        weights = np.ones(n) if rows.weights is None else rows.weights
        kept = weights > 0
        response = rows.response[kept]
        shift = 0.0 if rows.offset is None else rows.offset[kept]
        l2 = np.broadcast_to(asked["l2"], rows.matrix.shape[1])
        l2 = np.where(np.isinf(self._factors(len(l2))), np.inf, l2)
        matrix = rows.matrix[kept]
        if is_sparse(matrix):
            if matrix.shape[0] * matrix.shape[1] > DENSE:
                raise ValueError(
                    "leaving every row out in turn needs X as a dense array, which would be too large: "
                    "pass folds, cv=5"
                )
            matrix = matrix.toarray()
        errors = loo_residuals(
            matrix,
            response - shift,
            l2,
            np.array(alphas),
            intercept=self.fit_intercept,
            weights=weights[kept],
        )
        separate = self.alpha_per_target and targets > 1
        scores = np.empty((len(alphas), targets if separate else 1))
        kept_results = np.zeros((n, targets, len(alphas)))
        scorer = None if self.scoring is None else check_scoring(self, scoring=self.scoring)
        for i, error in enumerate(errors):
            if scorer is None:
                result = error**2 * weights[kept, None]
                scores[i] = -result.sum(axis=0) / n if separate else -result.sum() / (n * targets)
            else:
                result = response - error
                whole = (
                    [np.s_[:, k] for k in range(targets)]
                    if separate
                    else [np.s_[:] if table else np.s_[:, 0]]
                )
                scores[i] = [scorer(_Known(), result[w], response[w], **params) for w in whole]
            kept_results[kept, :, i] = result
        best = np.argmax(scores, axis=0)
        score = scores[best, np.arange(scores.shape[1])]
        self.best_score_ = score if separate else float(score[0])
        if self.store_cv_results:
            self.cv_results_ = kept_results if table else kept_results[:, 0]
        return [alphas[k] for k in best] * (1 if separate else targets)

    def _search(self, rows: Rows, alphas: list[float], table: bool, params: dict[str, Any]) -> float:
        """The alpha of the best mean score over folds."""
        if self.store_cv_results or self.alpha_per_target:
            raise ValueError("store_cv_results and alpha_per_target are for leaving every row out: drop cv")
        own = ("fit_intercept", "standardize", "penalty_factor", "lower", "upper")
        model = Ridge(**{name: getattr(self, name) for name in own})
        if get_config()["enable_metadata_routing"]:
            model.set_fit_request(sample_weight=True)
        response = rows.response if rows.offset is None else rows.response - rows.offset
        if rows.weights is not None:
            params = {"sample_weight": rows.weights, **params}
        search = GridSearchCV(model, {"alpha": alphas}, cv=self.cv, scoring=self.scoring, refit=False)
        search.fit(rows.matrix, response if table else response[:, 0], **params)
        self.best_score_ = float(search.best_score_)
        return float(search.best_params_["alpha"])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


class _Known(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Predictions that were made before, as a scorer wants to see them."""

    def predict(self, X: Array) -> Array:
        """The predictions, which are what is passed."""
        return X
