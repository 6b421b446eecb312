"""A single-precision copy of a view, for passes that need only a bound."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from equipoise.design.standardized import Standardized

Array = NDArray[np.float64]
Single = NDArray[np.float32]

UNIT = float(np.finfo(np.float32).eps) / 2.0
SMALLEST = float(np.finfo(np.float32).tiny)  # what is smaller may vanish


class Screen:
    """Products with a view's transpose at half the memory traffic, and how far they can be off.

    Parameters
    ----------
    view : Standardized
        Centred, scaled and weighted before it is rounded, so that only the spread of a column is rounded.
    """

    def __init__(self, view: Standardized) -> None:
        self.rows = view.shape[0]
        self.matrix: Single = view.single()

    def pull(self, residual: Array) -> tuple[Single, float]:
        """Ãᵀ residual, (p,), and the largest error per unit of a column's norm.

        Columns and residual are rounded once each and n products are summed in single precision, n + 2
        roundings at the very most (Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, ch. 3).
        Numbers too small for it add an error of their own; one too large leaves no finite pull.
        """
        size = math.sqrt(float(residual @ residual))
        with np.errstate(over="ignore", invalid="ignore"):
            product = self.matrix.T @ residual.astype(np.float32)
        return product, 1.1 * (self.rows + 4) * UNIT * size + 4.0 * self.rows * SMALLEST * (1.0 + size)

    def shared_direction(self) -> Array:
        """The mean column, (n,), of unit length: what correlated columns have in common; 0 if nothing."""
        mean = (self.matrix @ np.ones(self.matrix.shape[1], dtype=np.float32)).astype(np.float64)
        length = float(np.linalg.norm(mean))
        return np.asarray(mean / length if length > 0 else mean)
