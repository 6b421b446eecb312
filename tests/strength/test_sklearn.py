"""scikit-learn's numbers by its documented formulas, in rational arithmetic.

``alpha·l1_ratio·Σ|w| + ½·alpha·(1 − l1_ratio)·Σw²`` beside ``‖r‖²/2n``; Ridge: ``alpha·Σw²`` beside ``‖r‖²``.
"""

from fractions import Fraction

import pytest

from equipoise.strength.sklearn import from_sklearn, from_sklearn_ridge, to_sklearn, to_sklearn_ridge


@pytest.mark.parametrize("n", [1, 40, 2.5])
@pytest.mark.parametrize(("alpha", "ratio"), [(0.5, 1.0), (0.25, 0.5), (3.0, 0.0), (0.0, 0.5)])
def test_an_elastic_net_times_n(alpha, ratio, n):
    found = from_sklearn(alpha, ratio, n=n)
    assert Fraction(found.l1) == Fraction(n) * Fraction(alpha) * Fraction(ratio)
    assert Fraction(found.l2) == Fraction(n) * Fraction(alpha) * (1 - Fraction(ratio)) / 2
    assert (found.standardize, found.intercept) == (False, None)
    back = to_sklearn(found.l1, found.l2, n=n)
    assert back == {"alpha": alpha, "l1_ratio": ratio if alpha else 1.0}


@pytest.mark.parametrize("alpha", [0.0, 3.0])
def test_ridge_is_of_half_the_loss_here(alpha):
    found = from_sklearn_ridge(alpha)
    assert (found.l1, found.l2) == (0.0, alpha / 2)
    assert to_sklearn_ridge(found.l2, found.l1) == {"alpha": alpha}


@pytest.mark.parametrize("intercept", [True, False])
def test_the_intercept_is_handed_on(intercept):
    found = from_sklearn(1.0, n=2, fit_intercept=intercept)
    assert found.intercept is intercept
    assert to_sklearn(**found, n=2)["fit_intercept"] is intercept
    ridge = from_sklearn_ridge(1.0, fit_intercept=intercept)
    assert to_sklearn_ridge(**ridge)["fit_intercept"] is intercept
