"""From the measures of a point to its certificate: proofs of uniqueness and of non-zero coefficients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.measures import PRECISION, Measures
from equipoise.objective.problem import EPS
from equipoise.objective.squares import SMALL, Squares

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

TINY = 1e-300  # in the place of a gap of 0, whose product with ∞ is no number


@one_blas_thread()
def certify(
    problem: Squares, strength: float, coef: Array, measures: Measures, index: int, *, found: bool = True
) -> Certificate:
    """The certificate of one point, from its measures.

    Parameters
    ----------
    problem : Squares
        The problem.
    strength : float
        The strength of its penalty.
    coef : (p,) array
        The point, in the view's units.
    measures : Measures
        Measures of the batch of points that holds this one.
    index : int
        Index of the point in the batch.
    found : bool
        Whether a solver of the library found the point: an imbalance is then due to rounding.
    """
    gap, zeros = float(measures.gap[index]), measures.zeros_proved[index]
    unique, nonzeros = _prove_nonzeros(problem, strength, coef, zeros, gap)
    if not measures.balanced[index]:
        status = Status.NUMERICAL if found else Status.NOT_OPTIMAL
    elif not _sharp(problem, strength, measures, index):
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


def _sharp(problem: Squares, strength: float, measures: Measures, index: int) -> bool:
    """Whether a balanced point is more than the best that float64 can tell."""
    if measures.relative_gap[index] > PRECISION:
        cost = 0.5 * (measures.intercept_violation[index] * problem.response_norm) ** 2
        if problem.penalty.lax or cost > 0.5 * measures.gap[index]:
            return False
    return bool(measures.precise[index]) or strength == 0 or not np.any(problem.penalty.l1 > 0)


def _prove_nonzeros(
    problem: Squares, strength: float, coef: Array, zeros: Flags, gap: float
) -> tuple[bool, Flags]:
    """Whether the solution is proved unique, and the features that are non-zero at every solution.

    Outside the proved zeros the objective grows by ½ ΔᵀHΔ at least, H = X_EᵀX_E + 2 diag(l2_E), so
    |w_j − w*_j| ≤ √(2 gap (H⁻¹)_jj). The unpenalised columns are part of E, which profiles them out.
    """
    held = ~problem.penalty.moving
    nonzero = held & (coef != 0)
    open_ = np.flatnonzero(~zeros & ~held)
    if not len(open_):
        return True, nonzero
    l2 = strength * problem.penalty.l2[open_]
    inverse, ridge = None, bool(l2.any())
    if len(open_) <= max(problem.view.shape[0], SMALL if ridge else 0):
        if problem.whole:
            hessian = problem.gram[open_[:, None], open_]
        else:
            columns = problem.centred(open_)
            hessian = columns.T @ columns
        if ridge:
            hessian.flat[:: len(open_) + 1] += 2.0 * l2
        inverse = _inverse_diagonal(hessian, problem.moments.rows)
    if ridge:
        inverse = _bound_by_ridge(problem, open_, l2, inverse)
    if inverse is None:
        return False, nonzero
    nonzero[open_] = np.abs(coef[open_]) > np.sqrt(2.0 * max(gap, TINY) * inverse)
    return True, nonzero


def _bound_by_ridge(
    problem: Squares, open_: NDArray[np.intp], l2: Array, inverse: Array | None
) -> Array | None:
    """Bounds on the diagonal of H⁻¹, (k,), no larger than ½ ÷ l2_j, since H ⪰ 2·diag(l2); None where H ⊁ 0.

    A Δ with ΔᵀHΔ = 0 is zero wherever l2_j > 0, so H ≻ 0 where the columns without an l2 are independent.
    """
    bare = open_[l2 == 0]
    if inverse is None and len(bare):
        if len(bare) > problem.view.shape[0]:
            return None
        columns = problem.centred(bare)
        if _inverse_diagonal(columns.T @ columns, problem.moments.rows) is None:
            return None
    with np.errstate(divide="ignore", over="ignore"):
        own = 0.5 / l2
    return own if inverse is None else np.minimum(own, inverse)


def pull_rounding(rows: int) -> float:
    """γ, the bound on a pull's rounding per unit of ``‖x_j‖ (‖y‖ + Σ_k ‖x_k‖ |w_k|)``."""
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
