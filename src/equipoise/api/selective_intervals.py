"""Confidence intervals of the features that the lasso selected, valid after the selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.calls import verb
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.explain.balance import BalanceColumns
from equipoise.explain.forbidden import without_features
from equipoise.infer.checks import check_asked
from equipoise.infer.noise import full_variance
from equipoise.infer.selective import infer, polyhedron
from equipoise.objective.squares import Squares, need_squares
from equipoise.objective.squares_points import SquaresPoints
from equipoise.results.fit.result import Fit
from equipoise.results.inference.intervals import Intervals
from equipoise.setup.set_up import Numbers, set_up
from equipoise.solve.path import solve_point

Array = NDArray[np.float64]


@verb
def selective_intervals(
    X: Any,
    y: Any,
    *,
    l1: Numbers,
    l2: Numbers = 0.0,
    level: float = 0.95,
    variance: float | None = None,
    intercept: bool = True,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
) -> Intervals:
    """Confidence intervals and p-values of the features that the lasso selected, valid after the selection.

    Each interval is for the feature's coefficient of least squares in the selected model, and conditional: of
    all data that would lead to the same features with the same signs at this l1, a share of ``level`` gives
    an interval that covers. That holds exactly for Gaussian noise of known variance, in any dimension, and
    only if l1 was chosen beforehand: not by cross-validation, nor otherwise from the same y. Copies of a
    selected feature are named (``copies``): the data cannot tell which of them has the effect.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features.
    y : (n,) array or str
        Response, or the name of the column of X that holds it.
    l1, l2 : float, (p,) array or dict of str to float
        Penalties, as in :func:`fit`. An l1 of 0 leaves a feature unpenalised: it is in the selected model
        without a sign to condition on.
    level : float, default 0.95
        Conditional coverage of each interval.
    variance : float, optional
        σ² of the noise; by default that of least squares on all features, which needs n > p + 1. Estimated,
        it makes the level approximate.
    intercept : bool, default True
        Whether the model has an intercept, which is never penalised.
    standardize : bool, default False
        Penalise as if each column had unit standard deviation.
    sample_weight : None
        Weights are refused: an interval needs to know what they mean for the noise.
    offset : (n,) array or str, optional
        A known part of each row's prediction, or the name of the column of X that holds it.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`; with "mean" the intervals take the means for values that were observed.

    Returns
    -------
    Intervals
        Estimates, limits, standard errors, p-values and truncation of the selected features, (k,) each.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    References
    ----------
    Lee, Sun, Sun & Taylor (2016), *Annals of Statistics* 44.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 4))
    >>> y = X[:, 0] + rng.normal(size=50)
    >>> eq.selective_intervals(X, y, l1=15.0, variance=1.0).features
    ('x1',)
    """
    check_asked(level, variance, sample_weight)
    setup = set_up(
        X,
        y,
        l1=l1,
        l2=l2,
        intercept=intercept,
        standardize=standardize,
        offset=offset,
        columns=ColumnChoice(names, features, drop, reference, categories),
        missing=missing,
        rows_for="selective_intervals",
    )
    problem = need_squares(setup.problem, "selective_intervals")
    points = cast("SquaresPoints", solve_point(problem))
    fit = Fit.of(setup, points)
    if not fit.certificate.optimal:
        raise ValueError(f"what this l1 selects is not certain: {fit.certificate.status.value}")
    origin = "full least squares" if variance is None else "given"
    variance = _estimated_variance(problem) if variance is None else variance
    found = polyhedron(points)
    lower, upper, p_value = infer(found, variance, level)
    copies, unique = _other_selections(points, found.features, fit)
    return Intervals(
        features=tuple(setup.features[j] for j in found.features),
        estimate=found.estimate,
        lower=lower,
        upper=upper,
        standard_error=np.sqrt(variance) * found.sd,
        p_value=p_value,
        level=float(level),
        variance=float(variance),
        variance_from=origin,
        method="selective",
        coef=fit.coef[found.features],
        limits=fit.limits[found.features],
        truncation=np.column_stack([found.estimate - found.below, found.estimate + found.above]),
        copies=copies,
        unique=unique,
        frame=setup.frame,
    )


def _other_selections(
    points: SquaresPoints, selected: NDArray[np.intp], fit: Fit
) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """The copies of each selected feature, and whether the solution is proved unique without them."""
    twins = BalanceColumns(points).twins()
    copies = tuple(tuple(fit.features[j] for j, (of,) in twins.items() if of == k) for k in selected)
    if fit.certificate.unique or not twins:
        return copies, fit.certificate.unique
    problem = without_features(points.problem, np.array(list(twins)))
    return copies, replace(points, problem=problem, measures=None).certify().unique


def _estimated_variance(problem: Squares) -> float:
    """σ² of least squares on all features."""
    variance = full_variance(problem)
    if variance is None:
        n, p = problem.view.shape
        raise ValueError(
            f"X has {n} rows and {p} columns, too few rows to estimate the noise by least squares: "
            "pass variance, known or estimated on other data"
        )
    if variance == 0.0:
        raise ValueError("least squares on all features leaves no noise at all: pass variance")
    return variance
