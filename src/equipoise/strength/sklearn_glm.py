"""The strength of scikit-learn's generalised linear models: LogisticRegression, PoissonRegressor and kin."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.data.arguments.calls import verb
from equipoise.data.arguments.floats import as_floats
from equipoise.data.arguments.messages import quoted
from equipoise.strength.sklearn import fit_intercept_of, to_sklearn
from equipoise.strength.strength import Strength, read_n, read_number

PENALTIES = {"l1": 1.0, "l2": 0.0}


@verb
def from_sklearn_logistic(
    C: float = 1.0,
    l1_ratio: float | None = 0.0,
    *,
    penalty: str | None = "deprecated",
    fit_intercept: bool | None = None,
    solver: str = "lbfgs",
) -> Strength:
    """Convert the strength of scikit-learn's LogisticRegression, for ``loss="binomial"``.

    It minimises ``C·Σ_i s_i·loss_i`` and a penalty without C: ``l1 = l1_ratio/C`` and
    ``l2 = (1 − l1_ratio)/(2·C)``, whatever the number of rows.

    Parameters
    ----------
    C : float, default 1.0
        As in scikit-learn; ∞ is no penalty.
    l1_ratio : float, default 0.0
        As in scikit-learn: 0 is ridge, its default, which kills no coefficient; 1 is the lasso.
    penalty : {"l1", "l2", "elasticnet", None}, optional
        As in scikit-learn before 1.8, where only "elasticnet" heeds l1_ratio and None is no penalty. By
        default l1_ratio decides, as from 1.8 on.
    fit_intercept : bool, optional
        As in scikit-learn, returned as ``intercept``; None leaves it open.
    solver : str, default "lbfgs"
        As in scikit-learn. "liblinear" penalises its intercept as a coefficient, which no intercept is here:
        it is refused, unless ``fit_intercept=False``. Give X a column that holds ``intercept_scaling``
        instead, of coefficient ``intercept_ / intercept_scaling``, and fit without an intercept.

    Returns
    -------
    Strength
        For ``eq.fit(X, y, loss="binomial", **strength)``.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used.

    References
    ----------
    Fan et al. (2008), *JMLR* 9, for liblinear.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.from_sklearn_logistic(C=0.1, l1_ratio=1)
    Strength(l1=10.0, l2=0.0, standardize=False, intercept=None)
    >>> eq.strength.from_sklearn_logistic()
    Strength(l1=0.0, l2=0.5, standardize=False, intercept=None)
    """
    if solver == "liblinear" and fit_intercept is not False:
        raise ValueError(
            "solver is 'liblinear', which penalises its intercept as a coefficient: give X a column that "
            "holds intercept_scaling, of coefficient intercept_ / intercept_scaling, and say "
            "fit_intercept=False"
        )
    known = (*PENALTIES, "elasticnet", "deprecated", "none")
    if penalty is not None and penalty not in known:
        raise ValueError(f"penalty is {penalty!r}: pass one of {quoted((*PENALTIES, 'elasticnet'))} or None")
    if penalty in PENALTIES:
        l1_ratio = PENALTIES[penalty]
    share = read_number(0.0 if l1_ratio is None else l1_ratio, "l1_ratio", at_most=1)
    inverse = as_floats(C, "C")
    if inverse.ndim or not inverse > 0:
        raise ValueError(f"C is {C}: pass one number above 0 (∞ for no penalty)")
    total = 0.0 if penalty in (None, "none") else 1.0 / float(inverse)
    return Strength(total * share, total * (1 - share) / 2, intercept=fit_intercept)


@verb
def to_sklearn_logistic(
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    *,
    standardize: bool = False,
    intercept: bool | None = None,
) -> dict[str, Any]:
    """Convert a strength to that of scikit-learn's LogisticRegression.

    Parameters
    ----------
    l1, l2 : float or (p,) array
        The penalties, the same for every feature.
    standardize : bool, default False
        Must be False: scikit-learn does not standardise.
    intercept : bool, optional
        Returned as ``fit_intercept``.

    Returns
    -------
    dict
        ``C`` and ``l1_ratio``, for ``LogisticRegression(**…)`` of scikit-learn 1.8 and later; earlier ones
        need ``penalty="elasticnet"`` too. With an l1 its solver is "saga".

    Raises
    ------
    ValueError, TypeError
        If scikit-learn cannot express the penalty.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.to_sklearn_logistic(10.0)
    {'C': 0.1, 'l1_ratio': 1.0}
    """
    found = to_sklearn(l1, l2, n=1.0, standardize=standardize)
    inverse = 1.0 / found["alpha"] if found["alpha"] else np.inf
    return {"C": inverse, "l1_ratio": found["l1_ratio"]} | fit_intercept_of(intercept)


@verb
def from_sklearn_glm(alpha: float = 1.0, *, n: float, fit_intercept: bool | None = None) -> Strength:
    """Convert the strength of scikit-learn's PoissonRegressor, GammaRegressor or TweedieRegressor.

    They minimise the weighted mean of half the unit deviance and ``alpha/2·‖w‖²``: ``l2 = n·alpha/2``, for
    the losses "poisson", "gamma" and "tweedie(power)" with the log link.

    Parameters
    ----------
    alpha : float, default 1.0
        As in scikit-learn.
    n : float
        Number of rows; with sample weights, their sum.
    fit_intercept : bool, optional
        As in scikit-learn, returned as ``intercept``; None leaves it open.

    Returns
    -------
    Strength
        For ``eq.fit(X, y, loss="poisson", **strength)``.

    Raises
    ------
    ValueError, TypeError
        If a number is missing or out of its range.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.from_sklearn_glm(0.5, n=100)
    Strength(l1=0.0, l2=25.0, standardize=False, intercept=None)
    """
    return Strength(0.0, read_n(n) * read_number(alpha, "alpha") / 2, intercept=fit_intercept)


@verb
def to_sklearn_glm(
    l2: ArrayLike,
    l1: ArrayLike = 0.0,
    *,
    n: float,
    standardize: bool = False,
    intercept: bool | None = None,
) -> dict[str, Any]:
    """Convert a strength to that of scikit-learn's PoissonRegressor, GammaRegressor or TweedieRegressor.

    Parameters
    ----------
    l2 : float or (p,) array
        The ridge penalty, the same for every feature.
    l1 : float or (p,) array, default 0
        Must be 0: they have no l1 penalty.
    n : float
        Number of rows; with sample weights, their sum.
    standardize : bool, default False
        Must be False: scikit-learn does not standardise.
    intercept : bool, optional
        Returned as ``fit_intercept``.

    Returns
    -------
    dict
        ``alpha``, for ``PoissonRegressor(**…)``.

    Raises
    ------
    ValueError, TypeError
        If they cannot express the penalty.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.to_sklearn_glm(25.0, n=100)
    {'alpha': 0.5}
    """
    found = to_sklearn(l1, l2, n=n, standardize=standardize)
    if np.any(np.asarray(l1, dtype=np.float64) > 0):
        raise ValueError("l1 is not 0 but scikit-learn's PoissonRegressor and kin have no l1 penalty")
    return {"alpha": found["alpha"]} | fit_intercept_of(intercept)
