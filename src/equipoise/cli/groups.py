"""Options that verbs share, declared once as a group: a verb takes the group, the shell sees its options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, cast, get_type_hints

from typer import Option

from equipoise.cli import options

if TYPE_CHECKING:
    from equipoise.cli.reading import Data


@dataclass(frozen=True)
class Table:
    """What is read, and what is explained by it."""

    file: options.AnySource
    target: options.TargetOrFormula = None
    formula: options.Formula = None


@dataclass(frozen=True)
class Strength:
    """A strength of the penalty, or how one is chosen."""

    l1: Annotated[
        float | None,
        Option("--l1", metavar="X", help="The l1 penalty; without it cross-validation chooses one."),
    ] = None
    choose: Annotated[
        options.Choice | None,
        Option(
            "--choose",
            help="What cross-validation chooses: the best strength, or the largest within one standard "
            "error of it.  [default: one-se]",
        ),
    ] = None
    l2: Annotated[
        float,
        Option(
            "--l2",
            metavar="X",
            help="The l2 penalty beside --l1; without --l1 what the chosen strength is multiplied by to "
            "give it (l1 is 1 times the strength).",
        ),
    ] = 0.0
    folds: options.Folds = None
    early_stop: Annotated[
        bool,
        Option("--early-stop", help="End the path where the loss of every fold has risen for long enough."),
    ] = False

    @property
    def rule(self) -> str:
        """Which of the two strengths is taken: "best" or "one-se"."""
        return (self.choose or options.Choice.ONE_SE).value

    def refuse_both(self) -> None:
        """Refuse a strength beside what is for choosing one."""
        given = {"--choose": self.choose, "--folds": self.folds, "--early-stop": self.early_stop or None}
        for option, value in given.items():
            if self.l1 is not None and value is not None:
                raise ValueError(f"{option} is for choosing a strength, and --l1 gives one: drop either")


@dataclass(frozen=True)
class Asked:
    """Which columns are what, and what is asked of coefficients, missing values and memory."""

    features: options.Features = None
    drop: options.Drop = None
    weights: options.Weights = None
    offset: options.Offset = None
    positive: options.Positive = False
    lower: options.Lower = None
    upper: options.Upper = None
    penalty_factor: options.PenaltyFactor = None
    missing: options.MissingValues = options.Missing.ERROR
    memory: options.Memory = None
    checkpoint: options.Checkpoint = None

    def read(self, table: Table, folds: int | str | None = None) -> Data:
        """Read the table, by batches where its size or an option asks for it.

        Parameters
        ----------
        table : Table
            What to read.
        folds : int, str or None
            A number of folds, or the column that says them; None where nothing is to be chosen.
        """
        from equipoise.cli.reading import read_either

        return read_either(
            table.file,
            table.target,
            table.formula,
            weights=self.weights,
            offset=self.offset,
            features=self.features,
            drop=self.drop,
            missing=self.missing.value,
            memory=self.memory,
            checkpoint=self.checkpoint,
            folds=folds,
        )

    def bounds(self) -> dict[str, Any]:
        """Return the bounds, as the verbs of the API take them."""
        from equipoise.cli.per_feature import read_bounds

        return read_bounds(self.lower, self.upper, self.positive)

    def factors(self, data: Data) -> Sequence[float] | None:
        """Return the penalty factor of each feature; None without any.

        Parameters
        ----------
        data : Data
            The table, for the names of its features.
        """
        from equipoise.cli.per_feature import read_factors

        return read_factors(self.penalty_factor, data, self.missing.value) if self.penalty_factor else None

    def arguments(self, data: Data, l1: float, l2: float) -> dict[str, Any]:
        """Return what the verbs of the API take beside X and y.

        Parameters
        ----------
        data : Data
            The table.
        l1, l2 : float
            The penalties where no feature has a factor of its own.
        """
        from equipoise.cli.per_feature import multiplied

        factors = self.factors(data)
        return {
            **({"l1": l1, "l2": l2} if factors is None else multiplied(l1, l2, factors)),
            **self.bounds(),
            "missing": self.missing.value,
            "sample_weight": data.weights,
            "offset": data.offset,
        }


def flat(verb: Callable[..., None]) -> Callable[..., None]:
    """Return a verb that takes the fields of its groups as parameters of its own, in their place.

    Parameters
    ----------
    verb : function
        Its parameters are keywords; some of them are annotated with dataclasses of this module.
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
