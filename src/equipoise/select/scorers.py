"""The loss of held-out rows, by which a cross-validation chooses: read from ``scoring=``, and put into words.

A loss is smaller where the prediction is better, scikit-learn's scorers are larger, so that their sign turns.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count, suggestion
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED as LEAST_SQUARES
from equipoise.select.class_scorers import brier, lost_auc, misclassification

Array = NDArray[np.float64]

WORDS = {
    "squared_error": "mean squared error",
    "absolute_error": "mean absolute error",
    "median_absolute_error": "median absolute error",
    "deviance": "mean deviance",
    "misclassification": "share of rows misclassified",
    "auc": "1 − AUC",
    "brier": "Brier score",
}
"""The losses of this library, and their names in a sentence."""

OF_CLASSES = {
    "misclassification": "the share of rows whose label was predicted to be the less likely one",
    "auc": "how often a row without the event has a larger probability than one with it, by guessing ½",
    "brier": "the mean square of what probabilities lack to 1 with the event, to 0 without it",
}
"""Those that score probabilities, and what they mean."""

ALIASES = {
    "neg_mean_squared_error": "squared_error",
    "neg_mean_absolute_error": "absolute_error",
    "neg_median_absolute_error": "median_absolute_error",
}
"""Names of scikit-learn for them."""

CALLED = "()"  # ends the name of a function that was passed
# An error by which rows of any weight above 0 count alike.
WEIGHTLESS = ("max_error", "neg_max_error")


@dataclass(frozen=True)
class Scoring:
    """A loss of held-out rows, the smaller the better.

    Attributes
    ----------
    name : str
        One of this library's or of scikit-learn's, or of a function that was passed, with ``()``.
    one : callable
        Loss of one model, from y (n,), its predictions (n,) and the weights of the rows (n,), all above 0.
    kind : Loss
        The loss that the models are fitted by.
    linear : bool
        Whether predictions are linear predictors, in which nothing is rounded away, instead of means.
    """

    name: str
    one: Callable[[Array, Array, Array], Any]
    kind: Loss = LEAST_SQUARES
    linear: bool = False

    @property
    def squared(self) -> bool:
        """Whether it is the squared error of linear models, which follows from sums over the rows."""
        return self.own and self.kind.squared

    @property
    def own(self) -> bool:
        """Whether it is the loss that the models are fitted by."""
        return self.name == own_scoring(self.kind)

    def of(self, y: Array, predictors: Iterable[Array], weights: Array) -> Array:
        """Loss of models, (m,), whose linear predictors come one after the other."""
        return np.array([self._checked(self._one(y, each, weights), len(y)) for each in predictors])

    def _one(self, y: Array, eta: Array, weights: Array) -> Any:
        with np.errstate(over="ignore", invalid="ignore"):
            return self.one(y, eta if self.linear else self.kind.mean(eta), weights)

    def _checked(self, value: Any, rows: int) -> float:
        told = f"scoring {self.name!r} gave {value!r} for {count(rows, 'row')} held out"
        if self.name in WORDS and not np.isfinite(value):
            raise ValueError(
                f"{told}: a prediction exceeds float64 there; pass larger strengths (or ratio=), or divide "
                "features of extreme values by a power of ten"
            )
        return finite_score(value, told, "smaller")


def own_scoring(kind: Loss) -> str:
    """The name of the loss of held-out rows that goes with a loss: its mean unit deviance."""
    return "squared_error" if kind.squared else "deviance"


def finite_score(value: Any, told: str, better: str) -> float:
    """A loss or score as a float; refused unless it is one finite number, ``told`` saying who gave which."""
    number = np.asarray(value)
    if number.ndim or number.dtype.kind not in "fiu" or not np.isfinite(number):
        raise ValueError(f"{told}: it has to give one finite number, the {better} the better")
    return float(number)


def given_predictions() -> Any:
    """An estimator whose predictions are its input, for scikit-learn's scorers, which call ``predict``."""
    from sklearn.base import BaseEstimator, RegressorMixin

    class Given(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
        """Predicts what it is given."""

        def predict(self, X: Array) -> Array:
            """Return X."""
            return X

    return Given()


def given_probabilities() -> Any:
    """A classifier of 0 and 1 whose probabilities of 1 are its input."""
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Given(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
        """Gives the probabilities that it is given."""

        classes_ = np.array([0, 1])

        def predict(self, X: Array) -> NDArray[np.intp]:
            """1 where the probability exceeds ½."""
            return np.asarray(X > 0.5, dtype=np.intp)

        def predict_proba(self, X: Array) -> Array:
            """The probabilities of 0 and 1."""
            return np.column_stack([1.0 - X, X])

    return Given()


def loss_words(name: str, kind: Loss = LEAST_SQUARES) -> str:
    """The name of a loss in a sentence.

    Examples
    --------
    >>> loss_words("absolute_error"), loss_words("neg_max_error"), loss_words("r2"), loss_words("pinball()")
    ('mean absolute error', 'max error', 'minus r2', 'pinball()')
    """
    if name == own_scoring(kind):
        return kind.words.misfit
    if name in WORDS:
        return WORDS[name]
    if name.startswith("neg_"):
        return name.removeprefix("neg_").replace("_", " ")
    return name if name.endswith(CALLED) else f"minus {name}"


def loss_told(name: str, kind: Loss = LEAST_SQUARES) -> str:
    """The end of a phrase that names a loss, empty for squared error of squared loss: it goes without saying.

    Examples
    --------
    >>> loss_told("absolute_error"), loss_told("squared_error")
    (' by mean absolute error', '')
    """
    return "" if kind.squared and name == own_scoring(kind) else f" by {loss_words(name, kind)}"


def read_scoring(scoring: Any, loss: object = "squared") -> Scoring:
    """The loss of held-out rows that was asked for.

    Parameters
    ----------
    scoring : str, callable or None
        A name or a function ``scoring(y, prediction, sample_weight)``; None for the loss of the models.
    loss : str or Loss
        The loss that the models are fitted by, as the verb was passed it.
    """
    kind: Loss = LEAST_SQUARES
    if loss != "squared":
        from equipoise.objective.losses.registry import read_loss

        kind = read_loss(loss)
    if scoring is None:
        scoring = own_scoring(kind)
    if isinstance(scoring, str):
        name = ALIASES.get(scoring, scoring)
        name = own_scoring(kind) if name == "deviance" else name
        if name == "deviance":
            return Scoring(name, _deviance(kind), kind, linear=True)
        if name in OF_CLASSES and not kind.takes_labels:
            raise ValueError(
                f"scoring is {name!r}, which scores the probability of an event, and the loss here is "
                f"{kind.label!r}, which predicts no probability: leave out scoring, or pass loss='binomial'"
            )
        if name in OWN:
            return Scoring(name, OWN[name], kind, linear=name == "auc")
        return _by_name(scoring, kind)
    if type(scoring).__module__.startswith("sklearn.metrics"):
        return _scorer(str(scoring), scoring, kind, strict=False)
    if not callable(scoring):
        raise TypeError(
            f"scoring is {scoring!r}: pass a name such as 'absolute_error' or 'r2', or a function "
            "scoring(y, prediction, sample_weight)"
        )
    return replace(_function(scoring), kind=kind)


def weighted_median(values: Array, weights: Array) -> float:
    """The median of values (n,), each as often as its weight says; between two of them their mean.

    It is the smallest value up to which at least half of the weight lies, or the mean of it and the next
    where exactly half does: with weights of 1 the usual median.
    """
    order = np.argsort(values, kind="stable")
    ordered, heap = values[order], np.cumsum(weights[order])
    half = 0.5 * heap[-1]
    i = int(np.searchsorted(heap, half))
    # Sums of weights carry rounding: half of it is half to within that.
    margin = 4.0 * np.finfo(np.float64).eps * len(values) * heap[-1]
    if i > 0 and half - heap[i - 1] <= margin:
        i -= 1
    exactly = abs(heap[i] - half) <= margin and i + 1 < len(values)
    return float(0.5 * (ordered[i] + ordered[i + 1]) if exactly else ordered[i])


OWN: dict[str, Callable[[Array, Array, Array], Any]] = {
    "squared_error": lambda y, prediction, s: s @ (y - prediction) ** 2 / s.sum(),
    "absolute_error": lambda y, prediction, s: s @ np.abs(y - prediction) / s.sum(),
    "median_absolute_error": lambda y, prediction, s: weighted_median(np.abs(y - prediction), s),
    "misclassification": misclassification,
    "auc": lost_auc,
    "brier": brier,
}


SQUARED = Scoring("squared_error", OWN["squared_error"])


def _function(scoring: Callable[..., Any]) -> Scoring:
    """A function of the user's: its third argument is the weights, by place or by name."""
    named = str(getattr(scoring, "__name__", type(scoring).__name__))
    if getattr(scoring, "__module__", "").startswith("sklearn.metrics") and named.endswith("_score"):
        raise ValueError(
            f"scoring is scikit-learn's {named}, which is larger for better predictions: pass the name of a "
            "scorer, such as 'r2', whose sign is turned"
        )
    by_name = False
    try:
        known = inspect.signature(scoring)
    except (TypeError, ValueError):  # of some compiled functions
        known = None
    if known is not None:
        by_name = "sample_weight" in known.parameters
        try:
            known.bind(0, 0, sample_weight=0) if by_name else known.bind(0, 0, 0)
        except TypeError:
            raise TypeError(
                f"scoring is the function {named}{known}: define it with three arguments, "
                "scoring(y, prediction, sample_weight)"
            ) from None
    if by_name:
        return Scoring(
            f"{named}{CALLED}",
            lambda y, prediction, s: scoring(y.copy(), prediction, sample_weight=s.copy()),
        )
    # Its own copies, for the next model is scored by the same numbers.
    return Scoring(f"{named}{CALLED}", lambda y, prediction, s: scoring(y.copy(), prediction, s.copy()))


def _deviance(kind: Loss) -> Callable[[Array, Array, Array], Any]:
    """The mean unit deviance of linear predictors."""
    return lambda y, eta, s: 2.0 * float(s @ kind.value(y, eta) / s.sum())


def _by_name(name: str, kind: Loss) -> Scoring:
    """A scorer of scikit-learn."""
    from sklearn.metrics import get_scorer, get_scorer_names

    names = get_scorer_names()
    found = next((known for known in (name, f"neg_{name}") if known in names), None)
    if found in ALIASES:
        return read_scoring(found, kind)
    if found is None or not _fits(found, kind):
        own = [own for own in WORDS if own not in OF_CLASSES or kind.takes_labels]
        known = [*own, *(other for other in names if _fits(other, kind))]
        what = "is no name of a loss" if found is None else f"does not score predictions of {_of(kind)}"
        raise ValueError(f"scoring is {name!r}, which {what}: {suggestion(name, known, 'choice')}")
    return _scorer(found, get_scorer(found), kind, strict=True)


def _fits(name: str, kind: Loss) -> bool:
    from sklearn.metrics import get_scorer

    try:
        _scorer(name, get_scorer(name), kind, strict=True)
    except ValueError:
        return False
    return True


def _of(kind: Loss) -> str:
    """What predictions are of."""
    return "a regression" if kind.squared else f"loss {kind.label!r}"


def _scorer(name: str, scorer: Any, kind: Loss, *, strict: bool) -> Scoring:
    """A scorer of means or, of a loss that takes labels, of probabilities and the classes they decide."""
    if kind.takes_labels:
        y, probability = np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.25, 0.75, 0.375, 0.625])
        try:
            return _tried(
                name, scorer, kind, given_predictions(), 0.125 + 0.75 * y, probability, strict=strict
            )
        except ValueError:
            return _tried(name, scorer, kind, given_probabilities(), y, probability, strict=strict)
    y, prediction = np.array([0.5, 1.25, 2.0, 3.5]), np.array([0.75, 1.0, 2.25, 3.0])
    return _tried(name, scorer, kind, given_predictions(), y, prediction, strict=strict)


def _tried(
    name: str, scorer: Any, kind: Loss, given: Any, y: Array, prediction: Array, *, strict: bool
) -> Scoring:
    """A scorer, tried on a few numbers first; ``strict`` takes a warning there for an error."""
    weighted = True
    with warnings.catch_warnings():
        if strict:
            warnings.simplefilter("error")
        try:
            try:
                scorer(given, prediction, y, sample_weight=np.ones(4))
            except TypeError as error:
                if "sample_weight" not in str(error):
                    raise
                scorer(given, prediction, y)
                weighted = False
        except (AttributeError, TypeError, ValueError, UserWarning) as error:
            raise ValueError(f"scoring {name!r} does not score predictions of {_of(kind)}: {error}") from None

    def one(y: Array, prediction: Array, s: Array) -> Any:
        try:
            if weighted:
                with warnings.catch_warnings():  # the NaN that comes with it is refused in a sentence
                    warnings.filterwarnings("ignore", "Only one class is present")
                    return -scorer(given, prediction, y, sample_weight=s)
            if name not in WEIGHTLESS and np.any(s != s[0]):
                raise ValueError("it takes no sample_weight, and rows differ in theirs, or repeat in a fold")
            return -scorer(given, prediction, y)
        except ValueError as error:
            raise ValueError(f"scoring {name!r} cannot score these predictions: {error}") from None

    return Scoring(name, one, kind)
