"""skglm: the path of its coordinate descent with working sets and Anderson acceleration."""

from __future__ import annotations

from typing import Any

import numpy as np
import skglm
from skglm import Lasso
from skglm.datafits import Quadratic
from skglm.penalties import L1
from skglm.solvers import AndersonCD

from benchmarks.data import Problem
from benchmarks.tools.base import Array, Call, Job, PathTool, Solution

MANY = {"max_iter": 1000, "max_epochs": 10_000_000}  # where the tolerance is not the default


class Skglm(PathTool):
    """skglm at its default tolerance of 1e-4, on the violation ÷ n."""

    tolerance = 1e-4
    compiles = True

    def version(self) -> str:
        """Version of the package."""
        return str(skglm.__version__)

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """Lasso.fit."""
        X, y = problem.X, problem.y
        more: dict[str, Any] = {} if tolerance is None else {"tol": tolerance, **MANY}
        model = Lasso(alpha=float(problem.strengths[0]) / len(y), **more)
        return Call(lambda: model.fit(X, y), lambda f: Solution.of(f.coef_, f.intercept_, problem.strengths))

    def _path(self, X: Array, y: Array, grid: Array, tolerance: float | None) -> tuple[Array, Array]:
        """AndersonCD.path, which is what Lasso.path calls, with an intercept.

        Folds are looped over: GeneralizedLinearEstimatorCV draws its own folds.
        """
        more: dict[str, Any] = {} if tolerance is None else {"tol": tolerance, **MANY}
        solver = AndersonCD(fit_intercept=True, **more)
        _, found, _ = solver.path(X, y, Quadratic(), L1(1.0), grid)
        return found[:-1].T, np.asarray(found[-1])
