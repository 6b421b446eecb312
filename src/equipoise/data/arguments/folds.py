"""The argument `folds`: a number of folds, or anything else that says which rows are held out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.bool_ | np.intp]
"""Some of the rows: a mask, (n,), or how often each of them stands, (n,), where one stands more than once."""

TRAINING = ("train", "training")  # labels of rows that no fold holds out, in lower case

ORDERED = 10  # blocks in order where no number is given


def fold_count(folds: Any) -> int | None:
    """Return the number of folds if that is what was passed, else None.

    Parameters
    ----------
    folds : object
        A number, a splitter, (train, test) pairs, a fold id for each row, the name of a column, or None.

    Examples
    --------
    >>> fold_count(5), fold_count("site"), fold_count([0, 1, 0])
    (5, None, None)
    """
    if isinstance(folds, int | np.integer) and not isinstance(folds, bool):
        return int(folds)
    return None


def ordered_count(folds: Any) -> int | None:
    """Return the number of blocks held out in order if that is what was passed, else None.

    Parameters
    ----------
    folds : object
        As for `fold_count`; ``"ordered"`` asks for 10 blocks, ``"ordered:5"`` for 5.

    Examples
    --------
    >>> ordered_count("ordered"), ordered_count("ordered:5"), ordered_count("site")
    (10, 5, None)
    """
    if not isinstance(folds, str):
        return None
    word, colon, number = folds.partition(":")
    if word != "ordered":
        return None
    if colon and (not number.isdecimal() or int(number) < 1):
        raise ValueError(f"folds is '{folds}': ask for at least 1 block, as in 'ordered:5'")
    return int(number) if colon else ORDERED


def is_for_training(label: object) -> bool:
    """Return whether a label says that its rows are never held out.

    Parameters
    ----------
    label : object
        The label of some rows.

    Examples
    --------
    >>> is_for_training("Train"), is_for_training("trainer"), is_for_training(1)
    (True, False, False)
    """
    return str(label).casefold() in TRAINING


def share_out(
    sizes: NDArray[np.intp], count: int, seed: int, events: NDArray[np.float64] | None = None
) -> NDArray[np.intp]:
    """Return the fold of each group, (groups,): the largest first, each into the fold with the fewest rows.

    Groups of one size are in random order; from the second draw on also groups of similar size, or draws
    would be the same where all sizes differ.

    Parameters
    ----------
    sizes : (groups,) index array
        Number of rows of each group.
    count : int
        Number of folds.
    seed : int
        Seed of the draw, 0 for the first.
    events : (groups,) array, optional
        Number of events among the rows of each group: a group then goes into the fold that has fewest of its
        kind, the sum over events and other rows of its share of all times the fold's share of all.

    Raises
    ------
    ValueError
        If there are fewer groups than folds.

    Examples
    --------
    >>> np.bincount(share_out(np.array([5, 3, 2, 2, 2]), 2, 0), weights=[5, 3, 2, 2, 2])
    array([7., 7.])
    """
    if count < 2:
        raise ValueError(f"folds is {count}: pass at least 2 and at most the number of groups, {len(sizes)}")
    if len(sizes) == 1:
        raise ValueError(
            "groups holds one group, and cross-validation holds out some and fits to others: leave out "
            "groups, or pass those of at least two"
        )
    if len(sizes) < count:
        raise ValueError(
            f"folds is {count}, but there are {len(sizes)} groups, and no group is divided: pass at most "
            f"{len(sizes)} folds"
        )
    order = np.random.RandomState(seed).permutation(len(sizes))
    alike = sizes if seed == 0 else np.floor(np.log2(sizes))
    fold, rows = np.empty(len(sizes), dtype=np.intp), np.zeros(count, dtype=np.intp)
    largest_first = order[np.argsort(-alike[order], kind="stable")]
    if events is None:
        for group in largest_first:
            fold[group] = np.argmin(rows)
            rows[fold[group]] += sizes[group]
        return fold
    kinds = np.column_stack([events, sizes - events])
    kinds /= np.maximum(kinds.sum(axis=0), 1.0)
    shares = np.zeros((count, 2))
    for group in largest_first:
        fold[group] = np.lexsort((rows, shares @ kinds[group]))[0]
        rows[fold[group]] += sizes[group]
        shares[fold[group]] += kinds[group]
    return fold
