"""Gathering: one pass over a source that adds up the moments of its rows, all that squared loss needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from equipoise.data.arguments.folds import fold_count, ordered_count
from equipoise.data.arguments.messages import quoted, suggestion
from equipoise.data.arguments.named import NamedArray
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.gaps import no_row_left
from equipoise.data.stream.array_source import is_array, open_arrays
from equipoise.data.stream.learn import learn_encoding
from equipoise.data.stream.open_source import open_source
from equipoise.data.stream.piece import Piece
from equipoise.data.stream.source import Source
from equipoise.data.text.names import nfc
from equipoise.data.text.reading import PLAIN, Reading
from equipoise.sums.accumulate import PieceSummer, Sums, add_sums, refuse_large
from equipoise.sums.checkpoint import Checkpoint
from equipoise.sums.fold_labels import LabelledFolds, are_labels, learn_labels
from equipoise.sums.gathered import Gathered

MEMORY = 2 << 30  # bytes that moments may take


def gather_source(
    source: Any,
    target: Any,
    *,
    folds: Any = 10,
    groups: Any = None,
    weights: Any = None,
    offset: Any = None,
    columns: ColumnChoice = EVERY_COLUMN,
    memory: int = MEMORY,
    checkpoint: str | os.PathLike[str] | None = None,
    client: Any = None,
    progress: Callable[[int], None] | None = None,
    reading: Reading = PLAIN,
    encoding: Encoding | None = None,
    missing: str = "error",
) -> Gathered:
    """Gather a source; ``columns`` holds what :func:`equipoise.gather` is told of them.

    The columns of an ``encoding`` are read as it says, whatever the others.
    """
    number = _read_folds(folds, groups, memory)
    drop = _drops(missing)
    folds = folds if number is None else number
    asked = {"y": target, "sample_weight": weights, "offset": offset, "folds": folds, "groups": groups}
    asked = {role: nfc(name) if isinstance(name, str) else name for role, name in asked.items()}
    named = {role: name for role, name in asked.items() if isinstance(name, str)}
    if isinstance(source, NamedArray):
        columns = columns if columns.names is not None else columns._replace(names=source.names)
        source = np.asarray(source)
    if is_array(source):
        found = _open_arrays(source, asked, columns, client)
    else:
        columns.refuse_names()
        found = _open(source, asked, client)
    target, weights, offset, folds, groups = asked.values()
    fold_column = folds if isinstance(folds, str) else None
    roles = {role: name for role, name in asked.items() if isinstance(name, str)}
    if len(set(roles.values())) < len(roles):
        raise ValueError(f"one column has several roles: {', '.join(roles.values())}")
    columns = columns.checked(roles)
    first, opened = found.start()
    labels = groups
    if fold_column is not None and are_labels(first, fold_column):
        labels, fold_column = fold_column, None
    needed = [name for name in (target, weights, offset) if name is not None] if drop else None
    if encoding is None:
        texts = () if labels is None else (labels,)
        encoding = learn_encoding(first, opened, tuple(roles.values()), columns, reading, needed, texts)
    else:
        _refuse_absent(first, encoding, [*roles.values()])
    labelled = _labelled(opened, labels, number, encoding, needed)
    count = (number or 1) if labelled is None else labelled.count
    refuse_large(len(encoding.features), count, memory)
    local_progress = progress if opened.local else None  # a worker cannot call it
    summer = PieceSummer(
        encoding, target, weights, offset, fold_column, count, memory, drop, local_progress, labelled
    )
    read = _reader(summer, opened, checkpoint, {"folds": folds, "missing": missing})
    sums = opened.reduce(read, add_sums, summer.columns)
    if sums is None or sums.rows == 0:
        raise ValueError(f"{opened.name} has no rows: at least one is needed")
    told = named, offset is not None, source if isinstance(source, str) else opened.name
    return _gathered(sums, summer, told)


def _labelled(
    source: Source, column: str | None, number: int | None, encoding: Encoding, needed: Sequence[str] | None
) -> LabelledFolds | None:
    """The folds of a column of labels; None without one. Rows that lack a feature or what is needed drop."""
    if column is None:
        return None
    whole = [] if needed is None else [*needed, *(one.name for one in encoding.columns)]
    return learn_labels(source, column, number, encoding.reading, whole)


def _reader(
    summer: PieceSummer,
    source: Source,
    checkpoint: str | os.PathLike[str] | None,
    question: dict[str, Any],
) -> Callable[[Piece], Sums]:
    """What sums up a piece, by way of a checkpoint if there is one."""
    if checkpoint is None:
        return summer
    roles = [summer.target, summer.weights, summer.offset, summer.fold_column]
    question = {"roles": roles, "encoding": summer.encoding.to_dict(), **question}
    if summer.labelled is not None:
        labelled = summer.labelled
        question["labels"] = [labelled.role, labelled.column, labelled.digest]
    return partial(_read_or_load, summer, _checkpoint(checkpoint, source, question, summer.encoding))


def _gathered(sums: Sums, summer: PieceSummer, told: tuple[dict[str, str], bool, str]) -> Gathered:
    """What was summed up, as gathered data; at least one row must be left."""
    encoding, gaps = summer.encoding, tuple(sums.gaps.tolist())
    rows, parts = sums.rows - gaps[0], tuple(sums.parts)
    dropped = gaps if summer.drop else None
    labels = None if summer.labelled is None else summer.labelled.names
    grouped = summer.labelled is not None and labels is None
    data = Gathered(encoding.features, encoding, summer.target, rows, parts, *told, dropped, labels, grouped)
    if data.missing is not None and not rows:
        raise ValueError(no_row_left(data.missing, "drop such columns"))
    return data


def _checkpoint(
    folder: str | os.PathLike[str], source: Source, question: dict[str, Any], encoding: Encoding
) -> Checkpoint:
    """The checkpoint in a folder, if the source is one that can be gone on with."""
    if not os.fspath(folder):
        raise ValueError("checkpoint is empty: name a folder")
    if not source.stamped:
        raise ValueError("checkpoint is for files, which can be read again: leave it out, or pass a file")
    return Checkpoint(folder, question, len(encoding.features), len(encoding.columns))


def _drops(missing: str) -> bool:
    """Whether rows with missing values are dropped."""
    if missing == "mean":
        raise ValueError(
            "missing is 'mean', but the means of data that are read in batches would take another pass: pass "
            "missing='drop', or read the data whole"
        )
    if missing not in ("error", "drop"):
        raise ValueError(f"missing is {missing!r}: pass 'error' or 'drop' for data that are read in batches")
    return missing == "drop"


def _read_folds(folds: Any, groups: Any, memory: Any) -> int | None:
    """The number of folds, None where a column says it; the memory is checked too."""
    if ordered_count(folds) is not None:
        raise ValueError(
            f"folds is '{folds}', but data that are read in batches are held out fold by fold from all "
            "others, not from those before: read them into a data frame (or rename a column of that name)"
        )
    if isinstance(memory, bool) or not isinstance(memory, int | float) or not memory > 0:
        raise ValueError(f"memory is {memory!r}: pass a number of bytes, such as 2 << 30")
    number = fold_count(folds)
    if isinstance(folds, bool) or (number is not None and number < 2):
        raise ValueError(f"folds is {folds}: pass at least 2, or None for none")
    if groups is not None and number is None:
        what = "None" if folds is None else "given row by row"
        raise ValueError(f"groups are shared out to a number of folds, and folds is {what}: drop either")
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
        if isinstance(value, str) and value in (names or ()):
            continue
        if isinstance(value, str):
            raise TypeError(f"{role} is '{value}', but an array's columns have no names: pass an array, too")
        pairs = isinstance(value, list | tuple) and any(isinstance(one, list | tuple) for one in value[:1])
        if role == "folds" and (pairs or hasattr(value, "split")):
            raise TypeError(
                f"folds is a {type(value).__name__}, but an array that is read in batches takes a number, or "
                "the fold of each row: pass X and y to cross_validate for other folds"
            )
        label = role
        while names is not None and label in names:
            label += "_"
        extra[label] = value
        asked[role] = label
    return open_arrays(source, extra, client, names)


def _read_or_load(summer: PieceSummer, kept: Checkpoint, piece: Piece) -> Sums:
    """The sums of a piece, from the checkpoint if they are there, else computed and saved."""
    held = kept.load(piece.number, piece.stamp or {})
    if held is None:
        found = summer(piece)
        kept.save(piece.number, piece.stamp or {}, *found)
        return found
    found = Sums(*held)
    if summer.progress is not None:
        summer.progress(found.rows)
    return found
