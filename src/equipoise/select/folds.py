"""Folds: the rows that are held out together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.folds import Rows, fold_count, is_for_training, ordered_count, share_out
from equipoise.data.arguments.messages import quoted
from equipoise.setup.setup import Setup

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

CLASSES = 2  # values of a response that are shared out as classes


def held_out(
    folds: Any,
    rows: int,
    *,
    groups: Any = None,
    response: Any = None,
    repeats: int = 1,
    kept: Flags | None = None,
    stratify: bool = False,
) -> list[tuple[Rows, Rows]]:
    """Train and test rows of every fold, as masks (rows,), or as counts where a row stands twice.

    Parameters
    ----------
    folds : int, "ordered", splitter, list of pairs, or (rows,) array
        A number of folds of shuffled rows (``random_state=0``), blocks of rows in their order, each held out
        from those before it, anything with scikit-learn's ``split``, the training and held-out rows of each
        fold (masks, slices or positions, of which one may be repeated), or the fold that holds each row out.
    rows : int
        How many rows there are.
    groups : (rows,) array, optional
        Rows of a group are held out together: a number of folds shares out whole groups, a splitter is told
        them, and other folds are refused if they divide one.
    response : (rows,) array, optional
        Passed on to the splitter; and what a number of folds is stratified by.
    repeats : int
        How often a number of folds is drawn, with ``random_state`` 0, 1, 2, …
    kept : (rows given,) bool array, optional
        Which of the rows passed by the user are left, where some were dropped; ``folds`` and ``groups`` have
        one entry for each row passed.
    stratify : bool
        Whether a number of folds shares out the values of the response as evenly as can be.
    """
    given = rows if kept is None else len(kept)
    number, blocks = fold_count(folds), ordered_count(folds)
    _check_repeats(repeats, number)
    of_row = None if groups is None else row_labels(groups, "groups", given, kept)
    if isinstance(folds, Iterator):
        folds = list(folds)
    if number is not None:
        evenly = np.asarray(response) if stratify else None
        if of_row is None:
            return [fold for seed in range(repeats) for fold in _shuffled(number, rows, seed, evenly)]
        return [fold for seed in range(repeats) for fold in _whole_groups(number, of_row, seed, evenly)]
    if hasattr(folds, "split") and not isinstance(folds, str):
        if of_row is not None:
            refuse_deaf(folds)
        return _some_folds(_as_rows(folds.split(np.zeros((rows, 1)), response, of_row), rows))
    if _is_pair(folds) and not all(map(_is_pair, folds)):
        raise ValueError(
            "folds is one pair of training and held-out rows: pass a list of pairs, [(train, test)]"
        )
    if blocks is not None:
        out = _ordered(blocks, rows)
    elif isinstance(folds, list | tuple) and folds and all(map(_is_pair, folds)):
        out = _some_folds(_left(_as_rows(folds, given), kept))
    else:
        out = _by_label(row_labels(folds, "folds", given, kept))
    if of_row is not None:
        _refuse_divided(out, of_row)
    return out


def refuse_one_class(setup: Setup, masks: list[tuple[Rows, Rows]], ranked: bool) -> None:
    """Refuse folds whose training rows no finite intercept fits, or whose held-out rows cannot be ranked.

    Parameters
    ----------
    setup : Setup
        The data and the loss.
    masks : list of (rows,) array pairs
        Training and held-out rows of each fold.
    ranked : bool
        Whether rows held out are ranked, which takes some with the event and some without.
    """
    if setup.loss.squared:
        return
    y, weights = setup.response, np.ones(len(setup.response)) if setup.weights is None else setup.weights
    other = "pass folds that leave other rows to it, too (a number of folds shuffles them)"
    if setup.loss.takes_labels:
        other = (
            "pass folds with rows of both classes (a number of folds shares them out evenly, as far as there "
            "are enough)"
        )
    for k, (train, test) in enumerate(masks):
        fitted, scored = (weights * train) > 0, (weights * test) > 0
        only = one_sided(setup, fitted)
        if only is not None:
            raise ValueError(
                f"folds: every row that fold {k} is fitted to holds y = {only}, so that no finite intercept "
                f"fits them: {other}"
            )
        if ranked and not 0.0 < y[scored].sum() < scored.sum():
            raise ValueError(
                f"folds: the rows that fold {k} holds out are of one class, and scoring='auc' ranks those of "
                f"one against those of the other: {other}, or leave out scoring"
            )


def one_sided(setup: Setup, rows: Flags) -> str | None:
    """The only response of some rows, (n,), as text, where no finite intercept fits it; else None."""
    y = setup.response[rows]
    if not setup.intercept or not any(receding.all() for receding in setup.loss.receding(y)):
        return None
    label = float(y[0]) if setup.levels is None else setup.levels[int(y[0])]
    return f"{label:g}" if isinstance(label, float) else repr(label)


def refuse_deaf(splitter: Any) -> None:
    """Refuse groups for a splitter of scikit-learn that takes no notice of them."""
    if not type(splitter).__module__.startswith("sklearn.") or not hasattr(splitter, "get_metadata_routing"):
        return
    if "groups" not in splitter.get_metadata_routing().split.requests:
        raise ValueError(
            f"groups: {type(splitter).__name__} takes no notice of them: pass a number of folds, or a "
            "splitter that keeps groups whole, such as GroupKFold"
        )


def groups_of(setup: Setup) -> NDArray[Any] | None:
    """The group of each row that is left, (n,); None where rows have none."""
    if setup.groups is None:
        return None
    given = len(setup.response) if setup.kept is None else len(setup.kept)
    return row_labels(setup.groups, "groups", given, setup.kept)


def row_labels(given: Any, name: str, rows: int, kept: Flags | None) -> NDArray[Any]:
    """Fold ids or groups of the rows that are left, each of which must have one.

    Parameters
    ----------
    given : (rows,) array
        As passed by the user.
    name : str
        The argument, "folds" or "groups".
    rows : int
        How many rows the user passed.
    kept : (rows,) bool array or None
        Which of them are left; None for all.
    """
    labels = np.asarray(given)
    if labels.ndim != 1 or len(labels) != rows:
        other = "a number of folds, a splitter, or one fold id" if name == "folds" else "one group"
        raise ValueError(f"{name} has shape {labels.shape} but X has {rows} rows: pass {other} for each row")
    row = np.arange(rows)
    if kept is not None:
        labels, row = labels[kept], row[kept]
    if labels.dtype == object:
        absent = np.array([_is_absent(value) for value in labels.tolist()], dtype=bool)
    else:  # of dates, too, only the missing one is not finite
        absent = ~np.isfinite(labels) if labels.dtype.kind in "fcmM" else np.zeros(len(labels), dtype=bool)
    which = "fold id" if name == "folds" else "group"
    if absent.any():
        found = labels[absent][0]
        raise ValueError(
            f"{name}: row {row[absent][0]} (counting from 0) holds {found}, which is no {which}: give each "
            "row one"
        )
    try:
        np.unique(labels)
    except TypeError:
        raise ValueError(
            f"{name}: the rows have {which}s of types that cannot be sorted together: give all rows one type"
        ) from None
    return labels


def _is_absent(value: object) -> bool:
    """Whether a value is None, NaN or NA: those that are not equal to themselves, or to nothing."""
    same = value == value
    return value is None or not (isinstance(same, bool | np.bool_) and same)


def _check_repeats(repeats: Any, number: int | None) -> None:
    """Refuse repeats that are no number of them, or of folds that are not drawn."""
    if not isinstance(repeats, int | np.integer) or isinstance(repeats, bool) or repeats < 1:
        raise ValueError(f"repeats is {repeats}: pass a whole number, at least 1")
    if repeats > 1 and number is None:
        raise ValueError(
            f"repeats is {repeats}, but folds is not a number to draw again: pass folds=10, or a splitter "
            "that repeats itself (RepeatedKFold)"
        )


def _some_folds(folds: list[tuple[Rows, Rows]]) -> list[tuple[Rows, Rows]]:
    """The folds, of which there must be one at least."""
    if not folds:
        raise ValueError("folds holds no fold: pass a number of folds, or the rows of one at least")
    return folds


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


def _shuffled(count: int, rows: int, seed: int, evenly: Array | None = None) -> list[tuple[Rows, Rows]]:
    """The folds of scikit-learn's ``KFold(count, shuffle=True, random_state=seed)``, without its import.

    With two values to share out evenly, (rows,), those of its ``StratifiedKFold``; with more of them, blocks
    of rows in their order, each shared out at random.
    """
    if rows < 2:
        raise ValueError(
            "X has 1 row, and cross-validation holds out some rows and fits to others: fit at one l1 instead"
        )
    if not 2 <= count <= rows:
        raise ValueError(f"folds is {count}: pass at least 2 and at most the number of rows, {rows}")
    ids = np.empty(rows, dtype=np.intp)
    rng = np.random.RandomState(seed)
    if evenly is None:
        for k, part in enumerate(np.array_split(rng.permutation(rows), count)):
            ids[part] = k
        return _by_id(ids)
    classes = np.unique(evenly)
    if len(classes) <= CLASSES:
        # Classes are shared out in the order of their first rows, as scikit-learn has them.
        first = [int(np.argmax(evenly == value)) for value in classes]
        number = np.argsort(np.argsort(first))[np.searchsorted(classes, evenly)]
        ordered = np.sort(number)
        for c in range(len(classes)):
            own = np.repeat(np.arange(count), [int(np.sum(ordered[k::count] == c)) for k in range(count)])
            rng.shuffle(own)
            ids[number == c] = own
        return _by_id(ids)
    order = rng.permutation(rows)
    order = order[np.argsort(evenly[order], kind="stable")]
    for start in range(0, rows, count):
        block = order[start : start + count]
        ids[block] = rng.permutation(count)[: len(block)]
    return _by_id(ids)


def _is_pair(fold: Any) -> bool:
    if not isinstance(fold, (tuple, list)) or len(fold) != 2:
        return False
    return all(map(_are_rows, fold))


def _are_rows(given: Any) -> bool:
    """Whether something is a slice, or one-dimensional."""
    if isinstance(given, list | tuple):
        return not any(isinstance(value, list | tuple | np.ndarray) for value in given)
    return isinstance(given, slice) or np.ndim(given) == 1


def _by_id(ids: NDArray[Any]) -> list[tuple[Rows, Rows]]:
    return [(ids != value, ids == value) for value in np.unique(ids)]


def _by_label(labels: NDArray[Any]) -> list[tuple[Rows, Rows]]:
    """A fold for each label, held out from all others; rows labelled "train" are never held out."""
    known = np.unique(labels)
    if len(known) < 2:
        raise ValueError(
            "cross-validation needs at least 2 folds; folds gave 1: pass a number of folds, or ids of at "
            "least two"
        )
    fitted = [value for value in known if is_for_training(value)]
    if not fitted:
        return _by_id(labels)
    if len(known) > 2:
        raise ValueError(
            f"folds holds {quoted(map(str, known))}: with two labels, {fitted[0]} and another, the rows of "
            "the other are held out; leave out the rows that are for neither"
        )
    return [(labels == fitted[0], labels != fitted[0])]


def _whole_groups(
    count: int, groups: NDArray[Any], seed: int, evenly: Array | None = None
) -> list[tuple[Rows, Rows]]:
    """Folds of whole groups, whose numbers of rows, and of events among them, are as even as that allows."""
    of_row, sizes = np.unique(groups, return_inverse=True, return_counts=True)[1:]
    events = None if evenly is None else np.bincount(of_row, weights=evenly).astype(np.float64)
    return _by_id(share_out(sizes, count, seed, events)[of_row])


def _ordered(count: int, rows: int) -> list[tuple[Rows, Rows]]:
    """The folds of scikit-learn's ``TimeSeriesSplit(count)``, without its import."""
    size = rows // (count + 1)
    if size < 1:
        raise ValueError(f"folds asks for {count} blocks in order and one before them: X has {rows} rows")
    place = np.arange(rows)
    starts = rows - size * np.arange(count, 0, -1)
    return [(place < start, (place >= start) & (place < start + size)) for start in starts]


def _refuse_divided(folds: list[tuple[Rows, Rows]], groups: NDArray[Any]) -> None:
    """Refuse folds that fit to some rows of a group and hold out others."""
    known, of_row = np.unique(groups, return_inverse=True)
    for k, (train, test) in enumerate(folds):
        both = np.intersect1d(of_row[train > 0], of_row[test > 0])
        if len(both):
            raise ValueError(
                f"groups: fold {k} fits to some rows of group {_label(known[both[0]])} and holds out others: "
                "keep each group in one fold, or leave out groups"
            )


def _label(value: Any) -> str:
    """A label as it was written: whole numbers may have been read as floats."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
