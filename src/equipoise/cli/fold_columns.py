"""What --folds and --groups say: a number, blocks in order, or columns of the table."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.folds import is_for_training, ordered_count
from equipoise.data.arguments.messages import count
from equipoise.data.frames.labels import read_labels

FOLDS = 10

MOST_FOLDS, MOST_FRACTIONS, ROWS_IN_A_FOLD = 50, 10, 10
"""A column of more values than these, with fewer rows of each, measures something and numbers no folds."""


def read_folds(given: str | None) -> int | str:
    """The number of folds, blocks in order, or the column that says the folds.

    Examples
    --------
    >>> read_folds("5"), read_folds("ordered"), read_folds("site"), read_folds(None)
    (5, 'ordered', 'site', 10)
    """
    if given is None:
        return FOLDS
    return int(given) if given.strip().removeprefix("-").isdecimal() else given


def folds_column(folds: int | str | None, known: Collection[str] = ()) -> str | None:
    """The column that says the folds, if one does; blocks in order are refused if a column is so named."""
    if not isinstance(folds, str):
        return None
    if ordered_count(folds) is None:
        return folds
    if folds in known:
        raise ValueError(
            f"--folds is '{folds}', which asks for blocks of rows in their order, and the table has a column "
            "of that name: rename the column"
        )
    return None


def as_folds(table: Any, name: str, whole: bool) -> NDArray[Any]:
    """The fold of each row, from the column of that name; one that measures something is refused."""
    values = read_labels(table, name, role="folds column", finite=whole)
    distinct = _distinct(values)
    if len(distinct) < 2:
        held = str(distinct[0]) if values.dtype.kind != "f" and len(distinct) else "no value"
        if values.dtype.kind == "f" and len(distinct):
            held = f"{distinct[0]:g}"
        raise ValueError(
            f"folds column '{name}' holds {held} in every row: name one of at least two folds, or "
            "give a number of folds"
        )
    whole_numbers = values.dtype.kind != "f" or np.array_equal(distinct, np.floor(distinct))
    most = MOST_FOLDS if whole_numbers else MOST_FRACTIONS
    if len(distinct) > most and len(values) < ROWS_IN_A_FOLD * len(distinct):
        raise ValueError(
            f"folds column '{name}' has {len(distinct)} values in {count(len(values), 'row')}: name the "
            "column that says which fold holds each row out, or give a number of folds"
        )
    return values


def as_groups(table: Any, name: str, whole: bool) -> NDArray[Any]:
    """The group of each row, from the column of that name."""
    return read_labels(table, name, role="groups column", finite=whole)


def count_folds(folds: int | str | NDArray[Any]) -> int:
    """How many folds there are: one where a label is for training alone."""
    if isinstance(folds, int):
        return folds
    if isinstance(folds, str):
        return ordered_count(folds) or FOLDS
    distinct = _distinct(folds)
    return 1 if any(map(is_for_training, distinct)) else len(distinct)


def _distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct labels; rows that are dropped need none."""
    if values.dtype.kind == "f":
        return np.unique(values[~np.isnan(values)])
    return np.array(sorted({str(label) for label in values.tolist() if label is not None}))
