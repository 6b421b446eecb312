"""The folds of rows by labels: text that names the fold, or groups, whole ones of which are shared out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.folds import is_for_training, share_out
from equipoise.data.arguments.messages import quoted
from equipoise.data.stream.arrow_columns import complete_part
from equipoise.data.stream.piece import Piece
from equipoise.data.stream.source import Source
from equipoise.data.text.arrow_text import is_text, with_nulls
from equipoise.data.text.reading import Reading, is_untyped

Indices = NDArray[np.intp]
Label: TypeAlias = str | float

MAX_FOLDS = 1_000  # most folds that labels may name


@dataclass(frozen=True)
class LabelledFolds:
    """The fold of every label of a column.

    Parameters
    ----------
    role : str
        What the labels are, "folds" or "groups".
    column : str
        The column.
    fold_of : dict of str or float to int
        The fold of the rows of a label.
    names : tuple of str, optional
        Names of the folds, where the labels name them; None for groups.
    """

    role: str
    column: str
    fold_of: Mapping[Label, int]
    names: tuple[str, ...] | None = None

    @property
    def count(self) -> int:
        """Number of folds."""
        return 1 + max(self.fold_of.values())

    @property
    def digest(self) -> str:
        """SHA-256 of the labels and their folds."""
        items = sorted((repr(label), fold) for label, fold in self.fold_of.items())
        return hashlib.sha256(repr(items).encode()).hexdigest()

    def of(self, batch: Any, reading: Reading, name: str, row: Indices) -> Indices:
        """Return the fold of each row of a batch, (n,).

        Parameters
        ----------
        batch : pyarrow.RecordBatch
            The batch.
        reading : Reading
            How text is read.
        name : str
            What error messages call the piece.
        row : (n,) index array
            Numbers of the rows in the piece.
        """
        labels, places = _labels(batch, self.column, self.role, reading, name, row)
        known = np.array([self.fold_of[label] for label in labels], dtype=np.intp)
        return known[places]


def are_labels(batch: Any, column: str) -> bool:
    """Tell whether a column holds text that numbers no folds, or dates, by a first batch."""
    import pyarrow as pa

    place = batch.schema.get_field_index(column)
    if place < 0:
        return False
    values = batch.column(place)
    if pa.types.is_dictionary(values.type):
        return is_text(values.type.value_type)
    if not is_text(values.type):
        return bool(pa.types.is_temporal(values.type))
    texts = with_nulls(pa.chunked_array([values]), (), typed=not is_untyped(batch)).unique().to_pylist()
    return not is_untyped(batch) or any(_number(text) is None for text in texts if text is not None)


def learn_labels(
    source: Source, column: str, number: int | None, reading: Reading, needed: Sequence[str]
) -> LabelledFolds:
    """Return the folds of a column of labels, from one pass over it.

    Parameters
    ----------
    source : Source
        The source, which must be one that can be read more than once.
    column : str
        The column.
    number : int or None
        How many folds whole groups are shared out to, as evenly as that allows; None where labels name the
        folds.
    reading : Reading
        How text is read.
    needed : sequence of str
        Columns without which a row is dropped, and does not count; none where no row is.

    Raises
    ------
    ValueError, TypeError
        If the source can be read only once, there are fewer groups than folds, or a label is missing.
    """
    role = "folds" if number is None else "groups"
    if not source.repeatable:
        raise ValueError(
            f"{role} '{column}' has to be looked through before the rows are summed up, but the source can "
            "be read only once: pass a file, a query or a frame, or name a column that numbers the folds 0, "
            "1, …"
        )
    names = [*dict.fromkeys([column, *needed])]
    sizes = source.reduce(_Count(column, role, reading, tuple(needed)), _add, names)
    if not sizes:
        raise ValueError(f"{source.name} has no rows: at least one is needed")
    labels = _merged(sizes, column, role)
    known = sorted(set(labels.values()))
    place = {label: k for k, label in enumerate(known)}
    if number is None:
        texts = tuple(map(str, known))
        if any(map(is_for_training, texts)):
            raise ValueError(
                f"folds '{column}' holds {quoted(texts)}, and gathered data hold out every fold from all "
                "others: read it into a data frame for one split, or name other labels"
            )
        if len(texts) > MAX_FOLDS:
            raise ValueError(f"folds '{column}' holds {len(texts)} labels: pass at most {MAX_FOLDS} folds")
        return LabelledFolds(role, column, {label: place[own] for label, own in labels.items()}, texts)
    count = np.zeros(len(known), dtype=np.intp)
    for label, own in labels.items():
        count[place[own]] += sizes[label]
    fold = share_out(count, number, 0).tolist()
    return LabelledFolds(role, column, {label: fold[place[own]] for label, own in labels.items()})


def _merged(sizes: Mapping[Label, int], column: str, role: str) -> dict[Label, Label]:
    """What each label is the same as: plain text that is numbers everywhere goes by its values."""
    kinds = {type(label) for label in sizes}
    if len(kinds) > 1:
        raise TypeError(
            f"{role} '{column}' holds text in some rows and numbers in others: give it one type in all rows"
        )
    if kinds == {_Plain}:
        numbers = {label: _number(str(label)) for label in sizes}
        if None not in numbers.values():
            return {label: value for label, value in numbers.items() if value is not None}
    return {label: label for label in sizes}


class _Plain(str):
    """Text of a source in which all is text, such as a CSV file."""

    __slots__ = ()


def _number(text: str) -> float | None:
    """The number that a text is; None if it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@dataclass(frozen=True)
class _Count:
    """Counts the complete rows of each label of a piece, wherever it lies."""

    column: str
    role: str
    reading: Reading
    needed: tuple[str, ...]

    def __call__(self, piece: Piece) -> dict[Label, int]:
        found: dict[Label, int] = {}
        start = piece.row
        for batch in piece.open([*dict.fromkeys([self.column, *self.needed])]):
            row = np.arange(batch.num_rows) + start
            start += batch.num_rows
            if self.needed:
                batch, kept, _ = complete_part(batch, self.needed, self.reading)
                row = row[kept]
            if not len(row):
                continue
            labels, places = _labels(batch, self.column, self.role, self.reading, piece.name, row)
            counts = np.bincount(places, minlength=len(labels)).tolist()
            found = _add(found, dict(zip(labels, counts, strict=True)))
        return found


def _add(some: dict[Label, int], others: dict[Label, int]) -> dict[Label, int]:
    for label, count in others.items():
        some[label] = some.get(label, 0) + count
    return some


def _labels(
    batch: Any, column: str, role: str, reading: Reading, name: str, row: Indices
) -> tuple[list[Label], Indices]:
    """The distinct labels of a batch, and the place of each row's among them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = batch.column(column)
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    untyped = is_untyped(batch)
    if pa.types.is_temporal(kind):
        values, kind = values.cast(pa.string()), pa.string()
    if is_text(kind):
        texts = pa.chunked_array([values.cast(kind)])
        values = with_nulls(texts, reading.null, typed=not untyped).combine_chunks()
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        values = values.cast(pa.int8()) if pa.types.is_boolean(kind) else values
        values = values.cast(pa.float64(), safe=False)
    else:
        raise TypeError(f"{name}: {role} '{column}' holds {kind}: name one of text, numbers or dates")
    gone = np.asarray(np.from_dlpack(pc.indices_nonzero(values.is_null(nan_is_null=not is_text(kind)))))
    if len(gone):
        found = f"{name} row {row[gone[0]]} (counting from 0): column '{column}' holds no value"
        raise ValueError(f"{found}: give every row a {role.removesuffix('s')}")
    encoded = values.dictionary_encode()
    labels = encoded.dictionary.to_pylist()
    if is_text(kind):
        plain = untyped and column not in reading.as_text
        labels = [_Plain(label) if plain else label for label in labels]
    return labels, np.asarray(np.from_dlpack(encoded.indices), dtype=np.intp)
