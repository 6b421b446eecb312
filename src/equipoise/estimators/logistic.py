"""Logistic regression with a given penalty and scikit-learn's parameters."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np

from equipoise.data.arguments.public import public
from equipoise.estimators.classified import Classified, inverse_of
from equipoise.estimators.parameters import checked_number


@public
class LogisticRegression(Classified):
    """Logistic regression of two classes with L1 and L2 penalties, solved exactly.

    Minimises ``C·Σ_i s_i log(1 + exp(−y_i(b + x_i·w))) + l1_ratio·Σ|w_j| + ½·(1 − l1_ratio)·Σ w_j²``, y_i = 1
    for the second class in sorted order and −1 for the first: scikit-learn's objective, a sum over rows. Its
    default, which is the default here too, is a ridge penalty with ``C=1``: it shrinks coefficients and makes
    none of them zero, so that no feature is left out. ``l1_ratio=1`` is the lasso.

    Parameters
    ----------
    penalty : {"deprecated", "l1", "l2", "elasticnet", None}, default "deprecated"
        Older name of the penalty: "l1" stands for ``l1_ratio=1``, "l2" for ``l1_ratio=0``, "elasticnet" for
        `l1_ratio` as it is, None for ``C=inf``. By default `l1_ratio` says it.
    C : float, default 1.0
        Weight of the loss: 1/C is the strength of the penalty; ``inf`` for no penalty.
    l1_ratio : float, default 0.0
        Share of the penalty that is L1: 0 for ridge, 1 for the lasso.
    dual, tol, max_iter, verbose, warm_start, n_jobs
        Accepted for compatibility, without effect: see :class:`ElasticNet`.
    fit_intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    intercept_scaling, solver
        Accepted, without effect: every penalty is solved exactly, whichever solver is named.
        scikit-learn's "liblinear" alone penalises the intercept, which no other solver does, nor is it done
        here; a large `intercept_scaling` there comes near.
    class_weight : dict of label to float, "balanced" or None
        Weights of the classes, multiplied with those of the rows; "balanced" makes the sums of both classes
        equal.
    random_state
        Accepted for compatibility, without effect.
    multi_class : {"deprecated", "auto", "ovr", "multinomial"}, default "deprecated"
        Of older versions; of two classes all but "multinomial", which is refused, are the same.
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
    classes_ : (2,) array
        The labels, in sorted order; the probability of the second is modelled.
    coef_ : (1, p) array
        Coefficients of the log-odds in original units.
    intercept_ : (1,) array
        The intercept; 0 with ``fit_intercept=False``.
    dual_gap_ : float
        Upper bound on how far ``Σ s loss + penalty / C`` is above its minimum, divided by Σs.
    n_iter_ : (1,) array
        Always 1, since nothing is left to iterate.
    certificate_, fits_, n_features_in_, feature_names_in_
        As in :class:`ElasticNet`.

    References
    ----------
    Hosmer, Lemeshow & Sturdivant (2013), *Applied Logistic Regression*; Tibshirani (1996), *JRSS B* 58.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[0, 1], [1, 0], [2, 1], [3, 1], [4, 0], [5, 1]], ["no", "no", "yes", "no", "yes", "yes"]
    >>> model = eq.LogisticRegression(l1_ratio=1.0).fit(X, y)
    >>> model.coef_.round(3), model.predict([[4, 1]]), model.certificate_.support_proved
    (array([[0.674, 0.   ]]), array(['yes'], dtype='<U3'), True)
    """

    def __init__(
        self,
        penalty: Any = "deprecated",
        *,
        C: float = 1.0,
        l1_ratio: float | None = 0.0,
        dual: bool = False,
        tol: float = 1e-4,
        max_iter: int = 100,
        verbose: Any = 0,
        warm_start: bool = False,
        n_jobs: int | None = None,
        fit_intercept: bool = True,
        intercept_scaling: float = 1,
        solver: str = "lbfgs",
        class_weight: Any = None,
        random_state: Any = None,
        multi_class: str = "deprecated",
        standardize: bool = False,
        penalty_factor: Any = None,
        lower: Any = -np.inf,
        upper: Any = np.inf,
    ) -> None:
        self.penalty = penalty
        self.C = C
        self.l1_ratio = l1_ratio
        self.dual = dual
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.multi_class = multi_class
        self.verbose = verbose
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, offset: Any = None) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) array
            Labels of two classes, of any kind that sorts.
        sample_weight : float or (n,) array, optional
            Weights of the rows: 2 counts a row twice.
        offset : (n,) array, optional
            A known part of the log-odds of each row.

        Returns
        -------
        object
            Itself.
        """
        data = self._read_classes(X, y, sample_weight, offset)
        alpha, ratio = inverse_of("C", self.C), self._share()
        if self.penalty is None:
            if self.C != 1.0:
                told = "Setting penalty=None will ignore the C and l1_ratio parameters"
                warnings.warn(told, UserWarning, stacklevel=3)
            alpha = 0.0
        self._alphas = [alpha]
        self._solve(data, [alpha * ratio], [alpha * (1.0 - ratio) / 2.0], False)
        return self

    def _share(self) -> float:
        """The share of the penalty that is L1."""
        if self.l1_ratio is None:  # scikit-learn's default before 1.8
            if self.penalty == "elasticnet":
                raise ValueError(
                    "l1_ratio must be specified when penalty is elasticnet: pass one from 0 to 1"
                )
            ratio = 0.0
        else:
            ratio = checked_number("l1_ratio", self.l1_ratio, most=1.0)
        if self.penalty not in ("l1", "l2"):
            return ratio
        meant = float(self.penalty == "l1")
        if 0 < ratio < 1:
            told = (
                f"l1_ratio parameter is only used when penalty is 'elasticnet'. Got (penalty={self.penalty})"
            )
            warnings.warn(told, UserWarning, stacklevel=4)
        elif ratio not in (0.0, meant):  # 0 is the default
            told = f"Inconsistent values: penalty={self.penalty} with l1_ratio={ratio}. The penalty counts."
            warnings.warn(told, UserWarning, stacklevel=4)
        return meant
