"""A weighted, centred and scaled view of a design: the one place that knows a column's standard deviation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from equipoise.design.base import Columns, Design
from equipoise.design.columns import DenseColumns
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# A column whose mean is this many standard deviations from zero is centred before it is multiplied: at a
# ratio of m the raw product loses log10(m) digits, and one or two do no harm to a tolerance of 1e-9.
FAR = 30.0


@dataclass(frozen=True)
class Standardized:
    """The matrix √s ∘ (X − 1·centreᵀ) · diag(1/scale), never formed.

    In these units the weighted problem with an intercept is plain least squares. Scales are powers of two,
    so that scaling is exact both ways; they bring every column's norm into [½, 1).

    Attributes
    ----------
    design : Design
        The columns as given.
    root : (n,) array or None
        √s, None where all weights are 1.
    weight : float
        Σ s.
    intercept : bool
        Whether columns are centred.
    mean : (p,) array
        Weighted mean of each column.
    scale : (p,) array
        What each column is divided by.
    norm : (p,) array
        Norm of each column of this view, in [½, 1); 0 for a constant one.
    sd : (p,) array
        Weighted 1/n standard deviation of each column as given, about its mean even without an intercept.
    """

    design: Design
    root: Array | None
    weight: float
    intercept: bool
    mean: Array
    scale: Array
    norm: Array
    sd: Array

    @classmethod
    def of(cls, design: Design, weights: Array | None, intercept: bool, moments: Moments) -> Standardized:
        """Build the view from the moments of the same data."""
        diagonal = moments.xx if moments.xx.ndim == 1 else np.diagonal(moments.xx)
        mean = moments.mean_x
        measured = np.sqrt(np.maximum(diagonal, 0.0))
        centred = np.where(_constant(design, weights, mean, measured), 0.0, measured)
        norm = centred if intercept else np.hypot(measured, np.sqrt(moments.weight) * mean)
        _, exponent = np.frexp(norm)
        scale = np.where(norm > 0, np.ldexp(1.0, exponent), 1.0)
        return cls(
            design,
            None if weights is None else np.sqrt(weights),
            moments.weight,
            intercept,
            mean,
            scale,
            norm / scale,
            centred / np.sqrt(moments.weight),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.design.shape

    @cached_property
    def _centre(self) -> Array | None:
        """The means, where columns have to be centred before a product.

        Else no centring is needed, as the residual has mean zero: Σ s_i (x_i − x̄) r_i = Σ s_i x_i r_i.
        """
        far = np.abs(self.mean) * np.sqrt(self.weight) > FAR * (self.norm * self.scale)
        return self.mean if self.intercept and bool(np.any(far & (self.norm > 0))) else None

    @cached_property
    def _has_constant(self) -> bool:
        """Whether some column is constant."""
        return bool(np.any(self.norm == 0))

    @cached_property
    def _factor(self) -> Array:
        """What each column is multiplied by; 0 for a constant one."""
        return np.where(self.norm == 0, 0.0, 1.0 / self.scale)

    def without_mean(self, vector: Array) -> Array:
        """Vectors (…, n) of √s-weighted rows less their projection on the intercept, if there is one."""
        if not self.intercept:
            return vector
        if self.root is None:
            return np.asarray(vector - np.add.reduce(vector, axis=-1, keepdims=True) / vector.shape[-1])
        return np.asarray(vector - np.multiply.outer((vector @ self.root) / self.weight, self.root))

    def weigh(self, vector: Array) -> Array:
        """√s ∘ vector."""
        return vector if self.root is None else self.root * vector

    def predict(self, coef: Array) -> Array:
        """The view times a coefficient vector (p,), through its non-zero entries where they are few."""
        if self._has_constant:
            # A constant column of this view is zero, however large its values.
            coef = np.where(self.norm == 0, 0.0, coef)
        support = np.flatnonzero(coef)
        few = 4 * len(support) < len(coef)
        w = (coef / self.scale)[support] if few else coef / self.scale
        fitted = self.design.predict(support if few else None, w, self._centre)
        return self.without_mean(self.weigh(fitted))

    def pull(self, residual: Array) -> Array:
        """Transpose of the view times a residual that is orthogonal to the intercept."""
        out = self.design.pull(self.weigh(residual), self._centre) / self.scale
        return np.asarray(np.where(self.norm == 0, 0.0, out) if self._has_constant else out)

    def pulls(self, residuals: Array) -> Array:
        """Transpose of the view times each of m such residuals, (m, n) to (m, p)."""
        weighed = residuals if self.root is None else self.root * residuals
        out = self.design.pulls(weighed, self._centre) / self.scale
        return np.asarray(np.where(self.norm == 0, 0.0, out) if self._has_constant else out)

    def measured(self, residual: Array) -> tuple[Array, Array]:
        """The mean of each column and its pull on a residual, as given, (p,) each; in one pass."""
        ones = np.ones(self.shape[0]) if self.root is None else self.root
        sums, pull = self.design.pulls(self.weigh(np.stack([ones, residual])), self._centre)
        mean = sums / self.weight
        pull[self.norm == 0] = 0.0
        return mean if self._centre is None else mean + self._centre, pull

    def linear(self, coef: Array) -> Array:
        """(X − 1·meanᵀ)/scale times a coefficient vector (p,): the view without the roots of weights, (n,).

        Without an intercept no mean is subtracted.
        """
        coef = np.where(self.norm == 0, 0.0, coef) if self._has_constant else coef
        support = np.flatnonzero(coef)
        few = 4 * len(support) < len(coef)
        w = (coef / self.scale)[support] if few else coef / self.scale
        fitted = self.design.predict(support if few else None, w, self._centre)
        if self.intercept and self._centre is None:
            fitted = fitted - float(w @ (self.mean[support] if few else self.mean))
        return fitted

    def pull_of_rows(self, rows: Array) -> Array:
        """The transpose of the same times any vector of rows (n,), weights included, (p,)."""
        return self._pulls_less_mean(self.design.pull(rows, self._centre), rows)

    def pulls_of_rows(self, rows: Array) -> Array:
        """The same of each of m vectors of rows, (m, n) to (m, p)."""
        return self._pulls_less_mean(self.design.pulls(rows, self._centre, together=True), rows)

    def _pulls_less_mean(self, out: Array, rows: Array) -> Array:
        if self.intercept and self._centre is None:
            out -= np.multiply.outer(rows.sum(axis=-1), self.mean)
        out /= self.scale
        return np.asarray(np.where(self.norm == 0, 0.0, out) if self._has_constant else out)

    def plain_columns(self, indices: Indices) -> Array:
        """Columns of (X − 1·meanᵀ)/scale, without the roots of weights, (n, k) in Fortran order."""
        out = self.design.columns(indices, self.mean if self.intercept else None)
        out /= self.scale[indices]
        out[:, self.norm[indices] == 0] = 0.0
        return out

    def columns(self, indices: Indices) -> Array:
        """The view's columns ``indices``, as a new (n, k) array in Fortran order."""
        out = self.plain_columns(indices)
        if self.root is not None:
            out *= self.root[:, None]
        return out

    def gather(self, indices: Indices) -> Columns:
        """The view's columns ``indices``, in the form in which they are multiplied fastest."""
        return self._gather(indices, self.root)

    def gather_plain(self, indices: Indices) -> Columns:
        """The same without the roots of weights."""
        return self._gather(indices, None)

    def _gather(self, indices: Indices, root: Array | None) -> Columns:
        centre = self.mean if self.intercept else None
        found = self.design.compressed(indices, centre, self._factor, root)
        if found is not None:
            return found
        columns = self.plain_columns(indices)
        if root is not None:
            columns *= root[:, None]
        return DenseColumns(columns, self.shape[1])

    def single(self) -> NDArray[np.float32] | None:
        """All of the view in single precision, (n, p); None where that would save no time."""
        return self.design.single(self.mean if self.intercept else None, self._factor, self.root)

    def gram(self, moments: Moments) -> Array:
        """All of the view's Gram matrix, (p, p), from moments that hold XᵀX."""
        xx = moments.xx if self.intercept else moments.about_zero()[0]
        out = np.divide(xx, self.scale, order="C")
        out /= self.scale[:, None]
        if self._has_constant:
            flat = self.norm == 0
            out[flat] = 0.0
            out[:, flat] = 0.0
        return out

    def cross(self, moments: Moments) -> Array:
        """The view's pull of the response itself, (p,)."""
        xy = moments.xy if self.intercept else moments.about_zero()[1]
        return np.where(self.norm == 0, 0.0, xy / self.scale)


def _constant(design: Design, weights: Array | None, mean: Array, centred: Array) -> NDArray[np.bool_]:
    """Columns of a single value, given their means and centred norms.

    Where these leave it open, the smallest and largest value decide.
    """
    size = np.abs(mean)
    doubtful = np.flatnonzero((centred <= 1e-6 * np.sqrt(design.shape[0]) * size) & (size > 0))
    constant = np.asarray(centred == 0)
    if len(doubtful):
        low, high = design.extremes(doubtful, None if weights is None else weights > 0)
        constant[doubtful] = low == high
    return constant
