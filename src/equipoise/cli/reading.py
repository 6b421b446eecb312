"""From FILE and the columns named on the command line to what the verbs of the API take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.columns import pick_columns, read_column
from equipoise.data.files import is_query, read_table
from equipoise.data.words import count

if TYPE_CHECKING:
    from equipoise.results.fit import Fit

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Data:
    """A table taken apart.

    Parameters
    ----------
    X : pyarrow.Table
        The features.
    y : (n,) array
        The target.
    weights, offset : (n,) array or None
        None where no column was named.
    origin : str
        Where they come from, and in which part, as words.
    """

    X: Any
    y: Array
    weights: Array | None
    offset: Array | None
    origin: str

    def describe(self, features: int) -> str:
        """Say what was read.

        Parameters
        ----------
        features : int
            How many features the columns became.
        """
        columns = self.X.num_columns
        encoded = f" ({count(columns, 'column')})" if columns != features else ""
        return f"{count(len(self.y), 'row')} × {count(features, 'feature')}{encoded} {self.origin}"


def read_data(
    source: str,
    target: str,
    *,
    weights: str | None = None,
    offset: str | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
) -> Data:
    """Read a table and take it apart.

    Parameters
    ----------
    source : str
        A file or an SQL query.
    target : str
        The column to explain.
    weights, offset : str, optional
        Columns that are no features.
    features : sequence of str, optional
        The columns that are features, as written on the command line; all the others without it.
    drop : sequence of str, optional
        Columns to leave out.

    Returns
    -------
    Data
        Features as a table, the rest as arrays.

    Raises
    ------
    ValueError, TypeError, OSError, ImportError
        In a sentence: no such file or column, a column that is not numeric or not complete.
    """
    roles = _roles(target=target, weights=weights, offset=offset)
    table = read_table(source)
    y = read_column(table, target, role="target")
    s = None if weights is None else read_column(table, weights, role="weights column")
    o = None if offset is None else read_column(table, offset, role="offset column")
    known = set(table.column_names)
    keep = None if not features else _names(features, known)
    for name in keep or ():
        if name in roles:
            raise ValueError(f"column '{name}' is the {roles[name]}: it cannot be a feature too")
    X = pick_columns(table, keep=keep, drop=[*(() if keep else roles), *_names(drop or (), known)])
    named = ", ".join(f"{role} {name}" for name, role in roles.items())
    where = "the query" if is_query(source) else source
    return Data(X, y, s, o, f"from {where}; {named}")


def read_for_model(source: str, model: Fit, *, others: Iterable[str | None] = ()) -> tuple[Any, Any]:
    """Read a table in which a saved model finds its features.

    Parameters
    ----------
    source : str
        A file or an SQL query.
    model : Fit
        The model. One that was fitted to an array knows no columns: its features are found by name if the
        table has them all, and else by their order.
    others : iterable of str or None
        Columns that are no features.

    Returns
    -------
    table, features : pyarrow.Table
        The whole table, and the part that the model is to be given.
    """
    table = read_table(source)
    if model.encoding is not None:
        return table, table
    if set(model.features) <= set(table.column_names):
        return table, pick_columns(table, keep=model.features)
    return table, pick_columns(table, drop=[name for name in others if name is not None])


def _roles(**columns: str | None) -> dict[str, str]:
    """Each column that is no feature, and what it is instead."""
    roles: dict[str, str] = {}
    for role, name in columns.items():
        if name is None:
            continue
        if name in roles:
            raise ValueError(f"column '{name}' is named both as {roles[name]} and as {role}: choose one")
        roles[name] = role
    return roles


def _names(given: Sequence[str], known: set[str]) -> list[str]:
    """Names as written: each a column, or several with commas between them."""
    names: list[str] = []
    for text in given:
        parts = [text] if text in known else text.split(",")
        names += [part if part in known else part.strip() for part in parts]
    return names
