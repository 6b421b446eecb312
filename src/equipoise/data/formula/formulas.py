"""Formulas such as ``y ~ a + b:c + poly(d, 2)``, which give the same features of one frame and the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import Matrix, as_matrix, as_vector
from equipoise.data.arguments.messages import count, quoted
from equipoise.data.arguments.named import NamedArray
from equipoise.data.formula.formula_columns import (
    column_of,
    formulaic_values,
    refuse_gaps,
    refuse_high_degrees,
)
from equipoise.data.formula.formula_whitelist import read_terms
from equipoise.data.formula.formulaic_adapter import (
    Terms,
    evaluate_terms,
    import_formulaic,
    parse_formula,
    refuse_long,
)
from equipoise.data.formula.learned_state import NOTHING_LEARNED, check_state, check_terms
from equipoise.data.frames.categories import kind_of_column
from equipoise.data.frames.columns import (
    columns_of,
    describe_values,
    is_frame,
    kind_of,
    open_frame,
)
from equipoise.data.frames.encoding import Column, Encoding
from equipoise.data.frames.features import pick_known
from equipoise.data.frames.gaps import Missing, drop_frame_rows
from equipoise.data.frames.native import frame_of_named
from equipoise.data.text.reading import PLAIN, Reading, marks_of

if TYPE_CHECKING:
    from equipoise.data.frames.columns import Series

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Formula:
    """The right side of a formula, with what it learned from the data it was first evaluated on.

    Parameters
    ----------
    text : str
        The formula as written.
    terms : tuple of tuple of (str, str)
        Each term as the (expression, kind) pairs that it multiplies.
    columns : tuple of Column
        The columns of the frame that it uses.
    features : tuple of p str
        Names of its features, without the intercept.
    intercept : bool
        Whether it has an intercept.
    state : dict
        The means, norms, knots and levels that transforms and categories have learned, JSON-able.
    reading : Reading
        How the text of the frame was read.
    """

    text: str
    terms: Terms
    columns: tuple[Column, ...]
    features: tuple[str, ...]
    intercept: bool
    state: dict[str, Any]
    reading: Reading = PLAIN

    def to_dict(self) -> dict[str, Any]:
        """Return the formula as a dict that JSON can hold."""
        return {
            "formula": self.text,
            "terms": [[list(factor) for factor in term] for term in self.terms],
            "features": list(self.features),
            "intercept": self.intercept,
            "state": self.state,
            **Encoding(self.columns, self.reading).to_dict(),
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Formula:
        """Return the formula that `to_dict` wrote.

        Parameters
        ----------
        record : dict
            What `to_dict` returned, perhaps through JSON.

        Returns
        -------
        Formula
            An equal formula.

        Raises
        ------
        KeyError, TypeError, ValueError
            If the record is no such dict, or an expression uses what formulas may not.
        """
        text = record["formula"]
        if not isinstance(text, str):
            raise ValueError("the formula is no text")
        refuse_long(text)
        terms = record["terms"]
        if not isinstance(terms, list) or not all(isinstance(term, list) for term in terms):
            raise ValueError("the formula's 'terms' are no list of terms")
        if not all(isinstance(how, list) and len(how) == 2 for term in terms for how in term):
            raise ValueError("the formula's 'terms' are no expressions with their kinds")
        encoding = Encoding.from_dict(record)
        formula = cls(
            text=text,
            terms=check_terms(record["terms"]),
            columns=encoding.columns,
            features=tuple(map(str, record["features"])),
            intercept=bool(record["intercept"]),
            state=check_state(record["state"]),
            reading=encoding.reading,
        )
        read_terms(formula.terms, [column.name for column in formula.columns], formula.text)
        return formula

    def matrix(self, frame: object, unseen: str = "error") -> Matrix:
        """Evaluate the formula on another frame.

        Parameters
        ----------
        frame : data frame
            A frame of n rows; its columns are picked by name.
        unseen : {"error", "zero"}, default "error"
            What to do with a level not seen before: refuse it, or set all features of its column to 0.

        Returns
        -------
        ndarray of shape (n, p)
            The features.

        Raises
        ------
        TypeError, ValueError
            If columns are absent, of another type, or hold missing values or unseen levels.
        ImportError
            If formulaic is not installed.
        """
        opened = open_frame(frame)
        encoding, (_, origin) = Encoding(self.columns, self.reading), marks_of(opened.to_native())
        columns = pick_known(columns_of(opened), encoding, origin)
        refuse_gaps(columns, "X column", "drop")
        _, levels = read_terms(self.terms, [column.name for column in self.columns], self.text)
        values = {
            c.name: formulaic_values(columns[c.name], c, unseen, c.name in levels, self.reading)
            for c in self.columns
        }
        found = evaluate_terms(
            self.text, self.terms, self.state, values, len(opened), strict=unseen == "error"
        )
        if found.features != self.features:
            raise ValueError(
                f"formula '{self.text}' gives other features than when the model was fitted: fit it again "
                "with this release of formulaic"
            )
        return as_matrix(found.matrix, features=self.features)


@dataclass(frozen=True, slots=True, eq=False)
class ModelMatrix:
    """The features that a formula makes from a frame.

    Parameters
    ----------
    matrix : (n, p) array
        The features, without the intercept.
    formula : Formula
        The formula.
    frame : data frame
        The data; results are returned as frames of the same library.
    missing : Missing or None
        Record of the rows dropped for missing values, if that was asked for.
    kept : (rows given,) bool array or None
        Mask of the rows that were kept; None if no row could be dropped.
    """

    matrix: Matrix
    formula: Formula
    frame: Any
    missing: Missing | None = None
    kept: Flags | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features, (p,)."""
        return self.formula.features

    @property
    def intercept(self) -> bool:
        """Whether the formula has an intercept."""
        return self.formula.intercept

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and features."""
        return len(self.matrix), len(self.features)

    def __len__(self) -> int:
        return len(self.matrix)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.matrix, dtype=dtype, copy=True if copy is None else copy)

    def take(self, kept: Flags) -> ModelMatrix:
        """Return some of the rows.

        Parameters
        ----------
        kept : (n,) bool array
            Mask of the rows to keep.
        """
        rows = None if self.kept is None else self.kept.copy()
        if rows is not None:
            rows[rows] = kept
        return ModelMatrix(self.matrix[kept], self.formula, self.frame, self.missing, rows)

    def __repr__(self) -> str:
        rows, features = self.shape
        return f"<ModelMatrix: {count(rows, 'row')} × {count(features, 'feature')} of {self.formula.text}>"


class FormulaData(NamedTuple):
    """Both sides of a formula: a model matrix, and the response (n,), a column of labels as it is."""

    X: ModelMatrix
    y: Any


def build_model_matrix(text: str, data: object, missing: Literal["error", "drop"] = "error") -> FormulaData:
    """Evaluate both sides of a formula on a frame.

    Parameters
    ----------
    text : str
        The formula: response, ``~`` and terms.
    data : data frame
        The frame that has its columns.
    missing : {"error", "drop"}, default "error"
        Whether to refuse missing values in the columns that the formula uses, or to drop their rows.

    Returns
    -------
    FormulaData
        The model matrix and the response: numbers (n,), or a column of labels, of the frame's library.

    Raises
    ------
    ImportError
        If formulaic is not installed.
    TypeError, ValueError
        If the formula cannot be read or evaluated.
    """
    if missing not in ("error", "drop"):
        raise ValueError(f"missing is {missing!r}: pass 'error' or 'drop' to a formula")
    if isinstance(data, NamedArray):
        import_formulaic()  # which brings the data frame library that is needed
        data = frame_of_named(data)
    if not is_frame(data):
        raise TypeError(f"data is of type {type(data).__name__}: pass a data frame, whose columns have names")
    frame = open_frame(data, "data")
    names = list(map(str, frame.columns))
    left, right = parse_formula(text, names)
    (of_response, _), (of_features, _) = read_terms(left, names, text), read_terms(right, names, text)
    record = kept = None
    if missing == "drop":
        columns = columns_of(frame)
        data, kept, record = drop_frame_rows(
            data, {name: columns[name] for name in names if name in of_response | of_features}
        )
        frame = open_frame(data, "data")
    columns = columns_of(frame)
    used = {name: columns[name] for name in names if name in of_response | of_features}
    labels = _labels(left, columns)
    evaluated = {name: used[name] for name in used if labels is None or name in of_features}
    reading, origin = marks_of(frame.to_native())
    for name, series in evaluated.items():
        if kind_of(series) == "category":
            kind_of_column(name, series, reading, origin, "data column")
        if kind_of(series) is None:
            raise TypeError(
                f"data column '{name}' holds {describe_values(series)}, neither numbers nor text: convert it"
            )
    refuse_gaps(used, "data column", "drop")
    known = {name: column_of(name, series) for name, series in evaluated.items()}
    _, levels = read_terms(left + right, names, text)
    values = {
        name: formulaic_values(series, known[name], "error", name in levels, reading)
        for name, series in evaluated.items()
    }
    refuse_high_degrees(right, values)
    found = evaluate_terms(text, right, NOTHING_LEARNED, values, len(frame), strict=True)
    if not found.features:
        raise ValueError(f"formula '{text}' names no feature: write at least one right of ~")
    formula = Formula(
        text,
        right,
        tuple(column for name, column in known.items() if name in of_features),
        found.features,
        found.intercept,
        found.state,
        reading,
    )
    X = ModelMatrix(as_matrix(found.matrix, features=found.features), formula, data, record, kept)
    if labels is not None:
        return FormulaData(X, labels.to_numpy() if labels.dtype.is_integer() else labels.to_native())
    response = evaluate_terms(text, left, NOTHING_LEARNED, values, len(frame), strict=True)
    if len(response.features) != 1:
        raise ValueError(
            f"formula '{text}' has the responses {quoted(response.features)}: write one number a row"
        )
    return FormulaData(X, as_vector(response.matrix, "y", len(frame)))


def _labels(left: Terms, columns: Mapping[str, Series]) -> Series | None:
    """The column that is the whole response, if it may hold labels; None where the response is evaluated."""
    if len(left) != 1 or len(left[0]) != 1 or left[0][0][1] != "lookup":
        return None
    series = columns[left[0][0][0]]
    return None if series.dtype.is_numeric() and not series.dtype.is_integer() else series


def read_formula_features(
    X: object, formula: object, unseen: Literal["error", "zero"]
) -> tuple[Matrix, tuple[str, ...], Formula]:
    """Return the features of a model matrix, or evaluate the formula of a model on new data.

    Parameters
    ----------
    X : ModelMatrix, data frame or (n, p) array
        The data; an array must have one column for each feature.
    formula : Formula, Encoding or None
        How the data of a fitted model were read; None if there is no model yet.
    unseen : {"error", "zero"}
        What to do with a level not seen before: refuse it, or set all features of its column to 0.

    Returns
    -------
    matrix, features, formula
        The features (n, p), their names, and the formula that made them.
    """
    if isinstance(X, ModelMatrix):
        if formula is not None and X.features != getattr(formula, "features", None):
            raise ValueError(
                f"X is of the formula '{X.formula.text}', which has other features than the model: "
                "pass a data frame"
            )
        return X.matrix, X.features, X.formula
    assert isinstance(formula, Formula)
    if is_frame(X):
        return formula.matrix(X, unseen), formula.features, formula
    matrix = as_matrix(X, features=formula.features)
    if matrix.shape[1] != len(formula.features):
        raise ValueError(
            f"X has {count(matrix.shape[1], 'column')} but the formula '{formula.text}' gives "
            f"{count(len(formula.features), 'feature')}: pass a data frame"
        )
    return matrix, formula.features, formula
