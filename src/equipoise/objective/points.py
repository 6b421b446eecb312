"""Coefficient vectors of a problem, and what is asked of them whatever the loss."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.certificate import Certificate
from equipoise.objective.measures import Measures
from equipoise.objective.problem import Problem

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Settled:
    """What a solver has proved together about consecutive points of a batch.

    Attributes
    ----------
    measured : (k,) index array
        Features that are measured at these points.
    zeros : (m, k) bool array
        Which of those are proved zero at every solution.
    proved : (p,) bool array
        Which of the others are, for the strengths of all m points.
    doubtful : (d,) index array
        Features for which that proof holds at some points only, if at any.
    there : (m, d) bool array
        Whether each doubtful feature is proved zero at every solution, for the strength of each point.
    """

    measured: NDArray[np.intp]
    zeros: Flags
    proved: Flags
    doubtful: NDArray[np.intp]
    there: Flags

    def mark(self, out: Flags, rows: NDArray[np.intp]) -> None:
        """Write which of all p features are proved zero into some rows of ``out``."""
        out[rows] = self.proved
        for columns, zeros in ((self.doubtful, self.there), (self.measured, self.zeros)):
            if len(columns):
                out[rows[:, None], columns] = zeros


@dataclass(frozen=True)
class Points:
    """m coefficient vectors of a problem and their pulls.

    Attributes
    ----------
    problem : Problem
        The problem that they are to solve.
    strengths : (m,) array
        The strength of the penalty at each point.
    coef : (m, p) array
        Coefficients in the view's units.
    pull : (m, p) array
        The pull of each feature at each point; (m, 0) where a solver has measured the points.
    columns : (k,) index array or None
        The features that the points cover, where a solver has settled that all others are zero and balanced:
        coefficients and pulls are then (m, k).
    settled : tuple of Settled
        With ``columns``: which features are proved zero at every solution, some points after the other.
    measures : Measures or None
        The result of :meth:`measure`, where it is known.
    """

    problem: Problem
    strengths: Array
    coef: Array
    pull: Array
    columns: NDArray[np.intp] | None = field(default=None, kw_only=True)
    settled: tuple[Settled, ...] = field(default=(), kw_only=True)
    measures: Measures | None = field(default=None, kw_only=True)

    # The arrays that have one entry, or one row, for each point; and what is then known of some of them.
    per_point: ClassVar[tuple[str, ...]] = ("strengths", "coef", "pull")

    @abstractmethod
    def single(self, index: int) -> Self:
        """One of the points, with its intercept as it is stored."""

    @property
    @abstractmethod
    def intercept(self) -> float:
        """The stored intercept of the only point."""

    @abstractmethod
    def original(self) -> tuple[Array, Array]:
        """Coefficients (m, k) and intercepts (m,) in original units."""

    @abstractmethod
    def measure(self) -> Measures:
        """Evaluate violation, gap and proofs of zeros at every point, for the features that it covers."""

    @abstractmethod
    def takings(self, index: int, columns: NDArray[np.intp], coef: Array) -> Array:
        """What each of some columns times a coefficient, (k,), takes of a point's residual, (k, n).

        The pulls of these, summed over all penalised features at their coefficients, are the pulls without
        any of them less the point's own.
        """

    @abstractmethod
    def loss(self) -> Array:
        """Σ s_i φ_i at every point, (m,)."""

    @abstractmethod
    def certify(self, index: int = 0, *, found: bool = True) -> Certificate:
        """The certificate of one point; ``found=False`` where its coefficients come from outside."""

    def objective(self) -> Array:
        """Loss plus penalty at every point, (m,), for points that cover all features."""
        penalty = self.problem.penalty.at(self.strengths[:, None])
        return np.asarray(self.loss() + penalty.value(self.coef))

    def some(self, which: slice, **known: Any) -> Self:
        """Some of the points; what was settled or measured is dropped, unless passed as ``known``."""
        parts = {name: getattr(self, name)[which] for name in self.per_point}
        return replace(self, **(parts | {"settled": (), "measures": None} | known))

    def mark_zeros(self, measures: Measures, out: Flags, rows: NDArray[np.intp]) -> None:
        """Write which of all p features are proved zero into the rows of ``out`` (all points, p)."""
        if not self.settled:
            out[rows] = measures.zeros_proved
        done = 0
        for part in self.settled:
            part.mark(out, rows[done : done + len(part.zeros)])
            done += len(part.zeros)
