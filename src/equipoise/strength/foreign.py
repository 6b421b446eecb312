"""A strength given in the convention of another package, by that package's own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.data.arguments.messages import quoted, suggestion
from equipoise.strength.glmnet import FAMILIES, from_glmnet
from equipoise.strength.sklearn import from_sklearn, from_sklearn_ridge
from equipoise.strength.sklearn_glm import from_sklearn_glm, from_sklearn_logistic
from equipoise.strength.statsmodels import from_statsmodels
from equipoise.strength.strength import Strength, weights_or_ones

# The parameters of each package that define its strength, λ first.
CONVENTIONS = {
    "glmnet": ("lambda", "alpha", "standardize", "intercept", "penalty.factor", "family"),
    "sklearn": ("alpha", "l1_ratio", "fit_intercept"),
    "sklearn-ridge": ("alpha", "fit_intercept"),
    "sklearn-logistic": ("C", "l1_ratio", "penalty", "fit_intercept", "solver"),
    "sklearn-glm": ("alpha", "fit_intercept"),
    "statsmodels": ("alpha", "L1_wt"),
}
# Losses of families whose scale statsmodels estimates unless it is told one.
ESTIMATED = ("gamma", "tweedie")
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
    loss: str = "squared",
) -> Strength:
    """Convert a strength in the convention of another package.

    Parameters
    ----------
    convention : str
        The package whose convention it is, one of ``CONVENTIONS``.
    strength : float or dict of str to number
        The package's λ, or a dict of its parameters by name.
    y : (n,) array
        Response.
    sample_weight, offset : (n,) array, optional
        Weights of the rows and known parts of the predictions, as in the fit.
    intercept : bool
        Whether the model has an intercept, unless ``strength`` says so itself.
    loss : str, default "squared"
        The name of the loss, without its number.

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
    _check_convention(convention)
    arguments = _as_arguments(convention, strength)
    _refuse_other_loss(convention, strength, loss)
    if convention == "glmnet":
        data = {"y": y, "sample_weight": sample_weight, "offset": offset}
        family = next(name for name, own in FAMILIES.items() if own == loss)
        own: dict[str, Any] = {"intercept": intercept, "family": family}
        return from_glmnet(**own | arguments, **data)
    if convention == "statsmodels":
        if intercept:
            raise ValueError(
                "intercept was given but statsmodels has none beside X: pass X with its constant column, as "
                "statsmodels had it, and the constant's coefficient in coef"
            )
        if loss in ESTIMATED and arguments.get("L1_wt", 1.0) == 0:
            raise ValueError(
                f"strength holds L1_wt=0, but for loss={loss!r} statsmodels then estimates a scale in the "
                "likelihood, and minimises what is not solved here: fit there with a small L1_wt"
            )
        return from_statsmodels(**arguments, n=_total_weight(y, sample_weight if loss == "squared" else None))
    arguments = {"fit_intercept": intercept} | arguments
    if convention == "sklearn-ridge":
        return from_sklearn_ridge(**arguments)
    if convention == "sklearn-logistic":
        return from_sklearn_logistic(**arguments)
    convert = from_sklearn_glm if convention == "sklearn-glm" else from_sklearn
    return convert(**arguments, n=_total_weight(y, sample_weight))


def loss_of_strength(convention: Any, strength: Any) -> str | None:
    """The name of the loss that a convention, or the family in its strength, implies; None for neither."""
    if convention == "sklearn-logistic":
        return "binomial"
    if convention == "sklearn-ridge":
        return "squared"
    family = strength.get("family") if convention == "glmnet" and isinstance(strength, Mapping) else None
    if family is None:
        return None
    if family not in FAMILIES:
        raise ValueError(
            f"strength names family {family!r}: the families that can be converted are {quoted(FAMILIES)}"
        )
    return FAMILIES[family]


def _check_convention(convention: Any) -> None:
    """Refuse a convention that is not known."""
    if not isinstance(convention, str) or convention not in CONVENTIONS:
        raise ValueError(f"convention is {convention!r}: pass one of {quoted(CONVENTIONS)}")


def _refuse_other_loss(convention: str, strength: Any, loss: str) -> None:
    """Refuse a strength that is not that of the loss, or may not be."""
    implied = loss_of_strength(convention, strength)
    if implied not in (None, loss):
        family = strength.get("family") if isinstance(strength, Mapping) else None
        what = f"the convention is {convention!r}" if family is None else f"strength names family {family!r}"
        raise ValueError(f"{what}, whose loss is {implied!r}, but loss is {loss!r}: leave one of them out")
    whole = isinstance(strength, Mapping) and "l1_ratio" in strength
    if convention == "sklearn" and loss != "squared" and not whole:
        raise ValueError(
            f"the convention is 'sklearn', of Lasso and ElasticNet, but loss is {loss!r}: say "
            "'sklearn-logistic' for a C, 'sklearn-glm' for the alpha of PoissonRegressor and kin, or "
            "l1_ratio beside alpha for that of glum or skglm"
        )


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
