"""How far predictions of probabilities, counts or amounts are from a known response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.data.records import ByValue
from equipoise.objective.intercept_alone import fit_intercept
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.registry import read_loss
from equipoise.results.fit.text import deviance_score_lines, nothing_to_score
from equipoise.results.plain import Shown, fields_of

if TYPE_CHECKING:
    from equipoise.select.predicted import Predicted
    from equipoise.setup.setup import Setup

Array = NDArray[np.float64]
ROUNDING = 8.0 * float(np.finfo(np.float64).eps)  # of a mean, relative, per √row


@public
@dataclass(frozen=True, eq=False, repr=False)
class DevianceScore(ByValue, Shown):
    """How good predictions of a loss other than squared loss are, beside those of the null model.

    With means μ predicted, weights s, and ȳ the s-weighted mean of y *in the rows that are scored*:

    - the mean deviance is ``Σ s_i d(y_i, μ_i) / Σs``, d the unit deviance, and the deviance explained is
      1 less its share of the mean deviance of ȳ: scikit-learn's D², 1 if nothing is left, 0 if ȳ would do as
      well, negative if it would do better. Beside an offset or exposure it is not ȳ that is compared with,
      but the one intercept that fits best beside these;
    - of yes/no responses, misclassification is the share of labels that are not the predicted one, which is
      the event at a probability of more than ½; the Brier score is ``Σ s_i (y_i − μ_i)² / Σs``, and the AUC,
      the area under the ROC curve, is the probability that of two rows, one with the event and one without,
      the first is predicted more probable, where ties count ½;
    - of counts and amounts there is the mean absolute error ``Σ s_i |y_i − μ_i| / Σs`` in the units of y.

    Fractions of trials, weighted by their numbers, count a trial each. The null model predicts the mean that
    y had *in training*, not ȳ, which nobody knows beforehand.

    Parameters
    ----------
    rows : int
        Number of rows; those of weight 0 do not count.
    loss : str
        The loss.
    deviance_explained : float or None
        None where y is the same in all rows, which leaves nothing to explain.
    mean_deviance : float
        Mean deviance of the predictions.
    misclassification, brier : float or None
        Of yes/no responses.
    auc : float or None
        The same; None, too, where all rows or none have the event.
    mean_absolute_error : float or None
        Of counts and amounts.
    null_deviance_explained, null_mean_deviance, null_misclassification, null_brier, null_auc, null_mean_absolute_error : float or None
        The same of the null model.
    null_prediction : float or None
        What the null model predicts at offset 0 and exposure 1; None of rows held out, where each fold has
        its own.
    with_offset : bool
        Whether each row's offset, or exposure, was part of the predictions of both.
    dropped : int
        Number of rows that were left out for missing values.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[1.0], [2.0], [3.0], [4.0]], ["no", "yes", "no", "yes"]
    >>> score = eq.fit(X, y, l1=0.5, loss="binomial").score(X, y)
    >>> score.misclassification, score.auc, round(float(score), 3)
    (0.5, 0.75, 0.111)
    """  # noqa: E501

    rows: int
    loss: str
    deviance_explained: float | None
    mean_deviance: float
    misclassification: float | None
    brier: float | None
    auc: float | None
    mean_absolute_error: float | None
    null_deviance_explained: float | None
    null_mean_deviance: float
    null_misclassification: float | None
    null_brier: float | None
    null_auc: float | None
    null_mean_absolute_error: float | None
    null_prediction: float | None
    with_offset: bool = False
    dropped: int = 0

    def to_dict(self) -> dict[str, Any]:
        """All attributes, JSON-able."""
        return fields_of(self)

    def __float__(self) -> float:
        if self.deviance_explained is None:
            raise ValueError(
                "there is no deviance to explain, for y is the same in all rows: score other rows, or read "
                "mean_deviance"
            )
        return self.deviance_explained

    def _shown(self) -> list[str]:
        return deviance_score_lines(self, read_loss(self.loss).words)


@dataclass(frozen=True)
class DevianceRows:
    """Rows of positive weight with what is predicted for them; two sets of rows add up.

    Attributes
    ----------
    kind : Loss
        The loss of a row.
    parts : tuple of (5, n) arrays
        y, the linear predictors of the model and of the null model, the weights, and what is known of each
        row's linear predictor: its offset and the logarithm of its exposure.
    dropped : int
        Number of rows left out for missing values.
    """

    kind: Loss
    parts: tuple[Array, ...] = ()
    dropped: int = 0

    @classmethod
    def of(
        cls, kind: Loss, y: Array, eta: Array, level: float, shift: Array, weights: Array | None
    ) -> DevianceRows:
        """Some rows, (n,) each, and the linear predictor of the null model; weights may all be 0."""
        kind.refuse(y)
        rows = np.array([y, eta, level + shift, np.ones(len(y)) if weights is None else weights, shift])
        return cls(kind, (rows[:, rows[3] > 0],))

    def __add__(self, other: DevianceRows) -> DevianceRows:
        return DevianceRows(self.kind, self.parts + other.parts, self.dropped + other.dropped)

    def score(self, null_prediction: float, with_offset: bool) -> DevianceScore:
        """The measures of these rows; the arguments tell what the null model is."""
        y, eta, null, s, shift = np.concatenate(self.parts, axis=1) if self.parts else np.empty((5, 0))
        if not len(y):
            raise ValueError(nothing_to_score(self.dropped))
        base = None
        if y.min() < y.max():
            base = _mean(self.kind.value(y, shift + fit_intercept(self.kind, y, shift, s)), s)
        own, of_null = _measures(self.kind, y, eta, s, base), _measures(self.kind, y, null, s, base)
        return DevianceScore(
            rows=len(y),
            loss=self.kind.label,
            **own,
            **{f"null_{name}": value for name, value in of_null.items()},
            null_prediction=null_prediction,
            with_offset=with_offset,
            dropped=self.dropped,
        )


def held_out_score(setup: Setup, found: Predicted) -> DevianceScore:
    """The measures of rows that were held out; the null model is that of the rows fitted to."""
    kind, y = setup.loss, setup.response[found.rows]
    base = _mean(kind.value(y, found.null), found.weights)
    own = _measures(kind, y, found.eta, found.weights, base or None)
    null = _measures(kind, y, found.null, found.weights, base or None)
    # Within a fold it ranks no row before another, and folds are not to be told apart by their shares.
    null["auc"] = null["auc"] and 0.5
    return DevianceScore(
        rows=len(np.unique(found.rows)),
        loss=kind.label,
        **own,
        **{f"null_{name}": value for name, value in null.items()},
        null_prediction=None,
        with_offset=setup.offset is not None,
    )


def _measures(kind: Loss, y: Array, eta: Array, s: Array, base: float | None) -> dict[str, Any]:
    """The measures of one model; `base` is the mean loss of a constant, None where y is one."""
    with np.errstate(over="ignore", invalid="ignore"):
        loss, mean = _mean(kind.value(y, eta), s), kind.mean(eta)
        absolute = _mean(np.abs(y - mean), s)
    if not np.isfinite([loss, absolute]).all():
        raise ValueError("y or its predictions are too large for a deviance: check the rows, or the offset")
    labels = kind.takes_labels
    wrong = np.where(eta > 0, 1.0 - y, y)
    return {
        "deviance_explained": None if base is None else _share(loss, base, len(y)),
        "mean_deviance": 2.0 * loss,
        "misclassification": _mean(wrong, s) if labels else None,
        # Of a fraction y of trials, y are 1 and the rest 0.
        "brier": _mean(y * (1.0 - mean) ** 2 + (1.0 - y) * mean**2, s) if labels else None,
        "auc": area_under_roc(y, eta, s) if labels else None,
        "mean_absolute_error": None if labels else absolute,
    }


def _share(loss: float, base: float, rows: int) -> float:
    """The share of a constant's loss that is explained; 0 where it is the rounding of the two sums."""
    share = 1.0 - loss / base
    return 0.0 if abs(share) <= ROUNDING * np.sqrt(rows) else share


def _mean(values: Array, s: Array) -> float:
    return float(s @ values / s.sum())


def area_under_roc(y: Array, eta: Array, s: Array) -> float | None:
    """Area under the ROC curve of fractions y of weights s, ties counted ½; None without both labels.

    Examples
    --------
    >>> area_under_roc(np.array([0.0, 1.0, 1.0]), np.array([1.0, 1.0, 2.0]), np.ones(3))
    0.75
    """
    _, place = np.unique(eta, return_inverse=True)
    event, other = np.bincount(place, s * y), np.bincount(place, s * (1.0 - y))
    pairs = event.sum() * other.sum()
    below = np.cumsum(other) - 0.5 * other
    return float(event @ below / pairs) if pairs > 0 else None
