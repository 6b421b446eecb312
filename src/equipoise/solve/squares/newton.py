"""More coefficients than rows: Newton's method on the dual, whose systems are as large as the rows are many.

Where every feature that can move has an l2 (unpenalised ones aside), coefficients follow from the pulls
u = Ãᵀa of a residual a,

    w_j(u_j) = sign(u_j) (|u_j| − t·l1_j)₊ / (2·t·l2_j), at most at a bound,

and a solves a + Ãw(Ãᵀa) = ỹ: the gradient, in the n entries of a, of a strongly convex function that is
quadratic between kinks. A Newton step solves on the set F of features off the kinks of the penalty,

    (X_FᵀX_F + 2tL2) δ = b,   δ = D(b − X_Fᵀ(I + X_F D X_Fᵀ)⁻¹ X_F D b),   D = (2tL2)⁻¹,

with b what is left of their pulls, and repeats that until b is rounding: iterative refinement. The pulls of
the new residual then say which features are off the kinks, and it ends where these are the same as before.
A step is cut where the dual function would rise again, which makes the method converge from everywhere, in
finitely many steps (Li, Sun & Toh, 2018, *SIAM Journal on Optimization* 28).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.design.base import Columns
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

ROUNDS = 500  # most Newton steps of a solve
TINY = 1e-250  # least tolerance, so that a column of zeros leads to no division by zero
RELATIVE = 1e-11  # fraction of its limit by which a pull may exceed it, as in the kernel
CUT = 0.5  # the dual function may rise at the end of a step by this share of its first fall
HALVINGS = 50  # most halvings of a step that is too long …
ACCURACY = 0.1  # … and what is left of that fall where a shortened step ends
CHURN = 4.0  # columns may be added and taken away by so many times what is left before the sum is renewed


class DualNewton:
    """The minimum over some columns, all with an l2, warm-started from solve to solve.

    Parameters
    ----------
    problem : Squares
        The problem that is restricted to them.
    columns : Columns
        The k columns.
    indices : (k,) index array
        Which these are.
    floor : (k,) array
        Absolute tolerance of each feature's condition.
    coef : (k,) array
        Where to start.

    Attributes
    ----------
    coef : (k,) array
        The last solution.
    """

    def __init__(
        self, problem: Squares, columns: Columns, indices: Indices, floor: Array, coef: Array
    ) -> None:
        self.problem, self.columns, self.indices, self.floor = problem, columns, indices, floor
        self.coef = coef.copy()
        held = problem.penalty.unpenalised
        self.unpenalised = np.flatnonzero(held[indices])
        self.penalty = problem.penalty.hold(held).of(indices)
        # A feature that cannot move is never off its kink, so that any number will do there.
        self.curvature = np.where(self.penalty.moving, 2.0 * self.penalty.l2, 1.0)
        rows = problem.view.shape[0]
        self._summed, self._sum, self._churn = np.zeros(len(indices), dtype=bool), np.zeros((rows, rows)), 0.0

    @staticmethod
    def suits(penalty: Penalty, member: Flags) -> bool:
        """Whether every feature that can move has an l2, or takes part and has neither penalty nor box."""
        return bool(np.all((penalty.l2 > 0) | ~penalty.moving | penalty.unpenalised & member))

    @property
    def free_count(self) -> int:
        """How many coefficients are off the kinks of their penalty."""
        return int(np.count_nonzero(self._sides(self.coef)))

    def solve(self, strength: float, reference: Array, reference_pull: Array) -> Array | None:
        """The minimum (k,) at a strength, from a reference point and its pull; None if it is not found."""
        bare = self.unpenalised
        if not len(bare):
            return self._solve(strength, reference, reference_pull)
        # The rest is solved without what the unpenalised columns can fit, which they fit then.
        columns = self.problem.centred(self.indices[bare])
        share = np.asarray(np.linalg.lstsq(columns.T, reference_pull[bare], rcond=EPS)[0], dtype=np.float64)
        others = reference.copy()
        others[bare] = self.coef[bare] = 0.0
        found = self._solve(strength, others, reference_pull - self._transposed(share))
        if found is not None:
            left = share - self.columns.fitted((found - others)[None])[0]
            found[bare] = reference[bare] + np.linalg.lstsq(columns, left, rcond=EPS)[0]
        return found

    def _solve(self, strength: float, reference: Array, reference_pull: Array) -> Array | None:
        """As :meth:`solve`, with unpenalised features at zero and what they fit taken out of all columns."""
        self.limit = strength * self.penalty.finite_l1
        self.stiffness = strength * self.curvature
        self.tolerance = RELATIVE * self.limit + self.floor + TINY
        self.reference, self.reference_pull = reference, reference_pull
        coef, side = self.coef, self._sides(self.coef)
        # Coefficients, some outside their box, that leave the residual of the present dual point; its pulls.
        point = pull = np.zeros(0)
        for step in range(ROUNDS):
            factor = self._factor(side != 0, strength)
            if factor is None:
                return None
            coef, ahead = self._solve_on(side, coef, factor)
            length = self._length(point, coef - point, pull, ahead - pull) if step else 1.0
            if length == 0.0:
                return None
            if length < 1.0:
                point, pull = point + length * (coef - point), pull + length * (ahead - pull)
            else:
                point, pull = coef, ahead
            value = self._value(pull)
            now = self._sides(value)
            if length == 1.0 and self._settled(side, coef, now, value):
                self.coef = coef
                return coef
            coef, side = np.where(now == 0, value, point), now
        return None

    def _sides(self, coef: Array) -> Array:
        """The sign of each coefficient that is off the kinks of its penalty, 0 for the others."""
        inside = (self.penalty.lower < coef) & (coef < self.penalty.upper)
        return np.sign(coef) * inside

    def _value(self, pull: Array) -> Array:
        """The coefficients at which the penalty balances pulls."""
        over = np.maximum(np.abs(pull) - self.limit, 0.0)
        return np.clip(np.sign(pull) * over / self.stiffness, self.penalty.lower, self.penalty.upper)

    def _settled(self, side: Array, coef: Array, now: Array, value: Array) -> bool:
        """Whether what is free stays so, and what rests is pulled off by no more than rounding."""
        off = np.abs(value - coef) * self.stiffness > self.tolerance
        return not np.any(np.where(side == 0, off, now != side))

    def _pull(self, coef: Array) -> Array:
        """The pulls at some coefficients."""
        return self.reference_pull - self._transposed(self._fitted(coef - self.reference))

    def _fitted(self, coef: Array) -> Array:
        # A rounded mean leaves something of the intercept in a column that is far from zero.
        fitted = self.problem.view.without_mean(self.columns.fitted(coef[None])[0])
        return self.problem.without_unpenalised(fitted)

    def _transposed(self, vector: Array) -> Array:
        return np.asarray(self.columns.pull(vector[None])[0])

    def _solve_on(self, side: Array, coef: Array, factor: Array) -> tuple[Array, Array]:
        """The coefficients in balance on the free features alone, and the pulls there, from some others."""
        free = side != 0
        before = np.inf
        while True:
            pull = self._pull(coef)
            balanced = side * self.limit + self.stiffness * coef
            left = np.where(free, pull - balanced, 0.0)
            worst = float(np.max(np.abs(left) / self.tolerance, initial=0.0))
            if worst <= 1.0 or not worst < 0.5 * before:
                # The balanced pull of a free coefficient tells its sign without rounding.
                return coef, np.where(free, balanced, pull)
            before = worst
            dual = lapack.dpotrs(factor, self._fitted(left / self.stiffness), lower=1)[0]
            coef = coef + np.where(free, left - self._transposed(dual), 0.0) / self.stiffness

    def _length(self, point: Array, step: Array, pull: Array, change: Array) -> float:
        """How much of a step to make: up to where the dual function is least; 0 if rounding hides it."""

        def slope(length: float) -> float:
            value = self._value(pull + length * change)
            return float(change @ (value - point - length * step))

        first = abs(slope(0.0))
        if slope(1.0) <= CUT * first:
            return 1.0
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            rise = slope(middle)
            if abs(rise) <= ACCURACY * first:
                return middle
            low, high = (low, middle) if rise > 0 else (middle, high)
        return 0.0

    def _factor(self, free: Flags, strength: float) -> Array | None:
        """The Cholesky factor of I + X_F D X_Fᵀ; None where rounding allows none."""
        changed = self._summed != free
        if 2 * np.count_nonzero(changed) > np.count_nonzero(free):
            self._renew(free)
        elif changed.any():
            for some, sign in ((free & changed, 1.0), (self._summed & changed, -1.0)):
                if some.any():
                    part = self._products(some)
                    self._sum += sign * part
                    self._churn += float(np.trace(part))
            self._summed = free
            if self._churn > CHURN * np.trace(self._sum):
                self._renew(free)
        system = self._sum / strength
        system.flat[:: len(system) + 1] += 1.0
        factor, failed = lapack.dpotrf(system, lower=1, overwrite_a=1)
        return None if failed else factor

    def _renew(self, free: Flags) -> None:
        self._summed, self._sum, self._churn = free, self._products(free), 0.0

    def _products(self, some: Flags) -> Array:
        """Σ x_j x_jᵀ/(2·l2_j) over some features, (n, n)."""
        columns = self.problem.centred(self.indices[some]) / np.sqrt(self.curvature[some])
        basis = self.problem.unpenalised_basis
        if basis is not None:
            columns -= basis @ (basis.T @ columns)
        return columns @ columns.T
