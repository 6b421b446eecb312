"""The safeguarded method reaches the solution from where Newton's own steps run away."""

import numpy as np
import pytest
from loss_oracle import worst_violation
from solve.newton.test_path import assert_solved, build, corner, data, response

from equipoise.objective.certificate import Status
from equipoise.solve.newton.guarded import Guarded
from equipoise.solve.newton.working import Working
from equipoise.solve.path import largest_strength, solve_point


def descended(loss, X, y, strength, start, **rest):
    problem = build(loss, np.asfortranarray(X), y, **rest)
    working = Working(problem, np.arange(X.shape[1]))
    coef = np.concatenate([[start], np.zeros(X.shape[1])])
    found = Guarded(working, strength).descend(coef).coef[0]
    coef = found[1:] / problem.view.scale
    return worst_violation(loss, X, y, coef, found[0] - coef @ problem.view.mean, l1=strength, **rest)


@pytest.mark.parametrize("loss", ["binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(1.5)"])
@pytest.mark.parametrize("start", [-20.0, 0.0, 20.0])
def test_from_an_intercept_far_away(loss, start):
    X, signal, rng = data(80, 6)
    assert descended(loss, X, response(loss, signal, rng), 2.0, start) <= 1.0


@pytest.mark.parametrize("name", ["offset 30", "offset 800", "one event", "separable"])
def test_where_curvature_vanishes(name):
    loss, X, y, rest = corner(name)
    assert descended(loss, X, y, 0.3, 0.0, **rest) <= 1.0


@pytest.mark.parametrize("rows", ["all", "some", "half", "against the labels"])
@pytest.mark.parametrize("strength", [5.0, 0.01])
@pytest.mark.parametrize("intercept", [True, False])
def test_offsets_of_ten_thousand(rows, strength, intercept):
    """Nearly a linear program: a few rows bend, and which these are has to be found."""
    X, signal, rng = data(200, 20)
    y = response("binomial", signal, rng)
    sign = {
        "all": np.ones(200),
        "some": np.sign(rng.normal(size=200)),
        "half": np.arange(200) % 2,
        "against the labels": 1 - 2 * y,
    }[rows]
    rest = {"offset": 1e4 * sign, "intercept": intercept}
    problem = build("binomial", X, y, **rest)
    assert_solved("binomial", X, y, [solve_point(problem, strength)], **rest)


def test_a_steep_start_of_counts():
    loss, X, y, rest = corner("steep")
    assert descended(loss, X, y, 1e4, 5.0, **rest) <= 1.0


def test_where_one_row_is_far_steeper_than_all_others():
    """Curvatures of 1e-14 of the largest decide where the others go."""
    loss, X, y, rest = corner("one count of 1000")
    X = np.asfortranarray(X)
    problem = build(loss, X, y, **rest)
    points = solve_point(problem, 1e-12 * largest_strength(problem))
    assert points.certify().status is Status.AT_PRECISION
    assert_solved(loss, X, y, [points], **rest)
