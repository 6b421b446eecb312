"""Data that were read once and summed up: moments by fold, and the few rows that stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import zip_longest
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.frames.encoding import Encoding
from equipoise.sums.equivalent import equivalent_rows
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

FAR_SDS = 1e6  # a mean of so many spreads leaves fewer than nine digits of a column


class EquivalentRows(NamedTuple):
    """The rows that stand for the data, and the fold that each belongs to."""

    matrix: Array
    response: Array
    weights: Array
    fold: Indices


@dataclass(frozen=True, eq=False)
class Gathered:
    """What one pass over data of any size leaves: all that squared loss asks of them.

    Take it as X, without a y, in every verb that reads X and y. Two of them with the same columns and folds
    add up, whatever rows they come from.

    Parameters
    ----------
    features : tuple of p str
        Names of the features.
    encoding : Encoding
        How the columns became features.
    target : str
        The column to explain.
    rows : int
        Rows that were read.
    moments : tuple of Moments or None
        Of each fold; None of one that has no row.

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

    def __add__(self, other: Gathered) -> Gathered:
        if (self.features, len(self.moments)) != (other.features, len(other.moments)):
            raise ValueError("gathered data add up if they have the same features and as many folds")
        joined = add_by_fold(self.moments, other.moments)
        return replace(self, rows=self.rows + other.rows, moments=tuple(joined))

    @cached_property
    def total(self) -> Moments:
        """Moments of all rows; a ValueError if there is none of positive weight."""
        parts = [part for part in self.moments if part is not None]
        if not parts:
            raise ValueError("the data have no rows of positive weight: at least one is needed")
        return reduce(add, parts)

    @cached_property
    def equivalent(self) -> EquivalentRows:
        """The rows that stand for the data, fold by fold.

        Raises
        ------
        ValueError
            If there is no row, or a column lies too far from zero for its spread.
        """
        there = [(k, part) for k, part in enumerate(self.moments) if part is not None]
        self._refuse_far(self.total)
        parts = [equivalent_rows(part) for _, part in there]
        fold = np.concatenate([np.full(len(y), k) for (k, _), (_, y, _) in zip(there, parts, strict=True)])
        matrix, response, weights = (np.concatenate(some) for some in zip(*parts, strict=True))
        return EquivalentRows(np.asfortranarray(matrix), response, weights, fold)

    def _refuse_far(self, total: Moments) -> None:
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
        far = np.flatnonzero((np.abs(means) > FAR_SDS * sd) & (sd > 4e-16 * np.abs(means)))
        if len(far):
            j = int(far[0])
            raise ValueError(
                f"column '{names[j]}' has mean {means[j]:.6g} and standard deviation {sd[j]:.3g}, which "
                "leaves too few digits once the rows are summed up: subtract a number near its mean first"
            )

    def __str__(self) -> str:
        held = sum(part is not None for part in self.moments)
        folds = f" in {held} folds" if len(self.moments) > 1 else ""
        return f"{self.rows} rows × {len(self.features)} features{folds}; target {self.target}"

    def __repr__(self) -> str:
        return f"<Gathered: {self}>"


def add_by_fold(some: Sequence[Moments | None], others: Sequence[Moments | None]) -> list[Moments | None]:
    """Moments by fold of two sets of rows, of which one may know fewer folds."""
    return [_add(a, b) for a, b in zip_longest(some, others)]


def _add(a: Moments | None, b: Moments | None) -> Moments | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b
