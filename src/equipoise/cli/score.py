"""`equipoise score`: how good a saved model's predictions are, beside those of no model."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from equipoise.cli import options
from equipoise.cli.groups import flat
from equipoise.cli.printing import say, say_json
from equipoise.cli.text_options import TextOptions


@flat
def score(
    *,
    model: options.Model,
    file: options.AnySource,
    target: options.KnownTarget = None,
    weights: options.Weights = None,
    offset: options.AddedOffset = None,
    exposure: options.AddedExposure = None,
    unseen: options.UnseenLevels = options.Unseen.ERROR,
    missing: Annotated[
        options.MissingInScore,
        Option(
            "--missing",
            help="A row that misses a value of which the model has no mean: refuse it, or leave it out.",
        ),
    ] = options.MissingInScore.ERROR,
    text: TextOptions,
    json: options.Json = False,
) -> None:
    """Score a saved model on the rows of FILE: what it explains, and the size of its errors.

    These are R², root mean squared error and mean absolute error; of a model of yes/no or of counts the
    deviance explained, and misclassification, Brier score and area under the ROC curve, or mean absolute
    error. Beside each stands that of the null model, which predicts the mean of the target in the data that
    the model was fitted to, whatever the features are. Target, offset and exposure are the columns that were
    named at the fit, which the model remembers; --target, --offset and --exposure name others. Rows count
    once, unless --weights is said.
    """
    from equipoise.cli.model_data import load_model, score_of

    found = score_of(
        file,
        load_model(model),
        target=target,
        weights=weights,
        offset=offset,
        exposure=exposure,
        unseen=unseen.value,
        missing=missing.value,
        text=text,
    )
    if json:
        say_json(found.to_dict())
    else:
        say(str(found))
