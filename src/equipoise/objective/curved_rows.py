"""What the rows say at some points: residuals, curvatures, and how far rounding may have moved the pulls.

A pull Σ s z r rounds by its sum, by the terms a of each residual, and by the linear predictor, which is off
by u(|o| + |b| + Σ|x w|) and moves the residual by h times that. By Cauchy's inequality all of this is at most
``2 eps (8 + √n) ‖z_j‖ T``, with ``T² = Σ s (a + h(|o| + |b| + Σ|x w|))²``; where the mean of a column is
subtracted after the product, its part counts in ‖z_j‖, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from equipoise.design._lanes import survey
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
    problem : Curved
        Whose rows they are.
    eta : (m, n) array
        The linear predictors.
    spread : (m,) array
        |b| + Σ|x w|, at the most.
    mislaid : (m,) array
        How far the level may be from that of the stored intercept.
    terms : (m,) array
        Σ s (a + h(|o| + |b| + Σ|x w|)), relative to which sums of residuals are rounded.
    size : (m,) array
        T, the same for pulls.
    steepest, flattest : (m,) arrays
        Largest h, and smallest s h, of the rows in use.
    imbalance, weight : (m,) arrays
        Σ s r and Σ s h.
    """

    problem: Curved
    eta: Array
    spread: Array
    mislaid: Array
    terms: Array
    size: Array
    steepest: Array
    flattest: Array
    imbalance: Array
    weight: Array

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
        spread = spread + w @ problem.span(used)
        return cls(problem, eta, spread, mislaid, *_surveyed(problem, eta, spread))

    @cached_property
    def _slopes(self) -> tuple[Array, Array, Array]:
        """S r, s h and s (a + h(|o| + |b| + Σ|x w|)) of each row, (m, n)."""
        return _slopes(self.problem, self.eta, self.spread)

    @property
    def residual(self) -> Array:
        """S ∘ r, (m, n)."""
        return self._slopes[0]

    @property
    def curved(self) -> Array:
        """S ∘ h, (m, n)."""
        return self._slopes[1]

    @property
    def each(self) -> Array:
        """The terms of each row, whose sums are ``terms``, (m, n)."""
        return self._slopes[2]

    def one(self, index: int) -> Rows:
        """One of the points."""
        at = slice(index, index + 1)
        known = (getattr(self, name)[at] for name in [*self.__dataclass_fields__][1:])
        return Rows(self.problem, *known)


def _surveyed(problem: Curved, eta: Array, spread: Array) -> tuple[Array, ...]:
    """Terms, size, steepest, flattest, imbalance and weight of :class:`Rows`."""
    sides, weights = problem.kind.sides(problem.response), problem.weights
    if sides is not None:
        # A linear predictor is rounded relative to the shift, too.
        terms, square, *rest = survey(
            sides.exponential, sides.falls, sides.rises, sides.shift, np.ascontiguousarray(eta),
            spread + abs(sides.shift), problem.offset, sides.gain, sides.cost, weights,
        )  # fmt: skip
        return terms, np.sqrt(square), *rest
    residual, curved, each = _slopes(problem, eta, spread)
    used = slice(None) if weights is None else weights > 0
    s = 1.0 if weights is None else weights[used]
    return (
        each.sum(axis=1),
        np.sqrt((each[:, used] ** 2 / s).sum(axis=1)),
        (curved[:, used] / s).max(axis=1, initial=0.0),
        curved[:, used].min(axis=1, initial=np.inf),
        residual.sum(axis=1),
        curved.sum(axis=1),
    )


@np.errstate(over="ignore", invalid="ignore")  # rows of weight 0 may be anywhere
def _slopes(problem: Curved, eta: Array, spread: Array) -> tuple[Array, Array, Array]:
    """S r, s h and s (a + h(|o| + spread)) of each row, (m, n)."""
    residual, curved, size = problem.kind.slopes(problem.response, eta)
    size += curved * (spread[:, None] if problem.offset is None else spread[:, None] + np.abs(problem.offset))
    return problem.weigh(residual), problem.weigh(curved), problem.weigh(size)


def unit_rounding(problem: Curved, columns: Indices | slice = slice(None)) -> Array:
    """What the pull of each of some features may be off by, ÷ T, (k,)."""
    return np.asarray(pull_rounding(len(problem.response)) * problem.raw_norm[columns])


def unit_sum(problem: Curved) -> float:
    """What the sum of residuals may be off by, ÷ Σ s (a + …)."""
    return pull_rounding(len(problem.response))
