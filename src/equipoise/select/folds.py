"""Folds: the rows that are held out together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.folds import Rows, fold_count

Flags = NDArray[np.bool_]


def held_out(
    folds: Any,
    rows: int,
    *,
    groups: Any = None,
    response: Any = None,
    repeats: int = 1,
    kept: Flags | None = None,
) -> list[tuple[Rows, Rows]]:
    """Train and test rows of every fold, as masks (rows,), or as counts where a row stands twice.

    Parameters
    ----------
    folds : int, splitter, list of pairs, or (rows,) array
        A number of folds of shuffled rows (``random_state=0``), anything with scikit-learn's ``split``, the
        training and held-out rows of each fold (masks, slices or positions, of which one may be repeated), or
        the fold that holds each row out.
    rows : int
        How many rows there are.
    groups, response : (rows,) arrays, optional
        Passed on to the splitter.
    repeats : int
        How often a number of folds is drawn, with ``random_state`` 0, 1, 2, …
    kept : (rows given,) bool array, optional
        Which of the rows passed by the user are left, where some were dropped; ``folds`` and ``groups`` have
        one entry for each row passed.
    """
    given = rows if kept is None else len(kept)
    number = fold_count(folds)
    if isinstance(folds, Iterator):
        folds = list(folds)
    if not isinstance(repeats, (int, np.integer)) or isinstance(repeats, bool) or repeats < 1:
        raise ValueError(f"repeats is {repeats}: pass a whole number, at least 1")
    if repeats > 1 and number is None:
        raise ValueError(
            f"repeats is {repeats}, but folds is not a number to draw again: pass folds=10, or a splitter "
            "that repeats itself (RepeatedKFold)"
        )
    if number is not None:
        out = [fold for seed in range(repeats) for fold in _shuffled(number, rows, seed)]
    elif hasattr(folds, "split") and not isinstance(folds, str):
        those = None if groups is None else _labels(groups, "groups", given, kept)
        out = _as_rows(folds.split(np.zeros((rows, 1)), response, those), rows)
    elif (
        isinstance(folds, (list, tuple, Iterator))
        and (folds := list(folds))
        and all(_is_pair(fold) for fold in folds)
    ):
        out = _left(_as_rows(folds, given), kept)
    else:
        out = _by_id(_labels(folds, "folds", given, kept))
    if len(out) < 2:
        raise ValueError(
            f"cross-validation needs at least 2 folds; folds gave {len(out)}: pass a number of folds, or ids "
            "of at least two"
        )
    return out


def _as_rows(pairs: Iterable[Any], rows: int) -> list[tuple[Rows, Rows]]:
    return [
        (_rows_of(train, rows, f"fold {k}"), _rows_of(test, rows, f"fold {k}"))
        for k, (train, test) in enumerate(pairs)
    ]


def _rows_of(given: Any, rows: int, fold: str) -> Rows:
    """The rows that a mask, a slice or positions say; positions that repeat a row count how often."""
    if isinstance(given, slice):
        given = np.arange(rows)[given]
    given = np.asarray(given)
    if given.dtype == bool:
        if len(given) != rows:
            raise ValueError(
                f"folds: {fold} has a mask of {len(given)} rows but X has {rows}: pass one a row"
            )
        return np.asarray(given)
    if not len(given):
        return np.zeros(rows, dtype=bool)
    if given.dtype.kind not in "iu":
        raise ValueError(f"folds: {fold} holds {given.dtype}: pass the positions of its rows, or masks")
    low, high = int(given.min()), int(given.max())
    if low < -rows or high >= rows:
        wrong = low if low < -rows else high
        raise ValueError(f"folds: {fold} asks for rows that are not there: row {wrong} of {rows}")
    if len(given) == rows > 2 and low >= 0 and high <= 1:
        raise ValueError(
            f"folds: {fold} lists rows 0 and 1 alone, {rows} times: numbers are positions of rows, so pass "
            "true and false for a mask (mask == 1)"
        )
    counts = np.bincount(given.astype(np.intp) % rows, minlength=rows)
    return np.asarray(counts > 0 if counts.max() == 1 else counts)


def _left(folds: list[tuple[Rows, Rows]], kept: Flags | None) -> list[tuple[Rows, Rows]]:
    """The folds on the rows that are left, without those that have no held-out row left."""
    if kept is None:
        return folds
    return [(train[kept], test[kept]) for train, test in folds if test[kept].any()]


def _shuffled(count: int, rows: int, seed: int) -> list[tuple[Rows, Rows]]:
    """The folds of scikit-learn's ``KFold(count, shuffle=True, random_state=seed)``, without its import."""
    if rows < 2:
        raise ValueError(
            "X has 1 row, and cross-validation holds out some rows and fits to others: fit at one l1 instead"
        )
    if not 2 <= count <= rows:
        raise ValueError(f"folds is {count}: pass at least 2 and at most the number of rows, {rows}")
    ids = np.empty(rows, dtype=np.intp)
    for k, part in enumerate(np.array_split(np.random.RandomState(seed).permutation(rows), count)):
        ids[part] = k
    return _by_id(ids)


def _is_pair(fold: Any) -> bool:
    if not isinstance(fold, (tuple, list)) or len(fold) != 2:
        return False
    return all(isinstance(rows, slice) or np.ndim(rows) == 1 for rows in fold)


def _labels(given: Any, name: str, rows: int, kept: Flags | None) -> NDArray[Any]:
    """Fold ids or groups of the rows that are left, each of which must have one."""
    labels = np.asarray(given)
    if labels.ndim != 1 or len(labels) != rows:
        other = "a number of folds, a splitter, or one fold id" if name == "folds" else "one group"
        raise ValueError(f"{name} has shape {labels.shape} but X has {rows} rows: pass {other} for each row")
    if kept is not None:
        labels = labels[kept]
    try:
        np.unique(labels)
        absent = labels.dtype.kind == "f" and not np.isfinite(labels).all()
    except TypeError:
        absent = True
    # None, NaN and NA are the values that are not equal to themselves, or to nothing.
    if absent or (labels.dtype == object and any(v is None or (v == v) is not True for v in labels.tolist())):
        which = "fold id" if name == "folds" else "group"
        raise ValueError(
            f"{name}: some rows have no {which} (None or NaN), or they differ in type: give each row one"
        )
    return labels


def _by_id(ids: NDArray[Any]) -> list[tuple[Rows, Rows]]:
    return [(ids != value, ids == value) for value in np.unique(ids)]
