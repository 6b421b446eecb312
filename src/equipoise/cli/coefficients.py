"""Coefficients to audit, as a shell has them: a table in a file, or a saved model."""

from __future__ import annotations

from equipoise.data.files.files import read_table
from equipoise.data.files.queries import is_query
from equipoise.data.frames.coefficients import Coefficients, read_coefficient_table
from equipoise.results.fit.result import Fit


def read_given(source: str) -> Coefficients | Fit:
    """Read a saved model (``.json``), or a table of names and numbers in a file or by a query."""
    if not source.lower().endswith(".json"):
        file = "" if is_query(source) else source
        return read_coefficient_table(read_table(source), file, "the query's result")
    from equipoise.cli.model_data import load_model

    return load_model(source)
