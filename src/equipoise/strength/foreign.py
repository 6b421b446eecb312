"""A strength given in the convention of another package, by that package's own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.data.arguments.messages import quoted, suggestion
from equipoise.strength.glmnet import from_glmnet
from equipoise.strength.sklearn import from_sklearn, from_sklearn_ridge
from equipoise.strength.statsmodels import from_statsmodels
from equipoise.strength.strength import Strength, weights_or_ones

# The parameters of each package that define its strength, λ first.
CONVENTIONS = {
    "glmnet": ("lambda", "alpha", "standardize", "intercept", "penalty.factor", "family"),
    "sklearn": ("alpha", "l1_ratio", "fit_intercept"),
    "sklearn-ridge": ("alpha", "fit_intercept"),
    "statsmodels": ("alpha", "L1_wt"),
}
# Their spelling where Python reserves the name, or does not allow the dot in it.
PYTHON_SPELLING = {"lambda": "lambda_", "penalty.factor": "penalty_factor"}


def read_foreign_strength(
    convention: str,
    strength: float | Mapping[str, Any] | None,
    *,
    y: Any,
    sample_weight: Any = None,
    offset: Any = None,
    intercept: bool,
) -> Strength:
    """Convert a strength in the convention of another package.

    Parameters
    ----------
    convention : {"glmnet", "sklearn", "sklearn-ridge", "statsmodels"}
        The package whose convention it is.
    strength : float or dict of str to number
        The package's λ, or a dict of its parameters by name.
    y : (n,) array
        Response.
    sample_weight, offset : (n,) array, optional
        Weights of the rows and known parts of the predictions, as in the fit.
    intercept : bool
        Whether the model has an intercept, unless ``strength`` says so itself.

    Returns
    -------
    Strength
        The penalty in this library's convention; its ``intercept`` is never None.

    Raises
    ------
    ValueError, TypeError
        If the convention or one of its names is unknown, or a number is out of its range.

    Examples
    --------
    >>> given = {"alpha": 0.5, "l1_ratio": 0.5}
    >>> strength = read_foreign_strength("sklearn", given, y=[3, 2, 1, 0], intercept=True)
    >>> strength.l1, strength.l2
    (1.0, 0.5)
    """
    if not isinstance(convention, str) or convention not in CONVENTIONS:
        raise ValueError(f"convention is {convention!r}: pass one of {quoted(CONVENTIONS)}")
    arguments = _as_arguments(convention, strength)
    if not str(arguments.get("family", "gaussian")).startswith("gaussian"):
        raise ValueError(
            f"strength names family {arguments['family']!r} but only squared loss is solved here"
        )
    if convention == "glmnet":
        data = {"y": y, "sample_weight": sample_weight, "offset": offset}
        return from_glmnet(**{"intercept": intercept} | arguments, **data)
    if convention == "statsmodels":
        if intercept:
            raise ValueError(
                "intercept was given but statsmodels has none beside X: pass X with its constant column, as "
                "statsmodels had it, and the constant's coefficient in coef"
            )
        return from_statsmodels(**arguments, n=_total_weight(y, sample_weight))
    arguments = {"fit_intercept": intercept} | arguments
    if convention == "sklearn-ridge":
        return from_sklearn_ridge(**arguments)
    return from_sklearn(**arguments, n=_total_weight(y, sample_weight))


def _as_arguments(convention: str, strength: float | Mapping[str, Any] | None) -> dict[str, Any]:
    """A strength as the arguments of the function that converts it."""
    names = CONVENTIONS[convention]
    if strength is None:
        raise ValueError(f"strength is missing: pass {convention}'s {names[0]}, or a dict of {quoted(names)}")
    if not isinstance(strength, Mapping):
        strength = {names[0]: strength}
    spellings = [PYTHON_SPELLING.get(name, name) for name in names]
    known = dict(zip((*names, *spellings), (*spellings, *spellings), strict=True))
    for name in strength:
        if name not in known:
            hint = suggestion(str(name), names, "name")
            raise ValueError(f"strength names {name!r}, which {convention} does not know: {hint}")
    arguments = {known[name]: value for name, value in strength.items()}
    if len(arguments) < len(strength):
        raise ValueError(f"strength names one thing twice in {quoted(strength)}: keep one spelling")
    if spellings[0] not in arguments:
        raise ValueError(f"strength lacks {names[0]!r}: pass {convention}'s {names[0]} in it")
    return arguments


def _total_weight(y: Any, sample_weight: Any) -> float:
    """The sum of the sample weights, or the number of rows."""
    return float(weights_or_ones(sample_weight, len(y)).sum())
