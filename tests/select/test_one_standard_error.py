"""Mean, standard error and choice over folds: curves made by hand, and what repeating may not promise."""

import numpy as np
import pytest

from equipoise.select.one_standard_error import best_and_one_se, mean_loss, standard_error


def test_one_se_is_the_larger_penalty():
    # Means 9, 4, 3, 2.5, 4: the best is at 2; within its error of 1 lies 4, not 8, and never 1.
    strengths = np.array([16.0, 8.0, 4.0, 2.0, 1.0])
    loss = np.array([[9.0, 9.0], [4.0, 4.0], [3.0, 3.0], [1.5, 3.5], [3.4, 3.4]])
    mean, error = mean_loss(loss, np.ones(2)), standard_error(loss, np.ones(2))
    assert mean[3] == 2.5
    assert error[3] == pytest.approx(1.0)  # √((1 + 1)/2/(2 − 1))
    best, one_se = best_and_one_se(strengths, mean, error)
    assert (strengths[best], strengths[one_se]) == (2.0, 4.0)
    # The smaller penalty at 1 is within the error too: who takes it has the rule backwards.
    assert mean[4] <= mean[3] + error[3]
    back = np.arange(5)[::-1]
    best, one_se = best_and_one_se(strengths[back], mean[back], error[back])
    assert (strengths[back][best], strengths[back][one_se]) == (2.0, 4.0)


def test_weights_count():
    loss, weight = np.array([[1.0, 4.0]]), np.array([3.0, 1.0])
    assert mean_loss(loss, weight) == pytest.approx(1.75)
    # (3·0.75² + 2.25²)/4 = 1.6875, over K − 1 = 1
    assert standard_error(loss, weight) == pytest.approx(np.sqrt(1.6875))


def test_repetitions_do_not_shrink_the_standard_error():
    rng = np.random.default_rng(0)
    once = rng.normal(size=(7, 5)) ** 2
    weight = rng.uniform(1, 2, 5)
    alone = standard_error(once, weight)
    for count in (2, 10):
        repeated = np.tile(once, count)
        repetition = np.repeat(np.arange(count), 5)
        np.testing.assert_allclose(standard_error(repeated, np.tile(weight, count), repetition), alone)
        np.testing.assert_allclose(mean_loss(repeated, np.tile(weight, count)), mean_loss(once, weight))
    # Two repetitions that differ: the root of the mean of squares, each about its own mean.
    other = 10.0 + rng.normal(size=(7, 5))
    both = standard_error(np.hstack([once, other]), np.tile(weight, 2), np.repeat([0, 1], 5))
    np.testing.assert_allclose(both, np.sqrt((alone**2 + standard_error(other, weight) ** 2) / 2))
