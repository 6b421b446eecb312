"""The columns that take part, and the intercept: predictors, pulls and Hessians of several points."""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.design._lanes import LANES
from equipoise.design.base import Columns
from equipoise.design.columns import DenseColumns
from equipoise.objective.curved import Curved
from equipoise.objective.problem import EPS
from equipoise.solve._quadratic import Quadratic
from equipoise.solve.newton.table import Table

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SHARE = 5e-10  # fraction of its limit by which a pull may exceed it
ROOM = 8.0  # roundings by which it may, whatever its limit
NOTHING = 0.01  # share of the former to which the latter is nothing


class Rows(NamedTuple):
    """What the rows say at m points.

    Attributes
    ----------
    eta, residual, curved : (m, n) arrays
        Linear predictors, and residuals and curvatures times the weights.
    pull : (m, k) array
        Pulls of the columns that take part; first the sum of the residuals, where there is an intercept.
    """

    eta: Array
    residual: Array
    curved: Array
    pull: Array

    def curved_sums(self) -> Array:
        """Sums of the curvatures, (m,); points lie beside each other, where sums along rows are slow."""
        return np.asarray(np.ones(self.curved.shape[1]) @ self.curved.T)


class Working:
    """Some columns of a problem as variables of the kernel; the first is the intercept, if there is one.

    Parameters
    ----------
    problem : Curved
        The problem.
    indices : (k,) index array
        The features that take part from the start.

    Attributes
    ----------
    lead : int
        1 with an intercept, else 0.
    table : Table or None
        The columns row by row, where compiled passes serve; the only place where they are kept then.
    norm : (lead + k,) array
        Norms of the columns, weighted.
    """

    def __init__(self, problem: Curved, indices: Indices) -> None:
        view = problem.view
        self.problem, self.indices, self.lead = problem, indices, int(view.intercept)
        self.columns: Columns = view.gather_plain(indices)
        self.table: Table | None = None
        if LANES > 1 and isinstance(self.columns, DenseColumns) and problem.kind.sides(problem.response):
            self.table = Table(problem, self.columns.array)
        self._describe()

    def _describe(self) -> None:
        lead, penalty = self.lead, self.problem.penalty.of(self.indices)
        self.l1: Array = np.concatenate([np.zeros(lead), penalty.finite_l1])
        self.l2: Array = np.concatenate([np.zeros(lead), penalty.l2])
        self.lower: Array = np.concatenate([np.full(lead, -np.inf), penalty.lower])
        self.upper: Array = np.concatenate([np.full(lead, np.inf), penalty.upper])
        whole = np.sqrt(self.problem.view.weight)
        self.norm: Array = np.concatenate([np.full(lead, whole), self.problem.view.norm[self.indices]])

    def add(self, indices: Indices) -> Columns:
        """Let more features take part; returns their columns."""
        more = self.problem.view.gather_plain(indices)
        if self.table is None:
            self.columns.extend(more)
        else:
            assert isinstance(more, DenseColumns)
            self.table.extend(more.array)
        self.indices = np.concatenate([self.indices, indices])
        self._describe()
        return more

    def narrowed(self, kept: Indices) -> Working:
        """Some of the variables, as they are in the table."""
        assert self.table is not None
        part = copy(self)
        part.indices = self.indices[kept[self.lead :] - self.lead]
        part.table = self.table.narrowed(kept)
        for name in ("l1", "l2", "lower", "upper", "norm"):
            setattr(part, name, getattr(self, name)[kept])
        return part

    def kernel(self, hessian: Array, floor: float, old: Quadratic | None = None) -> Quadratic:
        """The kernel for these variables, or an old one with those that have joined.

        ``floor`` is one rounding of a pull, per unit of norm.
        """
        variables = (hessian, self.l1, self.l2, self.lower, self.upper, floor * self.norm)
        if old is not None:
            old.grow(*variables)
            return old
        q = Quadratic(*variables)
        q.rank = self.problem.view.shape[0]
        return q

    def rows(self, coef: Array) -> Rows:
        """The rows at m points, (m, lead + k)."""
        if self.table is not None:
            return Rows(*self.table.look(coef))
        lead = self.lead
        eta = self.columns.fitted(coef[:, lead:])
        if lead:
            eta += coef[:, :1]
        if self.problem.offset is not None:
            eta += self.problem.offset
        residual, curved = self.problem.derivatives(eta)
        pull = self.columns.pull(residual)
        if lead:
            pull = np.concatenate([residual.sum(axis=1)[:, None], pull], axis=1)
        return Rows(eta, residual, curved, pull)

    def hessian(self, curved: Array, *, exact: bool = False) -> Array:
        """ZᵀSHZ for the curvatures of the rows, (n,); good for chord steps only, unless it is to be exact."""
        if self.table is not None:
            return self.table.hessian(curved, exact=exact)
        return self._bordered(self.columns, curved, self.columns.weighted_gram(curved))

    def cross(self, more: Columns, curved: Array) -> Array:
        """Its columns for other features, (lead + k, others)."""
        if self.table is not None:
            assert isinstance(more, DenseColumns)
            return self.table.cross(more.array, curved)
        return self._bordered(more, curved, self.columns.weighted_gram(curved, more))

    def _bordered(self, others: Columns, curved: Array, inner: Array) -> Array:
        if not self.lead:
            return inner
        sums = others.pull(curved[None])[0]
        if others is not self.columns:
            return np.concatenate([sums[None], inner])
        out = np.empty((len(inner) + 1,) * 2)
        out[1:, 1:] = inner
        out[0, 0], out[0, 1:], out[1:, 0] = curved.sum(), sums, sums
        return out

    def rounding(self, eta: Array, curved: Array) -> float:
        """One rounding of a pull at a point, per unit of a column's norm."""
        problem = self.problem
        terms = problem.kind.size(problem.response, eta)
        steps = np.abs(eta) if problem.offset is None else np.abs(eta) + np.abs(problem.offset)
        terms = problem.weigh(terms) + curved * steps
        root = problem.view.root
        if root is not None:
            terms = np.divide(terms, root, out=np.zeros_like(terms), where=root > 0)
        return EPS * float(np.sqrt(terms @ terms))

    def rounding_at(self, eta: Array, curved: Array, known: float, strength: float) -> float:
        """The same; or what was ``known`` before, if that is nothing beside the limits."""
        limits = NOTHING * SHARE * strength * self.l1
        if np.all((ROOM * known * self.norm < limits)[self.lead :]):
            return known
        return self.rounding(eta, curved)

    def rooms(self, floor: float) -> Array:
        """By how much a pull may be off its interval beside a share of its limit, (lead + k,)."""
        return np.asarray(ROOM * floor * self.norm)

    def loose(self, floor: float, strength: float) -> Array:
        """The same before the level is balanced: what that moves a pull by is then a share of its limit."""
        rooms, has = self.rooms(floor), self.l1 > 0
        if self.lead and has.any():
            least = float((self.l1[has] / self.norm[has]).min())
            rooms[0] = max(rooms[0], SHARE * strength * least * self.norm[0])
        return rooms
