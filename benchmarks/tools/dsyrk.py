"""The reference line: one symmetric rank-k product of X, which no solver from a Gram matrix can beat."""

from __future__ import annotations

import scipy
from scipy.linalg.blas import dsyrk

from benchmarks.data import Problem
from benchmarks.tools.base import Call, Job, NotOfferedError, Tool

TALL = 1000  # rows a column, from which on the time is compared


class Dsyrk(Tool):
    """BLAS dsyrk, through SciPy."""

    descent = False

    def version(self) -> str:
        """Version of the package."""
        return f"SciPy {scipy.__version__}"

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """XᵀX in the memory order it has, nothing copied."""
        n, p = problem.X.shape
        if n < TALL * p:
            raise NotOfferedError(f"a reference only where n ≥ {TALL} p")
        if problem.X.flags.f_contiguous:
            return Call(lambda: dsyrk(1.0, problem.X, trans=1), lambda _: None)
        return Call(lambda: dsyrk(1.0, problem.X.T), lambda _: None)
