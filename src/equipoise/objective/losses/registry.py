"""The losses by name, as ``loss=`` and ``--loss`` take them."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from equipoise.data.arguments.messages import quoted
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.binomial import Binomial
from equipoise.objective.losses.gamma import Gamma
from equipoise.objective.losses.negative_binomial import NegativeBinomial
from equipoise.objective.losses.poisson import Poisson
from equipoise.objective.losses.squared import SQUARED
from equipoise.objective.losses.tweedie import Tweedie

LOSSES: dict[str, Loss] = {loss.name: loss for loss in (SQUARED, Binomial(), Poisson(), Gamma())}
"""Those without a parameter."""

WITH_NUMBER: dict[str, tuple[Callable[[float], Loss], str]] = {
    "tweedie": (Tweedie, "its power, between 1 and 2, as in 'tweedie(1.5)'"),
    "negative_binomial": (NegativeBinomial, "its size, above 0, as in 'negative_binomial(2)'"),
}
"""Those with a number, and what it is."""

NAMES = (*LOSSES, *WITH_NUMBER)

EXAMPLES = (*LOSSES, *(what.rpartition("'")[0].rpartition("'")[2] for _, what in WITH_NUMBER.values()))
"""A loss of each name as it may be passed."""

ELSEWHERE = {
    **dict.fromkeys(("logit", "logistic", "bernoulli", "log_loss", "logloss", "quasibinomial"), "binomial"),
    **dict.fromkeys(("gaussian", "normal", "squared_error", "mse", "ols", "linear", "l2"), "squared"),
    **dict.fromkeys(("nb", "nb2", "negbin", "nbinom"), "negative_binomial"),
    **dict.fromkeys(("quasipoisson", "count"), "poisson"),
}
"""What other packages call them; the coefficients of a quasi-likelihood are those of the likelihood."""


def read_loss(loss: object) -> Loss:
    """The loss of a name; a loss is returned as it is."""
    if isinstance(loss, Loss):
        return loss
    if not isinstance(loss, str):
        raise TypeError(f"loss is {loss!r}: pass one of {quoted(EXAMPLES)}")
    if loss in LOSSES:
        return LOSSES[loss]
    found = re.fullmatch(r"\s*([a-z_]+)\s*(?:\(\s*(?:([A-Za-z_]+)\s*=\s*)?([^()]*?)\s*\))?\s*", loss)
    name, called, number = found.groups() if found else (loss, None, None)
    if name in WITH_NUMBER:
        make, what = WITH_NUMBER[name]
        if called is not None and not what.startswith(f"its {called},"):  # others write alpha = 1/size
            raise ValueError(f"loss is {loss!r}: {name!r} knows no {called!r}, but needs {what}")
        try:
            return make(float(number or ""))
        except ValueError as error:
            if number and not str(error).startswith("could not convert"):
                raise
            raise ValueError(f"loss is {loss!r}: {name!r} needs {what}") from None
    if name in LOSSES:
        if number is None:
            return LOSSES[name]
        raise ValueError(f"loss is {loss!r}: {name!r} takes no number")
    bare = loss.partition("(")[0].strip().casefold()
    meant = ELSEWHERE.get(bare) or next(iter(get_close_matches(bare, NAMES, n=1, cutoff=0.7)), None)
    if meant is not None:
        example = next(example for example in EXAMPLES if example.startswith(meant))
        raise ValueError(f"loss is {loss!r}: did you mean {example!r}?")
    raise ValueError(f"loss is {loss!r}: pass one of {quoted(EXAMPLES)}")
