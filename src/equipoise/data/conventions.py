"""What other packages call the strength of a penalty, and what it is here: both ways.

This library has one objective, ``Σ_i s_i·½r_i² + Σ_j l1_j|w_j| + Σ_j l2_j w_j²``. A ``from_…`` takes another
package's own names and numbers and returns a :class:`Strength` for ``eq.fit(X, y, **strength)``; a ``to_…``
goes back, or says what the other package cannot express.

====================================  ====================  ==========================
package                               l1                    l2
====================================  ====================  ==========================
scikit-learn Lasso, ElasticNet        n·alpha·l1_ratio      n·alpha·(1 − l1_ratio)/2
scikit-learn Ridge                    0                     alpha/2
statsmodels fit_regularized           n·alpha·L1_wt         n·alpha·(1 − L1_wt)/2
glmnet, family "gaussian"             n·lambda·alpha·pf_j   n·lambda·(1 − alpha)·pf_j/(2·s_y)
glmnet, other families                n·lambda·alpha·pf_j   n·lambda·(1 − alpha)·pf_j/2
====================================  ====================  ==========================

n is the number of rows, or the sum of the sample weights. The penalty factors pf_j of glmnet are rescaled to
sum to p, s_y is the standard deviation of its response, and all of it holds for columns of unit standard
deviation where glmnet standardises, which is what ``standardize=True`` means here too.

>>> import equipoise as eq
>>> eq.strength.from_sklearn(alpha=0.5, l1_ratio=0.5, n=100)
Strength(l1=25.0, l2=12.5, standardize=False, intercept=None)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.data.glmnet import from_glmnet, to_glmnet
from equipoise.data.strength import (
    Strength,
    read_common,
    read_factors,
    read_number,
    read_penalty,
    read_rows,
    read_share,
    refuse_standardize,
)

__all__ = [
    "Strength",
    "from_glmnet",
    "from_sklearn",
    "from_sklearn_ridge",
    "from_statsmodels",
    "to_glmnet",
    "to_sklearn",
    "to_sklearn_ridge",
    "to_statsmodels",
]


def from_sklearn(
    alpha: float, l1_ratio: float = 1.0, *, n: float, fit_intercept: bool | None = None
) -> Strength:
    """Convert the strength of scikit-learn's Lasso or ElasticNet.

    ``l1 = n·alpha·l1_ratio`` and ``l2 = n·alpha·(1 − l1_ratio)/2``. The same numbers mean the same in celer,
    skglm and glum (``scale_predictors=False``), and in adelie's ``grpnet`` with every feature a group of its
    own, where they are called ``lmda`` and ``alpha``.

    Parameters
    ----------
    alpha : float
        As in scikit-learn.
    l1_ratio : float, default 1.0
        As in scikit-learn; 1 is Lasso. ElasticNet's own default is 0.5.
    n : float
        Number of rows; with sample weights, their sum.
    fit_intercept : bool, optional
        As in scikit-learn, handed on as ``intercept``; without it the model may have one or not.

    Returns
    -------
    Strength
        For ``eq.fit(X, y, **strength)``.

    Raises
    ------
    ValueError, TypeError
        If a number is missing or out of its range.

    References
    ----------
    Pedregosa et al. (2011), *JMLR* 12.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    >>> fit = eq.fit(X, y, intercept=False, **eq.strength.from_sklearn(1 / 3, n=3))
    >>> fit.coef  # Lasso(alpha=1 / 3, fit_intercept=False)
    array([1.66666667, 0.66666667])
    """
    total = read_rows(n) * read_number(alpha, "alpha")
    share = read_number(l1_ratio, "l1_ratio", at_most=1)
    return Strength(total * share, total * (1 - share) / 2, intercept=fit_intercept)


def to_sklearn(
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    *,
    n: float,
    standardize: bool = False,
    intercept: bool | None = None,
) -> dict[str, Any]:
    """Convert a strength to that of scikit-learn's ElasticNet.

    Parameters
    ----------
    l1, l2 : float or (p,) array
        The penalties, the same for every feature.
    n : float
        Number of rows; with sample weights, their sum.
    standardize : bool, default False
        Refused: scikit-learn does not standardise.
    intercept : bool, optional
        Handed on as ``fit_intercept``.

    Returns
    -------
    dict
        ``alpha`` and ``l1_ratio``, for ``ElasticNet(**…)``; a ratio of 1 where there is no penalty.

    Raises
    ------
    ValueError, TypeError
        If scikit-learn cannot express the penalty.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.to_sklearn(25.0, 12.5, n=100)
    {'alpha': 0.5, 'l1_ratio': 0.5}
    """
    refuse_standardize(standardize, "scikit-learn")
    given = read_penalty(l1, l2)
    one, ridge = read_common(given[0], "l1", "scikit-learn"), 2 * read_common(given[1], "l2", "scikit-learn")
    found = {"alpha": (one + ridge) / read_rows(n), "l1_ratio": read_share(one, ridge, "scikit-learn")}
    return found | _fit_intercept(intercept)


def from_sklearn_ridge(alpha: float, *, fit_intercept: bool | None = None) -> Strength:
    """Convert the strength of scikit-learn's Ridge, which is of a sum of squares: ``l2 = alpha/2``.

    Parameters
    ----------
    alpha : float
        As in scikit-learn; neither rows nor sample weights enter.
    fit_intercept : bool, optional
        As in scikit-learn, handed on as ``intercept``; without it the model may have one or not.

    Returns
    -------
    Strength
        For ``eq.fit(X, y, **strength)``.

    Raises
    ------
    ValueError, TypeError
        If alpha is not a number of 0 or more.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.from_sklearn_ridge(3).l2
    1.5
    """
    return Strength(0.0, read_number(alpha, "alpha") / 2, intercept=fit_intercept)


def to_sklearn_ridge(
    l2: ArrayLike,
    l1: ArrayLike = 0.0,
    *,
    standardize: bool = False,
    intercept: bool | None = None,
) -> dict[str, Any]:
    """Convert a strength to that of scikit-learn's Ridge.

    Parameters
    ----------
    l2 : float or (p,) array
        The ridge penalty, the same for every feature.
    l1 : float or (p,) array, default 0
        Refused unless it is 0.
    standardize : bool, default False
        Refused: scikit-learn does not standardise.
    intercept : bool, optional
        Handed on as ``fit_intercept``.

    Returns
    -------
    dict
        ``alpha``, for ``Ridge(**…)``.

    Raises
    ------
    ValueError, TypeError
        If Ridge cannot express the penalty.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.to_sklearn_ridge(1.5)
    {'alpha': 3.0}
    """
    refuse_standardize(standardize, "scikit-learn")
    given = read_penalty(l1, l2)
    if np.any(np.asarray(given[0]) > 0):
        raise ValueError("l1 is not 0 but scikit-learn's Ridge has no l1 penalty: use to_sklearn")
    return {"alpha": 2 * read_common(given[1], "l2", "scikit-learn")} | _fit_intercept(intercept)


def from_statsmodels(alpha: ArrayLike, L1_wt: float = 1.0, *, n: float) -> Strength:
    """Convert the strength of statsmodels' ``fit_regularized``, of OLS and WLS.

    ``l1 = n·alpha·L1_wt`` and ``l2 = n·alpha·(1 − L1_wt)/2``. The intercept of statsmodels is a constant
    column of X: pass that X. A single alpha penalises this column too; an array does what it says there.

    Parameters
    ----------
    alpha : float or (p,) array
        As in statsmodels, one number a column of X where it is an array.
    L1_wt : float, default 1.0
        As in statsmodels.
    n : float
        Number of rows; for WLS, the sum of the weights.

    Returns
    -------
    Strength
        For ``eq.fit(X, y, **strength)``, where it says ``intercept=False``.

    Raises
    ------
    ValueError, TypeError
        If a number is missing or out of its range.

    References
    ----------
    Seabold & Perktold (2010), *Proc. 9th Python in Science Conf.*

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.from_statsmodels([0, 0.5], 0.5, n=100)
    Strength(l1=array([ 0., 25.]), l2=array([ 0. , 12.5]), standardize=False, intercept=False)
    """
    total = read_rows(n) * read_factors(alpha, "alpha")
    share = read_number(L1_wt, "L1_wt", at_most=1)
    return Strength(total * share, total * (1 - share) / 2, intercept=False)


def to_statsmodels(
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    *,
    n: float,
    standardize: bool = False,
    intercept: bool = False,
) -> dict[str, Any]:
    """Convert a strength to that of statsmodels' ``fit_regularized``.

    Parameters
    ----------
    l1, l2 : float or (p,) array
        The penalties, in the same proportion for every feature.
    n : float
        Number of rows; for WLS, the sum of the weights.
    standardize : bool, default False
        Refused: statsmodels does not standardise.
    intercept : bool, default False
        Refused: in statsmodels it is a column of X, whose penalty l1 and l2 have to hold.

    Returns
    -------
    dict
        ``alpha``, a float or (p,) array, and ``L1_wt``, for ``fit_regularized(**…)``.

    Raises
    ------
    ValueError, TypeError
        If statsmodels cannot express the penalty.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.strength.to_statsmodels([0, 25], [0, 12.5], n=100)
    {'alpha': array([0. , 0.5]), 'L1_wt': 0.5}
    """
    refuse_standardize(standardize, "statsmodels")
    if intercept:
        raise ValueError(
            "intercept is True but statsmodels has none beside X: give X a constant column, "
            "and l1 and l2 a 0 for it"
        )
    one, two = read_penalty(l1, l2)
    if np.isinf(one).any():
        raise ValueError("l1 is ∞ for a feature but statsmodels excludes none: drop the column instead")
    return {"alpha": (one + 2 * two) / read_rows(n), "L1_wt": read_share(one, 2 * two, "statsmodels")}


def _fit_intercept(intercept: bool | None) -> dict[str, Any]:
    return {} if intercept is None else {"fit_intercept": intercept}
