"""Selective inference for the lasso at a fixed penalty: the polyhedron of responses that select the same.

With the selected columns C, their signs s, G = C'C and H = G + 2·diag(l2), the solution is
``w = H⁻¹(C'y − l1∘s)`` for every y with ``s∘w ≥ 0`` and ``|x_k'(y − Cw)| ≤ l1_k`` for all k left out: linear
inequalities A y ≤ b. The target of feature j is its coefficient of least squares in the selected model,
``η'E[y]`` with ``η = C G⁻¹e_j``. Given A y ≤ b and the part of y that is independent of η'y, η'y is Gaussian
on an interval [V⁻, V⁺]: as far as y can move along η before one of the inequalities is tight.

Lee, Sun, Sun & Taylor (2016), *Annals of Statistics* 44, theorem 5.2; the ridge term is ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from equipoise.infer.truncated import limits, p_value
from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.problem import EPS
from equipoise.objective.squares_points import SquaresPoints

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# Reciprocal condition below which selected columns count as dependent.
DEPENDENT = 1e-12


@dataclass(frozen=True)
class Polyhedron:
    """How far the response can move along each selected feature's direction, in original units.

    Attributes
    ----------
    features : (k,) index array
        The selected features; unpenalised ones are always among them.
    estimate : (k,) array
        η'y, least squares in the selected model.
    sd : (k,) array
        ‖η‖, the standard deviation of the estimate for a noise of variance 1.
    below, above : (k,) arrays
        How far the estimate can fall and rise: η'y − V⁻ and V⁺ − η'y.
    """

    features: Indices
    estimate: Array
    sd: Array
    below: Array
    above: Array


def polyhedron(points: SquaresPoints) -> Polyhedron:
    """The polyhedron of the solution of a problem at strength 1.

    Along η_j the response moves to y + δη_j/‖η_j‖², where the estimate of j has risen by δ. As C'η_j = e_j
    and ‖η_j‖² = (G⁻¹)_jj, there

        w has risen by δ·rise_j, rise_j = H⁻¹e_j/(G⁻¹)_jj,
        the pull x_k'(y − Cw) of a feature k left out by δ·x_k'C(G⁻¹e_j/(G⁻¹)_jj − rise_j),

    the latter 0 without a ridge term (H = G). δ is limited by s∘w ≥ 0 and |x_k'(y − Cw)| ≤ l1_k.

    Parameters
    ----------
    points : SquaresPoints
        The solution, as the only point.
    """
    problem = points.problem
    penalty = problem.penalty
    coef = points.coef[0]
    moving = penalty.moving
    inside = np.flatnonzero((coef != 0) | (moving & penalty.unpenalised))
    if not len(inside):
        none = np.zeros(0)
        return Polyhedron(inside, none, none, none, none)
    columns = problem.view.columns(inside)
    gram = columns.T @ columns
    values = np.linalg.eigvalsh(gram)
    if len(inside) > len(problem.response) - problem.view.intercept or values[0] <= DEPENDENT * values[-1]:
        raise ValueError(
            "l1 leaves features that are linear combinations of each other among the selected ones, so that "
            "their separate effects are not defined: drop duplicates or use a larger l1"
        )
    inverse = cho_solve(cho_factor(gram), np.eye(len(inside)))
    start = columns.T @ problem.response
    estimate = inverse @ start
    l1, l2 = penalty.l1[inside], penalty.l2[inside]
    sign = np.where(l1 > 0, np.sign(coef[inside]), 0.0)
    stiff = inverse if not l2.any() else cho_solve(cho_factor(gram + np.diag(2.0 * l2)), np.eye(len(inside)))
    solution = stiff @ (start - l1 * sign)
    if np.any(sign * solution < 0.0):
        raise ValueError("the selected features are not certain at this l1: move it a little")
    sd = np.sqrt(np.diagonal(inverse))

    # Column j is rise_j.
    rise = stiff / np.diagonal(inverse)
    below, above = _room(sign[:, None] * solution[:, None], sign[:, None] * rise)
    if l2.any():
        # With a ridge term the pulls of features left out move too.
        outside = np.flatnonzero(moving & (coef == 0) & (penalty.l1 > 0))
        pull = problem.pull(problem.response - columns @ solution)[outside]
        drift = columns @ (inverse / np.diagonal(inverse) - rise)
        moved = problem.pulls(drift.T)[:, outside].T
        noise = ROUNDINGS * EPS * problem.view.norm[outside, None] / sd
        moved = np.where(np.abs(moved) <= noise, 0.0, moved)
        for side in (1.0, -1.0):
            slack = np.maximum(penalty.l1[outside] - side * pull, 0.0)
            closer, farther = _room(slack[:, None], -side * moved)
            below, above = np.minimum(below, closer), np.minimum(above, farther)
    scale = problem.view.scale[inside]
    return Polyhedron(inside, estimate / scale, sd / scale, below / scale, above / scale)


def infer(found: Polyhedron, variance: float, level: float) -> tuple[Array, Array, Array]:
    """Lower and upper limits and p-values of the targets, (k,) each."""
    sd = np.sqrt(variance) * found.sd
    k = len(sd)
    lower, upper, p = np.empty(k), np.empty(k), np.empty(k)
    for j in range(k):
        below, above = float(found.below[j] / sd[j]), float(found.above[j] / sd[j])
        near, far = limits(below, above, level)
        lower[j], upper[j] = found.estimate[j] + sd[j] * near, found.estimate[j] + sd[j] * far
        p[j] = p_value(float(found.estimate[j] / sd[j]), below, above)
    return lower, upper, p


def _room(slack: Array, slope: Array) -> tuple[Array, Array]:
    """How far a step may go below and above 0 while ``slack + step·slope`` ≥ 0 in every row, by column."""
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = slack / np.abs(slope)
    down = np.where(slope > 0, distance, np.inf)
    up = np.where(slope < 0, distance, np.inf)
    return down.min(axis=0, initial=np.inf), up.min(axis=0, initial=np.inf)
