"""`equipoise fit`: choose a strength, fit, and say which features survive and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from typer import Context, Option

from equipoise.cli import options
from equipoise.cli.groups import Asked, Strength, Table, flat
from equipoise.cli.mistakes import command_line
from equipoise.cli.printing import note, page_width, refuse_two_forms, say, say_json, say_table
from equipoise.cli.spelling import in_shell
from equipoise.cli.writing import refuse_overwrite

if TYPE_CHECKING:
    from equipoise.cli.reading import Data
    from equipoise.results.choice.result import CrossValidation
    from equipoise.results.fit.deviance_score import DevianceScore
    from equipoise.results.fit.result import Fit

RULES = {
    "best": "the smallest mean loss",
    "one-se": "the largest strength within one standard error of the best",
}


@flat
def fit(
    *,
    ctx: Context,
    table: Table,
    strength: Strength,
    standardize: options.Standardize = True,
    intercept: options.Intercept = True,
    asked: Asked,
    save: Annotated[
        str | None, Option("--save", metavar="FILE", help="Write the model, as JSON, to this file.")
    ] = None,
    for_paper: options.ForPaper = None,
    json: options.Json = False,
) -> None:
    """Fit a model: which features survive, which are zero and why, with a certificate.

    Without --l1 the strength is chosen by cross-validation, standardising within every fold.
    """
    from equipoise.cli.solving import solve
    from equipoise.results.fit.text import two_values

    refuse_two_forms(json, for_paper)
    strength.refuse_both()
    refuse_overwrite(save, table.file)
    data, found, cv, rule = solve(table, strength, asked, standardize=standardize, intercept=intercept)
    found = _signed(found, table, asked, command_line(ctx))
    told = two_values(found)
    if told:
        note(f"the target {in_shell(told, ctx.command.params)}")
    if save is not None:
        found.save(save)
    if json:
        choice = _choice(cv, rule)
        say_json({**found.to_dict(), "choice": choice, "balance": found.explain().to_dict()})
    elif for_paper is not None:
        say_table(found, for_paper)
    else:
        chosen = "" if cv is None else _choice_text(cv, rule, strength.l2, data.folds, ctx.command.params)
        _report(data, found, chosen)
        if save is not None:
            say(f"\nModel saved to {save}")


def _signed(found: Fit, table: Table, asked: Asked, command: str) -> Fit:
    """A fit that knows the command line, the file, and the columns that were named."""
    given = {"y": table.target, "sample_weight": asked.weights, "offset": asked.offset}
    given["exposure"] = asked.exposure
    if table.formula is not None:
        left = table.response
        given["y"] = left if left in getattr(found.frame, "column_names", ()) else None
    named = {argument: name for argument, name in given.items() if name is not None}
    source = "standard input" if table.file == "-" else table.file
    came = {**(found.provenance or {}), "call": command, "source": source}
    return replace(found, named=named, origin=came)


def _choice(cv: CrossValidation | None, method: str) -> dict[str, Any] | None:
    """The choice of the strength, JSON-able; None where --l1 gave it."""
    if cv is None:
        return None
    told = "r_squared" if cv.path.kind.squared else "deviance_explained"
    explained, held_out = getattr(cv, f"{told}_at"), _held_out(cv, method)
    return {
        "method": method,
        "scoring": cv.scoring,
        "strength": cv.choices[method],
        "best_strength": cv.best_strength,
        "one_se_strength": cv.choices.get("one-se"),
        "best_is_weakest": cv.best_is_weakest,
        "folds": cv.fold_loss.shape[1],
        "null_mean": cv.null_mean,
        told: explained(cv.choices[method]),
        f"best_{told}": explained(cv.best_strength),
        f"one_se_{told}": explained(cv.choices.get("one-se")),
        **({} if held_out is None else {"held_out": held_out.to_dict()}),
    }


def _report(data: Data, found: Fit, chosen: str) -> None:
    """Print the fit: data, choice of the strength, survivors, zeros with their reasons, certificate."""
    from equipoise.results.balance.text import closest_calls, zeros
    from equipoise.results.fit.text import goodness, survivors
    from equipoise.show.phrases import data_text
    from equipoise.show.tables import wrap

    sheet, width = found.explain(), page_width()
    stories = [sheet.sentence(row.feature) for row in sheet.closest()]
    say(
        data.describe(len(found.features)),
        # The table of a choice says it itself.
        "" if chosen else data_text(found.missing, found.encoding, found.features),
        chosen,
        survivors(found),
        wrap(goodness(found), width),
        zeros(sheet, width=width),
        closest_calls(stories, width=width),
        str(found.certificate),
    )


def _held_out(cv: CrossValidation, method: str) -> DevianceScore | None:
    """How good probabilities are for rows held out; None of another loss: the table of a choice tells it."""
    return cv.held_out(method) if cv.path.kind.takes_labels else None


def _choice_text(cv: CrossValidation, method: str, l2: float, drawn: Any, params: Iterable[Any]) -> str:
    """How the strength was chosen, and the table of losses."""
    from equipoise.results.choice.text import choice_lines
    from equipoise.show.tables import number, wrap

    count = cv.fold_loss.shape[1]
    folds = f"{count}-fold cross-validation" if count > 1 else "one split of the rows"
    if isinstance(drawn, str) and count > 1:
        folds += " on blocks of rows in their order"
    if cv.scoring != "squared_error":
        folds += f" by {cv.loss}"
    how = f"{folds}, standardising within every fold" if cv.path.asked.standardize else folds
    both = f" (l1 = strength, l2 = {number(l2)} × strength)" if l2 else ""
    text = f"The strength{both} is chosen by {how}: {method}, {RULES[method]}."
    lines = [in_shell(line, params) if "ratio=" in line else line for line in choice_lines(cv)]
    held_out = _held_out(cv, method)
    rest = [] if held_out is None else ["", f"At {method}, {held_out}"]
    return "\n".join([wrap(text, page_width()), "", *lines, *rest])
