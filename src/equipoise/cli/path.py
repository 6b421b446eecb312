"""`equipoise path`: solutions along the strengths of the penalty, and where features enter and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from equipoise.cli import options
from equipoise.cli.groups import Asked, Table, flat
from equipoise.cli.printing import say, say_json
from equipoise.cli.writing import refuse_overwrite, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from equipoise.results.path.result import Path

ROUGH = 1e-9  # a strength is printed to ten digits; one of a larger relative error is told of

Best = Annotated[
    int | None,
    Option(
        "--best",
        metavar="K",
        min=0,
        help="Show the model with the weakest penalty down to which at most K features are in it.",
    ),
]


@flat
def path(
    *,
    table: Table,
    count: Annotated[int, Option("--count", metavar="N", help="Number of strengths, log-spaced.")] = 100,
    ratio: options.Ratio = None,
    l2: Annotated[
        float,
        Option(
            "--l2",
            metavar="X",
            help="Factor: at each strength, l2 is X times it, and l1 the strength itself.",
        ),
    ] = 0.0,
    standardize: options.Standardize = True,
    intercept: options.Intercept = True,
    best: Best = None,
    asked: Asked,
    output: Annotated[
        str | None,
        Option(
            "--output", "-o", metavar="FILE", help="Write the coefficients as CSV: strength, feature, coef."
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """Solve at many strengths of the penalty, and list the strengths at which features enter or leave."""
    from equipoise.api.path import path as solve
    from equipoise.data.arguments.messages import count as counted

    refuse_overwrite(output, table.file)
    asked.bounds()  # a mistake in them is told before anything is read
    data = asked.read(table)
    found = solve(
        data.X,
        data.y,
        count=count,
        ratio=ratio,
        intercept=intercept,
        standardize=standardize,
        **asked.arguments(data, 1.0, l2),
    )
    if output is not None:
        # A formula may have none.
        fitted = found.at(float(found.strengths[0])).with_intercept
        write_csv(output, ("strength", "feature", "coef"), _rows(found, fitted))
    model = None if best is None else found.best(best)
    if json:
        say_json(found.to_dict() if model is None else {**found.to_dict(), "best": model.to_dict()})
        return
    say(
        data.describe(len(found.features)),
        str(found),
        _events(found),
        "" if model is None else f"With at most {counted(best or 0, 'feature')}: {model}",
        "" if output is None else f"Coefficients written to {output}",
    )


def _rows(found: Path, intercept: bool) -> Iterator[tuple[float, str, float]]:
    """Strength, feature and coefficient of every row of the file."""
    from equipoise.results.plain import INTERCEPT

    for strength, constant, coefs in zip(
        found.strengths.tolist(), found.intercept.tolist(), found.coef, strict=True
    ):
        if intercept:
            yield strength, INTERCEPT, constant
        for j in coefs.nonzero()[0]:
            yield strength, found.features[j], float(coefs[j])


def _events(found: Path) -> str:
    from equipoise.data.arguments import messages
    from equipoise.show.tables import align, number

    if not found.events:
        return "No feature enters or leaves between the first strength and the last."
    rows = [[number(e.strength, 10), e.feature, e.kind, "+" if e.sign > 0 else "−"] for e in found.events]
    table = align(rows, ["at strength", "feature", "event", "sign"], right=[0])
    rough = [e.accuracy for e in found.events if e.accuracy is not None and e.accuracy > ROUGH]
    if not rough:
        return table
    told = messages.count(len(rough), "event")
    return f"{table}\nRounding leaves the strength of {told} open, by up to {max(rough):.0e} of itself."
