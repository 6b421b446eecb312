"""The balance of forces at every strength of a path, for the features that come near their limit.

At strength t the data pull on feature j with ``x_jᵀ S r(t)``, and the penalty holds against a pull of up to
``t·l1_j + 2 t·l2_j |w_j(t)|``. A feature that stays far inside its limit along the whole path is zero
throughout, and may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

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
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.evaluate import evaluate
from equipoise.objective.measures import PRECISION
from equipoise.objective.points import Points
from equipoise.objective.problem import Problem
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.grid import default_ratio
from equipoise.solve.path import largest_strength
from equipoise.solve.squares.crossing import Crossing

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
        The features, ascending.
    coef, pull : (m, q) arrays
        Coefficients and pulls.
    verdict : (m, q) int8 array
        Places in ``VERDICTS``.
    alone : (q,) array
        The pull of each feature when no other penalised feature is in the model.
    left_out : int
        Number of features that are left out, p − q.
    reach : float
        Largest |pull| ÷ limit of a feature that is left out, at most 1; 0 if none is left out.
    stay : int
        Largest number of strengths at which a feature that is left out is in the model.
    explained : (m,) array or None
        1 − deviance ÷ that of the intercept alone at each strength; None for squared loss.
    events : tuple of Crossing
        Entries, exits and changes of sign of these features; ``feature`` is a place among the q.
    """

    features: Indices
    coef: Array
    pull: Array
    verdict: NDArray[np.int8]
    alone: Array
    left_out: int
    reach: float
    stay: int
    explained: Array | None
    events: tuple[Crossing, ...]


def follow(balances: BalanceColumns, strengths: Array, ever: Indices, values: Array, most: int) -> Along:
    """Follow the balance of forces along a path.

    Parameters
    ----------
    balances : BalanceColumns
        The balance sheet of one solution on the path.
    strengths : (m,) array
        The strengths, descending.
    ever : (k,) index array
        The features that are ever non-zero, ascending.
    values : (m, k) array
        Their coefficients at each strength, in original units.
    most : int
        Most features to follow: those in the model of the one solution first, then those that are in the
        model at most strengths, then those whose pull comes closest to its limit.
    """
    problem, alone = balances.problem, balances.alone
    scale = problem.view.scale
    coef = np.zeros((len(strengths), len(scale)))
    coef[:, ever] = values
    points = _points(problem, strengths, coef * scale)
    pull = points.pull
    kept, others = _closest(balances, strengths, coef, pull, most)
    verdict = np.empty((len(strengths), len(kept)), dtype=np.int8)
    for i in range(len(strengths)):
        here = BalanceColumns(points.some(slice(i, i + 1)))
        verdict[i] = _verdicts(here, alone, balances.combined)[kept]
    place = {int(j): k for k, j in enumerate(kept)}
    events = tuple(
        replace(crossing, feature=place[crossing.feature])
        for crossing in _crossings(balances, strengths)
        if crossing.feature in place
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
        _explained(points),
        events,
    )


def _explained(points: Points) -> Array | None:
    """The share of the deviance that each point explains; None for squared loss, and where there is none."""
    if not isinstance(points, CurvedPoints):
        return None
    problem = points.problem
    null = problem.value(problem.bare.eta)
    return 1.0 - points.value / null if null > 0 else None


def _closest(
    balances: BalanceColumns, strengths: Array, coef: Array, pull: Array, most: int
) -> tuple[Indices, Array]:
    """The features to follow, ascending, and the rank of each of the others.

    A rank up to 1 is the largest |pull| ÷ limit of a feature that is never in the model; above 1 it is 1 plus
    the number of strengths at which the feature is in the model.
    """
    l1 = balances.problem.penalty.l1
    limit = strengths[:, None] * balances.problem.penalty.finite_l1
    share = np.divide(np.abs(pull), limit, out=np.zeros(pull.shape), where=limit > 0).max(axis=0)
    # Features of the one solution, and those without an l1, count as always in the model.
    stay = np.where((l1 == 0) | (balances.coef != 0), len(strengths), (coef != 0).sum(axis=0))
    rank = np.where(stay > 0, 1.0 + stay, share)
    order = np.argsort(-rank, kind="stable")
    return np.sort(order[:most]), rank[order[most:]]


def _points(problem: Problem, strengths: Array, coef: Array) -> Points:
    """Points of coefficients (m, p), both in the view's units."""
    if not problem.whole:
        return evaluate(problem, strengths, coef)
    squares = cast("Squares", problem)
    ever = np.flatnonzero(coef.any(axis=0))
    pull = np.asarray(squares.response_pull - coef[:, ever] @ squares.gram[ever])
    return SquaresPoints.of(squares, strengths, coef, pull, np.zeros(len(coef)))


def _verdicts(
    balances: BalanceColumns, alone: Array, combined: Mapping[int, tuple[int, ...]]
) -> NDArray[np.int8]:
    """The place in ``VERDICTS`` of every feature, (p,), some of which unpenalised ones combine to."""
    status = np.array(balances.status)
    weak, explained_away, duplicate = (
        VERDICTS.index((KILLED, reason)) for reason in (WEAK, EXPLAINED_AWAY, DUPLICATE)
    )
    alive = [name for name, reason in VERDICTS if reason is None]
    code = np.select([status == name for name in alive], np.arange(len(alive)), weak).astype(np.int8)
    killed = status == KILLED
    code[killed & (np.abs(alone) > balances.limit)] = explained_away
    near = killed & (np.abs(balances.pull) > (1.0 - 1e-6) * balances.limit)
    if near.any() and (status == ACTIVE).any():
        # The copy of an active feature is on its limit, as that one is.
        code[list(balances.twins())] = duplicate
    for j, parts in combined.items():
        if killed[j]:
            code[j] = duplicate if len(parts) == 1 else explained_away
    return code


def _crossings(balances: BalanceColumns, strengths: Array) -> Sequence[Crossing]:
    """Exact events down to the lowest of the strengths, or to the end of a default path if that is lower."""
    problem, lowest = balances.problem, float(strengths.min())
    end = default_ratio(problem) * largest_strength(problem)
    if not 0 < lowest < end * (1.0 - PRECISION):
        return balances.events  # these reach down to the end of a default path
    return balances.events_to(lowest)
