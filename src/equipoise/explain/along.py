"""The balance of forces at every strength of a path, for the features that have something to tell.

At strength t the data pull on feature j with ``x_jᵀ S r(t)``, and the penalty holds
``t·l1_j + 2 t·l2_j |w_j(t)|``. A feature that stays far inside its limit along
the whole path moves nothing, and may be left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.explain.balance import (
    ACTIVE,
    AT_BOUND,
    CONSTANT,
    DUPLICATE,
    EXCLUDED,
    EXPLAINED_AWAY,
    KILLED,
    UNPENALISED,
    WEAK,
    BalanceColumns,
)
from equipoise.objective.measures import PRECISION
from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.solve.grid import default_ratio
from equipoise.solve.path import largest_strength
from equipoise.solve.squares.crossing import Crossing
from equipoise.solve.squares.homotopy import crossings

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

VERDICTS: tuple[tuple[str, str | None], ...] = (
    (ACTIVE, None),
    (AT_BOUND, None),
    (UNPENALISED, None),
    (CONSTANT, None),
    (EXCLUDED, None),
    (KILLED, WEAK),
    (KILLED, EXPLAINED_AWAY),
    (KILLED, DUPLICATE),
)
"""Every status, with every reason of a killed feature."""


@dataclass(frozen=True, eq=False)
class Along:
    """Pulls and verdicts of q of the p features at m strengths, in original units.

    Attributes
    ----------
    features : (q,) index array
        Which features, in their own order.
    coef, pull : (m, q) arrays
        Coefficients and pulls.
    verdict : (m, q) int8 array
        Which of ``VERDICTS``.
    alone : (q,) array
        Pulls with nobody else in the model.
    left_out : int
        p − q.
    reach : float
        How much of its limit the pull of a feature that is left out attains at most; 0 if none is.
    stay : int
        At how many of the strengths a feature that is left out is in the model at most.
    events : tuple of Crossing
        Entries, exits and changes of sign of these features; ``feature`` counts among the q.
    """

    features: Indices
    coef: Array
    pull: Array
    verdict: NDArray[np.int8]
    alone: Array
    left_out: int
    reach: float
    stay: int
    events: tuple[Crossing, ...]


def follow(balances: BalanceColumns, strengths: Array, ever: Indices, values: Array, most: int) -> Along:
    """Follow the balance of forces along a path.

    Parameters
    ----------
    balances : BalanceColumns
        Of one solution of the problem.
    strengths : (m,) array
        Where to follow, descending.
    ever : (k,) index array
        The features that are ever non-zero, ascending.
    values : (m, k) array
        Their coefficients, in original units.
    most : int
        How many features to follow: those in the model of that solution first, then those that are in it at
        most strengths, then those whose pull comes closest to the limit.
    """
    problem, alone = balances.problem, balances.alone
    scale = problem.view.scale
    coef = np.zeros((len(strengths), len(scale)))
    coef[:, ever] = values
    pull = _pulls(problem, coef * scale)
    kept, others = _closest(balances, strengths, coef, pull, most)
    verdict = np.empty((len(strengths), len(kept)), dtype=np.int8)
    for i in range(len(strengths)):
        here = slice(i, i + 1)
        points = Points.of(problem, strengths[here], coef[here] * scale, pull[here], np.zeros(1))
        verdict[i] = _verdicts(BalanceColumns(points), alone)[kept]
    place = {int(j): k for k, j in enumerate(kept)}
    events = tuple(
        Crossing(c.strength, place[c.feature], c.kind, c.sign)
        for c in _crossings(balances, strengths)
        if c.feature in place
    )
    return Along(
        kept,
        coef[:, kept],
        pull[:, kept] * scale[kept],
        verdict,
        alone[kept],
        len(scale) - len(kept),
        float(np.minimum(others, 1.0).max(initial=0.0)),
        round(float((others - 1.0).max(initial=0.0))),
        events,
    )


def _closest(
    balances: BalanceColumns, strengths: Array, coef: Array, pull: Array, most: int
) -> tuple[Indices, Array]:
    """The features to follow, ascending, and what each of the others reached: see ``reach`` and ``stay``."""
    l1 = balances.problem.penalty.l1
    limit = strengths[:, None] * balances.problem.penalty.finite_l1
    share = np.divide(np.abs(pull), limit, out=np.zeros(pull.shape), where=limit > 0).max(axis=0)
    # A feature that is ever in the model comes before all that only come close, and those of the solution
    # at hand come first.
    stay = np.where((l1 == 0) | (balances.coef != 0), len(strengths), (coef != 0).sum(axis=0))
    reach = np.where(stay > 0, 1.0 + stay, share)
    order = np.argsort(-reach, kind="stable")
    return np.sort(order[:most]), reach[order[most:]]


def _pulls(problem: Problem, coef: Array) -> Array:
    """Pulls at points (m, p), in the view's units as they are."""
    if problem.whole:
        ever = np.flatnonzero(coef.any(axis=0))
        return np.asarray(problem.response_pull - coef[:, ever] @ problem.gram[ever])
    return problem.pulls([problem.residual(v) for v in coef])


def _verdicts(balances: BalanceColumns, alone: Array) -> NDArray[np.int8]:
    """The place in ``VERDICTS`` of every feature, (p,)."""
    status = np.array(balances.status)
    names = [name for name, _ in VERDICTS]
    code = np.select([status == name for name in names[:5]], np.arange(5), 5).astype(np.int8)
    killed = status == KILLED
    code[killed & (np.abs(alone) > balances.limit)] = 6
    near = killed & (np.abs(balances.pull) > (1.0 - 1e-6) * balances.limit)
    if near.any() and (status == ACTIVE).any():
        # Only on its limit can a feature be the copy of another.
        code[[reason == DUPLICATE for reason in balances.reason]] = 7
    return code


def _crossings(balances: BalanceColumns, strengths: Array) -> Sequence[Crossing]:
    """Exact events over the strengths, and as far as a balance sheet looks."""
    problem, lowest = balances.problem, float(strengths.min())
    largest = largest_strength(problem)
    end = default_ratio(problem) * largest
    if not 0 < lowest < end * (1.0 - PRECISION):
        return balances.events  # all that there is: nothing happens above the largest strength
    return crossings(problem, largest, lowest)
