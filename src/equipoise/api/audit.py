"""Check whether coefficients are the solution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.explain.audit import audit as find
from equipoise.results.audit.result import Audit
from equipoise.setup.by_column import by_column
from equipoise.setup.set_up import Numbers, read_coef, set_up
from equipoise.setup.setup import Setup
from equipoise.strength.foreign import read_foreign_strength
from equipoise.strength.strength import Strength

INTERCEPT = "(Intercept)"  # as R prints it


def audit(
    X: Any,
    y: Any,
    coef: ArrayLike | Mapping[str, float],
    intercept: float | None = None,
    *,
    l1: Numbers | None = None,
    l2: Numbers = 0.0,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: Numbers = -np.inf,
    upper: Numbers = np.inf,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
    convention: str | None = None,
    strength: float | Mapping[str, Any] | None = None,
) -> Audit:
    """Check coefficients from any program against the optimality conditions and the exact solution.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix or data frame
        Features.
    y : (n,) array or str
        Response, or the name of the column of X that holds it.
    coef : (p,) array, series or dict of str to float
        The coefficients under audit, in original units. A dict, or a series labelled with names, is read by
        name: features that it does not name are zero, and ``(Intercept)`` is the intercept.
    intercept : float, optional
        The intercept that was fitted; None for a model without one.
    l1, l2 : float, (p,) array or dict of str to float
        The penalties they are claimed to solve, in this library's convention (see :func:`fit`); l1 is
        required unless there is a ``convention``.
    standardize : bool, default False
        As in :func:`fit`.
    sample_weight, offset : (n,) array or str, optional
        As in :func:`fit`.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients, as in :func:`fit`.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`.
    convention : {"glmnet", "sklearn", "sklearn-ridge", "statsmodels"}, optional
        The package that names the penalty, by ``strength`` instead of l1, l2 and standardize. "sklearn" is
        its Lasso and ElasticNet, and celer, skglm and glum too; in "statsmodels" the intercept is a column
        of X. See ``equipoise.strength`` for the formulas.
    strength : float or dict, optional
        The package's λ alone, or a dict by its own names: glmnet's ``lambda, alpha, standardize, intercept,
        penalty.factor, family``, scikit-learn's ``alpha, l1_ratio``, statsmodels' ``alpha, L1_wt``. Their
        defaults are those of glmnet, of scikit-learn's Lasso (not of its ElasticNet) and of statsmodels.

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

    What R's ``coef(glmnet(X, y, lambda = 0.25))`` prints:

    >>> printed = {"(Intercept)": 1.353553, "x1": 0.96967, "x2": 0.0}
    >>> X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    >>> audit = eq.audit(X, y, printed, convention="glmnet", strength={"lambda": 0.25})
    >>> audit.wrong_zeros, audit.lost < 1e-9
    ((), True)
    """
    coef, intercept = _by_name(coef, intercept)
    columns = ColumnChoice(names, features, drop, reference, categories)
    taken = by_column(X, y, sample_weight=sample_weight, offset=offset, columns=columns, missing=missing)
    read = partial(
        set_up,
        taken.X,
        taken.y,
        sample_weight=taken.sample_weight,
        offset=taken.offset,
        lower=lower,
        upper=upper,
        columns=taken.columns,
        missing=missing,
    )
    if convention is None:
        if l1 is None:
            raise TypeError("l1 is missing: pass the penalty that coef is claimed to solve, or a convention")
        if strength is not None:
            raise ValueError("strength is another package's: say which in convention, or pass l1 instead")
        setup = read(l1=l1, l2=l2, intercept=intercept is not None, standardize=standardize)
    else:
        if l1 is not None or np.any(np.asarray(l2)) or standardize:
            raise ValueError(
                f"l1, l2 and standardize are this library's but the convention is {convention!r}: "
                "say them in strength, by its names"
            )
        data = read(l1=0.0)  # what the strength means depends on the rows that are kept
        claim = _claim(data, convention, strength, coef, intercept is not None)
        intercept = _fitted_intercept(claim, intercept)
        setup = read(**claim)
    given = read_coef(coef, setup)
    if intercept is not None and not np.isfinite(intercept):
        raise ValueError(f"intercept is {intercept}: pass a finite number, or None for a model without one")
    return Audit.of(setup, given, find(setup.problem, given, intercept))


def _by_name(coef: Any, intercept: float | None) -> tuple[Any, float | None]:
    """The coefficients, a dict where they are labelled, and the intercept, taken out of labelled ones."""
    if not isinstance(coef, Mapping):
        labels = list(coef.index) if hasattr(coef, "index") and hasattr(coef, "items") else []
        if not labels or not all(isinstance(label, str) for label in labels):
            return coef, intercept
        coef = dict(coef.items())
    if INTERCEPT not in coef:
        return coef, intercept
    if intercept is not None:
        raise ValueError(f"intercept was given and coef names {INTERCEPT!r} too: keep one of them")
    rest = {name: value for name, value in coef.items() if name != INTERCEPT}
    return rest, float(coef[INTERCEPT])


def _claim(data: Setup, convention: str, strength: Any, coef: Any, intercept: bool) -> Strength:
    """The penalty that another package's strength means on these data, in this library's convention."""
    claim = read_foreign_strength(
        convention,
        strength,
        y=data.response,
        sample_weight=data.weights,
        offset=data.offset,
        intercept=intercept,
    )
    features = data.features
    if np.size(claim.l1) not in (1, len(features)):
        raise ValueError(f"strength is of {np.size(claim.l1)} features but X has {len(features)}: one each")
    unnamed = isinstance(coef, Mapping) and "const" in coef and "const" not in features
    if convention == "statsmodels" and unnamed:
        raise ValueError("coef names 'const' but X has no such column: pass X as statsmodels had it")
    return claim


def _fitted_intercept(claim: Strength, intercept: float | None) -> float | None:
    """The intercept; None where the other package was told to fit none, and so prints 0."""
    if claim.intercept:
        if intercept is None:
            raise ValueError("intercept is missing but strength says that there is one: pass it")
        return intercept
    if intercept:
        raise ValueError(f"intercept is {intercept:g} but strength says that there is none: drop one of them")
    return None
