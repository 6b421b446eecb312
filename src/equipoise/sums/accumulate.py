"""From the batches of a piece to its moments by fold, in this process or on a worker of a cluster."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import MissingValues
from equipoise.data.frames.encoding import Encoding
from equipoise.data.stream.arrow_columns import (
    complete_part,
    read_batch_column,
    read_batch_features,
    refuse_other_types,
)
from equipoise.data.stream.piece import Piece
from equipoise.sums.fold_labels import LabelledFolds
from equipoise.sums.fold_moments import batch_moments, hashed_features, hashed_folds
from equipoise.sums.gathered import ROLES, add_by_fold
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]


class Sums(NamedTuple):
    """What is summed up of some rows.

    Attributes
    ----------
    rows : int
        Number of rows read.
    parts : list of Moments or None
        Moments of each fold; None for a fold without rows.
    gaps : (1 + columns + 3,) index array
        Numbers of rows that were dropped for missing values, and of missing values in each column of the
        encoding, y, the offset and the weights.
    """

    rows: int
    parts: list[Moments | None]
    gaps: NDArray[np.intp]


@dataclass(frozen=True)
class PieceSummer:
    """Sums up pieces: called with a piece, it returns what is summed up of its rows.

    Parameters
    ----------
    encoding : Encoding
        How columns become features.
    target, weights, offset, fold_column : str or None
        Names of the columns with the response, the weights, the offset and the folds.
    folds : int
        Number of folds; ignored if there is a fold column.
    memory : int
        Bytes that the moments may take.
    drop : bool, default False
        Whether rows with missing values are dropped; they are refused if not.
    progress : callable, optional
        Called with the number of rows of each batch.
    labelled : LabelledFolds, optional
        The folds of a column of labels.
    """

    encoding: Encoding
    target: str
    weights: str | None
    offset: str | None
    fold_column: str | None
    folds: int
    memory: int
    drop: bool = False
    progress: Callable[[int], None] | None = None
    labelled: LabelledFolds | None = None

    @property
    def columns(self) -> list[str]:
        """Names of the columns that are read."""
        labels = None if self.labelled is None else self.labelled.column
        roles = (self.target, self.weights, self.offset, self.fold_column, labels)
        names = [*roles, *(column.name for column in self.encoding.columns)]
        return [*dict.fromkeys(name for name in names if name is not None)]

    @cached_property
    def _hashed_features(self) -> list[int]:
        kinds = [column.kind for column in self.encoding.columns for _ in column.features]
        return [int(j) for j in hashed_features([kind == "numeric" for kind in kinds])]

    def __call__(self, piece: Piece) -> Sums:
        """Return what is summed up of the rows of a piece.

        Parameters
        ----------
        piece : Piece
            The piece to read.

        Raises
        ------
        ValueError, TypeError
            If a value cannot be used; the message names piece, row and column.
        """
        rows, gaps = 0, np.zeros(1 + len(self.encoding.columns) + len(ROLES), dtype=np.intp)
        parts: list[Moments | None] = [None] * self.folds
        for batch in piece.open(self.columns):
            if not batch.num_rows:
                continue
            count = batch.num_rows
            numbers = np.arange(count) + (piece.row + rows)
            rows += count
            roles = [r for r in (self.target, self.weights, self.offset, self.fold_column) if r is not None]
            asked = (batch, self.encoding, roles, piece.name, int(numbers[0]))
            refuse_other_types(*asked)
            if self.drop:
                batch, kept = self._complete(batch, gaps)
                numbers = numbers[kept]
            if len(numbers):
                try:
                    parts = add_by_fold(parts, self._moments(piece.name, numbers, batch))
                except (TypeError, ValueError):
                    refuse_other_types(*asked, closely=True)  # names the row of a text that is no number
                    raise
                refuse_large(len(self.encoding.features), len(parts), self.memory)
            if self.progress is not None:
                self.progress(count)
        return Sums(rows, parts, gaps)

    def _complete(self, batch: Any, gaps: NDArray[np.intp]) -> tuple[Any, NDArray[np.bool_]]:
        """The complete rows of a batch and a mask of them; what is missing is counted in ``gaps``."""
        names = [column.name for column in self.encoding.columns]
        roles = [self.target, self.offset, self.weights]
        needed = [*names, *(role for role in roles if role is not None)]
        part, kept, counts = complete_part(batch, needed, self.encoding.reading)
        of_roles = iter(counts[len(names) :])
        gaps += [
            len(kept) - int(kept.sum()),
            *counts[: len(names)],
            *(0 if role is None else next(of_roles) for role in roles),
        ]
        return part, kept

    def _moments(self, name: str, row: NDArray[np.intp], batch: Any) -> list[Moments | None]:
        """Moments of a batch by fold; error messages name the file and the row, by rows' numbers."""
        with _prefixed_errors(f"{name}, rows from {row[0]}"):
            columns = read_batch_features(batch, self.encoding)
        y = self._column(batch, name, row, self.target)
        if self.offset is not None:
            y = y - self._column(batch, name, row, self.offset)
        weights = None if self.weights is None else self._column(batch, name, row, self.weights)
        if weights is not None and weights.min() < 0:
            at = int(np.argmax(weights < 0))
            raise ValueError(
                f"{name} row {row[at]} (counting from 0): column '{self.weights}' is {weights[at]:g}: "
                "weights are not negative"
            )
        fold, folds = None, self.folds
        if self.labelled is not None:
            fold = self.labelled.of(batch, self.encoding.reading, name, row)
        elif self.fold_column is not None:
            fold = self._fold(self._column(batch, name, row, self.fold_column), name, row)
            folds = max(folds, int(fold.max()) + 1)
        elif folds > 1:
            fold = hashed_folds([columns[j] for j in self._hashed_features], y, folds)
        parts = batch_moments(columns, y, weights, fold, folds)
        # A missing or infinite value makes a sum NaN or infinite, except in a row of weight 0.
        if weights is not None or not all(np.isfinite(part.offset_x).all() for part in parts if part):
            for feature, column in zip(self.encoding.features, columns, strict=True):
                self._refuse_gaps(name, row, feature, column)
        return parts

    def _fold(self, values: Array, name: str, row: NDArray[np.intp]) -> NDArray[np.intp]:
        """Fold numbers from the fold column of a batch."""
        with np.errstate(invalid="ignore"):
            fold = values.astype(np.intp)
        wrong = np.flatnonzero((fold != values) | (fold < 0) | (fold > 10_000))
        if len(wrong):
            raise ValueError(
                f"{name} row {row[wrong[0]]} (counting from 0): column '{self.fold_column}' is "
                f"{values[wrong[0]]:g}: folds are numbered 0, 1, 2, …"
            )
        return fold

    def _column(self, batch: Any, name: str, row: NDArray[np.intp], column: str) -> Array:
        """A column of a batch that is not a feature, without missing or infinite values."""
        with _prefixed_errors(f"{name}, rows from {row[0]}"):
            values = read_batch_column(batch, column, self.encoding.reading)
        self._refuse_gaps(name, row, column, values)
        return values

    def _refuse_gaps(self, name: str, row: NDArray[np.intp], column: str, values: Array) -> None:
        """Refuse missing and infinite values; only if their sum is not finite is each looked at."""
        with np.errstate(over="ignore", invalid="ignore"):
            if math.isfinite(values.sum()):
                return
        wrong = np.flatnonzero(~np.isfinite(values))
        if len(wrong):
            gone = bool(np.isnan(values[wrong[0]]))
            found = (
                f"{name} row {row[wrong[0]]} (counting from 0): column '{column}' holds "
                f"{'no value' if gone else 'an infinite value'}"
            )
            if column == self.fold_column:
                raise ValueError(f"{found}: give every row a fold")
            raise MissingValues.of(found, *(("drop",) if gone else ()))


@contextmanager
def _prefixed_errors(where: str) -> Iterator[None]:
    """Begin the message of a ValueError or TypeError with `where`."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise type(error)(f"{where}: {error}") from None


def add_sums(some: Sums, others: Sums) -> Sums:
    """Return what is summed up of two disjoint sets of rows.

    Parameters
    ----------
    some, others : Sums
        What is summed up of each set.
    """
    return Sums(some.rows + others.rows, add_by_fold(some.parts, others.parts), some.gaps + others.gaps)


def refuse_large(features: int, folds: int, memory: int) -> None:
    """Refuse moments that do not fit into memory.

    Parameters
    ----------
    features, folds : int
        Numbers of features and folds.
    memory : int
        Bytes that the moments may take.

    Raises
    ------
    ValueError
        If the moments take more.
    """
    needed = 8 * (features + 1) ** 2 * (folds + 2)
    if needed > memory:
        raise ValueError(
            f"{features} features in {folds} folds need {_bytes_text(needed)} of moments, more than memory "
            f"allows ({_bytes_text(memory)}): pass fewer folds or features, or a larger memory, or read very "
            "many columns where they are, by equipoise.Mapped"
        )


def _bytes_text(count: int) -> str:
    """A number of bytes with its unit."""
    unit, name = next(
        (u, n) for u, n in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "bytes")) if count >= u
    )
    return f"{count / unit:.3g} {name}"
