"""Intercepts as float64 stores them, and the mean residual that they leave."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, inf

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares

Array = NDArray[np.float64]

SPLIT = 2.0**27 + 1.0  # splits a float64 into two halves whose products are exact (Dekker, 1971)


@dataclass(frozen=True)
class Intercepts:
    """The intercepts of m points, each a float64.

    The best intercept of coefficients w is ȳ − Σ_j w_j x̄_j. Far from zero its terms are large and cancel, and
    the sum is a float64 only after rounding: the residuals then have a mean, which costs ½ Σs · mean².

    Attributes
    ----------
    values : (m,) array
        The intercepts.
    shift : (m,) array
        √Σs times the weighted mean of the residual that each leaves, made larger by the rounding of the
        means: no smaller than the exact one.
    tolerance : (m,) array
        The ``shift`` of an intercept that was computed with care in float64.
    """

    values: Array
    shift: Array
    tolerance: Array

    @classmethod
    def of(
        cls,
        problem: Squares,
        w: Array,
        values: Array | None = None,
        columns: NDArray[np.intp] | slice = slice(None),
    ) -> Intercepts:
        """Those of coefficients (m, k) in original units; by default the best, correctly rounded.

        Parameters
        ----------
        problem : Squares
            The problem.
        w : (m, k) array
            Coefficients of the ``columns``; all others are zero.
        values : (m,) array, optional
            Intercepts from elsewhere.
        columns : (k,) index array, optional
            By default all.
        """
        view, moments = problem.view, problem.moments
        if not view.intercept:
            return cls(*np.zeros((3, len(w))))
        far, near = moments.shift_x[columns], moments.offset_x[columns]
        terms = _terms(w, far, near, moments.shift_y, moments.offset_y)
        if values is None:
            values = _sums(terms)
            left = np.copysign(0.5 * np.spacing(np.abs(values)), values)
        else:
            left = _sums([[*row, -b] for row, b in zip(terms, values.tolist(), strict=True)])
        root = float(np.sqrt(view.weight)) * (1.0 + 8.0 * EPS)  # products round, too
        size = np.abs(w)
        # Means are kept as shift + offset: what rounds is the sum of the distances from the shift.
        spread = size @ np.hypot(view.sd[columns], near)
        spread_y = np.hypot(np.sqrt(moments.yy / view.weight), moments.offset_y)
        rounding = EPS * (4.0 + np.sqrt(moments.rows)) * root * (spread + spread_y)
        rounding += EPS * problem.response_norm
        away = root * (size @ np.abs(view.mean[columns]) + abs(problem.response_mean))
        tolerance = ROUNDINGS * EPS * (away + problem.response_norm) + 2.0 * rounding
        return cls(values, root * left + np.copysign(rounding, left), tolerance)


def _terms(w: Array, far: Array, near: Array, far_y: float, near_y: float) -> list[list[float]]:
    """For each row of w, numbers with the sum ȳ − Σ_j w_j x̄_j, but for the rounding of w_j near_j."""
    parts = -w * near
    if far.any():
        parts = np.concatenate([parts, *(a * b for a in _halves(-w) for b in _halves(far))], axis=1)
    return [[far_y, near_y, *row] for row in parts.tolist()]


def _halves(values: Array) -> tuple[Array, Array]:
    """Each number as the sum of two of 26 bits."""
    large = values * SPLIT
    high = large - (large - values)
    return high, values - high


def _sums(rows: list[list[float]]) -> Array:
    """The sum of each row, rounded once; infinite where it overflows on the way."""
    try:
        return np.array([fsum(row) for row in rows])
    except (OverflowError, ValueError):
        return np.array([_sums([row])[0] for row in rows]) if len(rows) > 1 else np.array([inf])
