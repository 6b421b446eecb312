"""The six operations that a store of data offers, and all that the rest of the library knows of it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from equipoise.design.moments import Moments

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Indices = NDArray[np.intp]


class Design(Protocol):
    """A matrix X of n rows and p columns, wherever it is stored.

    ``centre`` (p,) asks for X − 1·centreᵀ in place of X, formed block by block and never as a whole.
    """

    shape: tuple[int, int]

    def predict(self, indices: Indices | None, coef: Vector, centre: Vector | None = None) -> Vector:
        """Σ_j x_j coef_j over the columns ``indices`` (all where None)."""
        ...

    def pull(self, residual: Vector, centre: Vector | None = None) -> Vector:
        """Xᵀ residual."""
        ...

    def gram(self, rows: Indices, columns: Indices, weights: Vector | None, centre: Vector | None) -> Matrix:
        """X_rowsᵀ diag(weights) X_columns."""
        ...

    def columns(self, indices: Indices, centre: Vector | None = None) -> Matrix:
        """The columns ``indices`` as a new array in Fortran order."""
        ...

    def single(self, centre: Vector | None, factor: Vector, root: Vector | None) -> NDArray[np.float32]:
        """√s ∘ (X − centre) · diag(factor) in single precision, a new array, rounded last."""
        ...

    def moments(self, response: Vector, weights: Vector | None, *, gram: bool = True) -> Moments:
        """Weighted means and centred cross-products in one pass (XᵀX only its diagonal if not ``gram``)."""
        ...
