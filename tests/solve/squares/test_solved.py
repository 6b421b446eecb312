"""Points of chunks, put together: those that join late were zero before, proofs stay with their points."""

import numpy as np

from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.points import Settled
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.squares.solved import Solved, Verdict


def test_points_of_a_growing_working_set():
    X = np.random.default_rng(0).normal(size=(6, 3))
    penalty = Penalty(np.ones(3), np.zeros(3), np.full(3, -np.inf), np.full(3, np.inf))
    problem = Squares.build(Dense(np.asfortranarray(X)), X[:, 0], penalty)
    columns, nothing = np.array([2, 0]), np.zeros(0, dtype=int)
    found = Solved()
    for strengths, coef in (([3.0, 2.0], [[1.0], [2.0]]), ([1.0], [[3.0, 4.0]])):
        w = np.array(coef)
        k = w.shape[1]
        points = SquaresPoints.of(
            problem, np.array(strengths), w, np.zeros(w.shape), np.ones(len(w)), columns=columns[:k]
        )
        measures = points.measure()
        accepted = 1 if len(w) == 2 else len(w)  # of the first chunk one point is a solution
        zeros, rest = np.zeros((accepted, k), dtype=bool), np.array([True, True, False])
        settled = Settled(columns[:k], zeros, rest, nothing, np.zeros((accepted, 0), dtype=bool))
        found.add(points, Verdict(accepted, measures, settled, nothing), 5.0)
    assert (found.count, found.cost) == (2, 10.0)
    together = found.points(problem, columns)
    assert together.strengths.tolist() == [3.0, 1.0]
    assert together.coef.tolist() == [[1.0, 0.0], [3.0, 4.0]]
    assert together.measure().gap.shape == (2,)
    out = np.zeros((2, 3), dtype=bool)
    together.mark_zeros(together.measure(), out, np.array([1, 0]))
    assert out.tolist() == [[False, True, False], [True, True, False]]
