"""Balancing several strengths at once on one Hessian: chord steps, each corrected by the last move."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.solve._quadratic import Quadratic
from equipoise.solve.newton.working import SHARE, Rows, Working

Array = NDArray[np.float64]

REFRESH = (4, 8, 12)  # rounds after which a chunk may get another Hessian …
RATE = 0.03  # … if the worst violation did not fall below this share of itself
LESS = 0.5  # a rounding below this share of the one at the start is one to go on with
NEAR = 1e-9  # change of the level within which residuals change in proportion, but for their rounding
LIMIT = 20  # rounds after which a chunk is too long
FEWER = 0.6  # share of the points below which only those are looked at that still have to move
PATIENCE, STALLED = 9, 0.7  # … or fewer, if no violation falls below this share of itself


@dataclass
class Lanes:
    """Points at m strengths, and their rows.

    Attributes
    ----------
    coef : (m, k) array
        Coefficients of the columns that take part, the intercept's level first.
    rows : Rows
        What the rows say there.
    hessian : (k, k) array
        ZᵀSHZ somewhere near the last point.
    rounds : int
        How many rounds they took.
    floor : float
        One rounding of a pull at the last point, per unit of norm.
    kept : (l,) index array or None
        The variables that were looked at, if not all: then the Hessian is theirs.
    """

    coef: Array
    rows: Rows
    hessian: Array
    rounds: int
    floor: float
    kept: NDArray[np.intp] | None = None

    def widened(self, kept: NDArray[np.intp], count: int) -> Lanes:
        """The same for so many variables, of which these are those of some."""
        coef = np.zeros((len(self.coef), count))
        coef[:, kept] = self.coef
        return replace(self, coef=coef, kept=kept)


def balance(
    working: Working,
    q: Quadratic,
    strengths: Array,
    coef: Array,
    hessian: Array,
    curved: float,
    floor: float,
) -> Lanes | None:
    """Balance points from predictions on, (m, k); None where they do not settle.

    Parameters
    ----------
    working : Working
        The columns.
    q : Quadratic
        The kernel for them.
    strengths : (m,) array
        Descending.
    coef : (m, k) array
        The predictions; overwritten.
    hessian, curved : (k, k) array and float
        The Hessian at the start of the chunk, and the sum of the curvatures of its rows.
    floor : float
        One rounding of a pull, per unit of norm.
    """
    m = len(strengths)
    rooms = working.loose(floor, float(strengths[-1]))
    before, pulls_before = np.empty_like(coef), np.empty_like(coef)
    paired, todo = np.zeros(m, np.uint8), np.ones(m, np.uint8)
    worst = np.full(m, np.inf)
    rows = working.rows(coef)
    if not np.isfinite(rows.pull).all():
        return None
    sums = rows.curved_sums()
    ahead = working.hessian(rows.curved[-1])
    share = (m + 1) / (2 * m)
    scales = sums / ((1.0 - share) * curved + share * sums[-1])
    if not np.all((scales > 0) & np.isfinite(scales)):
        return None
    between = (1.0 - share) * hessian + share * ahead
    q.restart(between, floor * working.norm, coef[-1], float(strengths[-1]))
    for done in range(1, LIMIT + 1):
        last = worst.copy()
        left = q.rounds(
            coef, rows.pull, before, pulls_before, paired, strengths, scales, rooms, SHARE, worst, todo,
            done % 2 == 1,
        )  # fmt: skip
        if not left:
            now = working.rounding_at(rows.eta[-1], rows.curved[-1], floor, float(strengths[-1]))
            if now >= LESS * floor:
                if _level(working, coef, rows, floor):
                    return Lanes(coef, rows, ahead, done, now)
                rooms = working.rooms(floor)
            else:  # the pulls are rounded less than at the start: they can balance better
                floor = now
                rooms = working.loose(floor, float(strengths[-1]))
            todo[:] = 1
            continue
        active = np.flatnonzero(todo)
        if done > PATIENCE and np.all(worst[active] > STALLED * last[active]):
            return None
        if done in REFRESH and np.max(worst[active] / last[active]) > RATE:
            i = int(active[np.argmax(worst[active])])
            ahead = working.hessian(rows.curved[i], exact=True)
            sums = rows.curved_sums()
            scales = sums / sums[i]
            if not np.all((scales > 0) & np.isfinite(scales)):
                return None
            q.restart(ahead, floor * working.norm, coef[i], float(strengths[i]))
            paired[:] = 0
        rows = _look_again(working, coef, rows, active)
        if not np.isfinite(rows.pull).all():
            return None
    return None


def _level(working: Working, coef: Array, rows: Rows, floor: float) -> bool:
    """Balance the levels of points in place, if they are so near that what is of second order is rounding.

    The pulls of the columns that take part stay as they were.
    """
    if not working.lead:
        return True
    step = (rows.pull[:, 0] / rows.curved_sums())[:, None]
    if not np.all(np.abs(step) < NEAR):
        return bool(np.all(np.abs(rows.pull[:, 0]) <= working.rooms(floor)[0]))
    coef[:, :1] += step
    rows.eta[:] += step
    rows.residual[:] -= step * rows.curved
    return True


def _look_again(working: Working, coef: Array, rows: Rows, active: NDArray[np.intp]) -> Rows:
    """The rows at points (m, k), of which only some have moved."""
    # To pick points and put them back costs more than a few of them; a table goes through all at once.
    if working.table is not None or len(active) >= FEWER * len(coef):
        return working.rows(coef)
    for old, new in zip(rows, working.rows(coef[active]), strict=True):
        old[active] = new
    return rows
