"""celer: celer_path and Lasso."""

from __future__ import annotations

from typing import Any

import celer
import numpy as np
from celer import Lasso, celer_path

from benchmarks.data import Problem
from benchmarks.tools.base import Array, Call, Job, PathTool, Solution
from benchmarks.tools.scikit import centred

MANY = {"max_iter": 1000, "max_epochs": 10_000_000}  # where the tolerance is not the default


class Celer(PathTool):
    """celer_path at its default tolerances: 1e-6 for celer_path, 1e-4 for Lasso."""

    tolerance = 1e-6

    def version(self) -> str:
        """Version of the package."""
        return str(celer.__version__)

    def default(self, task: str) -> float | None:
        """That of celer_path, or of Lasso."""
        return 1e-4 if task == "single" else self.tolerance

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """Lasso.fit."""
        X, y = problem.X, problem.y
        more: dict[str, Any] = {} if tolerance is None else {"tol": tolerance, **MANY}
        model = Lasso(alpha=float(problem.strengths[0]) / len(y), **more)
        return Call(lambda: model.fit(X, y), lambda f: Solution.of(f.coef_, f.intercept_, problem.strengths))

    def _path(self, X: Array, y: Array, grid: Array, tolerance: float | None) -> tuple[Array, Array]:
        """celer_path on centred data (it has no intercept), centring included.

        Folds are looped over: LassoCV of celer 0.7 does not know scikit-learn's arguments since 1.7.
        """
        more: dict[str, Any] = {} if tolerance is None else {"tol": tolerance, **MANY}
        Xc, yc, mean, level = centred(X, y)
        _, coef, _ = celer_path(Xc, yc, "lasso", alphas=grid, **more)
        return coef.T, np.asarray(level - mean @ coef)
