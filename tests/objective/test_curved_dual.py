"""Gaps by dual points: never below the excess in 50 digits, wherever the point lies."""

import census
import mpmath as mp
import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_dual import dual_gap
from equipoise.objective.curved_rows import Rows
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.solve.path import solve_point

exactly = np.vectorize(mp.mpf, otypes=[object])


def gap_at(problem, strength, coef, level):
    place = problem.at(coef, level)
    columns = np.arange(len(coef))
    rows = Rows.of(problem, coef[None], np.array([level]), place.eta[None], columns)
    return dual_gap(problem, strength, place, rows)


@pytest.mark.parametrize("name", census.LOSSES)
def test_no_less_than_the_excess(name):
    """Nor 100 times as much at the solution, or more than 1e4 times near it."""
    loss, some = read_loss(name), 0
    for seed in range(4):
        rng = np.random.default_rng([seed, 77])
        problem, strength, exact = census.draw(rng, loss)
        points = solve_point(problem, strength)
        w, b = points.original()
        best = exact.optimum(np.r_[b, w[0]])
        if best is None:
            continue
        least = exact.value(best)
        size = problem.value(points.eta[0])
        for eps in (0.0, 1e-9, 1e-6, 1e-3, 0.1, 1.0):
            coef = points.coef[0] + eps * rng.normal(size=len(w[0])) * (rng.random(len(w[0])) < 0.6)
            coef = np.clip(coef, problem.penalty.lower, problem.penalty.upper)
            level = float(points.level[0]) + eps * rng.normal() * problem.view.intercept
            gap = gap_at(problem, strength, coef, level)
            # η is that of the level: the stored intercept is rounded, which other bounds account for.
            original = coef / problem.view.scale
            exact_b = (
                mp.mpf(level) - mp.fdot(exactly(original), exactly(problem.view.mean))
                if problem.view.intercept
                else 0
            )
            excess = exact.value(np.r_[[exact_b], exactly(original)]) - least
            assert excess <= gap
            some += 1
            if eps <= 1e-6:
                assert gap <= 1e-6 * size * (1 if eps else 1e-6) + 1e4 * excess
    assert some >= 12


@pytest.mark.parametrize("name", ["binomial", "poisson"])
def test_copies_of_a_column(name):
    """Where no Hessian can be inverted the gap is still a small one; the optimum is that of one copy."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(30, 2))
    y = (x[:, 0] + rng.normal(size=30) > 0).astype(float) + (name == "poisson") * rng.poisson(1, 30)
    free = np.full(3, np.inf)

    def built(X, l1):
        k = X.shape[1]
        return Curved.build(
            Dense(X), y, Penalty(np.full(k, l1), np.zeros(k), -free[:k], free[:k]), read_loss(name)
        )

    one = solve_point(built(x, 1.0))
    both = built(np.column_stack([x, x[:, 0]]), 1.0)
    coef = np.r_[one.coef[0], 0.0]
    coef[0] *= 0.25
    coef[2] = 3 * coef[0]
    assert coef[0] != 0
    gap = gap_at(both, 1.0, coef, float(one.level[0]))
    assert 0 <= gap <= 1e-10
    coef[0] *= 1.01
    worse = both.value(both.at(coef, float(one.level[0])).eta) + np.abs(coef) @ both.penalty.l1
    best = one.objective()[0]
    assert worse - best <= gap_at(both, 1.0, coef, float(one.level[0])) <= 1e3 * (worse - best)


def test_ridges_on_more_columns_than_rows():
    """Every pull is held by an l2 of its own: no scaling, and a small gap."""
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(8, 30)), rng.poisson(2, 8).astype(float)
    free = np.full(30, np.inf)
    problem = Curved.build(Dense(X), y, Penalty(np.zeros(30), np.ones(30), -free, free), read_loss("poisson"))
    points = solve_point(problem)
    assert 0 <= gap_at(problem, 1.0, points.coef[0], float(points.level[0])) <= 1e-13
    assert points.certify().unique


def test_no_gap_exceeds_the_objective():
    """Zero is what no objective is below."""
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(10, 3)), rng.poisson(2, 10).astype(float)
    free = np.full(3, np.inf)
    problem = Curved.build(Dense(X), y, Penalty(np.ones(3), np.zeros(3), -free, free), read_loss("poisson"))
    coef = np.array([8.0, -9.0, 7.0])
    value = problem.value(problem.at(coef, 1.0).eta) + np.abs(coef) @ problem.penalty.l1
    assert gap_at(problem, 1.0, coef, 1.0) <= value * (1 + 1e-9)
