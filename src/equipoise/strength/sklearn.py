"""The strength of a penalty in scikit-learn's convention."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.data.arguments.calls import verb
from equipoise.strength.strength import (
    Strength,
    l1_share,
    read_n,
    read_number,
    read_penalty,
    read_uniform,
    refuse_standardize,
)


@verb
def from_sklearn(
    alpha: float, l1_ratio: float = 1.0, *, n: float, fit_intercept: bool | None = None
) -> Strength:
    """Convert the strength of scikit-learn's Lasso or ElasticNet.

    ``l1 = n·alpha·l1_ratio`` and ``l2 = n·alpha·(1 − l1_ratio)/2``. The convention is also that of celer,
    skglm, glum (``scale_predictors=False``) and adelie's ``grpnet`` with every feature in a group of its own,
    which calls the two ``lmda`` and ``alpha``.

    Parameters
    ----------
    alpha : float
        As in scikit-learn.
    l1_ratio : float, default 1.0
        As in scikit-learn; 1 is Lasso. ElasticNet's own default is 0.5.
    n : float
        Number of rows; with sample weights, their sum.
    fit_intercept : bool, optional
        As in scikit-learn, returned as ``intercept``; None leaves it open.

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
    total = read_n(n) * read_number(alpha, "alpha")
    share = read_number(l1_ratio, "l1_ratio", at_most=1)
    return Strength(total * share, total * (1 - share) / 2, intercept=fit_intercept)


@verb
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
        Must be False: scikit-learn does not standardise.
    intercept : bool, optional
        Returned as ``fit_intercept``.

    Returns
    -------
    dict
        ``alpha`` and ``l1_ratio``, for ``ElasticNet(**…)``; the ratio is 1 if there is no penalty.

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
    one, ridge = (
        read_uniform(given[0], "l1", "scikit-learn"),
        2 * read_uniform(given[1], "l2", "scikit-learn"),
    )
    found = {"alpha": (one + ridge) / read_n(n), "l1_ratio": l1_share(one, ridge, "scikit-learn")}
    return found | fit_intercept_of(intercept)


@verb
def from_sklearn_ridge(alpha: float, *, fit_intercept: bool | None = None) -> Strength:
    """Convert the strength of scikit-learn's Ridge: ``l2 = alpha/2``.

    Parameters
    ----------
    alpha : float
        As in scikit-learn; Ridge sums over the rows, so their number does not enter.
    fit_intercept : bool, optional
        As in scikit-learn, returned as ``intercept``; None leaves it open.

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


@verb
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
        Must be 0: Ridge has no l1 penalty.
    standardize : bool, default False
        Must be False: scikit-learn does not standardise.
    intercept : bool, optional
        Returned as ``fit_intercept``.

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
    return {"alpha": 2 * read_uniform(given[1], "l2", "scikit-learn")} | fit_intercept_of(intercept)


def fit_intercept_of(intercept: bool | None) -> dict[str, Any]:
    """The keyword ``fit_intercept``, if anything is said of it."""
    return {} if intercept is None else {"fit_intercept": intercept}
