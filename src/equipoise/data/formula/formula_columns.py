"""Columns of a frame as a formula's terms take them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.data.arguments.floats import describe_gaps
from equipoise.data.arguments.messages import MissingValues, quoted
from equipoise.data.formula.formulaic_adapter import Terms
from equipoise.data.frames.categories import as_text, levels_of
from equipoise.data.frames.columns import find_gaps, kind_of
from equipoise.data.frames.encoding import Column
from equipoise.data.frames.features import numbers_of
from equipoise.data.text.reading import Reading

if TYPE_CHECKING:
    from equipoise.data.frames.columns import Series

POLYNOMIAL = re.compile(r"\bpoly\(\s*`?([^,`()]+?)`?\s*,\s*(?:degree\s*=\s*)?(\d+)")


def refuse_gaps(columns: Mapping[str, Series], what: str, *policies: str) -> None:
    """Refuse missing values; `what` begins the error message, which policies for them end."""
    for name, series in columns.items():
        missing, infinite = find_gaps(series)
        if missing.any():
            found = describe_gaps(missing, np.zeros_like(infinite), nulls=True)
            raise MissingValues.of(f"{what} '{name}' {found}", *policies)


def refuse_high_degrees(terms: Terms, values: Mapping[str, Any]) -> None:
    """Refuse polynomials of a column with too few distinct values: they would be rounding errors only."""
    for expression in dict.fromkeys(expression for term in terms for expression, _ in term):
        for name, degree in POLYNOMIAL.findall(expression):
            distinct = len(np.unique(np.asarray(values[name]))) if name in values else int(degree) + 1
            if distinct <= int(degree):
                raise ValueError(
                    f"poly({name}, {degree}) needs more than {degree} distinct values, but column '{name}' "
                    f"has {distinct}: lower the degree"
                )


def column_of(name: str, series: Series) -> Column:
    """What a model has to remember of a column."""
    if kind_of(series) == "numeric":
        return Column(name, "numeric")
    return Column(name, "category", levels_of(series, declared=True))


def formulaic_values(series: Series, column: Column, unseen: str, levels: bool, reading: Reading) -> Any:
    """A column in the form that formulaic takes, whatever its library: floats, categories, integer levels.

    Arithmetic with integers would overflow in silence.
    """
    import pandas as pd

    if column.kind == "numeric":
        whole = levels and series.dtype.is_integer()
        return series.to_numpy() if whole else numbers_of(series, column.name, reading)
    texts = as_text(series)
    strange = sorted({text for text in texts if text is not None} - {*column.levels})
    if strange and unseen == "error":
        raise ValueError(
            f"X column '{column.name}' holds level '{strange[0]}', unseen when the model was fitted (it "
            f"knows {quoted(column.levels)}): fit again with such rows, or pass unseen='zero' to count it as "
            "none of them"
        )
    return pd.Categorical([t if t in column.levels else None for t in texts], list(column.levels))
