"""`equipoise fit`: choose a strength, fit, and say which features survive and why the others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from equipoise.cli import options
from equipoise.cli.printing import page_width, say, say_json
from equipoise.cli.progress import progress_bar
from equipoise.cli.writing import spare

if TYPE_CHECKING:
    from equipoise.cli.reading import Data
    from equipoise.results.choice.result import CrossValidation
    from equipoise.results.fit.result import Fit

CLOSEST = 3  # stories told
RULES = {
    "best": "the smallest mean loss",
    "one-se": "the largest strength within one standard error of the best",
}


def fit(
    file: options.AnySource,
    target: options.TargetOrFormula = None,
    formula: options.Formula = None,
    l1: Annotated[
        float | None,
        Option("--l1", metavar="X", help="The l1 penalty; without it cross-validation chooses one."),
    ] = None,
    choose: Annotated[
        options.Choice | None,
        Option(
            "--choose",
            help="What cross-validation chooses: the best strength, or the largest within one standard "
            "error of it.  [default: one-se]",
        ),
    ] = None,
    l2: Annotated[
        float,
        Option(
            "--l2",
            metavar="X",
            help="The l2 penalty beside --l1; without --l1 what the chosen strength is multiplied by to "
            "give it (l1 is 1 times the strength).",
        ),
    ] = 0.0,
    folds: options.Folds = None,
    early_stop: Annotated[
        bool,
        Option("--early-stop", help="End the path where the loss of every fold has risen for long enough."),
    ] = False,
    standardize: options.Standardize = True,
    intercept: options.Intercept = True,
    features: options.Features = None,
    drop: options.Drop = None,
    weights: options.Weights = None,
    offset: options.Offset = None,
    positive: options.Positive = False,
    lower: options.Lower = None,
    upper: options.Upper = None,
    penalty_factor: options.PenaltyFactor = None,
    missing: options.MissingValues = options.Missing.ERROR,
    memory: options.Memory = None,
    checkpoint: options.Checkpoint = None,
    save: Annotated[
        str | None, Option("--save", metavar="FILE", help="Write the model, as JSON, to this file.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Fit a model: which features survive, which are zero and why, with a certificate.

    Without --l1 the strength is chosen by cross-validation, standardising within every fold.
    """
    from equipoise.api.cross_validate import cross_validate
    from equipoise.api.fit import fit as fit_at
    from equipoise.cli.per_feature import read_bounds, read_penalties
    from equipoise.cli.reading import read_either, read_folds

    refuse_both(l1, choose, folds, early_stop)
    spare(save, file)
    bounds = read_bounds(lower, upper, positive)
    data = read_either(
        file,
        target,
        formula,
        weights=weights,
        offset=offset,
        features=features,
        drop=drop,
        missing=missing.value,
        memory=memory,
        checkpoint=checkpoint,
        folds=None if l1 is not None else read_folds(folds),
    )
    asked: dict[str, Any] = {
        **read_penalties(1.0 if l1 is None else l1, l2, penalty_factor, data, missing.value),
        **bounds,
        "missing": missing.value,
        "intercept": intercept,
        "standardize": standardize,
        "sample_weight": data.weights,
        "offset": data.offset,
    }
    method = (choose or options.Choice.ONE_SE).value
    cv: CrossValidation | None = None
    if l1 is not None:
        found = fit_at(data.X, data.y, **asked)
    else:
        with progress_bar("cross-validation", data.fold_count) as progress:
            cv = cross_validate(
                data.X, data.y, folds=data.folds, early_stop=early_stop, progress=progress, **asked
            )
        found = cv.best if method == "best" else cv.one_se
    if save is not None:
        found.save(save)
    if json:
        say_json({**found.to_dict(), "choice": _choice(cv, method), "balance": found.explain().to_dict()})
    else:
        _report(data, found, cv, method, l2)
        if save is not None:
            say(f"\nModel saved to {save}")


def refuse_both(l1: float | None, choose: options.Choice | None, folds: str | None, early_stop: bool) -> None:
    """Refuse a strength beside what is for choosing one.

    Parameters
    ----------
    l1, choose, folds, early_stop
        As given on the command line.
    """
    for option, given in (("--choose", choose), ("--folds", folds), ("--early-stop", early_stop or None)):
        if l1 is not None and given is not None:
            raise ValueError(f"{option} is for choosing a strength, and --l1 gives one: drop either")


def _choice(cv: CrossValidation | None, method: str) -> dict[str, Any] | None:
    if cv is None:
        return None
    return {
        "method": method,
        "strength": cv.best_strength if method == "best" else cv.one_se_strength,
        "best_strength": cv.best_strength,
        "one_se_strength": cv.one_se_strength,
        "folds": cv.fold_loss.shape[1],
    }


def _report(data: Data, found: Fit, cv: CrossValidation | None, method: str, l2: float) -> None:
    from equipoise.results.balance.text import closest_calls, zeros
    from equipoise.results.fit.text import survivors
    from equipoise.show.phrases import missing_text

    sheet, width = found.explain(), page_width()
    stories = [sheet.sentence(row.feature) for row in sheet.closest(CLOSEST)]
    say(
        data.describe(len(found.features)),
        # The table of a choice says it itself.
        missing_text(found.missing, found.features) if cv is None else "",
        "" if cv is None else _choice_text(cv, method, l2, found.standardize, width),
        survivors(found),
        zeros(sheet, width=width),
        closest_calls(stories, width=width),
        str(found.certificate),
    )


def _choice_text(cv: CrossValidation, method: str, l2: float, standardize: bool, width: int) -> str:
    from equipoise.show.tables import number, wrap

    folds = f"{cv.fold_loss.shape[1]}-fold cross-validation"
    how = f"{folds}, standardising within every fold" if standardize else folds
    both = f" (l1 = strength, l2 = {number(l2)} × strength)" if l2 else ""
    text = f"The strength{both} is chosen by {how}: {method}, {RULES[method]}."
    return f"{wrap(text, width)}\n\n{cv}"
