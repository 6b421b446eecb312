"""The optimality conditions, written once: violation, duality gap, and what they prove.

Mathematics (squared loss; units of :class:`~equipoise.objective.problem.Squares`). With the residual r,
pull u = Ãᵀr and penalty h*, the dual point is θ = α P r, where P takes the unpenalised columns out and α ≤ 1
makes θ feasible where the conjugate penalty would be infinite. Summing the Fenchel–Young inequality over
rows and features, the gap between the objective and its dual value is

    gap = ½ ‖r − P r‖² + ½ (1 − α)² ‖P r‖² + Σ_j [ l1_j|w_j| + l2_j w_j² + h_j(α u_j) − α u_j w_j ],

a sum of terms none of which is negative: unlike the difference of the two values it loses no digits.

Rounding. A pull computed in float64 differs from the exact one by at most about
``γ ‖x_j‖ (‖y‖ + Σ_k ‖x_k‖ |w_k|)``, γ = 2 eps (8 + √n): inner products of length n err by √n roundings
with overwhelming probability (Higham & Mary, 2019), residual entries by a few. Every proof below
allows for this error; what cannot be proved with it is not claimed.

The intercept is a float64, too. With residuals of mean m it costs ½ Σs m² more than the best one, whatever
the coefficients: this is added to the gap, and takes no part in proofs about coefficients.

Sources: Fercoq, Gramfort & Salmon (2015) and Ndiaye et al. (2017) for the gap-safe radius, generalised to
weights, boxes and unpenalised columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


PRECISION = 1e-9  # an optimal pull is within this fraction of its limit …
ROUNDINGS = 64.0  # … or within this many roundings eps·‖x_j‖·‖y − o‖, where float64 ends
FLOOR = ROUNDINGS * float(np.finfo(np.float64).eps)  # a residual of this share of ‖y − o‖ is rounding


class Measures(NamedTuple):
    """The conditions evaluated at m points.

    Attributes
    ----------
    violation, intercept_violation, gap, relative_gap : (m,) arrays
        See :class:`Certificate`.
    balanced : (m,) bool array
        Whether every distance is at most max(1e-9·l1_j, 64 roundings).
    precise : (m,) bool array
        Whether every distance is at most 1e-9·l1_j wherever l1_j > 0.
    reach : (m,) array
        Largest distance between the point's pull and that of any solution, per unit of a column's norm.
    zeros_proved : (m, p) bool array
        Features that are zero at every solution.
    """

    violation: Array
    intercept_violation: Array
    gap: Array
    relative_gap: Array
    balanced: Flags
    precise: Flags
    reach: Array
    zeros_proved: Flags

    @classmethod
    def join(cls, parts: Sequence[Measures], order: NDArray[np.intp] | slice, zeros: Flags) -> Measures:
        """Batches of measures as one, its points rearranged by ``order``; ``zeros`` are so already."""
        vectors = list(zip(*parts, strict=True))[:-1]
        return cls._make([*(np.concatenate(vector)[order] for vector in vectors), zeros])

    def capped(self, most: Array, null: Array, response_norm: float) -> Measures:
        """The same with a gap of ``most`` (m,) at most; ``null`` and ``response_norm`` as in counting."""
        gap = np.minimum(self.gap, most)
        return self._replace(gap=gap, relative_gap=_relative(gap, null, response_norm))

    def counting(self, shift: Array, tolerance: Array, null: Array, response_norm: float) -> Measures:
        """The same at stored intercepts.

        Parameters
        ----------
        shift, tolerance : (m,) arrays
            What :class:`~equipoise.objective.intercepts.Intercepts` says of them.
        null : (m,) array
            Objective of the null model.
        response_norm : float
            ‖√s∘(y − o)‖.
        """
        shift = np.abs(shift)
        gap = self.gap + 0.5 * shift**2
        return Measures(
            self.violation,
            shift / response_norm if response_norm > 0 else 0.0 * shift,
            gap,
            _relative(gap, null, response_norm),
            self.balanced & (shift <= tolerance),
            self.precise,
            self.reach,
            self.zeros_proved,
        )

    def of(self, points: slice) -> Measures:
        """The measures of a slice of the points."""
        return Measures._make(part[points] for part in self)


def _relative(gap: Array, null: Array, response_norm: float) -> Array:
    """Gaps ÷ objectives of the null model; 0 where that is rounding."""
    measurable = null > (FLOOR * response_norm) ** 2
    return np.divide(gap, null, out=np.zeros(len(gap)), where=measurable)
