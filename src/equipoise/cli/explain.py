"""`equipoise explain`: why a saved model's coefficients are what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from equipoise.cli import options
from equipoise.cli.groups import flat
from equipoise.cli.printing import page_width, refuse_two_forms, say, say_json, say_table
from equipoise.cli.text_options import TextOptions

if TYPE_CHECKING:
    from equipoise.results.balance.result import BalanceSheet
    from equipoise.results.fit.result import Fit
    from equipoise.results.other_fits.importance import Importance

ByImportance = Annotated[
    bool,
    Option(
        "--importance",
        help="Tell instead how much each feature matters: its standardised coefficient, and the share of the "
        "gain over the null model that is lost without it.",
    ),
]


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
    exposure: options.KnownExposure = None,
    missing: options.KnownMissing = None,
    memory: options.Memory = None,
    checkpoint: options.Checkpoint = None,
    text: TextOptions,
    importance: ByImportance = False,
    for_paper: options.ForPaper = None,
    json: options.Json = False,
) -> None:
    """Explain a saved model: the balance of pull and limit behind every coefficient.

    FILE holds the data the model was fitted to. Target, weights, offset and exposure are the columns that
    were named at the fit, which the model remembers; --target, --weights, --offset and --exposure name
    others.
    """
    from equipoise.cli.model_data import load_model, read_for_model

    refuse_two_forms(json, for_paper)
    for option, given in (("--importance", importance), ("--table", for_paper)):
        if feature is not None and given:
            raise ValueError(f"{option} is of all features, and {feature!r} is one of them: drop either")
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
    if feature is not None:
        _tell_feature(fit.explain(**data), feature, json)
        return
    found: Any = _measured(fit, data) if importance else fit.explain(**data)
    if json:
        say_json(found.to_dict())
    elif for_paper is not None:
        say_table(found, for_paper)
    else:
        say(str(found), "" if importance else _closest(found))


def _measured(fit: Fit, data: dict[str, Any]) -> Importance:
    """How much each feature matters, with a progress bar."""
    from equipoise.cli.progress import progress_bar

    with progress_bar("forbidding each feature in turn", len(fit.support)) as progress:
        return fit.importance(**data, progress=progress)


def _tell_feature(sheet: BalanceSheet, feature: str, json: bool) -> None:
    """Print why one feature's coefficient is what it is."""
    from equipoise.show.tables import wrap

    told = sheet.sentence(feature)
    if json:
        say_json({**sheet[feature].to_dict(), "sentence": told})
    else:
        say("\n".join(wrap(sentence, page_width()) for sentence in told.split("\n")))


def _closest(sheet: BalanceSheet) -> str:
    """The zeros that came closest to a place in the model after the one that the sheet tells of itself."""
    from equipoise.results.balance.text import closest_calls

    told = int(sheet.columns.prepared)  # else it tells of its distance alone
    stories = [sheet.sentence(row.feature) for row in sheet.closest()[told:]]
    return closest_calls(stories, width=page_width(), others=bool(told))
