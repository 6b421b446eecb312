"""statsmodels' numbers by its documented formula: ‖r‖²/2n + alpha·((1 − L1_wt)·½Σw² + L1_wt·Σ|w|)."""

from fractions import Fraction

import numpy as np
import pytest

from equipoise.strength.statsmodels import from_statsmodels, to_statsmodels


@pytest.mark.parametrize("n", [1, 40])
@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_each_column_has_its_alpha(n, share):
    alpha = [0.0, 0.5, 3.0]
    found = from_statsmodels(alpha, share, n=n)
    for a, l1, l2 in zip(alpha, found.l1, found.l2, strict=True):
        assert Fraction(l1) == n * Fraction(a) * Fraction(share)
        assert Fraction(l2) == n * Fraction(a) * (1 - Fraction(share)) / 2
    assert (found.standardize, found.intercept) == (False, False)
    back = to_statsmodels(found.l1, found.l2, n=n)
    np.testing.assert_array_equal(back["alpha"], alpha)
    assert back["L1_wt"] == share


def test_one_alpha_is_one_number():
    found = from_statsmodels(0.5, n=10)
    assert (found.l1, found.l2) == (5.0, 0.0)
    assert to_statsmodels(found.l1, n=10) == {"alpha": 0.5, "L1_wt": 1.0}
