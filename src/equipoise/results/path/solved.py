"""From the points of a solver to what a path keeps of them: coefficients, measures, certificates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.certificate import Certificate
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.evaluate import certify, evaluate
from equipoise.objective.measures import Measures
from equipoise.objective.no_solution import separating
from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.results.fit.result import Fit
from equipoise.setup.setup import Setup
from equipoise.setup.unchanged import refuse_changed
from equipoise.solve.path import solve_point

if TYPE_CHECKING:
    from equipoise.results.path.result import Path

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


def collect(
    setup: Setup, order: Indices, batches: Iterable[Points]
) -> tuple[Indices, Array, Array, Measures]:
    """Measure and store points as they come.

    Returns the features that are non-zero at some strength (k,), their coefficients in original units (m, k),
    the intercepts (m,) and the measures. ``order`` (m,) sorts the strengths descending, as the points come.
    """
    parts: list[tuple[Indices, Array]] = []
    intercepts: list[Array] = []
    measures: list[Measures] = []
    zeros = np.empty((len(order), len(setup.names)), dtype=bool)
    done = 0
    for points in batches:
        found = points.measure()
        points.mark_zeros(found, zeros, order[done : done + len(points.strengths)])
        done += len(points.strengths)
        measures.append(found)
        used = np.flatnonzero(points.coef.any(axis=0))
        w, intercept = points.original()
        parts.append((used if points.columns is None else points.columns[used], w[:, used]))
        intercepts.append(intercept)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    ever = np.unique(np.concatenate([nonzero for nonzero, _ in parts])).astype(np.intp)
    values = np.zeros((len(order), len(ever)))
    row = 0
    for nonzero, coef in parts:
        own = np.searchsorted(ever, nonzero)
        values[row : row + len(coef), own] = coef
        row += len(coef)
    return ever, values[place], np.concatenate(intercepts)[place], Measures.join(measures, place, zeros)


def measured(
    problem: Problem, strength: float, ever: Indices, values: Array, intercept: float | None
) -> Points:
    """A stored point, of which some coefficients (k,) are given in original units, measured on the data."""
    coef = np.zeros((1, problem.view.shape[1]))
    coef[0, ever] = values * problem.view.scale[ever]
    given = None if intercept is None else np.array([intercept])
    return evaluate(problem, np.array([strength]), coef, given)


def solution_at(path: Path, setup: Setup, strength: float) -> Fit:
    """The path's own solution at one of its strengths, if it is balanced; else a new one."""
    for i in np.flatnonzero(path.strengths == strength):
        intercept = None if setup.loss.squared else float(path.intercept[i])  # least squares know the best
        points = measured(setup.problem, strength, path.ever, path.values[i], intercept)
        if points.measure().balanced[0]:
            return replace(Fit.of(setup, points), intercept=float(path.intercept[i]))
    return Fit.of(setup, solve_point(setup.problem, strength))


def separating_features(setup: Setup, path: Path, index: int) -> list[int]:
    """The features of the model at one of the path's strengths that separate the responses."""
    strength, intercept = float(path.strengths[index]), float(path.intercept[index])
    points = measured(setup.problem, strength, path.ever, path.values[index], intercept)
    assert isinstance(points, CurvedPoints)
    found: list[int] = separating(points.problem, points.place(0)).tolist()
    return found


class Certificates(Sequence[Certificate]):
    """The certificates of a path.

    Violations, gaps and proved zeros of all points were computed with the path; uniqueness and the proof of
    non-zeros are worked out when a certificate is first read.
    """

    def __init__(
        self, setup: Setup, strengths: Array, coef: Array, intercept: Array, measures: Measures
    ) -> None:
        self.setup = setup
        self._strengths = strengths
        self._coef = coef
        self._intercept = intercept
        self.measures = measures
        self._drawn: dict[int, Certificate] = {}

    def __len__(self) -> int:
        return len(self._strengths)

    @overload
    def __getitem__(self, index: int) -> Certificate: ...

    @overload
    def __getitem__(self, index: slice) -> list[Certificate]: ...

    def __getitem__(self, index: int | slice) -> Certificate | list[Certificate]:
        if isinstance(index, slice):
            return self._draw(range(*index.indices(len(self))))
        return self._draw([range(len(self))[index]])[0]

    def __iter__(self) -> Iterator[Certificate]:
        return iter(self[:])

    def _draw(self, places: Sequence[int]) -> list[Certificate]:
        """Some of the certificates; X is read for them where XᵀX is not held, and must be what it was."""
        problem = self.setup.problem
        if not problem.whole and not self._drawn.keys() >= set(places):
            refuse_changed(self.setup)
        for i in places:
            if i not in self._drawn:
                strength, coef = float(self._strengths[i]), self._coef[i] * problem.view.scale
                intercept = float(self._intercept[i])
                self._drawn[i] = certify(problem, strength, coef, intercept, self.measures, i)
        return [self._drawn[i] for i in places]
