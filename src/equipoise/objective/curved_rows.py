"""What the rows say at some points: residuals, curvatures, and how far rounding may have moved the pulls.

A pull Σ s z r rounds by its sum, by the terms a of each residual, and by the linear predictor, which is off
by u(|o| + |b| + Σ|x w|) and moves the residual by h times that. By Cauchy's inequality all of this is at most
``2 eps (8 + √n) ‖z_j‖ T``, with ``T² = Σ s (a + h(|o| + |b| + Σ|x w|))²``; where the mean of a column is
subtracted after the product, its part counts in ‖z_j‖, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.curved import Curved
from equipoise.objective.problem import EPS
from equipoise.objective.proofs import pull_rounding

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Rows:
    """m points as their rows see them.

    Attributes
    ----------
    residual, curved : (m, n) arrays
        S ∘ r and S ∘ h.
    terms : (m,) array
        Σ s (a + h(|o| + |b| + Σ|x w|)), relative to which sums of residuals are rounded.
    size : (m,) array
        T, the same for pulls.
    steepest, flattest : (m,) arrays
        Largest h, and smallest s h, of the rows in use.
    mislaid : (m,) array
        How far the level may be from that of the stored intercept.
    each : (m, n) array
        s (a + h(|o| + |b| + Σ|x w|)) of each row.
    """

    residual: Array
    curved: Array
    terms: Array
    size: Array
    steepest: Array
    flattest: Array
    mislaid: Array
    each: Array

    @classmethod
    def of(cls, problem: Curved, coef: Array, level: Array, eta: Array, columns: Indices) -> Rows:
        """The rows at coefficients (m, k) of some columns, levels (m,) and predictors (m, n)."""
        view = problem.view
        some = coef.any(axis=0)
        w, used = np.abs(coef[:, some]), columns[some]
        spread, mislaid = np.abs(level), 0.0 * level
        if view.intercept:
            shift = w @ (np.abs(view.mean[used]) / view.scale[used])
            mislaid = EPS * (4.0 + np.sqrt(len(used))) * (np.abs(level) + shift)
        spread = (spread + w @ problem.span(used))[:, None]
        residual, curved, size = problem.kind.slopes(problem.response, eta)
        size += curved * (spread if problem.offset is None else spread + np.abs(problem.offset))
        if problem.weights is None:
            own, weighed, terms = curved, size, size.sum(axis=1)
            square = np.einsum("ij,ij->i", size, size)
        else:
            there = problem.weights > 0
            residual, own = problem.weigh(residual), problem.weigh(curved)
            weighed = problem.weigh(size)
            terms = weighed.sum(axis=1)
            square = np.einsum("ij,ij->i", weighed, np.where(there, size, 0.0))
            curved = curved[:, there]
        flat = own if problem.weights is None else own[:, there]
        return cls(
            residual,
            own,
            terms,
            np.sqrt(square),
            curved.max(axis=1, initial=0.0),
            flat.min(axis=1, initial=np.inf),
            mislaid,
            weighed,
        )

    def one(self, index: int) -> Rows:
        """One of the points."""
        at = slice(index, index + 1)
        return Rows(*(getattr(self, name)[at] for name in self.__dataclass_fields__))


def unit_rounding(problem: Curved, columns: Indices | slice = slice(None)) -> Array:
    """What the pull of each of some features may be off by, ÷ T, (k,)."""
    return np.asarray(pull_rounding(len(problem.response)) * problem.raw_norm[columns])


def unit_sum(problem: Curved) -> float:
    """What the sum of residuals may be off by, ÷ Σ s (a + …)."""
    return pull_rounding(len(problem.response))
