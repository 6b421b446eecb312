"""The safeguarded method reaches the solution from where Newton's own steps run away."""

import numpy as np
import pytest
from loss_oracle import worst_violation
from solve.newton.test_path import build, corner, data, response

from equipoise.solve.newton.guarded import Guarded
from equipoise.solve.newton.working import Working


def descended(loss, X, y, strength, start, **rest):
    problem = build(loss, np.asfortranarray(X), y, **rest)
    working = Working(problem, np.arange(X.shape[1]))
    coef = np.concatenate([[start], np.zeros(X.shape[1])])
    null = working.rows(np.concatenate([[problem.null.level], coef[1:]])[None])
    floor = working.rounding(null.eta[0], null.curved[0])
    found = Guarded(working, strength, floor).descend(coef).coef[0]
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


def test_a_steep_start_of_counts():
    loss, X, y, rest = corner("steep")
    assert descended(loss, X, y, 1e4, 5.0, **rest) <= 1.0
