"""Pulls that nothing holds: what their rounding adds to a gap.

A feature with neither l1 nor l2 and no bound on some side allows a dual point no pull at all on that side,
but the computed dual point θ leaves it the rounding of one. A feasible point is near: with the forgiven pulls
u_A = X_Aᵀθ, θ − X_A (X_AᵀX_A)⁺ u_A is one, no farther than ``‖u_A‖ / σ`` from θ, where σ is the smallest
non-zero singular value of X_A. Every other pull moves by at most that much per unit of its column's norm, as
if by rounding.

Singular values that rounding cannot tell from zero are zero only if the columns are dependent in exact
arithmetic. If they are not, all that is known is that θ = 0 is feasible.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.problem import EPS
from equipoise.objective.rank import exact_rank
from equipoise.objective.squares import Squares

Array = NDArray[np.float64]

MOST = 300  # columns whose exact rank is worked out …
LARGEST = 2 * 10**7  # … and numbers in them, which are copied


def distance_to_feasible(
    problem: Squares,
    columns: NDArray[np.intp] | None,
    forgiven: NDArray[np.bool_],
    dual_pull: Array,
    length: Array,
    rounding: Array,
) -> Array:
    """Bounds on the distance of m dual points from feasible ones, (m,).

    Parameters
    ----------
    problem : Squares
        The problem.
    columns : (k,) index array or None
        The features that are covered; None for all.
    forgiven : (k,) bool array
        Those with neither l1 nor l2 that no bound holds on some side.
    dual_pull : (m, k) array
        Pulls of the dual points.
    length : (m,) array
        Norms of the dual points.
    rounding : (m,) array
        Rounding of a pull per unit of a column's norm.
    """
    covered = np.arange(len(problem.view.norm)) if columns is None else columns
    penalty, norm = problem.penalty.of(covered), problem.view.norm[covered]
    found = []
    for u, size, error in zip(dual_pull, length.tolist(), rounding.tolist(), strict=True):
        # A pull towards a bound is held there, if it is more than what may yet be added to it.
        room = 2.0 * (error + ROUNDINGS * EPS * problem.response_norm)
        above, below = penalty.upper < np.inf, penalty.lower > -np.inf
        held = (below & (u < -room * norm)) | (above & (u > room * norm))
        loose = forgiven & ~held
        smallest = _smallest_singular(problem, covered[loose])
        left = float(np.linalg.norm((np.abs(u) + error * norm)[loose]))
        distance = left / smallest if smallest > 0 else np.inf
        if np.any(forgiven & held) and distance + error > room:
            distance = np.inf
        found.append(min(distance, size + error))  # θ = 0 is feasible, too
    return np.array(found)


def _smallest_singular(problem: Squares, columns: NDArray[np.intp]) -> float:
    """The smallest non-zero singular value of columns of the view; 0 where rounding hides it."""
    key = columns.tobytes()
    if key not in problem.smallest_singular:
        problem.smallest_singular[key] = _smallest_of(problem, columns)
    return problem.smallest_singular[key]


def _smallest_of(problem: Squares, columns: NDArray[np.intp]) -> float:
    """The same, worked out."""
    if not len(columns):
        return np.inf
    values = problem.singular_values(columns)
    kept = values[values > values[0] * max(problem.view.shape) * EPS]
    if len(kept) < len(columns) and not _has_rank(problem, columns, len(kept)):
        return 0.0
    return 0.5 * float(kept[-1])  # the computed one errs by less than it was kept for


def _has_rank(problem: Squares, columns: NDArray[np.intp], rank: int) -> bool:
    """Whether this is the rank of columns beside the intercept, in exact arithmetic."""
    rows, intercept = problem.view.shape[0], int(problem.view.intercept)
    if rank == rows - intercept:
        return True
    if len(columns) > MOST or rows * len(columns) > LARGEST:
        return False
    exact = problem.view.design.columns(columns, None)
    if intercept:
        exact = np.column_stack([np.ones(rows), exact])
    return exact_rank(exact) == rank + intercept
