"""A few rows with the weight, the means and the cross-products of many."""

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.sums.equivalent import equivalent_rows

LONG = np.longdouble


def sums(X, y, s):
    """Weight, means and centred cross-products of (X, y) in extended precision."""
    Z, s = np.column_stack([X, y]).astype(LONG), s.astype(LONG)
    mean = s @ Z / s.sum()
    return s.sum(), mean, ((Z - mean) * s[:, None]).T @ (Z - mean)


def assert_alike(X, y, s, most):
    rows, responses, weights = equivalent_rows(Dense(X).moments(y, s))
    assert len(rows) == len(responses) == len(weights) <= most
    assert rows.flags.f_contiguous
    assert np.ptp(weights) == 0
    weight, mean, products = sums(X, y, s)
    found_weight, found_mean, found_products = sums(rows, responses, weights)
    assert float(found_weight) == pytest.approx(float(weight), rel=1e-14)
    sd = np.sqrt(np.diagonal(products) / weight)
    unit = np.where(sd > 0, sd, 1)
    np.testing.assert_allclose(((found_mean - mean) / unit).astype(float), 0.0, atol=1e-12)
    off = (found_products - products) / weight / unit / unit[:, None]
    np.testing.assert_allclose(off.astype(float), 0.0, atol=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("n", "p"), [(200, 7), (5, 20), (2, 3), (1, 4)])
def test_they_have_the_sums_of_all(n, p, weighted):
    rng = np.random.default_rng(n)
    X = rng.normal(size=(n, p)) * np.geomspace(1e-6, 1e6, p)
    X += X.std(axis=0) * rng.normal(size=p)
    s = rng.random(n) + 0.1 if weighted else np.ones(n)
    assert_alike(X, rng.normal(size=n) + 3.0, s, min(2 * n, p + 2))


def test_copies_constants_and_fitted_responses_need_fewer():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 2))
    X = np.column_stack([x, x[:, 0], np.full(50, 4.0), x.sum(axis=1)])
    assert_alike(X, x @ [1.0, -2.0], np.ones(50), 3)


def test_rows_that_are_all_alike_are_one():
    assert_alike(np.full((9, 3), 2.0), np.full(9, -1.0), np.ones(9), 1)


@pytest.mark.parametrize("value", [2.0, 0.1, 1e9 / 3])
def test_a_constant_column_stays_one(value):
    rng = np.random.default_rng(6)
    X = rng.normal(size=(24, 4))
    X[:, 1] = value
    rows, _, _ = equivalent_rows(Dense(X).moments(X[:, 0] + rng.normal(size=24), np.ones(24)))
    assert set(rows[:, 1]) == {value}
