"""The variance of the noise, where the user does not know it: the scaled lasso, and full least squares.

The scaled lasso (Sun & Zhang, 2012, *Biometrika* 99) minimises over coefficients and noise level σ together:
its strength is t = n·σ·λ₀ with nσ² = ‖r(t)‖², r(t) the residual of the lasso at t. With an active set A,
limits l1, signs s and Gram matrix G, ‖r(t)‖²/t² = RSS_A/t² + (s∘l1)'G⁻¹(s∘l1) falls as t grows; t is where it
equals 1/(nλ₀²).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.solve.path import largest_strength
from equipoise.solve.squares.refine import Refiner

Array = NDArray[np.float64]

STEPS = 200  # most strengths tried
SETTLED = 1e-12  # relative change in strength that ends the search
VANISHED = 1e-9  # of the largest strength: below it no residual is left that could be noise


@dataclass(frozen=True)
class Scaled:
    """The solution of a scaled lasso.

    Attributes
    ----------
    coef : (p,) array
        Coefficients, in the view's units.
    residual : (n,) array
        Residual r, in the view's units.
    strength : float
        Strength t.
    sigma : float
        Noise level σ = ‖r‖/√n.
    """

    coef: Array
    residual: Array
    strength: float
    sigma: float


def universal_level(rows: int, columns: int) -> float:
    """√(2·log p/n), the level λ₀ of Sun & Zhang at which noise selects no feature, with high probability."""
    return float(np.sqrt(2.0 * np.log(max(columns, 2)) / rows))


def scaled_lasso(problem: Squares, level: float) -> Scaled | None:
    """The scaled lasso, with the problem's penalty at strength n·σ·level; None where no residual is left."""
    n = len(problem.response)
    goal = 1.0 / (n * level**2)
    largest = largest_strength(problem)
    strength = float(np.sqrt(problem.total / goal))
    if strength >= largest:
        sigma = float(np.sqrt(problem.total / n))
        zeros = np.zeros(problem.view.shape[1])
        return Scaled(zeros, problem.response, strength, sigma) if sigma > 0 else None
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
        # The root if the active set stays: t² = RSS_A/(goal − (s∘l1)'G⁻¹(s∘l1)), goal = 1/(nλ₀²).
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


def noise_of(problem: Squares, level: float) -> Scaled:
    """The scaled lasso with the same penalty, per standard deviation, for every feature that may move.

    Parameters
    ----------
    problem : Squares
        The data; of its penalty only which features may move is used.
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


def _left_over(problem: Squares, coef: Array, residual: Array) -> float:
    """RSS_A, the residual sum of squares of least squares on the active columns."""
    active = np.flatnonzero(coef)
    if not len(active):
        return float(residual @ residual)
    columns = problem.view.columns(active)
    step = np.linalg.lstsq(columns, residual, rcond=None)[0]
    left = residual - columns @ step
    return float(left @ left)


@one_blas_thread()
def full_variance(problem: Squares) -> float | None:
    """‖r‖²/(n − rank − 1) of least squares on all columns (no −1 without intercept); None if n is too small.

    0 where the residual is the rounding of the response.
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
