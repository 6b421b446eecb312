"""The data of a saved model: rows to predict for, and those that it was fitted to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from equipoise.cli.gathering import gather_from, is_gathered, read_batches
from equipoise.cli.reading import read_source
from equipoise.data.frames.columns import pick_columns, read_column

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit


def predictions(
    source: str, model: Fit, offset: str | None, unseen: Literal["error", "zero"]
) -> Iterator[float]:
    """Read rows and predict for them, batch by batch where they come in batches.

    Parameters
    ----------
    source : str
        A file, an SQL query, a folder or a pattern.
    model : Fit
        The model.
    offset : str or None
        The column of a known part of each row's prediction.
    unseen : {"error", "zero"}
        What becomes of a category that the fit did not see.

    Yields
    ------
    float
        A prediction a row.
    """

    def predict(table: Any) -> list[float]:
        known = None if offset is None else read_column(table, offset, role="offset column")
        found = model.predict(_features_of(model, table, (offset,)), offset=known, unseen=unseen)
        return list(found.tolist())

    if not is_gathered(source, None, None):
        yield from predict(read_source(source))
        return
    for name, row, table in read_batches(source):
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
) -> dict[str, Any]:
    """Read again the data that a saved model was fitted to.

    Parameters
    ----------
    source : str
        A file, an SQL query, a folder or a pattern.
    model : Fit
        The model.
    target, weights, offset : str or None
        Columns, as they were named at the fit.
    memory, checkpoint : str or None
        Either asks for a reading in batches, as a folder or a pattern does.

    Returns
    -------
    dict
        X, y, sample_weight and offset, as `Fit.explain` takes them.
    """
    if is_gathered(source, memory, checkpoint):
        from equipoise.data.formula.formulas import Formula

        if isinstance(model.encoding, Formula):
            raise ValueError("the model has a formula, which is not for data that are read in batches")
        columns = model.features
        if model.encoding is not None:
            columns = tuple(column.name for column in model.encoding.columns)
        found = gather_from(
            source,
            target,
            folds=None,
            weights=weights,
            offset=offset,
            features=columns,
            memory=memory,
            checkpoint=checkpoint,
        )
        return {"X": found, "y": None, "sample_weight": None, "offset": None}
    table = read_source(source)
    return {
        "X": _features_of(model, table, (target, weights, offset)),
        "y": read_column(table, target, role="target"),
        "sample_weight": None if weights is None else read_column(table, weights, role="weights column"),
        "offset": None if offset is None else read_column(table, offset, role="offset column"),
    }


def _features_of(model: Fit, table: Any, others: Iterable[str | None]) -> Any:
    """The columns that a model asks for; one that was fitted to an array knows none, and takes the order."""
    if model.encoding is not None:
        return table
    if set(model.features) <= set(table.column_names):
        return pick_columns(table, keep=model.features)
    return pick_columns(table, drop=[name for name in others if name is not None])
