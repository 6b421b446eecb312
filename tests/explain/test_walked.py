"""A path is walked once for all that a sheet or a report tells of it."""

from fractions import Fraction

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


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Take these data for ones that are too large for a walk as soon as a sheet is made."""
    monkeypatch.setattr(balance, "QUICK", 0)


@pytest.fixture
def walks(monkeypatch):
    """The strengths between which paths are walked for balance sheets."""
    made = []

    def counted(function):
        def call(problem, start, stop, *sharp):
            made.append((start, stop))
            return function(problem, start, stop, *sharp)

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
    one, other = sorted(walk for walk in walks if walk[0] > 1.001 * walk[1])  # no changes located anew
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

    def broken(problem, start, stop, *sharp):
        monkeypatch.setattr(walked, "walk", whole)
        ahead = whole(problem, start, stop, *sharp)
        yield next(ahead)
        raise KeyboardInterrupt

    monkeypatch.setattr(walked, "walk", broken)
    again = eq.fit(X, y, l1=0.05 * largest).explain()
    last = [j for j in range(len(known)) if known[j] is None]
    with pytest.raises(KeyboardInterrupt):
        again[last[0]]
    assert [again[name].enters_at for name in fit.features] == known


@pytest.mark.parametrize("apart", [1e-2, 1e-4, 1e-6])
@pytest.mark.parametrize("share", [0.5, 0.99])  # of where the near copy enters: in the model, or not yet
def test_one_feature_enters_where_fractions_say(apart, share):
    rng = np.random.default_rng(11)
    first = rng.normal(size=12)
    X = np.column_stack([first, first + apart * rng.normal(size=12)])
    y = X @ [1.0, 1.5] + 0.1 * rng.normal(size=12)
    # By hand: with x_a alone, w_a = (c_a − t)/g_aa, and x_b enters where c_b − g_ab·w_a = t.
    a, b = (0, 1) if abs(X[:, 0] @ y) > abs(X[:, 1] @ y) else (1, 0)
    columns = [[Fraction(v) for v in column.tolist()] for column in (X[:, a], X[:, b], y)]
    gaa, gab, ca, cb = (
        sum(u * v for u, v in zip(columns[i], columns[j], strict=True))
        for i, j in ((0, 0), (0, 1), (0, 2), (1, 2))
    )
    assert ca > 0 < cb
    enters = (cb * gaa - gab * ca) / (gaa - gab)
    assert 0 < enters < ca
    fit = eq.fit(X, y, l1=float(enters) * (share if share < 0.9 else 1.0 / share), intercept=False)
    sheet = fit.explain()
    row = sheet[b]
    assert (row.coef != 0) == (share < 0.9)
    assert row.enters_at == pytest.approx(float(enters), rel=1e-8)
    assert sheet.history(b)[0].strength == pytest.approx(float(enters), rel=1e-8)
