"""Fit along a path of strengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.calls import verb
from equipoise.data.arguments.floats import as_floats
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.results.path.result import Path
from equipoise.setup.set_up import Numbers, set_up
from equipoise.setup.setup import Setup
from equipoise.solve.grid import default_strengths
from equipoise.solve.path import solve_path

Array = NDArray[np.float64]


@verb
def path(
    X: Any,
    y: Any = None,
    *,
    l1: Numbers = 1.0,
    l2: Numbers = 0.0,
    strengths: ArrayLike | None = None,
    count: int = 100,
    ratio: float | None = None,
    intercept: bool = True,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: Numbers = -np.inf,
    upper: Numbers = np.inf,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
    loss: str = "squared",
    event: object = None,
    exposure: Any = None,
) -> Path:
    """Fit at a grid of strengths t, the penalties being t·l1 and t·l2.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix, data frame, :class:`Mapped`, Gathered, or a source of rows
        Features. A file, folder, SQL query, stream of Arrow batches or frame of Dask or Spark is gathered
        first, where y is a name.
    y : (n,) array or str
        Response, or the name of the column of X that holds it; gathered data have their own.
    l1, l2 : float, (p,) array or dict of str to float
        Factors that each strength multiplies; where a dict names no number for a feature, 1 and 0.
    strengths : (m,) array, optional
        The grid; by default log-spaced from the smallest strength that kills every penalised feature.
    count : int, default 100
        Strengths of the default grid.
    ratio : float, optional
        Last strength of the default grid ÷ its first; default 1e-4 where n > p, else 1e-2.
    intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    standardize : bool, default False
        Penalise as if each column had unit standard deviation.
    sample_weight : (n,) array or str, optional
        Weights, or the name of the column of X that holds them: 2 counts a row twice, 0 leaves it out.
    offset : (n,) array or str, optional
        A known part of each row's prediction, or the name of the column of X that holds it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients, as in :func:`fit`.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`.
    loss, event, exposure : optional
        The loss of a row and what it needs, as in :func:`fit`.

    Returns
    -------
    Path
        Coefficients (m, p), certificates, exact events, and exact solutions in between.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import equipoise as eq
    >>> path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False, strengths=[4, 2, 1])
    >>> path.coef
    array([[0.5       , 0.        ],
           [1.33333333, 0.33333333],
           [1.66666667, 0.66666667]])
    """
    setup = set_up(
        X,
        y,
        l1=l1,
        l2=l2,
        intercept=intercept,
        standardize=standardize,
        sample_weight=sample_weight,
        offset=offset,
        lower=lower,
        upper=upper,
        columns=ColumnChoice(names, features, drop, reference, categories),
        missing=missing,
        loss=loss,
        event=event,
        exposure=exposure,
        l1_default=1.0,
    )
    return path_of(setup, grid_of(setup, strengths, count, ratio))


def path_of(setup: Setup, grid: Array) -> Path:
    """The path of a problem over a grid of strengths, (m,), in any order."""
    order = np.argsort(-grid, kind="stable")
    return Path.of(setup, grid, order, solve_path(setup.problem, grid[order]))


def grid_of(setup: Setup, strengths: ArrayLike | None, count: int, ratio: float | None) -> Array:
    """The strengths as given, checked, or the default grid."""
    if strengths is None:
        if not isinstance(count, int | np.integer) or count < 1:
            raise ValueError(f"count is {count}: pass a whole number, at least 1")
        if ratio is not None and not 0 < ratio <= 1:
            raise ValueError(f"ratio is {ratio}: pass a number above 0 and at most 1")
        return default_strengths(setup.problem, count, ratio)
    return _read_strengths(strengths)


def _read_strengths(strengths: ArrayLike) -> Array:
    grid = as_floats(strengths, "strengths")
    if grid.ndim != 1 or not len(grid):
        raise ValueError(f"strengths has shape {grid.shape}: pass a list of at least one number")
    bad = np.flatnonzero(~(np.isfinite(grid) & (grid >= 0)))
    if len(bad):
        raise ValueError(f"strengths holds {grid[bad[0]]} at position {bad[0]}: pass finite numbers ≥ 0")
    return grid.astype(np.float64)
