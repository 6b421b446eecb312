"""Ridge with more columns than rows: no zeros to find, so the n × n dual system gives it at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from equipoise.objective.problem import Problem

Array = NDArray[np.float64]

BLOCK = 512  # columns held at a time
REFINEMENTS = 3
WEAKEST = 1e-10  # an l2 below this, columns having unit norm, leaves the dual system without digits


def suits_ridge(problem: Problem, strength: float) -> bool:
    """Whether every feature has an l2, no l1 and no box, with more columns than a Gram matrix is made for."""
    penalty = problem.penalty
    if problem.whole or np.any(penalty.null):
        return False
    moving = penalty.lower < penalty.upper
    bare = (penalty.l1 == 0) & np.isinf(penalty.lower) & np.isinf(penalty.upper)
    return bool(np.all((bare & (strength * penalty.l2 > WEAKEST)) | ~moving))


def solve_ridge(problem: Problem, strength: float) -> Array:
    """Coefficients v = D Ãᵀ (Ã D Ãᵀ + I)⁻¹ ỹ with D = diag(1 / 2 l2), refined on the residual, (p,)."""
    n, p = problem.view.shape
    moving = problem.penalty.lower < problem.penalty.upper
    spread = np.where(moving, 1.0 / (2.0 * strength * np.where(moving, problem.penalty.l2, 1.0)), 0.0)
    system = np.eye(n)
    for start in range(0, p, BLOCK):
        index = np.arange(start, min(start + BLOCK, p))
        columns = problem.view.columns(index)
        system += (columns * spread[index]) @ columns.T
    factor = cho_factor(system, overwrite_a=True)
    dual = cho_solve(factor, problem.response)
    coef = spread * problem.pull(problem.view.without_mean(dual))
    for _ in range(REFINEMENTS):
        # With v = D Ãᵀθ, (Ã D Ãᵀ + I) θ = ỹ says θ = residual(v): the difference is what is left to solve.
        dual += cho_solve(factor, problem.residual(coef) - dual)
        coef = spread * problem.pull(problem.view.without_mean(dual))
    return coef
