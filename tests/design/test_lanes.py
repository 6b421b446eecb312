"""The compiled exponential, and what a pass does with numbers that are far out."""

import numpy as np
import pytest

from equipoise.design._lanes import LANES, exp, look, pulls

LONG = np.longdouble


def test_the_exponential_is_right_to_two_units_in_the_last_place():
    rng = np.random.default_rng(0)
    x = np.concatenate(
        [rng.uniform(-708, 709.4, 50_000), rng.uniform(-3, 3, 50_000), rng.normal(size=999) / 1e9]
    )
    truth = np.exp(x.astype(LONG))
    off = np.abs(exp(x) - truth) / np.spacing(truth.astype(float))
    assert off.max() <= 2.0
    assert exp(np.zeros(1))[0] == 1.0


def test_the_exponential_far_out():
    x = np.array([-np.inf, -1e300, -746.0, 710.0, 1e300, np.inf, np.nan])
    np.testing.assert_array_equal(exp(x), [0, 0, 0, np.inf, np.inf, np.inf, np.nan])


def passed(exponential, eta, gain, cost, weights=None, falls=0.0, rises=0.0):
    """Residuals and curvatures of rows whose linear predictors are given as their offsets."""
    n = len(eta)
    rows, (coef, pull) = np.empty((3, n, LANES)), np.zeros((2, 1, LANES))
    table = np.ones((n, 1))
    look(exponential, falls, rises, table, 1, coef, eta, gain, cost, weights, *rows, pull)
    assert np.array_equal(rows[0], np.tile(eta[:, None], LANES))
    np.testing.assert_allclose(pull[0], rows[1].sum(axis=0), rtol=1e-12)
    return rows[1][:, -1], rows[2][:, -1]


@pytest.mark.parametrize("count", [3, 8, 29])
def test_logistic_rows_far_out(count):
    eta = np.resize([-1e4, -650.0, -40.0, -1.0, 0.0, 2.0, 40.0, 650.0, 1e4], count)
    yes = np.resize([0.0, 1.0, 0.25], count)
    residual, curved = passed(False, eta, yes, 1.0 - yes)
    p, no = 1 / (1 + np.exp(-eta.astype(LONG))), 1 / (1 + np.exp(eta.astype(LONG)))
    np.testing.assert_allclose(residual, (yes * no - (1 - yes) * p).astype(float), rtol=1e-14, atol=1e-300)
    np.testing.assert_allclose(curved, (p * no).astype(float), rtol=1e-14, atol=1e-300)


def test_exponential_rows_and_rows_without_weight():
    eta = np.array([-3.0, 0.0, 2.0, 800.0, -800.0, 5.0])
    gain, weights = np.array([1.0, 2.0, 0.0, 1.0, 1.0, 1e6]), np.array([1.0, 2.0, 3.0, 0.0, 0.0, 0.5])
    residual, curved = passed(True, eta, gain, None, weights, falls=0.4, rises=0.6)
    down, up = gain * np.exp(-0.4 * eta.astype(LONG)), np.exp(0.6 * eta.astype(LONG))
    np.testing.assert_allclose(residual, (weights * (down - up)).astype(float), rtol=1e-14)
    np.testing.assert_allclose(curved, (weights * (0.4 * down + 0.6 * up)).astype(float), rtol=1e-14)
    assert np.array_equal(residual[3:5], [0, 0])
    assert np.isinf(passed(True, np.array([800.0]), np.ones(1), None, rises=1.0)[1])


@pytest.mark.parametrize("shape", [(1, 1), (7, 13), (50, 8), (3, 40)])
@pytest.mark.parametrize("count", [1, LANES])
def test_pulls_are_products_of_whole_numbers(shape, count):
    rng = np.random.default_rng(0)
    columns = np.asfortranarray(rng.integers(-9, 10, shape) * 1.0)
    columns.flags.writeable = False
    residuals = rng.integers(-9, 10, (count, shape[0])) * 1.0
    assert np.array_equal(pulls(columns, residuals), residuals.astype(int) @ columns.astype(int))
