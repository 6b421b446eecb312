"""A path is walked once for all that a sheet or a report tells of it."""

import numpy as np
import pytest

import equipoise as eq
from equipoise.explain import balance, walked


def near_copies(n=60, p=80, noise=1e-3, seed=0):
    """Columns in pairs that are almost equal, a response, and the largest pull of the null model."""
    rng = np.random.default_rng(seed)
    half = rng.normal(size=(n, p // 2))
    X = np.hstack([half, half + noise * rng.normal(size=half.shape)])
    y = X[:, :10] @ rng.normal(size=10) + rng.normal(size=n)
    return X, y, np.abs((X - X.mean(axis=0)).T @ (y - y.mean())).max()


@pytest.fixture
def walks(monkeypatch):
    """The strengths between which paths are walked for balance sheets."""
    made = []

    def counted(function):
        def call(problem, start, stop):
            made.append((start, stop))
            return function(problem, start, stop)

        return call

    monkeypatch.setattr(walked, "walk", counted(walked.walk))
    monkeypatch.setattr(balance, "crossings", counted(balance.crossings))
    return made


@pytest.mark.parametrize("share", [0.15, 0.02])  # the page reaches the end of a default path, or lower
def test_a_report_walks_the_path_once(walks, share):
    X, y, largest = near_copies()
    fit = eq.fit(X, y, l1=share * largest)
    assert 5 < len(fit.support) < 60
    fit.report()
    assert len(walks) == 1


def test_sentences_walk_each_part_of_the_path_once_at_most(walks):
    X, y, largest = near_copies()
    l1 = 0.05 * largest
    fit = eq.fit(X, y, l1=l1)
    for name in fit.features:
        fit.explain(name)
    one, other = sorted(walks)
    assert one[0] == pytest.approx(1.0) == other[1]  # in multiples of l1: below the fit, and above
    enters = fit.explain().enters_at
    waiting = [j for j in range(80) if fit.coef[j] == 0 and enters[j] is not None]
    assert len(waiting) > 10
    for j in waiting[::5]:
        above, below = (eq.fit(X, y, l1=enters[j] * (1.0 + side * 1e-5)).coef[j] for side in (1, -1))
        assert above == 0 != below


def test_a_walk_that_was_interrupted_starts_again(monkeypatch):
    X, y, largest = near_copies()
    fit = eq.fit(X, y, l1=0.05 * largest)
    whole = walked.walk
    known = [fit.explain()[name].enters_at for name in fit.features]

    def broken(problem, start, stop):
        monkeypatch.setattr(walked, "walk", whole)
        ahead = whole(problem, start, stop)
        yield next(ahead)
        raise KeyboardInterrupt

    monkeypatch.setattr(walked, "walk", broken)
    again = eq.fit(X, y, l1=0.05 * largest).explain()
    last = [j for j in range(len(known)) if known[j] is None]
    with pytest.raises(KeyboardInterrupt):
        again[last[0]]
    assert [again[name].enters_at for name in fit.features] == known
