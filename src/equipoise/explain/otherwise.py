"""Another question put to the same data: some features forbidden, or another penalty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from equipoise.data.arguments.arrays import as_per_feature
from equipoise.data.arguments.by_name import features_named
from equipoise.objective.penalty import Penalty
from equipoise.objective.points import Points
from equipoise.objective.squares import Squares
from equipoise.setup.reading import in_order
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_point

Numbers = ArrayLike | Mapping[Any, float]


class Change(NamedTuple):
    """What the loss Σ s_i ½ residual_i² and the objective are before and after.

    ``gain`` is the objective of the null model less ``objective_before``.
    """

    loss_before: float
    loss_after: float
    objective_before: float
    objective_after: float
    gain: float


def solve_otherwise(
    setup: Setup, points: Points, l1: Numbers, l2: Numbers, without: str | Sequence[str]
) -> tuple[tuple[Setup, Points], tuple[str, ...], Change]:
    """Solve without some features or under another penalty.

    Parameters
    ----------
    setup : Setup
        What was asked before.
    points : Points
        The solution of that problem, as the only point.
    l1, l2 : float, (p,) array or dict of str to float
        The penalty, as a verb takes it; what a dict does not name stays as it is.
    without : sequence of str
        Features to forbid, or columns of text, which stand for all features made of them.

    Returns
    -------
    after : (Setup, Points)
        The changed setup, and its solution.
    forbidden : tuple of str
        The features that were forbidden.
    change : Change
        Losses and objectives before and after.
    """
    without = (without,) if isinstance(without, str) else without
    named = features_named(without, setup.features, setup.encoding).values()
    forbidden = list(dict.fromkeys(j for places in named for j in places))
    other = asked_otherwise(setup, l1, l2, forbidden)
    after = solve_point(other.problem)
    before = float(points.objective()[0])
    change = Change(
        loss_before=float(points.loss()[0]),
        loss_after=float(after.loss()[0]),
        objective_before=before,
        objective_after=float(after.objective()[0]),
        gain=float(points.problem.null_value(points.strengths)[0]) - before,
    )
    return (other, after), tuple(setup.features[j] for j in forbidden), change


def asked_otherwise(setup: Setup, l1: Numbers, l2: Numbers, without: Sequence[int]) -> Setup:
    """The same data under another penalty, with some features forbidden.

    Parameters
    ----------
    setup : Setup
        What was asked before.
    l1, l2 : float, (p,) array or dict of str to float
        The penalty, as a verb takes it; what a dict does not name stays as it is.
    without : sequence of int
        Positions of features to forbid.

    Raises
    ------
    ValueError
        If the bounds of a feature forbid zero, or the penalty cannot be used.
    """
    names = setup.features
    l1 = in_order(l1, "l1", names, setup.encoding, setup.l1)
    l2 = in_order(l2, "l2", names, setup.encoding, setup.l2)
    new_l1 = as_per_feature(l1, "l1", names, minimum=0.0, allow_infinite=True)
    new_l2 = as_per_feature(l2, "l2", names, minimum=0.0)
    for j in without:
        if setup.penalty.null[j] != 0:
            raise ValueError(f"feature {names[j]!r} cannot be left out: its bounds forbid zero")
        new_l1[j] = np.inf
    penalty = Penalty(new_l1, new_l2, setup.penalty.lower, setup.penalty.upper)
    return replace(
        setup,
        penalty=penalty,
        l1=new_l1 if without or np.ndim(l1) else float(new_l1[0]),
        l2=new_l2 if np.ndim(l2) else float(new_l2[0]),
        moments=problem.moments if isinstance(problem := setup.problem, Squares) else None,
    )
