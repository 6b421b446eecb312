"""scikit-learn: lasso_path, LassoCV, Lasso."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn
from sklearn.linear_model import Lasso, LassoCV, lasso_path

from benchmarks.data import Array, Problem
from benchmarks.tools.base import Call, Job, Solution, Tool

MANY = 10_000_000  # iterations where the tolerance is not the default


def centred(X: Array, y: Array) -> tuple[Array, Array, Array, float]:
    """Xc, yc and the means: functions without an intercept are handed these, and it is part of their time."""
    mean = X.mean(axis=0)
    return X - mean, y - y.mean(), mean, float(y.mean())


class ScikitLearn(Tool):
    """scikit-learn at its default tolerance of 1e-4."""

    tolerance = 1e-4

    def version(self) -> str:
        """Version of the package."""
        return str(sklearn.__version__)

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """lasso_path on centred data (it has no intercept), centring included."""
        X, y, n = problem.X, problem.y, len(problem.y)
        more = {} if tolerance is None else {"tol": tolerance, "max_iter": MANY}

        def call() -> Any:
            Xc, yc, mean, level = centred(X, y)
            _, coef, _ = lasso_path(Xc, yc, alphas=problem.strengths / n, copy_X=False, **more)
            return coef.T, level - mean @ coef

        return Call(call, lambda found: Solution.of(found[0], found[1], problem.strengths))

    def cross_validate(self, problem: Problem, tolerance: float | None) -> Job:
        """LassoCV with the same folds."""
        X, y, n = problem.X, problem.y, len(problem.y)
        more = {} if tolerance is None else {"tol": tolerance, "max_iter": MANY}
        model = LassoCV(alphas=problem.strengths / n, cv=problem.splits, **more)
        return Call(lambda: model.fit(X, y), lambda found: read_cv(found, n))

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """Lasso.fit."""
        X, y, n = problem.X, problem.y, len(problem.y)
        more = {} if tolerance is None else {"tol": tolerance, "max_iter": MANY}
        model = Lasso(alpha=float(problem.strengths[0]) / n, **more)
        return Call(lambda: model.fit(X, y), lambda f: Solution.of(f.coef_, f.intercept_, problem.strengths))


def read_cv(model: Any, n: int) -> Solution:
    """What a model like LassoCV found."""
    curve = np.asarray(model.mse_path_.mean(axis=-1))
    return Solution.of(model.coef_, model.intercept_, n * model.alpha_, curve=curve)
