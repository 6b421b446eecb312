"""A working set is the problem restricted to its columns, however it grew."""

import numpy as np
import pytest
from oracle import Exact, Question

from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import SMALL, Squares
from equipoise.solve.squares.working_set import WorkingSet

INF = np.inf


def built(n, p, l1=1.0, seed=0):
    rng, free = np.random.default_rng(seed), np.full(p, INF)
    X, y = rng.integers(-4, 5, size=(n, p)) / 2.0, rng.integers(-9, 10, size=n) / 2.0
    return (
        Squares.build(Dense(X), y, Penalty(np.full(p, l1), np.zeros(p), -free, free), intercept=False),
        X,
        y,
    )


def solved(working, strength=1.0):
    problem = working.problem
    return working.solve(strength, problem.penalty.null, problem.response_pull) / problem.view.scale


def test_it_starts_with_all_columns_or_with_none():
    few, many = WorkingSet(built(8, 5)[0]), WorkingSet(built(8, SMALL + 1)[0])
    assert few.member.all()
    assert few.indices.tolist() == [0, 1, 2, 3, 4]
    assert few.gram is few.problem.gram
    assert not many.member.any()
    assert len(many.indices) == 0


@pytest.mark.parametrize("steps", [[[5, 200, 31, 2]], [[5], [200, 31], [2]], [[2, 31], [200], [5]]])
def test_it_solves_the_problem_of_its_columns_alone(steps):
    problem, X, y = built(10, SMALL + 4)
    working = WorkingSet(problem)
    for step in steps:
        working.add(np.array(step))
        solved(working)  # what was solved before is where it goes on from
    members = [2, 5, 31, 200]
    assert sorted(working.indices.tolist()) == members
    assert np.flatnonzero(working.member).tolist() == members
    (solution,) = Exact(Question(X[:, members], y, 1.0, intercept=False)).vertices
    found = solved(working)
    np.testing.assert_allclose(found[members], [float(w) for w in solution], rtol=1e-12, atol=1e-13)
    assert [w == 0 for w in found[members]] == [w == 0 for w in solution]
    assert np.flatnonzero(found).tolist() == [j for j, w in zip(members, solution, strict=True) if w]


def test_products_are_kept_in_the_order_of_entry():
    problem, X, y = built(10, SMALL + 4)
    working = WorkingSet(problem)
    working.add(np.array([7, 3]))
    working.add(np.array([150, 0, 9]))
    some = X[:, [7, 3, 150, 0, 9]] / problem.view.scale[[7, 3, 150, 0, 9]]
    np.testing.assert_allclose(working.gram[:5, :5], some.T @ some, atol=1e-14)
    np.testing.assert_allclose(working.start, some.T @ y, atol=1e-13)
    vectors = np.arange(20.0).reshape(2, 10)
    np.testing.assert_allclose(working.columns.pull(vectors), vectors @ some, atol=1e-12)


def test_it_grows_beyond_the_room_it_had():
    problem, X, _ = built(6, 400)
    working = WorkingSet(problem)
    for start in range(0, 60, 4):
        working.add(np.arange(start, start + 4))
    assert len(working.gram) >= 60
    some = X[:, :60] / problem.view.scale[:60]
    np.testing.assert_allclose(working.gram[:60, :60], some.T @ some, atol=1e-14)
    w = solved(working)
    pull = X.T @ (problem.response - X @ w)
    assert np.abs(pull[:60]).max() <= 1.0 + 1e-9
    np.testing.assert_allclose(pull[:60][w[:60] != 0], np.sign(w[:60][w[:60] != 0]), atol=1e-9)


def test_an_excluded_feature_is_not_moved():
    problem, X, y = built(10, 4)
    l1 = np.array([1.0, INF, 1.0, 1.0])
    free = np.full(4, INF)
    held = Squares.build(Dense(X), y, Penalty(l1, np.zeros(4), -free, free), intercept=False)
    (solution,) = Exact(Question(X, y, l1, intercept=False)).vertices
    np.testing.assert_allclose(solved(WorkingSet(held)), [float(w) for w in solution], atol=1e-13)
    assert solution[1] == 0
    assert solved(WorkingSet(problem))[1] != 0
