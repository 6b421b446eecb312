"""Pulls in single precision where that saves time, for passes that need only a bound."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from equipoise.design.standardized import Standardized

Array = NDArray[np.float64]
Single = NDArray[np.float32]

EPS = float(np.finfo(np.float64).eps)
UNIT = float(np.finfo(np.float32).eps) / 2.0
SMALLEST = float(np.finfo(np.float32).tiny)  # numbers below this may vanish
SAMPLE = 64  # columns sampled to judge whether most share a direction
SHARED = 0.1  # mean correlation below which a shared direction is of no use


class Screen:
    """Products with a view's transpose at half the memory traffic, and a bound on their error.

    Parameters
    ----------
    view : Standardized
        Its columns are centred, scaled and weighted before they are rounded: the error is relative to their
        norm, however far their means are from zero.
    """

    def __init__(self, view: Standardized) -> None:
        self.view = view
        self.rows = view.shape[0]
        self.matrix: Single | None = view.single()

    def pull(self, residual: Array) -> tuple[Single, float]:
        """Ãᵀ residual, (p,), and the largest error per unit of a column's norm.

        Columns and residual are rounded once each and n products are summed in single precision, n + 2
        roundings at the very most (Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, ch. 3).
        Numbers that underflow add an error of their own; one that overflows leaves no finite pull.
        """
        size = math.sqrt(float(residual @ residual))
        if self.matrix is None:
            # In double precision, rounded to single at the end.
            with np.errstate(over="ignore"):
                single = self.view.pull(residual).astype(np.float32)
            return single, (UNIT + 4.0 * (self.rows + 4) * EPS) * size + SMALLEST
        with np.errstate(over="ignore", invalid="ignore"):
            product = self.matrix.T @ residual.astype(np.float32)
        return product, 1.1 * (self.rows + 4) * UNIT * size + 4.0 * self.rows * SMALLEST * (1.0 + size)

    def shared_direction(self) -> Array:
        """The direction of the mean column, a unit vector (n,); 0 where columns are hardly correlated.

        The sum of k columns of unit norm with mean correlation ρ has norm about k·√ρ.
        """
        view = self.view
        some = np.arange(0, view.shape[1], -(-view.shape[1] // SAMPLE))
        total = view.gather(some).fitted(np.ones((1, len(some))))[0]
        if not total @ total > SHARED * view.norm[some].sum() ** 2:
            return np.zeros(view.shape[0])
        if self.matrix is None:
            mean = self.view.predict(np.ones(self.view.shape[1]))
        else:
            mean = (self.matrix @ np.ones(self.matrix.shape[1], dtype=np.float32)).astype(np.float64)
        length = float(np.linalg.norm(mean))
        return np.asarray(mean / length if length > 0 else mean)
