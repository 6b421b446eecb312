"""Coefficients to audit: a CSV of features and numbers, or a saved model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.data.arguments.messages import quoted
from equipoise.data.files.files import read_table
from equipoise.data.frames.columns import read_column

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit

INTERCEPTS = ("(Intercept)", "intercept")


@dataclass(frozen=True)
class Coefficients:
    """Coefficients to audit, by feature; `intercept` is None for a model without one.

    `model` is the saved model that they come from, None for a table.
    """

    coef: dict[str, float]
    intercept: float | None
    model: Fit | None = None


def read_coefficients(source: str, columns: list[str]) -> Coefficients:
    """Read a saved model (``.json``), or a table with the columns ``feature`` and ``coef``.

    A row ``(Intercept)`` or ``intercept`` is the intercept, unless one of the data's `columns` has that name.
    """
    if source.lower().endswith(".json"):
        return _of_model(source)
    table = read_table(source)
    if not {"feature", "coef"} <= set(table.column_names):
        raise ValueError(
            f"{source} needs the columns 'feature' and 'coef': it has {quoted(table.column_names)}"
        )
    features = [None if name is None else str(name) for name in table.column("feature").to_pylist()]
    values = read_column(table, "coef", role="column").tolist()
    coef: dict[str, float] = {}
    for row, (name, value) in enumerate(zip(features, values, strict=True)):
        if name is None:
            raise ValueError(f"{source} names no feature in row {row}, counting from 0: name it")
        if name in coef:
            raise ValueError(f"{source} names feature '{name}' twice: keep one of the rows")
        coef[name] = value
    constants = [name for name in INTERCEPTS if name in coef and name not in columns]
    if len(constants) > 1:
        raise ValueError(f"{source} has two intercepts, {quoted(constants)}: keep one of the rows")
    return Coefficients(coef, coef.pop(constants[0]) if constants else None)


def _of_model(source: str) -> Coefficients:
    from equipoise.api.load import load

    fit = load(source)
    coef = dict(zip(fit.features, fit.coef.tolist(), strict=True))
    return Coefficients(coef, fit.intercept if fit.with_intercept else None, fit)
