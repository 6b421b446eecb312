"""What all points can do: be taken apart, and pass on what is settled of features that they leave out."""

import numpy as np

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty

X = np.array([[1.0, 0.0, 2.0], [2.0, 1.0, -1.0], [3.0, 1.0, 0.0], [4.0, 0.0, 1.0]])
PROBLEM = Curved.build(
    Dense(X),
    np.array([0.0, 2.0, 1.0, 3.0]),
    Penalty(np.ones(3), np.zeros(3), np.full(3, -np.inf), np.full(3, np.inf)),
    read_loss("poisson"),
)


def points():
    coef = np.array([[0.0, 0.0, 0.0], [0.1, 0.0, 0.2], [0.3, 0.1, 0.2]])
    return CurvedPoints.evaluate(PROBLEM, np.array([3.0, 2.0, 1.0]), coef)


def test_some():
    """Every array that has an entry a point is cut, and what was measured is dropped."""
    all_of_them = points()
    all_of_them.measure()
    two = all_of_them.some(slice(1, 3))
    assert two.measures is None
    for name in CurvedPoints.per_point:
        assert (getattr(two, name) == getattr(all_of_them, name)[1:]).all()
