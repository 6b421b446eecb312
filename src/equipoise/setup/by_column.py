"""Columns by name: y, weights, offset, folds and groups that are columns of X, or of a source of rows."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

import numpy as np

from equipoise.data.arguments.folds import fold_count
from equipoise.data.arguments.messages import count
from equipoise.data.arguments.sparse import is_sparse
from equipoise.data.disk.mapped import Mapped
from equipoise.data.frames.columns import (
    columns_of,
    is_frame,
    kind_of,
    library_of,
    open_frame,
    pick_columns,
    read_column,
)
from equipoise.data.stream.arrow_batch import is_dask_array
from equipoise.sums.gathered import Gathered

CLUSTERS = ("dask", "pyspark")
ELSEWHERE = (*CLUSTERS, "duckdb", "ibis")  # libraries whose frames are not in memory
LABELS = ("folds", "groups")  # roles whose columns may hold text


class Taken(NamedTuple):
    """The arguments of a verb with every named column in place of its name, and X without these columns."""

    X: Any
    y: Any
    sample_weight: Any
    offset: Any
    folds: Any
    groups: Any


def by_column(
    X: Any,
    y: Any,
    *,
    sample_weight: Any = None,
    offset: Any = None,
    folds: Any = None,
    groups: Any = None,
    missing: str = "error",
    sort: bool = False,
    rows_for: str = "",
) -> Taken:
    """Take the columns that are named out of X, which is summed up first if it is not in memory.

    The other arguments are those of a verb. ``sort`` also sorts rows that are not in memory into folds;
    ``rows_for`` names a verb that needs the rows themselves, so that only data in memory will do.
    """
    given = {"y": y, "sample_weight": sample_weight, "offset": offset, "folds": folds, "groups": groups}
    named = {}
    for role, value in given.items():  # no comprehension, and no call without Dask: small fits come by here
        if isinstance(value, str):
            named[role] = value
    if "dask" in sys.modules and is_dask_array(X):
        return _sum_up(X, given, missing, sort, rows_for)
    if "y" not in named:
        if isinstance(X, str | os.PathLike) or (is_frame(X) and library_of(X) in CLUSTERS):
            raise TypeError(
                "X is not in memory: name the column of it to explain as y (a .npy file of features alone is "
                "opened by equipoise.Mapped)"
            )
        if y is None and not isinstance(X, Gathered) and is_frame(X):
            raise TypeError("y is missing: name the column of X to explain, or pass the response")
    if isinstance(X, Gathered) and rows_for:
        raise TypeError(
            f"{rows_for} needs the rows themselves, of which gathered data keep only sums: pass X and y"
        )
    if isinstance(X, Gathered) or not named:
        return Taken(X, **given)
    _refuse_two_roles(named)
    if isinstance(X, Mapped):
        features = [name for name in X.features if name not in named.values()]
        return Taken(X.pick(features), **given | {role: X.column(name) for role, name in named.items()})
    frame = _frame_of(X, named)
    if frame is not None:
        finite = missing == "error"
        found = {role: _column(frame, name, role, finite) for role, name in named.items()}
        return Taken(X if frame is not X else pick_columns(X, drop=set(named.values())), **given | found)
    if isinstance(X, np.ndarray | list | tuple) or is_sparse(X):
        role, name = next(iter(named.items()))
        what = "the response itself" if role == "y" else "one value a row"
        raise TypeError(f"{role} is '{name}', but X has no column names: pass {what}")
    _refuse_arrays(given)
    return _sum_up(X, given, missing, sort, rows_for)


def _refuse_arrays(given: dict[str, Any]) -> None:
    """For data not in memory, refuse a role that is neither a column's name nor a number of folds."""
    for role, value in given.items():
        if value is None or isinstance(value, str) or (role == "folds" and fold_count(value) is not None):
            continue
        number = "a number or " if role == "folds" else ""
        raise TypeError(f"{role} of data that are not in memory is {number}the name of a column")


def _refuse_two_roles(named: dict[str, str]) -> None:
    """Refuse a column that is named in two roles."""
    roles: dict[str, str] = {}
    for role, name in named.items():
        if name in roles:
            raise ValueError(f"column '{name}' is named both as {roles[name]} and as {role}: choose one")
        roles[name] = role


def _frame_of(X: Any, named: dict[str, str]) -> Any:
    """The data frame in memory that holds the named columns; None if there is none."""
    if is_frame(X):
        return X if library_of(X) not in ELSEWHERE and hasattr(X, "__len__") else None
    if not type(X).__module__.startswith("equipoise."):
        return None
    from equipoise.data.formula.formulas import ModelMatrix

    if not isinstance(X, ModelMatrix):
        return None
    if "y" in named:
        raise TypeError(
            f"y is '{named['y']}', but X is of a formula: pass the y that equipoise.formula returned"
        )
    for column in X.formula.columns:
        if column.name in named.values():
            raise ValueError(
                f"column '{column.name}' is named, but the formula '{X.formula.text}' makes features of it: "
                "choose one"
            )
    return X.frame


def _column(frame: Any, name: str, role: str, finite: bool) -> Any:
    """A column as float64; text is allowed in folds and groups."""
    if role in LABELS:
        import narwhals as nw

        series = columns_of(open_frame(frame)).get(name)
        if series is not None and kind_of(series) == "category":
            absent = series.is_null().to_numpy()
            if absent.any():
                raise ValueError(
                    f"{role} '{name}' holds {count(int(absent.sum()), 'missing value')} (first at row "
                    f"{int(absent.argmax())}, counting from 0): give every row one, or drop such rows first"
                )
            return np.array(series.cast(nw.String).to_list())
    return read_column(frame, name, role=role, finite=finite)


def _sum_up(X: Any, given: dict[str, Any], missing: str, sort: bool, rows_for: str) -> Taken:
    """Sum up data that are not in memory in one pass; their roles become part of the gathered data."""
    from equipoise.sums.gather import gather_source

    if rows_for:
        raise TypeError(
            f"{rows_for} needs the rows themselves, and X is not in memory: read it into a data frame first"
        )
    if missing != "error":
        raise ValueError(f"missing is {missing!r}, but data that are not in memory are read as they are")
    if given["groups"] is not None:
        raise TypeError("groups are not for data that are not in memory: name a column of folds")
    folds = (10 if given["folds"] is None else given["folds"]) if sort else None
    data = gather_source(X, given["y"], folds=folds, weights=given["sample_weight"], offset=given["offset"])
    return Taken(data, None, None, None, None, None)
