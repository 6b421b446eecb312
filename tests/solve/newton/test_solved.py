"""Points of chunks, put together: coefficients and pulls at the features that may matter, in their order."""

import numpy as np

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.solve.newton.solved import Part, is_full, join

X = np.random.default_rng(1).normal(size=(5, 4))
PENALTY = Penalty(np.ones(4), np.zeros(4), np.full(4, -np.inf), np.full(4, np.inf))
PROBLEM = Curved.build(Dense(np.asfortranarray(X)), np.arange(5.0), PENALTY, read_loss("poisson"))


def parts():
    """Feature 1 is far from its limit everywhere, 3 comes near at the last strength, 0 only takes part."""
    first = Part(
        np.array([4.0, 2.0]), np.array([2, 0]), np.array([[0.0, 0.0], [0.5, 0.0]]), np.array([1.0, 2.0]),
        np.zeros((2, 5)), np.array([[0.1, 0.0, 4.0, 0.2], [0.2, 0.1, 2.0, 0.3]]),
        np.array([0.1, 0.05, 1.0, 0.15]),
    )  # fmt: skip
    last = Part(
        np.array([1.0]), np.array([2, 0, 3]), np.array([[0.7, 0.0, -0.1]]), np.array([3.0]),
        np.ones((1, 5)), np.array([[0.4, 0.2, 1.0, -1.0]]), np.array([0.4, 0.2, 1.0, 1.0]),
    )  # fmt: skip
    return [first, last]


def test_what_may_matter_is_kept():
    points = join(PROBLEM, parts())
    assert points.columns.tolist() == [2, 3]
    assert points.strengths.tolist() == [4.0, 2.0, 1.0]
    assert points.coef.tolist() == [[0.0, 0.0], [0.5, 0.0], [0.7, -0.1]]
    assert points.pull.tolist() == [[4.0, 0.2], [2.0, 0.3], [1.0, -1.0]]
    assert points.level.tolist() == [1.0, 2.0, 3.0]
    assert points.eta.sum(axis=1).tolist() == [0.0, 0.0, 5.0]


def test_the_whole():
    points = join(PROBLEM, parts(), whole=True)
    assert points.columns is None
    assert points.coef.tolist() == [[0.0] * 4, [0.0, 0.0, 0.5, 0.0], [0.0, 0.0, 0.7, -0.1]]
    assert points.pull[2].tolist() == [0.4, 0.2, 1.0, -1.0]


def test_a_batch_is_full():
    assert not is_full(PROBLEM, parts(), None)
    assert not is_full(PROBLEM, parts(), 3)
    assert is_full(PROBLEM, parts(), 2)
