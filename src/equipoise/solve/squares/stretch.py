"""A stretch of a path on which the active set stays: coefficients and pulls, and where each meets its end.

With F the free features, σ = s∘l1 on their sides and the others resting at v, the solution at strength t is

    H w_F = X_Fᵀ(y − Xv) − tσ,    H = X_FᵀX_F + 2t·L2,    −dw_F/dt = H⁻¹(σ + 2·L2 w_F).

RᵀR = H is a Cholesky factor, or where that has lost too many digits the R of a QR of ``[X_F; √(2t·L2)]``.
It only corrects: what is left of the equation is measured, and then on the data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.solve.squares.working_set import WorkingSet

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Sides = NDArray[np.int8]

KEPT = 1e-9  # a squared pivot below this fraction of its column's has lost too many digits
CORRECTIONS = 3  # most corrections of a solution
ROOM, ROUNDINGS = 1e-9, 64.0  # a pull past its limit by a larger fraction, and more roundings, has strayed
NOISE = 1e-12  # a rate at which a slack closes is rounding below this fraction of those it is made of


class Lost(Exception):
    """The active set is not that of the path."""


class Dependent(Lost):
    """The free columns depend on each other to rounding."""


class Stretch:
    """The path while the features of ``side`` are free and the others rest.

    Parameters
    ----------
    problem : Squares
        What to solve.
    working : WorkingSet
        Its Gram matrix is used, and the free columns join it.
    moving : (p,) bool array
        Features that may leave their rest.
    side : (p,) int8 array
        Sign of each free coefficient, 0 for a resting feature.
    rest : (p,) array
        Value of each resting feature; the entries of free ones are a guess to start from.

    Attributes
    ----------
    t : float
        The present strength.
    coef, pull : (p,) arrays
        The solution there, and its pulls.
    rate, fall : (p,) arrays
        −dw/dt, and −d pull/dt.
    limits : pair of (p,) arrays
        Between what a free coefficient may move, or the pull of a resting feature divided by t.
    """

    def __init__(
        self, problem: Squares, working: WorkingSet, moving: Flags, side: Sides, rest: Array
    ) -> None:
        self.problem, self.working, self.moving, self.side = problem, working, moving, side
        self.inside: Indices = np.flatnonzero(side)
        penalty = problem.penalty
        self.sigma = side[self.inside] * penalty.finite_l1[self.inside]
        self.l2 = penalty.l2[self.inside]
        self.curved = bool(np.any(self.l2 > 0))
        self.coef = np.where(side != 0, np.where(rest * side > 0, rest, 0.0), rest)
        self.pull = self.rate = self.fall = np.zeros(0)
        self.t = np.nan
        self.r, self.by_gram = np.zeros((0, 0)), self.problem.whole
        low, high = penalty.interval(rest)
        above, below = side > 0, side < 0
        low = np.where(above, np.maximum(penalty.lower, 0.0), np.where(below, penalty.lower, low))
        high = np.where(below, np.minimum(penalty.upper, 0.0), np.where(above, penalty.upper, high))
        self.limits = low, high

    def go(self, t: float) -> None:
        """Go to the point of this stretch at strength t."""
        if self.curved or len(self.r) < len(self.inside):
            self.r, cholesky = self.factor(self.inside, t)
            self.by_gram = self.problem.whole and cholesky
        self.t = t
        problem, inside = self.problem, self.inside
        force = t * self.sigma
        size, before = 8.0 * problem.floor[inside], np.inf
        for k in range(CORRECTIONS + 1):
            self.pull = self._pull(self.coef)
            left = self.pull[inside] - force - 2.0 * t * self.l2 * self.coef[inside]
            worst = float(np.max(np.abs(left) / np.maximum(size, 1e-300), initial=0.0))
            if worst <= 1.0 or k == CORRECTIONS or not worst < 0.5 * before:
                break
            before = worst if k else np.inf
            self.coef[inside] += self.solve(left)
        force = self.sigma + 2.0 * self.l2 * self.coef[inside]
        self.rate, self.fall = np.zeros_like(self.coef), np.zeros_like(self.coef)
        self.rate[inside] = self.solve(force)
        if not np.any(force):
            return
        for k in range(2):
            self.fall = self._fall(self.rate)
            if k == 0:
                left = force - self.fall[inside] - 2.0 * t * self.l2 * self.rate[inside]
                self.rate[inside] += self.solve(left)

    def _pull(self, coef: Array) -> Array:
        """Pulls at coefficients (p,)."""
        problem = self.problem
        if self.by_gram:
            return np.asarray(problem.response_pull - self._fall(coef))
        return problem.pull(problem.view.without_mean(problem.response - self._fitted(coef)))

    def _fall(self, coef: Array) -> Array:
        """Gram matrix times coefficients (p,)."""
        if self.by_gram:
            some = np.flatnonzero(coef)
            return np.asarray(coef[some] @ self.problem.gram[some])
        return self.problem.pull(self._fitted(coef))

    def _fitted(self, coef: Array) -> Array:
        """The view times coefficients (p,), through the columns of the working set."""
        if self.problem.whole:
            return self.problem.view.predict(coef)
        members = self._join(np.flatnonzero(coef))
        fitted = self.working.columns.fitted(coef[members][None])[0]
        return self.problem.view.without_mean(fitted)

    def _join(self, features: Indices) -> Indices:
        """Take features into the working set; returns its members."""
        fresh = features[~self.working.member[features]]
        if len(fresh):
            self.working.add(fresh)
        return self.working.indices

    def factor(self, features: Indices, t: float) -> tuple[Array, bool]:
        """Upper triangular R with RᵀR = H on some of the features, and whether their Gram matrix gave it."""
        l2 = self.problem.penalty.l2[features]
        hessian = self.gram(features)
        hessian.flat[:: len(features) + 1] += 2.0 * t * l2
        diagonal = np.diagonal(hessian).copy()
        r, info = lapack.dpotrf(hessian, lower=0, overwrite_a=1) if len(features) else (hessian, 0)
        if info == 0 and np.all(np.diagonal(r) ** 2 >= KEPT * diagonal):
            return np.asarray(r), True
        columns = np.vstack([self.problem.view.columns(features), np.diag(np.sqrt(2.0 * t * l2))])
        if len(features) > len(columns):
            raise Dependent
        r = np.linalg.qr(columns, mode="r")
        if np.any(np.abs(np.diagonal(r)) <= 64.0 * EPS * np.sqrt(diagonal)):
            raise Dependent
        return np.asarray(r), False

    def gram(self, features: Indices) -> Array:
        """The Gram matrix of some features, a new array."""
        if self.problem.whole:
            return np.asfortranarray(self.problem.gram[np.ix_(features, features)])
        members = self._join(features)
        place = np.empty(len(self.side), dtype=np.intp)
        place[members] = np.arange(len(members))
        at = place[features]
        return np.asfortranarray(self.working.gram[np.ix_(at, at)])

    def solve(self, right: Array) -> Array:
        """H⁻¹ times a vector on the free features."""
        return back(self.r, right)

    def strays(self) -> bool:
        """Whether a resting feature is past its limit by more than rounding."""
        margin, _ = self.margins()
        room = ROOM * self.t * self.problem.penalty.finite_l1 + ROUNDINGS * self.problem.floor
        return bool(np.any((self.side == 0) & (margin < -room)))

    def margins(self) -> tuple[Array, Array]:
        """How far each feature is from the lower and the upper end of its stretch, and how fast that closes.

        A free coefficient grows by its rate, up to zero or a bound; the pull of a resting feature falls by
        its fall, and meets an end of its interval t·[low, high]. Both (2, p); where there is no end the
        distance is infinite, and closes at rate 0.
        """
        free, t, (low, high) = self.side != 0, self.t, self.limits
        with np.errstate(invalid="ignore"):
            down = np.where(free, self.coef - low, self.pull - t * low)
            up = np.where(free, high - self.coef, t * high - self.pull)
            closes = [
                np.where(free, -self.rate, self.fall - low),
                np.where(free, self.rate, high - self.fall),
            ]
        margin, close = np.stack([down, up]), np.stack(closes)
        penalty, norm = self.problem.penalty, self.problem.view.norm
        noise = np.where(free, 0.0, NOISE * (np.abs(self.fall) + penalty.finite_l1))
        # A coefficient that nothing holds at zero may stay there: its rate is then rounding beside others.
        loose = free & (penalty.l1 == 0) & (norm > 0)
        noise[loose] = NOISE * np.max(np.abs(self.rate) * norm, initial=0.0) / norm[loose]
        there = np.isfinite(margin) & self.moving
        return np.where(there, margin, np.inf), np.where(there & (np.abs(close) > noise), close, 0.0)


def back(factor: Array, right: Array) -> Array:
    """(RᵀR)⁻¹ times a vector."""
    if not len(right):
        return np.zeros(0)
    half, _ = lapack.dtrtrs(factor, right, lower=0, trans=1)
    out, _ = lapack.dtrtrs(factor, half, lower=0)
    return np.asarray(out)
