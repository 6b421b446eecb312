"""`equipoise path`: the whole path of solutions, and the exact strengths at which features come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from equipoise.cli import options
from equipoise.cli.printing import say, say_json
from equipoise.cli.writing import spare, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from equipoise.results.path.result import Path

INTERCEPT = "(Intercept)"


def path(
    file: options.AnySource,
    target: options.TargetOrFormula = None,
    formula: options.Formula = None,
    count: Annotated[int, Option("--count", metavar="N", help="Strengths, log-spaced.")] = 100,
    ratio: Annotated[
        float | None,
        Option(
            "--ratio",
            metavar="X",
            help="Last strength ÷ first.  [default: 1e-4 where there are more rows than features, else 1e-2]",
        ),
    ] = None,
    l2: Annotated[
        float,
        Option(
            "--l2", metavar="X", help="What a strength is multiplied by to give the l2 penalty; l1's is 1."
        ),
    ] = 0.0,
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
        str | None,
        Option(
            "--output",
            metavar="FILE",
            help="Write the coefficients as CSV: strength, feature, coef, zeros left out.",
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """Follow the solutions over the strength of the penalty, from the first that lets a feature in."""
    from equipoise.api.path import path as solve
    from equipoise.cli.per_feature import read_bounds, read_penalties
    from equipoise.cli.reading import read_either

    spare(output, file)
    bounds: dict[str, Any] = read_bounds(lower, upper, positive)
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
    )
    found = solve(
        data.X,
        data.y,
        count=count,
        ratio=ratio,
        intercept=intercept,
        standardize=standardize,
        sample_weight=data.weights,
        offset=data.offset,
        missing=missing.value,
        **bounds,
        **read_penalties(1.0, l2, penalty_factor, data, missing.value),
    )
    if output is not None:
        # A formula may have none.
        fitted = found.at(float(found.strengths[0])).with_intercept
        write_csv(output, ("strength", "feature", "coef"), _rows(found, fitted))
    if json:
        say_json(found.to_dict())
        return
    say(
        data.describe(len(found.features)),
        str(found),
        _events(found),
        "" if output is None else f"Coefficients written to {output}",
    )


def _rows(found: Path, intercept: bool) -> Iterator[tuple[float, str, float]]:
    for strength, constant, coefs in zip(
        found.strengths.tolist(), found.intercept.tolist(), found.coef, strict=True
    ):
        if intercept:
            yield strength, INTERCEPT, constant
        for j in coefs.nonzero()[0]:
            yield strength, found.features[j], float(coefs[j])


def _events(found: Path) -> str:
    from equipoise.show.tables import align, number

    if not found.events:
        return "No feature enters or leaves between the first strength and the last."
    rows = [[number(e.strength, 10), e.feature, e.kind, "+" if e.sign > 0 else "−"] for e in found.events]
    return align(rows, ["at strength", "feature", "event", "sign"], right=[0])
