"""Two newcomers written in Rust: glmnet-rs and skein-glm."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np

from benchmarks.data import Problem
from benchmarks.tools.base import Call, Job, Solution, Tool


class GlmnetRs(Tool):
    """glmnet-rs at glmnet's default threshold of 1e-7."""

    tolerance = 1e-7

    def __init__(self) -> None:
        import glmnetrs
        import glmnetrs.sklearn

        self._package = glmnetrs

    def version(self) -> str:
        """Version of the package."""
        return version("glmnet-rs")

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """The function glmnet, down the grid."""
        more = {} if tolerance is None else {"thresh": tolerance, "maxit": 100_000_000}
        grid = problem.strengths / len(problem.y)
        return Call(
            lambda: self._package.glmnet(problem.X, problem.y, lambda_=grid, standardize=False, **more),
            lambda f: Solution.of(np.asarray(f.beta).T, f.a0, problem.strengths[: len(f.a0)]),
        )

    def cross_validate(self, problem: Problem, tolerance: float | None) -> Job:
        """cv_glmnet with the same folds."""
        more: dict[str, Any] = {} if tolerance is None else {"thresh": tolerance, "maxit": 100_000_000}
        n = len(problem.y)
        more |= {"lambda_": problem.strengths / n, "standardize": False, "foldid": problem.fold}

        def read(found: Any) -> Solution:
            best = int(np.argmin(found.cvm))
            path = found.glmnet_fit
            return Solution.of(
                np.asarray(path.beta)[:, best],
                path.a0[best],
                problem.strengths[best],
                curve=np.asarray(found.cvm),
            )

        return Call(lambda: self._package.cv_glmnet(problem.X, problem.y, **more), read)

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """Its face for scikit-learn, Lasso.fit."""
        more = {} if tolerance is None else {"tol": tolerance}
        model = self._package.sklearn.Lasso(alpha=float(problem.strengths[0]) / len(problem.y), **more)
        return Call(
            lambda: model.fit(problem.X, problem.y),
            lambda f: Solution.of(f.coef_, f.intercept_, problem.strengths),
        )


class Skein(Tool):
    """skein-glm at its default tolerance of 1e-6; its paths take minutes and are not asked for."""

    tolerance = 1e-6

    def __init__(self) -> None:
        import skein_glm

        self._package = skein_glm

    def version(self) -> str:
        """Version of the package."""
        return version("skein-glm")

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """ElasticNetRegressor at alpha 1."""
        more = {} if tolerance is None else {"tol": tolerance, "max_iter": 1_000_000}
        model = self._package.ElasticNetRegressor(
            float(problem.strengths[0]) / len(problem.y), alpha=1.0, **more
        )
        return Call(
            lambda: model.fit(problem.X, problem.y),
            lambda f: Solution.of(f.coef_, f.intercept_, problem.strengths),
        )
