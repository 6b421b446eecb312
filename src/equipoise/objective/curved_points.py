"""Points of a problem whose curvature changes, with the intercepts that belong to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.certificate import Certificate
from equipoise.objective.curved import Curved, Place
from equipoise.objective.curved_measures import measure, measure_some
from equipoise.objective.curved_proofs import certify
from equipoise.objective.intercept_alone import fit_intercept
from equipoise.objective.measures import Measures
from equipoise.objective.points import Points

Array = NDArray[np.float64]

CLOSE = 1e-6  # on so short a way the curvature in the middle is the average


@dataclass(frozen=True)
class CurvedPoints(Points):
    """m coefficient vectors of a problem of any smooth loss, and their pulls Zᵀ(s∘r).

    Attributes
    ----------
    level : (m,) array
        The intercepts of the centred columns.
    eta : (m, n) array
        The linear predictors.
    """

    problem: Curved
    level: Array
    eta: Array

    per_point: ClassVar[tuple[str, ...]] = (*Points.per_point, "level", "eta")

    @classmethod
    @np.errstate(over="ignore", invalid="ignore")  # far from a solution a loss may be infinite
    def evaluate(
        cls, problem: Curved, strengths: Array, coef: Array, intercept: Array | None = None
    ) -> CurvedPoints:
        """Points of coefficients (m, p) in the view's units, with intercepts in original units if given."""
        levels = []
        for k, w in enumerate(coef):
            if intercept is not None:
                levels.append(problem.level_of(w / problem.view.scale, float(intercept[k])))
            elif problem.view.intercept:
                eta = problem.at(w, 0.0).eta
                levels.append(fit_intercept(problem.kind, problem.response, eta, problem.weights))
            else:
                levels.append(0.0)
        return cls.of(problem, strengths, [problem.at(w, b) for w, b in zip(coef, levels, strict=True)])

    @classmethod
    def of(cls, problem: Curved, strengths: Array, places: list[Place]) -> CurvedPoints:
        """Points at places whose linear predictors are known."""
        eta = np.array([place.eta for place in places])
        return cls(
            problem,
            strengths,
            np.array([place.coef for place in places]),
            problem.pulls(problem.residual(eta)),
            np.array([place.level for place in places]),
            eta,
        )

    def whole(self) -> CurvedPoints:
        """The same points with all features."""
        if self.columns is None:
            return self
        coef = np.zeros((len(self.coef), self.problem.view.shape[1]))
        coef[:, self.columns] = self.coef
        pull = self.problem.pulls(self.problem.residual(self.eta))
        return replace(self, coef=coef, pull=pull, columns=None, measures=None)

    def place(self, index: int) -> Place:
        """One of the points with its linear predictor."""
        return Place(self.coef[index], float(self.level[index]), self.eta[index])

    def single(self, index: int) -> CurvedPoints:
        """One of the points."""
        one = slice(index, index + 1)
        known = {} if self.measures is None else {"measures": self.measures.of(one)}
        return self.some(one, **known)

    @property
    def intercept(self) -> float:
        """The stored intercept of the only point."""
        return float(self.original()[1][0])

    def original(self) -> tuple[Array, Array]:
        """Coefficients (m, k) and intercepts (m,) in original units."""
        columns = slice(None) if self.columns is None else self.columns
        w = self.coef / self.problem.view.scale[columns]
        return w, self.problem.intercepts(w, self.level, columns)

    def takings(self, index: int, columns: NDArray[np.intp], coef: Array) -> Array:
        """S C P_C x_k coef_k, (k, n), with the secant of each residual over the way from the null model as C.

        ``C_i = −(r_i − r0_i)/(η_i − η0_i)`` is the average curvature of the row on that way, and P_C removes
        intercept and unpenalised columns in the metric S C.
        """
        problem, view = self.problem, self.problem.view
        place, start = self.place(index), problem.without_penalised
        weights = problem.weigh(secant(problem, start.eta, place.eta))
        taken = view.plain_columns(columns) * coef
        free = view.plain_columns(np.flatnonzero(problem.penalty.unpenalised & (view.norm > 0)))
        basis = np.column_stack([np.ones(len(weights)), free]) if view.intercept else free
        if basis.shape[1]:
            root = np.sqrt(weights)[:, None]
            fitted = np.linalg.lstsq(root * basis, root * taken, rcond=None)[0]
            taken = taken - basis @ fitted
        return np.asarray((weights[:, None] * taken).T)

    def loss(self) -> Array:
        """Σ s_i φ_i at every point, (m,)."""
        return self.value

    @cached_property
    def value(self) -> Array:
        """Σ s φ, (m,)."""
        return self.problem.values(self.eta)

    def measure(self) -> Measures:
        """Evaluate violation, gap and proofs of zeros at every point."""
        if self.measures is None:
            own = (self.strengths, self.coef, self.level, self.eta, self.pull)
            if self.columns is None:
                found = measure(self.problem, *own)
            else:
                found = measure_some(self.problem, *own, self.columns) or self.whole().measure()
            vars(self)["measures"] = found
        assert self.measures is not None
        return self.measures

    def mark_zeros(self, measures: Measures, out: NDArray[np.bool_], rows: NDArray[np.intp]) -> None:
        """Write which of all p features are proved zero into the rows of ``out`` (all points, p)."""
        if measures.zeros_proved.shape[1] == out.shape[1]:
            out[rows] = measures.zeros_proved
            return
        out[rows] = True
        out[rows[:, None], self.columns] = measures.zeros_proved

    @np.errstate(over="ignore", invalid="ignore")
    def certify(self, index: int = 0, *, found: bool = True) -> Certificate:
        """The certificate of one point; ``found=False`` where its coefficients come from outside."""
        measures = self.measure()
        return certify(
            self.problem, float(self.strengths[index]), self.place(index), measures, index, found=found
        )


def secant(problem: Curved, start: Array, end: Array) -> Array:
    """The average curvature of each row between two linear predictors, (n,): the secant of its residual."""
    loss, y = problem.kind, problem.response
    step = end - start
    near = np.abs(step) < CLOSE
    fall = loss.residual(y, start) - loss.residual(y, end)
    middle = loss.curvature(y, 0.5 * (start + end))
    return np.where(near, middle, fall / np.where(near, 1.0, step))
