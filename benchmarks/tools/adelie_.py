"""adelie: grpnet with groups of one."""

from __future__ import annotations

from typing import Any

import adelie
import numpy as np

from benchmarks.data import Problem
from benchmarks.tools.base import Array, Job, PathTool


class Adelie(PathTool):
    """adelie at its default tolerance of 1e-7; its early exit is off, for the grid is given."""

    tolerance = 1e-7

    def version(self) -> str:
        """Version of the package."""
        return str(adelie.__version__)

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """A grid of one."""
        return self.path(problem, tolerance)

    def _path(self, X: Array, y: Array, grid: Array, tolerance: float | None) -> tuple[Any, Array]:
        """Grpnet.

        Folds are looped over: cv_grpnet draws its own folds, and its own grid.
        """
        more: dict[str, Any] = {} if tolerance is None else {"tol": tolerance, "max_iters": 10_000_000}
        state = adelie.grpnet(
            X, adelie.glm.gaussian(y), lmda_path=grid, early_exit=False, progress_bar=False, **more
        )
        return state.betas, np.asarray(state.intercepts)
