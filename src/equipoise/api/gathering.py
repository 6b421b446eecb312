"""The verb that reads data of any size once: `gather`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.batches import Piece, Source, learn_encoding, open_source
from equipoise.data.encoding import Encoding
from equipoise.design.checkpoint import Checkpoint
from equipoise.design.gathered import Gathered, batch_moments, hashed_folds, join
from equipoise.design.moments import Moments

Array = NDArray[np.float64]

MEMORY = 2 << 30  # bytes that moments may take


def gather(
    source: Any,
    target: str,
    *,
    folds: int | str | None = 10,
    weights: str | None = None,
    offset: str | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    memory: int = MEMORY,
    checkpoint: str | os.PathLike[str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Gathered:
    """Read data of any size once, in batches, and keep what squared loss asks of them.

    What is kept, ``Gathered``, stands for X and y in :func:`fit`, :func:`path` and :func:`cross_validate`,
    for any penalty, standardisation, bounds and number of strengths, without another look at the data:
    means and centred cross-products by fold, (p + 1)² numbers each.

    Parameters
    ----------
    source : path, SQL query, data frame or stream
        A file (CSV, Parquet, JSON lines), a folder of them or a pattern such as ``"data/*.parquet"``, an SQL
        query over files, a data frame, a ``pyarrow.RecordBatchReader`` or anything else with the Arrow C
        stream interface.
    target : str
        The column to explain.
    folds : int, str or None, default 10
        How many folds rows are sorted into, by what they hold (so that neither their order nor the size of
        batches matters, and equal rows are held out together); or the column of whole numbers that says it;
        None for none, where nothing is to be cross-validated.
    weights, offset : str, optional
        Columns of sample weights and of a known part of each row's prediction.
    features : sequence of str, optional
        The columns that are features; all the others without it. Text becomes one 0/1 feature a level, found
        in a first scan of such columns alone.
    drop : sequence of str, optional
        Columns to leave out.
    memory : int, default 2 GiB
        Bytes that the moments may take; more is refused before anything is read.
    checkpoint : path, optional
        A folder for the moments of every file (of every million rows of a Parquet file) as it has been read,
        so that an interrupted pass goes on from there, with the same result to the last bit.
    progress : callable, optional
        Called with the number of rows of each batch.

    Returns
    -------
    Gathered
        Moments by fold; it prints, and adds up with what other rows gave.

    Raises
    ------
    ImportError
        If pyarrow or DuckDB is missing.
    OSError
        If there is no such file.
    ValueError, TypeError
        If a column is missing, or changes its type between batches, or holds a value that is missing or
        infinite: in a sentence that names the file, the row and the column.

    References
    ----------
    Chan, Golub & LeVeque (1983), *American Statistician* 37, for joining moments.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa, equipoise as eq
    >>> a, b = np.arange(60.0), np.arange(60.0) ** 2 % 7
    >>> data = eq.gather(pa.table({"a": a, "b": b, "y": a + 2 * b}), "y", folds=3)
    >>> cv = eq.cross_validate(data)
    >>> cv.best.features
    ('a', 'b')
    """
    if isinstance(folds, int) and folds < 2:
        raise ValueError(f"folds is {folds}: pass at least 2, or None for none")
    of_fold = folds if isinstance(folds, str) else None
    roles = [name for name in (target, weights, offset, of_fold) if name is not None]
    if len(set(roles)) < len(roles):
        raise ValueError(f"one column has several roles: {', '.join(roles)}")
    opened = open_source(source)
    encoding, pieces = _learn(opened, roles, features, drop)
    count = 1 if of_fold is not None or folds is None else int(folds)
    _refuse_large(len(encoding.features), count, memory)
    reader = _Reader(encoding, target, weights, offset, of_fold, count)
    kept = None
    if checkpoint is not None:
        if any(piece.stamp is None for piece in pieces):
            raise ValueError("checkpoint is for files, which can be read again: leave it out, or pass a file")
        kept = Checkpoint(checkpoint, {"roles": roles, "folds": folds, "encoding": encoding.to_dict()})
    wanted = [*dict.fromkeys([*roles, *(column.name for column in encoding.columns)])]
    rows = 0
    parts: list[Moments | None] = [None] * count
    for number, piece in enumerate(pieces):
        before = None if kept is None else kept.load(number, piece.stamp or {})
        if before is None:
            before = _read(piece, reader, wanted, memory, progress)
            if kept is not None:
                kept.save(number, piece.stamp or {}, *before)
        elif progress is not None:
            progress(before[0])
        rows += before[0]
        parts = join(parts, before[1])
    if rows == 0:
        raise ValueError(f"{pieces[0].name} has no rows: at least one is needed")
    return Gathered(encoding.features, encoding, target, rows, tuple(parts))


def _learn(
    source: Source, roles: Sequence[str], features: Sequence[str] | None, drop: Sequence[str]
) -> tuple[Encoding, Sequence[Piece]]:
    """How columns become features, by the first batch, and the pieces that are still to be read."""
    for piece in source.pieces:
        batches = piece.open(None)
        first = next((batch for batch in batches if batch.num_rows), None)
        if first is not None:
            encoding = learn_encoding(first, source, roles, features, drop)
            if source.repeatable:
                return encoding, source.pieces
            # Of a stream the first batch is gone.
            return encoding, [replace(piece, open=partial(_rest, first, batches))]
    raise ValueError(f"{source.pieces[0].name} has no rows: at least one is needed")


def _rest(first: Any, batches: Iterator[Any], columns: Sequence[str]) -> Iterator[Any]:
    return (batch.select(list(columns)) for batch in chain([first], batches))


def _read(
    piece: Piece,
    reader: _Reader,
    wanted: Sequence[str],
    memory: int,
    progress: Callable[[int], None] | None,
) -> tuple[int, list[Moments | None]]:
    """Rows and moments of a piece."""
    rows = 0
    parts: list[Moments | None] = [None] * reader.folds
    for batch in piece.open(wanted):
        if not batch.num_rows:
            continue
        parts = join(parts, reader.moments(piece.name, piece.row + rows, batch))
        _refuse_large(len(reader.encoding.features), len(parts), memory)
        rows += batch.num_rows
        if progress is not None:
            progress(batch.num_rows)
    return rows, parts


def _refuse_large(features: int, folds: int, memory: int) -> None:
    needed = 8 * (features + 1) ** 2 * (folds + 2)
    if needed > memory:
        raise ValueError(
            f"{features} features in {folds} folds need {needed / 2**30:.1f} GiB of moments, more than "
            f"memory allows ({memory / 2**30:.1f} GiB): pass fewer folds or features, or a larger memory"
        )


class _Reader:
    """From a batch to its moments by fold."""

    def __init__(
        self,
        encoding: Encoding,
        target: str,
        weights: str | None,
        offset: str | None,
        of_fold: str | None,
        folds: int,
    ) -> None:
        self.encoding = encoding
        self.target, self.weights, self.offset, self.of_fold = target, weights, offset, of_fold
        self.folds = folds

    def moments(self, name: str, row: int, batch: Any) -> list[Moments | None]:
        """Moments of a batch by fold; what is wrong with it is said with its file and row."""
        import pyarrow as pa

        from equipoise.data.frames import read_features

        table = pa.Table.from_batches([batch])
        try:
            X = read_features(table, encoding=self.encoding, finite=False).matrix
        except (ValueError, TypeError) as error:
            raise type(error)(f"{name}, rows from {row}: {error}") from None
        bad = np.flatnonzero(~np.isfinite(X.sum(axis=0)))
        for j in bad.tolist():
            self._refuse(name, row, self.encoding.features[j], X[:, j])
        y = self._column(table, name, row, self.target)
        if self.offset is not None:
            y = y - self._column(table, name, row, self.offset)
        weights = None if self.weights is None else self._column(table, name, row, self.weights)
        if weights is not None and weights.min() < 0:
            at = int(np.argmax(weights < 0))
            raise ValueError(
                f"{name} row {row + at}: column '{self.weights}' is {weights[at]:g}: weights are not negative"
            )
        if self.of_fold is not None:
            fold = self._fold(self._column(table, name, row, self.of_fold), name, row)
            return batch_moments(X, y, weights, fold, max(self.folds, int(fold.max()) + 1))
        return batch_moments(
            X, y, weights, hashed_folds(X, y, self.folds) if self.folds > 1 else None, self.folds
        )

    def _fold(self, values: Array, name: str, row: int) -> NDArray[np.intp]:
        fold = values.astype(np.intp)
        wrong = np.flatnonzero((fold != values) | (fold < 0) | (fold > 10_000))
        if len(wrong):
            raise ValueError(
                f"{name} row {row + int(wrong[0])}: column '{self.of_fold}' is {values[wrong[0]]:g}: folds "
                "are numbered 0, 1, 2, …"
            )
        return fold

    def _column(self, table: Any, name: str, row: int, column: str) -> Array:
        from equipoise.data.columns import read_column

        try:
            values = read_column(table, column, role="column", finite=False)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{name}, rows from {row}: {error}") from None
        if not np.isfinite(values).all():
            self._refuse(name, row, column, values)
        return values

    def _refuse(self, name: str, row: int, column: str, values: Array) -> None:
        wrong = np.flatnonzero(~np.isfinite(values))
        if len(wrong):
            what = "no value" if np.isnan(values[wrong[0]]) else "an infinite value"
            raise ValueError(
                f"{name} row {row + int(wrong[0])} (counting from 0): column '{column}' holds {what}: drop "
                "or impute such rows first"
            )
