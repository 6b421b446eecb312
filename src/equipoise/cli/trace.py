"""`equipoise trace`: coordinate descent, step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from typer import Option

from equipoise.cli import options
from equipoise.cli.groups import flat
from equipoise.cli.printing import say, say_json
from equipoise.cli.text_options import TextOptions
from equipoise.cli.writing import refuse_overwrite


@flat
def trace(
    *,
    file: options.Source,
    target: options.Target,
    l1: Annotated[float, Option("--l1", metavar="X", help="The l1 penalty; 0 for ridge or least squares.")],
    l2: Annotated[float, Option("--l2", metavar="X", help="The l2 penalty.")] = 0.0,
    intercept: options.Intercept = False,
    features: options.Features = None,
    drop: options.Drop = None,
    text: TextOptions,
    tol: Annotated[
        float,
        Option("--tol", metavar="X", help="Stop when the largest violation is this fraction of its limit."),
    ] = 1e-9,
    steps: Annotated[
        int,
        Option(
            "--steps",
            metavar="N",
            min=1,
            help="How many of the first steps to show; the last few always are.",
        ),
    ] = 12,
    every: Annotated[bool, Option("--all", help="Show every step.")] = False,
    worked: Annotated[
        bool, Option("--worked", help="Write the steps out as on a blackboard, every inner product.")
    ] = False,
    beside: Annotated[
        bool, Option("--beside", help="Show where lasso, ridge and elastic net end on these data.")
    ] = False,
    output: Annotated[
        str | None, Option("--output", "-o", metavar="FILE", help="Write a page that plays the steps.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Run coordinate descent, one coefficient after the other, and show its steps.

    A step: the pull of the residual on one feature, the limit it has to exceed, the verdict (killed or kept),
    and the coefficient before → after. Nothing is standardised.
    """
    from equipoise.api.trace import trace as run
    from equipoise.cli.reading import read_data
    from equipoise.results.fit.provenance import told_source
    from equipoise.results.trace.text import trace_table

    if sum((worked, beside, json)) > 1:
        raise ValueError("--worked, --beside and --json are three ways to print the run: choose one")
    refuse_overwrite(output, file)
    data = read_data(file, target, features=features, drop=drop, in_memory=True, reading=text.reading)
    found = run(data.X, data.y, l1=l1, l2=l2, intercept=intercept, tol=tol)
    found = replace(found, target=target, source=told_source(file))
    if output is not None:
        found.report(output)
    if json:
        say_json(found.to_dict())
    elif worked:
        say(found.worked(len(found.steps) if every else None))
    elif beside:
        say(str(found.beside()))
    else:
        say(trace_table(found.descent, first=None if every else steps))
    if output is not None and not json:
        say("", f"walkthrough written to {output}")
