"""The relaxed lasso: least squares on what the lasso keeps, and blends of the two, cross-validated."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.evaluate import evaluate
from equipoise.objective.penalty import Penalty
from equipoise.objective.points import Points
from equipoise.objective.squares import need_squares
from equipoise.select.cross_validation import Folds
from equipoise.select.least_squares import kept_features, refit
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_path, solve_point
from equipoise.solve.threads import in_threads

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def refitted(setup: Setup, coef: Array) -> tuple[Setup, Points, bool]:
    """Least squares on the features that a model keeps.

    Parameters
    ----------
    setup : Setup
        The data and the penalty of the model.
    coef : (p,) array
        The model, in original units.

    Returns
    -------
    tuple
        The setup of the least squares, its solution, and whether that is the only one.
    """
    problem = need_squares(setup.problem, "relax")
    kept = kept_features(problem, coef * problem.view.scale)
    # An infinite l1 leaves a feature out; features that their bounds keep from zero cannot have one.
    l1 = np.where(kept | (setup.penalty.null != 0), 0.0, np.inf)
    penalty = Penalty(l1, np.zeros(len(l1)), setup.penalty.lower, setup.penalty.upper)
    bare = replace(setup, penalty=penalty, l1=l1, l2=0.0, moments=problem.moments)
    found, unique = refit(problem, kept)
    points = evaluate(bare.problem, np.ones(1), found[None])
    if not points.measure().balanced[0]:
        points = solve_point(bare.problem)
    return bare, points, unique


def relaxed_losses(
    folds: Folds, strengths: Array, gammas: Array, progress: Callable[[int], None] | None = None
) -> tuple[Array, Flags]:
    """Held-out loss of every blend, (gammas, m, folds), and if its least squares were unique, (m, folds).

    Parameters
    ----------
    folds : Folds
        The folds.
    strengths : (m,) array
        The strengths, descending.
    gammas : (gammas,) array
        The share of the lasso in each blend; the rest is least squares.
    progress : callable, optional
        Called with the number of folds done.
    """
    shape = (len(strengths), len(folds.masks))
    loss, unique = np.empty((len(gammas), *shape)), np.empty(shape, dtype=bool)

    def work(k: int, going: Callable[[], bool]) -> None:
        fold = folds.open(k)
        problem = need_squares(fold.problem, "relax")
        p = problem.view.shape[1]
        known: tuple[Flags, Array, bool] | None = None
        done = 0
        with closing(solve_path(problem, strengths * fold.share)) as batches:  # type: ignore[type-var]
            for points in batches:
                lasso, free = np.zeros((len(points.coef), p)), np.empty((len(points.coef), p))
                lasso[:, slice(None) if points.columns is None else points.columns] = points.coef
                for i, coef in enumerate(lasso):
                    kept = kept_features(problem, coef)
                    if known is None or not np.array_equal(known[0], kept):
                        known = (kept, *refit(problem, kept))
                    free[i], unique[done + i, k] = known[1:]
                rows = slice(done, done + len(lasso))
                done = rows.stop
                used = np.flatnonzero(lasso.any(axis=0) | free.any(axis=0))
                for g, gamma in enumerate(gammas):
                    blend = gamma * lasso[:, used] + (1.0 - gamma) * free[:, used]
                    loss[g, rows, k] = fold.loss(*problem.original(blend, used), used)
                if not going():
                    return

    for done, _ in enumerate(in_threads(work, len(folds.masks)), 1):
        if progress is not None:
            progress(done)
    return loss, unique
