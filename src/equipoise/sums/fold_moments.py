"""The folds of a batch's rows, by hashing, and the moments of each fold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)  # the increment of SplitMix64, odd and near 2⁶⁴/φ
GOLDEN_RATIO = 0.6180339887498949  # 1/φ, a factor that changes all bits of a number's mantissa
MAX_HASHED = 24  # most features that, with the response, decide which fold a row is in
CACHED_ROWS = 1 << 12  # rows hashed at a time, which fit into the cache
NEAR_SDS = 3.0  # sums about a point within so many standard deviations of the mean lose at most a digit
CONSTANT_SDS = 1e-6  # a spread below so many means may be that of one value: its rows are looked at
HEAD_ROWS = 1 << 10  # first rows that decide whether a column's mean is near zero


def hashed_folds(columns: Sequence[Array], y: Array, folds: int) -> Indices:
    """Return a fold (n,) for each row, a hash of its values: it depends neither on order nor on batches.

    The bits of a row's numbers are taken as the coefficients of a polynomial modulo 2⁶⁴, whose value is then
    mixed by the finaliser of SplitMix64 (Steele, Lea & Flood, 2014, *OOPSLA*).

    Parameters
    ----------
    columns : sequence of (n,) arrays
        The features to hash.
    y : (n,) array
        Response minus offset, hashed first.
    folds : int
        Number of folds.
    """
    mixed = np.zeros(len(y), dtype=np.uint64)
    buffer = np.empty(CACHED_ROWS)
    for start in range(0, len(y), CACHED_ROWS):
        some = mixed[start : start + CACHED_ROWS]
        number = buffer[: len(some)]
        for column in (y, *columns):
            # The factor fills the mantissas of whole numbers, which have few bits set; + 0.0 makes −0.0 0.0.
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
    """Return the features to hash for the fold of a row: numeric ones first, then levels, evenly spaced.

    Parameters
    ----------
    numeric : sequence of bool
        Whether each feature is a numeric column, not the level of a category.

    Returns
    -------
    (k,) index array
        Positions of the features; k is at most `MAX_HASHED`.
    """
    is_number = np.asarray(numeric, dtype=bool)
    chosen: Indices = np.zeros(0, dtype=np.intp)
    for places in (np.flatnonzero(is_number), np.flatnonzero(~is_number)):
        room = min(MAX_HASHED - len(chosen), len(places))
        if room:
            spread = np.arange(room) * len(places) // room
            chosen = np.concatenate([chosen, places[spread]])
    return chosen


@one_blas_thread(lambda columns: (max(map(len, columns), default=0), len(columns)), products=True)
def batch_moments(
    columns: Sequence[Array], y: Array, weights: Array | None, fold: Indices | None, folds: int
) -> list[Moments | None]:
    """Return the moments of each fold of some rows; None for a fold without rows.

    Parameters
    ----------
    columns : sequence of p (n,) arrays
        Features.
    y : (n,) array
        Response minus offset.
    weights : (n,) array, optional
        Sample weights; rows of weight 0 are left out.
    fold : (n,) index array, optional
        The fold of each row; None if there is only one.
    folds : int
        Number of folds.
    """
    order: Indices | None = None
    if fold is not None:
        # NumPy sorts integers of 8 or 16 bits by radix sort.
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
        own = np.arange(n) if order is None else order[start:stop]
        part = _moments(rows[:, start:stop], centre, some)
        if not _is_near(part):
            # The first rows were unlike the others, or this fold is far from the others: centre it by itself.
            part = _moments(*_centred_rows(columns, own, some, stop - start, look=stop - start), some)
        out[k] = _with_exact_constants(part, columns, own)
    return out


def _with_exact_constants(part: Moments, columns: Sequence[Array], rows: Indices) -> Moments:
    """The moments of some rows of p columns and y, without the rounding of those that hold one value there.

    The mean of a constant column is that value and every deviation 0, which sums of it are to rounding only.
    Sums of such moments remain exact.
    """
    shift, offset = np.append(part.shift_x, part.shift_y), np.append(part.offset_x, part.offset_y)
    square = np.append(part.xx.diagonal(), part.yy)
    sd = np.sqrt(np.maximum(square, 0.0) / part.weight)
    # Where every deviation from the shift is 0, all is exact already.
    doubtful = (sd <= CONSTANT_SDS * np.abs(shift + offset)) & ((square != 0) | (offset != 0))
    values = {j: columns[j][rows] for j in np.flatnonzero(doubtful).tolist()}
    flat = [j for j, some in values.items() if some.min() == some.max()]
    if not flat:
        return part
    shift[flat], offset[flat] = [values[j][0] for j in flat], 0.0
    joint = np.block([[part.xx, part.xy[:, None]], [part.xy, np.array(part.yy)]])
    joint[flat] = joint[:, flat] = 0.0
    return replace(
        part,
        shift_x=shift[:-1],
        offset_x=offset[:-1],
        shift_y=float(shift[-1]),
        offset_y=float(offset[-1]),
        xx=np.ascontiguousarray(joint[:-1, :-1]),
        xy=joint[-1, :-1].copy(),
        yy=float(joint[-1, -1]),
    )


@np.errstate(over="ignore", invalid="ignore")  # an overflow makes sums infinite, which is refused later
def _centred_rows(
    columns: Sequence[Array], order: Indices | None, weights: Array | None, n: int, *, look: int
) -> tuple[Array, Array]:
    """√s ∘ [columns − c, 1] as the rows of a new array, and c: 0 if that is near the mean, else the mean.

    With c = 0 whole numbers stay whole. The first `look` rows decide what is near.
    """
    rows, centre = np.empty((len(columns) + 1, n)), np.zeros(len(columns))
    rows[-1] = 1.0
    for j, column in enumerate(columns):
        if order is None:
            rows[j] = column
        else:
            # The default mode, "raise", would copy the result once more.
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
    """Moments from the rows √s ∘ [X − c, y − c, 1]: products with the last row are weighted sums."""
    n = rows.shape[1]
    weight = float(n if weights is None else weights.sum())
    square = rows @ rows.T
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
    """Whether all means are near the point that sums were taken about, so that they lose at most a digit."""
    # The last term lets a constant column pass, whose mean differs from its value by rounding only.
    room_x = NEAR_SDS * np.sqrt(np.maximum(np.diagonal(part.xx), 0.0) / part.weight) + 1e-14 * np.abs(
        part.shift_x
    )
    room_y = NEAR_SDS * math.sqrt(part.yy / part.weight) + 1e-14 * abs(part.shift_y)
    return bool(np.all(np.abs(part.offset_x) <= room_x)) and abs(part.offset_y) <= room_y
