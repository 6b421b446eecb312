"""The strengths of a path start exactly where the first feature enters, and fall evenly on a log scale."""

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import Squares
from equipoise.solve.grid import default_ratio, default_strengths

INF = np.inf


def built(X, y, l1, l2=0.0, lower=-INF, upper=INF, intercept=False):
    p = X.shape[1]
    penalty = Penalty(
        *(np.broadcast_to(np.asarray(a, dtype=float), p).copy() for a in (l1, l2, lower, upper))
    )
    return Squares.build(Dense(X), y, penalty, intercept=intercept)


X = np.array([[4.0, 0.0, 1.0], [0.0, 2.0, 1.0], [0.0, 0.0, -2.0], [0.0, 0.0, 0.0]])
Y = np.array([3.0, -5.0, 2.0, 1.0])  # pulls: 12, −10 and −6


@pytest.mark.parametrize(
    ("asked", "largest"),
    [
        ({"l1": 1.0}, 12.0),
        ({"l1": [4.0, 1.0, 1.0]}, 10.0),
        ({"l1": [INF, 4.0, 1.0]}, 6.0),
        ({"l1": 1.0, "upper": 0.0}, 10.0),  # nothing may go up
        ({"l1": 1.0, "lower": 0.0, "upper": [0.0, INF, INF]}, 1.0),  # only x1 would go up, and may not
        ({"l1": 1.0, "l2": 7.0}, 12.0),
        ({"l1": 1.0, "lower": [0.25, -INF, -INF]}, 10.0),  # x1 rests at ¼ until its limit is 12 − ¼·16 = 8
    ],
)
def test_the_first_is_the_smallest_that_holds_every_feature(asked, largest):
    grid = default_strengths(built(X, Y, **asked), 5, 0.1)
    assert grid[0] == pytest.approx(largest, rel=1e-15)


@pytest.mark.parametrize(("count", "ratio"), [(1, 0.5), (2, 0.5), (7, 1e-3)])
def test_the_others_fall_by_the_same_factor_down_to_the_ratio(count, ratio):
    grid = default_strengths(built(X, Y, 1.0), count, ratio)
    assert len(grid) == count
    np.testing.assert_allclose(grid, 12.0 * ratio ** (np.arange(count) / max(count - 1, 1)), rtol=1e-13)


@pytest.mark.parametrize(("shape", "ratio"), [((9, 8), 1e-4), ((8, 8), 1e-2), ((7, 8), 1e-2)])
def test_with_more_rows_than_columns_a_path_goes_further(shape, ratio):
    problem = built(np.random.default_rng(0).normal(size=shape), np.arange(1.0, 1 + shape[0]), 1.0)
    assert default_ratio(problem) == ratio
    grid = default_strengths(problem, 3, None)
    assert grid[-1] == pytest.approx(ratio * grid[0])


def test_a_response_that_pulls_on_nothing_still_has_a_path():
    np.testing.assert_allclose(default_strengths(built(X, np.zeros(4), 1.0), 3, 0.01), [1.0, 0.1, 0.01])


@pytest.mark.parametrize("l1", [0.0, [0.0, INF, 0.0]])
def test_a_path_without_an_l1_has_no_start(l1):
    with pytest.raises(ValueError, match="a path without an l1 has no largest strength"):
        default_strengths(built(X, Y, l1, l2=1.0), 5, 0.1)
