"""Stability selection of other losses than the squared one: halves of each class, first entries by fits."""

import numpy as np
import pytest
from sklearn_logistic import sklearn_logistic

import equipoise as eq
from equipoise.select.stability import draw_halves, first_of_any_loss
from equipoise.setup.set_up import set_up


def data(n: int = 60, p: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(13)
    X = rng.normal(size=(n, p))
    return X, (rng.random(n) < 1.0 / (1.0 + np.exp(-2.0 * X[:, 2]))).astype(float)


@pytest.mark.parametrize("events", [5, 6])
@pytest.mark.parametrize("rows", [20, 21])
def test_halves_hold_half_of_each_class(rows, events):
    y = np.arange(rows) < events
    halves = draw_halves(np.arange(rows), 30, "complementary pairs", 0, classes=y)
    for one, other in zip(halves[::2], halves[1::2], strict=True):
        assert not set(one) & set(other)
        for half in (one, other):
            assert len(half) == rows // 2
            assert y[half].sum() in (events // 2, events // 2 + events % 2)
    drawn = np.bincount(np.concatenate(halves), minlength=rows)
    assert np.ptp(drawn[y]) <= 14  # each row of a class as often as any other, but for chance
    alone = draw_halves(np.arange(rows), 30, "subsampling", 0, classes=y)
    assert all(y[half].sum() in (events // 2, events // 2 + events % 2) for half in alone)
    assert any(set(one) & set(other) for one, other in zip(alone[::2], alone[1::2], strict=True))


@pytest.mark.parametrize("q", [1, 2, 4])
def test_the_first_to_enter_are_those_of_scikit_learns_fits(q):
    X, y = data()
    found = first_of_any_loss(set_up(X, y, l1=1.0, loss="binomial").problem, q, np.ones(6, dtype=bool))
    if q == 1:
        assert found.tolist() == [np.argmax(np.abs(X.T @ (y - y.mean())))]
    path = eq.path(X, y, loss="binomial", count=60, ratio=0.02)
    t = path.strengths[np.flatnonzero(np.count_nonzero(path.coef, axis=1) == q)[0]]
    model = sklearn_logistic(
        l1_ratio=1.0, C=1.0 / t, solver="saga", tol=1e-12, max_iter=100_000, random_state=0
    ).fit(X, y)
    assert sorted(found) == np.flatnonzero(np.abs(model.coef_[0]) > 1e-8).tolist()


def test_a_feature_that_soon_leaves_again_has_entered():
    rng = np.random.default_rng(118)
    F = rng.normal(size=(40, 2))
    X = F @ rng.normal(size=(2, 6)) + 0.4 * rng.normal(size=(40, 6))
    y = (rng.random(40) < 1 / (1 + np.exp(-2 * F[:, 0] + F[:, 1]))) * 1.0
    third, fourth = 3, 5
    for t, kept in ((1.978, [1, third, 4]), (1.9, [1, third, 4, fourth]), (1.8, [1, 4, fourth])):
        model = sklearn_logistic(l1_ratio=1.0, C=1 / t, solver="saga", tol=1e-12, max_iter=200_000)
        assert np.flatnonzero(np.abs(model.fit(X, y).coef_[0]) > 1e-8).tolist() == kept
    problem = set_up(X, y, l1=1.0, loss="binomial").problem
    assert first_of_any_loss(problem, 3, np.ones(6, dtype=bool)).tolist() == [4, 1, third]


def test_features_that_no_strength_tells_apart():
    X, y = data()
    X = np.hstack([X[:, [2]], X[:, [2]], X[:, :2]])
    assert (
        len(first_of_any_loss(set_up(X, y, l1=1.0, loss="binomial").problem, 1, np.ones(4, dtype=bool))) == 1
    )


def test_frequencies_are_those_of_fits_to_the_halves():
    X, y = data()
    asked = {"loss": "binomial", "standardize": False, "pairs": 3}
    found = eq.stability_selection(X, y, strengths=[6.0, 3.0], **asked)
    kept = np.zeros((6, 2))
    for half in draw_halves(np.arange(60), 3, "complementary pairs", 0, classes=y):
        for i, t in enumerate((6.0, 3.0)):
            kept[:, i] += eq.fit(X[half], y[half], l1=t * len(half) / 60, loss="binomial").coef != 0
    np.testing.assert_allclose(found.path_frequency, kept / 6)
    entered = eq.stability_selection(X, np.where(y > 0, "a", "b"), event="a", q=1, **asked)
    assert entered.frequency.sum() == pytest.approx(1.0)
    assert entered.selected == ("x3",)


def test_a_half_without_an_event():
    X, y = data()
    with pytest.raises(ValueError, match="y: a half of the rows holds y = 0 alone, so that no"):
        eq.stability_selection(X, (np.arange(60) == 3).astype(float), loss="binomial", pairs=3)
    with pytest.raises(ValueError, match="y: a half of the rows holds y = 0 alone, so that no"):
        eq.stability_selection(X, 5.0 * (np.arange(60) == 3), loss="poisson", pairs=3)
    found = eq.stability_selection(X, y, loss="poisson", exposure=np.ones(60), pairs=2, strengths=[4.0])
    assert found.frequency.shape == (6,)
