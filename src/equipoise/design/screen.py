"""A single-precision copy of a view, for passes that need only a bound."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from equipoise.design.standardized import Standardized

Array = NDArray[np.float64]
Single = NDArray[np.float32]

UNIT = float(np.finfo(np.float32).eps) / 2.0


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
        """
        size = math.sqrt(float(residual @ residual))
        return self.matrix.T @ residual.astype(np.float32), 1.1 * (self.rows + 4) * UNIT * size

    def shared_direction(self) -> Array:
        """The mean column, (n,), of unit length: what correlated columns have in common; 0 if nothing."""
        mean = (self.matrix @ np.ones(self.matrix.shape[1], dtype=np.float32)).astype(np.float64)
        length = float(np.linalg.norm(mean))
        return np.asarray(mean / length if length > 0 else mean)
