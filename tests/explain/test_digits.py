"""Digits are read off numbers as a person would."""

from decimal import Decimal

import numpy as np
import pytest

from equipoise.explain.digits import half_units


@pytest.mark.parametrize(
    ("values", "units"),
    [
        # Six significant digits, of which a zero at the end is lost.
        ([12.3457, 0.123457, 0.25], [1e-4, 1e-6, 1e-6]),
        # Three decimals.
        ([116.168, 0.22, -3.267, 0.0], [1e-3, 1e-3, 1e-3, 1e-3]),
        # Four decimals, but four significant digits where there is an exponent.
        ([519.8459, 0.0123, 1.235e-05, 12350.0], [1e-4, 1e-4, 1e-8, 10.0]),
        # A short number, and zero, among long ones with an exponent.
        ([0.5, 0.0, 1.23456e-05], [1e-6, 1e-10, 1e-10]),
        ([0.5, 0.0, 98765.4321], [1e-4, 1e-4, 1e-4]),
        # Too few to say.
        ([3.0, 0.0, 0.25], [0.0, 0.0, 0.0]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([], []),
    ],
)
def test_units_of_the_last_digit(values, units):
    found = half_units(np.array(values))
    np.testing.assert_allclose(found, 0.5 * np.array(units), rtol=1e-9, atol=1e-15)


def test_float64_is_no_more_precise_than_it_is():
    values = np.random.default_rng(0).normal(size=50)
    found = half_units(values)
    assert np.all(found >= 0.5 * np.spacing(np.abs(values)))
    assert np.all(found <= 1e-15 * np.maximum(np.abs(values), 1.0))


def test_single_precision_is_recognised():
    exact = np.random.default_rng(1).normal(size=50)
    single = exact.astype(np.float32).astype(float)
    assert np.all(np.abs(single - exact) <= half_units(single))
    assert np.all(half_units(single) <= 1e-7 * np.abs(single))
    single[3] = exact[3]
    assert np.all(half_units(single) < 1e-14)


@pytest.mark.parametrize("form", ["%.6g", "%.4g", "%.3f", "%.7e"])
@pytest.mark.parametrize("seed", range(10))
def test_a_rounded_vector_is_within_half_units_and_one_unit_is_not(form, seed):
    exact = np.random.default_rng(seed).normal(size=30) * 10.0 ** (seed % 4)
    given = np.array([float(form % v) for v in exact])
    found = half_units(given)
    assert np.all(np.abs(given - exact) <= found * (1 + 1e-9))
    # No coarser than what a number shows itself, or what its format says.
    shown = np.array([10.0 ** int(Decimal(repr(v)).normalize().as_tuple().exponent) for v in given.tolist()])
    assert np.all(found <= 0.5 * shown * (1 + 1e-9))
    if form == "%.3f":
        assert np.all(found <= 0.5e-3 * (1 + 1e-9))
