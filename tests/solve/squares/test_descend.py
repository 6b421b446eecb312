"""The way down a stretch: the first end, found whether a margin closes once or comes back."""

import numpy as np
import pytest

import equipoise as eq
from equipoise.solve.squares.descend import descend
from equipoise.solve.squares.stretch import Stretch
from equipoise.solve.squares.working_set import WorkingSet


def stretch_of(X, y, side, t, **options) -> Stretch:
    problem = eq.path(X, y, count=2, intercept=False, **options).setup.problem
    side = np.array(side, dtype=np.int8)
    stretch = Stretch(problem, WorkingSet(problem), problem.penalty.moving, side, np.zeros(len(side)))
    stretch.go(t)
    return stretch


def test_the_three_rows():
    stretch = stretch_of([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [1, 0], 5.0)
    (end,) = descend(stretch, 0.1)
    assert (end.feature, end.up) == (1, 1)
    assert end.strength == pytest.approx(3.0, rel=1e-15)
    assert descend(stretch_of([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [1, 0], 5.0), 3.5) == []


def test_an_end_of_an_elastic_net_is_a_root():
    # w1 = (5 − t)/(2 + 2t), and x2's pull 4 − w1 meets t where 2t² − 7t − 3 = 0.
    stretch = stretch_of([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [1, 0], 5.0, l2=1.0)
    (end,) = descend(stretch, 0.1)
    assert end.feature == 1
    assert end.strength == pytest.approx((7 + 73**0.5) / 4, rel=1e-14)


def test_a_margin_that_closes_and_opens_again_within_one_step_is_met():
    # x1 alone is in, w1 = (c1 ∓ t)/(‖x1‖² + 2t·l2): a fine grid tells where x2 or x3 first passes its limit.
    rng = np.random.default_rng(0)
    met = 0
    for _ in range(6000):
        X, y = rng.normal(size=(4, 3)), rng.normal(size=4)
        l2 = np.array([10.0 ** rng.uniform(-2, 2), 0.0, 0.0])
        gram, pull = X.T @ X, X.T @ y
        top, sign = abs(pull[0]), np.sign(pull[0])
        t = np.linspace(0.999, 0.05, 1000) * top
        w = sign * (top - t) / (gram[0, 0] + 2 * t * l2[0])
        slack = t[:, None] - np.abs(pull[1:] - np.outer(w, gram[0, 1:]))
        past = np.flatnonzero(slack.min(axis=1) < 0)
        if not len(past) or past[0] == 0 or slack[-1].min() < 0:
            continue
        (end, *_) = descend(stretch_of(X, y, [sign, 0, 0], t[0], l2=l2), float(t[-1]))
        assert t[past[0]] <= end.strength * (1 + 1e-12)
        assert end.strength <= t[past[0] - 1]
        met += 1
    assert met >= 3
