"""The columns that a solve is restricted to: their Gram matrix, and the kernel on it."""

from __future__ import annotations

from copy import copy
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from equipoise.design.base import Columns
from equipoise.design.columns import ROOM, DenseColumns
from equipoise.objective.squares import Squares
from equipoise.solve._quadratic import Quadratic
from equipoise.solve.squares.newton import DualNewton

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# The kernel's absolute tolerance, in roundings of a pull; a quarter of what a certificate grants.
KERNEL_ROUNDINGS = 16.0
# So many coefficients per row off zero make systems as large as the rows cheaper than the kernel's.
CROWDED = 2


class WorkingSet:
    """A growing set of columns with the exact solution of the problem restricted to them.

    Parameters
    ----------
    problem : Squares
        All columns take part from the start if it holds the whole Gram matrix, else none.

    Attributes
    ----------
    member : (p,) bool array
        Which columns of the view take part.
    indices : (k,) index array
        Their indices, in their order of entry.
    columns : Columns
        The columns themselves; empty where all of them take part.
    gram : (capacity, capacity) array
        Their Gram matrix, in its leading k × k block.
    start : (k,) array
        Their pulls of the response; empty where all take part, which have ``problem.response_pull``.
    """

    def __init__(self, problem: Squares) -> None:
        self.problem = problem
        rows, p = problem.view.shape
        self.member = np.zeros(p, dtype=bool)
        self.indices: Indices = np.zeros(0, dtype=np.intp)
        self.columns: Columns = DenseColumns(np.zeros((rows, 0), order="F"), p)
        self.gram: Array = np.zeros((0, 0))
        self.start: Array = np.zeros(0)
        self._kernel: Quadratic | None = None
        self._newton: DualNewton | None = None
        if problem.whole:
            self.indices, self.gram = np.arange(p), problem.gram
            self.member[:] = True
            self._start_kernel(slice(None))
        else:
            self.columns = problem.view.gather(self.indices)

    def under(self, problem: Squares) -> WorkingSet:
        """The same columns for a problem with another penalty; from then on they serve that one alone."""
        other = copy(self)
        vars(other).pop("_terms", None)
        other.problem, other._kernel, other._newton = problem, None, None
        other.member = self.member.copy()
        return other

    def begin(self, coef: Array) -> None:
        """Start the kernel on the features that are off zero and inside their box at ``coef`` (p,).

        Where these depend on each other it starts at the null model, as it does by itself.
        """
        self._newton = None
        penalty, i = self.problem.penalty, self.indices
        inside = (coef[i] != 0) & (penalty.lower[i] < coef[i]) & (coef[i] < penalty.upper[i])
        free = np.flatnonzero(inside)
        sign = np.where(penalty.kinked, np.sign(coef), np.where(penalty.upper <= 0, -1.0, 1.0))
        sign[penalty.l1 == 0] = 1.0
        nothing = np.zeros(len(i))
        if not self.kernel.hold(nothing, free, sign[i[free]].astype(np.int8)):
            self.kernel.hold(nothing, free[:0], np.zeros(0, dtype=np.int8))

    @property
    def kernel(self) -> Quadratic:
        """The kernel on the present columns."""
        if self._kernel is None:
            self._start_kernel(self.indices)
        assert self._kernel is not None
        return self._kernel

    @cached_property
    def _terms(self) -> tuple[Array, ...]:
        """The arrays that the kernel takes beside the Gram matrix, for all p columns."""
        penalty = self.problem.penalty
        floor = KERNEL_ROUNDINGS * self.problem.floor
        return penalty.finite_l1, penalty.l2, penalty.lower, penalty.upper, floor

    def _start_kernel(self, members: Indices | slice) -> None:
        terms = [term[members] for term in self._terms]
        if self._kernel is None:
            self._kernel = Quadratic(self.gram, *terms)
            rows, columns = self.problem.view.shape
            self._kernel.rank = max(rows - self.problem.view.intercept, 1)
            self._kernel.room = min(rows, columns, ROOM)
        else:
            self._kernel.grow(self.gram, *terms)

    def add(self, indices: Indices) -> None:
        """Take more columns in; none of them may be a member yet."""
        old, new = len(self.indices), len(self.indices) + len(indices)
        if new > len(self.gram):
            rows, p = self.problem.view.shape
            capacity = max(new, min(p, 2 * rows, ROOM), min(p, old + old // 2))
            gram = np.zeros((capacity, capacity))
            gram[:old, :old] = self.gram[:old, :old]
            self.gram = gram
        fresh = self.problem.view.gather(indices)
        self.start = np.concatenate([self.start, fresh.pull(self.problem.response[None])[0]])
        self.columns.extend(fresh)
        block = fresh.gram(self.columns)
        self.gram[old:new, :new] = block
        self.gram[:old, old:new] = block[:, :old].T
        self.indices = np.concatenate([self.indices, indices])
        self.member[indices] = True
        self._start_kernel(self.indices)

    def products(self, feature: int, others: Indices) -> Array:
        """Inner products of the column of one member and those of others."""
        at = np.empty(len(self.member), dtype=np.intp)
        at[self.indices] = np.arange(len(self.indices))
        return np.asarray(self.gram[at[feature], at[others]])

    def residual(self, coef: Array) -> Array:
        """ỹ − Ã coef for coefficients (p,) of this set."""
        problem = self.problem
        if problem.whole or not problem.null_is_zero:
            return problem.residual(coef)
        there = coef[self.indices]
        inside = np.flatnonzero(there)
        if 4 * len(inside) < len(there):
            fitted = self.columns.fitted(there[inside][None], inside)[0]
        else:
            fitted = self.columns.fitted(there[None])[0]
        # A rounded mean leaves something of the intercept in a column that is far from zero.
        return problem.view.without_mean(problem.response - fitted)

    @property
    def free_count(self) -> int:
        """How many coefficients are off the kinks of their penalty."""
        return self.kernel.free_count if self._newton is None else self._newton.free_count

    def solve(self, strength: float, coef: Array, pull: Array) -> Array:
        """Coefficients (p,) at a strength, given reference coefficients (p,) and the pull (p,) there."""
        i = self.indices
        out = self.problem.penalty.null.copy()
        out[i] = self.restricted(strength, coef[i], pull[i])
        return out

    def restricted(self, strength: float, coef: Array, pull: Array) -> Array:
        """The same for the coefficients and pulls of its own columns alone, (k,)."""
        newton = self._dual_newton() if strength > 0 else None
        found = None if newton is None else newton.solve(strength, coef, pull)
        if found is None:
            self.kernel.solve(coef, pull, strength)
            found = self.kernel.coef
            if newton is not None:
                newton.coef = found.copy()
        return found

    def path(self, strengths: Array) -> Array | None:
        """Coefficients (m, k) at positive strengths, of its own columns alone; None where that takes long."""
        coef = np.empty((len(strengths), len(self.indices)))
        newton = self._dual_newton()
        if newton is None:
            self.kernel.path(self.start, strengths, coef, np.empty(len(strengths), dtype=np.intc))
            return coef
        nothing = np.zeros(len(self.indices))
        for row, strength in zip(coef, map(float, strengths), strict=True):
            found = newton.solve(strength, nothing, self.start)
            if found is None:
                return None
            row[:] = found
        return coef

    def _dual_newton(self) -> DualNewton | None:
        """Newton's method on the present columns, once more coefficients than rows are off zero."""
        known = self._newton
        if known is not None and len(known.indices) == len(self.indices):
            return known
        problem = self.problem
        if known is None:
            few = problem.whole or self.kernel.free_count <= CROWDED * problem.view.shape[0]
            if few or not DualNewton.suits(problem.penalty, self.member):
                return None
        coef = problem.penalty.null[self.indices]
        old = self.kernel.coef if known is None else known.coef
        coef[: len(old)] = old
        floor = KERNEL_ROUNDINGS * problem.floor[self.indices]
        self._newton = DualNewton(problem, self.columns, self.indices, floor, coef)
        return self._newton
