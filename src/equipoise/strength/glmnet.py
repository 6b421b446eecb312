"""The strength of glmnet, which depends on the standard deviation of y."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.calls import verb
from equipoise.data.arguments.messages import quoted
from equipoise.data.frames.columns import read_vector
from equipoise.strength.strength import (
    PerFeature,
    Strength,
    l1_share,
    read_number,
    read_penalty,
    read_per_feature,
    weights_or_ones,
)

Array = NDArray[np.float64]

# With brackets: R's family objects, for which glmnet runs another program than for the strings.
FAMILIES = {
    "gaussian": "squared",
    "gaussian()": "squared",
    "binomial": "binomial",
    "binomial()": "binomial",
    "poisson": "poisson",
    "poisson()": "poisson",
    "Gamma()": "gamma",
    "tweedie()": "tweedie",
    "negative.binomial()": "negative_binomial",
}
"""The families whose strength can be converted, and the losses here that are theirs."""


@verb
def from_glmnet(
    lambda_: float,
    alpha: float = 1.0,
    *,
    y: Any,
    sample_weight: Any = None,
    offset: Any = None,
    intercept: bool = True,
    standardize: bool = True,
    penalty_factor: ArrayLike | None = None,
    family: str = "gaussian",
) -> Strength:
    """Convert the strength of R's glmnet.

    ``l1_j = n·lambda·alpha·pf_j`` and ``l2_j = n·lambda·(1 − alpha)·pf_j/(2·s_y)``, with n the sum of the
    weights and the pf_j rescaled to sum to p. For ``family="gaussian"`` glmnet divides y − offset by s_y, its
    standard deviation (with n, not n − 1, in the denominator) or, without an intercept, its root mean square;
    for every other family s_y is 1.

    Parameters
    ----------
    lambda_ : float
        glmnet's ``lambda``.
    alpha : float, default 1.0
        As in glmnet; 1 is the lasso, 0 ridge.
    y : (n,) array
        Response; for families other than "gaussian" only its length matters.
    sample_weight : (n,) array, optional
        glmnet's ``weights``.
    offset : (n,) array, optional
        As in glmnet.
    intercept, standardize : bool, default True
        As in glmnet.
    penalty_factor : (p,) array, optional
        glmnet's ``penalty.factor``: 0 leaves a feature unpenalised, ∞ excludes it and counts as 1 in the sum.
    family : str, default "gaussian"
        As in glmnet: "gaussian", "binomial" or "poisson"; with brackets, whatever stood between them, R's
        family object: "gaussian()", "binomial()", "poisson()", and with the log link "Gamma()", "tweedie()"
        and "negative.binomial()". The loss is for :func:`equipoise.fit` to be told.

    Returns
    -------
    Strength
        For ``eq.fit(X, y, **strength)``, with the same weights and offset.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), *J. Stat. Software* 33.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    >>> strength = eq.strength.from_glmnet(0.25, y=y)
    >>> strength
    Strength(l1=0.75, l2=0.0, standardize=True, intercept=True)
    >>> eq.fit(X, y, **strength).coef  # glmnet(X, y, lambda = 0.25)
    array([0.9696..., 0. ])
    """
    total_weight, sd = _weight_and_sd(y, sample_weight, offset, intercept, family)
    total: Any = total_weight * read_number(lambda_, "lambda_")
    share = read_number(alpha, "alpha", at_most=1)
    excluded: Any = False
    if penalty_factor is not None:
        factors = read_per_feature(penalty_factor, "penalty_factor", excludes=True)
        if isinstance(factors, float):
            raise ValueError("penalty_factor is a single number: pass one per feature, or none")
        excluded = np.isinf(factors)
        total = total * _rescaled(factors, excluded)
    ridge = total * (1 - share) / 2
    if np.any(ridge > 0):
        ridge = ridge / _positive(sd)
    l1 = np.where(excluded, np.inf, total * share) if np.any(excluded) else total * share
    return Strength(l1, ridge, standardize, intercept)


@verb
def to_glmnet(
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    *,
    y: Any,
    sample_weight: Any = None,
    offset: Any = None,
    intercept: bool = True,
    standardize: bool = False,
    family: str = "gaussian",
) -> dict[str, Any]:
    """Convert a strength to that of R's glmnet.

    Parameters
    ----------
    l1, l2 : float or (p,) array
        The penalties, in the same proportion for every feature; an l1 of ∞ excludes a feature.
    y : (n,) array
        Response; for families other than "gaussian" only its length matters.
    sample_weight : (n,) array, optional
        glmnet's ``weights``.
    offset : (n,) array, optional
        As in glmnet.
    intercept : bool, default True
        Whether the model has an intercept.
    standardize : bool, default False
        As in :func:`equipoise.fit`.
    family : str, default "gaussian"
        As in :func:`from_glmnet`.

    Returns
    -------
    dict
        The arguments of :func:`from_glmnet` except the data: ``lambda_``, ``alpha``, ``intercept``,
        ``standardize``, ``family`` and, if penalties differ between features, ``penalty_factor`` (p,), of
        mean 1.

    Raises
    ------
    ValueError, TypeError
        If glmnet cannot express the penalty.

    Examples
    --------
    >>> import equipoise as eq
    >>> arguments = eq.strength.to_glmnet([0, 0.3, 0.3], y=[3, 2, 1])
    >>> arguments["penalty_factor"]
    array([0. , 1.5, 1.5])
    """
    total_weight, sd = _weight_and_sd(y, sample_weight, offset, intercept, family)
    one, two = read_penalty(l1, l2)
    ridge: PerFeature = 0.0 if not np.any(two) else 2 * _positive(sd) * two
    found: dict[str, Any] = {"intercept": intercept, "standardize": standardize, "family": family}
    total = np.atleast_1d(one + ridge)
    used = np.isfinite(total)
    if not used.any():
        raise ValueError("l1 is ∞ for every feature but glmnet cannot exclude them all: keep at least one")
    # glmnet's rescaling leaves factors unchanged whose mean over the features not excluded is 1.
    mean = float(total[used].mean())
    found |= {"lambda_": mean / total_weight, "alpha": l1_share(one, ridge, "glmnet")}
    if np.any(total != total[0]):
        found["penalty_factor"] = total / mean if mean > 0 else np.where(used, 1.0, np.inf)
    return found


def _rescaled(factors: Array, excluded: NDArray[np.bool_]) -> Array:
    """Penalty factors (p,) as glmnet rescales them; 0 for excluded features, which count as 1 in the sum."""
    total = float(np.sum(np.where(excluded, 1.0, factors)))
    if excluded.all():
        raise ValueError("penalty_factor is ∞ for every feature: glmnet cannot exclude them all")
    if not total > 0:
        raise ValueError("penalty_factor is 0 for every feature: glmnet refuses that; pass lambda_=0 instead")
    return np.where(excluded, 0.0, factors) * (len(factors) / total)


def _weight_and_sd(
    y: Any, sample_weight: Any, offset: Any, intercept: bool, family: str
) -> tuple[float, float]:
    """The sum of the weights, and the s_y by which glmnet divides the response."""
    if family not in FAMILIES:
        raise ValueError(f"family is {family!r}: the families that can be converted are {quoted(FAMILIES)}")
    if not hasattr(y, "__len__"):
        raise TypeError(f"y is of type {type(y).__name__}: pass the response, one value per row")
    n = len(y)
    weights = weights_or_ones(sample_weight, n)
    total_weight = float(weights.sum())
    if family != "gaussian":
        return total_weight, 1.0
    target = read_vector(y, "y", n)
    if offset is not None:
        target = target - read_vector(offset, "offset", n)
    if intercept:
        # The standard deviation of a constant response is 0, whatever rounding leaves of it.
        if np.ptp(target[weights > 0]) == 0:
            return total_weight, 0.0
        target = target - weights @ target / total_weight
    return total_weight, float(np.sqrt(weights @ target**2 / total_weight))


def _positive(sd: float) -> float:
    """The standard deviation, by which a ridge penalty is divided."""
    if not sd > 0:
        raise ValueError("y − offset has no spread, by which glmnet divides the ridge part: use alpha=1")
    return sd
