"""The last digits, where a Gram matrix has none left: against solutions in rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from oracle import Exact, Question

from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import Squares
from equipoise.solve.squares.polish import is_least_squares, minimum_norm, polish

INF = np.inf


def built(X, y, l1=0.0, l2=0.0, lower=-INF, upper=INF):
    p = X.shape[1]
    penalty = Penalty(
        *(np.broadcast_to(np.asarray(a, dtype=float), p).copy() for a in (l1, l2, lower, upper))
    )
    return Squares.build(Dense(X), y, penalty, intercept=False)


def near_copies(apart):
    """Three columns, two of which differ by ``apart`` of their length, in short numbers."""
    x = np.array([1.0, 2.0, -1.0, 3.0, 0.5])
    return np.column_stack([x, x + apart * np.array([1.0, -1.0, 2.0, 0.0, 1.0]), [0.0, 1.0, 1.0, -1.0, 2.0]])


@pytest.mark.parametrize("apart", [2.0**-10, 2.0**-27])
@pytest.mark.parametrize(
    "asked",
    [
        {"l1": 0.25},
        {"l1": 0.25, "l2": 2.0**-40},
        {"l1": 0.25, "lower": 0.0},
        {"l1": [0.0, 0.25, 0.25]},
        {"l1": 0.25, "upper": [INF, INF, 0.5]},
    ],
    ids=str,
)
def test_near_copies_are_told_apart(apart, asked):
    X = near_copies(apart)
    y = -X[:, 0] + 3.0 * X[:, 1] + X[:, 2] + np.array([1, 0, -1, 0, 0]) / 8.0
    assert_solved(X, y, asked, 1e-13)  # far less than what tells the two apart


def test_near_copies_that_are_both_needed_are_both_used():
    X = near_copies(2.0**-14)
    y = 2.0 * X[:, 0] - 3.0 * 2**14 * (X[:, 1] - X[:, 0]) + X[:, 2]
    solution = assert_solved(X, y, {"l1": 2.0**-16}, 1e-9)
    assert solution[0] > 1e4
    assert solution[1] < -1e4


def assert_solved(X, y, asked, goal):
    """That polishing from zero ends at the exact solution, which is returned."""
    (solution,) = Exact(Question(X, y, intercept=False, **asked)).vertices
    problem = built(X, y, **asked)
    found = polish(problem, 1.0, np.zeros(3), np.full(3, goal))
    assert problem.penalty.distance(found, problem.pull(problem.residual(found))).max() <= goal
    w = found / problem.view.scale
    assert [v == 0 for v in w] == [v == 0 for v in solution]
    # The fit is determined, its split between two near copies only as well as rounding lets it be.
    exact = np.array([[Fraction(v) for v in row] for row in X])
    np.testing.assert_allclose(
        (exact @ [*map(Fraction, w)]).astype(float), (exact @ solution).astype(float), atol=1e-9
    )
    return solution


def test_more_columns_in_play_than_rows_are_no_obstacle():
    X, y = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, -1.0]]), np.array([4.0, -2.0])
    problem = built(X, y, l1=0.5)
    found = polish(problem, 1.0, np.array([0.25, 0.25, 0.25]), np.full(3, 1e-12))
    (solution,) = Exact(Question(X, y, 0.5, intercept=False)).vertices
    np.testing.assert_allclose(found / problem.view.scale, [float(w) for w in solution], atol=1e-12)


def test_it_goes_on_from_where_it_is_put_and_leaves_a_solution_alone():
    X, y = near_copies(2.0**-10), np.array([1.0, 2.0, 0.0, -1.0, 3.0])
    problem = built(X, y, l1=0.5)
    goal = np.full(3, 1e-11)
    first = polish(problem, 1.0, np.zeros(3), goal)
    np.testing.assert_array_equal(polish(problem, 1.0, first, goal), first)
    start = first * np.array([-3.0, 0.0, 1.0]) + 0.1
    np.testing.assert_allclose(polish(problem, 1.0, start, goal), first, atol=1e-8)


def test_copies_that_are_both_in_play_are_no_obstacle():
    x = np.array([1.0, 2.0, -1.0, 3.0])
    X, y = np.column_stack([x, x, [1.0, 0.0, 0.0, 0.0]]), np.array([2.0, 4.0, -2.0, 7.0])
    problem = built(X, y, l1=0.5)
    found = polish(problem, 1.0, np.array([0.75, 0.5, 0.25]), np.full(3, 1e-12))
    assert problem.penalty.distance(found, problem.pull(problem.residual(found))).max() <= 1e-12
    (*_, solution) = Exact(Question(X, y, 0.5, intercept=False)).vertices
    w = found / problem.view.scale
    assert w[:2].sum() == pytest.approx(float(solution[0] + solution[1]), rel=1e-12)
    assert w[2] == pytest.approx(float(solution[2]), abs=1e-12)


def test_where_nothing_holds_it_is_least_squares_of_minimum_norm():
    x = np.array([[1.0], [2.0], [2.0]])
    X, y = np.hstack([x, 2.0 * x, x]), np.array([3.0, 0.0, 3.0])
    problem = built(X, y)
    assert is_least_squares(problem.penalty)
    view = X / problem.view.scale
    expected = np.linalg.pinv(view) @ y
    for coef in (np.zeros(3), np.array([5.0, -1.0, 2.0])):
        np.testing.assert_allclose(minimum_norm(problem, problem.penalty, coef), expected, atol=1e-15)
    np.testing.assert_allclose(polish(problem, 1.0, np.ones(3), np.full(3, 1e-9)), expected, atol=1e-15)


def test_minimum_norm_fits_what_the_penalised_leave():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(8, 3)), rng.normal(size=8)
    problem = built(X, y, l1=[0.0, 1.0, 0.0])
    assert not is_least_squares(problem.penalty)
    coef = np.array([9.0, 0.5, -9.0])
    found = minimum_norm(problem, problem.penalty, coef)
    view = X / problem.view.scale
    expected = np.linalg.lstsq(view[:, [0, 2]], y - 0.5 * view[:, 1], rcond=None)[0]
    np.testing.assert_allclose(found, [expected[0], 0.5, expected[1]], atol=1e-13)
    assert coef.tolist() == [9.0, 0.5, -9.0]


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ({}, True),
        ({"lower": [1.0, -INF], "upper": [1.0, INF]}, True),  # one is fixed
        ({"l1": [0.0, 1.0]}, False),
        ({"l2": [0.0, 1.0]}, False),
        ({"lower": [0.0, -INF]}, False),
    ],
)
def test_what_is_least_squares(asked, plain):
    X = np.array([[1.0, 0.0], [1.0, 1.0]])
    assert is_least_squares(built(X, np.ones(2), **asked).penalty) is plain
