"""`equipoise predict`: a saved model's predictions, one a line."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from equipoise.cli import options
from equipoise.cli.groups import flat
from equipoise.cli.printing import say_json, say_lines
from equipoise.cli.text_options import TextOptions
from equipoise.cli.writing import refuse_overwrite, write_csv


@flat
def predict(
    *,
    model: options.Model,
    file: options.AnySource,
    output: Annotated[
        str | None, Option("--output", metavar="FILE", help="Write to this file, not to standard output.")
    ] = None,
    unseen: Annotated[
        options.Unseen,
        Option(
            "--unseen",
            help="A category that the fit did not see: refuse it, or set its column's features to 0.",
        ),
    ] = options.Unseen.ERROR,
    offset: Annotated[
        str | None,
        Option(
            "--offset",
            metavar="COLUMN|0",
            help="The known part of each prediction, or 0 for none.  [default: the model's column]",
        ),
    ] = None,
    text: TextOptions,
    json: options.Json = False,
) -> None:
    """Predict with a saved model: a CSV of one column, `prediction`, a line for every row of FILE."""
    from equipoise.api.load import load
    from equipoise.cli.model_data import predictions

    refuse_overwrite(output, model, file)
    found = predictions(file, load(model), offset, unseen.value, text)
    if output is not None and not json:
        write_csv(output, ("prediction",), ((value,) for value in found))
        return
    predicted = list(found)
    if output is not None:
        write_csv(output, ("prediction",), ((value,) for value in predicted))
    if json:
        say_json({"prediction": predicted})
    else:
        say_lines("\n".join(["prediction", *map(repr, predicted), ""]))
