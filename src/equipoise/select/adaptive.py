"""The adaptive lasso: pilot coefficients, and the penalty of each feature that follows from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.no_solution import NoFiniteSolution
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import Problem
from equipoise.objective.squares import Squares
from equipoise.select.cross_validation import Folds
from equipoise.select.folds import groups_of, held_out
from equipoise.select.gcv import choose_ridge
from equipoise.select.one_standard_error import best_and_one_se, mean_loss, standard_error
from equipoise.select.scorers import read_scoring
from equipoise.select.unpenalised import fit_kept
from equipoise.setup.setup import Setup
from equipoise.solve.grid import default_strengths
from equipoise.solve.path import solve_point
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Pilot = Literal["ridge", "unpenalised", "least squares", "lasso"]

INNER = 10  # folds by which a lasso pilot chooses its strength …
STRENGTHS = 100  # … among so many
LEAST = 1e-9  # a curvature below this share of the largest is raised to it


def pilot_on(setup: Setup, rows: Flags | None, moments: Moments | None, kind: Pilot) -> Array:
    """Pilot coefficients from some of the rows, in original units, (p,).

    Parameters
    ----------
    setup : Setup
        The data and the penalty; its bounds and exclusions hold for the pilot too.
    rows : (n,) bool array or None
        The rows; None for all.
    moments : Moments or None
        Moments of those rows, where they are known.
    kind : str
        "ridge", "unpenalised" (of squared loss also "least squares") or "lasso".
    """
    if kind == "lasso":
        return _lasso(setup, rows)
    excluded, none = np.isinf(setup.penalty.l1), np.zeros(len(setup.penalty.l1))
    l2 = none
    if kind == "ridge":
        # setup.standardize holds for the pilot too; features without a penalty get none.
        l2 = np.where((setup.penalty.l1 > 0) | (setup.penalty.l2 > 0), 1.0, 0.0)
    bare = Penalty(np.where(excluded, np.inf, 0.0), l2, setup.penalty.lower, setup.penalty.upper)
    try:
        problem = replace(setup, penalty=bare).problem_on(rows, moments)
    except NoFiniteSolution as refused:
        raise ValueError(
            f"pilot is {kind!r}, and {refused.reason}: pass pilot='ridge' or pilot='lasso'"
        ) from None
    if kind == "ridge":
        return np.asarray(solve_point(problem, _ridge_strength(problem)).original()[0][0])
    moving = problem.penalty.moving
    needed = int(moving.sum()) + setup.intercept
    if problem.view.shape[0] < needed:
        raise ValueError(
            f"pilot is {kind!r}, but {problem.view.shape[0]} rows (of a fold, or of all) are fewer "
            f"than {needed} coefficients: pass pilot='ridge' or pilot='lasso'"
        )
    found = fit_kept(problem, moving)
    if not found.finite:
        raise ValueError(
            f"pilot is {kind!r}, but there is no finite fit of the responses without penalty: pass "
            "pilot='ridge' or pilot='lasso'"
        )
    return np.asarray(found.coef / problem.view.scale)


def _ridge_strength(problem: Problem) -> float:
    """The strength of smallest generalised cross-validation.

    Of another loss than the squared one it is that of the weighted least squares that the loss comes to near
    the model of the intercept alone, with weights that add up to those of the rows.
    """
    if problem.loss.squared:
        return choose_ridge(cast("Squares", problem))
    curved = cast("Curved", problem)
    y, view, eta = curved.response, curved.view, curved.bare.eta
    h = curved.kind.curvature(y, eta)
    h = np.maximum(h, LEAST * float(h.max(initial=0.0)))
    weights = curved.weigh(h)
    unit = float(curved.weigh(np.ones(len(y))).sum() / weights.sum())
    near = Squares.build(
        view.design,
        curved.bare.level + curved.kind.residual(y, eta) / h,
        curved.penalty.scaled(1.0 / view.scale),
        weights=unit * weights,
        intercept=view.intercept,
    )
    return choose_ridge(near) / unit


def weights_of(pilot: Array, sd: Array | None, power: float) -> Array:
    """1 ÷ |pilot|^power, (p,), ∞ where the pilot is zero; with ``sd`` (p,) for standardised columns."""
    size = np.abs(pilot if sd is None else pilot * sd)
    with np.errstate(over="ignore", divide="ignore", under="ignore"):
        return np.asarray(1.0 / size**power)


def adapted(setup: Setup, weights: Array) -> Setup:
    """The same setup with every l1 multiplied by its weight (p,); an l1 of 0 stays 0."""
    l1 = setup.penalty.l1
    with np.errstate(over="ignore"):
        heavier = np.where(np.isinf(weights), np.inf, l1 * np.where(np.isinf(weights), 1.0, weights))
    l1 = np.where(l1 == 0, 0.0, heavier)
    return replace(setup, penalty=replace(setup.penalty, l1=l1), l1=l1)


def sd_on(setup: Setup, rows: Flags | None, moments: Moments | None) -> Array | None:
    """Standard deviations of the columns, (p,), over some of the rows; None without ``standardize``."""
    return setup.problem_on(rows, moments).view.sd if setup.standardize else None


def adapted_on(setup: Setup, rows: Flags | None, moments: Moments | None, kind: Pilot, power: float) -> Setup:
    """The setup with the penalty that a pilot from some of the rows gives."""
    pilot = pilot_on(setup, rows, moments, kind)
    return adapted(setup, weights_of(pilot, sd_on(setup, rows, moments), power))


def adapt_folds(among: Folds, whole: Setup, pilot: Pilot | Array, power: float) -> Folds:
    """Folds in each of which the penalty follows a pilot of its training rows.

    Parameters
    ----------
    among : Folds
        Folds of the plain lasso.
    whole : Setup
        The setup that is fitted to all rows.
    pilot : str or (p,) array
        The kind of pilot, or coefficients that serve in every fold.
    power : float
        Power of the pilot by which each l1 is divided.
    """
    setup = among.setup

    def fitted(k: int) -> Setup:
        own, train = setup.filled_by(among.masks[k][0]).counted(among.masks[k][0])
        moments = None if among.training is None else among.training[k]
        if isinstance(pilot, str):
            found = adapted_on(own, train, moments, pilot, power)
        else:
            found = adapted(own, weights_of(pilot, sd_on(own, train, moments), power))
        return replace(found, weights=setup.weights)

    return replace(among, setup=whole, fitted=fitted)


def _lasso(setup: Setup, rows: Flags | None) -> Array:
    """Coefficients (p,) under the setup's penalty at the strength that cross-validation in the rows finds."""
    inner, groups = setup, groups_of(setup)
    if rows is not None:
        groups = None if groups is None else groups[rows]
        setup.need_memory("a lasso pilot in every fold")
        inner = replace(
            setup,
            matrix=setup.matrix[rows],
            response=setup.response[rows],
            offset=None if setup.offset is None else setup.offset[rows],
            weights=None if setup.weights is None else setup.weights[rows],
            moments=None,
            gappy=None if setup.gappy is None else setup.gappy[rows],
        )
    count = len(inner.response)
    units = count if groups is None else len(np.unique(groups))
    if units == 1 < count:
        raise ValueError(
            "pilot is 'lasso', which chooses its strength by holding out groups, and there is one (in a "
            "fold, or in all rows): pass pilot='ridge'"
        )
    masks = held_out(
        min(INNER, units), count, groups=groups, response=inner.response, stratify=setup.loss.takes_labels
    )
    folds = Folds.of(inner, masks, read_scoring(None, setup.loss))
    strengths = default_strengths(folds.setup.problem, STRENGTHS, None)
    loss = folds.losses(strengths)
    best, _ = best_and_one_se(strengths, mean_loss(loss, folds.weight), standard_error(loss, folds.weight))
    return np.asarray(solve_point(folds.setup.problem, float(strengths[best])).original()[0][0])
