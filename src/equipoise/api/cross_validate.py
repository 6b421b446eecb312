"""Choose the strength of the penalty by data held out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.api.path import grid_of, path_of
from equipoise.results.choice.result import CrossValidation
from equipoise.select.cross_validation import Folds
from equipoise.setup.set_up import set_up

Array = NDArray[np.float64]


def cross_validate(
    X: Any,
    y: Any = None,
    *,
    folds: Any = None,
    repeats: int = 1,
    groups: Any = None,
    l1: ArrayLike = 1.0,
    l2: ArrayLike = 0.0,
    strengths: ArrayLike | None = None,
    count: int = 100,
    ratio: float | None = None,
    intercept: bool = True,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: ArrayLike = -np.inf,
    upper: ArrayLike = np.inf,
    missing: str = "error",
    early_stop: bool = False,
    progress: Callable[[int], None] | None = None,
) -> CrossValidation:
    """Choose the strength of the penalty by the loss of rows held out.

    In a fold the strength is multiplied by Σs_train/Σs, the same penalty per row, and standardisation uses
    the training rows alone.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix, data frame, :class:`Mapped`, Gathered, or a source of rows
        Features. A file, folder, SQL query, stream of Arrow batches or frame of Dask or Spark is gathered
        first, where y is a name.
    y : (n,) array or str
        Response, or the name of the column of X that holds it; gathered data have their own.
    folds : int, splitter, list of pairs, (n,) array or str, optional
        A number of folds of shuffled rows (10 by default), a scikit-learn splitter, the training and held-out
        rows of each fold, or the fold that holds each row out, or the column of X that says it; gathered data
        have their own.
    repeats : int, default 1
        How often that number of folds is drawn, with the seeds 0, 1, 2, …: all of them share one pass over
        the data, ``mean`` and the choices follow from all, ``frequency`` says what each would have chosen.
        A splitter repeats itself (scikit-learn's ``RepeatedKFold``).
    groups : (n,) array or str, optional
        Handed to the splitter; a name is that of a column of X.
    l1, l2 : float or (p,) array
        Factors that each strength multiplies.
    strengths : (m,) array, optional
        The grid; by default as in :func:`path`.
    count : int, default 100
        Strengths of the default grid.
    ratio : float, optional
        Last strength of the default grid ÷ its first.
    intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    standardize : bool, default False
        Penalise as if each column had unit standard deviation in the rows fitted to.
    sample_weight : (n,) array or str, optional
        Weights, in fitting and in scoring; a name is that of a column of X.
    offset : (n,) array or str, optional
        A known part of each row's prediction; a name is that of a column of X.
    lower, upper : float or (p,) array
        Bounds of the coefficients.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`; in a fold the means are those of its training rows alone.
    early_stop : bool, default False
        Leave out the strengths after the loss of every fold has risen at ten strengths in a row and its mean
        by more than twice the standard error of that rise: ``path`` then ends there.
    progress : callable, optional
        Called with the number of folds done after each.

    Returns
    -------
    CrossValidation
        Held-out losses (m, folds), their mean and standard error, ``best`` and ``one_se``.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(12.0).reshape(6, 2) % 5
    >>> cv = eq.cross_validate(X, X[:, 0], folds=3, count=5)
    >>> cv.best_strength <= cv.one_se_strength
    True
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
        missing=missing,
        folds=folds,
        groups=groups,
        sort=True,
    )
    among = Folds.asked(setup, repeats)
    return chosen(among, grid_of(among.setup, strengths, count, ratio), progress, early_stop)


def chosen(
    among: Folds, grid: Array, progress: Callable[[int], None] | None, early_stop: bool
) -> CrossValidation:
    """Cross-validate over a grid of strengths in any order."""
    order = np.argsort(-grid, kind="stable")
    found = among.losses(grid[order], progress, early_stop=early_stop)
    kept = np.sort(order[: len(found)])
    loss = np.empty((len(grid), found.shape[1]))
    loss[order[: len(found)]] = found
    path = path_of(among.setup, grid[kept])
    return CrossValidation(path, loss[kept], among.weight, among.repetition)
