"""The response of a loss: two labels as 0 and 1, and exposure as part of the offset."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.floats import mask_to_nan
from equipoise.data.arguments.messages import quoted
from equipoise.data.frames.columns import is_series, read_vector
from equipoise.data.frames.labels import labels_of_series
from equipoise.objective.losses.base import Loss

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Label = bool | int | float | str
Levels = tuple[Label, Label]

INTERVALS = ("debias", "selective_intervals")  # verbs whose intervals are of squared loss


OF_TRIALS = (
    "of counts of successes give the fractions of the trials, and the numbers of trials as sample_weight"
)


class Labels(NamedTuple):
    """The values of a response, (n,), where they are missing, (n,), and the order of an ordered type."""

    values: list[Any]
    absent: Flags
    order: Sequence[Any] = ()
    numeric: bool = False

    @property
    def present(self) -> list[Any]:
        """The values that are not missing."""
        return [value for value, gone in zip(self.values, self.absent.tolist(), strict=True) if not gone]


def read_event(y: Any, event: Any, levels: Levels | None = None) -> tuple[Any, Levels | None]:
    """A yes/no response as 0 and 1, NaN where it is missing, and its two labels, the event second.

    Numbers that all lie in [0, 1] are left as they are, unless `event` names one of two; their labels are 0
    and 1, or None if they are fractions. Labels other than numbers, truth values and text become text.

    Parameters
    ----------
    y : (n,) array or series
        Numbers, text, booleans or anything that sorts.
    event : object
        The label that stands for 1; by default the second in sorted order, or in that of an ordered type.
    levels : pair, optional
        The two labels of a model, of which y then may hold but one.
    """
    found = _labels_of(y)
    if found is None:
        shape = np.shape(y)
        if len(shape) == 2 and shape[1] == 2:
            raise ValueError(f"y has shape {shape}: pass one value a row; {OF_TRIALS}")
        return y, None  # refused where its shape is checked
    if found.numeric and (event is None or levels is not None):
        known = np.asarray(found.present, dtype=np.float64)
        plain = levels is None or set(levels) == {0, 1}
        if plain and bool(np.all((known >= 0) & (known <= 1))):
            coded = np.full(len(found.values), np.nan)
            coded[~found.absent] = known if levels is None or levels[1] == 1 else 1.0 - known
            own = _zero_and_one(found.present) if bool(np.all((known == 0) | (known == 1))) else None
            return coded, levels or own
    labels = levels or _two_labels(found, _plain(event))
    out = np.full(len(found.values), np.nan)
    places = {value: place_of(value, labels) for value in dict.fromkeys(found.present)}
    strange = [value for value, place in places.items() if place is None]
    if strange:
        row = next(i for i, value in enumerate(found.values) if not found.absent[i] and value == strange[0])
        raise ValueError(
            f"y holds {strange[0]!r} in row {row} (counting from 0), and the model knows {labels[0]!r} and "
            f"{labels[1]!r}: leave out such rows"
        )
    out[~found.absent] = [places[value] for value in found.present]
    return out, labels


def missing_rows(y: Any) -> Flags:
    """Whether each row of a response is missing, (n,); nothing of what has not one value a row."""
    if type(y) is np.ndarray and y.dtype.kind in "iufb":
        return np.isnan(y) if y.ndim == 1 else np.zeros(0, dtype=bool)
    found = _labels_of(y)
    return np.zeros(0, dtype=bool) if found is None else found.absent


def told_of_labels(y: Any, error: TypeError, verb: str | None = None) -> TypeError:
    """The error of a response that holds no numbers; of one with two labels it names the loss for them.

    ``verb`` is one that takes no other loss than the squared one.
    """
    try:
        found = _labels_of(y)
        present = [] if found is None else sorted(set(found.present), key=str)
    except (TypeError, ValueError):
        return error
    if len(present) != 2:
        return error
    if verb in INTERVALS:
        return TypeError(
            f"y holds two labels, {present[0]!r} and {present[1]!r}, and {verb} is for squared loss alone: "
            "penalised odds ratios have no intervals here. stability_selection with loss='binomial' tells "
            "how reliably a feature is chosen; for standard errors of features that were settled beforehand, "
            "fit them without a penalty in R's glm or statsmodels' GLM"
        )
    if verb is not None:
        return error
    return TypeError(
        f"y holds two labels, {present[0]!r} and {present[1]!r}: pass loss='binomial' to model the "
        f"probability of {present[1]!r}, or 0 and 1 in their place"
    )


def _labels_of(y: Any) -> Labels | None:
    """The values of a response, and what is missing; None of what has no one value a row."""
    if is_series(y):
        values, order = labels_of_series(y)
        array = np.asarray(values) if isinstance(values, np.ndarray) else None
    else:
        y = mask_to_nan(y)
        array = np.asarray(y)
        if array.dtype.kind in "US" and array.ndim == 1 and not isinstance(y, np.ndarray):
            array = np.array([*y, None], dtype=object)[:-1]  # beside text NumPy would write NaN as text
        order = ()
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        if array.ndim != 1:
            return None
        values = array
    if array is not None and array.dtype.kind == "c":
        return None
    if array is not None and array.dtype.kind in "iufb":
        absent = np.isnan(array) if array.dtype.kind == "f" else np.zeros(len(array), dtype=bool)
        return Labels(array.tolist(), absent, numeric=array.dtype.kind != "b" or not len(array))
    listed = [_plain(value) for value in values.tolist()]
    absent = np.array([value is None for value in listed], dtype=bool)
    present = [value for value in listed if value is not None]
    numeric = bool(present) and all(isinstance(value, Real) for value in present)
    return Labels(listed, absent, order, numeric and not isinstance(present[0], bool))


def _plain(value: Any) -> Label | None:
    """A label as JSON has it; None where it is missing, as None, NaN, NA or NaT say."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Real | Decimal):
        number = float(value)
        return None if number != number else number
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _zero_and_one(present: list[Any]) -> Levels:
    """0 and 1 in the type of the numbers that occur."""
    kind = float if any(isinstance(value, float) for value in present) else int
    return kind(0), kind(1)


def _two_labels(found: Labels, event: Any) -> Levels:
    """The two labels that occur, the event second."""
    labels = list(dict.fromkeys(found.present))
    endless = [label for label in labels if isinstance(label, float) and np.isinf(label)]
    if endless:
        row = found.values.index(endless[0])
        raise ValueError(
            f"y holds {endless[0]!r} in row {row} (counting from 0), which is no label: leave out such rows"
        )
    if len(labels) > 2:
        if event is not None and found.numeric and all(0 <= label <= 1 for label in labels):
            raise ValueError(
                f"event is {event!r}, and y holds fractions, of which it names none: leave out event, and "
                "pass 1 − y for the fractions of the other outcome"
            )
        several = quoted([str(label) for label in labels[:6]]) + (", …" if len(labels) > 6 else "")
        row = found.values.index(labels[2])
        trials = f"; {OF_TRIALS}" if found.numeric else ""
        raise ValueError(
            f"y holds {len(labels)} different values ({several}; the third first in row {row}, counting from "
            f"0): loss='binomial' takes two labels, or numbers from 0 to 1{trials}"
        )
    if len(labels) < 2:
        only = f"only {labels[0]!r}" if labels else "no value"
        raise ValueError(f"y holds {only}: loss='binomial' needs two labels, or numbers from 0 to 1")
    if found.order:
        order = [*map(str, found.order)]
        labels = sorted(labels, key=lambda label: order.index(str(label)))
    else:
        try:
            labels = sorted(labels)
        except TypeError:
            labels = sorted(labels, key=str)
    if event is None:
        return labels[0], labels[1]
    place = place_of(event, (labels[0], labels[1]))
    if place is None:
        raise ValueError(
            f"event is {event!r}, and y holds {labels[0]!r} and {labels[1]!r}: pass one of these"
        )
    return labels[1 - place], labels[place]


def place_of(value: Any, levels: Levels) -> int | None:
    """0 or 1, whichever of two labels a value is, also where only one of them was read as text, or neither.

    Truth values are one with 0 and 1, and with no other numbers.
    """
    value = _plain(value)
    for text in (repr, str):
        found = [place for place in (0, 1) if text(levels[place]) == text(value)]
        if len(found) == 1:
            return found[0]
    (number, truth), known = _number(value), [_number(label)[0] for label in levels]
    if number is None or known.count(number) != 1 or (truth and {*known} != {0.0, 1.0}):
        return None
    return known.index(number)


def _number(label: Any) -> tuple[float | None, bool]:
    """A label as a number, if it is one or reads as one, and whether it is a truth value."""
    truth = {"true": 1.0, "false": 0.0}.get(str(label).strip().casefold())
    if truth is not None:
        return truth, True
    try:
        return float(label), False
    except (TypeError, ValueError):
        return None, False


def with_exposure(offset: Any, exposure: Any, loss: Loss, rows: int, *, finite: bool = False) -> Any:
    """The offset with the logarithm of the exposure of so many rows added, (n,).

    Missing values stay missing; ``finite`` refuses those of the exposure.
    """
    if not loss.takes_exposure:
        raise ValueError(refused_exposure(loss))
    if isinstance(exposure, Real) or np.ndim(exposure) == 0:
        raise TypeError(f"exposure is {exposure!r}: pass one number a row, or the name of a column of X")
    values = np.asarray(exposure) if isinstance(exposure, np.ndarray | list | tuple) else exposure
    own = log_exposure(values, rows, finite=finite)
    if offset is None:
        return own
    if isinstance(offset, int | float):
        return own + offset
    return own + read_vector(offset, "offset", rows, finite=False)


def refused_exposure(loss: Loss) -> str:
    """What to say of an exposure beside a loss without a logarithm."""
    return (
        f"exposure was given, but loss={loss.label!r} has no logarithm to add it to: leave it out, or "
        "pass an offset"
    )


def log_exposure(exposure: Any, rows: int, *, finite: bool = False) -> Array:
    """The logarithm of one exposure a row, (n,); NaN where it is missing, which ``finite`` refuses."""
    time = read_vector(mask_to_nan(exposure), "exposure", rows, finite=finite)
    bad = np.flatnonzero((time <= 0) | np.isinf(time))
    if len(bad):
        raise ValueError(
            f"exposure holds {time[bad[0]]:g} in row {bad[0]} (counting from 0): pass numbers above 0"
        )
    with np.errstate(invalid="ignore"):
        return np.asarray(np.log(time))
