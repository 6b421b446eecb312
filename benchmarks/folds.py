"""The true curve of a cross-validation: every fold solved as a path of its own, checked from scratch."""

from __future__ import annotations

import numpy as np

import equipoise
from benchmarks.cells import Cell
from benchmarks.data import Array, make, training
from benchmarks.precision import gaps_and_violations
from benchmarks.tools.base import Solution


def true_curve(cell: Cell) -> tuple[Array, float]:
    """Mean held-out loss at each strength, (m,), and the largest KKT violation ÷ t behind it.

    The rows of a fold are copied out and handed to ``eq.path``; its coefficients are measured by
    ``benchmarks.precision`` and the losses taken from their residuals, so that neither what is shared
    between the folds of a cross-validation nor its shortcuts to a loss are in it.
    """
    problem = make(cell)
    losses = np.empty((cell.count, len(problem.splits)))
    worst = 0.0
    for k, (_, test) in enumerate(problem.splits):
        fold = training(problem, k)
        path = equipoise.path(fold.X, fold.y, strengths=fold.strengths)
        solution = Solution.of(path.coef, path.intercept, path.strengths)
        worst = max(worst, float(gaps_and_violations(fold, solution)[1].max()))
        error = problem.y[test, None] - path.intercept - problem.X[test] @ path.coef.T
        losses[:, k] = (error**2).mean(axis=0)
    return losses.mean(axis=1), worst
