"""From the measures of a point to its certificate: proofs of uniqueness and of non-zero coefficients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from equipoise.data.arguments.blas_threads import one_blas_thread
from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.measures import Measures
from equipoise.objective.problem import EPS, Problem

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@one_blas_thread()
def certify(
    problem: Problem, strength: float, coef: Array, measures: Measures, index: int, *, found: bool = True
) -> Certificate:
    """The certificate of one point, from its measures.

    Parameters
    ----------
    problem : Problem
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
    """Whether the solution is proved unique, and the features that are non-zero at every solution.

    Outside the proved zeros the objective grows by ½ ΔᵀHΔ at least, H = X_EᵀX_E + 2 diag(l2_E), so
    |w_j − w*_j| ≤ √(2 gap (H⁻¹)_jj). The unpenalised columns are part of E, which profiles them out.
    """
    held = ~problem.penalty.moving
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
