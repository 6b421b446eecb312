"""Whether X is still what a model was fitted to: it is kept by reference, and may be written to afterwards.

Nothing is computed for this at the fit. What it left, the mean of every column and every pull at a solution,
is measured again on X as it stands: a changed entry moves the mean of its column, and entries of a column
that change places move its pull.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from equipoise.design.standardized import Standardized
from equipoise.objective.curved import Curved
from equipoise.objective.problem import Problem
from equipoise.objective.proofs import pull_rounding
from equipoise.objective.squares import Squares
from equipoise.setup.setup import Setup

Array = NDArray[np.float64]


@np.errstate(over="ignore", invalid="ignore")  # what is infinite or NaN has changed, too
def refuse_changed(setup: Setup, coef: Array | None = None, pull: Array | None = None) -> None:
    """Refuse data that are not those of the fit, to rounding; one pass over X.

    Parameters
    ----------
    setup : Setup
        The data and the arguments of the fit.
    coef, pull : (p,) arrays, optional
        A solution and its pulls as measured at the fit, in original units. Without ``pull`` they follow from
        XᵀX; without that, or without both, the pulls of the response are compared.
    """
    if setup.gathered is not None:
        return  # the rows are the library's own
    problem = setup.problem
    view = problem.view
    now = replace(view, design=setup.design())
    if isinstance(problem, Squares):
        coef, pull, residual = _of_squares(problem, now, coef, pull)
    else:
        curved = cast("Curved", problem)
        # What pulls at the null model does not depend on X, unless columns are unpenalised.
        coef, pull, residual = np.zeros_like(view.scale), curved.bare_pull * view.scale, curved.bare_residual
    mean, found = now.measured(residual)
    room_of_mean, room_of_pull = _rooms(problem, coef)
    _compare(setup, "mean", view.mean, mean, room_of_mean)
    _compare(setup, "pull", pull, found, room_of_pull)


def _of_squares(
    problem: Squares, now: Standardized, coef: Array | None, pull: Array | None
) -> tuple[Array, Array, Array]:
    """A point of least squares, its pulls as measured at the fit, and its residual on X as it stands."""
    scale = problem.view.scale
    if pull is None and (coef is None or not problem.whole):
        coef, pull = np.zeros_like(scale), problem.response_pull * scale
    coef = np.asarray(coef)
    if pull is None:
        pull = (problem.response_pull - problem.gram @ (coef * scale)) * scale
    return coef, pull, replace(problem, view=now).residual(coef * scale)


def same_pulls(problem: Problem, coef: Array, before: Array, after: Array) -> bool:
    """Whether pulls of a problem at a point, (p,) in original units, are the same to rounding."""
    return bool(np.all(np.abs(after - before) <= _rooms(problem, coef)[1]))


def _rooms(problem: Problem, coef: Array) -> tuple[Array, Array]:
    """By how much means and pulls may differ, (p,) each: they are sums of n products, measured twice."""
    view = problem.view
    rounding, root = 4.0 * pull_rounding(view.shape[0]), np.sqrt(view.weight)
    norm = np.hypot(view.norm * view.scale, root * view.mean)
    return rounding * norm / root, rounding * norm * (problem.size + np.abs(coef) @ norm)


def _compare(setup: Setup, what: str, before: Array, after: Array, room: Array) -> None:
    """Refuse numbers of the features, (p,), that differ by more than ``room``; the worst of them is named."""
    apart = np.abs(after - before)
    changed = np.flatnonzero(~(apart <= room))
    if not len(changed):
        return
    share = np.nan_to_num(apart[changed] / np.maximum(room[changed], np.finfo(np.float64).tiny), nan=np.inf)
    j = int(changed[np.argmax(share)])
    was, is_ = (f"{value[j]:.6g}" for value in (before, after))
    if was == is_:
        was, is_ = (f"{value[j]:.17g}" for value in (before, after))
    more = f" (other {what}s differ, too: {len(changed) - 1})" if len(changed) > 1 else ""
    raise ValueError(
        f"X has changed since the fit: the {what} of feature {setup.features[j]!r} was {was} and is "
        f"{is_}{more}; fit again, or pass the fit a copy of X"
    )
