"""`equipoise explain`: why a saved model's coefficients are what they are."""

from __future__ import annotations

from typing import Annotated

from typer import Argument

from equipoise.cli import options
from equipoise.cli.groups import flat
from equipoise.cli.printing import page_width, say, say_json
from equipoise.cli.text_options import TextOptions


@flat
def explain(
    *,
    model: options.Model,
    file: options.AnySource,
    feature: Annotated[
        str | None,
        Argument(metavar="FEATURE", help="One feature, explained in a sentence; without it, a table of all."),
    ] = None,
    target: options.KnownTarget = None,
    weights: options.KnownWeights = None,
    offset: options.KnownOffset = None,
    missing: options.KnownMissing = None,
    memory: options.Memory = None,
    checkpoint: options.Checkpoint = None,
    text: TextOptions,
    json: options.Json = False,
) -> None:
    """Explain a saved model: the balance of pull and limit behind every coefficient.

    FILE holds the data the model was fitted to. Target, weights and offset are the columns that were named
    at the fit, which the model remembers; --target, --weights and --offset name others.
    """
    from equipoise.cli.model_data import load_model, read_for_model
    from equipoise.results.balance.text import closest_calls
    from equipoise.show.tables import wrap

    fit, data = read_for_model(
        file,
        load_model(model),
        target=target,
        weights=weights,
        offset=offset,
        memory=memory,
        checkpoint=checkpoint,
        missing=missing,
        text=text,
    )
    sheet = fit.explain(**data)
    width = page_width()
    if feature is not None:
        told = sheet.sentence(feature)
        if json:
            say_json({**sheet[feature].to_dict(), "sentence": told})
        else:
            say("\n".join(wrap(sentence, width) for sentence in told.split("\n")))
    elif json:
        say_json(sheet.to_dict())
    else:
        stories = [sheet.sentence(row.feature) for row in sheet.closest()]
        say(str(sheet), closest_calls(stories, width=width))
