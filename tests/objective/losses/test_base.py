"""The functions that the losses share, against mpmath."""

import mpmath as mp
import numpy as np
import pytest

from equipoise.objective.losses.base import entropy, excess, log_of, refuse_rows


@pytest.mark.parametrize(
    "x", [-1.0, -0.999, -0.1, -1e-3, -9e-4, -1e-9, 0.0, 1e-12, 5e-4, 1.1e-3, 0.4, 8.0, 1e6]
)
def test_excess(x):
    """(1 + x) log(1 + x) − x to a relative 1e-9 on both sides of where the series takes over."""
    with mp.workdps(40):
        true = (1 + mp.mpf(x)) * mp.log1p(x) - mp.mpf(x) if x > -1 else mp.mpf(1)
    assert float(excess(np.array([x]))[0]) == pytest.approx(float(true), rel=1e-9)


def test_excess_of_what_is_below_nothing():
    """There is none."""
    assert excess(np.array([-1.0000001])).tolist() == [np.inf]


@pytest.mark.parametrize(
    ("log_mean", "step"), [(0.5, 1e-9), (-3.0, 2.0), (-900.0, 1e-3), (-900.0, 5.0), (4.0, -54.0)]
)
def test_entropy(log_mean, step):
    """Also where the mean itself is too small to be a number."""
    with mp.workdps(60):
        mean = mp.exp(log_mean)
        m = mean + mp.mpf(step)
        true = m * mp.log(m / mean) - m + mean
    found = entropy(np.exp(np.array([log_mean])), np.array([log_mean]), np.array([step]))
    assert float(found[0]) == pytest.approx(float(true), rel=1e-8)


def test_small_helpers():
    """The logarithm of nothing is 0 here, and the first bad row is named."""
    assert log_of(np.array([0.0, np.e])).tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match=r"y holds 3 in row 1 \(counting from 0\): no threes"):
        refuse_rows(np.array([False, True, True]), np.array([1.0, 3.0, 3.0]), "no threes")
