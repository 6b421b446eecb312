"""Data for a saved model: rows to predict for, or those that it was fitted to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from equipoise.cli.gathering import gather_from, is_gathered, read_batches
from equipoise.cli.reading import on_disk, read_source, split_names
from equipoise.data.arguments.arrays import as_weights
from equipoise.data.arguments.messages import suggestion
from equipoise.data.files.files import csv_texts, kind_of_file
from equipoise.data.files.queries import is_query
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.columns import pick_columns, read_column
from equipoise.data.frames.gaps import Missing as Record
from equipoise.data.text.names import nfc
from equipoise.data.text.reading import Reading
from equipoise.results.fit.roles import missing_values_told

if TYPE_CHECKING:
    from equipoise.cli.options import Missing
    from equipoise.cli.text_options import TextOptions
    from equipoise.results.fit.result import Fit
    from equipoise.results.fit.score import Score

Result = TypeVar("Result")

PREDICTION = "prediction"


def load_model(file: str) -> Fit:
    """Read one model; a ValueError refuses the file of a path or of a cross-validation, which hold many."""
    from equipoise.api.load import load
    from equipoise.results.choice.result import CrossValidation
    from equipoise.results.path.result import Path

    found = load(file)
    if isinstance(found, Path | CrossValidation):
        what, one = "path", "at(strength)"
        if isinstance(found, CrossValidation):
            what, one = "cross-validation", "one_se" if "one-se" in found.choices else "best"
        raise ValueError(
            f"{file} holds a {what}, not one model: save one of its models in Python, "
            f"load({file!r}).{one}.save('model.json')"
        )
    return found


def predictions(
    source: str,
    model: Fit,
    offset: str | None,
    unseen: Literal["error", "zero"],
    text: TextOptions,
    keep: Sequence[str] = (),
    missing: Literal["error", "nan"] = "error",
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Predict for each row of a source, batch by batch for a folder or pattern.

    `offset` is the column of a known part of each prediction, "0" for none, or None for the column that the
    model was fitted with; `unseen` says what to do with a category that the fit did not see; `keep` names
    the columns that are to stand before the predictions. Returns the header, and for each row its entries in
    those columns and its prediction, which with `missing` "nan" is None where a value is missing.
    """

    def predict(table: Any) -> list[float | None]:
        with missing_values_told():
            name, known = _offset_of(model, table, offset, missing == "error")
        X = _features_of(model, table, (name,))
        found = model.predict(X, offset=known, unseen=unseen, missing=missing)
        return [None if value != value else value for value in found.tolist()]  # NaN is an empty entry

    rows = _with_predictions(source, reading_for(model, text), predict, keep)
    header = next(rows)
    return list(header), rows


def _with_predictions(
    source: str,
    reading: tuple[Reading, dict[str, bool] | None],
    predict: Callable[[Any], list[float | None]],
    keep: Sequence[str],
) -> Iterator[tuple[Any, ...]]:
    """The header, then each row; entries of a CSV file as they are written there, others as their values."""
    names: list[str] | None = None
    texts: Iterator[tuple[Any, ...]] = iter(())
    with on_disk(source) as file:
        for place, row, table, found in _each_table(file, reading, predict):
            if names is None:
                names = _names_to_keep(keep, table.column_names)
                yield (*names, PREDICTION)
            if not names:
                yield from zip(found, strict=True)
                continue
            if not is_query(place) and kind_of_file(Path(place)) == "CSV":
                texts = csv_texts(place, names) if row == 0 else texts
                kept = [*islice(texts, len(found))]
            else:
                kept = [*zip(*(table.column(name).to_pylist() for name in names), strict=True)]
            if len(kept) != len(found):
                raise ValueError(f"{place} was changed while it was read: predict again")
            yield from ((*entries, value) for entries, value in zip(kept, found, strict=True))
    if names is None:
        yield (*split_names(keep), PREDICTION)


def _names_to_keep(keep: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The columns to keep, each once."""
    names = list(dict.fromkeys(map(nfc, split_names(keep, columns))))
    for name in names:
        if name not in columns:
            raise ValueError(f"--keep names '{name}', which is no column: {suggestion(name, columns)}")
    if PREDICTION in names:
        raise ValueError(
            f"--keep names '{PREDICTION}', as the predictions are called: give the column another name in a "
            f'query, "select *, {PREDICTION} as old from …"'
        )
    return names


def score_of(
    source: str,
    model: Fit,
    *,
    target: str | None,
    weights: str | None,
    offset: str | None,
    unseen: Literal["error", "zero"],
    text: TextOptions,
) -> Score:
    """Score a model on the rows of a source, in one pass, batch by batch for a folder or pattern.

    `target` and `weights` name columns; `offset` and `unseen` are as in `predictions`.
    """
    from equipoise.results.fit.score import ErrorSums, refuse_other_response

    target = _target_of(model, target)
    refuse_other_response(model.encoding, target)
    known_as = model.columns["offset"] if offset is None else offset
    roles = [name for name in (target, weights, known_as) if name is not None]
    for name in roles:
        if roles.count(name) > 1:
            raise ValueError(f"column '{name}' is named in two roles: choose one")

    def sums(table: Any) -> ErrorSums:
        y = read_column(table, target, role="target")
        name, known = _offset_of(model, table, offset)
        s = None if weights is None else read_column(table, weights, role="weights column")
        if s is not None and s.any():  # in a batch all may be 0
            s = as_weights(s, len(s))
        others = (target, weights, name)
        found = model.predict(_features_of(model, table, others), offset=known, unseen=unseen)
        null = np.full(len(y), model.null_prediction) + (0.0 if known is None else known)
        return ErrorSums.of(y, found, null, s)

    with on_disk(source) as file:
        total = sum((found for *_, found in _each_table(file, reading_for(model, text), sums)), ErrorSums())
    return total.score(model.null_prediction, model.offset if offset is None else offset != "0")


def _each_table(
    source: str, reading: tuple[Reading, dict[str, bool] | None], work: Callable[[Any], Result]
) -> Iterator[tuple[str, int, Any, Result]]:
    """The table of a source, or each batch of a folder or pattern, and what `work` makes of it.

    They come with the file, and the place of their first row there, which a mistake in a batch names, too.
    """
    if not is_gathered(source, None, None):
        table = read_source(source, *reading)
        yield source, 0, table, work(table)
        return
    for name, row, table in read_batches(source, *reading):
        try:
            found = work(table)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{name}, rows from {row}: {error}") from None
        yield name, row, table, found


def _offset_of(model: Fit, table: Any, offset: str | None, finite: bool = True) -> tuple[str | None, Any]:
    """The column of the offset, and its values, or 0, or None where there is none."""
    names = table.column_names
    if offset is None and model.offset:
        offset = model.columns["offset"]
        if offset not in names:
            known = "" if offset is None else f" (column '{offset}', which is not here)"
            raise ValueError(
                f"the model was fitted with an offset{known}: say --offset COLUMN, or --offset 0 on purpose"
            )
    if offset is None or (offset == "0" and offset not in names):
        return None, offset and 0.0
    return offset, read_column(table, offset, role="offset column", finite=finite)


def _target_of(model: Fit, target: str | None) -> str:
    """The column to explain: the one that is named, or the model's."""
    found = target or model.columns["target"]
    if found is None:
        raise ValueError("--target is missing, and the model does not know it: name the column to explain")
    return found


def read_for_model(
    source: str,
    model: Fit,
    *,
    target: str | None,
    weights: str | None,
    offset: str | None,
    memory: str | None,
    checkpoint: str | None,
    missing: Missing | None,
    text: TextOptions,
) -> tuple[Fit, dict[str, Any]]:
    """Read the data that a model was fitted to; returns it, and X, y, sample_weight, offset for its methods.

    The columns of `target`, `weights` and `offset` and the policy for `missing` values are those of the fit
    where they are None; the rest is as on the command line.
    """
    target = _target_of(model, target)
    weights, offset = weights or model.columns["weights"], offset or model.columns["offset"]
    if missing is not None and missing.value != _policy(model):
        record = None if missing.value == "error" else Record(missing.value, 0, 0, ())
        model = replace(model, missing=record)
    if is_gathered(source, memory, checkpoint):
        from equipoise.data.formula.formulas import Formula

        if isinstance(model.encoding, Formula):
            raise ValueError("the model has a formula, which is not for data that are read in batches")
        encoding = model.encoding
        if encoding is not None:
            encoding = replace(encoding, reading=reading_for(model, text)[0])
        found = gather_from(
            source,
            target,
            folds=None,
            weights=weights,
            offset=offset,
            columns=ColumnChoice(features=model.features) if encoding is None else EVERY_COLUMN,
            memory=memory,
            checkpoint=checkpoint,
            reading=text.reading,
            encoding=encoding,
            missing="drop" if _policy(model) == "drop" else "error",
        )
        return model, {"X": found, "y": None, "sample_weight": None, "offset": None}
    table = read_source(source, *reading_for(model, text))
    roles = {"y": target, "sample_weight": weights, "offset": offset}
    words = {"y": "target", "sample_weight": "weights column", "offset": "offset column"}
    whole = _policy(model) == "error"
    read = {
        argument: None if name is None else read_column(table, name, role=words[argument], finite=whole)
        for argument, name in roles.items()
    }
    return model, {"X": _features_of(model, table, (target, weights, offset)), **read}


def _policy(model: Fit) -> str:
    """What the fit did about missing values."""
    return "error" if model.missing is None else model.missing.policy


def reading_for(model: Fit, text: TextOptions) -> tuple[Reading, dict[str, bool] | None]:
    """How the text of data for a model is read, and for its columns, whether they are numeric."""
    if model.encoding is None:
        return text.reading, None
    known = {column.name: column.kind == "numeric" for column in model.encoding.columns}
    return text.reading_of(model.encoding.reading, known), known


def _features_of(model: Fit, table: Any, others: Iterable[str | None]) -> Any:
    """The model's columns of a table; all in their order where a model of an array knows no such names."""
    if model.encoding is not None:
        return table
    if set(model.features) <= set(table.column_names):
        return pick_columns(table, keep=model.features)
    return pick_columns(table, drop=[name for name in others if name is not None])
