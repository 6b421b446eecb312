"""The elastic net whose penalty is chosen by cross-validation, with scikit-learn's parameters."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from equipoise.data.arguments.public import public
from equipoise.estimators.cross_validated import CrossValidated
from equipoise.estimators.paths import enet_path


@public
class ElasticNetCV(CrossValidated):
    """Elastic net whose ``alpha`` (and ``l1_ratio``) cross-validation chooses.

    The objective is that of :class:`ElasticNet`. Every fold is solved exactly along the whole grid, and
    standardises by its own training rows where asked to.

    Parameters
    ----------
    l1_ratio : float or list of float, default 0.5
        Share of the penalty that is L1; from a list the one with the smallest loss is chosen.
    eps : float, default 1e-3
        Ratio of the smallest alpha of the default grid to the largest.
    alphas : int, (m,) array or None, default 100
        Number of alphas in the default grid, or the grid itself; None for 100.
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
    n_alphas : int, optional
        Older name of a number of ``alphas``; refused beside other ``alphas``.
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
        The grid, descending; a default grid is another for each l1_ratio of a list.
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

    path = staticmethod(enet_path)

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
        n_alphas: int | None = None,
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
        self.n_alphas = n_alphas
        self.choice = choice
        self.scoring = scoring
        self.standardize = standardize
        self.penalty_factor = penalty_factor
        self.lower = lower
        self.upper = upper

    def _l1_ratios(self) -> Any:
        return self.l1_ratio
