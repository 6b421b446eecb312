"""Choose a relaxed lasso by data held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.api.path import grid_of, path_of
from equipoise.data.arguments.calls import verb
from equipoise.data.arguments.floats import as_floats
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.results.choice.relaxed import Relaxed
from equipoise.select.cross_validation import Folds
from equipoise.select.relaxed import relaxed_losses
from equipoise.select.scorers import read_scoring
from equipoise.setup.set_up import Numbers, set_up

Array = NDArray[np.float64]


@verb
def relax(
    X: Any,
    y: Any,
    *,
    gammas: ArrayLike = (0.0, 0.25, 0.5, 0.75, 1.0),
    folds: Any = 10,
    repeats: int = 1,
    groups: Any = None,
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
    scoring: str | Callable[..., Any] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Relaxed:
    """Choose strength and relaxation of a relaxed lasso by the loss of rows held out.

    A relaxed lasso is ``gamma·lasso + (1 − gamma)·least squares``, the latter on the features that the lasso
    keeps, with neither l1 nor l2 (as in glmnet); of another loss than the squared one that is the fit that
    minimises the loss, and coefficients and intercepts are blended, not means. Least squares always has the
    intercept and the features without an l1, keeps to the bounds, and may give a coefficient another sign
    than the lasso does. Everything is fitted to training rows alone; strengths are scaled there as in
    :func:`cross_validate`.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix or data frame
        Features.
    y : (n,) array or str
        Response, or the name of the column of X that holds it.
    gammas : (g,) array, default (0, 0.25, 0.5, 0.75, 1)
        Shares of the lasso to try, from 0 (least squares) to 1 (lasso).
    folds : int, splitter, list of pairs, (n,) array or str, default 10
        As in :func:`cross_validate`.
    repeats : int, default 1
        As in :func:`cross_validate`.
    groups : (n,) array or str, optional
        As in :func:`cross_validate`.
    l1, l2 : float, (p,) array or dict of str to float
        Factors that each strength multiplies, as in :func:`path`.
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
        Weights in fitting and in scoring, or the name of the column of X that holds them.
    offset : (n,) array or str, optional
        A known part of each row's prediction, or the name of the column of X that holds it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients, as in :func:`fit`.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`cross_validate`.
    loss, event, exposure : optional
        The loss of a row and what it needs, as in :func:`fit`.
    scoring : str or callable, optional
        The loss of held-out rows, as in :func:`cross_validate`.
    progress : callable, optional
        Called after each fold with the number of folds done.

    Returns
    -------
    Relaxed
        Held-out losses (g, m, folds), their mean and standard error, ``best`` and ``one_se``. Where the
        features kept are linearly dependent, or as many as the rows, least squares is the solution of
        smallest norm (of another loss any), and ``unique`` and ``fold_unique`` say so. Where they separate
        the responses there is no finite fit without penalty: ``fold_finite`` says so, the loss of blends with
        it is ∞, and only gamma = 1 is left to choose.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    References
    ----------
    Meinshausen (2007), *Comput. Statist. Data Anal.* 52; Hastie, Tibshirani & Tibshirani (2020), *Statist.
    Sci.* 35, for the blend.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
    >>> relaxed = eq.relax(X, 2 * X[:, 0] + np.arange(12) % 2, folds=3, count=10)
    >>> relaxed.best.gamma in relaxed.gammas
    True
    """
    shares = _read_gammas(gammas)
    asked = read_scoring(scoring, loss)
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
        folds=folds,
        groups=groups,
        rows_for="relax",
        l1_default=1.0,
    )
    among = Folds.asked(setup, repeats, asked)
    return _relaxed(among, grid_of(among.setup, strengths, count, ratio), shares, progress)


def _relaxed(among: Folds, grid: Array, shares: Array, progress: Callable[[int], None] | None) -> Relaxed:
    """Relax over a grid of strengths, (m,), in any order."""
    order = np.argsort(-grid, kind="stable")
    found = relaxed_losses(among, grid[order], shares, progress)
    place = np.argsort(order)
    return Relaxed(
        path=path_of(among.setup, grid),
        gammas=shares,
        fold_loss=found.loss[:, place],
        fold_weight=among.weight,
        fold_unique=found.unique[place],
        repetition=among.repetition,
        scoring=among.scoring.name,
        fold_finite=found.finite[place],
        separating=tuple(among.setup.features[j] for j in found.separating),
    )


def _read_gammas(gammas: ArrayLike) -> Array:
    values = as_floats(gammas, "gammas")
    if values.ndim != 1 or not len(values):
        raise ValueError(f"gammas has shape {values.shape}: pass a list of at least one number from 0 to 1")
    bad = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if len(bad):
        raise ValueError(
            f"gammas holds {values[bad[0]]:g} at position {bad[0]}: pass numbers from 0 (least squares) to 1 "
            "(lasso)"
        )
    return values.astype(np.float64)
