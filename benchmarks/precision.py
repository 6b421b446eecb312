"""How precise a solution is, from nothing but X, y, coefficients and intercept.

Written against the definitions and against no code of the library it judges.

The problem is ``P(b, w) = ½‖r‖² + t‖w‖₁`` with ``r = y − b − Xw``. With r̄ the mean of r, ``ρ = r − r̄`` and
pulls ``u = (X − x̄)ᵀρ`` (which is Xᵀρ, for ρ has mean zero), ``θ = αρ`` with ``α = min(1, t / max|u|)`` is
feasible for the dual ``D(θ) = θᵀy − ½‖θ‖²``, and as ``θᵀy = α(‖ρ‖² + uᵀw)``

    P − D = ½ n r̄² + ½ (1 − α)² ‖ρ‖² + Σ_j (t|w_j| − α u_j w_j),

a sum of terms none of which is negative, so that it keeps its digits where P − D itself would cancel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.data import Problem
from benchmarks.tools.base import Solution

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Precision:
    """The worst over the points of a solution.

    Attributes
    ----------
    relative_gap : float
        Duality gap ÷ the objective of the model with an intercept only.
    violation : float
        Distance of a pull to its subgradient interval ÷ t.
    intercept : float
        |mean of the residual| ÷ the root mean square of y about its mean.
    """

    relative_gap: float
    violation: float
    intercept: float


def measure(problem: Problem, solution: Solution) -> Precision:
    """Worst relative duality gap and KKT violation over the points of a solution."""
    gaps, violations, intercepts = gaps_and_violations(problem, solution)
    return Precision(float(gaps.max()), float(violations.max()), float(intercepts.max()))


def gaps_and_violations(problem: Problem, solution: Solution) -> tuple[Array, Array, Array]:
    """Relative gap, violation ÷ t and intercept violation of every point, each (m,)."""
    X, y = problem.X, problem.y
    t = solution.strengths
    coef = solution.coef.tocsc()
    ever = np.unique(solution.coef.indices)
    w = coef[:, ever].toarray()
    residual = y[:, None] - solution.intercept - X[:, ever] @ w.T
    mean = residual.mean(axis=0)
    residual -= mean
    rss = np.einsum("ij,ij->j", residual, residual)
    pull = X.T @ residual

    largest = np.abs(pull).max(axis=0)
    alpha = np.minimum(1.0, t / np.where(largest > 0.0, largest, t))
    terms = t[:, None] * np.abs(w) - alpha[:, None] * pull[ever].T * w
    gap = 0.5 * len(y) * mean**2 + 0.5 * (1.0 - alpha) ** 2 * rss + terms.sum(axis=1)
    null = y - y.mean()
    scale = 0.5 * float(null @ null)

    # The interval is {t·sign w_j} for a coefficient that is not zero, [−t, t] for one that is.
    outside = np.maximum(np.abs(pull) - t, 0.0).max(axis=0)
    wrong = np.where(w != 0.0, np.abs(pull[ever].T - t[:, None] * np.sign(w)), 0.0).max(axis=1, initial=0.0)
    violation = np.maximum(outside, wrong) / t
    return gap / scale, violation, np.abs(mean) / np.sqrt(2.0 * scale / len(y))


def value_and_dual(problem: Problem, solution: Solution, index: int) -> tuple[float, float]:
    """P and D of one point by their definitions, to check the formula above where it does not cancel."""
    coef = solution.coef[[index]].toarray()[0]
    t = float(solution.strengths[index])
    residual = problem.y - solution.intercept[index] - problem.X @ coef
    theta = residual - residual.mean()
    theta = theta * min(1.0, t / float(np.abs((problem.X - problem.X.mean(axis=0)).T @ theta).max()))
    primal = 0.5 * residual @ residual + t * np.abs(coef).sum()
    return float(primal), float(theta @ problem.y - 0.5 * theta @ theta)
