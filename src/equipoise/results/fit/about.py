"""The report of a fit: the fit, and the path around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.results.fit.again import asked_on
from equipoise.results.fit.provenance import source_of, told_source
from equipoise.results.fit.text import goodness
from equipoise.results.report.recipe import call_of
from equipoise.results.report.subject import Subject
from equipoise.setup.setup import Setup
from equipoise.solve.grid import default_ratio
from equipoise.solve.path import largest_strength, solve_path

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit

Array = NDArray[np.float64]

STRENGTHS = 100  # on the path around a fit


def about_fit(fit: Fit) -> Subject:
    """The subject of a report on a fit, and on a path of strengths around it; refuses a fit without data."""
    explained = solution_of(fit)
    setup, strength = asked_on(fit, None, None, None, None)[0], explained["strength"]
    grid = _grid_around(setup, strength)
    parts = [
        (points.columns, points.coef, points.measure().balanced) for points in solve_path(setup.problem, grid)
    ]
    coef = np.zeros((len(grid), len(fit.coef)))
    row = 0
    for columns, some, _ in parts:
        coef[row : row + len(some), slice(None) if columns is None else columns] = some
        row += len(some)
    coef /= setup.problem.view.scale
    coef[np.flatnonzero(grid == strength)[0]] = fit.coef
    ever = np.flatnonzero(coef.any(axis=0))
    return Subject(
        **explained,
        why="as it was asked for",
        strengths=grid,
        ever=ever,
        values=coef[:, ever],
        balanced=int(sum(flags.sum() for _, _, flags in parts)),
        recipe=f"fit = {call_of('fit', setup, l1=fit.l1, l2=fit.l2)}\nfit.report('report.html')",
        grid_of_its_own=True,
    )


def solution_of(fit: Fit) -> dict[str, Any]:
    """The fields of a report's subject that describe one fit; refuses a fit that was loaded from a file."""
    if fit.setup is None or fit.points is None:
        raise ValueError(
            "this model was loaded from a file, which holds no data: fit it again to report on it"
        )
    return {
        "setup": fit.setup,
        "target": fit.setup.target,
        "source": told_source(source_of(fit.setup)),
        "sheet": fit.explain(),
        "certificate": fit.certificate,
        "strength": float(fit.points.strengths[0]),
        "coef": fit.coef,
        "intercept": fit.intercept,
        "l1": fit.l1,
        "l2": fit.l2,
        "limits": fit.limits,
        "explained": goodness(fit),
    }


def _grid_around(setup: Setup, strength: float) -> Array:
    """Descending strengths around one and including it, from where all is zero (or 100 times it)."""
    largest = largest_strength(setup.problem)
    if largest > 0:
        top = max(largest, strength)
        low = min(largest * default_ratio(setup.problem), strength / 10 if strength > 0 else np.inf)
    elif strength > 0 and np.any(setup.penalty.l2 > 0):
        top, low = 100 * strength, strength / 100  # no l1: from a strong penalty to a weak one
    else:
        return np.array([strength])
    grid = np.geomspace(top, low, STRENGTHS)
    grid[0] = top
    return np.unique(np.append(grid, strength))[::-1]
