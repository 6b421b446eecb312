"""Columns by their names: y, weights, offset and folds that are columns of X, or of a source to be read."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import numpy as np

from equipoise.data.arguments.sparse import is_sparse
from equipoise.data.disk.mapped import Mapped
from equipoise.data.frames.columns import is_frame, library, pick_columns, read_column
from equipoise.data.stream.arrow_batch import is_dask_array
from equipoise.sums.gathered import Gathered

CLUSTERS = ("dask", "pyspark")
ELSEWHERE = (*CLUSTERS, "duckdb", "ibis")  # libraries whose frames are not in memory


class Named(NamedTuple):
    """What a verb goes on with."""

    X: Any
    y: Any
    sample_weight: Any
    offset: Any
    folds: Any


def by_column(
    X: Any,
    y: Any,
    *,
    sample_weight: Any,
    offset: Any,
    missing: str,
    folds: Any = None,
    sort: bool = False,
) -> Named:
    """Take apart an X that holds the response, too, under the name y; gather it if it is not in memory.

    Parameters
    ----------
    X, y, sample_weight, offset, missing, folds
        As a verb was given them.
    sort : bool
        Whether rows are to be sorted into folds as they are gathered.
    """
    given = {"sample_weight": sample_weight, "offset": offset, "folds": folds}
    kept = (10 if folds is None else folds) if sort else None
    if is_dask_array(X):
        return _gathered(X, y, kept, sample_weight, offset, missing)
    if not isinstance(y, str):
        if isinstance(X, str | os.PathLike) or (is_frame(X) and library(X) in CLUSTERS):
            raise TypeError(
                "X is not in memory: name the column of it to explain as y (a .npy file of features alone is "
                "opened by equipoise.Mapped)"
            )
        if y is None and not isinstance(X, Gathered) and is_frame(X):
            raise TypeError("y is missing: name the column of X to explain, or pass the response")
        return Named(X, y, **given)
    finite = missing == "error"
    roles = {role: value for role, value in given.items() if isinstance(value, str)}
    if isinstance(X, Mapped):
        features = [name for name in X.features if name not in {y, *roles.values()}]
        columns = {role: X.column(name) for role, name in roles.items()}
        return Named(X.pick(features), X.column(y), **{**given, **columns})
    if is_frame(X) and library(X) not in ELSEWHERE and hasattr(X, "__len__"):
        columns = {role: read_column(X, name, role=role, finite=finite) for role, name in roles.items()}
        response = read_column(X, y, role="y", finite=finite)
        return Named(pick_columns(X, drop={y, *roles.values()}), response, **{**given, **columns})
    if isinstance(X, np.ndarray | list | tuple) or is_sparse(X):
        raise TypeError(f"y is '{y}', but X has no column names: pass the response itself")
    for role, value in given.items():
        if value is not None and not isinstance(value, str) and not (role == "folds" and type(value) is int):
            number = "a number or " if role == "folds" else ""
            raise TypeError(f"{role} of data that are not in memory is {number}the name of a column")
    return _gathered(X, y, kept, sample_weight, offset, missing)


def _gathered(X: Any, y: Any, folds: Any, weights: Any, offset: Any, missing: str) -> Named:
    """What is not in memory, summed up."""
    from equipoise.sums.gather import gather_source

    if missing != "error":
        raise ValueError(f"missing is {missing!r}, but data that are not in memory are read as they are")
    return Named(gather_source(X, y, folds=folds, weights=weights, offset=offset), None, None, None, None)
