"""The seven operations that a store of data offers, and all that the rest of the library knows of it."""

from __future__ import annotations

from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from equipoise.sums.moments import Moments

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Indices = NDArray[np.intp]


class Columns(Protocol):
    """Some columns of a view, gathered: what a working set multiplies."""

    @property
    def entries(self) -> int:
        """Numbers that a product with one vector goes through."""
        ...

    def extend(self, more: Self) -> None:
        """Append other columns of the same view."""
        ...

    def gram(self, others: Self) -> Matrix:
        """Products of these columns with others, (k, others)."""
        ...

    def fitted(self, coef: Matrix, only: Indices | None = None) -> Matrix:
        """The columns (or only some) times each of some coefficient vectors, (m, k) to (m, n)."""
        ...

    def pull(self, residuals: Matrix) -> Matrix:
        """The transpose of the columns times each of some residuals, (m, n) to (m, k)."""
        ...


class Design(Protocol):
    """A matrix X of n rows and p columns, wherever it is stored.

    ``centre`` (p,) asks for X − 1·centreᵀ in place of X, formed block by block and never as a whole.
    """

    shape: tuple[int, int]
    entries: int  # numbers that a pass over the data goes through

    def predict(self, indices: Indices | None, coef: Vector, centre: Vector | None = None) -> Vector:
        """Σ_j x_j coef_j over the columns ``indices`` (all where None)."""
        ...

    def pull(self, residual: Vector, centre: Vector | None = None) -> Vector:
        """Xᵀ residual."""
        ...

    def pulls(self, residuals: Matrix, centre: Vector | None = None) -> Matrix:
        """Xᵀ of each of some residuals, (m, n) to (m, p), in one pass where a pass is what costs."""
        ...

    def columns(self, indices: Indices, centre: Vector | None = None) -> Matrix:
        """The columns ``indices`` as a new array in Fortran order."""
        ...

    def compressed(
        self, indices: Indices, centre: Vector | None, factor: Vector, root: Vector | None
    ) -> Columns | None:
        """√s ∘ (X − centre) · diag(factor), of it the columns ``indices``, gathered.

        None where dense columns serve better.
        """
        ...

    def extremes(self, indices: Indices, there: NDArray[np.bool_] | None) -> tuple[Vector, Vector]:
        """Smallest and largest value of each of some columns, over some of the rows (all where None)."""
        ...

    def single(
        self, centre: Vector | None, factor: Vector, root: Vector | None
    ) -> NDArray[np.float32] | None:
        """√s ∘ (X − centre) · diag(factor) in single precision, a new array, rounded last.

        None where that would spare nothing.
        """
        ...

    def moments(self, response: Vector, weights: Vector | None, *, gram: bool = True) -> Moments:
        """Weighted means and centred cross-products in one pass (XᵀX only its diagonal if not ``gram``)."""
        ...
