"""The strength of a penalty in statsmodels' convention."""

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
    read_per_feature,
    refuse_standardize,
)


@verb
def from_statsmodels(alpha: ArrayLike, L1_wt: float = 1.0, *, n: float) -> Strength:
    """Convert the strength of ``fit_regularized`` of statsmodels' OLS, WLS and GLM.

    ``l1 = n·alpha·L1_wt`` and ``l2 = n·alpha·(1 − L1_wt)/2``. The intercept of statsmodels is a constant
    column of X: pass that X. A single alpha penalises the constant too, as in statsmodels; an array has a
    number for it. GLM with ``L1_wt=0`` estimates a scale for the families gamma and Tweedie: what it then
    minimises is not what is solved here.

    Parameters
    ----------
    alpha : float or (p,) array
        As in statsmodels: one number, or one for each column of X.
    L1_wt : float, default 1.0
        As in statsmodels.
    n : float
        Number of rows; for WLS, the sum of the weights, for GLM the rows also with weights.

    Returns
    -------
    Strength
        For ``eq.fit(X, y, **strength)``, with ``intercept=False``, and for GLM the loss of its family.

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
    total = read_n(n) * read_per_feature(alpha, "alpha")
    share = read_number(L1_wt, "L1_wt", at_most=1)
    return Strength(total * share, total * (1 - share) / 2, intercept=False)


@verb
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
        Number of rows; for WLS, the sum of the weights, for GLM the rows also with weights.
    standardize : bool, default False
        Must be False: statsmodels does not standardise.
    intercept : bool, default False
        Must be False: the intercept of statsmodels is a column of X, for which l1 and l2 have a number.

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
    return {"alpha": (one + 2 * two) / read_n(n), "L1_wt": l1_share(one, 2 * two, "statsmodels")}
