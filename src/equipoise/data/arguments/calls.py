"""Calls of the verbs: one that does not fit the verb's signature is refused in a sentence with the remedy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from inspect import Parameter, signature
from typing import ParamSpec, TypeVar

from equipoise.data.arguments.messages import MissingValues, suggestion

P = ParamSpec("P")
T = TypeVar("T")

SUMS = "of a sum over rows, n times scikit-learn's alpha or glmnet's lambda (eq.strength converts)"
"""What a penalty is here."""

PENALTIES = (
    *("alpha", "alphas", "lam", "lamb", "lambd", "lambda", "lambda_", "lambda1", "lambdas", "lmbda", "lmda"),
    *("penalty", "l1_penalty", "reg", "reg_alpha", "reg_lambda", "strength", "C", "Cs"),
)
"""What other packages call a penalty."""

FOREIGN = {
    "l1_ratio": "pass l1 and l2, which eq.strength.from_sklearn(alpha, l1_ratio, n=n) makes of it",
    "L1_wt": "pass l1 and l2, which eq.strength.from_statsmodels(alpha, L1_wt, n=n) makes of it",
    "positive": "pass lower=0",
    "nonneg": "pass lower=0",
    "penalty_factor": "pass l1 and l2 with one number for each feature, 0 for none and l1=inf to exclude it",
    "tol": "leave it out, for the solution is exact and its certificate says how exact",
    "max_iter": "leave it out, for the solution is exact and its certificate says how exact",
    "random_state": "pass a splitter as folds, such as KFold(10, shuffle=True, random_state=1)",
    "family": "leave it out, for this verb is for squared loss; fit, path and cross_validate take a loss",
    "loss": "leave it out, for this verb is for squared loss; fit, path and cross_validate take a loss",
    "event": "leave it out, for this verb is for squared loss, which has no labels",
    "exposure": "leave it out, for this verb is for squared loss; offset= adds what is known of a prediction",
    "link": "leave it out, for each loss has its own: the logit of loss='binomial', else the logarithm",
    "class_weight": "pass sample_weight, one number a row",
    "n_jobs": "leave it out, or set EQUIPOISE_THREADS in the environment, the most threads to use",
}
"""Arguments of other packages, and what to do here."""

NONE: dict[str, str | None] = {}

ALIKE = {
    "weights": ("sample_weight",),
    "weight": ("sample_weight", "weights"),
    "sample_weights": ("sample_weight", "weights"),
    "sample_weight": ("weights",),
    "fit_intercept": ("intercept",),
    "normalize": ("standardize",),
    "standardise": ("standardize",),
    "cv": ("folds",),
    "nfolds": ("folds",),
    "n_folds": ("folds",),
    "foldid": ("folds",),
    "n_alphas": ("count",),
    "nlambda": ("count",),
    "eps": ("ratio",),
    "lambda_min_ratio": ("ratio",),
    "target": ("y",),
    "y": ("target",),
    "response": ("y", "target"),
    "label": ("y", "target"),
    "data": ("X", "source"),
    "X": ("source",),
    "family": ("loss",),
    "loss": ("family",),
    "distribution": ("loss",),
    "pos_label": ("event",),
    "positive_label": ("event",),
    "success": ("event",),
    "exclude": ("drop",),
    "nonneg": ("positive",),
    "rule": ("choose",),
    "out": ("output", "save"),
}
"""Arguments of other packages and of other verbs, and what they may be called here."""


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """Let a verb refuse a call that does not fit its signature in a sentence: a TypeError, as Python's own.

    Of missing values it says which of its policies does something about them.

    Parameters
    ----------
    function : callable
        The verb; its signature, types and name stay as they are.
    """

    @wraps(function)
    def called(*args: P.args, **named: P.kwargs) -> T:
        try:
            return function(*args, **named)
        except MissingValues as error:
            raise error.for_verb("missing" in signature(function).parameters) from None
        except TypeError as error:
            # A traceback that ends here is Python's, of a call that never began.
            if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
                raise
        raise TypeError(mistake(function.__name__, signature(function).parameters, args, named))

    return called


def called_here(given: str, known: Collection[str]) -> str | None:
    """Return the known name of what other packages, or other verbs, call `given`; None if there is none.

    Parameters
    ----------
    given : str
        The name that was written.
    known : collection of str
        The names of the verb's arguments, or of the command's options with _ for -.

    Examples
    --------
    >>> called_here("cv", ["l1", "folds"]), called_here("sparkle", ["l1"])
    ('folds', None)
    """
    return next((other for other in ALIKE.get(given, ()) if other in known), None)


def mistake(
    name: str,
    parameters: Mapping[str, Parameter],
    args: Collection[object],
    named: Mapping[str, object],
    remedies: Mapping[str, str | None] = NONE,
) -> str:
    """Say what does not fit in a call, and the remedy.

    Parameters
    ----------
    name : str
        What is called.
    parameters : dict of str to Parameter
        What it takes.
    args, named
        What it was given, by place and by name.
    remedies : dict of str to str or None
        What to do about arguments that it does not take, where this is known.
    """
    places = [p.name for p in parameters.values() if p.kind is Parameter.POSITIONAL_OR_KEYWORD]
    unknown = [given for given in named if given not in parameters]
    if unknown:
        remedy = remedies.get(unknown[0]) or _remedy(name, unknown[0], parameters)
        return f"{name} has no argument '{unknown[0]}': {remedy}"
    if len(args) > len(places):
        others, value = [p for p in parameters if p not in places], [*args][len(places)]
        example = f"{others[0]}={value!r}" if isinstance(value, int | float | str) else f"{others[0]}=…"
        return f"{name} takes only {', '.join(places)} by place: name the others, as in {example}"
    twice = [place for place in places[: len(args)] if place in named]
    if twice:
        return f"{name} is given {twice[0]} twice, by its place and by its name: keep one"
    needed = [p.name for p in parameters.values() if p.default is Parameter.empty]
    absent = [p for p in needed if p not in named and p not in places[: len(args)]]
    if absent == ["l1"]:
        return f"{name} needs l1, the penalty {SUMS}: {_choice_of_l1(name)}"
    return f"{name} needs {' and '.join(absent)}: write {name}({', '.join([*places[: len(args)], *absent])})"


def _remedy(name: str, given: str, parameters: Collection[str]) -> str:
    """What to write in place of an unknown argument."""
    if given in ("loss", "family") and name == "gather":
        return "leave it out, for sums tell of squared loss alone; pass the rows to fit with a loss"
    alike = called_here(given, parameters)
    if alike is not None:
        return f"it is called {alike} here"
    if given in PENALTIES and "l1" in parameters:
        if given in ("C", "Cs"):
            return "C is the inverse of a penalty; pass the penalty itself as l1"
        return f"pass {'strengths' if 'strengths' in parameters else 'l1'}, {SUMS}"
    if given in FOREIGN and "l1" in parameters:
        return FOREIGN[given]
    if given in ("loss", "family") and name.startswith(("from_", "to_")):
        return (
            "leave it out, for only fit is told the loss; LogisticRegression's C and the alpha of "
            "PoissonRegressor and kin have from_sklearn_logistic and from_sklearn_glm, glmnet a family"
        )
    return suggestion(given, list(parameters), "argument")


def _choice_of_l1(name: str) -> str:
    """How to come by a penalty."""
    if name == "selective_intervals":
        return "fix it without a look at y"
    return "pass it, or let eq.cross_validate choose one, or see all by eq.path"
