"""What coefficients lose against the solution, to all digits where it is little.

With η and w at the coefficients, η* and w* at the solution, r* its residual and u* its pulls, u* = Xᵀ S r*:

    objective − optimum = Σ s_i D_i + Σ_j [l1_j(|w_j| − |w*_j|) + l2_j(w_j² − w*_j²) − u*_j(w_j − w*_j)],

    D_i = φ(η_i) − φ(η*_i) + r*_i(η_i − η*_i) = (η_i − η*_i)² ∫₀¹ (1 − x) φ″(η*_i + x(η_i − η*_i)) dx.

No term is negative at a solution, where the residuals sum to 0 if there is an intercept, so that none cancels
another. Of squared loss D is half a square. Of the others the integral is taken by Gauss's rule where the way
is short, for there the two values of φ would cancel.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.losses.base import Loss
from equipoise.objective.points import Points
from equipoise.objective.squares_points import SquaresPoints

Array = NDArray[np.float64]

SHORT = 1.0  # on ways of this length ten nodes leave less than a rounding: the next pole of φ″ is π away
GAUSS = np.polynomial.legendre.leggauss(10)
NODES, WEIGHTS = (GAUSS[0] + 1.0) / 2.0, GAUSS[1] / 2.0


def lost_by(points: Points, exact: Points) -> float:
    """Objective at the only point less that at the solution."""
    penalty = points.problem.penalty
    w, best, pull = points.coef[0], exact.coef[0], exact.pull[0]
    step = w - best
    l1 = np.where(step == 0, 0.0, penalty.l1)
    with np.errstate(invalid="ignore", over="ignore"):
        terms = l1 * (np.abs(w) - np.abs(best)) + (penalty.l2 * (w + best) - pull) * step
        if points.problem.loss.squared:
            between = _of_squares(cast("SquaresPoints", points), step)
        else:
            between = _of_curved(cast("CurvedPoints", points), cast("CurvedPoints", exact))
        return between + float(terms.sum())


def _of_squares(points: SquaresPoints, step: Array) -> float:
    """½‖Ã(w − w*)‖², and what the intercept costs."""
    fitted = points.problem.view.predict(step)
    shift = 0.0 if points.intercepts is None else float(points.intercepts.shift[0])
    return float(0.5 * (fitted @ fitted + shift**2))


def _of_curved(points: CurvedPoints, exact: CurvedPoints) -> float:
    """Σ s D."""
    problem, there = points.problem, exact.place(0)
    way = problem.view.linear(points.coef[0] - there.coef) + (points.level[0] - there.level)
    each = divergence(problem.kind, problem.response, there.eta, way)
    return float(problem.weigh(each).sum())


def divergence(loss: Loss, y: Array, eta: Array, way: Array) -> Array:
    """φ(η + way) − φ(η) − φ′(η)·way, (n,), never negative."""
    short = np.abs(way) <= SHORT
    near = np.where(short, way, 0.0)
    bent = sum(
        weight * (1.0 - node) * loss.curvature(y, eta + node * near)
        for node, weight in zip(NODES, WEIGHTS, strict=True)
    )
    whole = loss.value(y, eta + way) - loss.value(y, eta) + loss.residual(y, eta) * way
    return np.where(short, near**2 * bent, np.maximum(whole, 0.0))
