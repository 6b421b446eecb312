"""A problem to solve: the data seen through a standardized view, the penalty, and a loss."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from equipoise.data.records import Shared
from equipoise.design.base import Design
from equipoise.design.standardized import Standardized
from equipoise.objective.losses.base import Loss
from equipoise.objective.penalty import Penalty

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Names = Sequence[str] | None

EPS = float(np.finfo(np.float64).eps)

# Norms below this lose digits when they are squared.
SMALLEST = 1e-140


@dataclass(frozen=True)
class Problem(Shared):
    """A loss of the data with an L1/L2 penalty in a box, in the units of a standardized view.

    In these units the objective at strength t is the loss plus ``Σ t·l1_j|v_j| + Σ t·l2_j v_j²``, with
    coefficients ``v = scale ∘ w``. The view takes care of means and scales; solvers need not know of them.
    What depends on the loss is said by its subclasses: :class:`~equipoise.objective.squares.Squares` for
    squared loss, :class:`~equipoise.objective.curved.Curved` for every other.

    Attributes
    ----------
    view : Standardized
        The columns.
    penalty : Penalty
        l1_j, l2_j and the box in the view's units (standardisation applied), at strength 1; constant and
        excluded columns are held at their null value.
    asked : Penalty
        The same with every column in the box that was asked for.
    rows : int
        Number of rows of the data; the view has fewer where a few rows stand for many.
    """

    view: Standardized
    penalty: Penalty
    asked: Penalty
    rows: int

    # Cached properties that do not depend on the penalty.
    of_the_data: ClassVar[tuple[str, ...]] = ()

    @property
    @abstractmethod
    def loss(self) -> Loss:
        """The loss of a row."""

    @property
    @abstractmethod
    def size(self) -> float:
        """Norm of what a residual is rounded relative to: of √s∘(y − o) for squared loss."""

    @property
    @abstractmethod
    def null_intercept(self) -> float:
        """The intercept of the model that knows no feature at all; 0 without an intercept."""

    @cached_property
    @abstractmethod
    def null_pull(self) -> Array:
        """Pull of each feature at the null model: the penalised at zero or their nearest bound, (p,)."""

    @cached_property
    @abstractmethod
    def alone(self) -> Array:
        """Pull of each feature when only intercept and unpenalised columns are in the model, (p,)."""

    @abstractmethod
    def pull(self, residual: Array) -> Array:
        """The transpose of the columns times a residual, (p,)."""

    @abstractmethod
    def pulls(self, residuals: Sequence[Array] | Array) -> Array:
        """The same of each of m residuals, (m, p)."""

    @abstractmethod
    def null_value(self, strengths: Array) -> Array:
        """Objective of the null model at each strength, (m,)."""

    def under(self, penalty: Penalty) -> Self:
        """The same data under another penalty, in the view's units; what is known of the data is kept."""
        other = replace(self, penalty=penalty, asked=penalty)
        vars(other).update(self._known(self.of_the_data))
        return other

    def _known(self, names: Sequence[str]) -> dict[str, Any]:
        """Values of the cached properties among these that are known."""
        return {name: vars(self)[name] for name in names if name in vars(self)}

    @property
    def limits(self) -> Array:
        """l1_j in original units (standardisation applied), at strength 1, (p,)."""
        return self.penalty.l1 * self.view.scale

    @property
    def ridge(self) -> Array:
        """l2_j in original units (standardisation applied), at strength 1, (p,)."""
        return self.penalty.l2 * self.view.scale**2

    @property
    def whole(self) -> bool:
        """Whether all of XᵀX is held, so that the cost of solving does not grow with n."""
        return False

    @property
    def floor(self) -> Array:
        """One rounding of a pull, (p,): eps ‖x_j‖ times the size of the response."""
        return EPS * self.view.norm * self.size

    @cached_property
    def null_is_zero(self) -> bool:
        """Whether no bound keeps a feature from zero."""
        return not self.penalty.null.any()

    def null_penalty(self, strengths: Array) -> Array | float:
        """Penalty of the null model at each strength, (m,)."""
        if self.null_is_zero:
            return 0.0
        null = self.penalty.null
        resting = np.flatnonzero(null)
        return np.asarray(self.penalty.of(resting).at(strengths[:, None]).value(null[resting]))

    def centred(self, columns: Indices) -> Array:
        """The view's columns, orthogonal to the intercept however far from zero they lie."""
        return np.asarray(self.view.without_mean(self.view.columns(columns).T).T)


def in_view(
    view: Standardized, penalty: Penalty, standardize: bool, features: Names
) -> tuple[Penalty, Penalty]:
    """A penalty in original units as ``penalty`` and ``asked`` of a problem; refused if it overflows.

    Parameters
    ----------
    view : Standardized
        The columns.
    penalty : Penalty
        As passed by the user.
    standardize : bool
        Whether l1 and l2 are in units of standard deviations.
    features : sequence of p str or None
        Names for error messages.
    """
    if standardize:
        l1 = np.where(np.isinf(penalty.l1), np.inf, penalty.finite_l1 * view.sd)
        penalty = Penalty(l1, penalty.l2 * view.sd**2, penalty.lower, penalty.upper)
    with np.errstate(over="ignore"):
        asked = penalty.scaled(view.scale)
    _check_penalty(penalty, asked, features)
    return asked.hold((view.norm == 0) | np.isinf(penalty.l1)), asked


def check_columns(design: Design, view: Standardized, names: Names) -> None:
    """Refuse columns whose squares overflow or vanish in float64."""
    large = ~np.isfinite(view.norm) | ~np.isfinite(view.sd)
    small = view.norm * view.scale < SMALLEST
    flat = np.flatnonzero(small)
    if len(flat):
        low, high = design.extremes(flat, None if view.root is None else view.root > 0)
        small[flat] = low < high if view.intercept else (low != 0) | (high != 0)
    for columns, fate, remedy in ((large, "exceed", "divide"), (small, "vanish in", "multiply")):
        if np.any(columns):
            j = int(np.argmax(columns))
            name = names[j] if names is not None else f"x{j + 1}"
            raise ValueError(
                f"X column {name!r} holds values whose squares {fate} float64: "
                f"{remedy} it by a power of ten first"
            )


def _check_penalty(penalty: Penalty, asked: Penalty, names: Names) -> None:
    """Refuse penalties that overflow in float64 where every column has a norm near 1."""
    too_large = np.isinf(asked.l2) | (np.isinf(asked.l1) & ~np.isinf(penalty.l1))
    if np.any(too_large):
        j = int(np.argmax(too_large))
        name = names[j] if names is not None else f"x{j + 1}"
        which = "l2" if np.isinf(asked.l2[j]) else "l1"
        raise ValueError(
            f"{which} of feature {name!r} is {getattr(penalty, which)[j]:g}, too large for float64 "
            "beside values as small as its: multiply them by a power of ten first, or exclude it by l1 = inf"
        )
