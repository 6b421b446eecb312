"""`equipoise score`: how good a saved model's predictions are, beside those of no model."""

from __future__ import annotations

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
    unseen: options.UnseenLevels = options.Unseen.ERROR,
    text: TextOptions,
    json: options.Json = False,
) -> None:
    """Score a saved model on the rows of FILE: R², root mean squared error, mean absolute error.

    Beside each stands that of the null model, which predicts the mean of the target in the data that the
    model was fitted to, whatever the features are. Target and offset are the columns that were named at the
    fit, which the model remembers; --target and --offset name others. Rows count once, unless --weights is
    said.
    """
    from equipoise.cli.model_data import load_model, score_of

    found = score_of(
        file, load_model(model), target=target, weights=weights, offset=offset, unseen=unseen.value, text=text
    )
    if json:
        say_json(found.to_dict())
    else:
        say(str(found))
