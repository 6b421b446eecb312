"""Phrases that results share: a penalty in a few characters, and what was done about missing values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.data.arguments.messages import count
from equipoise.data.frames.encoding import Encoding
from equipoise.show.tables import number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing

SHOWN = 8  # columns with missing values that have a line each


def penalty_text(l1: float | NDArray[np.float64], l2: float | NDArray[np.float64]) -> str:
    """A penalty in a few words.

    Examples
    --------
    >>> penalty_text(3.5, 0.0), penalty_text(0.0, 0.0)
    ('l1 = 3.5', 'no penalty')
    """
    parts = [
        f"{name} = {number(value)}" if isinstance(value, float) else f"{name} by feature"
        for name, value in (("l1", l1), ("l2", l2))
        if not isinstance(value, float) or value != 0
    ]
    return ", ".join(parts) if parts else "no penalty"


def missing_text(missing: Missing | None, features: Sequence[str]) -> str:
    """Say what was done about missing values, a line for each column; empty where none were missing."""
    if missing is None:
        return ""
    lines = [missing.dropped_text()] if missing.dropped else []
    return "\n".join(lines if missing.policy == "drop" else lines + _means_lines(missing, features))


def _means_lines(missing: Missing, features: Sequence[str]) -> list[str]:
    """Which missing values were replaced by what, a line for each column."""
    mean = dict(zip(features, missing.means, strict=True))
    lines = []
    for column, number_missing in missing.counts[:SHOWN]:
        what = count(number_missing, "missing value")
        # A category is several features, each with the share of a level as its mean.
        by = f"its mean {number(mean[column])}" if column in mean else "the shares of its levels"
        lines.append(f"{column}: {what} replaced by {by}")
    rest = missing.counts[SHOWN:]
    if rest:
        total = count(sum(k for _, k in rest), "missing value")
        lines.append(f"… and {total} of {count(len(rest), 'other column')} likewise")
    return lines


def coding_text(encoding: Encoding | Formula | None) -> str:
    """Say which levels have no feature; empty where all columns are numbers or all levels have one."""
    columns = () if encoding is None else encoding.columns
    if not isinstance(encoding, Encoding):
        levels = [column.name for column in columns if column.levels]
        return f"coded as the formula says: {', '.join(levels[:SHOWN])}" if levels else ""
    references = [f"{column.name}={column.reference}" for column in columns if column.reference is not None]
    if not references:
        return ""
    rest = len(references) - SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"reference levels, without a feature: {', '.join(references[:SHOWN])}{more}"


def data_text(missing: Missing | None, encoding: Encoding | Formula | None, features: Sequence[str]) -> str:
    """Say what was done about missing values and which levels are references, a line for each."""
    return "\n".join(filter(None, (missing_text(missing, features), coding_text(encoding))))


def data_lines(
    missing: Missing | None, encoding: Encoding | Formula | None, features: Sequence[str]
) -> list[str]:
    """The lines of :func:`data_text` after an empty one; none where nothing was done."""
    text = data_text(missing, encoding, features)
    return ["", *text.split("\n")] if text else []
