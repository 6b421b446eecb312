"""The strength of one change of the active set, to the last digits, and how accurate it is.

With F the free features but j, β the coefficients of x_j regressed on them, ``Hβ = X_Fᵀx_j``, and γ = (1, −β)
on (j, F), feature j changes where w_j = 0 and

    φ(t) = γᵀ(X_{jF}ᵀ r − tσ − 2t·L2 w) = zᵀr − t·γᵀσ − 2t·γᵀL2w = 0,    z = x_j − X_Fβ,    r = y − Xw.

As γ is orthogonal to the equations of F, an error of w counts only times one of β: both may be those of
float64 as long as φ is formed exactly. Its derivative is −γᵀ(σ + 2·L2w).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from equipoise.design.standardized import FAR
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.solve.squares.crossing import blurred
from equipoise.solve.squares.stretch import Stretch, back
from equipoise.solve.squares.twofold import cut, dot, times, two_product, two_sum

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Solver = Callable[[Array], Array]

SHARP = 1e-10  # accuracy with which a strength that stands alone is left
ENOUGH = 1e-12  # no strength is looked for to more than this
ROUNDS = 8  # most corrections of a strength
WORST = 1.0  # the accuracy of a strength of which no digit is known


def locate(
    stretch: Stretch, columns: ExactColumns, j: int, up: int, strength: float, sharp: float = SHARP
) -> tuple[float, float]:
    """Strength at which feature j enters or leaves, and its relative accuracy.

    Parameters
    ----------
    stretch : Stretch
        At a point near the change.
    columns : ExactColumns
        The columns of the same problem.
    j : int
        The feature: a free one whose coefficient reaches zero, or one whose pull reaches its limit.
    up : int
        1 if it meets the upper end of its stretch, 0 if the lower one.
    strength : float
        Where it changes by the rates at the point of the stretch.
    sharp : float
        The strength is found anew where rounding may have moved it by more than this fraction.
    """
    problem, penalty = stretch.problem, stretch.problem.penalty
    inside, leaves = stretch.inside, stretch.side[j] != 0
    others = inside[inside != j] if leaves else inside
    limit = float(stretch.side[j] * penalty.finite_l1[j] if leaves else stretch.limits[up][j])
    solve = _without(stretch, int(np.searchsorted(inside, j))) if leaves else stretch.solve
    column = stretch.gram(np.append(others, j))[:-1, -1]
    beta = solve(column)
    fall = stretch.t - strength
    coef = stretch.coef + fall * stretch.rate
    sigma = stretch.side[others] * penalty.finite_l1[others]
    slope = limit - float(beta @ (sigma + 2.0 * penalty.l2[others] * coef[others]))
    norm = columns.norm
    size = problem.total**0.5 + float(norm @ (np.abs(coef) + np.abs(fall * stretch.rate)))
    weight = norm[j] + float(np.abs(beta) @ norm[others])
    blur = blurred(size * weight, strength * slope)
    if blur <= sharp:
        return strength, blur
    if leaves:  # where columns nearly depend on each other the detour would cost too many digits
        factor, _ = stretch.factor(others, strength)
        solve = partial(back, factor)
    found, accuracy = _Sharpening(stretch, columns, j, others, coef).find(solve, column, limit, strength)
    return (found, accuracy) if accuracy < blur else (strength, min(blur, WORST))


def _without(stretch: Stretch, i: int) -> Solver:
    """H⁻¹ on the free features but the i-th: H⁻¹ on all of them, less what would move that one."""
    unit = np.zeros(len(stretch.inside))
    unit[i] = 1.0
    column = stretch.solve(unit)

    def solve(right: Array) -> Array:
        whole = stretch.solve(np.insert(right, i, 0.0))
        return np.delete(whole - column * (whole[i] / column[i]), i)

    return solve


class _Sharpening:
    """What is left of φ at a strength, measured on the data in twice the digits of float64."""

    def __init__(self, stretch: Stretch, columns: ExactColumns, j: int, others: Indices, coef: Array) -> None:
        problem = self.problem = stretch.problem
        resting = np.flatnonzero((stretch.side == 0) & (coef != 0))
        resting = resting[resting != j]
        k = self.k = len(others)
        self.high, self.low = columns.of(np.concatenate([others, [j], resting]))
        self.slices = cut(self.high, self.high.shape[1])
        self.coef = np.concatenate([coef[others], [0.0], coef[resting]])
        self.sigma = stretch.side[others] * problem.penalty.finite_l1[others]
        self.l2 = problem.penalty.l2[others]
        self.beta = np.zeros(k + 1 + len(resting))
        self.beta[k] = 1.0

    def find(self, solve: Solver, column: Array, limit: float, t: float) -> tuple[float, float]:
        """Strength and accuracy, given H⁻¹ near t and X_Fᵀx_j."""
        problem, k, accuracy = self.problem, self.k, np.inf
        best = t
        size = problem.total**0.5
        # A coefficient vector c stands for x_j + X_F c with c = −β.
        self.beta[:k] = -solve(column)
        for _ in range(ROUNDS):
            w, gamma = self.coef[:k], self.beta[:k]
            fitted = self._times(self.coef)
            r = two_sum(problem.response, -fitted[0])
            r = r[0], r[1] - fitted[1]
            z = self._times(self.beta)
            mean = (z[0] + z[1]) - problem.view.without_mean(z[0] + z[1])
            z = two_sum(z[0], z[1] - mean)
            residual = problem.view.without_mean(r[0] + r[1])
            left = self.high[:, :k].T @ residual - t * (self.sigma + 2.0 * self.l2 * w)
            wrong = -(self.high[:, :k].T @ (z[0] + z[1])) - 2.0 * t * self.l2 * gamma
            ridge = two_product(self.l2, w)
            force = dot(np.append(gamma, 1.0), np.append(self.sigma, limit))
            bent = dot(gamma, ridge[0]) + float(gamma @ ridge[1])
            slope = force + 2.0 * bent
            pull = dot(z[0], r[0]) + float(z[0] @ r[1] + z[1] @ r[0])
            if slope == 0.0 or t == 0.0:  # there is no relative error of a strength of 0
                break
            step = _residue(pull, t, force, bent) / slope
            turned = solve(wrong)
            doubt = float(np.abs(turned) @ np.abs(left)) + 2.0 * EPS * float(np.linalg.norm(z[0])) * size
            error = abs(step) / t + doubt / (t * abs(slope)) + 4.0 * EPS
            if not np.isfinite(error) or not t + step > 0:
                break
            if error < accuracy:
                accuracy, best = error, t + step
            elif error < SHARP:
                break
            if error < ENOUGH:
                break
            self.coef[:k] += solve(left - step * (self.sigma + 2.0 * self.l2 * w))
            self.beta[:k] += turned
            t += step
        return best, accuracy

    def _times(self, coef: Array) -> tuple[Array, Array]:
        high, low = times(self.slices, coef)
        return two_sum(high, low + self.low @ coef)


def _residue(pull: float, t: float, force: float, bent: float) -> float:
    """Pull − t·force − 2t·bent, its products without rounding."""
    return -dot(np.array([t, 2.0 * t, -1.0]), np.array([force, bent, pull]))


class ExactColumns:
    """The view's columns to twice the digits of float64, as high and low parts; kept once they are formed."""

    def __init__(self, problem: Squares) -> None:
        rows, p = problem.view.shape
        self.problem = problem
        self.place = np.full(p, -1)
        # A column near zero is not centred before it is multiplied: its mean adds to the rounding.
        view, self.norm = problem.view, problem.view.norm
        if view.intercept:
            mean = view.weight**0.5 * np.abs(view.mean) / view.scale
            self.norm = np.hypot(view.norm, np.minimum(mean, FAR * view.norm))
        self.count = 0
        self.high, self.low = np.zeros((2, rows, 0))

    def of(self, indices: Indices) -> tuple[Array, Array]:
        """The high and the low part of some columns, each (n, k)."""
        fresh = indices[self.place[indices] < 0]
        if len(fresh):
            if self.count + len(fresh) > self.high.shape[1]:
                room = np.empty((len(self.high), self.count + 2 * len(fresh)), order="F")
                self.high, self.low = (self._moved(part, room) for part in (self.high, self.low))
            new = slice(self.count, self.count + len(fresh))
            self.high[:, new], self.low[:, new] = self._form(fresh)
            self.place[fresh] = np.arange(new.start, new.stop)
            self.count = new.stop
        at = self.place[indices]
        return self.high.T[at].T, self.low.T[at].T

    def _moved(self, part: Array, room: Array) -> Array:
        room = np.empty_like(room)
        room[:, : self.count] = part[:, : self.count]
        return room

    def _form(self, indices: Indices) -> tuple[Array, Array]:
        view = self.problem.view
        high = view.design.columns(indices, None)
        low = np.zeros_like(high)
        if view.intercept:
            high, low = two_sum(high, -view.mean[indices])
        if view.root is not None:
            root = view.root[:, None]
            product, error = two_product(root, high)
            high, low = product, root * low + error
        factor = np.where(view.norm[indices] == 0, 0.0, 1.0 / view.scale[indices])
        return high * factor, low * factor
