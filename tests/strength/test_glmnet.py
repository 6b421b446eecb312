"""glmnet's numbers by its documented formula, with the spread of y where that is a rational number."""

import numpy as np
import pytest

from equipoise.strength.glmnet import from_glmnet, to_glmnet

INF = np.inf
Y = [1.0, 5.0, 1.0, 5.0]  # mean 3, standard deviation 2


@pytest.mark.parametrize(("alpha", "l1", "l2"), [(1.0, 2.0, 0.0), (0.5, 1.0, 0.25), (0.0, 0.0, 0.5)])
def test_ridge_is_divided_by_the_spread_of_the_response(alpha, l1, l2):
    """n·lambda·alpha and n·lambda·(1 − alpha)/(2·s_y), with n = 4 and lambda = ½."""
    found = from_glmnet(0.5, alpha, y=Y)
    assert (found.l1, found.l2) == (l1, l2)
    assert (found.standardize, found.intercept) == (True, True)
    assert to_glmnet(**found, y=Y) == {
        "lambda_": 0.5,
        "alpha": alpha,
        "intercept": True,
        "standardize": True,
        "family": "gaussian",
    }


@pytest.mark.parametrize(
    ("asked", "spread", "n"),
    [
        ({"family": "binomial"}, 1.0, 4.0),
        ({"family": "gaussian()"}, 1.0, 4.0),
        ({"y": [3.0, 3.0, -3.0, 3.0], "intercept": False}, 3.0, 4.0),  # the root of the mean square
        ({"offset": [0.0, 4.0, 0.0, 0.0], "y": [1.0, 5.0, 5.0, 5.0]}, 2.0, 4.0),
        ({"sample_weight": [3.0, 1.0, 0.0, 0.0], "y": [1.0, 5.0, 99.0, -99.0]}, np.sqrt(3.0), 4.0),
        ({"sample_weight": [0.5, 0.5, 0.0, 0.0]}, 2.0, 1.0),
    ],
)
def test_of_what_the_spread_is(asked, spread, n):
    found = from_glmnet(0.5, 0.0, **{"y": Y} | asked)
    assert found.l2 == pytest.approx(n * 0.5 / (2 * spread), rel=1e-15)


def test_factors_sum_to_the_number_of_features_and_infinite_ones_count_as_one():
    found = from_glmnet(0.5, y=Y, penalty_factor=[0.0, 1.0, 3.0])
    np.testing.assert_allclose(found.l1, [0.0, 1.5, 4.5], rtol=1e-15)  # 2 · 3/4 · factor
    excluded = from_glmnet(0.5, 0.5, y=Y, penalty_factor=[1.0, INF, 2.0])
    np.testing.assert_allclose(excluded.l1, [0.75, INF, 1.5], rtol=1e-15)  # 1 · 3/4 · factor
    np.testing.assert_allclose(excluded.l2, [0.1875, 0.0, 0.375], rtol=1e-15)
    back = to_glmnet(**found, y=Y)
    np.testing.assert_allclose(back["penalty_factor"], [0.0, 0.75, 2.25], rtol=1e-15)
    assert back["lambda_"] == pytest.approx(0.5)


def test_a_constant_response_has_no_spread_whatever_rounding_says():
    y = [0.1] * 3
    assert from_glmnet(0.5, y=y).l1 == 1.5
    with pytest.raises(ValueError, match="y − offset has no spread"):
        from_glmnet(0.5, 0.5, y=y)
