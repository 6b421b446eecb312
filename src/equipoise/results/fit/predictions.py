"""What a model says of new rows, and how far off it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.data.frames.encoding import Encoding
from equipoise.design.choose_design import fitted
from equipoise.results.fit.roles import (
    add_offset,
    asked_offset,
    missing_values_told,
    offset_of_rows,
    read_features_of,
    remembered_roles,
    with_offset,
)
from equipoise.setup.reading import read_for, read_rows, read_weights

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.fit.result import Fit
    from equipoise.results.fit.score import Score

Array = NDArray[np.float64]


class Predictor:
    """A linear model that reads new rows as it read those of its fit."""

    if TYPE_CHECKING:
        coef: Array
        intercept: float
        features: tuple[str, ...]
        encoding: Encoding | Formula | None
        missing: Missing | None
        null_prediction: float

    def predict(
        self,
        X: object,
        *,
        offset: object = None,
        unseen: Literal["error", "zero"] = "error",
        missing: Literal["error", "nan"] = "error",
    ) -> Array:
        """Predict the response, (n,).

        Parameters
        ----------
        X : (n, p) array, scipy.sparse matrix, data frame, file or Mapped
            A frame or file is read by the column names of the one the model was fitted on, an array by
            position. Where the model was fitted with ``missing="mean"``, the means of its training data
            replace missing values.
        offset : (n,) array, number or str, optional
            Added to every prediction; a text names a column of X. A model that was fitted with an offset
            needs one: by default the column of X that held it at the fit; ``offset=0`` leaves it out.
        unseen : {"error", "zero"}, default "error"
            How to read a category that the fit did not see: refuse it, or code it 0 in all levels.
        missing : {"error", "nan"}, default "error"
            What to do about a row that misses its offset, or a feature of which there is no mean, whatever
            its coefficient: refuse it, or predict NaN for it.
        """
        with missing_values_told():
            return self._predict(X, offset, unseen, missing)

    def _predict(self, X: object, offset: object, unseen: Literal["error", "zero"], missing: str) -> Array:
        model = cast("Fit", self)
        X, offset = with_offset(model, X, offset, finite=missing == "error")
        matrix, gone = read_features_of(model, X, unseen, missing)
        with np.errstate(over="ignore", invalid="ignore"):
            eta: Array = self.intercept + fitted(matrix, self.coef)
        return add_offset(eta, offset, gone)

    def score(
        self,
        X: Any,
        y: Any = None,
        *,
        sample_weight: Any = None,
        offset: Any = None,
        unseen: Literal["error", "zero"] = "error",
    ) -> Score:
        """Compare predictions with a known response: R², and the size of the errors.

        Beside each measure stands that of the null model, which predicts the same for every row, knowing no
        feature: the mean of y in the *training* data (0 without an intercept), plus the offset where there
        is one.

        Parameters
        ----------
        X : (n, p) array, scipy.sparse matrix, data frame, file or Mapped
            The rows, read as :meth:`predict` reads them.
        y : (n,) array or str, optional
            The response, or the name of the column of X that holds it; by default that of the fit.
        sample_weight : (n,) array or str, optional
            Weights, or the name of their column: 2 counts a row twice, 0 leaves it out.
        offset : (n,) array, number or str, optional
            As in :meth:`predict`.
        unseen : {"error", "zero"}, default "error"
            As in :meth:`predict`.

        Returns
        -------
        Score
            The measures; ``float`` of it is R².

        Raises
        ------
        ValueError, TypeError
            If an argument cannot be used, in a sentence that names it and the remedy.

        Examples
        --------
        >>> import equipoise as eq
        >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
        >>> print(fit.score([[2, 1], [0, 2]], [5, 1]))
        2 rows
        <BLANKLINE>
                                    model     null
        R²                       0.861111    -2.25
        root mean squared error  0.745356  3.60555
        mean absolute error      0.666667        3
        <BLANKLINE>
        The null model predicts 0 for every row.
        """
        from equipoise.data.arguments.named import NamedArray
        from equipoise.results.fit.score import ErrorSums, refuse_other_response
        from equipoise.setup.by_column import by_column

        X = read_for(X, self.encoding)
        model = cast("Fit", self)
        y = remembered_roles(model, X, y=y)["y"]
        refuse_other_response(self.encoding, y)
        offset = asked_offset(model, X, offset)
        with missing_values_told(nan=False):
            taken = by_column(X, y, sample_weight=sample_weight, offset=offset, rows_for="score")
            names, (X, y, sample_weight, offset, *_) = taken.columns.names, taken
            X = X if names is None else NamedArray(X, names)
            if y is None:
                raise TypeError("y is missing: pass the response")
            found = self._predict(X, offset, unseen, "error")
            shift = 0.0 if offset is None else offset_of_rows(offset, len(found))
            null = self.null_prediction + np.zeros(len(found)) + shift
            y, weights = read_rows(y, "y", len(found)), read_weights(sample_weight, len(found))
        return ErrorSums.of(y, found, null, weights).score(self.null_prediction, bool(np.any(shift)))
