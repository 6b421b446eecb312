"""`equipoise what-if`: a saved model solved again without some features, or under another penalty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from equipoise.cli import options
from equipoise.cli.completion import complete_columns
from equipoise.cli.groups import flat
from equipoise.cli.printing import refuse_two_forms, say, say_json, say_table
from equipoise.cli.text_options import TextOptions

if TYPE_CHECKING:
    from equipoise.results.other_fits.survivors import Survivors
    from equipoise.results.other_fits.what_if import WhatIf


@flat
def what_if(
    *,
    model: options.Model,
    file: options.AnySource,
    without: Annotated[
        list[str] | None,
        Option(
            "--without",
            metavar="A,B,…",
            autocompletion=complete_columns,
            help="Features to forbid, comma separated or repeated.",
        ),
    ] = None,
    l1: Annotated[float | None, Option("--l1", metavar="X", help="Another l1 penalty.")] = None,
    l2: Annotated[float | None, Option("--l2", metavar="X", help="Another l2 penalty.")] = None,
    target: options.KnownTarget = None,
    weights: options.KnownWeights = None,
    offset: options.KnownOffset = None,
    exposure: options.KnownExposure = None,
    missing: options.KnownMissing = None,
    memory: options.Memory = None,
    checkpoint: options.Checkpoint = None,
    text: TextOptions,
    for_paper: options.ForPaper = None,
    json: options.Json = False,
) -> None:
    """Solve again without some features or under another penalty: what enters, what leaves, at what cost.

    Without --without, --l1 and --l2, each feature of the model is forbidden in turn: what that costs, the
    limit that would kill it, and what would stand in for it. FILE holds the data the model was fitted to.
    """
    from equipoise.cli.model_data import load_model, read_for_model
    from equipoise.cli.progress import progress_bar
    from equipoise.cli.reading import split_names

    refuse_two_forms(json, for_paper)
    fit, data = read_for_model(
        file,
        load_model(model),
        target=target,
        weights=weights,
        offset=offset,
        exposure=exposure,
        memory=memory,
        checkpoint=checkpoint,
        missing=missing,
        text=text,
    )
    found: Survivors | WhatIf
    if without is None and l1 is None and l2 is None:
        with progress_bar("forbidding each feature in turn", len(fit.support)) as progress:
            found = fit.survivors(**data, progress=progress)
    else:
        found = fit.what_if(without=split_names(without or (), fit.features), l1=l1, l2=l2, **data)
    if json:
        say_json(found.to_dict())
    elif for_paper is not None:
        say_table(found, for_paper)
    else:
        say(str(found))
