"""Rows of a batch: which fold each is in, and their moments by fold, wherever they are and whoever asks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
GOLDEN_RATIO = 0.6180339887498949  # a number below 1 with all bits of its own
MAX_HASHED = 24  # features that decide, beside the response, which fold a row is in
CACHED_ROWS = 1 << 12  # rows that are mixed at a time
NEAR_SDS = 3.0  # means of so many spreads lose a digit of the sums at most
HEAD_ROWS = 1 << 10  # rows that tell whether a column's mean is near zero
SINGLE_THREADED = 350_000  # multiplications of a product that BLAS does not share between threads
MIN_PRODUCT_ROWS = 48  # rows of a product, of which fewer do not pay


def hashed_folds(columns: Sequence[Array], y: Array, folds: int) -> Indices:
    """A fold for each row, from what the row holds: the same wherever and in whatever order rows are read.

    The bits of all numbers are the coefficients of a polynomial modulo 2⁶⁴, whose value is then mixed by the
    finaliser of SplitMix64 (Steele, Lea & Flood, 2014, *OOPSLA*).

    Parameters
    ----------
    columns : sequence of (n,) arrays
        Those that decide, beside the response.
    y : (n,) array
        Response, less its offset.
    folds : int
        How many there are.
    """
    mixed = np.zeros(len(y), dtype=np.uint64)
    buffer = np.empty(CACHED_ROWS)
    for start in range(0, len(y), CACHED_ROWS):  # in the cache
        some = mixed[start : start + CACHED_ROWS]
        number = buffer[: len(some)]
        for column in (y, *columns):
            # Whole numbers have few bits of their own. Zero has two signs.
            np.multiply(column[start : start + CACHED_ROWS], GOLDEN_RATIO, out=number)
            np.add(number, 0.0, out=number)
            np.multiply(some, GOLDEN_GAMMA, out=some)
            np.bitwise_xor(some, number.view(np.uint64), out=some)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)) % np.uint64(folds), dtype=np.intp)


def hashed_features(numeric: Sequence[bool]) -> Indices:
    """Places of the features that decide which fold a row is in: numbers before levels, evenly spread.

    Parameters
    ----------
    numeric : sequence of bool
        Of each feature, whether it is a number of its own and no level.
    """
    is_number = np.asarray(numeric, dtype=bool)
    chosen: Indices = np.zeros(0, dtype=np.intp)
    for places in (np.flatnonzero(is_number), np.flatnonzero(~is_number)):
        room = min(MAX_HASHED - len(chosen), len(places))
        if room:
            spread = np.arange(room) * len(places) // room
            chosen = np.concatenate([chosen, places[spread]])
    return chosen


def batch_moments(
    columns: Sequence[Array], y: Array, weights: Array | None, fold: Indices | None, folds: int
) -> list[Moments | None]:
    """Moments of some rows by fold; None of a fold without rows.

    Parameters
    ----------
    columns : sequence of p (n,) arrays
        Features.
    y : (n,) array
        Response, less its offset.
    weights : (n,) array, optional
        Rows of weight 0 are not there.
    fold : (n,) index array, optional
        The fold of each row; None where there is one only.
    folds : int
        How many there are.
    """
    order: Indices | None = None
    if fold is not None:
        # Numbers of 8 or 16 bits are sorted by counting.
        order = np.argsort(fold.astype(np.min_scalar_type(folds)), kind="stable")
    if weights is not None:
        order = np.flatnonzero(weights > 0) if order is None else order[weights[order] > 0]
        weights = weights[order]
    n = len(y) if order is None else len(order)
    ends = np.array([0, n]) if fold is None else np.searchsorted(fold[order], np.arange(folds + 1))
    columns = [*columns, y]
    rows, centre = _centred_rows(columns, order, weights, n, look=HEAD_ROWS)
    out: list[Moments | None] = [None] * (len(ends) - 1)
    for k, (start, stop) in enumerate(pairwise(ends.tolist())):
        if start == stop:
            continue
        some = None if weights is None else weights[start:stop]
        part = _moments(rows[:, start:stop], centre, some)
        if not _is_near(part):
            # Not what the first rows look like, or far from the other folds for their spread.
            own = np.arange(n) if order is None else order[start:stop]
            part = _moments(*_centred_rows(columns, own, some, stop - start, look=stop - start), some)
        out[k] = part
    return out


@np.errstate(over="ignore", invalid="ignore")  # what cannot be squared shows in the sums
def _centred_rows(
    columns: Sequence[Array], order: Indices | None, weights: Array | None, n: int, *, look: int
) -> tuple[Array, Array]:
    """√s ∘ [columns − c, 1] as the rows of a new array, and c: 0, or the mean where 0 looks far from it.

    Where 0 is near, whole numbers stay such. A column is picked, sorted and moved while it is in the cache.
    """
    rows, centre = np.empty((len(columns) + 1, n)), np.zeros(len(columns))
    rows[-1] = 1.0
    for j, column in enumerate(columns):
        if order is None:
            rows[j] = column
        else:
            # "raise" would copy it once more.
            np.take(column, order, out=rows[j], mode="clip")
        head = rows[j, :look]
        if n and not abs(head.mean()) <= NEAR_SDS * head.std():
            mean = float(np.average(rows[j], weights=weights))
            if math.isfinite(mean):
                centre[j] = mean
                rows[j] -= mean
    if weights is not None:
        rows *= np.sqrt(weights)
    return rows, centre


@np.errstate(over="ignore", invalid="ignore")
def _moments(rows: Array, centre: Array, weights: Array | None) -> Moments:
    """Moments from √s ∘ [X − c, y − c, 1], whose last row makes sums of products."""
    n = rows.shape[1]
    weight = float(n if weights is None else weights.sum())
    square = _gram(rows)
    offset = square[-1, :-1] / weight
    centred = square[:-1, :-1] - weight * np.outer(offset, offset)
    return Moments(
        rows=n,
        weight=weight,
        shift_x=centre[:-1],
        offset_x=offset[:-1],
        shift_y=float(centre[-1]),
        offset_y=float(offset[-1]),
        xx=np.ascontiguousarray(centred[:-1, :-1]),
        xy=centred[-1, :-1].copy(),
        yy=max(float(centred[-1, -1]), 0.0),
    )


def _is_near(part: Moments) -> bool:
    """Whether no sum has lost more than a digit to the distance between the mean and where it was taken."""
    # A mean is a rounded number, from which a constant is not far.
    room_x = NEAR_SDS * np.sqrt(np.maximum(np.diagonal(part.xx), 0.0) / part.weight) + 1e-14 * np.abs(
        part.shift_x
    )
    room_y = NEAR_SDS * math.sqrt(part.yy / part.weight) + 1e-14 * abs(part.shift_y)
    return bool(np.all(np.abs(part.offset_x) <= room_x)) and abs(part.offset_y) <= room_y


def _gram(rows: Array) -> Array:
    """The product of an array with its transpose.

    Threads that BLAS starts for small products wait longer for one another than they work wherever a core has
    something else to do, such as to decode the next batch; products of few rows it leaves to one.
    """
    height, n = rows.shape
    step = SINGLE_THREADED // (height * (height + 1))
    if step < MIN_PRODUCT_ROWS:
        return rows @ rows.T
    total, product = np.zeros((height, height)), np.empty((height, height))
    for start in range(0, n, step):
        block = rows[:, start : start + step]
        total += np.matmul(block, block.T, out=product)
    return total
