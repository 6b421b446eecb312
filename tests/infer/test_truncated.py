"""Tails of the Gaussian law on an interval, by quadrature of densities relative to their largest."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from equipoise.infer.truncated import limits, log_tails, p_value

INF = np.inf


def by_quadrature(x, below, above):
    """(log P(Z ≤ x), log P(Z ≥ x)), the density taken relative to its value at the end nearest to zero."""
    near = min(max(0.0, x - below), x + above)  # where the density is largest
    scale = 1.0 / max(1.0, abs(near))  # on which it falls

    def mass(start, stop):
        # u: distance from x, near − x known; exponent −(z² − near²)/2 without squaring large numbers.
        shift = x - near
        width = 60.0 * scale
        start, stop = max(start, -shift - width), min(stop, -shift + width)
        if stop <= start:
            return 0.0
        points = [value for value in (-shift, -shift + scale, -shift - scale) if start < value < stop]
        return quad(
            lambda u: math.exp(-0.5 * (u + shift) * (u + shift + 2.0 * near)),
            start,
            stop,
            points=points,
            epsabs=0,
            epsrel=1e-12,
            limit=400,
        )[0]

    lower, upper = mass(-below, 0.0), mass(0.0, above)
    return math.log(lower / (lower + upper)), math.log(upper / (lower + upper))


CASES = [
    (0.3, 1.0, 2.0),
    (-1.2, 0.5, 4.0),
    (2.5, 4.0, 0.1),
    (0.0, 1e-6, 3e-6),  # narrow, around zero
    (0.7, 2e-5, 1e-5),
    (5.0, 1.0, 2.0),
    (-5.0, 1.0, 2.0),
    (40.0, 0.01, 1.0),  # masses of e^-800
    (-40.0, 1.0, 0.01),
    (1e4, 1e-5, 2e-4),  # of e^-50000000
    (1e7, 1e-8, 1e-7),
    (-1e7, 3e-8, 1e-8),
    (9.0, 10.0, 1.0),
]


@pytest.mark.parametrize("case", CASES)
def test_tails_equal_quadrature(case):
    with np.errstate(all="raise"):
        found = log_tails(*case)
    # One of the numbers is close to 0 where the other is large: compare both as probabilities, relatively.
    np.testing.assert_allclose(np.expm1(found), np.expm1(by_quadrature(*case)), rtol=1e-8)
    np.testing.assert_allclose(np.exp(found), np.exp(by_quadrature(*case)), rtol=1e-8)


def test_without_truncation_they_are_the_normal_law():
    for x in (-37.0, -3.0, 0.0, 0.5, 3.0, 37.0):
        lower, upper = log_tails(x, INF, INF)
        assert lower == pytest.approx(norm.logcdf(x), rel=1e-12)
        assert upper == pytest.approx(norm.logsf(x), rel=1e-12)
    assert limits(INF, INF, 0.95) == pytest.approx((-norm.ppf(0.975), norm.ppf(0.975)))
    assert p_value(1.96, INF, INF) == pytest.approx(2 * norm.sf(1.96))


@pytest.mark.parametrize("below", [1e-6, 1e-3, 0.2, 3.0, INF])
@pytest.mark.parametrize("above", [1e-5, 0.5, 8.0, INF])
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_limits_leave_half_of_the_rest_in_either_tail(below, above, level):
    lower, upper = limits(below, above, level)
    assert lower < upper
    for mean, side in ((lower, 1), (upper, 0)):
        if math.isfinite(mean):
            assert log_tails(-mean, below, above)[side] == pytest.approx(
                math.log(0.5 * (1 - level)), abs=1e-7
            )


def test_far_away_the_law_is_exponential():
    # Just above a truncation, in units of sd: P(Z ≥ x | Z ≥ a) → exp(−a(x − a)).
    lower, _ = limits(1e-5, INF, 0.9)
    assert lower == pytest.approx(math.log(0.05) / 1e-5, rel=1e-3)
