"""What a model says of new rows, and how far off it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.data.frames.encoding import Encoding
from equipoise.design.choose_design import fitted
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.results.fit.kinds import check_kind, of_kind, refuse_method
from equipoise.results.fit.roles import (
    Known,
    add_known,
    asked_known,
    missing_values_told,
    read_features_of,
    remembered_roles,
    take_known,
)
from equipoise.setup.reading import read_for, read_rows
from equipoise.setup.response import Levels, read_event

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.fit.deviance_score import DevianceScore
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
        kind: Loss
        levels: Levels | None
        null_link: float

    @property
    def loss(self) -> str:
        """The loss, as ``loss=`` takes it."""
        return self.kind.label

    @property
    def classes(self) -> NDArray[Any] | None:
        """The two labels of the response, (2,), the event second; None where it has none."""
        return None if self.levels is None else np.array(self.levels)

    @property
    def null_prediction(self) -> float:
        """Prediction without any feature: of a probability, a rate or a mean, at offset 0 and exposure 1."""
        with np.errstate(over="ignore"):
            return float(self.kind.mean(np.asarray(self.null_link)))

    if not TYPE_CHECKING:  # which would then know of no mistake in a name

        def __getattr__(self, name: str) -> Any:
            refuse_method(name, type(self).__name__, self.__dict__.get("kind", SQUARED))

    def predict(
        self,
        X: object,
        *,
        kind: Literal["mean", "link", "class"] = "mean",
        offset: object = None,
        exposure: object = None,
        unseen: Literal["error", "zero"] = "error",
        missing: Literal["error", "nan"] = "error",
    ) -> NDArray[Any]:
        """Predict the response, (n,).

        Parameters
        ----------
        X : (n, p) array, scipy.sparse matrix, data frame, file or Mapped
            A frame or file is read by the column names of the one the model was fitted on, an array by
            position. Where the model was fitted with ``missing="mean"``, the means of its training data
            replace missing values.
        kind : {"mean", "link", "class"}, default "mean"
            The mean of the response: a probability of the event, an expected count or amount; or the linear
            predictor, of which it is a function: log-odds, or the logarithm of the mean; or, of two labels,
            the event where its probability exceeds ½ and the other label elsewhere, at exactly ½ as well.
            Of squared loss mean and link are the same.
        offset : (n,) array, number or str, optional
            Added to every linear predictor; a text names a column of X. A model that was fitted with an
            offset needs one: by default the column of X that held it at the fit; ``offset=0`` leaves it out.
        exposure : (n,) array, number or str, optional
            What the expected count or amount is multiplied by, above 0; a text names a column of X. A model
            that was fitted with an exposure needs one: by default the column of X that held it at the fit;
            ``exposure=1`` predicts the rate.
        unseen : {"error", "zero"}, default "error"
            How to read a category that the fit did not see: refuse it, or code it 0 in all levels.
        missing : {"error", "nan"}, default "error"
            What to do about a row that misses its offset or exposure, or a feature of which there is no mean,
            whatever its coefficient: refuse it, or predict NaN for it (None where labels are predicted).

        Examples
        --------
        >>> import equipoise as eq
        >>> X, y = [[1.0], [2.0], [3.0], [4.0]], ["no", "yes", "no", "yes"]
        >>> fit = eq.fit(X, y, l1=0.5, loss="binomial")
        >>> fit.predict([[1.0], [6.0]]).round(4)
        array([0.3504, 0.8085])
        >>> fit.predict([[1.0], [6.0]], kind="class").tolist()
        ['no', 'yes']
        """
        check_kind(kind, self.kind, self.levels)
        with missing_values_told():
            eta = linear_predictors(cast("Fit", self), X, Known(offset, exposure), unseen, missing)
        return of_kind(eta, kind, self.kind, self.levels)

    def score(
        self,
        X: Any,
        y: Any = None,
        *,
        sample_weight: Any = None,
        offset: Any = None,
        exposure: Any = None,
        unseen: Literal["error", "zero"] = "error",
        missing: Literal["error", "drop"] = "error",
    ) -> Score | DevianceScore:
        """Compare predictions with a known response: what is explained, and the size of the errors.

        Of squared loss these are R² and the errors in the units of y; of any other the deviance explained,
        and how many labels are wrong, Brier score and area under the ROC curve, or the mean absolute error.

        Beside each measure stands that of the null model, which predicts the same for every row, knowing no
        feature: the mean of y in the *training* data (0 without an intercept), plus the offset where there
        is one; for its rate, times the exposure.

        Parameters
        ----------
        X : (n, p) array, scipy.sparse matrix, data frame, file or Mapped
            The rows, read as :meth:`predict` reads them.
        y : (n,) array or str, optional
            The response, or the name of the column of X that holds it; by default that of the fit. Labels
            are those of the fit.
        sample_weight : (n,) array or str, optional
            Weights, or the name of their column: 2 counts a row twice, 0 leaves it out.
        offset, exposure : (n,) array, number or str, optional
            As in :meth:`predict`.
        unseen : {"error", "zero"}, default "error"
            As in :meth:`predict`.
        missing : {"error", "drop"}, default "error"
            What to do about a row that misses its response, weight, offset or exposure, or a feature of which
            the model has no mean: refuse it, or leave it out.

        Returns
        -------
        Score or DevianceScore
            The measures; ``float`` of it is R², or the deviance explained.

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
        from equipoise.results.fit.score import refuse_other_response, refuse_policy, sums_of
        from equipoise.setup.by_column import LABELS, by_column

        refuse_policy(missing)
        finite = missing == "error"
        X = read_for(X, self.encoding)
        model = cast("Fit", self)
        y = remembered_roles(model, X, y=y)["y"]
        refuse_other_response(self.encoding, y)
        known = asked_known(model, X, Known(offset, exposure))
        with missing_values_told("pass missing='drop' to leave them out of the score"):
            taken = by_column(
                X,
                y,
                sample_weight=sample_weight,
                offset=known.offset,
                exposure=known.exposure,
                missing=missing,
                rows_for="score",
                labels=(*LABELS, "y") if self.kind.takes_labels else LABELS,
            )
            names, (X, y, sample_weight, offset, *_, exposure) = taken.columns.names, taken
            X = X if names is None else NamedArray(X, names)
            if y is None:
                raise TypeError("y is missing: pass the response")
            known = Known(offset, exposure)
            eta = linear_predictors(model, X, known, unseen, "error" if finite else "nan")
            shift = known.on(len(eta), finite=finite)
            if self.kind.takes_labels:
                y, _ = read_event(y, None, self.levels)
            y = read_rows(y, "y", len(eta), finite=finite)
            if sample_weight is not None:
                sample_weight = read_rows(sample_weight, "sample_weight", len(eta), finite=finite)
        found = sums_of(model, y, eta, shift, sample_weight, missing)
        return found.score(self.null_prediction, bool(np.any(0.0 if shift is None else shift)))


def linear_predictors(
    model: Fit, X: object, known: Known, unseen: Literal["error", "zero"], missing: str
) -> Array:
    """The linear predictors of new rows, (n,); with ``missing="nan"`` NaN where a value is missing."""
    X, known = take_known(model, X, known, finite=missing == "error")
    matrix, gone = read_features_of(model, X, unseen, missing)
    with np.errstate(over="ignore", invalid="ignore"):
        eta: Array = model.intercept + fitted(matrix, model.coef)
    return add_known(eta, known, gone)
