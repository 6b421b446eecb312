"""`equipoise audit`: whether coefficients, from whatever program, really are the solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from equipoise.cli import options
from equipoise.cli.printing import say, say_json

if TYPE_CHECKING:
    from equipoise.cli.coefficients import Coefficients

NOT_OPTIMAL = 1


def audit(
    coefficients: Annotated[
        str,
        Argument(
            metavar="COEFFICIENTS",
            help="A CSV with the columns feature, coef, or a model that `equipoise fit --save` wrote. A row "
            "(Intercept) or intercept is the intercept: without it the model has none.",
        ),
    ],
    file: options.Source,
    target: options.Target,
    l1: Annotated[
        float | None,
        Option("--l1", metavar="X", help="The l1 penalty they are claimed to solve; a model knows its own."),
    ] = None,
    l2: Annotated[
        float | None,
        Option("--l2", metavar="X", help="The l2 penalty.  [default: 0; of a model, its own]"),
    ] = None,
    standardize: Annotated[
        bool | None,
        Option(
            "--standardize/--no-standardize",
            help="Whether the penalties are l1·sd and l2·sd².  [default: standardize; of a model, its own]",
        ),
    ] = None,
    features: options.Features = None,
    drop: options.Drop = None,
    weights: options.Weights = None,
    offset: options.Offset = None,
    positive: options.Positive = False,
    json: options.Json = False,
) -> None:
    """Check coefficients against the optimality conditions and the exact solution.

    Features that COEFFICIENTS does not name are zero; coefficients are in original units. Exits with 0 if
    they are the solution and with 1 if they are not.
    """
    from equipoise import api
    from equipoise.cli.coefficients import read_coefficients
    from equipoise.cli.reading import read_data

    data = read_data(file, target, weights=weights, offset=offset, features=features, drop=drop)
    given = read_coefficients(coefficients, data.X.column_names)
    claim = _claim(given, l1, l2, standardize, positive)
    found = api.audit(
        _columns(data.X, given),
        data.y,
        given.coef,
        given.intercept,
        sample_weight=data.weights,
        offset=data.offset,
        **claim,
    )
    if json:
        say_json(found.to_dict())
    else:
        say(data.describe(len(found.features)), str(found))
    if not found.optimal:
        raise typer.Exit(NOT_OPTIMAL)


def _claim(
    given: Coefficients, l1: float | None, l2: float | None, standardize: bool | None, positive: bool
) -> dict[str, Any]:
    """What the coefficients are claimed to solve: as said, or else as their model says."""
    model = given.model
    if model is None:
        if l1 is None:
            raise ValueError("--l1 is missing: say which penalty the coefficients are claimed to solve")
        claim: dict[str, Any] = {"l1": l1, "l2": 0.0, "standardize": True}
    else:
        claim = {
            "l1": model.l1,
            "l2": model.l2,
            "standardize": model.standardize,
            "lower": model.lower,
            "upper": model.upper,
        }
    said = {"l1": l1, "l2": l2, "standardize": standardize, "lower": 0.0 if positive else None}
    return claim | {name: value for name, value in said.items() if value is not None}


def _columns(X: Any, given: Coefficients) -> Any:
    """The columns of a model that knows them, and else all."""
    from equipoise.data.columns import pick_columns

    if given.model is None or given.model.encoding is None:
        return X
    return pick_columns(X, keep=[column.name for column in given.model.encoding.columns])
