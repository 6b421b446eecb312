"""Coefficients as people have them: numbers in order or by name, tables of R and broom, fitted models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import as_per_feature, default_names
from equipoise.data.arguments.messages import count, quoted
from equipoise.data.arguments.sparse import is_sparse
from equipoise.data.frames.columns import columns_of, is_frame, kind_of, library_of, open_frame, read_column
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.feature_names import find_features

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula

Array = NDArray[np.float64]

INTERCEPTS = ("(Intercept)", "Intercept", "intercept")  # as R, formulas and the command line write it
UNNAMED = re.compile(r"|column0+|Unnamed: 0|\.\.\.1")  # what readers call the column of R's row names
VALUES = {"feature": "coef", "term": "estimate"}  # columns of ours and of broom: names, and their numbers
STRENGTHS = ("step", "lambda", "strength")  # columns that tell one strength's rows from another's


@dataclass(frozen=True, eq=False)
class Coefficients:
    """Coefficients as they were given, not yet matched with features.

    Attributes
    ----------
    numbers : dict of str to float, or (p,) array-like
        By name, perhaps with the intercept, or in the order of the features.
    subject : str
        What error messages call them: ``coef``, or their file.
    of_model : bool
        Whether a model holds them, whose ``intercept`` is then known.
    intercept : float or None
        The intercept that a model holds; None where it has none, and for coefficients of no model.
    whole : bool
        Whether zeros are listed too, so that a feature left out is a mistake.
    positive : bool
        Whether the model was held to coefficients of 0 or more.
    labels : (object, object) or None
        The two labels of a classifier's response, the one whose probability it models second.
    """

    numbers: Any
    subject: str = "coef"
    of_model: bool = False
    intercept: float | None = None
    whole: bool = False
    positive: bool = False
    labels: tuple[Any, Any] | None = None


def read_coefficients(coef: Any) -> Coefficients:
    """Recognise what holds the coefficients.

    Parameters
    ----------
    coef : Coefficients, array, sparse vector, dict, series, data frame or fitted model
        The coefficients.

    Raises
    ------
    ValueError, TypeError
        If they cannot be told apart, or are of a model whose coefficients are not those of X.
    """
    if isinstance(coef, Coefficients):
        return coef
    if isinstance(coef, Mapping):
        return Coefficients(dict(coef))
    if isinstance(coef, np.ndarray | list | tuple):
        return Coefficients(coef)
    if is_sparse(coef):
        return Coefficients(_as_vector(coef))
    if is_frame(coef):
        return read_coefficient_table(coef)
    if hasattr(coef, "index") and hasattr(coef, "items"):
        return _of_series(coef)
    if hasattr(coef, "coef") and hasattr(coef, "features"):
        return _of_fit(coef)
    if hasattr(coef, "coef_") or hasattr(coef, "steps") or hasattr(coef, "get_params"):
        return _of_estimator(coef)
    return Coefficients(coef)


def read_coefficient_table(table: Any, file: str = "", subject: str = "coef") -> Coefficients:
    """Read a table of names and numbers.

    Parameters
    ----------
    table : data frame
        With the columns ``feature, coef``, broom's ``term, estimate``, or row names, in the index of pandas
        or in an unnamed first column, and one column of numbers.
    file : str, default ""
        The file that it was read from, where a query can choose among its rows and columns.
    subject : str, default "coef"
        What error messages call a table of no file.

    Raises
    ------
    ValueError, TypeError
        If names or numbers are missing, twice or of several strengths.
    """
    subject = file or subject
    columns = columns_of(open_frame(table, subject))
    names, value = _names_and_value(table, columns, file, subject)
    for name in STRENGTHS:
        if name in columns and (found := columns[name].n_unique()) > 1:
            query = f", by the query select * from '{file}' where {name} = {columns[name].to_list()[-1]}, say"
            raise ValueError(
                f"{subject} holds {found} values of '{name}': keep the rows of one{query if file else ''}"
            )
    return _of_pairs(names, read_column(table, value, role="column", finite=False), subject)


def _names_and_value(
    table: Any, columns: Mapping[str, Any], file: str, subject: str
) -> tuple[list[Any], str]:
    """The features' names, and which column holds their numbers."""
    for name, value in VALUES.items():
        if name in columns and value in columns:
            return columns[name].to_list(), value
    pandas = library_of(table) == "pandas" and len(table.index) > 0
    labels = list(table.index) if pandas and all(isinstance(label, str) for label in table.index) else None
    first = next(
        (n for n, series in columns.items() if UNNAMED.fullmatch(n) and kind_of(series) == "category"), None
    )
    others = [name for name in columns if name != first]
    if not others or (labels is None and first is None):
        raise ValueError(
            f"{subject} needs the columns 'feature' and 'coef', broom's 'term' and 'estimate', or the row "
            f"names and one column of R's write.csv(as.matrix(coef(fit))): it has {quoted(columns)}"
        )
    if len(others) > 1:
        one = others[0] if others[0].isidentifier() else f'"{others[0]}"'
        query = f", by the query select #1 as feature, {one} as coef from '{file}', say"
        raise ValueError(
            f"{subject} has {len(others)} columns beside the names, {quoted(others)}: keep one"
            f"{query if file else ''}"
        )
    return labels or columns[str(first)].to_list(), others[0]


def match_coefficients(
    given: Coefficients, features: tuple[str, ...], encoding: Encoding | Formula | None
) -> tuple[Array, float | None]:
    """The coefficients in the order of the features, (p,), and the intercept that is named among them.

    Parameters
    ----------
    given : Coefficients
        What was read.
    features : tuple of p str
        Names of the features.
    encoding : Encoding, Formula or None
        The columns that they come from, whose levels say which feature a name means.

    Raises
    ------
    ValueError, TypeError
        If a name means no feature, or two, a number is missing, or a feature is left out of a full list.
    """
    subject = given.subject
    if not isinstance(given.numbers, Mapping):
        return as_per_feature(given.numbers, subject, features), None
    numbers = dict(given.numbers)
    unnamed = default_names(len(features))
    if given.of_model and features != tuple(numbers) and unnamed in (features, tuple(numbers)):
        return as_per_feature([*numbers.values()], subject, features), None  # of an array, here or there
    for name, value in numbers.items():
        if value is None or value != value:
            raise ValueError(
                f"{subject} has no number for '{name}' (NaN or NA, which R gives to a column that others "
                "determine): fit again without that column, and leave it out of X too"
            )
    constants = [name for name in INTERCEPTS if name in numbers and name not in features]
    if len(constants) > 1:
        raise ValueError(f"{subject} has two intercepts, {quoted(constants)}: keep one of them")
    intercept = numbers.pop(constants[0]) if constants else None
    places = find_features(list(numbers), features, encoding, subject)
    left = sorted(set(range(len(features))) - set(places))
    if left and given.whole:
        which = f"{quoted((features[j] for j in left), 3)}, which the data have"
        lacks = "is a model without" if given.of_model else "lists zeros too but not"
        rest = "" if given.of_model else ", or list it with 0"
        raise ValueError(f"{subject} {lacks} {which}: leave it out of the data (--drop in the shell){rest}")
    values: list[Any] = [0.0] * len(features)
    for place, value in zip(places, numbers.values(), strict=True):
        values[place] = value
    return as_per_feature(values, subject, features), None if intercept is None else float(intercept)


def _of_pairs(names: Iterable[Any], values: Any, subject: str) -> Coefficients:
    """Coefficients of a list of names and one of numbers; whole if a feature among them is 0."""
    numbers: dict[str, float] = {}
    for row, (name, value) in enumerate(zip(names, values, strict=True)):
        if name is None or name != name:
            raise ValueError(f"{subject} names no feature in row {row}, counting from 0: name it")
        if str(name) in numbers:
            raise ValueError(f"{subject} names feature '{name}' twice: keep one of them")
        numbers[str(name)] = float(value)
    whole = any(value == 0 for name, value in numbers.items() if name not in INTERCEPTS)
    return Coefficients(numbers, subject, whole=whole)


def _of_series(series: Any) -> Coefficients:
    """A labelled series, by its names or, if it is numbered in order, as a vector."""
    labels = list(series.index)
    if labels and all(isinstance(label, str) for label in labels):
        return _of_pairs(labels, series.to_numpy(dtype=np.float64, na_value=np.nan), "coef")
    if labels != list(range(len(labels))):
        raise ValueError(
            "coef is a series whose labels are neither names nor 0, 1, 2 … in order: label it with the "
            "features' names, or pass an array in the order of X"
        )
    return Coefficients(series.to_numpy())


def _of_fit(fit: Any) -> Coefficients:
    """A fit of this library."""
    numbers = dict(zip(fit.features, np.asarray(fit.coef).tolist(), strict=True))
    intercept = float(fit.intercept) if getattr(fit, "with_intercept", True) else None
    return Coefficients(numbers, of_model=True, intercept=intercept, whole=True)


def _of_estimator(model: Any) -> Coefficients:
    """A fitted linear model with ``coef_`` and ``intercept_``, as scikit-learn has them."""
    kind = type(model).__name__
    if hasattr(model, "steps"):
        *before, (_, model) = model.steps
        if any(step not in (None, "passthrough") for _, step in before):
            raise TypeError(
                f"coef is a {kind}, whose coefficients are of what its earlier steps make of X: pass its "
                "last step as coef, and as X what the earlier ones make of it, model[:-1].transform(X)"
            )
        kind = type(model).__name__
    if not hasattr(model, "coef_"):
        raise TypeError(
            f"coef is a {kind} that has no coef_: pass a fitted linear model, of a search its best_estimator_"
        )
    labels = np.asarray(getattr(model, "classes_", ())).tolist()
    if len(labels) > 2:
        raise TypeError(
            f"coef is a {kind} of {len(labels)} classes: only one that tells two apart is audited here"
        )
    values = _as_vector(model.coef_)
    if values.ndim != 1:
        raise ValueError(
            f"coef is a {kind} of {count(len(values), 'response')}: pass the row of its coef_ for one of "
            "them, with the intercept of the same"
        )
    fitted = getattr(model, "fit_intercept", True)
    known = getattr(model, "feature_names_in_", None)
    return Coefficients(
        values if known is None else dict(zip(map(str, known), values.tolist(), strict=True)),
        of_model=True,
        intercept=float(np.ravel(getattr(model, "intercept_", 0.0))[0]) if fitted else None,
        whole=True,
        positive=bool(getattr(model, "positive", False)),
        labels=(labels[0], labels[1]) if len(labels) == 2 else None,
    )


def _as_vector(values: Any) -> Array:
    """Dense numbers, a single row or column of which becomes a vector."""
    dense = np.asarray(values.toarray() if is_sparse(values) else values)
    return dense.ravel() if dense.ndim == 2 and 1 in dense.shape else dense
