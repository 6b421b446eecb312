"""Confidence intervals of coefficients by the debiased lasso."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import as_matrix
from equipoise.data.arguments.by_name import features_named
from equipoise.data.arguments.calls import verb
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.data.frames.columns import refuse_text
from equipoise.infer.checks import check_asked
from equipoise.infer.debiased import debiased, directions, normal_limits
from equipoise.infer.noise import Scaled, noise_of, universal_level
from equipoise.objective.squares import Squares, need_squares
from equipoise.results.inference.intervals import Intervals
from equipoise.setup.set_up import Numbers, set_up
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_point

Array = NDArray[np.float64]

NODEWISE = 0.5  # default λ₀ of the regressions of column on columns, in units of the universal level


@verb
def debias(
    X: Any,
    y: Any,
    *,
    l1: Numbers | None = None,
    level: float = 0.95,
    report: Sequence[str] | Sequence[int] | None = None,
    nodewise: float | None = None,
    variance: float | None = None,
    intercept: bool = True,
    standardize: bool = True,
    sample_weight: Any = None,
    offset: Any = None,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
    progress: Callable[[int], None] | None = None,
) -> Intervals:
    """Confidence intervals and p-values of coefficients by the debiased (desparsified) lasso.

    Corrects the lasso's w to ``b_j = w_j + z_j'r / z_j'x_j``, with r its residual and z_j the residual of a
    lasso of column j on all other columns. The interval is b_j ± quantile·σ‖z_j‖/|z_j'x_j|. Nothing is
    conditioned on: each interval covers its coefficient of the linear model with probability ``level``, in
    the limit, for noise of constant variance and few effects beside √n/log p.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features; n may be smaller than p.
    y : (n,) array or str
        Response, or the name of the column of X that holds it.
    l1 : float, (p,) array or dict of str to float, optional
        Penalty of the lasso that is corrected; by default the scaled lasso at λ₀ = √(2·log p/n), which
        estimates the noise along with it. An l1 of 0 leaves a feature unpenalised, ∞ excludes it.
    level : float, default 0.95
        Coverage of each interval.
    report : sequence of str or of int, optional
        Names or positions of the features to report, all by default; only their regressions are run.
    nodewise : float, optional
        λ₀ of the p scaled lassos of column on columns (standardised); by default ½·√(2·log p/n), near what
        cross-validating them gives where columns are correlated. Smaller values give wider intervals with
        less bias. It is raised, up to √(2·log p/n), for a column whose z_j would vanish.
    variance : float, optional
        σ² of the noise; by default that of the scaled lasso.
    intercept : bool, default True
        Whether the model has an intercept, which is never penalised.
    standardize : bool, default True
        Penalise as if each column had unit standard deviation.
    sample_weight : None
        Weights are refused: an interval needs to know what they mean for the noise.
    offset : (n,) array or str, optional
        A known part of each row's prediction, or the name of the column of X that holds it.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`; with "mean" the intervals take the means for values that were observed.
    progress : callable, optional
        Called with the number of nodewise regressions done after each.

    Returns
    -------
    Intervals
        Estimates, limits, standard errors and p-values, (k,) each.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Notes
    -----
    The bias that is left is that of the lasso times the correlation between columns. In simulations, 95 %
    intervals cover 95 % of effects and zeros alike where columns correlate mildly (Javanmard & Montanari's
    circulant design, n = 1000, p = 600, 10 effects). Where neighbours correlate by 0.9 (van de Geer et al.'s
    Toeplitz design, n = 100, p = 500) they cover 95 % of zeros, but of the effects 84 % if there are 3 and
    79 % if there are 15; with ``nodewise`` at a fifth of √(2·log p/n) 93 % and 91 %, half as long again.

    References
    ----------
    Zhang & Zhang (2014), *JRSS B* 76; van de Geer, Bühlmann, Ritov & Dezeure (2014), *Annals of Statistics*
    42; Javanmard & Montanari (2014), *JMLR* 15; Sun & Zhang (2012), *Biometrika* 99, for the scaled lasso.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 80))
    >>> intervals = eq.debias(X, X[:, 0] + rng.normal(size=50), report=["x1", "x2"])
    >>> bool(intervals.p_value[0] < 0.001 < intervals.p_value[1])
    True
    """
    check_asked(level, variance, sample_weight)
    if nodewise is not None and not 0.0 < nodewise < np.inf:
        raise ValueError(f"nodewise is {nodewise!r}: pass a number above 0")
    setup = set_up(
        X,
        y,
        l1=1.0 if l1 is None else l1,
        intercept=intercept,
        standardize=standardize,
        offset=offset,
        columns=ColumnChoice(names, features, drop, reference, categories),
        missing=missing,
        rows_for="debias",
    )
    setup = _by_columns(setup)
    problem = need_squares(setup.problem, "debias")
    wanted = _wanted(report, setup)
    coef, strength, sigma2 = _pilot(problem, l1 is None, variance)
    nodewise = NODEWISE * universal_level(*problem.view.shape) if nodewise is None else nodewise
    along = directions(problem, wanted, nodewise, setup.features, progress)
    estimate, spread = debiased(problem, coef, along)
    standard_error = np.sqrt(sigma2) * spread
    lower, upper, p_value = normal_limits(estimate, standard_error, level)
    return Intervals(
        features=tuple(setup.features[j] for j in wanted),
        estimate=estimate,
        lower=lower,
        upper=upper,
        standard_error=standard_error,
        p_value=p_value,
        level=float(level),
        variance=float(sigma2),
        variance_from="scaled lasso" if variance is None else "given",
        method="debiased",
        coef=problem.original(coef)[0][wanted],
        limits=strength * problem.limits[wanted],
        frame=setup.frame,
    )


def _wanted(report: Sequence[str] | Sequence[int] | None, setup: Setup) -> NDArray[np.intp]:
    """Positions of the features asked for, without those that are excluded."""
    wanted = _positions(report, setup)
    excluded = np.isinf(setup.penalty.l1[wanted])
    if excluded.any() and report is not None:
        name = setup.features[int(wanted[excluded][0])]
        raise ValueError(f"feature {name!r} is excluded (l1 = ∞): name other features")
    return wanted[~excluded]


def _pilot(problem: Squares, scale: bool, variance: float | None) -> tuple[Array, float, float]:
    """The lasso to correct, its strength, and σ²; from the scaled lasso where l1 or variance is not given."""
    scaled: Scaled | None = None
    if scale or variance is None:
        scaled = noise_of(problem, universal_level(*problem.view.shape))
        variance = scaled.sigma**2 if variance is None else variance
    if scale and scaled is not None:
        return scaled.coef, scaled.strength, variance
    return solve_point(problem).coef[0], 1.0, variance


def _by_columns(setup: Setup) -> Setup:
    """The setup with X stored column by column if p > n, where columns are taken one by one."""
    setup.need_memory("debias")
    matrix = as_matrix(setup.matrix)
    n, p = matrix.shape
    return replace(setup, matrix=np.asfortranarray(matrix)) if p > n else setup


def _positions(report: Sequence[str] | Sequence[int] | None, setup: Setup) -> NDArray[np.intp]:
    p = len(setup.features)
    if report is None:
        return np.arange(p)
    refuse_text(report=report)
    texts = [name for name in report if isinstance(name, str)]
    named = features_named(texts, setup.features, setup.encoding, "report")
    found: list[int] = []
    for feature in report:
        if isinstance(feature, str):
            found += named[feature]
        elif isinstance(feature, int | np.integer) and -p <= feature < p:
            found.append(int(feature) % p)
        else:
            raise ValueError(f"report holds {feature!r}: pass names, or positions from 0 to {p - 1}")
    if len(set(found)) < len(found):
        raise ValueError("report names a feature twice: name each once")
    return np.array(found, dtype=np.intp)
