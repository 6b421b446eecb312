"""Look at the algorithm, and at anybody's solution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.data.arrays import as_matrix
from equipoise.explain.audit import audit as find
from equipoise.objective.setup import read_coef, set_up
from equipoise.results.audit import Audit
from equipoise.results.fit import Fit
from equipoise.results.trace import Trace
from equipoise.solve.textbook import descend


def trace(
    X: Any,
    y: Any,
    *,
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    intercept: bool = False,
    tol: float = 1e-9,
    max_sweeps: int = 10_000,
) -> Trace:
    """Run the textbook's coordinate descent and keep every step.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features; small data, for every step is kept.
    y : (n,) array
        Response.
    l1, l2 : float or (p,) array
        Penalties; both 0 for least squares.
    intercept : bool, default False
        Whether to fit an intercept, by centring.
    tol : float, default 1e-9
        Stop when the largest violation, ÷ its limit, is this small.
    max_sweeps : int, default 10000
        Stop after so many rounds over the features.

    Returns
    -------
    Trace
        The steps and where they led.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import equipoise as eq
    >>> print(eq.trace([[2.0]], [3.0], l1=1))
    sweep  feature  pull  limit  verdict         w  residual  objective  |gradient|
        1  x1          6      1  kept     0 → 1.25  (0.5)         1.375           0
    <BLANKLINE>
    converged after 1 sweep: violation 0
    x1 = 1.25
    """
    if not tol >= 0:
        raise ValueError(f"tol is {tol}: pass a number that is not negative")
    setup = set_up(X, y, l1=l1, l2=l2, intercept=intercept)
    descent = descend(
        as_matrix(setup.matrix),
        setup.response,
        setup.penalty.l1,
        setup.penalty.l2,
        features=setup.features,
        intercept=intercept,
        tol=tol,
        max_sweeps=max_sweeps,
    )
    return Trace(descent, setup.features, setup.frame)


def audit(
    X: Any,
    y: Any,
    coef: ArrayLike | Mapping[str, float],
    intercept: float | None = None,
    *,
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: ArrayLike = -np.inf,
    upper: ArrayLike = np.inf,
    missing: str = "error",
) -> Audit:
    """Check anybody's coefficients against the optimality conditions and the exact solution.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features.
    y : (n,) array
        Response.
    coef : (p,) array or dict of str to float
        The coefficients under audit, in original units; features that a dict does not name are zero.
    intercept : float, optional
        The intercept that was fitted; None for a model without one.
    l1, l2 : float or (p,) array
        The penalties they are claimed to solve, in this library's convention (see :func:`fit`).
    standardize : bool, default False
        As in :func:`fit`.
    sample_weight : (n,) array, optional
        As in :func:`fit`.
    offset : (n,) array, optional
        As in :func:`fit`.
    lower, upper : float or (p,) array
        Bounds of the coefficients.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`.

    Returns
    -------
    Audit
        Verdict, violations, wrong zeros, and the exact solution beside them.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import equipoise as eq
    >>> audit = eq.audit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [2.0, 0.0], l1=1)
    >>> audit.optimal, audit.wrong_zeros
    (False, ('x2',))
    >>> round(audit.lost, 6)
    0.333333
    """
    setup = set_up(
        X,
        y,
        l1=l1,
        l2=l2,
        intercept=intercept is not None,
        standardize=standardize,
        sample_weight=sample_weight,
        offset=offset,
        lower=lower,
        upper=upper,
        missing=missing,
    )
    given = read_coef(coef, setup)
    if intercept is not None and not np.isfinite(intercept):
        raise ValueError(f"intercept is {intercept}: pass a finite number, or None for a model without one")
    found = find(setup.problem, given, intercept)
    names = setup.features
    return Audit(
        certificate=found.certificate,
        coef=given,
        exact=Fit.of(setup, found.exact),
        features=names,
        excess=found.excess,
        worst=names[found.worst],
        wrong_zeros=tuple(names[j] for j in found.wrong_zeros),
        wrong_nonzeros=tuple(names[j] for j in found.wrong_nonzeros),
        lost=found.lost,
    )
