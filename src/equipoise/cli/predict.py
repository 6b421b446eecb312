"""`equipoise predict`: a saved model's predictions, one a line, beside columns of the data."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Any

from typer import Option

from equipoise.cli import options
from equipoise.cli.completion import complete_columns
from equipoise.cli.groups import flat
from equipoise.cli.printing import say_json, say_lines
from equipoise.cli.text_options import TextOptions
from equipoise.cli.writing import csv_parts, refuse_overwrite, write_csv


@flat
def predict(
    *,
    model: options.Model,
    file: options.AnySource,
    output: Annotated[
        str | None,
        Option("--output", "-o", metavar="FILE", help="Write to this file, not to standard output."),
    ] = None,
    kind: Annotated[
        options.Kind,
        Option(
            "--kind",
            help="The mean of the target, such as a probability or an expected count; the linear predictor, "
            "such as log-odds; or the likelier of two labels.",
        ),
    ] = options.Kind.MEAN,
    unseen: options.UnseenLevels = options.Unseen.ERROR,
    missing: Annotated[
        options.MissingInNewRows,
        Option(
            "--missing",
            help="A row that misses a value of which the model has no mean: refuse it, or leave its "
            "prediction empty (null in JSON).",
        ),
    ] = options.MissingInNewRows.ERROR,
    offset: options.AddedOffset = None,
    exposure: options.AddedExposure = None,
    keep: Annotated[
        list[str] | None,
        Option(
            "--keep",
            metavar="A,B,…",
            autocompletion=complete_columns,
            help="Columns of FILE to copy before the predictions, comma separated or repeated.",
        ),
    ] = None,
    text: TextOptions,
    json: options.Json = False,
) -> None:
    """Predict with a saved model: a CSV with the column `prediction`, a line for every row of FILE.

    --keep copies columns such as an identifier; entries of a CSV file stay as they are written there.
    """
    from equipoise.cli.model_data import load_model, predictions

    refuse_overwrite(output, model, file)
    asked: Any = {"kind": kind.value, "keep": keep or (), "missing": missing.value}
    known = (offset, exposure)
    header, found = predictions(file, load_model(model), known, unseen.value, text, **asked)
    if output is not None and not json:
        write_csv(output, header, found)
        return
    rows = list(found)
    if output is not None:
        write_csv(output, header, rows)
    if json:
        say_json({name: [_plain(row[k]) for row in rows] for k, name in enumerate(header)})
    else:
        say_lines("".join(csv_parts(header, rows)))


def _plain(value: object) -> object:
    """A value as JSON has it: dates and the like as text, NaN and infinities as null."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)
