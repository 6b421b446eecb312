"""Gathering: one pass over a source that adds up the moments of its rows, all that squared loss needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from equipoise.data.arguments.folds import fold_count
from equipoise.data.arguments.messages import quoted, suggestion
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.encoding import Encoding
from equipoise.data.stream.array_source import is_array, open_arrays
from equipoise.data.stream.learn import learn_encoding
from equipoise.data.stream.open_source import open_source
from equipoise.data.stream.piece import Piece
from equipoise.data.stream.source import Source
from equipoise.data.text.names import nfc
from equipoise.data.text.reading import PLAIN, Reading
from equipoise.sums.accumulate import PieceSummer, Sums, add_sums, refuse_large
from equipoise.sums.checkpoint import Checkpoint
from equipoise.sums.gathered import Gathered

MEMORY = 2 << 30  # bytes that moments may take


def gather_source(
    source: Any,
    target: Any,
    *,
    folds: Any = 10,
    weights: Any = None,
    offset: Any = None,
    columns: ColumnChoice = EVERY_COLUMN,
    memory: int = MEMORY,
    checkpoint: str | os.PathLike[str] | None = None,
    client: Any = None,
    progress: Callable[[int], None] | None = None,
    reading: Reading = PLAIN,
    encoding: Encoding | None = None,
) -> Gathered:
    """Gather a source; ``columns`` holds what :func:`equipoise.gather` is told of them.

    The columns of an ``encoding`` are read as it says, whatever the others.
    """
    number = _read_folds(folds, memory)
    folds = folds if number is None else number
    asked = {"y": target, "sample_weight": weights, "offset": offset, "folds": folds}
    asked = {role: nfc(name) if isinstance(name, str) else name for role, name in asked.items()}
    named = {role: name for role, name in asked.items() if isinstance(name, str)}
    if is_array(source):
        found = _open_arrays(source, asked, columns, client)
    else:
        columns.refuse_names()
        found = _open(source, asked, client)
    target, weights, offset, folds = asked.values()
    fold_column = folds if isinstance(folds, str) else None
    roles = {role: name for role, name in asked.items() if isinstance(name, str)}
    if len(set(roles.values())) < len(roles):
        raise ValueError(f"one column has several roles: {', '.join(roles.values())}")
    columns = columns.checked(roles)
    first, opened = found.start()
    if encoding is None:
        encoding = learn_encoding(first, opened, tuple(roles.values()), columns, reading)
    else:
        _refuse_absent(first, encoding, [*roles.values()])
    count = number or 1
    refuse_large(len(encoding.features), count, memory)
    local_progress = progress if opened.local else None  # a worker cannot call it
    summer = PieceSummer(encoding, target, weights, offset, fold_column, count, memory, local_progress)
    read: Callable[[Piece], Sums] = summer
    if checkpoint is not None:
        if not os.fspath(checkpoint):
            raise ValueError("checkpoint is empty: name a folder")
        if not opened.stamped:
            raise ValueError("checkpoint is for files, which can be read again: leave it out, or pass a file")
        question = {
            "roles": [target, weights, offset, fold_column],
            "folds": folds,
            "encoding": encoding.to_dict(),
        }
        read = partial(_read_or_load, summer, Checkpoint(checkpoint, question, len(encoding.features)))
    rows, parts = opened.reduce(read, add_sums, summer.columns) or (0, [])
    if rows == 0:
        raise ValueError(f"{opened.name} has no rows: at least one is needed")
    told = named, offset is not None, source if isinstance(source, str) else opened.name
    return Gathered(encoding.features, encoding, target, rows, tuple(parts), *told)


def _read_folds(folds: Any, memory: Any) -> int | None:
    """The number of folds, None where a column says it; the memory is checked too."""
    if isinstance(memory, bool) or not isinstance(memory, int | float) or not memory > 0:
        raise ValueError(f"memory is {memory!r}: pass a number of bytes, such as 2 << 30")
    number = fold_count(folds)
    if isinstance(folds, bool) or (number is not None and number < 2):
        raise ValueError(f"folds is {folds}: pass at least 2, or None for none")
    return number


def _refuse_absent(first: Any, encoding: Encoding, roles: Sequence[str]) -> None:
    """Refuse a source without a column that has a role or that the model was fitted on."""
    known = first.schema.names
    for name in roles:
        if name not in known:
            raise ValueError(f"there is no column '{name}': {suggestion(name, known)}")
    absent = [column.name for column in encoding.columns if column.name not in known]
    if absent:
        raise ValueError(f"X lacks columns on which the model was fitted: {quoted(absent)}")


def _open(source: Any, asked: dict[str, Any], client: Any) -> Source:
    """The source of a table; every role must be the name of a column."""
    for role, value in asked.items():
        named = isinstance(value, str) or (value is None and role != "y")
        if not (named or (role == "folds" and isinstance(value, int))):
            raise TypeError(f"{role} is {type(value).__name__}: pass the name of a column of the source")
    return open_source(source, client)


def _open_arrays(source: Any, asked: dict[str, Any], columns: ColumnChoice, client: Any) -> Source:
    """The source of a matrix; the arrays in ``asked`` become columns named after their roles."""
    if asked["y"] is None:
        raise TypeError("y is None: pass the response beside the array")
    columns.refuse_levels("an array of numbers")
    names = None if columns.names is None or source.ndim != 2 else columns.names_of(source.shape[1])
    number = isinstance(asked["folds"], int)
    extra = {}
    for role, value in asked.items():
        if value is None or (role == "folds" and number):
            continue
        if isinstance(value, str):
            raise TypeError(f"{role} is '{value}', but an array's columns have no names: pass an array, too")
        label = role
        while names is not None and label in names:
            label += "_"
        extra[label] = value
        asked[role] = label
    return open_arrays(source, extra, client, names)


def _read_or_load(summer: PieceSummer, kept: Checkpoint, piece: Piece) -> Sums:
    """The sums of a piece, from the checkpoint if they are there, else computed and saved."""
    before = kept.load(piece.number, piece.stamp or {})
    if before is None:
        before = summer(piece)
        kept.save(piece.number, piece.stamp or {}, *before)
    elif summer.progress is not None:
        summer.progress(before[0])
    return before
