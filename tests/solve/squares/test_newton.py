"""Newton's method on the dual finds the solution, however many features are off zero and however close."""

import numpy as np
import pytest
from oracle import Exact, Question

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import Squares
from equipoise.solve.squares import newton
from equipoise.solve.squares.newton import DualNewton

INF = np.inf


def built(X, y, l1, l2, lower=-INF, upper=INF, intercept=False):
    spread = (np.broadcast_to(np.asarray(a, dtype=float), X.shape[1]).copy() for a in (l1, l2, lower, upper))
    return Squares.build(Dense(X), y, Penalty(*spread), intercept=intercept)


def method(problem):
    everything = np.arange(problem.view.shape[1])
    columns = problem.view.gather(everything)
    return DualNewton(problem, columns, everything, 16.0 * problem.floor, problem.penalty.null)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize(
    "asked",
    [
        {"l1": 1.0, "l2": 0.5},
        {"l1": 1.0, "l2": 2.0**-20},
        {"l1": [0.0, 1.0, 2.0, 1.0, 0.0, 1.0], "l2": 0.25},
        {"l1": [0.0, 1.0, 2.0, 1.0, 1.0, 1.0], "l2": [0.0, 0.25, 0.25, 0.5, 0.5, 1.0]},
        {"l1": 1.0, "l2": 0.25, "lower": -0.25, "upper": 0.5},
        {"l1": 1.0, "l2": 0.25, "lower": 0.25, "upper": 1.0},
        {"l1": [1.0, INF, 1.0, 1.0, INF, 1.0], "l2": 0.25},
    ],
    ids=str,
)
def test_it_finds_the_exact_solution_of_six_columns_and_four_rows(asked, intercept):
    rng = np.random.default_rng(3)
    X, y = rng.integers(-4, 5, size=(4, 6)) / 2.0, rng.integers(-9, 10, size=4) / 2.0
    problem = built(X, y, intercept=intercept, **asked)
    null = problem.penalty.null
    solver = method(problem)
    pull = problem.pull(problem.residual(null))
    found = solver.solve(1.0, null, pull) / problem.view.scale
    (solution,) = Exact(Question(X, y, intercept=intercept, **asked)).vertices
    truth = [float(w) for w in solution[:6]]
    np.testing.assert_allclose(found, truth, rtol=1e-8, atol=1e-9)
    assert np.flatnonzero(found).tolist() == np.flatnonzero(truth).tolist()


def powers(columns):
    """A smooth function of t at 49 points, and so many powers of t, the first of them constant."""
    t = np.linspace(0.0, 1.0, 49)
    noise = np.random.default_rng(0).normal(size=49)
    return t[:, None] ** np.arange(columns), np.sin(6.0 * t) + t + 0.1 * noise


def copies(columns):
    """Copies of 20 columns that differ by 1e-6, and a constant one."""
    rng = np.random.default_rng(1)
    base = rng.normal(size=(49, 20))
    X = base[:, np.arange(columns) % 20] + 1e-6 * rng.normal(size=(49, columns))
    X[:, 0] = 3.0
    return X, base[:, :3] @ np.array([3.0, -2.0, 1.5]) + 0.5 * rng.normal(size=49)


def imbalance(X, y, path, l1, l2, lower=-INF, upper=INF):
    """How far each point of a path is from balance, in units of what a certificate allows; from scratch."""
    centred, target = X - X.mean(axis=0), y - y.mean()
    worst = 0.0
    for t, w in zip(path.strengths, path.coef, strict=True):
        pull = centred.T @ (target - centred @ w)
        off = np.abs(pull - t * l1 * np.sign(w) - 2.0 * t * l2 * w)
        distance = np.where(w == 0, np.maximum(np.abs(pull) - t * l1, 0.0), off)
        outward = (w >= upper) & (pull >= t * (l1 + 2.0 * l2 * w)) | (w <= lower) & (
            pull <= t * (-l1 + 2.0 * l2 * w)
        )
        distance[outward] = 0.0
        allowed = 1e-9 * t * l1 + 1e-12 * np.linalg.norm(X, axis=0) * np.linalg.norm(y)
        worst = max(worst, float(np.max(distance / allowed)))
    return worst


@pytest.mark.parametrize("box", [{}, {"lower": -0.05, "upper": 0.05}], ids=str)
@pytest.mark.parametrize("l2", [1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize("make", [powers, copies])
def test_paths_with_far_more_coefficients_than_rows_balance(make, l2, box):
    X, y = make(900)
    path = eq.path(X, y, l1=1.0, l2=l2, count=40, **box)
    assert {certificate.status.name for certificate in path.certificates} == {"OPTIMAL"}
    assert imbalance(X, y, path, 1.0, l2, **box) <= 1.0


def test_paths_come_to_use_it(monkeypatch):
    found, solve = [], DualNewton.solve
    monkeypatch.setattr(DualNewton, "solve", lambda *some: found.append(solve(*some)) or found[-1])
    X, y = powers(900)
    path = eq.path(X, y, l1=1.0, l2=1e-3)
    assert len(found) > 0
    assert not any(coef is None for coef in found)
    assert imbalance(X, y, path, 1.0, 1e-3) <= 1.0


def test_where_it_does_not_end_the_path_is_solved_without_it(monkeypatch):
    X, y = copies(400)
    monkeypatch.setattr(newton, "ROUNDS", 0)
    path = eq.path(X, y, l1=1.0, l2=1e-2)
    assert np.count_nonzero(path.coef, axis=1).max() > 2 * 49
    assert {certificate.status.name for certificate in path.certificates} == {"OPTIMAL"}
    assert imbalance(X, y, path, 1.0, 1e-2) <= 1.0


def test_beside_unpenalised_columns_the_rest_balances():
    X, y = copies(400)
    l1, l2 = np.ones(400), np.full(400, 1e-2)
    l1[[1, 7]] = l2[[1, 7]] = 0.0
    path = eq.path(X, y, l1=l1, l2=l2)
    assert np.count_nonzero(path.coef, axis=1).max() > 2 * 49
    assert {certificate.status.name for certificate in path.certificates} == {"OPTIMAL"}
    assert imbalance(X, y, path, l1, l2) <= 1.0
