"""What a fitted linear model of scikit-learn says of itself: its loss, and the strength of its penalty."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Claim(NamedTuple):
    """What a model is claimed to minimise.

    Attributes
    ----------
    convention : str
        The package's convention of strengths.
    strength : dict of str to object
        Its strength by the names of the convention.
    loss : str
        Its loss, as ``loss=`` takes it.
    """

    convention: str
    strength: dict[str, Any]
    loss: str = "squared"


def claim_of_model(model: Any) -> Claim:
    """The loss and the strength of a fitted linear model.

    Parameters
    ----------
    model : estimator
        A linear regressor, LogisticRegression or generalised linear model of scikit-learn, also one whose
        strength cross-validation chose.

    Raises
    ------
    TypeError
        If the model is none of these, or minimises what cannot be told here.
    """
    if hasattr(model, "steps"):
        model = model.steps[-1][1]
    kind = type(model).__name__
    chosen = "_" if kind.endswith("CV") else ""
    if kind == "LinearRegression":
        return Claim("sklearn-ridge", {"alpha": 0.0})
    if kind in ("Ridge", "RidgeCV"):
        return Claim("sklearn-ridge", {"alpha": getattr(model, f"alpha{chosen}")})
    if kind in ("Lasso", "LassoCV", "LassoLars", "LassoLarsCV"):
        return Claim("sklearn", {"alpha": getattr(model, f"alpha{chosen}")})
    if kind in ("ElasticNet", "ElasticNetCV"):
        ratio = getattr(model, f"l1_ratio{chosen}")
        return Claim("sklearn", {"alpha": getattr(model, f"alpha{chosen}"), "l1_ratio": ratio})
    if type(model).__module__.startswith("sklearn."):
        if kind in ("LogisticRegression", "LogisticRegressionCV"):
            return _of_logistic(model, chosen)
        if kind in ("PoissonRegressor", "GammaRegressor", "TweedieRegressor"):
            return Claim("sklearn-glm", {"alpha": model.alpha}, _loss_of_glm(model))
    raise TypeError(
        f"l1 is missing: what a {kind} penalises is not known here, so pass l1 and l2, or a convention and "
        "a strength"
    )


def _of_logistic(model: Any, chosen: str) -> Claim:
    """A LogisticRegression; a class_weight is refused, for it weighs rows as only sample_weight does here."""
    if model.class_weight is not None:
        raise TypeError(
            f"coef is a {type(model).__name__} with a class_weight, which weighs the rows: pass the weight "
            "of each row as sample_weight, its coef_ and intercept_, and convention='sklearn-logistic'"
        )
    if model.solver == "liblinear" and model.fit_intercept:
        raise TypeError(
            f"coef is a {type(model).__name__} of solver 'liblinear', which penalises its intercept as a "
            "coefficient: give X a last column that holds intercept_scaling, and pass coef=np.append(coef_, "
            "intercept_ / intercept_scaling), intercept=False and convention='sklearn-logistic'"
        )
    strength = {"C": float(np.ravel(getattr(model, f"C{chosen}"))[0])}
    ratio = np.ravel(getattr(model, f"l1_ratio{chosen}", 0.0))[0]
    strength |= {"l1_ratio": 0.0 if ratio is None else float(ratio), "penalty": model.penalty}
    return Claim("sklearn-logistic", strength, "binomial")


def _loss_of_glm(model: Any) -> str:
    """The loss of a generalised linear model."""
    kind = type(model).__name__
    if kind != "TweedieRegressor":
        return {"PoissonRegressor": "poisson", "GammaRegressor": "gamma"}[kind]
    power, link = model.power, model.link
    if power == 0 and link in ("auto", "identity"):
        return "squared"
    if not 1 <= power <= 2 or link not in ("auto", "log"):
        raise TypeError(
            f"coef is a TweedieRegressor of power {power:g} and link {link!r}: powers from 1 to 2 with the "
            "log link, and 0 with the identity, are audited here"
        )
    return {1: "poisson", 2: "gamma"}.get(power, f"tweedie({float(power)!r})")
