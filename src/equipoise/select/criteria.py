"""Information criteria along a path: the counts and the misfit that they are computed from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count
from equipoise.objective.curved import Curved
from equipoise.objective.losses.base import Loss
from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS, Problem
from equipoise.objective.squares import Squares, need_squares
from equipoise.select.degrees_of_freedom import SPENT, curved_degrees_of_freedom, degrees_of_freedom
from equipoise.select.least_squares import refit
from equipoise.select.scoring import from_moments
from equipoise.select.unpenalised import fit_kept
from equipoise.setup.setup import Setup

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Counts:
    """The quantities from which the criteria are computed, at every point of a path.

    Attributes
    ----------
    rows : float
        Σ s: the number of rows, weights being counts.
    degrees_of_freedom : (m,) array
        Trace of the derivative of the fitted values by the response.
    deviance : (m,) array
        Σ s_i times the unit deviance, of squared loss (residual_i)².
    exhausted : (m,) bool array
        Whether no residual is left, or as many degrees of freedom are used as there are rows.
    kept : (m,) int array
        Number of features with an l1 in the model.
    candidates : int
        Number of features with an l1 that may move.
    loss : Loss
        The loss of a row.
    """

    rows: float
    degrees_of_freedom: Array
    deviance: Array
    exhausted: NDArray[np.bool_]
    kept: NDArray[np.int_]
    candidates: int
    loss: Loss

    @classmethod
    def of(cls, problem: Problem, strengths: Array, coef: Array, intercept: Array) -> Counts:
        """Compute the counts at every point.

        Parameters
        ----------
        problem : Problem
            The problem that was solved.
        strengths : (m,) array
            The strengths at which it was solved.
        coef, intercept : (m, p) and (m,) arrays
            The solutions, in original units.
        """
        view, penalty = problem.view, problem.penalty
        v = coef * view.scale
        if problem.loss.squared:
            squares = cast("Squares", problem)
            freedom = degrees_of_freedom(squares, strengths, v)
            deviance = _residual_squares(squares, coef, intercept)
            rounding = ROUNDINGS * EPS * (squares.response_norm + np.abs(v) @ view.norm)
            exhausted = (deviance <= rounding**2) | (freedom > view.weight * (1.0 - SPENT))
        else:
            curved = cast("Curved", problem)
            level = np.array([curved.level_of(w, b) for w, b in zip(coef, intercept, strict=True)])
            freedom = curved_degrees_of_freedom(curved, strengths, v, level)
            places = (curved.at(w, b) for w, b in zip(v, level, strict=True))
            deviance = np.array([2.0 * curved.value(place.eta) for place in places])
            exhausted = np.zeros(len(v), dtype=bool)  # its likelihood is bounded: the dispersion is known
        choosing = (penalty.l1 > 0) & penalty.moving
        kept = ((v != penalty.null) & choosing).sum(axis=1)
        found = int(choosing.sum())
        return cls(view.weight, freedom, deviance, exhausted, kept, found, problem.loss)

    def misfit(self, variance: float | None) -> Array:
        """−2 log likelihood up to a constant, (m,): the deviance ÷ a known dispersion, of squared loss σ².

        Of squared loss n log(rss/n) for an unknown one, whose estimate is rss/n. Without a residual that has
        no lower bound: ∞ keeps such a point from being chosen.
        """
        if variance is not None:
            return self.deviance / variance
        assert self.loss.squared
        usable = np.where(self.exhausted, 1.0, self.deviance)
        return np.where(self.exhausted, np.inf, self.rows * np.log(usable / self.rows))

    def criterion(self, name: str, variance: float | None, gamma: float = 1.0) -> Array:
        """A criterion, (m,): "aic", "bic", "ebic" with its gamma, or "cp", which needs the variance."""
        freedom = self.degrees_of_freedom
        if name == "cp":
            assert variance is not None
            return np.asarray(self.deviance / variance - self.rows + 2.0 * freedom)
        each = 2.0 if name == "aic" else math.log(self.rows)
        value = self.misfit(variance) + each * freedom
        return value + 2.0 * gamma * self.models() if name == "ebic" else value

    def models(self) -> Array:
        """Log of the number of models with as many of the candidates as are kept, (m,)."""
        p = self.candidates
        return np.array([_log_choices(p, int(k)) for k in self.kept])


def residual_variance(setup: Setup) -> tuple[float | None, str]:
    """σ² from least squares on all features that are not excluded; or None, and the reason in words."""
    problem = need_squares(setup.problem, "an estimate of the variance of noise")
    moving = problem.penalty.moving
    rows, needed = problem.view.shape[0], int(moving.sum()) + setup.intercept
    if rows <= needed:
        few, fitted = count(rows, "row"), count(needed, "coefficient")
        return None, f"{few} {'leaves' if rows == 1 else 'leave'} nothing for noise beside {fitted}"
    excluded = np.isinf(setup.penalty.l1)
    free = np.full(len(excluded), np.inf)
    nothing = np.zeros(len(excluded))
    bare = Penalty(np.where(excluded, np.inf, 0.0), nothing, -free, free)
    full = need_squares(replace(setup, penalty=bare, moments=problem.moments).problem, "least squares")
    coef, _ = refit(full, moving)
    counts = Counts.of(full, np.ones(1), *full.original(coef[None]))
    left = counts.rows - float(counts.degrees_of_freedom[0])
    if left <= SPENT * counts.rows:
        return None, f"rows of a total weight of {counts.rows:g} leave nothing for noise"
    if counts.exhausted[0]:
        return None, "least squares on all features leaves no residual"
    return float(counts.deviance[0]) / left, ""


def dispersion_of(setup: Setup) -> tuple[float | None, str]:
    """The dispersion of a loss that is not squared, and how it is known; or None, and why it is not.

    1 of counts of events. Of amounts it is estimated by Pearson's statistic, ``Σ s (y − μ)²/V(μ) ÷ (n − df)``
    at the fit without penalty of all features that are not excluded: McCullagh & Nelder (1989), section 8.3.
    """
    loss = setup.loss
    if loss.dispersion is not None:
        return loss.dispersion, "known"
    excluded = np.isinf(setup.penalty.l1)
    free, nothing = np.full(len(excluded), np.inf), np.zeros(len(excluded))
    bare = Penalty(np.where(excluded, np.inf, 0.0), nothing, -free, free)
    problem = cast("Curved", replace(setup, penalty=bare).problem)
    moving = problem.penalty.moving
    rows, needed = problem.view.weight, int(moving.sum()) + setup.intercept
    if min(rows, problem.view.shape[0]) <= needed:
        fitted = count(needed, "coefficient")
        return None, f"rows of a total weight of {rows:g} leave nothing to estimate it by beside {fitted}"
    full = fit_kept(problem, moving)
    if not full.finite:
        return None, "all features together separate the responses of 0 from the others"
    place = problem.at(full.coef, problem.level_of(full.coef / problem.view.scale, full.intercept))
    # A row's slope² ÷ its expected curvature, which is that at its mean, is (y − μ)²/V(μ).
    slope = loss.residual(problem.response, place.eta)
    expected = loss.curvature(loss.mean(place.eta), place.eta)
    return float(problem.weigh(slope**2 / expected).sum()) / (rows - needed), "Pearson's estimate"


def _residual_squares(problem: Squares, coef: Array, intercept: Array) -> Array:
    """Σ s_i (residual_i)² of all rows, (m,): from the moments, where these are accurate enough."""
    if problem.whole:
        rss, doubtful = from_moments(problem.moments, coef, intercept)
    else:
        rss, doubtful = np.empty(len(coef)), np.arange(len(coef))
    for i in doubtful:
        residual = problem.residual(coef[i] * problem.view.scale)
        rss[i] = residual @ residual
    return rss


def _log_choices(candidates: int, kept: int) -> float:
    """Log of the binomial coefficient."""
    return math.lgamma(candidates + 1) - math.lgamma(kept + 1) - math.lgamma(candidates - kept + 1)
