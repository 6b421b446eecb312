"""`equipoise report`: a fit on one page that works offline."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from typer import Context, Option

from equipoise.cli import options
from equipoise.cli.groups import Asked, Strength, Table, flat
from equipoise.cli.mistakes import command_line
from equipoise.cli.printing import say
from equipoise.cli.writing import refuse_overwrite


@flat
def report(
    *,
    ctx: Context,
    table: Table,
    strength: Strength,
    standardize: options.Standardize = True,
    intercept: options.Intercept = True,
    asked: Asked,
    output: Annotated[
        str, Option("--output", "-o", metavar="FILE", help="The page to write, replacing an old one.")
    ] = "report.html",
) -> None:
    """Write a page that shows, at every strength, which features survive and why the others do not.

    It is one file that works offline: a slider over the strength, pulls against the dead zone, the
    coefficients, the loss of rows held out, the balance sheet, and every feature's story.
    """
    from equipoise.cli.solving import solve
    from equipoise.results.balance.ratio import response_text
    from equipoise.results.choice.about import about_choice
    from equipoise.results.fit.about import about_fit
    from equipoise.results.fit.provenance import told_source
    from equipoise.results.report.pages import write_report

    strength.refuse_both()
    refuse_overwrite(output, table.file)
    data, found, cv, rule = solve(table, strength, asked, standardize=standardize, intercept=intercept)
    subject = about_fit(found) if cv is None else about_choice(cv, rule)
    target = table.response or subject.target
    sheet = replace(subject.sheet, response=response_text(target, subject.setup.levels))
    subject = replace(subject, target=target, source=told_source(table.file), sheet=sheet)
    write_report(subject, output, command=command_line(ctx))
    kept, total = len(found.support), len(found.coef)
    say(data.describe(total), f"{kept} of {total} features kept; report written to {output}")
