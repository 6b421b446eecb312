"""Moments of a batch by fold are those of each fold's rows, wherever the folds and columns lie."""

from fractions import Fraction

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.sums import fold_moments as by_fold
from equipoise.sums.fold_moments import batch_moments, hashed_folds


def same(part, X, y, s):
    exact = np.longdouble(s)
    mean_x, mean_y = exact @ X / exact.sum(), exact @ y / exact.sum()
    x, z = X - mean_x, y - mean_y
    xx, xy, yy = (x * exact[:, None]).T @ x, (exact * z) @ x, float((exact * z) @ z)
    scale = np.sqrt(np.diagonal(xx).astype(float))
    spread = scale / np.sqrt(s.sum())
    assert np.all(np.abs(part.mean_x - mean_x) <= 1e-15 * np.abs(X).max() + 1e-14 * spread)
    assert part.mean_y == pytest.approx(float(mean_y), rel=1e-13)
    assert part.weight == pytest.approx(s.sum(), rel=1e-15)
    assert np.all(np.abs(part.xx - xx) <= 1e-12 * np.outer(scale, scale))
    assert np.all(np.abs(part.xy - xy) <= 1e-12 * scale * np.sqrt(yy))
    assert part.yy == pytest.approx(yy, rel=1e-12)


@pytest.mark.parametrize("p", [3, 130])  # BLAS is left alone, and limited to one thread
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("apart", [0.0, 1e4])
def test_each_fold_is_summed_about_its_own_mean(p, weighted, apart):
    rng = np.random.default_rng(0)
    fold = rng.integers(0, 5, size=4000)
    fold[fold == 2] = 4
    X = rng.normal(size=(4000, p)) + apart * fold[:, None]
    y = X[:, 0] + rng.normal(size=4000) - apart * fold
    s = rng.integers(0, 4, size=4000) / 3.0 if weighted else np.ones(4000)
    parts = batch_moments([*X.T], y, s if weighted else None, fold, 5)
    assert parts[2] is None
    for k in (0, 1, 3, 4):
        some = (fold == k) & (s > 0)
        assert parts[k].rows == some.sum()
        same(parts[k], X[some], y[some], s[some])


def test_a_giant_of_hardly_any_weight_does_not_blind_the_others():
    rng = np.random.default_rng(1)
    X, y, s = rng.normal(size=(500, 4)), rng.normal(size=500), np.ones(500)
    X[7], s[7] = 1e9, 0.0
    (part,) = batch_moments([*X.T], y, s, None, 1)
    expected = Dense(X[s > 0]).moments(y[s > 0], None)
    np.testing.assert_allclose(part.xx, expected.xx, rtol=1e-12, atol=1e-10)


def test_first_rows_may_mislead():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(5000, 3)), rng.normal(size=5000)
    X[1500:] += 1e7
    X[:, 2] = np.where(np.arange(5000) < 1500, 0.0, 3e7 + rng.normal(size=5000))
    for order in (slice(None), slice(None, None, -1)):
        (part,) = batch_moments([*X[order].T], y[order], None, None, 1)
        same(part, X, y, np.ones(5000))


def test_constants_are_near_themselves(monkeypatch):
    rng = np.random.default_rng(1)
    columns = [np.full(3000, 0.1), np.zeros(3000), (np.arange(3000) == 7) * 1.0, rng.normal(size=3000) + 50]
    squares = []
    moments = by_fold._moments
    monkeypatch.setattr(
        by_fold, "_moments", lambda rows, *rest: squares.append(rows.shape) or moments(rows, *rest)
    )
    (a, b) = batch_moments(columns, columns[3] + 1, None, np.arange(3000) % 2, 2)
    assert len(squares) == 2
    assert (a + b).mean_x[:3] == pytest.approx([0.1, 0, 1 / 3000], rel=1e-15)
    assert np.all(np.abs((a + b).xx[:2]) < 1e-12)


def test_no_row_of_positive_weight_leaves_nothing():
    assert batch_moments([np.ones(3)], np.ones(3), np.zeros(3), None, 1) == [None]
    assert batch_moments([np.ones(3)], np.ones(3), np.zeros(3), np.array([0, 1, 1]), 2) == [None, None]


def test_a_fold_does_not_depend_on_other_rows():
    rng = np.random.default_rng(2)
    X, y = rng.integers(-1, 2, size=(1000, 12)).astype(float), rng.normal(size=1000)
    whole = hashed_folds([*X.T], y, 10)
    assert (np.bincount(whole, minlength=10) > 60).all()
    mixed = rng.permutation(1000)[:333]
    np.testing.assert_array_equal(hashed_folds([*X[mixed].T], y[mixed], 10), whole[mixed])
    np.testing.assert_array_equal(hashed_folds([*-(-X).T], y, 10), whole)  # zero has two signs


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e6 + 0.1, -1e-9, 7.0])
def test_a_constant_column_has_its_value_as_mean_and_no_spread_at_all(value, weighted):
    """Exactly, for any number of rows and in sums of such moments, although n times a value rounds."""
    rng = np.random.default_rng(2)
    for n in range(2, 400, 7):
        s = rng.uniform(0.5, 2.0, n) if weighted else None
        columns = [rng.normal(size=n), np.full(n, value)]
        for y in (rng.normal(size=n) + 5.0, np.full(n, value)):
            parts = batch_moments(columns, y, s, np.arange(n) % 2, 2)
            for part in (*parts, parts[0] + parts[1]):
                assert part.mean_x[1] == value
                assert not part.xx[1].any()
                assert not part.xx[:, 1].any()
                assert part.xy[1] == 0
                if y[0] == y[-1] == value:
                    assert (part.mean_y, part.yy, part.xy.any()) == (value, 0.0, False)


def test_only_what_is_constant_in_the_rows_that_count_is_held_for_constant():
    n = 600
    rng = np.random.default_rng(3)
    step = np.where(np.arange(n) == 5, np.nextafter(0.1, 1), 0.1)  # one row differs by a rounding
    small = 1e6 + 1e-3 * (np.arange(n) % 2)
    hidden = np.where(np.arange(n) < 50, 7.0, 0.1)  # constant but for rows of weight 0
    weights = np.where(np.arange(n) < 50, 0.0, rng.uniform(0.5, 2.0, n))
    (part,) = batch_moments([step, small, hidden], rng.normal(size=n), None, None, 1)
    exact = [
        sum(((Fraction(v) - sum(map(Fraction, x)) / n) ** 2 for v in x), Fraction(0)) for x in (step, small)
    ]
    assert part.xx[0, 0] == pytest.approx(float(exact[0]), rel=1e-6)
    assert part.xx[1, 1] == pytest.approx(float(exact[1]), rel=1e-6)
    assert part.xx[2, 2] > 100
    (part,) = batch_moments([step, small, hidden], rng.normal(size=n), weights, None, 1)
    assert (part.mean_x[2], part.xx[2, 2]) == (0.1, 0.0)
    assert part.mean_x[0] == 0.1  # the row that differs has no weight, either
    assert part.xx[1, 1] > 0
