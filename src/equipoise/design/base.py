"""The operations on a stored matrix X, by which solvers, certificates and explanations read it."""

from __future__ import annotations

from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from equipoise.sums.moments import Moments

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Indices = NDArray[np.intp]


class Columns(Protocol):
    """Some columns of a view, gathered in the form in which they are multiplied fastest."""

    @property
    def entries(self) -> int:
        """How many numbers a product with a vector goes through."""
        ...

    def extend(self, more: Self) -> None:
        """Append other columns of the same view."""
        ...

    def gram(self, others: Self) -> Matrix:
        """Inner products of these columns with others of the same view, (k, others)."""
        ...

    def weighted_gram(self, weights: Vector, others: Self | None = None) -> Matrix:
        """Σ_i weights_i x_i x_iᵀ over the rows, (k, k); with other columns of the view (k, others)."""
        ...

    def fitted(self, coef: Matrix, only: Indices | None = None) -> Matrix:
        """The columns (or ``only`` some of them) times each of m coefficient vectors, (m, k) to (m, n)."""
        ...

    def pull(self, residuals: Matrix) -> Matrix:
        """The transpose of the columns times each of m residuals, (m, n) to (m, k)."""
        ...


class Design(Protocol):
    """A matrix X of n rows and p columns, wherever it is stored.

    Where ``centre`` (p,) is passed, X − 1·centreᵀ stands in place of X; it is never formed as a whole.
    """

    shape: tuple[int, int]
    entries: int  # how many numbers a pass over the data goes through

    def predict(self, indices: Indices | None, coef: Vector, centre: Vector | None = None) -> Vector:
        """Σ_j x_j coef_j over the columns ``indices`` (all where None)."""
        ...

    def pull(self, residual: Vector, centre: Vector | None = None) -> Vector:
        """Xᵀ residual."""
        ...

    def pulls(self, residuals: Matrix, centre: Vector | None = None, *, together: bool = False) -> Matrix:
        """Xᵀ times each of m residuals, (m, n) to (m, p); in one pass where reading the data is slow.

        ``together`` asks for one product with all of them where that is faster, at another rounding.
        """
        ...

    def columns(self, indices: Indices, centre: Vector | None = None) -> Matrix:
        """The columns ``indices`` as a new array in Fortran order."""
        ...

    def compressed(
        self, indices: Indices, centre: Vector | None, factor: Vector, root: Vector | None
    ) -> Columns | None:
        """The columns ``indices`` of √s ∘ (X − centre) · diag(factor), gathered in compressed form.

        None where dense columns serve better.

        Parameters
        ----------
        indices : (k,) index array
            Which columns.
        centre : (p,) array or None
            The means to subtract.
        factor : (p,) array
            What each column is multiplied by.
        root : (n,) array or None
            √s; None where all weights are 1.
        """
        ...

    def extremes(self, indices: Indices, there: NDArray[np.bool_] | None) -> tuple[Vector, Vector]:
        """Smallest and largest value of each of some columns, over the rows ``there`` (all where None)."""
        ...

    def single(
        self, centre: Vector | None, factor: Vector, root: Vector | None
    ) -> NDArray[np.float32] | None:
        """√s ∘ (X − centre) · diag(factor) in single precision, rounded last, as a new array.

        None where that would save no time.
        """
        ...

    def moments(self, response: Vector, weights: Vector | None, *, gram: bool = True) -> Moments:
        """Weighted means and centred cross-products in one pass (XᵀX only its diagonal if not ``gram``)."""
        ...
