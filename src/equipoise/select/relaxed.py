"""The relaxed lasso: a fit without penalty of what the lasso keeps, and blends of the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved, Place
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.evaluate import evaluate
from equipoise.objective.penalty import Penalty
from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.select.cross_validation import Fold, Folds
from equipoise.select.least_squares import kept_features
from equipoise.select.unpenalised import Unpenalised, fit_kept
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_path, solve_point
from equipoise.solve.threads import in_threads

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]


def refitted(setup: Setup, coef: Array, intercept: float) -> tuple[Setup, Points, bool] | Indices:
    """The fit without penalty on the features that a model keeps: of squared loss least squares.

    Parameters
    ----------
    setup : Setup
        The data and the penalty of the model.
    coef, intercept : (p,) array and float
        The model, in original units.

    Returns
    -------
    tuple or index array
        The setup without penalty, its solution, and whether that is the only one; where there is none, the
        features that separate the responses.
    """
    problem = setup.problem
    kept = kept_features(problem, coef * problem.view.scale)
    # An infinite l1 leaves a feature out; features that their bounds keep from zero cannot have one.
    l1 = np.where(kept | (setup.penalty.null != 0), 0.0, np.inf)
    penalty = Penalty(l1, np.zeros(len(l1)), setup.penalty.lower, setup.penalty.upper)
    moments = getattr(problem, "moments", None)
    bare = replace(setup, penalty=penalty, l1=l1, l2=0.0, moments=moments)
    start = None if problem.loss.squared else _place(problem, coef * problem.view.scale, intercept)
    found = fit_kept(problem, kept, start)
    if not found.finite:
        return found.separating
    given = None if problem.loss.squared else np.array([found.intercept])
    points = evaluate(bare.problem, np.ones(1), found.coef[None], given)
    if not points.measure().balanced[0]:
        points = solve_point(bare.problem)
    return bare, points, found.unique


def _place(problem: Problem, coef: Array, intercept: float) -> Place:
    """A point of a problem of another loss than the squared one, its coefficients in the view's units."""
    curved = cast("Curved", problem)
    return curved.at(coef, curved.level_of(coef / curved.view.scale, intercept))


class Relaxations(NamedTuple):
    """What folds say of blends.

    Attributes
    ----------
    loss : (gammas, m, folds) array
        Held-out loss of every blend; ∞ of a blend with a fit that does not exist.
    unique, finite : (m, folds) bool arrays
        Whether the fits without penalty were the only ones, and whether there was one.
    separating : index array
        Features that separate the responses of a fold at the largest strength at which some do.
    """

    loss: Array
    unique: Flags
    finite: Flags
    separating: Indices


def relaxed_losses(
    folds: Folds, strengths: Array, gammas: Array, progress: Callable[[int], None] | None = None
) -> Relaxations:
    """Held-out loss of every blend, and what there is to say of the fits without penalty in them.

    Parameters
    ----------
    folds : Folds
        The folds.
    strengths : (m,) array
        The strengths, descending.
    gammas : (gammas,) array
        The share of the lasso in each blend; the rest is the fit without penalty.
    progress : callable, optional
        Called with the number of folds done.
    """
    shape = (len(strengths), len(folds.masks))
    loss = np.empty((len(gammas), *shape))
    unique, finite = np.empty(shape, dtype=bool), np.empty(shape, dtype=bool)
    blame: list[tuple[int, Indices]] = []  # the first strength of a fold without such a fit, and why

    def work(k: int, going: Callable[[], bool]) -> None:
        fold = folds.open(k)
        known: tuple[Flags, Unpenalised] | None = None
        done = 0
        with closing(solve_path(fold.problem, strengths * fold.share)) as batches:  # type: ignore[type-var]
            for points in batches:
                found = []
                for coef, start in _lassos(points):
                    kept = kept_features(fold.problem, coef)
                    if known is None or not np.array_equal(known[0], kept):
                        known = (kept, fit_kept(fold.problem, kept, start))
                    found.append(known[1])
                rows = slice(done, done + len(found))
                done = rows.stop
                unique[rows, k] = [one.unique for one in found]
                finite[rows, k] = [one.finite for one in found]
                lost = next((i for i, one in enumerate(found) if not one.finite), None)
                if lost is not None and finite[: rows.start, k].all():
                    blame.append((rows.start + lost, found[lost].separating))
                loss[:, rows, k] = _blended(fold, points, found, gammas)
                if not going():
                    return

    for done, _ in enumerate(in_threads(work, len(folds.masks)), 1):
        if progress is not None:
            progress(done)
    if np.isinf(loss.max(axis=2)).all():
        raise ValueError(
            "gammas: at every strength the features kept separate the responses of some fold, so that there "
            "is no finite fit without penalty to blend with: pass 1 among the gammas, or larger strengths"
        )
    first = min(blame, key=lambda one: (one[0], tuple(one[1])))[1] if blame else np.zeros(0, dtype=np.intp)
    return Relaxations(loss, unique, finite, first)


def _lassos(points: Points) -> Iterator[tuple[Array, Place | None]]:
    """Coefficients of each point, (p,) in the view's units, and its place where a fit may start from it."""
    problem = points.problem
    for i, own in enumerate(points.coef):
        coef = own
        if points.columns is not None:
            coef = np.zeros(problem.view.shape[1])
            coef[points.columns] = own
        start = None
        if not problem.loss.squared:
            curved = cast("CurvedPoints", points)
            start = curved.problem.at(coef, float(curved.level[i]))
        yield coef, start


def _blended(fold: Fold, points: Points, found: list[Unpenalised], gammas: Array) -> Array:
    """Held-out loss of the blends of some points with their fits without penalty, (gammas, m)."""
    p = fold.problem.view.shape[1]
    lasso, b = np.zeros((len(found), p)), points.original()[1]
    lasso[:, slice(None) if points.columns is None else points.columns] = points.original()[0]
    finite = np.array([one.finite for one in found])
    free = np.array([one.coef for one in found]) / fold.problem.view.scale
    free_b = np.where(finite, [one.intercept for one in found], b)
    free[~finite] = lasso[~finite]
    used = np.flatnonzero(lasso.any(axis=0) | free.any(axis=0))
    out = np.empty((len(gammas), len(found)))
    for g, gamma in enumerate(gammas):
        blend = gamma * lasso[:, used] + (1.0 - gamma) * free[:, used]
        out[g] = fold.loss(blend, gamma * b + (1.0 - gamma) * free_b, used)
        if gamma < 1.0:
            out[g, ~finite] = np.inf
    return out
