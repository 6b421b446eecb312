"""Refinement reaches the solution of the data, whatever is wrong with what it starts from."""

import numpy as np
import pytest
from oracle import Exact, Question

from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import SMALL, Squares
from equipoise.solve.squares.refine import Refiner

INF = np.inf


def built(X, y, l1, l2=0.0, lower=-INF, upper=INF):
    p = X.shape[1]
    penalty = Penalty(
        *(np.broadcast_to(np.asarray(a, dtype=float), p).copy() for a in (l1, l2, lower, upper))
    )
    return Squares.build(Dense(X), y, penalty, intercept=False)


def drawn(n, p, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(-4, 5, size=(n, p)) / 2.0, rng.integers(-9, 10, size=n) / 2.0


ASKED = pytest.mark.parametrize(
    "asked",
    [
        {"l1": 2.0},
        {"l1": 2.0, "l2": 0.25},
        {"l1": [0.0, 2.0, INF, 2.0]},
        {"l1": 2.0, "lower": -0.25, "upper": 0.5},
    ],
    ids=str,
)


@ASKED
def test_an_error_of_the_gram_matrix_is_corrected(asked):
    X, y = drawn(9, 4)
    problem = built(X, y, **asked)
    noise = np.random.default_rng(1).normal(size=(4, 4))
    vars(problem)["gram"] = problem.gram * (1.0 + 1e-5 * (noise + noise.T))
    refiner = Refiner(problem)
    refiner.pull = problem.pull(problem.residual(refiner.coef))
    found = refiner.at(1.0)
    (solution,) = Exact(Question(X, y, intercept=False, **asked)).vertices
    w = found.coef[0] / problem.view.scale
    np.testing.assert_allclose(w, [float(v) for v in solution], rtol=1e-9, atol=1e-9)
    assert [v == 0 for v in w] == [v == 0 for v in solution]
    np.testing.assert_array_equal(refiner.coef, found.coef[0])
    np.testing.assert_allclose(found.pull[0], problem.pull(problem.residual(refiner.coef)), atol=1e-13)


@ASKED
def test_a_start_that_is_measured_first_takes_one_round(asked, monkeypatch):
    X, y = drawn(9, 4)
    refiner = Refiner(built(X, y, **asked))
    refiner.coef, refiner.pull = np.array([0.25, -0.25, 0.0, 0.25]), np.full(4, 1e6)
    rounds, solve = [], refiner.working.solve
    monkeypatch.setattr(refiner.working, "solve", lambda *given: rounds.append(given) or solve(*given))
    found = refiner.at(1.0, measured=False)
    assert len(rounds) == 1
    (solution,) = Exact(Question(X, y, intercept=False, **asked)).vertices
    np.testing.assert_allclose(
        found.coef[0] / refiner.problem.view.scale, [float(v) for v in solution], atol=1e-12
    )


@ASKED
@pytest.mark.parametrize("stuck", [0.0, np.inf, np.nan])
def test_where_the_kernel_does_not_get_there_the_slow_method_does(asked, stuck, monkeypatch):
    X, y = drawn(9, 4)
    refiner = Refiner(built(X, y, **asked))
    refiner.pull = refiner.problem.response_pull
    monkeypatch.setattr(refiner.working, "solve", lambda *_: np.full(4, stuck))
    found = refiner.at(1.0)
    (solution,) = Exact(Question(X, y, intercept=False, **asked)).vertices
    np.testing.assert_allclose(
        found.coef[0] / refiner.problem.view.scale, [float(v) for v in solution], atol=1e-12
    )
    np.testing.assert_array_equal(refiner.coef, found.coef[0])


def test_columns_join_until_none_is_out_of_balance():
    X, y = drawn(20, SMALL + 50)
    problem = built(X, y, 3.0)
    refiner = Refiner(problem)
    refiner.pull = problem.pull(problem.response)
    w = refiner.at(1.0).coef[0] / problem.view.scale
    pull = X.T.astype(np.longdouble) @ (y - X @ w.astype(np.longdouble))
    used = w != 0
    assert 0 < used.sum() <= 20
    assert np.abs(pull).max() <= 3.0 * (1 + 1e-9)
    np.testing.assert_allclose((pull[used] / np.sign(w[used])).astype(float), 3.0, rtol=1e-9)
    assert used[~refiner.working.member].sum() == 0
    assert refiner.working.member.sum() < SMALL  # and not all of them had to


def test_the_most_urgent_join_first():
    X, y = drawn(20, 400)
    refiner = Refiner(built(X, y, 3.0))
    refiner.pull = np.arange(400.0) * (-1) ** np.arange(400)
    refiner.admit(np.arange(400) % 2 == 0)
    assert sorted(refiner.working.indices) == list(range(398 - 2 * 63, 400, 2))  # 64 of them
    refiner.admit(np.arange(400) < 150, priority=-(np.arange(400.0) ** 2))
    assert refiner.working.member.sum() == 64 + 128
    refiner.admit(refiner.working.member.copy())
    assert refiner.working.member.sum() == 64 + 128


def test_excess_is_in_units_of_a_tenth_of_what_a_certificate_allows():
    X, y = drawn(9, 4)
    problem = built(X, y, [2.0, 2.0, 0.0, 1e-12])
    coef, pull = np.array([0.0, 1.0, 0.0, -1.0]), np.array([3.0, 1.0, 0.5, 0.25])
    eps = np.finfo(float).eps
    l1, norm = problem.penalty.l1, problem.view.norm
    off = problem.penalty.distance(coef, pull)
    allowed = np.maximum(1e-9 * l1, 64 * eps * norm * np.linalg.norm(y))
    np.testing.assert_allclose(Refiner(problem).excess(1.0, coef, pull), off / (0.1 * allowed), rtol=1e-12)


def test_without_a_penalty_it_is_least_squares_of_minimum_norm():
    X, y = drawn(5, 9)
    problem = built(X, y, 0.0)
    found = Refiner(problem).at(1.0).coef[0] / problem.view.scale
    np.testing.assert_allclose(found, np.linalg.pinv(X) @ y, atol=1e-13)


@pytest.mark.parametrize("apart", [1e-7, 1e-9])
def test_columns_that_a_gram_matrix_cannot_tell_apart_are_balanced(apart):
    rng = np.random.default_rng(0)
    x = rng.normal(size=30)
    X = np.column_stack([x, x + apart * rng.normal(size=30), rng.normal(size=30)])
    y = x + X[:, 2] + 0.1 * rng.normal(size=30)
    problem = built(X, y, 1e-3)
    refiner = Refiner(problem)
    refiner.pull = problem.response_pull
    points = refiner.at(1.0)
    assert points.measure().balanced[0]
    w = points.coef[0] / problem.view.scale
    (solution,) = Exact(Question(X, y, 1e-3, intercept=False)).vertices
    assert w[:2].sum() == pytest.approx(float(solution[0] + solution[1]), rel=1e-9)
