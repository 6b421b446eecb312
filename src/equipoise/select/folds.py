"""Folds: which rows are held out together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


def held_out(folds: Any, rows: int, *, groups: Any = None, response: Any = None) -> list[tuple[Flags, Flags]]:
    """Train and test rows of every fold, as masks (rows,).

    Parameters
    ----------
    folds : int, splitter, list of pairs, or (rows,) array
        A number of folds of shuffled rows (``random_state=0``), anything with scikit-learn's ``split``, the
        training and held-out rows of each fold, or the fold that holds each row out.
    rows : int
        How many rows there are.
    groups, response : (rows,) arrays, optional
        Handed to the splitter.
    """
    if isinstance(folds, (int, np.integer)) and not isinstance(folds, bool):
        pairs = _shuffled(int(folds), rows)
    elif hasattr(folds, "split") and not isinstance(folds, str):
        pairs = list(folds.split(np.zeros((rows, 1)), response, groups))
    elif isinstance(folds, (list, tuple)) and folds and all(_is_pair(fold) for fold in folds):
        pairs = list(folds)
    else:
        pairs = _by_id(folds, rows)
    out: list[tuple[Flags, Flags]] = []
    for train, test in pairs:
        masks = (np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool))
        try:
            masks[0][train] = True
            masks[1][test] = True
        except IndexError as error:
            raise ValueError(f"folds: fold {len(out)} asks for rows that are not there: {error}") from None
        out.append(masks)
    if len(out) < 2:
        raise ValueError(f"cross-validation needs at least 2 folds; folds gave {len(out)}")
    return out


def _shuffled(count: int, rows: int) -> list[tuple[Flags, Flags]]:
    """The folds of scikit-learn's ``KFold(count, shuffle=True, random_state=0)``, without its import."""
    if not 2 <= count <= rows:
        raise ValueError(f"folds is {count}: pass at least 2 and at most the number of rows, {rows}")
    ids = np.empty(rows, dtype=np.intp)
    for k, part in enumerate(np.array_split(np.random.RandomState(0).permutation(rows), count)):
        ids[part] = k
    return _by_id(ids, rows)


def _is_pair(fold: Any) -> bool:
    return isinstance(fold, tuple) and len(fold) == 2 and all(np.ndim(rows) == 1 for rows in fold)


def _by_id(folds: Any, rows: int) -> list[tuple[Flags, Flags]]:
    ids = np.asarray(folds)
    if ids.ndim != 1 or len(ids) != rows:
        raise ValueError(
            f"folds has shape {ids.shape} but X has {rows} rows: pass a number of folds, a splitter, or one "
            "fold id for each row"
        )
    try:
        values = np.unique(ids)
    except TypeError:
        values = None
    if values is None or (ids.dtype.kind == "f" and not np.isfinite(ids).all()):
        raise ValueError(
            "folds: some rows have no fold id (None or NaN), or ids differ in type: give each one"
        )
    return [(ids != value, ids == value) for value in values]
