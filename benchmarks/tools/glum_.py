"""glum: the path search of its regressor."""

from __future__ import annotations

from typing import Any

import glum
import numpy as np

from benchmarks.data import Problem
from benchmarks.tools.base import Call, Job, Solution, Tool


class Glum(Tool):
    """glum (irls-cd) at its default gradient tolerance of 1e-4."""

    tolerance = 1e-4

    def version(self) -> str:
        """Version of the package."""
        return str(glum.__version__)

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """alpha_search over the grid."""
        X, y, n = problem.X, problem.y, len(problem.y)
        model = glum.GeneralizedLinearRegressor(
            family="normal",
            l1_ratio=1,
            alpha_search=True,
            alphas=problem.strengths / n,
            **self._more(tolerance),
        )
        return Call(
            lambda: model.fit(X, y),
            lambda f: Solution.of(np.asarray(f.coef_path_), f.intercept_path_, problem.strengths),
        )

    def cross_validate(self, problem: Problem, tolerance: float | None) -> Job:
        """GeneralizedLinearRegressorCV with the same folds."""
        X, y, n = problem.X, problem.y, len(problem.y)
        model = glum.GeneralizedLinearRegressorCV(
            family="normal",
            l1_ratio=1,
            alphas=problem.strengths / n,
            cv=problem.splits,
            **self._more(tolerance),
        )

        def read(found: Any) -> Solution:
            curve = np.asarray(found.deviance_path_).reshape(-1, len(problem.strengths)).mean(axis=0)
            return Solution.of(found.coef_, found.intercept_, n * found.alpha_, curve=curve)

        return Call(lambda: model.fit(X, y), read)

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """One fit."""
        X, y, n = problem.X, problem.y, len(problem.y)
        model = glum.GeneralizedLinearRegressor(
            family="normal", l1_ratio=1, alpha=float(problem.strengths[0]) / n, **self._more(tolerance)
        )
        return Call(lambda: model.fit(X, y), lambda f: Solution.of(f.coef_, f.intercept_, problem.strengths))

    @staticmethod
    def _more(tolerance: float | None) -> dict[str, Any]:
        if tolerance is None:
            return {}
        return {"gradient_tol": tolerance, "max_iter": 10_000, "max_inner_iter": 10_000_000}
