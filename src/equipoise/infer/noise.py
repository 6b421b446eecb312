"""The variance of the noise, where the user does not know it: the scaled lasso, and full least squares.

The scaled lasso (Sun & Zhang, 2012, *Biometrika* 99) minimises over coefficients and noise level σ together:
its strength is t = n·σ·λ₀ with nσ² = ‖r(t)‖², r(t) the residual of the lasso at t. With an active set A,
signs s and Gram matrix G, ‖r(t)‖²/t² = RSS_A/t² + s'G⁻¹s falls as t grows; where it equals 1/(nλ₀²) is t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS, Problem
from equipoise.solve.path import largest_strength
from equipoise.solve.squares.refine import Refiner

Array = NDArray[np.float64]

STEPS = 200

SETTLED = 1e-12  # relative change in strength
VANISHED = 1e-9  # of the largest strength: nothing is left to be noise


@dataclass(frozen=True)
class Scaled:
    """A scaled lasso.

    Attributes
    ----------
    coef : (p,) array
        In the view's units.
    residual : (n,) array
        What it leaves.
    strength : float
        t.
    sigma : float
        σ, ‖r‖/√n.
    """

    coef: Array
    residual: Array
    strength: float
    sigma: float


def universal_level(rows: int, columns: int) -> float:
    """√(2·log p/n), the level λ₀ of Sun & Zhang that keeps noise out with high probability."""
    return float(np.sqrt(2.0 * np.log(max(columns, 2)) / rows))


def scaled_lasso(problem: Problem, level: float) -> Scaled | None:
    """The scaled lasso with the problem's penalty at strength n·σ·level; None where no noise is left."""
    n = len(problem.response)
    goal = 1.0 / (n * level**2)
    largest = largest_strength(problem)
    strength = float(np.sqrt(problem.total / goal))
    if strength >= largest:
        sigma = float(np.sqrt(problem.total / n))
        return Scaled(np.zeros_like(problem.floor), problem.response, strength, sigma) if sigma > 0 else None
    refiner = Refiner(problem)
    refiner.pull = problem.response_pull
    low, high = 0.0, largest
    residual = problem.response
    for _ in range(STEPS):
        refiner.at(strength)
        residual = problem.residual(refiner.coef)
        square = float(residual @ residual)
        left = _left_over(problem, refiner.coef, residual)
        slope = (square - left) / strength**2
        if square / strength**2 < goal:
            high = min(high, strength)
        else:
            low = max(low, strength)
        # Exact if the active set stays: the square root of RSS_A/(goal − s'G⁻¹s).
        ahead = float(np.sqrt(left / (goal - slope))) if slope < goal else 0.5 * strength
        if abs(ahead - strength) <= SETTLED * strength:
            return Scaled(refiner.coef, residual, strength, float(np.sqrt(square / n)))
        if not low < ahead < high:
            ahead = float(np.sqrt(low * high)) if low > 0 else 0.5 * high
        if ahead <= VANISHED * largest:
            return None
        if abs(ahead - strength) <= SETTLED * strength:
            return Scaled(refiner.coef, residual, strength, float(np.sqrt(square / n)))
        strength = ahead
    return Scaled(refiner.coef, residual, strength, float(np.sqrt(square / n)))


def noise_of(problem: Problem, level: float) -> Scaled:
    """The scaled lasso with one penalty for all features that are not excluded, as standardised columns.

    Parameters
    ----------
    problem : Problem
        The data; of its penalty it counts only which features may move.
    level : float
        λ₀.
    """
    standard = problem.view.norm / np.sqrt(len(problem.response))
    box = np.where(problem.penalty.moving, np.inf, 0.0)
    found = scaled_lasso(problem.under(Penalty(standard, np.zeros_like(standard), -box, box)), level)
    if found is None:
        raise ValueError(
            "the features fit y without a residual, so that no noise is left to estimate: "
            "pass l1 and variance"
        )
    return found


def _left_over(problem: Problem, coef: Array, residual: Array) -> float:
    """RSS of least squares on the active columns, in whose span the fit lies."""
    active = np.flatnonzero(coef)
    if not len(active):
        return float(residual @ residual)
    columns = problem.view.columns(active)
    step = np.linalg.lstsq(columns, residual, rcond=None)[0]
    left = residual - columns @ step
    return float(left @ left)


def full_variance(problem: Problem) -> float | None:
    """‖r‖²/(n − rank − 1) of least squares on all columns (no −1 without intercept); None if n is short.

    0 where what is left of the response is its rounding.
    """
    penalty = problem.penalty
    there = np.flatnonzero((problem.view.norm > 0) & np.isfinite(penalty.l1))
    n = len(problem.response)
    if n <= len(there) + problem.view.intercept:
        return None
    columns = problem.view.columns(there)
    step, _, rank, _ = np.linalg.lstsq(columns, problem.response, rcond=None)
    left = problem.response - columns @ step
    if np.linalg.norm(left) <= ROUNDINGS * EPS * problem.response_norm:
        return 0.0
    return float(left @ left) / (n - int(rank) - problem.view.intercept)
