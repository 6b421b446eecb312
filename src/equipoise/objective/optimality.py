"""The optimality conditions, written once: violation, duality gap, and what they prove.

Mathematics (squared loss; units of :class:`~equipoise.objective.problem.Problem`). With the residual r,
pull u = Ãᵀr and penalty h*, the dual point is θ = α P r, where P takes the unpenalised columns out and α ≤ 1
makes θ feasible where the conjugate penalty would be infinite. Summing the Fenchel–Young inequality over
rows and features, the gap between the objective and its dual value is

    gap = ½ ‖r − P r‖² + ½ (1 − α)² ‖P r‖² + Σ_j [ l1_j|w_j| + l2_j w_j² + h_j(α u_j) − α u_j w_j ],

a sum of terms none of which is negative: unlike the difference of the two values it loses no digits.

Rounding. A pull computed in float64 differs from the exact one by at most about
``γ ‖x_j‖ (‖y‖ + Σ_k ‖x_k‖ |w_k|)``, γ = 2 eps (8 + √n): inner products of length n err by √n roundings
with overwhelming probability (Higham & Mary, 2019), residual entries by a few. Every proof below
carries this margin; a proof that fails only by it is withheld.

Sources: Fercoq, Gramfort & Salmon (2015) and Ndiaye et al. (2017) for the gap-safe radius, generalised to
weights, boxes and unpenalised columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.objective._scan import measure as scan
from equipoise.objective.problem import EPS, Problem

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

PRECISION = 1e-9  # an optimal pull is within this fraction of its limit …
ROUNDINGS = 64.0  # … or within this many roundings eps·‖x_j‖·‖y − o‖, where float64 ends


class Status(Enum):
    """What a certificate says, as a sentence.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1).certificate.status.name
    'OPTIMAL'
    """

    OPTIMAL = "optimal: every pull is balanced to within 1e-9 of its limit, and no other solution exists"
    NOT_UNIQUE = (
        "optimal, but it is not proved to be the only solution: other coefficients may fit as well; "
        "add a little l2 or drop duplicate columns to make the choice unique"
    )
    AT_PRECISION = (
        "optimal as far as float64 can tell: the limits are so small beside the data that rounding decides "
        "the last digits; a larger penalty or fewer near-copies among the columns sharpen it"
    )
    NUMERICAL = (
        "not certified: rounding keeps some pulls from balancing to within 1e-9 of their limits; "
        "look for columns that are almost copies of each other, or use a larger penalty"
    )
    NOT_OPTIMAL = "not the solution: the objective can still be lowered"

    @property
    def optimal(self) -> bool:
        """Whether it speaks of a solution."""
        return self in (Status.OPTIMAL, Status.NOT_UNIQUE, Status.AT_PRECISION)


@dataclass(frozen=True)
class Measures:
    """The conditions evaluated at m points.

    Attributes
    ----------
    violation, intercept_violation, gap, relative_gap : (m,) arrays
        See :class:`Certificate`.
    balanced, precise : (m,) bool arrays
        Every distance within max(1e-9·l1_j, 64 roundings); within 1e-9·l1_j alone wherever l1_j > 0.
    reach : (m,) array
        How far the pull of any solution can be from the one at hand, per unit of a column's norm.
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
    def join(cls, parts: Sequence[Measures], order: NDArray[np.intp], zeros: Flags) -> Measures:
        """Batches of measures as one, its points rearranged; ``zeros`` are in their places already."""
        vectors = [
            np.concatenate([getattr(measures, field.name) for measures in parts])[order]
            for field in fields(cls)[:-1]
        ]
        return cls(*[*vectors, zeros])

    def of(self, points: slice) -> Measures:
        """The measures of some of the points."""
        return Measures(*(getattr(self, f.name)[points] for f in fields(self)))


@dataclass(frozen=True)
class Certificate:
    """Proof that coefficients solve their problem, and how far it reaches.

    Parameters
    ----------
    gap : float
        Upper bound on how much the objective could still fall, rounding included.
    relative_gap : float
        ``gap`` ÷ objective of the null model (0 where both are 0).
    violation : float
        Largest distance of a pull to its subgradient interval, ÷ l1_j, or ÷ ‖x_j‖‖y − o‖ where l1_j = 0.
    intercept_violation : float
        ``|Σ s_i r_i| / (√Σs · ‖y − o‖)``; 0 without an intercept.
    zeros_proved : (p,) bool array
        Features that are zero at *every* solution. A constant column is held at zero by convention, for the
        intercept says what it could say: neither this nor ``unique`` counts its freedom.
    support_proved : bool
        All zeros and all non-zeros are proved.
    unique : bool
        The solution is proved to be the only one.
    status : Status
        The verdict; its value is a sentence.

    References
    ----------
    Fercoq, Gramfort & Salmon (2015), *ICML*; Ndiaye, Fercoq, Gramfort & Salmon (2017), *JMLR* 18, for the
    gap-safe sphere.

    Examples
    --------
    >>> import equipoise as eq
    >>> certificate = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False).certificate
    >>> certificate.zeros_proved
    array([False,  True])
    >>> certificate.optimal, certificate.support_proved, certificate.unique
    (True, True, True)
    """

    gap: float
    relative_gap: float
    violation: float
    intercept_violation: float
    zeros_proved: Flags
    support_proved: bool
    unique: bool
    status: Status

    @property
    def optimal(self) -> bool:
        """Whether every condition holds: each distance ≤ max(1e-9·l1_j, 64·eps·‖x_j‖‖y − o‖)."""
        return self.status.optimal

    def to_dict(self) -> dict[str, Any]:
        """All attributes, JSON-able."""
        return {
            "gap": _finite(self.gap),
            "relative_gap": _finite(self.relative_gap),
            "violation": _finite(self.violation),
            "intercept_violation": self.intercept_violation,
            "zeros_proved": self.zeros_proved.tolist(),
            "support_proved": self.support_proved,
            "unique": self.unique,
            "status": self.status.value,
            "optimal": self.optimal,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Certificate:
        """Rebuild what :meth:`to_dict` wrote.

        Parameters
        ----------
        data : dict
            The attributes.
        """
        values = dict(data)
        values.pop("optimal")
        values["status"] = Status(values["status"])
        values["zeros_proved"] = np.array(values["zeros_proved"], dtype=bool)
        for name in ("gap", "relative_gap", "violation"):
            values[name] = np.inf if values[name] is None else values[name]
        return cls(**values)

    def __str__(self) -> str:
        zeros = int(self.zeros_proved.sum())
        return "\n".join(
            (
                f"Certificate: {self.status.value}.",
                f"  relative duality gap ≤ {self.relative_gap:.1e}; largest violation {self.violation:.1e} "
                "of its limit;",
                f"  {zeros} zeros proved for every solution; support "
                f"{'proved' if self.support_proved else 'not proved'}; "
                f"solution {'proved unique' if self.unique else 'not proved unique'}.",
            )
        )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


@dataclass(frozen=True)
class Settled:
    """Features that a solver has settled at zero without a look at each point's own pull.

    Attributes
    ----------
    proved : (p,) bool array
        Zero at every solution, at every one of the points.
    doubtful : (d,) index array
        Features for which that differs from point to point,
    there : (m, d) bool array
        and where it holds.
    """

    proved: Flags
    doubtful: NDArray[np.intp]
    there: Flags


@dataclass(frozen=True)
class Points:
    """Points of a problem to be measured: their coefficients and what the data say of them.

    Attributes
    ----------
    problem : Problem
        What they are to solve.
    strengths : (m,) array
        The strength of the penalty at each.
    coef : (m, p) array
        Coefficients in the view's units.
    pull : (m, p) array
        Ãᵀr.
    rss : (m,) array
        ‖r‖².
    dual_pull : (m, p) array
        Ãᵀ P r; the same array as ``pull`` where the unpenalised columns are already balanced.
    spill : (m,) array
        ‖r − P r‖², what the unpenalised columns could still take.
    shift : (m,) array
        √Σs times the weighted mean of the residual at the intercept as it is; 0 without one.
    shift_rounding : (m,) array
        What rounding can have done to it.
    columns : (k,) index array or None
        The features that the points speak of, where a solver has settled all others: coefficients and pulls
        are then (m, k).
    settled : Settled or None
        With ``columns``: which of the others are proved zero at every solution. All of them are zero, and
        balanced.
    measures : Measures or None
        What :meth:`measure` would find, where that is known.
    """

    problem: Problem
    strengths: Array
    coef: Array
    pull: Array
    rss: Array
    dual_pull: Array
    spill: Array
    shift: Array
    shift_rounding: Array
    columns: NDArray[np.intp] | None = None
    settled: Settled | None = None
    measures: Measures | None = None

    @classmethod
    def of(
        cls,
        problem: Problem,
        strengths: Array,
        coef: Array,
        pull: Array,
        rss: Array,
        intercept: Array | None = None,
        columns: NDArray[np.intp] | None = None,
    ) -> Points:
        """Points of a solver, whose unpenalised columns are balanced; intercepts are theirs unless given."""
        if intercept is None:
            shift = rounding = np.zeros(len(rss))
        else:
            shift, rounding = problem.intercept_error(coef, intercept)
        return cls(problem, strengths, coef, pull, rss, pull, np.zeros(len(rss)), shift, rounding, columns)

    @classmethod
    def evaluate(
        cls, problem: Problem, strengths: Array, coef: Array, intercept: Array | None = None
    ) -> Points:
        """Measure the residual of any points on the data themselves."""
        residuals = [problem.residual(w) for w in coef]
        pull = problem.pulls(residuals)
        rss = np.array([r @ r for r in residuals])
        points = cls.of(problem, strengths, coef, pull, rss, intercept)
        if problem.unpenalised_basis is None:
            return points
        projected = [problem.without_unpenalised(r) for r in residuals]
        return replace(
            points,
            dual_pull=problem.pulls(projected),
            spill=np.array([d @ d for d in map(np.subtract, residuals, projected)]),
        )

    def single(self, index: int, mean_residual: float) -> Points:
        """One of the points, with the mean residual that was measured at its intercept."""
        one = self._some(slice(index, index + 1))
        _, rounding = self.problem.intercept_error(one.coef)
        shift = np.array([np.sqrt(self.problem.view.weight) * mean_residual])
        return replace(one, shift=shift, shift_rounding=rounding)

    def first(self, count: int, settled: Settled, measures: Measures) -> Points:
        """The leading points, with what a solver has settled and measured."""
        some = slice(count)
        settled = replace(settled, there=settled.there[some])
        return replace(self._some(some), settled=settled, measures=measures.of(some))

    def _some(self, some: slice) -> Points:
        """Some of the points, nothing settled or measured."""
        return replace(
            self,
            strengths=self.strengths[some],
            coef=self.coef[some],
            pull=self.pull[some],
            rss=self.rss[some],
            dual_pull=self.dual_pull[some],
            spill=self.spill[some],
            shift=self.shift[some],
            shift_rounding=self.shift_rounding[some],
            settled=None,
            measures=None,
        )

    def mark_zeros(self, measures: Measures, out: Flags, rows: NDArray[np.intp]) -> None:
        """Write which of all p features are proved zero into rows of ``out``."""
        if self.columns is None or self.settled is None:
            out[rows] = measures.zeros_proved
            return
        out[rows] = self.settled.proved
        out[rows[:, None], self.settled.doubtful] = self.settled.there
        out[rows[:, None], self.columns] = measures.zeros_proved

    def measure(self) -> Measures:
        """Evaluate violation, gap and proofs of zeros at every point, for the features they speak of."""
        if self.measures is not None:
            return self.measures
        problem = self.problem
        view = problem.view
        penalty, norm = problem.penalty, view.norm
        if self.columns is not None:
            penalty, norm = penalty.of(self.columns), norm.take(self.columns)
        found = scan(
            self.strengths,
            self.coef,
            self.pull,
            self.rss,
            self.dual_pull,
            self.spill,
            self.shift,
            self.shift_rounding,
            problem.null_value(self.strengths),
            penalty.l1,
            penalty.l2,
            penalty.lower,
            penalty.upper,
            norm,
            problem.response_norm,
            pull_rounding(problem.moments.rows),
            1.0 + EPS * (8.0 + sum(view.shape)),  # no sum of so many terms errs by more
            PRECISION,
            ROUNDINGS,
        )
        return Measures(*found)

    def objective(self) -> Array:
        """Loss and penalty at every point, (m,), for points that speak of all features."""
        penalty = self.problem.penalty.at(self.strengths[:, None])
        return np.asarray(0.5 * (self.rss + self.shift**2) + penalty.value(self.coef))

    def certify(self, index: int = 0, *, found: bool = True) -> Certificate:
        """The certificate of one point; ``found=False`` where the coefficients are somebody else's."""
        strength = float(self.strengths[index])
        return certify(self.problem, strength, self.coef[index], self.measure(), index, found=found)


def certify(
    problem: Problem, strength: float, coef: Array, measures: Measures, index: int, *, found: bool = True
) -> Certificate:
    """Draw the conclusions from the measures of one point."""
    gap, zeros = float(measures.gap[index]), measures.zeros_proved[index]
    unique, nonzeros = _prove_nonzeros(problem, strength, coef, zeros, gap)
    if not measures.balanced[index]:
        status = Status.NUMERICAL if found else Status.NOT_OPTIMAL
    elif not measures.precise[index] and strength > 0 and bool(np.any(problem.penalty.l1 > 0)):
        status = Status.AT_PRECISION
    else:
        status = Status.OPTIMAL if unique else Status.NOT_UNIQUE
    return Certificate(
        gap=gap,
        relative_gap=float(measures.relative_gap[index]),
        violation=float(measures.violation[index]),
        intercept_violation=float(measures.intercept_violation[index]),
        zeros_proved=zeros,
        support_proved=bool(np.all(zeros | nonzeros) and not np.any(zeros & (coef != 0))),
        unique=unique,
        status=status,
    )


def _prove_nonzeros(
    problem: Problem, strength: float, coef: Array, zeros: Flags, gap: float
) -> tuple[bool, Flags]:
    """Uniqueness, and the features that are non-zero at every solution.

    Outside the proved zeros the objective grows by ½ ΔᵀHΔ at least, H = X_EᵀX_E + 2 diag(l2_E), so
    |w_j − w*_j| ≤ √(2 gap (H⁻¹)_jj). The unpenalised columns are part of E, which profiles them out.
    """
    held = problem.penalty.lower == problem.penalty.upper
    nonzero = held & (coef != 0)
    open_ = np.flatnonzero(~zeros & ~held)
    if not len(open_):
        return True, nonzero
    if len(open_) > problem.view.shape[0] and not np.any(problem.penalty.l2[open_]):
        return False, nonzero
    if problem.whole:
        hessian = problem.gram[open_[:, None], open_]
    else:
        columns = problem.view.columns(open_)
        hessian = columns.T @ columns
    l2 = problem.penalty.l2[open_]
    if l2.any():
        hessian.flat[:: len(open_) + 1] += 2.0 * strength * l2
    inverse = _inverse_diagonal(hessian, problem.moments.rows)
    if inverse is None:
        return False, nonzero
    nonzero[open_] = np.abs(coef[open_]) > np.sqrt(2.0 * gap * inverse)
    return True, nonzero


def pull_rounding(rows: int) -> float:
    """γ, what rounding can do to a pull per unit of ``‖x_j‖ (‖y‖ + Σ_k ‖x_k‖ |w_k|)``."""
    return float(2.0 * EPS * (8.0 + np.sqrt(rows)))


def _inverse_diagonal(hessian: Array, rows: int) -> Array | None:
    """Upper bounds on the diagonal of H⁻¹, or None where H ≻ 0 is not proved.

    In unit-diagonal form the rounding of H is at most δ = 4 eps k (8 + √n) in norm, so with
    ``δ ‖H⁻¹‖ < ½`` the exact matrix is positive definite and its inverse at most twice the computed one
    in every direction.
    """
    diagonal = np.sqrt(hessian.diagonal())
    if not (diagonal > 0).all():
        return None
    unit = hessian / diagonal / diagonal[:, None]
    factor, info = lapack.dpotrf(unit, lower=0, clean=1)
    if info:
        return None
    inverse, info = lapack.dtrtri(factor, lower=0)
    if info:
        return None
    rows_of_inverse = np.einsum("ij,ij->i", inverse, inverse)
    k = len(diagonal)
    if 4.0 * EPS * k * (8.0 + np.sqrt(rows)) * rows_of_inverse.sum() >= 0.5:  # the trace bounds the norm
        return None
    return np.asarray(2.0 * rows_of_inverse / diagonal**2)
