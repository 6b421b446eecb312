"""Data for a saved model: rows to predict for, or those that it was fitted to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from equipoise.cli.gathering import gather_from, is_gathered, read_batches
from equipoise.cli.reading import read_source
from equipoise.data.frames.columns import pick_columns, read_column
from equipoise.data.frames.gaps import Missing as Record
from equipoise.data.text.reading import PLAIN, Reading

if TYPE_CHECKING:
    from equipoise.cli.options import Missing
    from equipoise.cli.text_options import TextOptions
    from equipoise.results.fit.result import Fit


def predictions(
    source: str, model: Fit, offset: str | None, unseen: Literal["error", "zero"], text: TextOptions
) -> Iterator[float]:
    """Predict for each row of a source, batch by batch for a folder or pattern.

    `offset` is the column of a known part of each prediction, "0" for none, or None for the column that the
    model was fitted with; `unseen` says what to do with a category that the fit did not see.
    """

    def predict(table: Any) -> list[float]:
        name, known = _offset_of(model, table, offset)
        found = model.predict(_features_of(model, table, (name,)), offset=known, unseen=unseen)
        return list(found.tolist())

    if not is_gathered(source, None, None):
        yield from predict(read_source(source, *reading_for(model, text)))
        return
    for name, row, table in read_batches(source, *reading_for(model, text)):
        try:
            found = predict(table)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{name}, rows from {row}: {error}") from None
        yield from found


def _offset_of(model: Fit, table: Any, offset: str | None) -> tuple[str | None, Any]:
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
    return offset, read_column(table, offset, role="offset column")


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
    columns = model.columns
    target, weights = target or columns["target"], weights or columns["weights"]
    offset = offset or columns["offset"]
    if target is None:
        raise ValueError("--target is missing, and the model does not know it: name the column to explain")
    if missing is not None and missing.value != _policy(model):
        record = None if missing.value == "error" else Record(missing.value, 0, 0, ())
        model = replace(model, missing=record)
    if is_gathered(source, memory, checkpoint):
        from equipoise.data.formula.formulas import Formula

        if isinstance(model.encoding, Formula):
            raise ValueError("the model has a formula, which is not for data that are read in batches")
        features = model.features
        if model.encoding is not None:
            features = tuple(column.name for column in model.encoding.columns)
        found = gather_from(
            source,
            target,
            folds=None,
            weights=weights,
            offset=offset,
            features=features,
            memory=memory,
            checkpoint=checkpoint,
            reading=reading_for(model, text)[0],
        )
        return model, {"X": found, "y": None, "sample_weight": None, "offset": None}
    table = read_source(source, *reading_for(model, text))
    roles = {"y": target, "sample_weight": weights, "offset": offset}
    words = {"y": "target", "sample_weight": "weights column", "offset": "offset column"}
    whole = _policy(model) != "drop"
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
    return text.reading_of(getattr(model.encoding, "reading", PLAIN)), known


def _features_of(model: Fit, table: Any, others: Iterable[str | None]) -> Any:
    """The model's columns of a table; all in their order where a model of an array knows no such names."""
    if model.encoding is not None:
        return table
    if set(model.features) <= set(table.column_names):
        return pick_columns(table, keep=model.features)
    return pick_columns(table, drop=[name for name in others if name is not None])
