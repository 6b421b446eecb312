"""adelie: grpnet with groups of one."""

from __future__ import annotations

from typing import Any

import adelie
import numpy as np

from benchmarks.data import Problem
from benchmarks.tools.base import OWN_LOOP, Array, Call, Job, Solution, Tool, by_own_loop


class Adelie(Tool):
    """adelie at its default tolerance of 1e-7; its early exit is off, for the grid is given."""

    tolerance = 1e-7

    def version(self) -> str:
        """Version of the package."""
        return str(adelie.__version__)

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """One grpnet down the grid."""
        grid = problem.strengths / len(problem.y)
        return Call(
            lambda: self._path(problem.X, problem.y, grid, tolerance),
            lambda found: Solution.of(found[0], found[1], problem.strengths[: len(found[1])]),
        )

    def cross_validate(self, problem: Problem, tolerance: float | None) -> Job:
        """A loop over the folds: cv_grpnet draws its own, and its own grid."""
        grid = problem.strengths / len(problem.y)
        return Call(
            lambda: by_own_loop(problem, lambda X, y: self._path(X, y, grid, tolerance), grid),
            lambda found: Solution.of(
                found[1], found[2], problem.strengths[found[3]], curve=found[0], notes=[OWN_LOOP]
            ),
        )

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """A grid of one."""
        return self.path(problem, tolerance)

    @staticmethod
    def _path(X: Array, y: Array, grid: Array, tolerance: float | None) -> tuple[Any, Array]:
        more: dict[str, Any] = {} if tolerance is None else {"tol": tolerance, "max_iters": 10_000_000}
        state = adelie.grpnet(
            X, adelie.glm.gaussian(y), lmda_path=grid, early_exit=False, progress_bar=False, **more
        )
        return state.betas, np.asarray(state.intercepts)
