"""Information criteria along a path: the counts and the misfit that they are computed from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count
from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares, need_squares
from equipoise.select.degrees_of_freedom import SPENT, degrees_of_freedom
from equipoise.select.least_squares import refit
from equipoise.select.scoring import from_moments
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
    rss : (m,) array
        Σ s_i (residual_i)².
    exhausted : (m,) bool array
        Whether no residual is left, or as many degrees of freedom are used as there are rows.
    kept : (m,) int array
        Number of features with an l1 in the model.
    candidates : int
        Number of features with an l1 that may move.
    """

    rows: float
    degrees_of_freedom: Array
    rss: Array
    exhausted: NDArray[np.bool_]
    kept: NDArray[np.int_]
    candidates: int

    @classmethod
    def of(cls, problem: Squares, strengths: Array, coef: Array, intercept: Array) -> Counts:
        """Compute the counts at every point.

        Parameters
        ----------
        problem : Squares
            The problem that was solved.
        strengths : (m,) array
            The strengths at which it was solved.
        coef, intercept : (m, p) and (m,) arrays
            The solutions, in original units.
        """
        view, penalty = problem.view, problem.penalty
        v = coef * view.scale
        freedom = degrees_of_freedom(problem, strengths, v)
        rss = _residual_squares(problem, coef, intercept)
        size = problem.response_norm + np.abs(v) @ view.norm
        rounding = ROUNDINGS * EPS * size
        exhausted = (rss <= rounding**2) | (freedom > view.weight * (1.0 - SPENT))
        choosing = (penalty.l1 > 0) & penalty.moving
        kept = ((v != penalty.null) & choosing).sum(axis=1)
        return cls(view.weight, freedom, rss, exhausted, kept, int(choosing.sum()))

    def misfit(self, variance: float | None) -> Array:
        """−2 log likelihood of Gaussian noise up to a constant, (m,).

        rss/σ² for a known variance σ²; n log(rss/n) for an unknown one, whose estimate is rss/n. Without a
        residual the latter has no lower bound: ∞ keeps such a point from being chosen.
        """
        if variance is not None:
            return self.rss / variance
        usable = np.where(self.exhausted, 1.0, self.rss)
        return np.where(self.exhausted, np.inf, self.rows * np.log(usable / self.rows))

    def criterion(self, name: str, variance: float | None, gamma: float = 1.0) -> Array:
        """A criterion, (m,): "aic", "bic", "ebic" with its gamma, or "cp", which needs the variance."""
        freedom = self.degrees_of_freedom
        if name == "cp":
            assert variance is not None
            return np.asarray(self.rss / variance - self.rows + 2.0 * freedom)
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
    return float(counts.rss[0]) / left, ""


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
