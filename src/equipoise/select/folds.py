"""Folds: the rows that are held out together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.folds import fold_count

Flags = NDArray[np.bool_]


def held_out(
    folds: Any,
    rows: int,
    *,
    groups: Any = None,
    response: Any = None,
    repeats: int = 1,
    kept: Flags | None = None,
) -> list[tuple[Flags, Flags]]:
    """Train and test rows of every fold, as masks (rows,).

    Parameters
    ----------
    folds : int, splitter, list of pairs, or (rows,) array
        A number of folds of shuffled rows (``random_state=0``), anything with scikit-learn's ``split``, the
        training and held-out rows of each fold, or the fold that holds each row out.
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
        out = _as_masks(folds.split(np.zeros((rows, 1)), response, those), rows)
    elif isinstance(folds, (list, tuple)) and folds and all(_is_pair(fold) for fold in folds):
        out = _left(_as_masks(folds, given), kept)
    else:
        out = _by_id(_labels(folds, "folds", given, kept))
    if len(out) < 2:
        raise ValueError(
            f"cross-validation needs at least 2 folds; folds gave {len(out)}: pass a number of folds, or ids "
            "of at least two"
        )
    return out


def _as_masks(pairs: Iterable[Any], rows: int) -> list[tuple[Flags, Flags]]:
    out: list[tuple[Flags, Flags]] = []
    for train, test in pairs:
        masks = (np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool))
        try:
            masks[0][train] = True
            masks[1][test] = True
        except IndexError as error:
            raise ValueError(f"folds: fold {len(out)} asks for rows that are not there: {error}") from None
        out.append(masks)
    return out


def _left(folds: list[tuple[Flags, Flags]], kept: Flags | None) -> list[tuple[Flags, Flags]]:
    """The folds on the rows that are left, without those that have no held-out row left."""
    if kept is None:
        return folds
    return [(train[kept], test[kept]) for train, test in folds if test[kept].any()]


def _shuffled(count: int, rows: int, seed: int) -> list[tuple[Flags, Flags]]:
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
    return isinstance(fold, tuple) and len(fold) == 2 and all(np.ndim(rows) == 1 for rows in fold)


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


def _by_id(ids: NDArray[Any]) -> list[tuple[Flags, Flags]]:
    return [(ids != value, ids == value) for value in np.unique(ids)]
