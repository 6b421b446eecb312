"""What a prediction is: the mean of the response, the linear predictor, or the likelier of two labels."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.losses.base import Loss
from equipoise.setup.response import Levels

Array = NDArray[np.float64]

KINDS = ("mean", "link", "class")

MEANT = {
    **dict.fromkeys(("response", "prob", "proba", "probability", "rate", "predict_proba"), "mean"),
    **dict.fromkeys(("eta", "linear", "log-odds", "log_odds", "logit", "log", "decision_function"), "link"),
    **dict.fromkeys(("label", "labels", "classes", "predict"), "class"),
}
"""What other packages call the kinds."""

PREDICTORS = {"predict_proba": "mean", "predict_log_proba": "mean", "decision_function": "link"}
"""Methods of other packages, and the kind of prediction that stands for each."""


def check_kind(kind: object, loss: Loss, levels: Levels | None) -> None:
    """Refuse an unknown kind, and the label of a model that knows none."""
    if kind not in KINDS:
        own = MEANT.get(kind) if isinstance(kind, str) else None
        pass_ = f"that is called {own!r} here, so pass kind='{own}'" if own else "pass mean, link or class"
        raise ValueError(f"kind is {kind!r}: {pass_}")
    if kind != "class" or levels is not None:
        return
    if not loss.takes_labels:
        raise ValueError(f"kind is 'class', but loss={loss.label!r} has no labels: pass kind='mean'")
    raise ValueError("kind is 'class', but the model was fitted to fractions: pass kind='mean'")


def of_kind(eta: Array, kind: str, loss: Loss, levels: Levels | None) -> NDArray[Any]:
    """Predictions of a kind from the linear predictor, of the same shape; NaN stays, as no label does."""
    if kind == "link" or loss.squared:
        return eta
    if kind == "class":
        assert levels is not None
        gone = np.isnan(eta)
        # The label at a probability of more than ½; at ½ it is no event.
        found = np.array(levels)[(eta > 0).astype(np.intp)]
        if gone.any():
            found = found.astype(object)
            found[gone] = None
        return found
    with np.errstate(over="ignore"):
        mean = loss.mean(eta)
    if np.isinf(mean).any():
        row = int(np.isinf(mean).reshape(len(mean), -1).any(axis=1).argmax())
        raise ValueError(
            f"the {loss.words.mean} of row {row}, counting from 0, is beyond float64: check the row, or ask "
            "for kind='link', its logarithm"
        )
    return mean


def refuse_method(name: str, owner: str, loss: Loss) -> NoReturn:
    """Say of a method of another package's models what stands for it here."""
    if name not in PREDICTORS:
        raise AttributeError(f"{owner!r} object has no attribute {name!r}")
    words = loss.words
    told = words.mean if PREDICTORS[name] == "mean" else words.predictor
    raise AttributeError(
        f"a {owner} has no {name}: predict(X, kind='{PREDICTORS[name]}') is the {told}"
        + (" of the event" if loss.takes_labels and PREDICTORS[name] == "mean" else "")
    )
