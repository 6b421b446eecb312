"""The curvature of a loss along some features, from below: one factored Hessian for a whole neighbourhood.

With |φ‴| ≤ κφ″ a row's curvature h(η) is no less than h(η₀)e^(−κ|η − η₀|). With Z_E some columns and the
intercept's, H(η) = Z_EᵀSH(η)Z_E + 2t diag(l2_E) therefore exceeds H(η₀) times the smallest of these factors,
and of t/t₀ where there is an l2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.design._lanes import apart
from equipoise.design.columns import DenseColumns
from equipoise.objective.curved import Curved
from equipoise.objective.problem import EPS

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

MORE = 1.0 + 1e-6  # for the rounding of the linear predictor, which curvatures inherit
SMALL = 50  # columns, which may be more than there are rows if a ridge holds them


@dataclass(frozen=True)
class Hessian:
    """A factored Hessian along ``columns`` and the intercept.

    Attributes
    ----------
    problem : Curved
        Whose Hessian it is.
    columns : (k,) index array
        In increasing order.
    eta : (n,) array
        The linear predictor at which it was formed.
    strength : float
        The strength of the penalty.
    half : (k + 1, k + 1) array
        A triangular matrix M with MᵀM = H⁻¹, but for rounding; the first row and column are the intercept's,
        where there is one.
    slack : float
        No true inverse exceeds the computed one times this.
    """

    problem: Curved
    columns: Indices
    eta: Array
    strength: float
    half: Array
    slack: float

    @classmethod
    @np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore")
    def of(cls, problem: Curved, columns: Indices, eta: Array, strength: float) -> Hessian | None:
        """The Hessian at a linear predictor; None where rounding leaves open whether it is invertible."""
        first = int(problem.view.intercept)
        k = first + len(columns)
        if k > max(len(eta), SMALL):
            return None
        if not k:
            return cls(problem, columns, eta, strength, np.zeros((0, 0)), MORE)
        ridge = np.concatenate([np.zeros(first), 2.0 * strength * problem.penalty.l2[columns]])
        hessian, cancelled = _products(problem, columns, problem.curvature(eta))
        hessian.flat[:: k + 1] += ridge
        size = np.sqrt(hessian.diagonal())
        if not (np.isfinite(size) & (size > 0)).all():
            return None
        factor, info = lapack.dpotrf(hessian / size / size[:, None], lower=1, clean=1)
        half, wrong = lapack.dtrtri(factor, lower=1) if info == 0 else (factor, info)
        if wrong:
            return None
        # In unit-diagonal form H is off by this much at most, and the trace bounds the norm of its inverse.
        lost = 4.0 * EPS * k * (8.0 + np.sqrt(len(eta))) * float(np.einsum("ij,ij->", half, half)) * cancelled
        return cls(problem, columns, eta, strength, half / size, MORE / (1.0 - lost)) if lost < 0.5 else None

    def share(self, eta: Array, strengths: Array) -> Array:
        """What part of it the Hessians at m linear predictors (m, n) and strengths exceed, (m,)."""
        share = np.exp(-self.problem.kind.kappa * apart(np.ascontiguousarray(eta), self.eta))
        if self.problem.penalty.l2[self.columns].any():
            share = np.minimum(share, strengths / self.strength if self.strength > 0 else 1.0)
        return np.asarray(share / self.slack)

    def length(self, forces: Array, rounding: Array) -> Array:
        """√(fᵀH⁻¹f) at most, (m,), for forces f (m, k) each off by its ``rounding`` (m, k) at most."""
        known = np.linalg.norm(forces @ self.half.T, axis=1)
        return np.asarray(known + np.linalg.norm(rounding @ np.abs(self.half).T, axis=1))

    @cached_property
    def holds(self) -> Flags:
        """Which of all features it holds, (p,)."""
        out = np.zeros(len(self.problem.penalty.l1), dtype=bool)
        out[self.columns] = True
        return out

    @cached_property
    def reach(self) -> float:
        """Max √(zᵀH⁻¹z) over the rows z of the columns in use."""
        z = gathered(self.problem, self.columns)
        if self.problem.weights is not None:
            z = z[self.problem.weights > 0]
        return float(np.sqrt(np.max(np.square(z @ self.half.T).sum(axis=1), initial=0.0)))


def _products(problem: Curved, columns: Indices, curved: Array) -> tuple[Array, float]:
    """Z_EᵀSHZ_E, and how much larger terms may be that cancel in an entry, in unit-diagonal form."""
    first = int(problem.view.intercept)
    k = first + len(columns)
    out, total = np.empty((k, k)), float(curved.sum())
    held = problem.view.gather_plain(columns)
    if isinstance(held, DenseColumns):
        root = np.sqrt(curved)
        z = held.array
        z *= root[:, None]
        inner, sums, cancelled = z.T @ z, root @ z, 1.0
    else:  # means are subtracted afterwards, where columns are sparse
        inner, sums = held.weighted_gram(curved), held.pull(curved[None])[0]
        left, own = problem.left_in[columns], inner.diagonal()
        terms = own + 2.0 * left * np.abs(sums) + 2.0 * left**2 * total
        cancelled = max(1.0, float(np.max(2.0 * terms / own)))
    out[first:, first:] = inner
    if first:
        out[0, 0], out[0, 1:], out[1:, 0] = total, sums, sums
    return out, cancelled


def gathered(problem: Curved, columns: Indices) -> Array:
    """A copy of columns of the view, after that of the intercept where there is one, (n, k + 1)."""
    if not problem.view.intercept:
        return problem.view.plain_columns(columns)
    out = np.ones((len(problem.response), len(columns) + 1), order="F")
    out[:, 1:] = problem.view.plain_columns(columns)
    return out
