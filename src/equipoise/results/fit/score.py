"""How far predictions are from a known response: sums over some rows, and the measures that follow."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import as_weights
from equipoise.data.arguments.public import public
from equipoise.data.frames.encoding import Encoding
from equipoise.data.records import ByValue
from equipoise.results.fit.text import nothing_to_score, score_table
from equipoise.results.plain import Shown, fields_of

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.results.fit.deviance_score import DevianceRows
    from equipoise.results.fit.result import Fit

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Score(ByValue, Shown):
    """How good predictions are, beside those of the null model, which knows no feature.

    With predictions ŷ, weights s and ȳ the s-weighted mean of y *in the rows that are scored*:

    - R² is ``1 − Σ s_i (y_i − ŷ_i)² / Σ s_i (y_i − ȳ)²``, as scikit-learn defines it: 1 if nothing is left, 0
      if ȳ would do as well, negative if it would do better;
    - the root mean squared error is ``√(Σ s_i (y_i − ŷ_i)² / Σs)``, the mean absolute error
      ``Σ s_i |y_i − ŷ_i| / Σs``, both in the units of y.

    The null model predicts the mean that y had *in training*, not ȳ, which nobody knows beforehand: without
    an offset its R² is 0 at most. On the rows of the fit R² is :attr:`Fit.r_squared`, if the model has an
    intercept and no offset; where it has not, that one measures from the null model and not from ȳ.

    Parameters
    ----------
    rows : int
        Number of rows; those of weight 0 do not count.
    r2 : float or None
        R²; None where y is the same in all rows, which leaves nothing to explain.
    root_mean_squared_error, mean_absolute_error : float
        The size of the errors.
    null_r2, null_root_mean_squared_error, null_mean_absolute_error : float
        The same of the null model; its R² is None where ``r2`` is.
    null_prediction : float
        What the null model predicts for every row: the mean of y (less the offset) in the training data, 0 if
        the model has no intercept.
    with_offset : bool
        Whether each row's offset was added to the predictions of both.
    dropped : int
        Number of rows that were left out for missing values.

    Examples
    --------
    >>> import equipoise as eq
    >>> fit = eq.fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 6.0], l1=1)
    >>> score = fit.score([[1.0], [4.0]], [1.0, 8.0])
    >>> round(float(score), 3), score.null_prediction
    (0.959, 3.0)
    """

    rows: int
    r2: float | None
    root_mean_squared_error: float
    mean_absolute_error: float
    null_r2: float | None
    null_root_mean_squared_error: float
    null_mean_absolute_error: float
    null_prediction: float
    with_offset: bool = False
    dropped: int = 0

    def to_dict(self) -> dict[str, Any]:
        """All attributes, JSON-able."""
        return fields_of(self)

    def __float__(self) -> float:
        if self.r2 is None:
            raise ValueError(
                "there is no R², for y is the same in all rows: score other rows, or read "
                "root_mean_squared_error"
            )
        return self.r2

    def _shown(self) -> list[str]:
        return score_table(self)


@dataclass(frozen=True)
class ErrorSums:
    """What scores come down to, of rows of positive weight; the sums of two sets of rows add up.

    Attributes
    ----------
    rows, weight : int, float
        Number of rows and Σs.
    mean, spread, lowest, highest : float
        Of y: its weighted mean ȳ, Σ s_i (y_i − ȳ)², and its range.
    squares, absolute : float
        Σ s_i e_i² and Σ s_i |e_i| of the errors e = y − ŷ.
    null_squares, null_absolute : float
        The same of the null model.
    dropped : int
        Number of rows left out for missing values.
    """

    rows: int = 0
    weight: float = 0.0
    mean: float = 0.0
    spread: float = 0.0
    lowest: float = np.inf
    highest: float = -np.inf
    squares: float = 0.0
    absolute: float = 0.0
    null_squares: float = 0.0
    null_absolute: float = 0.0
    dropped: int = 0

    @classmethod
    def of(cls, y: Array, predicted: Array, null: Array, weights: Array | None) -> ErrorSums:
        """The sums of some rows: y, both predictions, and the weights, (n,) each; weights may all be 0."""
        if weights is not None and not weights.all():
            kept = weights > 0
            y, predicted, null, weights = y[kept], predicted[kept], null[kept], weights[kept]
        if not len(y):
            return cls()
        s = np.ones(len(y)) if weights is None else weights
        with np.errstate(over="ignore", invalid="ignore"):
            total = float(s.sum())
            mean = float(s @ y / total)
            error, null_error = np.abs(y - predicted), np.abs(y - null)
            return cls(
                rows=len(y),
                weight=total,
                mean=mean,
                spread=float(s @ (y - mean) ** 2),
                lowest=float(y.min()),
                highest=float(y.max()),
                squares=float(s @ error**2),
                absolute=float(s @ error),
                null_squares=float(s @ null_error**2),
                null_absolute=float(s @ null_error),
            )

    def __add__(self, other: ErrorSums) -> ErrorSums:
        total, dropped = self.weight + other.weight, self.dropped + other.dropped
        if not total:
            return replace(self, dropped=dropped)
        away = other.mean - self.mean
        return ErrorSums(
            rows=self.rows + other.rows,
            weight=total,
            mean=self.mean + away * (other.weight / total),
            spread=self.spread + other.spread + away**2 * (self.weight * other.weight / total),
            lowest=min(self.lowest, other.lowest),
            highest=max(self.highest, other.highest),
            squares=self.squares + other.squares,
            absolute=self.absolute + other.absolute,
            null_squares=self.null_squares + other.null_squares,
            null_absolute=self.null_absolute + other.null_absolute,
            dropped=dropped,
        )

    def score(self, null_prediction: float, with_offset: bool) -> Score:
        """The measures of these rows; the arguments tell what the null model is."""
        if not self.rows:
            raise ValueError(nothing_to_score(self.dropped))
        if np.isnan(null_prediction):
            raise ValueError(
                "the model was saved by an earlier release, which did not keep the mean of y that the null "
                "model predicts: fit and save it again"
            )
        if not np.isfinite(astuple(self)).all():
            raise ValueError("y or its predictions are too large to be squared: divide y by a constant")
        return Score(
            rows=self.rows,
            r2=self._r2(self.squares),
            root_mean_squared_error=float(np.sqrt(self.squares / self.weight)),
            mean_absolute_error=self.absolute / self.weight,
            null_r2=self._r2(self.null_squares),
            null_root_mean_squared_error=float(np.sqrt(self.null_squares / self.weight)),
            null_mean_absolute_error=self.null_absolute / self.weight,
            null_prediction=null_prediction,
            with_offset=with_offset,
            dropped=self.dropped,
        )

    def _r2(self, squares: float) -> float | None:
        # Of a y that never changes, ȳ need not be y to the last digit, nor the spread 0.
        if self.lowest == self.highest or not self.spread > squares * np.finfo(np.float64).tiny:
            return None
        return 1.0 - squares / self.spread


def sums_of(
    model: Fit, y: Array, eta: Array, shift: Any, weights: Any, missing: str = "error", *, batch: bool = False
) -> ErrorSums | DevianceRows:
    """What scores come down to, of some rows.

    ``eta`` (n,) are a model's linear predictors, which hold the offset and the logarithm of the exposure;
    ``shift`` is these alone, None where there are none. With ``missing="drop"`` rows of which any of them is
    NaN are left out. The weights of a ``batch`` may all be 0.
    """
    shift, rows = np.zeros(len(eta)) + (0.0 if shift is None else shift), len(eta)
    if missing == "drop":
        kept = ~np.isnan(y + eta + (0.0 if weights is None else weights))
        y, eta, shift = y[kept], eta[kept], shift[kept]
        weights = None if weights is None else weights[kept]
    if weights is not None and len(y) and (weights.any() or not batch):
        weights = as_weights(weights, len(y))
    if model.kind.squared:
        found: ErrorSums | DevianceRows = ErrorSums.of(y, eta, model.null_link + shift, weights)
    else:
        from equipoise.results.fit.deviance_score import DevianceRows

        found = DevianceRows.of(model.kind, y, eta, model.null_link, shift, weights)
    return replace(found, dropped=rows - len(y)) if rows > len(y) else found


def refuse_policy(missing: object) -> None:
    """Refuse what is no policy for the missing values of a score."""
    if missing not in ("error", "drop"):
        raise ValueError(f"missing is {missing!r}: pass 'error' or 'drop'")


def no_sums(model: Fit) -> ErrorSums | DevianceRows:
    """What `sums_of` makes of no rows."""
    if model.kind.squared:
        return ErrorSums()
    from equipoise.results.fit.deviance_score import DevianceRows

    return DevianceRows(model.kind)


def refuse_other_response(encoding: Encoding | Formula | None, y: object) -> None:
    """Refuse a column as the response of a formula that explains something else, such as its logarithm."""
    if not isinstance(y, str) or encoding is None or isinstance(encoding, Encoding):
        return
    response = encoding.text.partition("~")[0].strip()
    if response.strip("`") != y:
        raise ValueError(
            f"the model explains '{response}', not the column '{y}': pass what it explains, a number a row"
        )
