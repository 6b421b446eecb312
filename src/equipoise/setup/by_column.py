"""Columns by name: features, and y, weights, offset, folds and groups that are columns of X or a source."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from equipoise.data.arguments.arrays import as_matrix
from equipoise.data.arguments.folds import fold_count, ordered_count
from equipoise.data.arguments.messages import suggestion
from equipoise.data.arguments.named import NamedArray
from equipoise.data.arguments.sparse import as_csc, is_sparse
from equipoise.data.disk.mapped import Mapped
from equipoise.data.disk.mmap_store import is_on_disk
from equipoise.data.frames.column_choice import EVERY_COLUMN, NOTHING, ColumnChoice
from equipoise.data.frames.columns import (
    is_frame,
    is_series,
    library_of,
    open_frame,
    pick_columns,
    read_column,
)
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.labels import label_column, read_labels
from equipoise.data.stream.arrow_batch import is_dask_array
from equipoise.data.text.names import nfc
from equipoise.sums.gathered import Gathered

CLUSTERS = ("dask", "pyspark")
ELSEWHERE = (*CLUSTERS, "duckdb", "ibis")  # libraries whose frames are not in memory
UNNAMED: dict[str, str] = {}
LABELS = ("folds", "groups")  # roles whose columns may hold text


class Taken(NamedTuple):
    """The arguments of a verb with every named column in place of its name, and X with its features alone.

    What is left of ``columns`` are names for the features, and which levels of text make one; ``named`` has
    the names that were given, by argument.
    """

    X: Any
    y: Any
    sample_weight: Any
    offset: Any
    folds: Any
    groups: Any
    columns: ColumnChoice = EVERY_COLUMN
    named: Mapping[str, str] = UNNAMED
    exposure: Any = None


def by_column(
    X: Any,
    y: Any,
    *,
    sample_weight: Any = None,
    offset: Any = None,
    folds: Any = None,
    groups: Any = None,
    exposure: Any = None,
    columns: ColumnChoice = EVERY_COLUMN,
    missing: str = "error",
    sort: bool = False,
    rows_for: str = "",
    encoding: Any = None,
    labels: tuple[str, ...] = LABELS,
) -> Taken:
    """Take the columns that are named out of X, which is summed up first if it is not in memory.

    The other arguments are those of a verb. ``sort`` also sorts rows that are not in memory into folds;
    ``rows_for`` names a verb that needs the rows themselves, so that only data in memory will do;
    ``encoding`` is that of a model, whose columns are then read; ``labels`` are the roles that may hold text.
    """
    given = {"y": y, "sample_weight": sample_weight, "offset": offset, "folds": folds, "groups": groups}
    if exposure is not None:
        given["exposure"] = exposure
    if isinstance(X, NamedArray):
        columns = columns if columns.names is not None else columns._replace(names=X.names)
        X = np.asarray(X)
    named = {}
    for role, value in given.items():  # no comprehension, and no call without Dask: small fits come by here
        if isinstance(value, str):
            named[role] = value
    if "folds" in named and ordered_count(named["folds"]) is not None:
        _refuse_column(X, columns, named.pop("folds"))
    if "dask" in sys.modules and is_dask_array(X):
        return _sum_up(X, given, columns, missing, sort, rows_for, encoding)
    if "y" not in named:
        if isinstance(X, str | os.PathLike) or (is_frame(X) and library_of(X) in CLUSTERS):
            raise TypeError(
                "X is not in memory: name the column of it to explain as y (a .npy file of features alone is "
                "opened by equipoise.Mapped)"
            )
        if not isinstance(X, Gathered) and is_frame(X):
            _refuse_unnamed(X, y)
    if isinstance(X, Gathered):
        if rows_for:
            raise TypeError(
                f"{rows_for} needs the rows themselves, of which gathered data keep only sums: pass X and y"
            )
        columns.refuse_any("X holds gathered data, which have their columns already: leave it out")
        if missing != "error":
            raise ValueError(
                f"missing is {missing!r}, but X holds gathered data, whose rows are summed up already: pass "
                "missing='drop' to gather"
            )
        return Taken(X, **given)
    names, features, drop, reference, categories = columns
    plain = names is None and features is None and drop is NOTHING
    if plain and reference == "binary" and categories is None and not named:
        return Taken(X, **given)
    _refuse_two_roles(named)
    return _take(X, given, named, columns.checked(named), missing, sort, rows_for, encoding, labels)


def _take(
    X: Any,
    given: dict[str, Any],
    named: dict[str, str],
    columns: ColumnChoice,
    missing: str,
    sort: bool,
    rows_for: str,
    encoding: Any,
    labels: tuple[str, ...],
) -> Taken:
    """The columns that have a role, by the names in ``named``, and those that are features."""
    if is_on_disk(X):
        X = Mapped(X)
    if isinstance(X, Mapped) and (X.named or columns.names is None):
        columns.refuse_names()
        columns.refuse_levels("a matrix on disk")
        features = columns.chosen(X.features, [*named.values()], X.source)
        found = {role: X.column(name) for role, name in named.items()}
        return Taken(X.pick(features), **given | found, named=named)
    if is_frame(X) and library_of(X) not in ELSEWHERE and not hasattr(X, "__len__") and hasattr(X, "collect"):
        X = open_frame(X).to_native()
    frame = _frame_of(X, named, columns)
    if frame is not None:
        columns.refuse_names()
        finite = missing == "error"
        found = {role: _column(frame, name, role, finite, labels) for role, name in named.items()}
        if frame is X and (columns.features is not None or columns.drop or named):
            roles = () if columns.features is not None else named.values()
            X = pick_columns(X, keep=columns.features, drop=[*roles, *columns.drop])
        kept = columns.features and [name for name in columns.features if name not in columns.drop]
        left = columns._replace(names=None, features=kept, drop=NOTHING)
        return Taken(X, **given | found, columns=left, named=named)
    if isinstance(X, str | os.PathLike) or library_of(X) in CLUSTERS or is_frame(X):
        columns.refuse_names()
        _refuse_arrays(given)
        return _sum_up(X, given, columns, missing, sort, rows_for, encoding)
    return _take_of_matrix(X, given, named, columns, missing == "error")


def _take_of_matrix(
    X: Any, given: dict[str, Any], named: dict[str, str], columns: ColumnChoice, finite: bool
) -> Taken:
    """The columns of an array, a sparse matrix, or a matrix on disk, which have no names of their own."""
    if is_series(X):
        raise ValueError(f"X is a single column ({type(X).__name__}): pass a data frame, as to_frame() makes")
    if X is None or isinstance(X, dict | set):
        what = "None" if X is None else f"a {type(X).__name__}"
        raise TypeError(
            f"X is {what}: pass a data frame, such as pandas.DataFrame makes of a dict of columns"
        )
    if named and columns.names is None:
        role, name = next(iter(named.items()))
        what = "the response itself" if role == "y" else "one value a row"
        raise TypeError(f"{role} is '{name}', but X has no column names: pass {what}, or names too")
    columns.refuse_levels("an array of numbers")
    if is_sparse(X):
        X = as_csc(X, features=columns.names, finite=finite)
    elif not (isinstance(X, Mapped) or (isinstance(X, np.ndarray) and X.ndim == 2)):
        X = as_matrix(X, finite=False)
    names = columns.names_of(X.shape[1])
    places = {name: j for j, name in enumerate(names)}
    found = {}
    for role, name in named.items():
        if name not in places:
            raise ValueError(f"{role} '{name}' is not a column of X: {suggestion(name, names)}")
        found[role] = _column_of_matrix(X, places[name])
    chosen = columns.chosen(names, [*named.values()], "X")
    if chosen != list(names):
        kept = [places[name] for name in chosen]
        X = X.pick([X.features[j] for j in kept]) if isinstance(X, Mapped) else X[:, kept]
    return Taken(X, **given | found, columns=ColumnChoice(names=tuple(chosen)), named=named)


def _column_of_matrix(X: Any, place: int) -> Any:
    """One column, (n,)."""
    if isinstance(X, Mapped):
        return X.column(X.features[place])
    return X[:, [place]].toarray()[:, 0] if is_sparse(X) else X[:, place]


def _refuse_arrays(given: dict[str, Any]) -> None:
    """For data not in memory, refuse a role that is neither a column's name nor a number of folds."""
    for role, value in given.items():
        if value is None or isinstance(value, str) or (role == "folds" and fold_count(value) is not None):
            continue
        number = "a number or " if role == "folds" else ""
        raise TypeError(f"{role} of data that are not in memory is {number}the name of a column")


def _refuse_column(X: Any, columns: ColumnChoice, folds: str) -> None:
    """Refuse folds in the order of the rows where X has a column of that name, which may be meant."""
    if type(X).__module__ == "equipoise.data.formula.formulas":
        X = X.frame
    names: Any = ()
    if columns.names is not None:
        names = columns.names
    elif isinstance(X, Mapped) or is_on_disk(X):
        names = Mapped(X).features if is_on_disk(X) else X.features
    elif is_frame(X) and library_of(X) not in ELSEWHERE and (hasattr(X, "__len__") or hasattr(X, "collect")):
        names = open_frame(X).columns
    if nfc(folds) in map(nfc, names):
        raise ValueError(
            f"folds is '{folds}', which asks for blocks of rows in their order, and X has a column of that "
            "name: rename the column, or pass its values or a splitter, such as TimeSeriesSplit"
        )


def _refuse_two_roles(named: dict[str, str]) -> None:
    """Refuse a column that is named in two roles."""
    roles: dict[str, str] = {}
    for role, name in named.items():
        if name in roles:
            raise ValueError(f"column '{name}' is named both as {roles[name]} and as {role}: choose one")
        roles[name] = role


def _refuse_unnamed(X: Any, y: Any) -> None:
    """Refuse a frame without a response, or with a label of a column that is no text."""
    if y is None:
        raise TypeError("y is missing: name the column of X to explain, or pass the response")
    if isinstance(y, int | tuple) and library_of(X) == "pandas" and str(y) in map(str, X.columns):
        raise TypeError(f"y is {y!r}: columns go by the text of their names, so pass y={str(y)!r}")


def _frame_of(X: Any, named: dict[str, str], columns: ColumnChoice) -> Any:
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
    columns.refuse_any("X is of a formula, which says what is read and how: leave it out")
    for column in X.formula.columns:
        if column.name in named.values():
            raise ValueError(
                f"column '{column.name}' is named, but the formula '{X.formula.text}' makes features of it: "
                "choose one"
            )
    return X.frame


def _column(frame: Any, name: str, role: str, finite: bool, labels: tuple[str, ...]) -> Any:
    """A column as float64; text is allowed in the roles ``labels``, of which y stays a series."""
    if role == "y" and role in labels:
        return label_column(frame, name)
    read = read_labels if role in labels else read_column
    return read(frame, name, role=role, finite=finite)


def _sum_up(
    X: Any,
    given: dict[str, Any],
    columns: ColumnChoice,
    missing: str,
    sort: bool,
    rows_for: str,
    encoding: Any,
) -> Taken:
    """Sum up data that are not in memory in one pass; their roles become part of the gathered data."""
    from equipoise.sums.gather import gather_source

    if rows_for:
        raise TypeError(
            f"{rows_for} needs the rows themselves, and X is not in memory: read it into a data frame first"
        )
    folds = (10 if given["folds"] is None else given["folds"]) if sort else None
    data = gather_source(
        X,
        given["y"],
        folds=folds,
        groups=given["groups"],
        weights=given["sample_weight"],
        offset=given["offset"],
        columns=columns,
        encoding=encoding if isinstance(encoding, Encoding) else None,
        missing=missing,
    )
    return Taken(data, None, None, None, None, None)
