"""Moments against direct sums in extended precision, joined in any order, far from zero."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.design.dense import Dense
from equipoise.sums.moments import Moments

LONG = np.longdouble


class Direct:
    """Two passes over the data in extended precision."""

    def __init__(self, X, y, s):
        X, y = X.astype(LONG), y.astype(LONG)
        s = np.ones(len(y), LONG) if s is None else s.astype(LONG)
        self.rows, self.weight = len(y), s.sum()
        self.mean_x, self.mean_y = s @ X / self.weight, s @ y / self.weight
        X, y = X - self.mean_x, y - self.mean_y
        self.xx, self.xy, self.yy = (X * s[:, None]).T @ X, X.T @ (s * y), s @ y**2


def assert_equal(found: Moments, X, y, s, gram: bool = True, digits: float = 1e-12) -> None:
    """Relative to the spread of the data about their means, however far away these are."""
    direct = Direct(X, y, s)
    assert found.rows == direct.rows
    assert found.weight == pytest.approx(float(direct.weight), rel=1e-14)
    spread_x, spread_y = np.sqrt(np.diagonal(direct.xx)), np.sqrt(direct.yy)
    size_x, size_y = np.abs(X).max(axis=0), np.abs(y).max()
    root = np.sqrt(direct.weight)
    # A mean is right to a rounding of the mean itself; what is centred, to roundings of the spread.
    assert np.all(np.abs(found.mean_x - direct.mean_x) <= 4e-16 * size_x + digits * spread_x / root)
    assert abs(found.mean_y - direct.mean_y) <= 4e-16 * size_y + digits * spread_y / root
    xx = found.xx if gram else np.diag(found.xx)
    bound = digits * np.outer(spread_x, spread_x) + 1e-300
    error = np.abs(xx - (direct.xx if gram else np.diag(np.diagonal(direct.xx))))
    assert np.all(error <= bound), float(np.max(error / bound))
    assert np.all(np.abs(found.xy - direct.xy) <= digits * spread_x * spread_y + 1e-300)
    assert abs(found.yy - direct.yy) <= digits * direct.yy + 1e-300


def draw(seed: int, n: int, p: int, mean: float):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * 10.0 ** rng.integers(-3, 4, size=p) + mean * rng.normal(size=p)
    s = rng.exponential(size=n) * (rng.random(n) < 0.8)
    s[0] = 1.0
    return X, rng.normal(size=n) + mean, s


def of(X, y, s, gram: bool = True) -> Moments:
    return Dense(X).moments(y, s, gram=gram)


@settings(max_examples=60)
@given(
    st.integers(0, 10**6),
    st.integers(1, 40),
    st.integers(1, 8),
    st.sampled_from((0.0, 1.0, 1e4)),
    st.booleans(),
    st.booleans(),
)
def test_moments_are_the_sums(seed, n, p, mean, weighted, gram):
    X, y, s = draw(seed, n, p, mean)
    s = s if weighted else None
    assert_equal(of(X, y, s, gram), X, y, s, gram)


@pytest.mark.parametrize("n", [1000, 20_000])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("order", ["C", "F"])
def test_means_of_1e8_cost_no_digits_in_many_blocks(n, weighted, order):
    rng = np.random.default_rng(1)
    X = np.array(rng.normal(size=(n, 20)) + 1e8, order=order)
    y, s = rng.normal(size=n) - 1e8, rng.exponential(size=n) if weighted else None
    assert_equal(of(X, y, s), X, y, s)
    assert_equal(of(X, y, s, gram=False), X, y, s, gram=False)


@pytest.mark.parametrize("mean", [0.0, 1e8])
def test_data_that_wander_far_from_where_they_start(mean):
    rng = np.random.default_rng(2)
    n = 5000
    X = rng.normal(size=(n, 3)) + mean
    X[:, 1] += np.linspace(0, 1e6, n)
    X[:2000, 2] = mean
    y = rng.normal(size=n) + np.linspace(0, 1e6, n)
    assert_equal(of(X, y, None), X, y, None)


@settings(max_examples=60)
@given(
    st.integers(0, 10**6),
    st.lists(st.integers(1, 15), min_size=2, max_size=6),
    st.sampled_from((0.0, 1.0, 1e8)),
    st.booleans(),
    st.booleans(),
)
def test_parts_add_up_to_the_whole_in_any_order(seed, sizes, mean, weighted, gram):
    n, p = sum(sizes), 3
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(n, p)) + mean, rng.normal(size=n) + mean
    s = rng.exponential(size=n) + 0.01 if weighted else None
    ends = np.cumsum(sizes)
    parts = [
        of(X[end - size : end], y[end - size : end], None if s is None else s[end - size : end], gram)
        for size, end in zip(sizes, ends, strict=True)
    ]
    for order in (parts, parts[::-1], [parts[i] for i in rng.permutation(len(parts))]):
        total = order[0]
        for part in order[1:]:
            total = total + part
        assert_equal(total, X, y, s, gram, digits=1e-11)


def test_parts_far_apart_add_up():
    rng = np.random.default_rng(3)
    here, there = rng.normal(size=(2, 50, 4))
    there = there + 1e8
    y = rng.normal(size=100)
    joined = of(here, y[:50], None) + of(there, y[50:], None)
    assert_equal(joined, np.vstack([here, there]), y, None)


def test_adding_changes_neither_part():
    X, y, s = draw(4, 20, 3, 10.0)
    one, other = of(X[:10], y[:10], s[:10]), of(X[10:], y[10:], s[10:] + 0.1)
    before = [np.array(one.xx), np.array(other.xx), np.array(one.mean_x)]
    _ = one + other
    assert all(np.array_equal(a, b) for a, b in zip(before, (one.xx, other.xx, one.mean_x), strict=True))


def test_the_data_are_not_written_to():
    X, y, s = draw(5, 20, 3, 10.0)
    kept = X.copy(), y.copy(), s.copy()
    for array in (X, y, s):
        array.flags.writeable = False
    of(X, y, s)
    of(X, y, None)
    assert all(np.array_equal(a, b) for a, b in zip(kept, (X, y, s), strict=True))


def test_about_zero_is_uncentred():
    X, y, s = draw(6, 30, 4, 1.0)
    xx, xy, yy = of(X, y, s).about_zero()
    np.testing.assert_allclose(xx, (X * s[:, None]).T @ X, rtol=1e-10)
    np.testing.assert_allclose(xy, X.T @ (s * y), rtol=1e-10)
    assert yy == pytest.approx(s @ y**2, rel=1e-12)


def test_weight_two_is_a_row_twice_and_of_zero_none():
    X, y, _ = draw(7, 12, 3, 5.0)
    s = np.array([0, 1, 2, 3] * 3, dtype=float)
    rows = np.repeat(np.arange(12), s.astype(int))
    one, other = of(X, y, s), of(X[rows], y[rows], None)
    np.testing.assert_allclose(one.xx, other.xx, rtol=1e-12)
    np.testing.assert_allclose(one.mean_x, other.mean_x, rtol=1e-14)
    assert one.weight == other.weight
