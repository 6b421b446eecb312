"""What all points can do: be taken apart, and pass on what is settled of features that they leave out."""

import numpy as np

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.objective.points import Settled

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


def test_first_keeps_what_is_known():
    """Measures and settled zeros of the leading points."""
    some = points()
    measures = some.measure()
    settled = Settled(np.array([False, False, True]), np.array([1]), np.array([[True], [False], [True]]))
    two = some.first(2, settled, measures)
    assert two.measure().gap.tolist() == measures.gap[:2].tolist()
    assert two.settled.there.tolist() == [[True], [False]]


def test_zeros_of_features_that_are_left_out():
    """Those settled for all points, those for some, and those that were measured."""
    some = points()
    settled = Settled(np.array([False, False, True]), np.array([1]), np.array([[True], [False], [True]]))
    covered = CurvedPoints(
        PROBLEM, some.strengths, some.coef[:, :1], some.pull[:, :1], some.level, some.eta,
        columns=np.array([0]), settled=settled,
    )  # fmt: skip
    measures = covered.measure()
    assert measures.zeros_proved.shape == (3, 1)
    out = np.zeros((4, 3), dtype=bool)
    covered.mark_zeros(measures, out, np.array([3, 0, 1]))
    assert out[[3, 0, 1], 1].tolist() == [True, False, True]
    assert out[[3, 0, 1], 2].all()
    assert (out[[3, 0, 1], 0] == measures.zeros_proved[:, 0]).all()
    assert not out[2].any()
