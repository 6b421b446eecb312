"""The loss of held-out rows, by which a cross-validation chooses: read from ``scoring=``, and put into words.

A loss is smaller where the prediction is better, scikit-learn's scorers are larger, so that their sign turns.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count, suggestion

Array = NDArray[np.float64]

WORDS = {
    "squared_error": "mean squared error",
    "absolute_error": "mean absolute error",
    "median_absolute_error": "median absolute error",
}
"""The losses of this library, and their names in a sentence."""

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
    """

    name: str
    one: Callable[[Array, Array, Array], Any]

    @property
    def squared(self) -> bool:
        """Whether it is the squared error, which follows from sums over the rows."""
        return self.name == "squared_error"

    def of(self, y: Array, predictions: Iterable[Array], weights: Array) -> Array:
        """Loss of models, (m,), whose predictions come one after the other."""
        return np.array([self._checked(self.one(y, each, weights), len(y)) for each in predictions])

    def _checked(self, value: Any, rows: int) -> float:
        return finite_score(
            value, f"scoring {self.name!r} gave {value!r} for {count(rows, 'row')} held out", "smaller"
        )


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


def loss_words(name: str) -> str:
    """The name of a loss in a sentence.

    Examples
    --------
    >>> loss_words("absolute_error"), loss_words("neg_max_error"), loss_words("r2"), loss_words("pinball()")
    ('mean absolute error', 'max error', 'minus r2', 'pinball()')
    """
    if name in WORDS:
        return WORDS[name]
    if name.startswith("neg_"):
        return name.removeprefix("neg_").replace("_", " ")
    return name if name.endswith(CALLED) else f"minus {name}"


def loss_told(name: str) -> str:
    """The end of a phrase that names a loss, empty for the squared error, which goes without saying.

    Examples
    --------
    >>> loss_told("absolute_error"), loss_told("squared_error")
    (' by mean absolute error', '')
    """
    return "" if name == SQUARED.name else f" by {loss_words(name)}"


def read_scoring(scoring: Any) -> Scoring:
    """The loss that was asked for, by a name or a function ``scoring(y, prediction, sample_weight)``."""
    if isinstance(scoring, str):
        name = ALIASES.get(scoring, scoring)
        return Scoring(name, OWN[name]) if name in OWN else _by_name(scoring)
    if type(scoring).__module__.startswith("sklearn.metrics"):
        return _scorer(str(scoring), scoring, strict=False)
    if not callable(scoring):
        raise TypeError(
            f"scoring is {scoring!r}: pass a name such as 'absolute_error' or 'r2', or a function "
            "scoring(y, prediction, sample_weight)"
        )
    return _function(scoring)


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


def _by_name(name: str) -> Scoring:
    """A scorer of scikit-learn."""
    from sklearn.metrics import get_scorer, get_scorer_names

    names = get_scorer_names()
    found = next((known for known in (name, f"neg_{name}") if known in names), None)
    if found in ALIASES:
        return read_scoring(found)
    if found is None or not _scores_numbers(found):
        known = [*WORDS, *(other for other in names if _scores_numbers(other))]
        what = "is no name of a loss" if found is None else "does not score predictions of a regression"
        raise ValueError(f"scoring is {name!r}, which {what}: {suggestion(name, known, 'choice')}")
    return _scorer(found, get_scorer(found), strict=True)


def _scores_numbers(name: str) -> bool:
    from sklearn.metrics import get_scorer

    try:
        _scorer(name, get_scorer(name), strict=True)
    except ValueError:
        return False
    return True


def _scorer(name: str, scorer: Any, *, strict: bool) -> Scoring:
    """A scorer, tried on a few numbers first; ``strict`` takes a warning there for an error."""
    given, y, prediction = (
        given_predictions(),
        np.array([0.5, 1.25, 2.0, 3.5]),
        np.array([0.75, 1.0, 2.25, 3.0]),
    )
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
            raise ValueError(
                f"scoring {name!r} does not score predictions of a regression: {error}"
            ) from None

    def one(y: Array, prediction: Array, s: Array) -> Any:
        try:
            if weighted:
                return -scorer(given, prediction, y, sample_weight=s)
            if name not in WEIGHTLESS and np.any(s != s[0]):
                raise ValueError("it takes no sample_weight, and rows differ in theirs, or repeat in a fold")
            return -scorer(given, prediction, y)
        except ValueError as error:
            raise ValueError(f"scoring {name!r} cannot score these predictions: {error}") from None

    return Scoring(name, one)
