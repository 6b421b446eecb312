"""A problem of any loss but the squared one: its curvature changes with the linear predictor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import slices
from equipoise.design.base import Design
from equipoise.design.standardized import FAR, Standardized
from equipoise.objective.intercept_alone import fit_intercept
from equipoise.objective.losses.base import Loss
from equipoise.objective.null_model import fit_unpenalised
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import Names, Problem, check_columns, in_view

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

BLOCK = 1 << 15  # numbers of a block of rows: 256 kB


class Place(NamedTuple):
    """A point of the model and its linear predictor.

    Attributes
    ----------
    coef : (p,) array
        Coefficients in the view's units.
    level : float
        The intercept of the centred columns; 0 without one.
    eta : (n,) array
        o + level + Z coef.
    """

    coef: Array
    level: float
    eta: Array


@dataclass(frozen=True)
class Curved(Problem):
    """A loss of η = o + level + Zv with an L1/L2 penalty in a box.

    Z holds the columns of X less their weighted means (where there is an intercept), divided by the view's
    scales: the view itself without the roots of the weights, which belong to the loss here. ``level`` is the
    intercept of these columns, ``b = level − Σ_j w_j mean_j`` that of X.

    Attributes
    ----------
    kind : Loss
        The loss of a row.
    response : (n,) array
        y.
    offset, weights : (n,) arrays or None
        o and s; None for 0 and 1.
    """

    kind: Loss
    response: Array
    offset: Array | None
    weights: Array | None

    of_the_data: ClassVar[tuple[str, ...]] = (
        *("bare", "bare_residual", "bare_pull", "size", "_known_extents", "left_in", "raw_norm"),
    )

    @classmethod
    def build(
        cls,
        design: Design,
        y: Array,
        penalty: Penalty,
        loss: Loss,
        *,
        offset: Array | None = None,
        weights: Array | None = None,
        intercept: bool = True,
        standardize: bool = False,
        features: Names = None,
    ) -> Curved:
        """Set a problem up; the arguments are those of :meth:`Squares.build`, and the loss."""
        with np.errstate(over="ignore", invalid="ignore"):
            moments = design.moments(np.zeros(len(y)), weights, gram=False)
            view = Standardized.of(design, weights, intercept, moments)
        check_columns(design, view, features)
        solved, asked = in_view(view, penalty, standardize, features)
        return cls(view, solved, asked, design.shape[0], loss, y, offset, weights)

    @property
    def loss(self) -> Loss:
        """The loss of a row."""
        return self.kind

    def weigh(self, rows: Array) -> Array:
        """S ∘ rows, (…, n); 0 in rows of weight 0, whatever they hold."""
        if self.weights is None:
            return rows
        if self.weights.all():
            return self.weights * rows
        return np.multiply(self.weights, rows, out=np.zeros(np.shape(rows)), where=self.weights > 0)

    def at(self, coef: Array, level: float) -> Place:
        """A point and its linear predictor."""
        eta = level + self.view.linear(coef)
        return Place(coef, level, eta if self.offset is None else eta + self.offset)

    def residual(self, eta: Array) -> Array:
        """S ∘ r: what each row pulls with, (n,)."""
        return self.weigh(self.kind.residual(self.response, eta))

    def curvature(self, eta: Array) -> Array:
        """S ∘ φ″, (n,)."""
        return self.weigh(self.kind.curvature(self.response, eta))

    def derivatives(self, eta: Array) -> tuple[Array, Array]:
        """S ∘ r and S ∘ φ″ of each of m linear predictors, (m, n) each."""
        if eta.size <= BLOCK:
            residual, curved = self.kind.derivatives(self.response, eta)
        else:  # by blocks of rows, whose temporary arrays stay in the cache
            residual, curved = np.empty((2, *eta.shape))
            for rows in slices(eta.shape[-1], max(1, BLOCK * eta.shape[-1] // eta.size)):
                part = self.kind.derivatives(self.response[rows], eta[..., rows])
                residual[..., rows], curved[..., rows] = part
        if self.weights is not None:
            residual *= self.weights
            curved = curved * self.weights
        return residual, curved

    def pull(self, residual: Array) -> Array:
        """Zᵀ of weighted residuals, (p,)."""
        return self.view.pull_of_rows(residual)

    def pulls(self, residuals: Sequence[Array] | Array) -> Array:
        """Zᵀ of each of m weighted residuals, (m, p)."""
        return self.view.pulls_of_rows(np.reshape(residuals, (len(residuals), self.view.shape[0])))

    def value(self, eta: Array) -> float:
        """Σ s φ."""
        return float(self.values(eta))

    def values(self, eta: Array) -> Array:
        """Σ s φ at linear predictors (…, n)."""
        return np.asarray(self.weigh(self.kind.value(self.response, eta)).sum(axis=-1))

    @cached_property
    def bare(self) -> Place:
        """The model of the intercept alone."""
        zero = np.zeros(self.view.shape[1])
        offset = np.zeros(len(self.response)) if self.offset is None else self.offset
        level = fit_intercept(self.kind, self.response, offset, self.weights) if self.view.intercept else 0.0
        return Place(zero, level, offset + level)

    @cached_property
    def bare_residual(self) -> Array:
        """√s ∘ r at the model of the intercept alone, (n,), balanced beyond the intercept's last digit."""
        return self.view.without_mean(self.view.weigh(self.kind.residual(self.response, self.bare.eta)))

    @cached_property
    def bare_pull(self) -> Array:
        """Pull of each feature at the model of the intercept alone, (p,)."""
        return self.pull(self.residual(self.bare.eta))

    @property
    def null_intercept(self) -> float:
        """The intercept of the model that knows no feature at all; 0 without an intercept."""
        return self.bare.level

    @cached_property
    def size(self) -> float:
        """‖√s∘a‖ at the model of the intercept alone, a the size of the terms of a residual."""
        terms = self.kind.size(self.response, self.bare.eta)
        return float(np.sqrt(self.weigh(terms**2).sum()))

    @cached_property
    def _known_extents(self) -> Array:
        """Those that have been asked for, NaN for the others, (p,)."""
        return np.where(self.view.norm == 0, 0.0, np.nan)

    def extent(self, columns: Indices) -> Array:
        """Largest |z_ij| of some columns over the rows in use, (k,)."""
        known, view = self._known_extents, self.view
        new = columns[np.isnan(known[columns])]
        if len(new):
            used = None if self.weights is None or self.weights.all() else self.weights > 0
            low, high = view.design.extremes(new, used)
            mean = view.mean[new] if view.intercept else 0.0
            known[new] = np.maximum(np.abs(low - mean), np.abs(high - mean)) / view.scale[new]
        return np.asarray(known[columns])

    @cached_property
    def left_in(self) -> Array:
        """How much of each column's mean is left in its products and subtracted afterwards, at most, (p,)."""
        view = self.view
        near = FAR * view.norm / np.sqrt(view.weight)
        return np.asarray(np.minimum(np.abs(view.mean) / view.scale, near) * float(view.intercept))

    def span(self, columns: Indices) -> Array:
        """Largest |x_ij| of some columns as they are multiplied, (k,)."""
        return self.extent(columns) + self.left_in[columns]

    @cached_property
    def raw_norm(self) -> Array:
        """Norm of each column as it is multiplied, at most, (p,)."""
        return np.asarray(self.view.norm + np.sqrt(self.view.weight) * self.left_in)

    @cached_property
    def nearby(self) -> dict[str, Any]:
        """Where the last Hessian is kept, which serves the points near it, too."""
        return {}

    @cached_property
    def null(self) -> Place:
        """The null model: penalised features at zero or their nearest bound, the rest fitted."""
        start, null = self.bare, self.penalty.null
        if not self.null_is_zero:
            fixed = self.view.linear(null)
            start = start._replace(coef=null, eta=start.eta + fixed)
        free = np.flatnonzero(self.penalty.unpenalised & (self.view.norm > 0))
        if not len(free) and (self.null_is_zero or not self.view.intercept):
            return start
        columns = self.view.plain_columns(free)
        step = fit_unpenalised(
            self.kind, self.response, start.eta, columns, self.weights, self.view.intercept
        )
        coef = null.copy()
        coef[free] += step.coef
        return Place(coef, start.level + step.level, step.eta)

    @cached_property
    def without_penalised(self) -> Place:
        """The model of intercept and unpenalised columns, all other coefficients zero."""
        if self.null_is_zero:
            return self.null
        lower, upper = np.minimum(self.penalty.lower, 0.0), np.maximum(self.penalty.upper, 0.0)
        return self.under(replace(self.penalty, lower=lower, upper=upper)).null

    @cached_property
    def alone(self) -> Array:
        """Pull of each feature when only intercept and unpenalised columns are in the model, (p,)."""
        alone = self.pull(self.residual(self.without_penalised.eta))
        alone[self.penalty.unpenalised] = 0.0
        return alone

    @cached_property
    def null_pull(self) -> Array:
        """Pull of each feature at the null model, (p,)."""
        bare = self.bare_pull  # by which data that have changed are found out later
        return bare if self.null is self.bare else self.pull(self.residual(self.null.eta))

    def null_value(self, strengths: Array) -> Array:
        """Objective of the null model at each strength, (m,)."""
        return np.asarray(np.full(len(strengths), self._null_loss) + self.null_penalty(strengths))

    @cached_property
    def _null_loss(self) -> float:
        """Σ s φ at the null model."""
        return self.value(self.null.eta)

    def about(self, response: Array, **changed: Any) -> Curved:
        """The same columns and penalty with another response, (n,)."""
        return replace(self, response=response, **changed)

    def intercepts(self, coef: Array, level: Array, columns: Indices | slice = slice(None)) -> Array:
        """Intercepts in original units, (m,), of coefficients (m, k) in original units of some columns."""
        return np.asarray(level - coef @ self.view.mean[columns]) if self.view.intercept else 0.0 * level

    def level_of(self, coef: Array, intercept: float) -> float:
        """The level of coefficients (p,) in original units and their intercept."""
        return float(intercept + coef @ self.view.mean) if self.view.intercept else 0.0
