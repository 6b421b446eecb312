"""One question for the events of a path, whatever the loss."""

import numpy as np
import pytest
from solve.posed import random_problem

import equipoise as eq
from equipoise.solve.events import crossings, walk
from equipoise.solve.path import largest_strength


@pytest.mark.parametrize("loss", ["squared", "poisson"])
def test_the_walk_yields_what_the_list_holds_whatever_the_loss(loss):
    X, y = random_problem(2, "poisson").points
    problem = eq.fit(X, y, loss=loss, l1=1.0).points.problem
    top = largest_strength(problem)
    listed = crossings(problem, top, 0.05 * top)
    first = next(iter(walk(problem, top, 0.05 * top)))
    assert first == listed[0]
    centred = (X - X.mean(axis=0)).T @ (y - y.mean())  # what the intercept alone leaves, of both losses
    assert first.feature == int(np.argmax(np.abs(centred)))
    assert first.strength == pytest.approx(float(np.abs(centred).max()), rel=1e-12)


def test_there_are_none_where_nothing_pulls():
    X = np.array([[1.0], [2.0], [3.0], [4.0]])
    problem = eq.fit(X, [0, 1, 1, 0], loss="binomial", l1=1.0).points.problem
    assert crossings(problem, 0.0, 0.0) == []
