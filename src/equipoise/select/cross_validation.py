"""Cross-validation along a path: the held-out loss of every fold at every strength."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from equipoise.design.moments import Moments
from equipoise.objective.setup import Setup
from equipoise.solve.path import solve_path

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def fold_losses(
    setup: Setup,
    strengths: Array,
    folds: list[tuple[Flags, Flags]],
    progress: Callable[[int], None] | None = None,
) -> tuple[Array, Array]:
    """Weighted mean squared error of held-out rows (m, folds), and the folds' weights (folds,).

    The objective is a sum over rows, so a fold is solved at ``t·Σs_train/Σs``: the same penalty per row.
    Standardisation is by the training rows alone. ``progress`` is told after each fold how many are done.
    """
    weights = np.ones(len(setup.response)) if setup.weights is None else setup.weights
    fold_weight = np.array([weights[test].sum() for _, test in folds])
    fitted_weight = np.array([weights[train].sum() for train, _ in folds])
    empty = np.flatnonzero((fold_weight == 0) | (fitted_weight == 0))
    if len(empty):
        purpose = "score" if fold_weight[empty[0]] == 0 else "fit"
        raise ValueError(
            f"folds: fold {empty[0]} has no row of positive weight to {purpose} on; pass fewer folds"
        )
    loss = np.empty((len(strengths), len(folds)))
    training = _training_moments(setup, folds)
    for k, (train, test) in enumerate(folds):
        share = float(fitted_weight[k] / weights.sum())
        problem = setup.problem_on(train, training[k])
        target = setup.response[test]
        if setup.offset is not None:
            target = target - setup.offset[test]
        done = 0
        for points in solve_path(problem, strengths * share):
            coef, intercept = problem.original(points.coef, points.columns)
            held = (
                setup.matrix[test] if points.columns is None else setup.matrix[np.ix_(test, points.columns)]
            )
            misfit = target[:, None] - intercept - held @ coef.T
            loss[done : done + len(coef), k] = weights[test] @ misfit**2 / fold_weight[k]
            done += len(coef)
        if progress is not None:
            progress(k + 1)
    return loss, fold_weight


def _training_moments(setup: Setup, folds: list[tuple[Flags, Flags]]) -> list[Moments | None]:
    """The moments of each fold's training rows: the sum of the other folds' own, so one pass serves all.

    Where the folds do not partition the rows, or their Gram matrices are not wanted, nothing is known.
    """
    held_out = np.sum([test for _, test in folds], axis=0)
    partition = bool(np.all(held_out == 1)) and all(np.array_equal(train, ~test) for train, test in folds)
    if not (partition and setup.problem.whole):
        return [None] * len(folds)
    parts = [setup.moments_on(test) for _, test in folds]
    return [reduce(add, parts[:k] + parts[k + 1 :]) for k in range(len(parts))]
