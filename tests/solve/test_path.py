"""One door for every loss: the solver of its own behind it."""

import numpy as np
import pytest
from loss_oracle import worst_violation

import equipoise as eq
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.squares_points import SquaresPoints
from equipoise.setup.set_up import set_up
from equipoise.solve.path import largest_strength, solve_path, solve_point


def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 5))
    return X, (X[:, 0] + rng.normal(size=60) > 0) * 1.0


@pytest.mark.parametrize(("loss", "kind"), [("squared", SquaresPoints), ("binomial", CurvedPoints)])
def test_each_loss_has_its_points(loss, kind):
    X, y = data()
    problem = set_up(X, y, l1=1.0, loss=loss).problem
    assert isinstance(solve_point(problem), kind)
    strengths = np.array([3.0, 2.0, 1.0])
    points = list(solve_path(problem, strengths))
    assert all(isinstance(batch, kind) for batch in points)
    assert np.array_equal(np.concatenate([batch.strengths for batch in points]), strengths)


@pytest.mark.parametrize("loss", ["squared", "binomial", "poisson"])
def test_beyond_the_largest_strength_nothing_is_left(loss):
    X, y = data()
    problem = set_up(X, y, l1=1.0, loss=loss).problem
    largest = largest_strength(problem)
    assert not solve_point(problem, largest * (1 + 1e-9)).coef.any()
    assert solve_point(problem, largest * (1 - 1e-6)).coef.any()


def test_a_path_through_the_front_door():
    X, y = data()
    path = eq.path(X, y, loss="binomial", count=15)
    coef = path.coef
    for i, strength in enumerate(path.strengths):
        assert worst_violation("binomial", X, y, coef[i], path.intercept[i], l1=strength) <= 1.0
