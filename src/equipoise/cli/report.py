"""`equipoise report`: everything about a fit on one page that works offline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Context, Option

from equipoise.cli import options
from equipoise.cli.fit import refuse_both
from equipoise.cli.mistakes import command_line
from equipoise.cli.printing import say
from equipoise.cli.progress import progress_bar
from equipoise.cli.writing import spare

if TYPE_CHECKING:
    from equipoise.cli.reading import Data
    from equipoise.results.report.subject import Subject


def report(
    ctx: Context,
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
            help="Which fit is explained: the best, or the sparsest within one standard error of it.  "
            "[default: one-se]",
        ),
    ] = None,
    l2: Annotated[
        float,
        Option(
            "--l2",
            metavar="X",
            help="The l2 penalty beside --l1; without --l1 what the strength is multiplied by to give it.",
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
    output: Annotated[
        str, Option("--output", "-o", metavar="FILE", help="The page to write, replacing an old one.")
    ] = "report.html",
) -> None:
    """Write a page that shows, at every strength, which features survive and why the others do not.

    It is one file that works offline: a slider over the strength, pulls against the dead zone, the
    coefficients, the loss of rows held out, the balance sheet, and every feature's story.
    """
    from equipoise.cli.per_feature import read_bounds, read_penalties
    from equipoise.cli.reading import read_either, read_folds
    from equipoise.results.report.pages import write_report

    refuse_both(l1, choose, folds, early_stop)
    spare(output, file)
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
    if l1 is not None:
        subject = _fitted(data.X, data.y, asked)
    else:
        subject = _chosen(data, asked, early_stop, choose or options.Choice.ONE_SE)
    write_report(subject, output, command=command_line(ctx))
    kept, total = len(subject.support), len(subject.coef)
    say(data.describe(total), f"{kept} of {total} features kept; report written to {output}")


def _fitted(X: Any, y: Any, asked: dict[str, Any]) -> Subject:
    from equipoise.api.fit import fit
    from equipoise.results.fit.about import about_fit

    return about_fit(fit(X, y, **asked))


def _chosen(data: Data, asked: dict[str, Any], early_stop: bool, choose: options.Choice) -> Subject:
    from equipoise.api.cross_validate import cross_validate
    from equipoise.results.choice.about import about_choice

    with progress_bar("cross-validation", data.fold_count) as progress:
        cv = cross_validate(
            data.X, data.y, folds=data.folds, early_stop=early_stop, progress=progress, **asked
        )
    return about_choice(cv, choose.value)
