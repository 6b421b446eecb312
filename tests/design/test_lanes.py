"""The compiled exponential, and what a pass does with numbers that are far out."""

import numpy as np
import pytest

from equipoise.design._lanes import LANES, apart, exp, look, pulls, survey

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


@pytest.mark.parametrize("count", [1, 7, 8, 29])
@pytest.mark.parametrize("form", ["logistic", "exponential"])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_survey_sums_what_the_rows_say(count, form, weighted):
    rng = np.random.default_rng(count)
    eta, offset = rng.normal(scale=3.0, size=(2, count)), rng.normal(size=count)
    gain, cost = rng.random(count), None if form == "exponential" else rng.random(count)
    weights = None if not weighted else rng.random(count) * (np.arange(count) % 3 != 1)
    spread, shift, falls, rises = np.array([0.5, 7.0]), 0.3, 0.4, 0.6
    found = survey(
        form == "exponential", falls, rises, shift, eta, spread, offset, gain, cost, weights
    )  # fmt: skip
    x, one = eta.astype(LONG) - LONG(shift), np.ones(count) if cost is None else cost
    if form == "logistic":
        p = 1 / (1 + np.exp(-x))
        down, up, h = gain * (1 - p), one * p, (gain + one) * p * (1 - p)
    else:
        down, up = gain * np.exp(-falls * x), one * np.exp(rises * x)
        h = falls * down + rises * up
    s = np.ones(count) if weights is None else weights
    terms, used = down + up + h * (spread[:, None] + np.abs(offset)), s > 0
    truth = [
        (s * terms).sum(axis=1),
        (s * terms**2).sum(axis=1),
        h[:, used].max(axis=1, initial=0),
        (s * h)[:, used].min(axis=1, initial=np.inf),
        (s * (down - up)).sum(axis=1),
        (s * h).sum(axis=1),
    ]
    for own, right in zip(found, truth, strict=True):
        scale = np.where(np.isfinite(truth[0]) & (truth[0] > 0), truth[0], 1.0)
        assert np.all((own == right) | (np.abs(own - right) <= 1e-14 * np.maximum(scale, np.abs(right))))


def test_a_survey_claims_no_curvature_where_passes_clip_it():
    far = np.array([[900.0, 1.0, 0.0]])
    found = survey(False, 0.0, 0.0, 0.0, far, np.zeros(1), None, np.ones(3), np.zeros(3), None)
    assert found[3, 0] == 0.0
    weights = np.array([0.0, 1.0, 1.0])  # a row out of use may be anywhere
    assert survey(False, 0.0, 0.0, 0.0, far, np.zeros(1), None, np.ones(3), np.zeros(3), weights)[3, 0] > 0.1
    nan = survey(True, 0.0, 1.0, 0.0, np.array([[np.nan, 1.0]]), np.zeros(1), None, np.ones(2), None, None)
    assert np.isnan(nan[0, 0])
    assert np.isnan(nan[1, 0])


@pytest.mark.parametrize("count", [0, 1, 8, 21])
def test_the_largest_distance(count):
    rng = np.random.default_rng(count)
    some, other = rng.normal(size=(3, count)), rng.normal(size=count)
    np.testing.assert_array_equal(apart(some, other), np.abs(some - other).max(axis=1, initial=0.0))
    if count:
        some[1, count // 2] = np.nan
        assert np.isnan(apart(some, other)).tolist() == [False, True, False]
