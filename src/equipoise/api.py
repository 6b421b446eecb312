"""The verbs: fit, path, cross_validate, trace, audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arrays import as_matrix
from equipoise.data.floats import as_floats
from equipoise.explain.audit import audit as find
from equipoise.objective.setup import Setup, read_coef, set_up
from equipoise.results.audit import Audit
from equipoise.results.choice import CrossValidation
from equipoise.results.fit import Fit
from equipoise.results.path import Path
from equipoise.results.trace import Trace
from equipoise.select.cross_validation import Folds
from equipoise.select.folds import held_out
from equipoise.solve.grid import default_strengths
from equipoise.solve.path import solve_path, solve_point
from equipoise.solve.textbook import descend

Array = NDArray[np.float64]


def fit(
    X: Any,
    y: Any,
    *,
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    intercept: bool = True,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: ArrayLike = -np.inf,
    upper: ArrayLike = np.inf,
) -> Fit:
    """Fit lasso, ridge or elastic net exactly, with a certificate.

    Minimises ``Σ_i s_i·½(y_i − o_i − b − x_i·w)² + Σ_j l1_j|w_j| + Σ_j l2_j w_j²`` over the intercept b and
    coefficients w within their bounds: sums over rows, not means, and no ½ on l2.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features. Categorical columns of a frame become one 0/1 feature ``column=level`` for every level.
    y : (n,) array
        Response.
    l1, l2 : float or (p,) array
        Penalties, not negative, the same for every feature or one each. ``l1 = l2 = 0`` leaves a feature
        unpenalised, ``l1 = inf`` excludes it.
    intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    standardize : bool, default False
        Penalise as if each column had unit standard deviation: l1·sd_j and l2·sd_j². Coefficients stay in
        original units.
    sample_weight : (n,) array, optional
        A weight of 2 means that the row stands twice, 0 that it is not there.
    offset : (n,) array, optional
        A known part of each row's prediction.
    lower, upper : float or (p,) array
        Bounds of the coefficients; ``lower=0`` makes them non-negative.

    Returns
    -------
    Fit
        Coefficients (p,), certificate, explanation.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    References
    ----------
    Tibshirani (1996), *JRSS B* 58; Zou & Hastie (2005), *JRSS B* 67; Osborne, Presnell & Turlach (2000),
    *IMA J. Numer. Anal.* 20, for the active-set method.

    Examples
    --------
    >>> import equipoise as eq
    >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
    >>> fit.coef
    array([1.66666667, 0.66666667])
    >>> fit.certificate.support_proved
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
    )
    return Fit.of(setup, solve_point(setup.problem))


def path(
    X: Any,
    y: Any,
    *,
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
) -> Path:
    """Fit at a grid of strengths t, the penalties being t·l1 and t·l2.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features.
    y : (n,) array
        Response.
    l1, l2 : float or (p,) array
        Factors that each strength multiplies.
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
    sample_weight : (n,) array, optional
        A weight of 2 means that the row stands twice, 0 that it is not there.
    offset : (n,) array, optional
        A known part of each row's prediction.
    lower, upper : float or (p,) array
        Bounds of the coefficients.

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
    )
    return _path(setup, _grid(setup, strengths, count, ratio))


def cross_validate(
    X: Any,
    y: Any,
    *,
    folds: Any = 10,
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
    early_stop: bool = False,
    progress: Callable[[int], None] | None = None,
) -> CrossValidation:
    """Choose the strength of the penalty by the loss of rows held out.

    In a fold the strength is multiplied by Σs_train/Σs, the same penalty per row, and standardisation uses
    the training rows alone.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features.
    y : (n,) array
        Response.
    folds : int, splitter, list of pairs or (n,) array, default 10
        A number of folds of shuffled rows, a scikit-learn splitter, the training and held-out rows of each
        fold, or the fold that holds each row out.
    groups : (n,) array, optional
        Handed to the splitter.
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
    sample_weight : (n,) array, optional
        Weights, in fitting and in scoring.
    offset : (n,) array, optional
        A known part of each row's prediction.
    lower, upper : float or (p,) array
        Bounds of the coefficients.
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
    )
    masks = held_out(folds, len(setup.response), groups=groups, response=setup.response)
    among = Folds.of(setup, masks)
    grid = _grid(among.setup, strengths, count, ratio)
    order = np.argsort(-grid, kind="stable")
    found = among.losses(grid[order], progress, early_stop=early_stop)
    kept = np.sort(order[: len(found)])
    loss = np.empty((len(grid), found.shape[1]))
    loss[order[: len(found)]] = found
    return CrossValidation(_path(among.setup, grid[kept]), loss[kept], among.weight)


def trace(
    X: Any,
    y: Any,
    *,
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    intercept: bool = False,
    tol: float = 1e-9,
    max_sweeps: int = 10_000,
) -> Trace:
    """Run the textbook's coordinate descent and keep every step.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features; small data, for every step is kept.
    y : (n,) array
        Response.
    l1, l2 : float or (p,) array
        Penalties; both 0 for least squares.
    intercept : bool, default False
        Whether to fit an intercept, by centring.
    tol : float, default 1e-9
        Stop when the largest violation, ÷ its limit, is this small.
    max_sweeps : int, default 10000
        Stop after so many rounds over the features.

    Returns
    -------
    Trace
        The steps and where they led.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import equipoise as eq
    >>> print(eq.trace([[2.0]], [3.0], l1=1))
    sweep  feature  pull  limit  verdict         w  residual  objective  |gradient|
        1  x1          6      1  kept     0 → 1.25  (0.5)         1.375           0
    <BLANKLINE>
    converged after 1 sweep: violation 0
    x1 = 1.25
    """
    if not tol >= 0:
        raise ValueError(f"tol is {tol}: pass a number that is not negative")
    setup = set_up(X, y, l1=l1, l2=l2, intercept=intercept)
    descent = descend(
        as_matrix(setup.matrix),
        setup.response,
        setup.penalty.l1,
        setup.penalty.l2,
        features=setup.features,
        intercept=intercept,
        tol=tol,
        max_sweeps=max_sweeps,
    )
    return Trace(descent, setup.features, setup.frame)


def audit(
    X: Any,
    y: Any,
    coef: ArrayLike | Mapping[str, float],
    intercept: float | None = None,
    *,
    l1: ArrayLike,
    l2: ArrayLike = 0.0,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: ArrayLike = -np.inf,
    upper: ArrayLike = np.inf,
) -> Audit:
    """Check anybody's coefficients against the optimality conditions and the exact solution.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features.
    y : (n,) array
        Response.
    coef : (p,) array or dict of str to float
        The coefficients under audit, in original units; features that a dict does not name are zero.
    intercept : float, optional
        The intercept that was fitted; None for a model without one.
    l1, l2 : float or (p,) array
        The penalties they are claimed to solve, in this library's convention (see :func:`fit`).
    standardize : bool, default False
        As in :func:`fit`.
    sample_weight : (n,) array, optional
        As in :func:`fit`.
    offset : (n,) array, optional
        As in :func:`fit`.
    lower, upper : float or (p,) array
        Bounds of the coefficients.

    Returns
    -------
    Audit
        Verdict, violations, wrong zeros, and the exact solution beside them.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import equipoise as eq
    >>> audit = eq.audit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [2.0, 0.0], l1=1)
    >>> audit.optimal, audit.wrong_zeros
    (False, ('x2',))
    >>> round(audit.lost, 6)
    0.333333
    """
    setup = set_up(
        X,
        y,
        l1=l1,
        l2=l2,
        intercept=intercept is not None,
        standardize=standardize,
        sample_weight=sample_weight,
        offset=offset,
        lower=lower,
        upper=upper,
    )
    given = read_coef(coef, setup)
    if intercept is not None and not np.isfinite(intercept):
        raise ValueError(f"intercept is {intercept}: pass a finite number, or None for a model without one")
    found = find(setup.problem, given, intercept)
    names = setup.features
    return Audit(
        certificate=found.certificate,
        coef=given,
        exact=Fit.of(setup, found.exact),
        features=names,
        excess=found.excess,
        worst=names[found.worst],
        wrong_zeros=tuple(names[j] for j in found.wrong_zeros),
        wrong_nonzeros=tuple(names[j] for j in found.wrong_nonzeros),
        lost=found.lost,
    )


def _path(setup: Setup, grid: Array) -> Path:
    order = np.argsort(-grid, kind="stable")
    return Path.of(setup, grid, order, solve_path(setup.problem, grid[order]))


def _grid(setup: Setup, strengths: ArrayLike | None, count: int, ratio: float | None) -> Array:
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
