"""Folds of a response with two classes: scikit-learn's, even in each; and what one class alone does."""

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold

import equipoise as eq
from equipoise.select.folds import held_out


@pytest.mark.parametrize("count", [2, 5, 10])
@pytest.mark.parametrize("share", [0.5, 0.8])
def test_the_folds_are_those_of_scikit_learn(count, share):
    y = (np.random.default_rng(count).random(97) < share).astype(float)
    found = held_out(count, 97, response=y, repeats=2, stratify=True)
    for seed in range(2):
        wanted = StratifiedKFold(count, shuffle=True, random_state=seed).split(np.zeros((97, 1)), y)
        for (train, test), (its_train, its_test) in zip(found[seed * count :], wanted, strict=False):
            assert np.array_equal(np.flatnonzero(train), its_train)
            assert np.array_equal(np.flatnonzero(test), its_test)


def test_fractions_of_trials_are_shared_out_evenly():
    y = np.random.default_rng(1).random(200)
    means = [y[test].mean() for _, test in held_out(10, 200, response=y, stratify=True)]
    assert np.ptp(means) < 0.06  # of shuffled rows 0.28
    assert np.ptp([y[test].mean() for _, test in held_out(10, 200)]) > 0.2


def test_whole_groups_share_out_events_and_rows():
    rng = np.random.default_rng(2)
    groups = rng.integers(0, 40, 400)
    y = (rng.random(400) < np.where(groups < 8, 0.9, 0.1)).astype(float)
    pairs = held_out(4, 400, groups=groups, response=y, stratify=True)
    assert all(not set(groups[train]) & set(groups[test]) for train, test in pairs)
    events, rows = [y[test].sum() for _, test in pairs], [test.sum() for _, test in pairs]
    assert np.ptp(events) <= 10
    assert np.ptp(rows) <= 20
    unaware = [y[test].sum() for _, test in held_out(4, 400, groups=groups)]
    assert np.ptp(unaware) > 2 * np.ptp(events)


def data(events: int) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(30, 2))
    return X, np.arange(30) < events


def test_folds_that_are_fitted_to_one_class():
    X, y = data(1)
    with pytest.raises(ValueError, match="every row that fold 0 is fitted to holds y = False, so"):
        eq.cross_validate(X, y, loss="binomial", folds=5)
    with pytest.raises(ValueError, match="every row that fold 0 is fitted to holds y = 'no', so"):
        eq.cross_validate(X, np.where(y, "yes", "no"), loss="binomial", folds=np.arange(30) > 0)
    with pytest.raises(ValueError, match="every row that fold 0 is fitted to holds y = 0, so"):
        eq.cross_validate(X, y * 3.0, loss="poisson", folds=np.arange(30) > 0)
    eq.cross_validate(X, y + 1.0, loss="gamma", folds=np.arange(30) > 0, strengths=[1.0])


def test_weights_of_zero_take_a_class_away():
    X, y = data(3)
    weights = np.where((np.arange(30) == 1) | (np.arange(30) == 2), 0.0, 1.0)
    with pytest.raises(ValueError, match="is fitted to holds y = False"):
        eq.cross_validate(X, y, loss="binomial", folds=3, sample_weight=weights)


def test_one_class_has_a_finite_fit_without_an_intercept():
    X, y = data(1)
    cv = eq.cross_validate(X, y, loss="binomial", folds=2, intercept=False, strengths=[2.0])
    assert np.isfinite(cv.mean).all()


def test_held_out_rows_of_one_class_are_not_ranked():
    X, y = data(3)
    with pytest.raises(ValueError, match="holds out are of one class, and scoring='auc' ranks those of"):
        eq.cross_validate(X, y, loss="binomial", folds=5, scoring="auc")
