"""Problems without a finite solution: a direction in which nothing holds the coefficients back.

Along a direction d of the intercept and the features with neither l1 nor l2 the loss never rises again if
every row's predictor recedes or stays: (Ud)_i ≤ 0 where φ does not grow as η falls, ≥ 0 where it does not as
η rises, and 0 elsewhere, with some (Ud)_i ≠ 0. Where no bound blocks such a d, no coefficients are the best.
It is found by a linear program: the largest Σ |(Ud)_i| with |(Ud)_i| ≤ 1.

Albert & Anderson (1984), *Biometrika* 71, for yes/no responses.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import quoted
from equipoise.objective.losses.base import Loss
from equipoise.objective.problem import Names

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SURE = 1e-9  # a coefficient of this share of the largest is none


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


def no_solution_told(
    loss: Loss, y: Array, direction: tuple[Array, float], columns: Indices, names: Names
) -> str:
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
    if len(some) == 1:
        return (
            f"there is no finite solution: feature {called}, which has neither l1 nor l2, separates the "
            "responses, so that its coefficient would grow without end; give it an l1, an l2 or a bound"
        )
    return (
        f"there is no finite solution: features {called}, which have neither l1 nor l2, together separate "
        "the responses, so that their coefficients would grow without end; give them an l1, an l2 or bounds"
    )
