"""The largest strength: the null model's hardest pull, or where what rests begins to move."""

import numpy as np
import pytest
from loss_oracle import LONG, slopes
from solve.newton.test_path import build, data, response

from equipoise.solve.path import largest_strength, solve_point


def test_of_the_mean_alone():
    X, signal, rng = data(70, 5)
    y = response("binomial", signal, rng)
    pull = (X - X.mean(axis=0)).astype(LONG).T @ (y - y.mean())  # at the null model every mean is that of y
    factors = np.array([1.0, 2.0, 0.5, 1.0, 3.0])
    expected = float(np.max(np.abs(pull) / factors))
    assert largest_strength(build("binomial", X, y, l1=factors)) == pytest.approx(expected, rel=1e-12)


def test_with_an_offset_and_weights():
    X, signal, rng = data(70, 5)
    y, weights, offset = response("poisson", signal, rng), rng.random(70), rng.normal(size=70)
    level = np.log(weights @ y / (weights @ np.exp(offset)))  # of Poisson's loss known in closed form
    residual, _, _ = slopes("poisson", y, offset + level)
    pull = (X - weights @ X / weights.sum()).T @ (weights * residual)
    problem = build("poisson", X, y, weights=weights, offset=offset)
    assert largest_strength(problem) == pytest.approx(float(np.abs(pull).max()), rel=1e-11)


@pytest.mark.parametrize("others", ["ridge", "box"])
def test_where_others_move_with_the_strength(others):
    X, signal, rng = data(70, 5)
    l1, l2, upper = np.ones(5), np.zeros(5), np.full(5, np.inf)
    l1[1] = 0.0
    if others == "ridge":
        l2[1] = 0.3
    else:
        upper[1] = 0.1
    problem = build("binomial", X, response("binomial", signal, rng), l1=l1, l2=l2, upper=upper)
    largest = largest_strength(problem)
    rest = [0, 2, 3, 4]
    assert not solve_point(problem, largest * (1 + 1e-7)).coef[0, rest].any()
    assert solve_point(problem, largest * (1 - 1e-5)).coef[0, rest].any()


def test_without_any_l1_there_is_none():
    X, signal, rng = data(70, 5)
    assert largest_strength(build("binomial", X, response("binomial", signal, rng), l1=0.0, l2=1.0)) == 0.0
