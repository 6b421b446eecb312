"""Gathered data: the moments of each fold, and a few rows equivalent to all the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from itertools import zip_longest
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.gaps import Missing, dropped_rows
from equipoise.data.records import Shared
from equipoise.sums.equivalent import equivalent_rows
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

ROLES = ("y", "offset", "sample_weight")

FAR_SDS = 1e6  # a mean of more standard deviations than this leaves a column fewer than nine digits


class EquivalentRows(NamedTuple):
    """Rows (k, p) equivalent to the data, with responses, weights and folds (k,)."""

    matrix: Array
    response: Array
    weights: Array
    fold: Indices


@public
@dataclass(frozen=True, eq=False)
class Gathered(Shared):
    """Moments gathered in one pass over data of any size: all that squared loss needs of them.

    Pass it as X, without y, to any function that takes X and y. The sum of two with the same features and
    number of folds is that of all their rows.

    Parameters
    ----------
    features : tuple of p str
        Names of the features.
    encoding : Encoding
        How the columns became features.
    target : str
        Name of the response's column.
    rows : int
        Number of rows summed up.
    moments : tuple of Moments or None
        Moments of each fold; None for a fold without rows.
    named : dict of str to str
        The columns that were named, by their arguments: y, sample_weight, offset, folds.
    offset : bool, default False
        Whether the response is less an offset.
    source : str
        What was read: a file, a folder, a query, or the kind of frame or array.
    gaps : tuple of int, optional
        Numbers of rows that were dropped for missing values, and of missing values in each column of the
        encoding, y, the offset and the weights; None where missing values are refused.
    labels : tuple of str, optional
        Names of the folds, where a column of text has them.
    grouped : bool, default False
        Whether the folds hold whole groups.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa, equipoise as eq
    >>> table = pa.table({"a": np.arange(8.0), "b": np.arange(8.0) % 3, "y": np.arange(8.0) ** 2})
    >>> data = eq.gather(table, "y", folds=2)
    >>> data.rows, data.features
    (8, ('a', 'b'))
    >>> eq.fit(data, l1=1).certificate.optimal
    True
    """

    features: tuple[str, ...]
    encoding: Encoding
    target: str
    rows: int
    moments: tuple[Moments | None, ...]
    named: Mapping[str, str] = field(default_factory=dict)
    offset: bool = False
    source: str = "gathered data"
    gaps: tuple[int, ...] | None = None
    labels: tuple[str, ...] | None = None
    grouped: bool = False

    def __add__(self, other: Gathered) -> Gathered:
        columns = (len(self.encoding.columns), len(other.encoding.columns))
        if self.grouped or other.grouped:
            raise ValueError(
                "gathered data with groups do not add up, for a group of both may be in two folds: gather "
                "all rows at once, or name a column of folds"
            )
        labels = self.labels if self.labels == other.labels else None
        some: Sequence[Moments | None] = self.moments
        others: Sequence[Moments | None] = other.moments
        if self.labels is not None and other.labels is not None:
            labels = tuple(sorted({*self.labels, *other.labels}))
            some, others = ([*map(data._by_label.get, labels)] for data in (self, other))
        same = (self.labels is None) == (other.labels is None) and len(some) == len(others)
        if not same or (self.features, columns[0]) != (other.features, columns[1]):
            raise ValueError("gathered data add up if they have the same features and as many folds")
        joined = add_by_fold(some, others)
        rows, offset = self.rows + other.rows, self.offset or other.offset
        gaps = self.gaps or other.gaps
        if self.gaps and other.gaps:
            gaps = tuple(map(add, self.gaps, other.gaps))
        return replace(self, rows=rows, moments=tuple(joined), offset=offset, gaps=gaps, labels=labels)

    @property
    def _by_label(self) -> dict[str, Moments | None]:
        """Moments of the folds by their names."""
        return dict(zip(self.labels or (), self.moments, strict=True))

    @property
    def missing(self) -> Missing | None:
        """Record of the rows that were dropped for missing values; None where these are refused."""
        if self.gaps is None:
            return None
        dropped, *counts = self.gaps
        names = (*(column.name for column in self.encoding.columns), *ROLES)
        return dropped_rows(self.rows + dropped, dropped, zip(names, counts, strict=True))

    @cached_property
    def total(self) -> Moments:
        """Moments of all rows; a ValueError if no row has a positive weight."""
        parts = [part for part in self.moments if part is not None]
        if not parts:
            raise ValueError("the data have no rows of positive weight: at least one is needed")
        return reduce(add, parts)

    @cached_property
    def equivalent(self) -> EquivalentRows:
        """Rows equivalent to the data, fold by fold.

        Raises
        ------
        ValueError
            If there is no row, or the mean of a column is too many standard deviations from zero.
        """
        there = [(k, part) for k, part in enumerate(self.moments) if part is not None]
        self._refuse_far(self.total)
        parts = [equivalent_rows(part) for _, part in there]
        fold = np.concatenate([np.full(len(y), k) for (k, _), (_, y, _) in zip(there, parts, strict=True)])
        matrix, response, weights = (np.concatenate(some) for some in zip(*parts, strict=True))
        return EquivalentRows(np.asfortranarray(matrix), response, weights, fold)

    def _refuse_far(self, total: Moments) -> None:
        """Refuse columns whose squares overflow, or whose means are too far from zero for their spread."""
        names = (*self.features, self.target)
        squares = np.append(np.diagonal(total.xx), total.yy)
        large = np.flatnonzero(~np.isfinite(squares))
        if len(large):
            raise ValueError(
                f"column '{names[int(large[0])]}' holds values whose squares exceed float64: divide it by a "
                "power of ten first"
            )
        means = np.append(total.mean_x, total.mean_y)
        sd = np.sqrt(np.maximum(squares, 0.0) / total.weight)
        far = np.flatnonzero((np.abs(means) > FAR_SDS * sd) & (squares > 0))
        if len(far):
            j = int(far[0])
            raise ValueError(
                f"column '{names[j]}' has mean {means[j]:.6g} and standard deviation {sd[j]:.3g}, which "
                "leaves too few digits once the rows are summed up: subtract a number near its mean first"
            )

    def __str__(self) -> str:
        held = sum(part is not None for part in self.moments)
        folds = f" in {held} folds" if len(self.moments) > 1 else ""
        if self.grouped:
            folds += " of whole groups"
        text = f"{self.rows} rows × {len(self.features)} features{folds}; target {self.target}"
        missing = self.missing
        return f"{text}\n{missing.dropped_text()}" if missing is not None and missing.dropped else text

    __repr__ = __str__


def add_by_fold(some: Sequence[Moments | None], others: Sequence[Moments | None]) -> list[Moments | None]:
    """Return the moments of each fold of two disjoint sets of rows, one of which may have fewer folds."""
    return [_add(a, b) for a, b in zip_longest(some, others)]


def _add(a: Moments | None, b: Moments | None) -> Moments | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b
