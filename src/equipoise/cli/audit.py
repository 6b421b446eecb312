"""`equipoise audit`: whether coefficients from any program are the solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer
from typer import Argument, Option

from equipoise.cli import options
from equipoise.cli.groups import Asked, Table, flat
from equipoise.cli.per_feature import multiplied
from equipoise.cli.printing import refuse_two_forms, say, say_json, say_table

REFUTED = 1  # exit code


@dataclass(frozen=True)
class Ours:
    """What the coefficients are claimed to solve, in this program's convention."""

    l1: Annotated[
        float | None,
        Option("--l1", metavar="X", help="The l1 penalty they are claimed to solve; of a model, its own."),
    ] = None
    l2: Annotated[
        float | None,
        Option("--l2", metavar="X", help="The l2 penalty.  [default: 0; of a model, its own]"),
    ] = None
    standardize: Annotated[
        bool | None,
        Option(
            "--standardize/--no-standardize",
            help="Whether the penalties are l1·sd and l2·sd².  [default: standardize; of a model, its own; "
            "of --sklearn-alpha, never]",
        ),
    ] = None
    no_intercept: Annotated[
        bool,
        Option("--no-intercept", help="None was fitted: a row (Intercept) holds the 0 that R writes."),
    ] = False

    def said(self) -> dict[str, float | bool]:
        """Penalty and standardisation as keywords of the API's verb, without what was not given."""
        named = {"l1": self.l1, "l2": self.l2, "standardize": self.standardize}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class Foreign:
    """The penalty in the convention of another package."""

    glmnet_lambda: Annotated[
        float | None,
        Option("--glmnet-lambda", metavar="L", help="In place of --l1: the lambda of R's glmnet."),
    ] = None
    glmnet_alpha: Annotated[
        float | None, Option("--glmnet-alpha", metavar="A", help="glmnet's alpha.  [default: 1, the lasso]")
    ] = None
    sklearn_alpha: Annotated[
        float | None,
        Option(
            "--sklearn-alpha",
            metavar="A",
            help="In place of --l1: the alpha of scikit-learn's Lasso or ElasticNet.",
        ),
    ] = None
    sklearn_l1_ratio: Annotated[
        float | None,
        Option(
            "--sklearn-l1-ratio",
            metavar="R",
            help="ElasticNet's l1_ratio.  [default: 1, the lasso; ElasticNet's own is 0.5]",
        ),
    ] = None

    def refuse_loss(self, loss: str) -> None:
        """Refuse the alpha of Lasso and ElasticNet beside a loss that is not theirs."""
        if self.sklearn_alpha is not None and self.sklearn_l1_ratio is None and loss != "squared":
            raise ValueError(
                f"--sklearn-alpha is that of Lasso and ElasticNet, and --loss is {loss}: say "
                "--no-standardize, and for LogisticRegression --l1 as l1_ratio/C and --l2 as "
                "(1 − l1_ratio)/(2·C), for PoissonRegressor and kin --l1 0 and --l2 as rows·alpha/2; for "
                "glum or skglm say --sklearn-l1-ratio too"
            )

    def named(self) -> dict[str, dict[str, float | None]]:
        """The options given for each package, by that package's own parameter names; None where not given."""
        return {
            "glmnet": {"lambda": self.glmnet_lambda, "alpha": self.glmnet_alpha},
            "sklearn": {"alpha": self.sklearn_alpha, "l1_ratio": self.sklearn_l1_ratio},
        }


@flat
def audit(
    *,
    coefficients: Annotated[
        str,
        Argument(
            metavar="COEFFICIENTS",
            help="A CSV with the columns feature, coef, one that R wrote of coef(fit) or tidy(fit), a query, "
            "or a model that `equipoise fit --save` wrote. A row (Intercept) or intercept is the intercept: "
            "without it the model has none.",
        ),
    ],
    table: Table,
    ours: Ours,
    foreign: Foreign,
    asked: Asked,
    for_paper: options.ForPaper = None,
    json: options.Json = False,
) -> None:
    """Check coefficients against the optimality conditions and the exact solution.

    Features that COEFFICIENTS does not name are zero, and if it lists zeros, none may be left out; names are
    those of this program, R or scikit-learn. Coefficients are in original units. Exits with 0 if they are
    the solution, or as good as the digits in which they are written allow, and with 1 if they are not.
    """
    from equipoise.api.audit import audit as check
    from equipoise.cli.coefficients import read_given
    from equipoise.results.audit.text import NOT_SOLUTION

    refuse_two_forms(json, for_paper)
    bounds = asked.bounds()
    given = read_given(coefficients)
    model: Any = given if hasattr(given, "certificate") else None
    if model is not None and model.missing is not None and asked.missing is options.Missing.ERROR:
        asked = replace(asked, missing=options.Missing(model.missing.policy))
    if model is not None:
        table, asked = _remembered(model, table, asked)
    foreign.refuse_loss(asked.loss)
    data = asked.read(table)
    claim = _claim(model, ours.said(), foreign.named()) | bounds
    factors = asked.factors(data)
    if factors is not None:
        _multiply(claim, factors, model is not None)
    found = check(
        data.X,
        data.y,
        given,
        False if ours.no_intercept else None,
        sample_weight=data.weights,
        offset=data.offset,
        reference=data.reference,
        missing="error" if data.y is None else asked.missing.value,  # sums are without gaps
        **asked.of_loss(data),
        **claim,
    )
    if json:
        say_json(found.to_dict())
    elif for_paper is not None:
        say_table(found, for_paper)
    else:
        say(data.describe(len(found.features)), str(found))
    if found.verdict == NOT_SOLUTION:
        raise typer.Exit(REFUTED)


def _remembered(model: Any, table: Table, asked: Asked) -> tuple[Table, Asked]:
    """What is not said of the data of a model, as it was at the fit."""
    columns, formula = model.columns, getattr(model.encoding, "text", None)
    if table.target is None and table.formula is None:
        table = replace(table, **({"formula": formula} if formula else {"target": columns["target"]}))
    given = {role: getattr(asked, role) or columns[role] for role in ("weights", "offset", "exposure")}
    if asked.loss == "squared":
        event = None if model.levels is None else str(model.levels[1])
        given |= {"loss": model.loss, "event": event}
    return table, replace(asked, **given)


def _claim(model: Any, said: dict[str, Any], foreign: dict[str, dict[str, float | None]]) -> dict[str, Any]:
    """The problem that the coefficients are claimed to solve, by the options; empty for a model's own."""
    kept: dict[str, Any] = {}
    if model is not None:
        kept = {"lower": model.lower, "upper": model.upper}
    named = [package for package, numbers in foreign.items() if any(v is not None for v in numbers.values())]
    if named:
        return kept | _converted(named, said, foreign[named[0]])
    if model is not None:
        own = {"l1": model.l1, "l2": model.l2, "standardize": model.standardize}
        return kept | own | said if said else {}
    if "l1" not in said:
        raise ValueError(
            "--l1 is missing: say which penalty the coefficients are claimed to solve, by --l1, "
            "--glmnet-lambda or --sklearn-alpha"
        )
    return {"standardize": True} | said


def _converted(named: list[str], said: dict[str, Any], numbers: dict[str, float | None]) -> dict[str, Any]:
    """The claim in the convention of another package, from its `numbers` and what else was `said`."""
    package, (first, second) = named[0], numbers
    if len(named) > 1 or "l1" in said or "l2" in said:
        raise ValueError(
            "the penalty is said in more than one convention: keep --l1 and --l2, --glmnet-… or --sklearn-…"
        )
    if numbers[first] is None:
        raise ValueError(
            f"--{package}-{first} is missing beside --{package}-{second.replace('_', '-')}: say it too"
        )
    strength: dict[str, Any] = {name: value for name, value in numbers.items() if value is not None}
    if package == "glmnet":
        strength |= said
    elif said.get("standardize"):
        raise ValueError("--standardize does not go with --sklearn-alpha: scikit-learn does not standardise")
    return {"convention": package, "strength": strength}


def _multiply(claim: dict[str, Any], factors: Sequence[float], of_model: bool) -> None:
    """Multiply the claim's penalties, in place, by a factor for each feature."""
    if of_model and "convention" not in claim:
        raise ValueError(
            "--penalty-factor is not for a model, which knows the penalty of each feature: drop it"
        )
    if claim.get("convention") == "glmnet":
        claim["strength"]["penalty.factor"] = factors
    elif "convention" in claim:
        raise ValueError("--penalty-factor does not go with --sklearn-alpha: scikit-learn has one for all")
    else:
        claim |= multiplied(claim["l1"], claim.get("l2", 0.0), factors)
