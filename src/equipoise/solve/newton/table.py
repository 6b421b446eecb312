"""Dense columns row by row, the intercept's first: what compiled passes go through for several points."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from equipoise.design._lanes import LANES, look, scaled
from equipoise.objective.curved import Curved

Array = NDArray[np.float64]

FEW = 256  # so many columns find room at once
BLOCK = 1 << 17  # numbers of weighted rows that are formed at a time: 1 MB


class Table:
    """The columns that take part, row by row.

    Parameters
    ----------
    problem : Curved
        The problem, whose loss has sides.
    columns : (n, k) array
        The first columns.
    """

    def __init__(self, problem: Curved, columns: Array) -> None:
        rows, self._most = problem.view.shape
        sides = problem.kind.sides(problem.response)
        assert sides is not None
        self._sides, self._weights = sides, problem.weights
        self._offset = problem.offset
        if sides.shift:
            self._offset = (0.0 if self._offset is None else self._offset) - np.full(rows, sides.shift)
        self._shift = sides.shift
        lead = int(problem.view.intercept)
        self.count = lead
        self._held = np.empty((rows, self._room(lead + columns.shape[1])))
        self._held[:, :lead] = 1.0
        self.extend(columns)

    def _room(self, needed: int) -> int:
        """An odd number of eights, lest rows that are read together fall on the same lines of the cache."""
        room = max(needed, min(self._most + 1, FEW), min(self._most + 1, 2 * needed))
        return 8 * (((room + 7) // 8) | 1)

    @property
    def array(self) -> Array:
        """Ones, where there is an intercept, and the columns, (n, k)."""
        return self._held[:, : self.count]

    def extend(self, columns: Array) -> None:
        """Append other columns, (n, m)."""
        old, new = self.count, self.count + columns.shape[1]
        if new > self._held.shape[1]:
            held = np.empty((len(self._held), self._room(new)))
            held[:, :old] = self.array
            self._held = held
        self._held[:, old:new] = columns
        self.count = new

    def narrowed(self, kept: NDArray[np.intp]) -> Table:
        """Some of its columns."""
        part = copy(self)
        part.count = len(kept)
        part._held = np.empty((len(self._held), 8 * (((len(kept) + 7) // 8) | 1)))
        np.take(self.array, kept, axis=1, out=part._held[:, : part.count])
        return part

    def look(self, coef: Array) -> tuple[Array, Array, Array, Array]:
        """Linear predictors, residuals, curvatures (m, n) and pulls (m, k) of m ≤ LANES points (m, k)."""
        m, sides = len(coef), self._sides
        lanes = np.zeros((max(1, self.count), LANES))
        lanes[: self.count, :m] = coef.T
        eta, residual, curved = np.empty((3, len(self._held), LANES))
        pull = np.empty(lanes.shape)
        look(
            sides.exponential, sides.falls, sides.rises, self._held, self.count, lanes,
            self._offset, sides.gain, sides.cost, self._weights, eta, residual, curved, pull,
        )  # fmt: skip
        if self._shift:
            eta += self._shift
        return (
            eta[:, :m].T,
            residual[:, :m].T,
            curved[:, :m].T,
            np.ascontiguousarray(pull[: self.count, :m].T),
        )

    def hessian(self, curved: Array, *, exact: bool) -> Array:
        """Σ_i curved_i z_i z_iᵀ, (k, k); in single precision unless it is to be exact."""
        rows, step = len(curved), max(256, BLOCK // max(1, self.count))
        curved = np.ascontiguousarray(curved)
        most = 1.0 if exact else float(curved.max(initial=0.0)) or 1.0  # single precision has a narrow range
        if not np.isfinite(most):
            return np.full((self.count, self.count), np.nan)
        out = np.zeros((self.count, self.count))
        single = np.empty((0 if exact else min(step, rows), self.count), dtype=np.float32)
        for start in range(0, rows, step):
            some = slice(start, start + step)
            if exact:
                part = self._held[some, : self.count] * np.sqrt(curved[some])[:, None]
                out += part.T @ part
            else:
                here = single[: min(step, rows - start)]
                scaled(self._held[some], self.count, curved[some] / most, here)
                out += here.T @ here
        return out * most

    def cross(self, columns: Array, curved: Array) -> Array:
        """Σ_i curved_i z_i x_iᵀ for other columns, (k, m)."""
        return np.asarray(self.array.T @ (columns * curved[:, None]))
