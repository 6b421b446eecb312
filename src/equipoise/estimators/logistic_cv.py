"""Logistic regression whose penalty cross-validation chooses, with scikit-learn's parameters."""

from __future__ import annotations

import re
import warnings
from contextlib import suppress
from copy import copy
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import config_context, get_config
from sklearn.exceptions import NotFittedError
from sklearn.metrics import get_scorer
from sklearn.utils.metadata_routing import UNUSED, MetadataRouter, MethodMapping, process_routing

from equipoise.data.arguments.messages import count
from equipoise.data.arguments.public import public
from equipoise.estimators.base import TrainingData, read_weights
from equipoise.estimators.classified import Classified, inverse_of
from equipoise.estimators.logistic import LogisticRegression
from equipoise.estimators.parameters import checked_integer, checked_number, plain
from equipoise.estimators.score_curve import ScoreCurve
from equipoise.estimators.splits import refuse_unknown, splits_of
from equipoise.results.fit.result import Fit
from equipoise.select.cross_validation import Folds
from equipoise.select.scorers import finite_score
from equipoise.setup.response import refused_exposure
from equipoise.solve.path import solve_path
from equipoise.solve.threads import in_threads

Array = NDArray[np.float64]
Split = tuple[NDArray[Any], NDArray[Any]]


@public
class LogisticRegressionCV(ScoreCurve, Classified):
    """Logistic regression of two classes whose ``C`` (and ``l1_ratio``) cross-validation chooses.

    The objective is that of :class:`LogisticRegression`, with the same C in every fold, as in scikit-learn:
    the loss is a sum over rows, so that the penalty weighs more where fewer rows are fitted. Every fold is
    solved exactly at every C.

    Parameters
    ----------
    Cs : int or (m,) array, default 10
        Number of values from 1e-4 to 1e4, evenly spaced by their logarithms, or the values themselves.
    l1_ratios : (k,) array or None, default None
        Shares of the penalty that are L1, to choose from; None for a ridge penalty, which makes no
        coefficient zero.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    cv : int, splitter or list of (train, test) pairs, optional
        As in scikit-learn: by default 5 stratified folds; of whole groups where ``fit`` has them.
    dual, solver, tol, max_iter, n_jobs, verbose, intercept_scaling, random_state, multi_class
        Accepted for compatibility: see :class:`LogisticRegression`.
    penalty : {"deprecated", "l1", "l2", "elasticnet"}, default "deprecated"
        Older name of the penalty: "l1" stands for ``l1_ratios=[1]``, "l2" for ``l1_ratios=[0]``, "elasticnet"
        for `l1_ratios` as they are. By default `l1_ratios` say it.
    scoring : str, callable or None
        A scorer of scikit-learn, larger where better; None for the accuracy.
    class_weight : dict of label to float, "balanced" or None
        As in :class:`LogisticRegression`; "balanced" by all rows, not by those of a fold. Scores do not use
        them.
    refit : bool, default True
        Whether to fit all rows at the C that is best on average. Otherwise the best C of each fold, and its
        coefficients, are averaged: such a model is no solution, and nothing about it is proved.
    use_legacy_attributes : bool, default True
        Whether attributes have the shapes of scikit-learn before 1.10.
    choice : {"best", "one_se"}, default "best"
        Whether to choose the C with the best mean score, or the smallest C, at the l1_ratio of that, whose
        mean score is within one standard error of it.
    standardize, penalty_factor, lower, upper
        As in :class:`LogisticRegression`; a fold is standardised by its own training rows.

    Attributes
    ----------
    C_, l1_ratio_ : (1,) arrays, or floats with ``use_legacy_attributes=False``
        What was chosen.
    Cs_, l1_ratios_ : (m,) and (k,) arrays
        What was to be chosen from.
    scores_ : dict of label to (folds, m) or (folds, m, k) array, or (folds, k, m) array
        Score of the held-out rows of each fold, under the label of the second class.
    coefs_paths_ : dict of label to (folds, m, p + 1) or (folds, m, k, p + 1) array, or \
(folds, k, m, 1, p + 1) array
        Coefficients of each fold, the intercept last, if there is one.
    classes_, coef_, intercept_, dual_gap_, n_iter_, certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`LogisticRegression`; ``n_iter_`` holds a 1 for each model of a fold.

    References
    ----------
    Hosmer, Lemeshow & Sturdivant (2013), *Applied Logistic Regression*; Stone (1974), *JRSS B* 36.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(60.0).reshape(20, 3) % 7
    >>> model = eq.LogisticRegressionCV(Cs=5, l1_ratios=[1.0]).fit(X, X[:, 0] > 3)
    >>> model.Cs_, model.C_
    (array([1.e-04, 1.e-02, 1.e+00, 1.e+02, 1.e+04]), array([1.]))
    """

    __metadata_request__score = {"sample_weight": UNUSED}  # noqa: RUF012  # it is the scorer's, if anybody's

    def __init__(
        self,
        *,
        Cs: Any = 10,
        l1_ratios: Any = None,
        fit_intercept: bool = True,
        cv: Any = None,
        dual: bool = False,
        solver: str = "lbfgs",
        tol: float = 1e-4,
        max_iter: int = 100,
        n_jobs: int | None = None,
        verbose: Any = 0,
        intercept_scaling: float = 1.0,
        random_state: Any = None,
        multi_class: str = "deprecated",
        penalty: Any = "deprecated",
        scoring: Any = None,
        class_weight: Any = None,
        refit: bool = True,
        use_legacy_attributes: bool = True,
        choice: Literal["best", "one_se"] = "best",
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.Cs = Cs
        self.l1_ratios = l1_ratios
        self.fit_intercept = fit_intercept
        self.cv = cv
        self.dual = dual
        self.penalty = penalty
        self.scoring = scoring
        self.solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.class_weight = class_weight
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.refit = refit
        self.intercept_scaling = intercept_scaling
        self.multi_class = multi_class
        self.random_state = random_state
        self.use_legacy_attributes = use_legacy_attributes
        self.choice = choice
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, offset: Any = None, **params: Any) -> Self:
        """Choose the penalty and fit the model.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) array
            Labels of two classes, of any kind that sorts.
        sample_weight : float or (n,) array, optional
            Weights of the rows, in fitting and in scoring; as in scikit-learn, the mean over folds is not
            weighted.
        offset : (n,) array, optional
            A known part of the log-odds of each row, in fitting and in scoring.
        **params : dict
            ``groups``, of which a number of folds (``cv=5``) holds out whole ones, and which a splitter is
            passed; with metadata routing, whatever the splitter and the scorer request.

        Returns
        -------
        object
            Itself.
        """
        data = self._read_classes(X, y, sample_weight, offset)
        grid, shares = self._read_grid(), self._read_shares()
        folds, scored = self._folds(data, sample_weight, offset, params)
        inverse = np.array([inverse_of(f"Cs[{i}]", value) for i, value in enumerate(grid)])
        # (folds, Cs, ratios, p + 1), the intercept last
        coefs = np.stack([self._models(data, share, inverse, folds) for share in shares], axis=2)
        scores = self._scores(data, coefs, folds, scored)
        self._choose(data, np.array(grid, dtype=np.float64), np.asarray(shares), scores, coefs)
        self._store(scores, coefs)
        return self

    def _read_grid(self) -> list[Any]:
        """The values of C to choose from, as they are passed."""
        given = plain(self.Cs)
        if np.ndim(given) == 0:
            return list(np.logspace(-4, 4, checked_integer("Cs", given, least=1)))
        if not np.size(given):
            raise ValueError("Cs is empty: pass at least one")
        return [plain(value) for value in np.ravel(np.asarray(given, dtype=object))]

    def _read_shares(self) -> list[float]:
        """The shares of the penalty that are L1, to choose from."""
        given = None if self.l1_ratios is None else np.ravel(np.asarray(self.l1_ratios, dtype=object))
        if self.penalty in ("l1", "l2"):
            if given is not None:
                told = (
                    "l1_ratios parameter is only used when penalty is 'elasticnet'. "
                    f"Got (penalty={self.penalty})"
                )
                warnings.warn(told, UserWarning, stacklevel=4)
            return [float(self.penalty == "l1")]
        if self.penalty is None:
            raise ValueError("penalty is None, which leaves no C to choose: pass Cs=[np.inf], or a penalty")
        if given is None:
            if self.penalty == "elasticnet":
                raise ValueError("l1_ratios must be an array-like of numbers between 0 and 1; got None")
            return [0.0]
        if not len(given):
            raise ValueError("l1_ratios is empty: pass at least one number between 0 and 1")
        return [checked_number(f"l1_ratios[{i}]", share, most=1.0) for i, share in enumerate(given)]

    def _folds(
        self, data: TrainingData, sample_weight: Any, offset: Any, params: dict[str, Any]
    ) -> tuple[list[Split], dict[str, Any]]:
        """The training and held-out rows of every split, and what the scorer is passed."""
        if get_config()["enable_metadata_routing"]:
            passed = {"sample_weight": sample_weight, "offset": offset, **params}
            routed = process_routing(self, "fit", **passed)
            asked, scored = routed["splitter"]["split"], dict(routed["scorer"]["score"])
        else:
            if "exposure" in params:
                raise ValueError(refused_exposure(self._kind()))
            refuse_unknown(params, "fit", ("sample_weight", "offset", "groups"))
            asked = params
            scored = {} if sample_weight is None else {"sample_weight": sample_weight}
        if scored.get("sample_weight") is not None:
            scored["sample_weight"] = read_weights(scored["sample_weight"], data.matrix.shape[0])
        labels = self.classes_[data.response[:, 0].astype(int)]
        folds = splits_of(self.cv, data.matrix, labels, asked, classifier=True)
        if self.choice == "one_se" and len(folds) == 1:
            raise ValueError(
                "choice is 'one_se', but cv holds one split, which has no standard error: pass choice='best'"
            )
        if self.choice == "one_se" and not self.refit:
            raise ValueError("choice is 'one_se' and refit is False, which takes each fold's best: drop one")
        return folds, scored

    def _models(self, data: TrainingData, share: float, inverse: Array, folds: list[Split]) -> Array:
        """The models of every fold at every C and one share, (folds, m, p + 1)."""
        p = data.matrix.shape[1]
        setup = self._set_up(data, 0, share, (1.0 - share) / 2.0, folds)
        try:
            masks = Folds.asked(setup).masks
        except ValueError as error:  # the folds are called cv here
            raise ValueError(re.sub(r"^folds\b", "cv", str(error))) from None
        order = np.argsort(-inverse, kind="stable")
        out = np.zeros((len(folds), len(inverse), p + 1))

        def solve(k: int, _: Any) -> None:
            counted, rows = setup.counted(masks[k][0])
            done = 0
            for points in solve_path(counted.problem_on(rows), inverse[order]):
                coef, intercept = points.original()
                which = order[done : done + len(coef)]
                columns = np.arange(p) if points.columns is None else points.columns
                out[k][np.ix_(which, columns)] = coef
                out[k, which, p] = intercept
                done += len(coef)

        for _ in in_threads(solve, len(folds)):
            pass
        return out

    def _scores(self, data: TrainingData, coefs: Array, folds: list[Split], scored: dict[str, Any]) -> Array:
        """The score of the held-out rows of every fold, (folds, m, k)."""
        model, event = LogisticRegression(), data.response[:, 0].astype(int)
        # By a name, the event is the second class, which is 1 to all of scikit-learn's scorers.
        model.classes_ = np.arange(2) if isinstance(self.scoring, str) else self.classes_
        matrix = data.matrix.tocsr() if hasattr(data.matrix, "tocsr") else data.matrix
        labels, shift = model.classes_[event], data.response_and_offset(0)[1]
        out = np.empty(coefs.shape[:3])
        for k, (_, test) in enumerate(folds):
            rows = np.arange(len(labels))[test]
            own = {
                name: np.asarray(value)[rows] if np.shape(value)[:1] == labels.shape else value
                for name, value in scored.items()
            }
            model._own_offset = None if shift is None else shift[rows]
            for at in np.ndindex(out.shape[1:]):
                model.coef_, model.intercept_ = coefs[(k, *at)][None, :-1], coefs[(k, *at)][-1:]
                score = self._score(model, matrix[rows], labels[rows], own)
                told = f"scoring={self.scoring!r} gave {score!r} for split {k} of cv"
                out[(k, *at)] = finite_score(score, told, "larger")
        return out

    def _score(self, model: LogisticRegression, X: Any, y: Any, params: dict[str, Any]) -> Any:
        """The score of one model on some rows."""
        if isinstance(self.scoring, str):
            # As in scikit-learn, a fold may hold out rows of one class alone.
            with suppress(TypeError), config_context(enable_metadata_routing=True):
                return self._scorer()(model, X, y, **params, labels=model.classes_)
        return self._scorer()(model, X, y, **params)

    def _choose(self, data: TrainingData, grid: Array, shares: Array, scores: Array, coefs: Array) -> None:
        """Choose C and the share, and set the model."""
        self.Cs_, self.l1_ratios_ = grid, shares
        if not self.refit:
            flat = scores.reshape(len(scores), -1).argmax(axis=1)
            best, which = np.unravel_index(flat, scores.shape[1:])
            model = coefs[np.arange(len(scores)), best, which].mean(axis=0)
            self.coef_, self.intercept_ = model[None, :-1], model[-1:]
            self.fits_: tuple[Fit, ...] = ()
            self.C_: Any = np.array([grid[best].mean()])
            self.l1_ratio_: Any = np.array([shares[which].mean()])
            return
        mean = scores.mean(axis=0)
        at, share = np.unravel_index(int(np.argmax(mean)), mean.shape)
        if self.choice == "one_se":
            error = scores[:, at, share].std(ddof=1) / np.sqrt(len(scores))
            near = np.flatnonzero(mean[:, share] >= mean[at, share] - error)
            at = near[np.argmin(grid[near])]
        alpha, ratio = inverse_of("C", grid[at]), float(shares[share])
        self._alphas = [alpha]
        self._solve(data, [alpha * ratio], [alpha * (1.0 - ratio) / 2.0], False)
        self.C_, self.l1_ratio_ = np.array([grid[at]]), np.array([ratio])

    def _store(self, scores: Array, coefs: Array) -> None:
        """Set the attributes of the choice in the shapes asked for."""
        coefs = coefs if self.fit_intercept else coefs[..., :-1]
        if not self.use_legacy_attributes:
            self.C_, self.l1_ratio_ = float(self.C_[0]), float(self.l1_ratio_[0])
            self.scores_: Any = scores.transpose(0, 2, 1)
            self.coefs_paths_: Any = coefs.transpose(0, 2, 1, 3)[:, :, :, None, :]
            self.n_iter_ = np.ones(self.scores_.shape, dtype=np.int32)
            return
        if self.l1_ratios is None:
            scores, coefs = scores[:, :, 0], coefs[:, :, 0]
        self.scores_ = {self.classes_[1]: scores}
        self.coefs_paths_ = {self.classes_[1]: coefs}
        self.n_iter_ = np.ones((1, *scores.shape), dtype=np.int32)

    def _fits(self) -> tuple[Fit, ...]:
        if not getattr(self, "refit", True) and not getattr(self, "fits_", True):
            # Also an AttributeError, which hasattr and scikit-learn's HTML take for none.
            raise NotFittedError(
                "refit=False averages the models of the folds, which is no solution that could be proved or "
                "explained: pass refit=True"
            )
        return super()._fits()

    def _chosen(self) -> str:
        way = "the best" if self.choice == "best" else "the smallest within one standard error of the best"
        return f"{way} of {count(len(self.Cs_), 'value')} of C by cross-validation"

    def _scorer(self) -> Any:
        return get_scorer("accuracy" if self.scoring is None else self.scoring)

    def score(self, X: Any, y: Any, sample_weight: Any = None, offset: Any = None, **params: Any) -> float:
        """The score of `scoring`, by default the accuracy.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) array
            Labels.
        sample_weight : (n,) array, optional
            Weights of the rows.
        offset : (n,) array, or number, optional
            As in :meth:`decision_function`.
        **params : dict
            With metadata routing, what else the scorer requests.

        Returns
        -------
        float
            Larger where better.
        """
        given = params if sample_weight is None else {"sample_weight": sample_weight, **params}
        if get_config()["enable_metadata_routing"]:
            given = process_routing(self, "score", **given)["scorer"]["score"]
        else:
            refuse_unknown(params, "score", ("sample_weight", "offset"))
        model = copy(self)
        model._own_offset = offset
        return float(self._scorer()(model, X, y, **given))

    def get_metadata_routing(self) -> MetadataRouter:
        """Return who is passed what: the fit itself, the splitter and the scorer.

        Returns
        -------
        MetadataRouter
            As scikit-learn's metadata routing asks for it.
        """
        scorer = MethodMapping().add(caller="score", callee="score").add(caller="fit", callee="score")
        split = MethodMapping().add(caller="fit", callee="split")
        router = MetadataRouter(owner=self).add_self_request(self).add(splitter=self.cv, method_mapping=split)
        return router.add(scorer=self._scorer(), method_mapping=scorer)
