"""Loss over folds: its mean, its standard error, and the largest strength that is as good as the best."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
T = TypeVar("T")


def mean_loss(loss: Array, weight: Array) -> Array:
    """Mean over the last axis of ``loss`` (…, folds), folds weighted by their Σ s."""
    return np.asarray(loss @ weight / weight.sum())


def standard_error(loss: Array, weight: Array, repetition: Indices | None = None) -> Array:
    """Standard error of that mean, (…), for a single cross-validation, however often it was repeated.

    Within a repetition of K folds it is √(Σ W_k (loss_k − mean)² / ΣW / (K − 1)). R repetitions score the
    same rows again: they average over the random folds but are no new rows, so that the K·R losses are not
    independent, and dividing by K·R would promise too much. The squares of the repetitions' standard errors
    are averaged, which does not shrink as R grows. One fold alone has no standard error: NaN.
    """
    if repetition is None:
        repetition = np.zeros(len(weight), dtype=np.intp)
    squares = []
    for r in np.unique(repetition):
        own = repetition == r
        if own.sum() < 2:
            return np.full(loss.shape[:-1], np.nan)
        w = weight[own] / weight[own].sum()
        variance = (loss[..., own] - (loss[..., own] @ w)[..., None]) ** 2 @ w
        squares.append(variance / (own.sum() - 1))
    return np.asarray(np.sqrt(np.mean(squares, axis=0)))


def known(one_se: T | None) -> T:
    """What was chosen within one standard error; an error where one split of the rows has none."""
    if one_se is None:
        raise ValueError(
            "one split of the rows has no standard error, so nothing is within one of the best: take best "
            "(choose='best'), or pass two folds or more"
        )
    return one_se


def best_and_one_se(strengths: Array, mean: Array, error: Array) -> tuple[int, int | None]:
    """Index of the smallest mean loss, and of the largest strength within one standard error of it.

    Of a tie the largest strength is taken: the larger the penalty, the simpler the model. The second is None
    where the standard error is not known.
    """
    lowest = np.flatnonzero(mean == mean.min())
    best = int(lowest[np.argmax(strengths[lowest])])
    if np.isnan(error[best]):
        return best, None
    within = np.flatnonzero(mean <= mean[best] + error[best])
    return best, int(within[np.argmax(strengths[within])])
