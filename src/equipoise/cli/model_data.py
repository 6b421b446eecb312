"""Data for a saved model: rows to predict for, or those that it was fitted to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from equipoise.cli.gathering import gather_from, is_gathered, read_batches
from equipoise.cli.reading import read_source
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.columns import pick_columns, read_column
from equipoise.data.text.reading import Reading

if TYPE_CHECKING:
    from equipoise.cli.text_options import TextOptions
    from equipoise.results.fit.result import Fit


def load_model(file: str) -> Fit:
    """Read one model; a ValueError refuses the file of a path or of a cross-validation, which hold many."""
    from equipoise.api.load import load
    from equipoise.results.choice.result import CrossValidation
    from equipoise.results.path.result import Path

    found = load(file)
    if isinstance(found, Path | CrossValidation):
        what, one = ("path", "at(strength)") if isinstance(found, Path) else ("cross-validation", "one_se")
        raise ValueError(
            f"{file} holds a {what}, not one model: save one of its models in Python, "
            f"load({file!r}).{one}.save('model.json')"
        )
    return found


def predictions(
    source: str, model: Fit, offset: str | None, unseen: Literal["error", "zero"], text: TextOptions
) -> Iterator[float]:
    """Predict for each row of a source, batch by batch for a folder or pattern.

    `offset` is the column of a known part of each prediction, or None; `unseen` says what to do with a
    category that the fit did not see.
    """

    def predict(table: Any) -> list[float]:
        known = None if offset is None else read_column(table, offset, role="offset column")
        found = model.predict(_features_of(model, table, (offset,)), offset=known, unseen=unseen)
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


def read_for_model(
    source: str,
    model: Fit,
    *,
    target: str,
    weights: str | None,
    offset: str | None,
    memory: str | None,
    checkpoint: str | None,
    text: TextOptions,
) -> dict[str, Any]:
    """Read the data that a model was fitted to; returns X, y, sample_weight and offset for `Fit.explain`.

    `target`, `weights` and `offset` name columns as at the fit; the rest is as on the command line.
    """
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
        )
        return {"X": found, "y": None, "sample_weight": None, "offset": None}
    table = read_source(source, *reading_for(model, text))
    return {
        "X": _features_of(model, table, (target, weights, offset)),
        "y": read_column(table, target, role="target"),
        "sample_weight": None if weights is None else read_column(table, weights, role="weights column"),
        "offset": None if offset is None else read_column(table, offset, role="offset column"),
    }


def reading_for(model: Fit, text: TextOptions) -> tuple[Reading, dict[str, bool] | None]:
    """How the text of data for a model is read, and for its columns, whether they are numeric."""
    if model.encoding is None:
        return text.reading, None
    known = {column.name: column.kind == "numeric" for column in model.encoding.columns}
    return text.reading_of(model.encoding.reading), known


def _features_of(model: Fit, table: Any, others: Iterable[str | None]) -> Any:
    """The model's columns of a table; all in their order where a model of an array knows no such names."""
    if model.encoding is not None:
        return table
    if set(model.features) <= set(table.column_names):
        return pick_columns(table, keep=model.features)
    return pick_columns(table, drop=[name for name in others if name is not None])
