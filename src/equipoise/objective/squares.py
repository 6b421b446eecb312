"""Least squares with a penalty: the problem of squared loss, and what it needs of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.design.base import Design
from equipoise.design.standardized import Standardized
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS, SMALLEST, Names, Problem, check_columns, in_view
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# Most columns for which the whole Gram matrix is formed although there are fewer rows.
SMALL = 256
# Most columns for which it is formed where there are at least as many rows: p² numbers, 200 MB.
LARGE = 5000

# Cached properties that do not depend on the response.
OF_THE_COLUMNS = ("gram", "unpenalised", "unpenalised_basis", "null_is_zero")


def forms_gram(shape: tuple[int, int]) -> bool:
    """Whether all of XᵀX is formed for a matrix of this shape."""
    rows, columns = shape
    return columns <= SMALL or (columns <= rows and columns <= LARGE)


@dataclass(frozen=True)
class Squares(Problem):
    """Least squares with an L1/L2 penalty in a box, in the units of a standardized view.

    In these units the objective at strength t is ``½‖ỹ − Ãv‖² + Σ t·l1_j|v_j| + Σ t·l2_j v_j²`` with
    ``Ã`` the view, ``ỹ = √s∘(y − o − mean)``, and coefficients ``v = scale ∘ w``. The view takes care
    of weights and intercept; solvers need not know of them.

    Attributes
    ----------
    response : (n,) array
        ỹ.
    response_mean : float
        The weighted mean of y − o; 0 without an intercept.
    response_norm : float
        ‖√s∘(y − o)‖, mean included: rounding in y is relative to this.
    moments : Moments
        Moments of the data as given, with all of XᵀX or its diagonal only.
    """

    response: Array
    response_mean: float
    response_norm: float
    moments: Moments

    of_the_data: ClassVar[tuple[str, ...]] = ("gram", "response_pull", "total", "floor")

    @property
    def loss(self) -> Loss:
        """Squared loss."""
        return SQUARED

    @property
    def size(self) -> float:
        """‖√s∘(y − o)‖."""
        return self.response_norm

    @property
    def null_intercept(self) -> float:
        """The weighted mean of y − o; 0 without an intercept."""
        return self.response_mean

    @classmethod
    def build(
        cls,
        design: Design,
        y: Array,
        penalty: Penalty,
        *,
        offset: Array | None = None,
        weights: Array | None = None,
        intercept: bool = True,
        standardize: bool = False,
        features: Names = None,
        moments: Moments | None = None,
        rows: int | None = None,
    ) -> Squares:
        """Set a problem up from data and a penalty in original units.

        Parameters
        ----------
        design : Design
            X, (n, p).
        y : (n,) array
            The response.
        penalty : Penalty
            As passed by the user, in original units.
        offset, weights : (n,) arrays, optional
            o and s.
        intercept : bool
            Whether the model has an intercept.
        standardize : bool
            Whether l1 and l2 are in units of standard deviations.
        features : sequence of p str, optional
            Names for error messages.
        moments : Moments, optional
            Moments of X and y − o, where they are known.
        rows : int, optional
            Number of rows of the data, where those of the design only stand for them.
        """
        target = y if offset is None else y - offset
        with np.errstate(over="ignore", invalid="ignore"):
            moments = moments or design.moments(target, weights, gram=forms_gram(design.shape))
            view = Standardized.of(design, weights, intercept, moments)
            root = target if view.root is None else view.root * target
            response_norm = float(np.sqrt(root @ root))
        _check_size(response_norm, root)
        check_columns(design, view, features)
        solved, asked = in_view(view, penalty, standardize, features)
        response_mean = moments.mean_y if intercept else 0.0
        shifted = (target - moments.shift_y) - moments.offset_y if intercept else target
        response = view.without_mean(view.weigh(shifted))
        rows = design.shape[0] if rows is None else rows
        return cls(view, solved, asked, rows, response, response_mean, response_norm, moments)

    def about(self, response: Array, pull: Array | None = None) -> Squares:
        """The same columns and penalty with another response, (n,); what is known of the columns is kept.

        Parameters
        ----------
        response : (n,) array
            In the view's units, orthogonal to the intercept.
        pull : (p,) array, optional
            Ãᵀ response, where it is known.
        """
        pull = self.pull(response) if pull is None else pull
        total = float(response @ response)
        moments = replace(self.moments, shift_y=0.0, offset_y=0.0, xy=pull * self.view.scale, yy=total)
        other = replace(
            self, response=response, response_mean=0.0, response_norm=float(np.sqrt(total)), moments=moments
        )
        vars(other).update(self._known(OF_THE_COLUMNS), response_pull=pull, total=total)
        return other

    def _known(self, names: Sequence[str]) -> dict[str, Any]:
        """Values of the cached properties among these that are known; a Gram matrix is formed first."""
        return ({"gram": self.gram} if self.whole else {}) | super()._known(names)

    @property
    def whole(self) -> bool:
        """Whether the moments hold all of XᵀX, so that the cost of solving does not grow with n."""
        return self.moments.xx.ndim == 2

    @cached_property
    def gram(self) -> Array:
        """The view's Gram matrix, (p, p)."""
        return self.view.gram(self.moments)

    @cached_property
    def response_pull(self) -> Array:
        """Ãᵀỹ, (p,): each feature's pull when only the intercept is in the model."""
        return self.view.cross(self.moments)

    @cached_property
    def total(self) -> float:
        """‖ỹ‖²."""
        return float(self.response @ self.response)

    @cached_property
    def floor(self) -> Array:
        """One rounding of a pull, (p,): eps ‖x_j‖ ‖y − o‖."""
        return EPS * self.view.norm * self.response_norm

    def residual(self, coef: Array) -> Array:
        """ỹ − Ã coef, orthogonal to the intercept."""
        return self.view.without_mean(self.response - self.view.predict(coef))

    @cached_property
    def alone(self) -> Array:
        """Pull of each feature when only intercept and unpenalised columns are in the model, (p,)."""
        if self.unpenalised_basis is None:
            return self.response_pull
        alone = self.pull(self.without_unpenalised(self.response))
        alone[self.penalty.unpenalised] = 0.0
        return alone

    def pull(self, residual: Array) -> Array:
        """Ãᵀ residual."""
        return self.view.pull(residual)

    def pulls(self, residuals: Sequence[Array] | Array) -> Array:
        """Ãᵀ of each of m residuals, (m, p)."""
        return self.view.pulls(np.reshape(residuals, (len(residuals), self.view.shape[0])))

    @cached_property
    def unpenalised(self) -> tuple[Array, Array] | None:
        """Left singular vectors (n, k) and singular values (k,) of the unpenalised columns, if any."""
        columns = np.flatnonzero(self.penalty.unpenalised)
        return np.linalg.svd(self.centred(columns), full_matrices=False)[:2] if len(columns) else None

    @cached_property
    def unpenalised_basis(self) -> Array | None:
        """Orthonormal basis of the unpenalised columns, (n, rank); None where there are none."""
        if self.unpenalised is None:
            return None
        left, values = self.unpenalised
        return np.ascontiguousarray(left[:, values > values[0] * max(self.view.shape) * EPS])

    def singular_values(self, columns: Indices) -> Array:
        """Singular values of some of the view's columns, (k,) descending, none of them too large.

        From the Gram matrix, where there is one, they are 0 below 1e-8 of the largest or so.
        """
        if self.unpenalised is not None and np.array_equal(columns, np.flatnonzero(self.penalty.unpenalised)):
            return self.unpenalised[1]
        if not self.whole:
            return np.asarray(np.linalg.svd(self.centred(columns), compute_uv=False))
        squares = np.linalg.eigvalsh(self.gram[columns[:, None], columns])[::-1]
        rounding = 4.0 * EPS * len(columns) * (8.0 + np.sqrt(self.moments.rows)) * squares[0]
        return np.asarray(np.sqrt(np.maximum(squares - rounding, 0.0)))

    @cached_property
    def smallest_singular(self) -> dict[bytes, float]:
        """The smallest non-zero singular values of sets of columns, as far as they are known."""
        return {}

    def without_unpenalised(self, vector: Array) -> Array:
        """P·vector: a vector (n,), free of the intercept, less its projection on the unpenalised columns."""
        if self.unpenalised_basis is None:
            return vector
        # Of nearly dependent columns the basis is orthogonal to the intercept to a few digits only.
        left = vector - self.unpenalised_basis @ (self.unpenalised_basis.T @ vector)
        return self.view.without_mean(left)

    @cached_property
    def null_residual(self) -> Array:
        """Residual of the null model: penalised features at zero or their nearest bound, the rest fitted."""
        if self.null_is_zero:
            return self.without_unpenalised(self.response)
        return self.without_unpenalised(self.residual(self.penalty.null))

    @cached_property
    def null_pull(self) -> Array:
        """The pull of the null model's residual, (p,)."""
        bare = self.unpenalised_basis is None and self.null_is_zero
        return self.response_pull if bare else self.pull(self.null_residual)

    def null_value(self, strengths: Array) -> Array:
        """Objective of the null model at each strength, (m,)."""
        loss = np.full(len(strengths), 0.5 * float(self.null_residual @ self.null_residual))
        return loss + self.null_penalty(strengths)

    def original(self, coef: Array, columns: Indices | None = None) -> tuple[Array, Array]:
        """Coefficients (…, p), or those of some columns, and intercepts (…) in original units."""
        scale, mean = self.view.scale, self.view.mean
        if columns is not None:
            scale, mean = scale[columns], mean[columns]
        w = coef / scale
        if not self.view.intercept:
            return w, np.zeros(w.shape[:-1])
        return w, self.response_mean - w @ mean


def _check_size(response_norm: float, target: Array) -> None:
    """Refuse a response whose square overflows or vanishes in float64."""
    if not np.isfinite(response_norm):
        raise ValueError("y holds values whose squares exceed float64: divide it by a power of ten first")
    if response_norm < SMALLEST and np.any(target):
        raise ValueError(
            "y holds values whose squares vanish in float64: multiply it by a power of ten first"
        )


def need_squares(problem: Problem, what: str) -> Squares:
    """A problem of squared loss as such; ``what`` is refused for every other loss."""
    if isinstance(problem, Squares):
        return problem
    raise ValueError(f"{what} is for squared loss alone, and the loss here is {problem.loss.label!r}")
