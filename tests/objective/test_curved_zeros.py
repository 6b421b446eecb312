"""A zero is proved where the sum of its pull and two margins stays below its limit, by hand."""

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_rows import Rows
from equipoise.objective.curved_zeros import prove_zeros
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty

INF = np.inf
X = np.array([[1.0, 0.0], [-1.0, 2.0], [1.0, 1.0], [-1.0, -2.0]])
Y = np.array([1.0, 1.0, 1.0, 1.0])


def proved(l1, gap, lower=-INF, upper=INF, y=Y, intercept=False):
    penalty = Penalty(np.array([l1, 1.0]), np.zeros(2), np.array([lower, -INF]), np.array([upper, INF]))
    problem = Curved.build(Dense(X), np.asarray(y), penalty, read_loss("poisson"), intercept=intercept)
    at, scale = problem.penalty.at(np.ones((1, 1))), problem.view.scale
    rows = Rows.of(problem, np.zeros((1, 2)), np.zeros(1), np.zeros((1, 4)), np.arange(2))
    pull = problem.pull(rows.residual[0])[None]
    held = ~at.moving
    zeros = prove_zeros(problem, at, np.arange(2), np.zeros((1, 2)), pull, np.array([gap]), rows, held)
    assert scale[0] > 0
    return bool(zeros[0, 0])


@pytest.mark.parametrize("gap", [1e-12, 1e-3, 0.7])
@pytest.mark.parametrize("intercept", [False, True])
def test_both_margins(gap, intercept):
    """At η = 0 with y = 2, 1, 1, 1 the pull is 1, h = 1, so that V = 4 and M = 1: |pull| + √(8g) + g/3.

    The column has mean 0: an intercept makes no difference to it.
    """
    y = [2.0, 1.0, 1.0, 1.0]
    edge = 1.0 + np.sqrt(8 * gap) + gap / 3
    assert proved(edge * 1.0001, gap, y=y, intercept=intercept)
    assert not proved(edge * 0.9999, gap, y=y, intercept=intercept)


def test_bounds_hold_one_side():
    """A feature that cannot rise needs no limit for what pulls it up; a box without 0 proves nothing."""
    up, down = [2.0, 1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0]
    assert proved(0.5, 1e-9, upper=0.0, y=up)
    assert not proved(0.5, 1e-9, upper=0.0, y=down)
    assert proved(0.5, 1e-9, lower=0.0, y=down)
    assert not proved(0.5, 1e-9, lower=0.0, y=up)
    assert proved(0.0, 1e-9, lower=0.0, y=down)
    assert not proved(2.0, 1e-9, lower=0.1, upper=3.0, y=up)


def test_no_gap_no_proof():
    """Nor rounding, where a pull reaches its limit to the last digits."""
    assert not proved(1e9, INF, y=[2.0, 1.0, 1.0, 1.0])
    assert not proved(1.0 + 1e-15, 0.0, y=[2.0, 1.0, 1.0, 1.0])
    assert proved(1.0 + 1e-12, 0.0, y=[2.0, 1.0, 1.0, 1.0])
