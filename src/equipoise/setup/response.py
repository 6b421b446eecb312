"""The response of a loss: two labels as 0 and 1, and exposure as part of the offset."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import quoted
from equipoise.data.frames.columns import is_series, read_vector
from equipoise.data.frames.labels import labels_of_series
from equipoise.objective.losses.base import Loss

Array = NDArray[np.float64]
Levels = tuple[Any, Any]


def read_event(y: Any, event: Any) -> tuple[Any, Levels | None]:
    """A yes/no response as 0 and 1, NaN where it is missing, and its two labels, the event second.

    Numbers that all lie in [0, 1] are left as they are, unless `event` names one of two.

    Parameters
    ----------
    y : (n,) array or series
        Numbers, text, booleans or anything that sorts.
    event : object
        The label that stands for 1; by default the second in sorted order.
    """
    values = labels_of_series(y) if is_series(y) else np.asarray(y)
    values = values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
    if values.ndim != 1:
        return y, None  # refused where its shape is checked
    if values.dtype.kind in "iuf":
        known = values[~np.isnan(values.astype(np.float64))]
        if event is None and bool(np.all((known >= 0) & (known <= 1))):
            return y, None
        absent = np.isnan(values.astype(np.float64))
    elif values.dtype.kind == "b":
        absent = np.zeros(len(values), dtype=bool)
    else:
        absent = np.array([value is None or value != value for value in values.tolist()], dtype=bool)
    labels = _two_labels(values[~absent].tolist(), event)
    out = np.full(len(values), np.nan)
    out[~absent] = [value == labels[1] for value in values[~absent].tolist()]
    return out, labels


def _two_labels(values: list[Any], event: Any) -> Levels:
    """The two labels that occur, the event second."""
    found = list(dict.fromkeys(values))
    try:
        found = sorted(found)
    except TypeError:
        found = sorted(found, key=str)
    if len(found) > 2:
        several = quoted([str(label) for label in found[:6]]) + (", …" if len(found) > 6 else "")
        raise ValueError(
            f"y holds {len(found)} different values ({several}): loss='binomial' takes two labels, or "
            "numbers from 0 to 1"
        )
    if len(found) < 2:
        only = f"only {found[0]!r}" if found else "no value"
        raise ValueError(f"y holds {only}: loss='binomial' needs two labels, or numbers from 0 to 1")
    if event is None:
        return found[0], found[1]
    asked = [label for label in found if label == event or str(label) == str(event)]
    if len(asked) != 1:
        raise ValueError(f"event is {event!r}, and y holds {found[0]!r} and {found[1]!r}: pass one of these")
    return next(label for label in found if label is not asked[0]), asked[0]


def with_exposure(offset: Any, exposure: Any, loss: Loss) -> Any:
    """The offset with the logarithm of the exposure added, (n,); missing values stay missing."""
    if not loss.takes_exposure:
        raise ValueError(
            f"exposure was given, but loss={loss.label!r} has no logarithm to add it to: leave it out, or "
            "pass an offset"
        )
    values = np.asarray(exposure) if isinstance(exposure, np.ndarray | list | tuple) else exposure
    rows = len(values)
    time = read_vector(values, "exposure", rows, finite=False)
    bad = np.flatnonzero((time <= 0) | np.isinf(time))
    if len(bad):
        raise ValueError(
            f"exposure holds {time[bad[0]]:g} in row {bad[0]} (counting from 0): pass numbers above 0"
        )
    with np.errstate(invalid="ignore"):
        own = np.log(time)
    if offset is None:
        return own
    if isinstance(offset, int | float):
        return own + offset
    return own + read_vector(offset, "offset", rows, finite=False)
