"""scikit-learn's LARS: exact as long as it lasts, for comparison with an exact peer."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn
from sklearn.linear_model import lars_path

from benchmarks.data import Problem
from benchmarks.tools.base import Call, Job, Solution, Tool
from benchmarks.tools.scikit import centred

KNOTS = 1_000_000  # by default it stops after 500
DUST = 1e-14  # what is left, of the largest coefficient, where one leaves the model between two points


class Lars(Tool):
    """lars_path: every knot down to the last strength, and the grid's points between them."""

    descent = False

    def version(self) -> str:
        """Version of the package."""
        return str(sklearn.__version__)

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """lars_path on centred data, and linear interpolation, which is exact between knots."""
        X, y, n = problem.X, problem.y, len(problem.y)
        grid = problem.strengths / n

        def call() -> Any:
            Xc, yc, mean, level = centred(X, y)
            knots, _, coef = lars_path(
                Xc, yc, method="lasso", alpha_min=grid[-1], copy_X=False, max_iter=KNOTS
            )
            left = np.clip(np.searchsorted(-knots, -grid, side="right") - 1, 0, len(knots) - 2)
            share = np.clip((knots[left] - grid) / (knots[left] - knots[left + 1]), 0.0, 1.0)
            found = (1.0 - share) * coef[:, left] + share * coef[:, left + 1]
            found[np.abs(found) < DUST * np.abs(found).max()] = 0.0
            return found.T, level - mean @ found

        return Call(call, lambda found: Solution.of(found[0], found[1], problem.strengths))
