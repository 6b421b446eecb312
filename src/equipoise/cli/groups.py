"""Options that several verbs share, as groups: a verb takes the group, the shell sees its options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, cast, get_type_hints

from typer import Option

from equipoise.cli import options
from equipoise.cli.completion import complete_choice, complete_scoring
from equipoise.cli.text_options import TextOptions

if TYPE_CHECKING:
    from equipoise.cli.reading import Data


@dataclass(frozen=True)
class Table:
    """The file to read, and the column or formula to explain."""

    file: options.AnySource
    target: options.TargetOrFormula = None
    formula: options.Formula = None

    @property
    def response(self) -> str | None:
        """The target, or what stands on the left of the formula."""
        return self.target if self.formula is None else self.formula.partition("~")[0].strip().strip("`")


@dataclass(frozen=True)
class Strength:
    """The strength of the penalty, or how cross-validation chooses it."""

    l1: Annotated[
        float | None,
        Option("--l1", metavar="X", help="The l1 penalty; without it cross-validation chooses one."),
    ] = None
    choose: Annotated[
        options.Choice | None,
        Option(
            "--choose",
            parser=options.read_choice,
            metavar="[best|one-se]",
            autocompletion=complete_choice,
            help="What cross-validation chooses: the best strength, or the largest within one standard "
            "error of it.  [default: one-se; best where the rows are split once]",
        ),
    ] = None
    l2: Annotated[
        float,
        Option(
            "--l2",
            metavar="X",
            help="The l2 penalty. Without --l1, a factor: l2 is X times the chosen strength, and l1 the "
            "strength itself.",
        ),
    ] = 0.0
    folds: options.Folds = None
    groups: options.Groups = None
    scoring: Annotated[
        str | None,
        Option(
            "--scoring",
            metavar="LOSS",
            autocompletion=complete_scoring,
            help="The loss of held-out rows: deviance, misclassification, auc, brier, squared_error, "
            "absolute_error, median_absolute_error, or a "
            "scorer of scikit-learn for regression, such as r2 or neg_max_error.  [default: squared_error, "
            "with another --loss deviance]",
        ),
    ] = None
    ratio: options.Ratio = None
    early_stop: Annotated[
        bool,
        Option("--early-stop", help="End the path once the held-out loss of every fold keeps rising."),
    ] = False

    def rule(self, folds: int) -> str:
        """The strength to take, "best" or "one-se"; one split of the rows has no standard error."""
        if folds > 1:
            return (self.choose or options.Choice.ONE_SE).value
        if self.choose is options.Choice.ONE_SE:
            raise ValueError(
                "--choose is one-se, but one split of the rows has no standard error: write --choose best, "
                "or give two folds or more"
            )
        if self.early_stop:
            raise ValueError("--early-stop compares the losses of folds, and there is one: leave it out")
        return options.Choice.BEST.value

    def refuse_both(self) -> None:
        """Refuse options for choosing a strength beside --l1, which gives one."""
        given = {
            "--choose": self.choose,
            "--folds": self.folds,
            "--scoring": self.scoring,
            "--groups": self.groups,
            "--ratio": self.ratio,
            "--early-stop": self.early_stop or None,
        }
        for option, value in given.items():
            if self.l1 is not None and value is not None:
                raise ValueError(f"{option} is for choosing a strength, and --l1 gives one: drop either")


@dataclass(frozen=True)
class Asked(TextOptions):
    """The loss, the roles of columns, how text is read, constraints, missing values and memory."""

    loss: options.Loss = "squared"
    event: options.Event = None
    exposure: options.Exposure = None
    features: options.Features = None
    drop: options.Drop = None
    reference: options.Reference = None
    weights: options.Weights = None
    offset: options.Offset = None
    positive: options.Positive = False
    lower: options.Lower = None
    upper: options.Upper = None
    penalty_factor: options.PenaltyFactor = None
    missing: options.MissingValues = options.Missing.ERROR
    memory: options.Memory = None
    checkpoint: options.Checkpoint = None

    def read(self, table: Table, folds: int | str | None = None, groups: str | None = None) -> Data:
        """Read the table, in batches where the source or an option asks for it.

        `folds` is a number, blocks in order, or the column that says the fold; None where nothing is
        cross-validated. `groups` is the column of groups.
        """
        from equipoise.cli.reading import read_either
        from equipoise.results.fit.targets import Target

        return read_either(
            table.file,
            table.target,
            table.formula,
            weights=self.weights,
            offset=self.offset,
            features=self.features,
            drop=self.drop,
            reference=self.reference,
            missing=self.missing.value,
            memory=self.memory,
            checkpoint=self.checkpoint,
            folds=folds,
            groups=groups,
            reading=self.reading,
            exposure=self.exposure,
            reads=Target(self.loss),
        )

    def of_loss(self, data: Data) -> dict[str, Any]:
        """The loss as keywords of the API's verbs; none for squared loss."""
        if self.loss == "squared" and self.event is None and data.exposure is None:
            return {}
        return {"loss": self.loss, "event": self.event, "exposure": data.exposure}

    def bounds(self) -> dict[str, Any]:
        """The bounds of the coefficients, as keywords of the API's verbs."""
        from equipoise.cli.per_feature import read_bounds

        return read_bounds(self.lower, self.upper, self.positive)

    def factors(self, data: Data) -> Sequence[float] | None:
        """The penalty factor of each feature; None where --penalty-factor is not given."""
        from equipoise.cli.per_feature import read_factors

        return read_factors(self.penalty_factor, data, self.missing.value) if self.penalty_factor else None

    def arguments(self, data: Data, l1: float, l2: float) -> dict[str, Any]:
        """Keywords of the API's verbs; `l1` and `l2` are the penalties of a feature whose factor is 1."""
        from equipoise.cli.per_feature import multiplied

        factors = self.factors(data)
        return {
            **({"l1": l1, "l2": l2} if factors is None else multiplied(l1, l2, factors)),
            **self.bounds(),
            "reference": data.reference,
            "missing": "error" if data.y is None else self.missing.value,  # sums are without gaps
            "sample_weight": data.weights,
            "offset": data.offset,
            **self.of_loss(data),
        }


def flat(verb: Callable[..., None]) -> Callable[..., None]:
    """Turn a verb that takes groups into one that takes each group's options as parameters.

    The verb's parameters are keywords; those annotated with a dataclass of this module are groups.
    """
    hints = get_type_hints(verb, include_extras=True)
    parameters: list[inspect.Parameter] = []
    groups: dict[str, Any] = {}
    for name, parameter in inspect.signature(verb).parameters.items():
        group = hints[name]
        if not is_dataclass(group):
            parameters.append(parameter.replace(annotation=group))
            continue
        groups[name] = group
        members = get_type_hints(group, include_extras=True)
        for field in inspect.signature(cast("type[Any]", group)).parameters.values():
            parameters.append(field.replace(annotation=members[field.name], kind=parameter.kind))

    @wraps(verb)
    def flattened(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        verb(**given)

    flattened.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flattened.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return flattened
