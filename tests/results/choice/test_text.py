import numpy as np
import pytest

import equipoise as eq

NOTHING = "one-se keeps no feature: no model beats the mean by one standard error"


def noise() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.normal(size=(60, 5)), rng.normal(size=60)


def test_noise_is_said_to_be_no_better_than_the_mean():
    X, y = noise()
    cv = eq.cross_validate(X, y, folds=5)
    told = str(cv).split("\n")
    assert told[-1] == NOTHING
    assert told[-2] == ""
    # By hand: the mean of the other rows predicts each fold within one standard error of the best.
    losses = []
    for held_out in np.array_split(np.random.RandomState(0).permutation(60), 5):
        others = np.delete(y, held_out)
        losses.append(np.mean((y[held_out] - others.mean()) ** 2))
    best = int(np.argmin(cv.mean))
    assert np.mean(losses) <= cv.mean[best] + cv.standard_error[best] + 1e-12
    assert len(cv.one_se.support) == 0


def test_a_signal_is_not():
    X, y = noise()
    cv = eq.cross_validate(X, y + 5 * X[:, 0], folds=5)
    assert len(cv.one_se.support) > 0
    assert "no model beats" not in str(cv)


def test_without_an_intercept_there_is_no_mean_to_beat():
    X, y = noise()
    told = str(eq.cross_validate(X, y, folds=5, intercept=False))
    assert told.endswith("no model beats a model without features by one standard error")


@pytest.mark.parametrize("verb", [eq.relax, eq.adapt])
def test_the_other_choices_say_it_too(verb):
    X, y = noise()
    found = verb(X, y, folds=5, count=20)
    assert not np.any(found.one_se.coef)
    assert NOTHING in str(found).split("\n")
