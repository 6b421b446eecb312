"""Problems without a finite solution: a direction in which nothing holds the coefficients back.

Along a direction d of the intercept and the features with neither l1 nor l2 the loss never rises again if
every row's predictor recedes or stays: (Ud)_i ≤ 0 where φ does not grow as η falls, ≥ 0 where it does not
as η rises, and 0 elsewhere, with some (Ud)_i ≠ 0. Where no bound blocks such a d, no coefficients are the
best. It is found by a linear program: the largest Σ |(Ud)_i| with Σ |d_j| ≤ 1, which has few features. Along
features with a penalty the coefficients grow without an end as it falls.

Albert & Anderson (1984), *Biometrika* 71, for yes/no responses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import quoted
from equipoise.objective.curved import Curved, Place
from equipoise.objective.hessian import Hessian
from equipoise.objective.losses.base import Loss
from equipoise.objective.problem import SMALLEST, Names

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

MOST = 1e150  # squares of what is much larger exceed float64
LEAST = 1e-300  # e to the logarithm of a number below this exceeds float64 soon
SURE = 1e-9  # a coefficient of this share of the largest is none


class NoFiniteSolution(ValueError):
    """A problem has no finite solution; ``reason`` says why, the message also what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}{remedy}")
        self.reason = reason


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
    columns = np.flatnonzero(lax)
    if not edge and (not lax.any() or (penalty.unpenalised[lax].all() and _is_finite(problem, columns))):
        return
    lower, upper = penalty.lower[columns], penalty.upper[columns]
    z = view.plain_columns(columns)[used]
    direction = receding_direction(problem.kind, y, z, lower, upper, view.intercept)
    if direction is not None:
        raise NoFiniteSolution(*_told(problem.kind, y, direction, columns, names))


@np.errstate(over="ignore")
def need_representable(problem: Curved) -> None:
    """Refuse a response whose squares overflow or vanish in float64, as squared loss does, too."""
    y = problem.response if problem.weights is None else problem.response[problem.weights > 0]
    if not max(problem.size, float(y.max())) < MOST:
        raise ValueError("y holds values whose squares exceed float64: divide it by a power of ten first")
    if np.any((y > 0) & (y < LEAST)) or 0.0 < float(y.max()) < SMALLEST:
        raise ValueError(
            "y holds values whose squares vanish in float64: multiply it by a power of ten first"
        )


def separating(problem: Curved, place: Place) -> Indices:
    """Features of a model whose coefficients only grow as the penalty falls, for they separate the responses.

    Parameters
    ----------
    problem : Curved
        The problem.
    place : Place
        The model.

    Returns
    -------
    (k,) index array
        Few features that separate them together; none where those of the model do not.
    """
    penalty, view = problem.penalty, problem.view
    used = slice(None) if problem.weights is None else problem.weights > 0
    y = problem.response[used]
    falling, rising = problem.kind.receding(y)
    columns = np.flatnonzero((place.coef != 0) & penalty.moving & (view.norm > 0))
    if not len(columns) or not (falling.any() or rising.any()) or _is_finite(problem, columns, place.eta):
        return columns[:0]
    lower, upper = penalty.lower[columns], penalty.upper[columns]
    z = view.plain_columns(columns)[used]
    found = receding_direction(problem.kind, y, z, lower, upper, view.intercept)
    return columns[:0] if found is None else columns[found[0] != 0]


def _is_finite(problem: Curved, columns: Indices, eta: Array | None = None) -> bool:
    """Whether a predictor, by default the null model's, is seen to be a short step from the best."""
    eta = problem.null.eta if eta is None else eta
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
    # d is the difference of two parts that are not negative; no direction leads out of a bound, however far.
    u = columns / size
    signed = np.concatenate([u, -u], axis=1)
    free = np.isinf(np.concatenate([upper, lower]))
    if not free.any():
        return None
    signed = signed[:, free]
    total = np.ones((1, signed.shape[1]))
    bounds = [(0.0, 1.0)] * signed.shape[1]
    if intercept:
        signed, total = np.column_stack([signed, np.ones(len(y))]), np.append(total, [[0.0]], axis=1)
        bounds.append((-1.0, 1.0))
    recedes = np.where(rising, 1.0, -1.0)[falling | rising]
    held = signed[~(falling | rising)]
    moving = recedes[:, None] * signed[falling | rising]
    found = linprog(
        -moving.sum(axis=0),
        A_ub=np.concatenate([-moving, total]),
        b_ub=np.append(np.zeros(len(moving)), 1.0),
        A_eq=held if len(held) else None,
        b_eq=np.zeros(len(held)) if len(held) else None,
        bounds=bounds,
        method="highs",
    )
    if found.status != 0 or not -found.fun > 1e-7:
        return None
    parts = np.zeros(2 * k)
    parts[free] = found.x[: int(free.sum())]
    d, level = parts[:k] - parts[k:], float(found.x[-1]) if intercept else 0.0
    d[np.abs(d) <= SURE * np.abs(d).max()] = 0.0
    # What a program in float64 finds is taken for one only where it holds but for rounding.
    way = u @ d + level
    along, off = recedes * way[falling | rising], way[~(falling | rising)]
    slack = 1e-9 * float(np.abs(d).sum())
    wrong = max(-float(along.min()), float(np.abs(off).max(initial=0.0)))
    if wrong > slack or not along.max() > 1e3 * slack:
        return None
    return d / size, level


def _told(
    loss: Loss, y: Array, direction: tuple[Array, float], columns: Indices, names: Names
) -> tuple[str, str]:
    """Why a problem has no finite solution, and what can be done about it."""
    d, _ = direction
    some = columns[d != 0]
    if not len(some):
        what = f"all of y is {y[0]:g}" if (y == y[0]).all() else "y lies on one edge of its range in all rows"
        infinite = f"with loss={loss.label!r} the best intercept is infinite"
        remedy = "; pass rows with other responses, or intercept=False"
        return f"{what}: {infinite}, so that there is no finite solution", remedy
    called = quoted(names[j] if names is not None else f"x{j + 1}" for j in some.tolist())
    one = len(some) == 1
    has, separates = ("has", "separates") if one else ("have", "together separate")
    its, it = ("its coefficient", "it") if one else ("their coefficients", "them")
    reason = (
        f"there is no finite solution: {'feature' if one else 'features'} {called}, which {has} neither l1 "
        f"nor l2, {separates} the responses, so that {its} would grow without end"
    )
    return reason, f"; give {it} an l1, an l2 or a bound on that side"
