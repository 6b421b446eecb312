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
    """Features that a solver has proved zero together for all points of a batch.

    Attributes
    ----------
    proved : (p,) bool array
        Features that are zero at every solution, for the strengths of all points.
    doubtful : (d,) index array
        Features for which the proof holds at some points only, if at any.
    there : (m, d) bool array
        Whether each doubtful feature is proved zero at every solution, for the strength of each point.
    """

    proved: Flags
    doubtful: NDArray[np.intp]
    there: Flags


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
        The pull of each feature at each point.
    columns : (k,) index array or None
        The features that the points cover, where a solver has settled that all others are zero and balanced:
        coefficients and pulls are then (m, k).
    settled : Settled or None
        With ``columns``: which of the others are proved zero at every solution.
    measures : Measures or None
        The result of :meth:`measure`, where it is known.
    """

    problem: Problem
    strengths: Array
    coef: Array
    pull: Array
    columns: NDArray[np.intp] | None = field(default=None, kw_only=True)
    settled: Settled | None = field(default=None, kw_only=True)
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

    def first(self, count: int, settled: Settled, measures: Measures) -> Self:
        """The leading points, with what a solver has settled and measured at all of them."""
        some = slice(count)
        settled = replace(settled, there=settled.there[some])
        return self.some(some, settled=settled, measures=measures.of(some))

    def some(self, which: slice, **known: Any) -> Self:
        """Some of the points; what was settled or measured is dropped, unless passed as ``known``."""
        parts = {name: getattr(self, name)[which] for name in self.per_point}
        return replace(self, **(parts | {"settled": None, "measures": None} | known))

    def mark_zeros(self, measures: Measures, out: Flags, rows: NDArray[np.intp]) -> None:
        """Write which of all p features are proved zero into the rows of ``out`` (all points, p)."""
        if self.columns is None or self.settled is None:
            out[rows] = measures.zeros_proved
            return
        out[rows] = self.settled.proved
        out[rows[:, None], self.settled.doubtful] = self.settled.there
        out[rows[:, None], self.columns] = measures.zeros_proved
