"""What LassoCV and ElasticNetCV share: the choice of a penalty by cross-validation."""

from __future__ import annotations

import re
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import get_config
from sklearn.base import clone
from sklearn.model_selection import check_cv
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.validation import check_is_fitted

from equipoise.api.cross_validate import cross_validate_on
from equipoise.estimators.alphas import grid_of_alphas, read_alphas
from equipoise.estimators.base import Penalised, TrainingData
from equipoise.estimators.explained_choice import ExplainedChoice
from equipoise.estimators.parameters import checked_number
from equipoise.estimators.splits import refuse_unknown, splits_of
from equipoise.results.choice.result import CrossValidation
from equipoise.select.cross_validation import Folds
from equipoise.select.scorers import SQUARED, read_scoring

Array = NDArray[np.float64]


class CrossValidated(ExplainedChoice, Penalised):
    """A linear model whose alpha, and l1_ratio, cross-validation chooses."""

    alphas: Any
    n_alphas: int | None
    eps: float
    cv: Any
    choice: Literal["best", "one_se"]
    scoring: Any

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, offset: Any = None, **params: Any) -> Self:
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
            ``groups``, of which a number of folds (``cv=5``) holds out whole ones, and which a splitter is
            passed; with metadata routing, whatever the splitter requests.

        Returns
        -------
        object
            Itself.
        """
        data, _ = self._read(X, y, sample_weight, offset, multi_output=False)
        alphas = read_alphas(self.alphas, self.n_alphas)
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
        try:
            found = [self._cross_validate(data, ratio, alphas, folds) for ratio in ratios]
        except ValueError as error:  # the folds are called cv here
            raise ValueError(re.sub(r"^folds\b", "cv", str(error))) from None
        # As in scikit-learn, the mean over folds is not weighted.
        lowest = [cv.fold_loss.mean(axis=1).min() for cv in found]
        best = int(np.argmin(lowest))
        chosen = found[best]
        grid = chosen.path.strengths
        at = int(np.argmin(chosen.fold_loss.mean(axis=1)))
        alpha = float(grid[at]) if self.choice == "best" else chosen.one_se_strength
        self.alpha_, self.l1_ratio_ = np.float64(alpha), np.float64(ratios[best])
        shared = len(found) == 1 or isinstance(alphas, np.ndarray)
        self.alphas_ = grid if shared else np.array([cv.path.strengths for cv in found])
        self.loss_path_ = np.squeeze(np.array([cv.fold_loss for cv in found]))
        self.__dict__.pop("mse_path_", None)
        if chosen.scoring == SQUARED.name:
            self.mse_path_ = self.loss_path_
        self.cross_validation_ = chosen
        self._hold(data, [chosen.path.at(alpha)], False)
        return self

    def _l1_ratios(self) -> Any:
        """The l1_ratio, or the list of them to choose from."""
        raise NotImplementedError

    def _folds(
        self, data: TrainingData, sample_weight: Any, offset: Any, params: dict[str, Any]
    ) -> list[Any]:
        if get_config()["enable_metadata_routing"]:
            passed = {"sample_weight": sample_weight, "offset": offset, **params}
            params = process_routing(self, "fit", **passed)["splitter"]["split"]
        else:
            refuse_unknown(params)
        return splits_of(self.cv, data.matrix, data.response[:, 0], params)

    def _cross_validate(
        self, data: TrainingData, ratio: float, alphas: int | Array, folds: list[Any]
    ) -> CrossValidation:
        """Cross-validate the alphas at one l1_ratio."""
        scoring = read_scoring(self.scoring)
        total = data.total_weight
        setup = self._set_up(data, 0, total * ratio, total * (1.0 - ratio) / 2.0, folds)
        among = Folds.asked(setup, scoring=scoring)
        return cross_validate_on(among, grid_of_alphas(setup.problem, alphas, self.eps, ratio), None, False)

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
