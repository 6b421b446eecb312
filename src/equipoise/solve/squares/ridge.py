"""Ridge regression with more columns than rows: no zeros to find, so one n × n dual system gives it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.problem import Problem

Array = NDArray[np.float64]

BLOCK = 512  # columns held at a time
REFINEMENTS = 3  # rounds of iterative refinement
WEAKEST = 1e-10  # an l2 below this, for columns of about unit norm, leaves the dual system no digits


def suits_ridge(problem: Problem, strength: float) -> bool:
    """Whether every feature has an l2, no l1 and no box, and there are too many columns for a Gram matrix."""
    penalty = problem.penalty
    if problem.whole or np.any(penalty.null):
        return False
    bare = (penalty.l1 == 0) & np.isinf(penalty.lower) & np.isinf(penalty.upper)
    return bool(np.all((bare & (strength * penalty.l2 > WEAKEST)) | ~penalty.moving))


@one_blas_thread()
def solve_ridge(problem: Problem, strength: float) -> Array:
    """Coefficients of ridge regression, (p,), by the inverse of ÃᵀÃ + D⁻¹ with D = diag(1 / 2 l2).

    The inverse is ``D − D Ãᵀ (Ã D Ãᵀ + I)⁻¹ Ã D`` (Woodbury). Applied to the gradient Ãᵀr − 2 l2∘w that is
    left, it refines the coefficients by all the digits of the factor each time.
    """
    n, p = problem.view.shape
    moving = problem.penalty.moving
    l2 = strength * problem.penalty.l2
    d = np.where(moving, 1.0 / (2.0 * np.where(moving, l2, 1.0)), 0.0)
    system = np.eye(n)
    for start in range(0, p, BLOCK):
        index = np.arange(start, min(start + BLOCK, p))
        columns = problem.view.columns(index)
        system += (columns * d[index]) @ columns.T
    factor = cho_factor(system, overwrite_a=True)
    coef = np.zeros(p)
    for _ in range(1 + REFINEMENTS):
        left = problem.pull(problem.residual(coef)) - 2.0 * l2 * coef
        dual = problem.view.without_mean(cho_solve(factor, problem.view.predict(d * left)))
        coef += d * (left - problem.pull(dual))
    return coef
