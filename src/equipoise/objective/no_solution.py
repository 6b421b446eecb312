"""Problems without a finite solution: a direction in which nothing holds the coefficients back.

Along a direction d of the intercept and the features with neither l1 nor l2 the loss never rises again if
every row's predictor recedes or stays: (Ud)_i ≤ 0 where φ does not grow as η falls, ≥ 0 where it does not
as η rises, and 0 elsewhere, with some (Ud)_i ≠ 0. Where no bound blocks such a d, no coefficients are the
best. It is found by a linear program: the largest Σ |(Ud)_i| with |d_j| ≤ 1.

Albert & Anderson (1984), *Biometrika* 71, for yes/no responses.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import quoted
from equipoise.objective.curved import Curved
from equipoise.objective.hessian import Hessian
from equipoise.objective.losses.base import Loss
from equipoise.objective.problem import Names

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SURE = 1e-9  # a coefficient of this share of the largest is none


def need_finite(problem: Curved, names: Names = None) -> None:
    """Refuse a problem without a finite solution, in a sentence that names the features to blame.

    Parameters
    ----------
    problem : Curved
        The problem.
    names : sequence of p str, optional
        Names of the features; x1, x2, … by default.
    """
    penalty, view = problem.penalty, problem.view
    used = slice(None) if problem.weights is None else problem.weights > 0
    lax = penalty.moving & (penalty.l1 == 0) & (penalty.l2 == 0) & (view.norm > 0)
    lax &= np.isinf(penalty.lower) | np.isinf(penalty.upper)
    y = problem.response[used]
    falling, rising = problem.kind.receding(y)
    if not (falling.any() or rising.any()) or not (view.intercept or lax.any()):
        return
    edge = view.intercept and bool(falling.all() or rising.all())
    if not edge and (not lax.any() or (not np.any(lax & ~penalty.unpenalised) and _is_finite(problem))):
        return
    columns = np.flatnonzero(lax)
    lower, upper = penalty.lower[columns], penalty.upper[columns]
    z = view.plain_columns(columns)[used]
    direction = receding_direction(problem.kind, y, z, lower, upper, view.intercept)
    if direction is not None:
        raise ValueError(_told(problem.kind, y, direction, columns, names))


def _is_finite(problem: Curved) -> bool:
    """Whether the null model is seen to be one: no more than a short step from the best."""
    columns = np.flatnonzero(problem.penalty.unpenalised & (problem.view.norm > 0))
    eta = problem.null.eta
    hessian = Hessian.of(problem, columns, eta, 0.0) if np.isfinite(eta).all() else None
    if hessian is None:
        return False
    residual = problem.residual(eta)
    force = problem.pull(residual)[columns]
    force = np.concatenate([[residual.sum()], force]) if problem.view.intercept else force
    length = float(hessian.length(force[None], 0.0 * force[None])[0])
    return problem.kind.kappa * hessian.reach * length < 0.25


def receding_direction(
    loss: Loss, y: Array, columns: Array, lower: Array, upper: Array, intercept: bool
) -> tuple[Array, float] | None:
    """A direction (k,) of columns (n, k) and the intercept's, along which the loss never rises; or None.

    Parameters
    ----------
    loss : Loss
        The loss of a row.
    y : (n,) array
        The responses.
    columns : (n, k) array
        Columns whose coefficients are not penalised.
    lower, upper : (k,) arrays
        Their bounds.
    intercept : bool
        Whether there is an intercept.
    """
    falling, rising = loss.receding(y)
    if not (falling.any() or rising.any()):
        return None
    if intercept and bool(falling.all() or rising.all()):
        return np.zeros(columns.shape[1]), 1.0 if rising.all() else -1.0
    k = columns.shape[1]
    if not k:
        return None
    from scipy.optimize import linprog

    size = np.abs(columns).max(axis=0)
    size[size == 0] = 1.0
    u = columns / size
    if intercept:
        u = np.column_stack([u, np.ones(len(y))])
    recedes = np.where(rising, 1.0, -1.0)[falling | rising]
    held = u[~(falling | rising)]
    moving = recedes[:, None] * u[falling | rising]
    # No direction leads out of a bound, however far away it is.
    bounds: list[Any] = [
        (0 if np.isfinite(a) else -1, 0 if np.isfinite(b) else 1) for a, b in zip(lower, upper, strict=True)
    ]
    found = linprog(
        -moving.sum(axis=0),
        A_ub=-moving,
        b_ub=np.zeros(len(moving)),
        A_eq=held if len(held) else None,
        b_eq=np.zeros(len(held)) if len(held) else None,
        bounds=[*bounds, (-float(k), float(k))] if intercept else bounds,
        method="highs",
    )
    if found.status != 0 or not -found.fun > 1e-7:
        return None
    d = np.where(np.abs(found.x) > SURE * np.abs(found.x).max(), found.x, 0.0)
    along = moving @ d
    # What a program in float64 finds is taken for one only where it holds but for rounding.
    slack = 1e-9 * np.abs(d).max()
    wrong = max(-float(along.min()), float(np.abs(held @ d).max(initial=0.0)))
    if wrong > slack or not along.max() > 1e3 * slack:
        return None
    return d[:k] / size, float(d[k]) if intercept else 0.0


def _told(loss: Loss, y: Array, direction: tuple[Array, float], columns: Indices, names: Names) -> str:
    """The sentence that refuses a problem without a finite solution."""
    d, _ = direction
    some = columns[d != 0]
    if not len(some):
        what = f"all of y is {y[0]:g}" if (y == y[0]).all() else "y lies on one edge of its range in all rows"
        return (
            f"{what}: with loss={loss.label!r} the best intercept is infinite, so that there is no finite "
            "solution; pass rows with other responses, or intercept=False"
        )
    called = quoted(names[j] if names is not None else f"x{j + 1}" for j in some.tolist())
    one = len(some) == 1
    has, separates = ("has", "separates") if one else ("have", "together separate")
    its, it = ("its coefficient", "it") if one else ("their coefficients", "them")
    return (
        f"there is no finite solution: {'feature' if one else 'features'} {called}, which {has} neither l1 "
        f"nor l2, {separates} the responses, so that {its} would grow without end; give {it} an l1, an l2 or "
        "a bound on that side"
    )
