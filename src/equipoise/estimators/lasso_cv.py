"""The lasso whose penalty is chosen by cross-validation, with scikit-learn's parameters."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from equipoise.data.arguments.public import public
from equipoise.estimators.cross_validated import CrossValidated
from equipoise.estimators.paths import lasso_path


@public
class LassoCV(CrossValidated):
    """The lasso whose ``alpha`` cross-validation chooses.

    The objective is that of :class:`Lasso`.

    Parameters
    ----------
    eps : float, default 1e-3
        Ratio of the smallest alpha of the default grid to the largest.
    alphas : int, (m,) array or None, default 100
        Number of alphas in the default grid, or the grid itself; None for 100.
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
    n_alphas : int, optional
        Older name of a number of ``alphas``; refused beside other ``alphas``.
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
    >>> bool(model.alpha_ >= eq.LassoCV(cv=4).fit(X, X[:, 0]).alpha_)
    True
    """

    path = staticmethod(lasso_path)

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
        n_alphas: int | None = None,
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
        self.n_alphas = n_alphas
        self.choice = choice
        self.scoring = scoring
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def _l1_ratios(self) -> Any:
        return 1.0
