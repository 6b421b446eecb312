"""The columns that take part: their Gram matrix, and the kernel that solves on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.problem import Problem
from equipoise.solve._quadratic import Quadratic

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# The kernel's absolute tolerance, in roundings of a pull; a quarter of what a certificate grants.
KERNEL_ROUNDINGS = 16.0


class WorkingSet:
    """A growing set of columns with the exact solution of the problem restricted to them.

    Parameters
    ----------
    problem : Problem
        All columns take part from the start if it holds the whole Gram matrix, else none.

    Attributes
    ----------
    indices : (k,) index array
        The columns, in their order of entry.
    columns : (n, capacity) array
        They themselves; where all take part there is no copy of them.
    gram : (capacity, capacity) array
        Their Gram matrix.
    start : (k,) array
        Their pulls at the response.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        p = problem.view.shape[1]
        self.member = np.zeros(p, dtype=bool)
        self.indices: Indices = np.zeros(0, dtype=np.intp)
        self.columns: Array = np.zeros((problem.view.shape[0], 0), order="F")
        self.gram: Array = np.zeros((0, 0))
        self.start: Array = np.zeros(0)
        self._kernel: Quadratic | None = None
        if problem.whole:
            self.indices, self.gram = np.arange(p), problem.gram
            self.member[:] = True
            self._start_kernel()

    @property
    def kernel(self) -> Quadratic:
        """The kernel on the present columns."""
        if self._kernel is None:
            self._start_kernel()
        assert self._kernel is not None
        return self._kernel

    def _start_kernel(self) -> None:
        penalty, floor = self.problem.penalty, self.problem.floor
        i = self.indices
        l1 = np.where(np.isinf(penalty.l1[i]), 0.0, penalty.l1[i])
        arrays = (l1, penalty.l2[i], penalty.lower[i], penalty.upper[i], KERNEL_ROUNDINGS * floor[i])
        if self._kernel is None:
            self._kernel = Quadratic(self.gram, *arrays)
            view = self.problem.view
            self._kernel.rank = max(view.shape[0] - view.intercept, 1)
        else:
            self._kernel.grow(self.gram, *arrays)

    def add(self, indices: Indices) -> None:
        """Take more columns in (none of them a member yet)."""
        old, new = len(self.indices), len(self.indices) + len(indices)
        if new > self.columns.shape[1]:
            capacity = max(new, 2 * old, 32)
            columns = np.empty((len(self.columns), capacity), order="F")
            columns[:, :old] = self.columns[:, :old]
            gram = np.zeros((capacity, capacity))
            gram[:old, :old] = self.gram[:old, :old]
            self.columns, self.gram = columns, gram
        self.columns[:, old:new] = self.problem.view.columns(indices)
        block = self.columns[:, :new].T @ self.columns[:, old:new]
        self.gram[:new, old:new] = block
        self.gram[old:new, :new] = block.T
        self.gram[old:new, old:new] = 0.5 * (block[old:] + block[old:].T)
        self.start = np.concatenate([self.start, self.problem.response @ self.columns[:, old:new]])
        self.indices = np.concatenate([self.indices, indices])
        self.member[indices] = True
        self._start_kernel()

    def solve(self, strength: float, coef: Array, pull: Array) -> Array:
        """Solve at one strength, given the pull (p,) at reference coefficients (p,); return those found."""
        i = self.indices
        self.kernel.solve(coef[i], pull[i], strength)
        out = self.problem.penalty.null
        out[i] = self.kernel.coef
        return out
