"""A strength in another package's words is read as the function of that package reads its arguments."""

import numpy as np
import pytest

from equipoise.strength.foreign import read_foreign_strength
from equipoise.strength.glmnet import from_glmnet
from equipoise.strength.sklearn import from_sklearn, from_sklearn_ridge
from equipoise.strength.statsmodels import from_statsmodels

Y = np.array([1.0, 2.0, 4.0, 8.0])
WEIGHTS = np.array([1.0, 2.0, 0.0, 0.5])


def read(convention, strength, *, intercept=True, **rows):
    return read_foreign_strength(convention, strength, y=Y, intercept=intercept, **rows)


@pytest.mark.parametrize(
    ("convention", "strength", "expected"),
    [
        ("sklearn", 0.5, from_sklearn(0.5, n=4, fit_intercept=True)),
        ("sklearn", {"alpha": 0.5, "l1_ratio": 0.25}, from_sklearn(0.5, 0.25, n=4, fit_intercept=True)),
        ("sklearn", {"alpha": 0.5, "fit_intercept": False}, from_sklearn(0.5, n=4, fit_intercept=False)),
        ("sklearn-ridge", 3.0, from_sklearn_ridge(3.0, fit_intercept=True)),
        ("glmnet", 0.5, from_glmnet(0.5, y=Y)),
        ("glmnet", {"lambda": 0.5, "alpha": 0.3}, from_glmnet(0.5, 0.3, y=Y)),
        ("glmnet", {"lambda_": 0.5, "standardize": False}, from_glmnet(0.5, y=Y, standardize=False)),
        ("glmnet", {"lambda": 0.5, "intercept": False}, from_glmnet(0.5, y=Y, intercept=False)),
        (
            "glmnet",
            {"lambda": 0.5, "penalty.factor": [0.0, 2.0]},
            from_glmnet(0.5, y=Y, penalty_factor=[0.0, 2.0]),
        ),
    ],
    ids=str,
)
def test_words_become_arguments(convention, strength, expected):
    found = read(convention, strength)
    assert set(found) == set(expected)
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value)


def test_weights_count_as_rows():
    assert read("sklearn", 2.0, sample_weight=WEIGHTS).l1 == 7.0
    assert read("statsmodels", 2.0, intercept=False, sample_weight=WEIGHTS).l1 == 7.0
    found = read("glmnet", {"lambda": 2.0, "alpha": 0.0}, sample_weight=WEIGHTS, offset=Y / 2)
    assert found.l2 == from_glmnet(2.0, 0.0, y=Y, sample_weight=WEIGHTS, offset=Y / 2).l2


def test_statsmodels_has_no_intercept_beside_its_columns():
    found = read("statsmodels", {"alpha": [0.0, 0.5], "L1_wt": 0.5}, intercept=False)
    expected = from_statsmodels([0.0, 0.5], 0.5, n=4)
    np.testing.assert_array_equal(found.l1, expected.l1)
    assert found.intercept is False
    with pytest.raises(ValueError, match="intercept was given but statsmodels has none beside X"):
        read("statsmodels", 0.5)


@pytest.mark.parametrize(
    ("convention", "strength", "said"),
    [
        ("glm", 0.5, "convention is 'glm': pass one of 'glmnet', 'sklearn', 'sklearn-ridge'"),
        (None, 0.5, "convention is None"),
        ("sklearn", None, "strength is missing: pass sklearn's alpha, or a dict of 'alpha', 'l1_ratio'"),
        ("sklearn", {"l1_ratio": 0.5}, "strength lacks 'alpha': pass sklearn's alpha in it"),
        (
            "sklearn",
            {"alpha": 1, "l1ratio": 0.5},
            "strength names 'l1ratio', which sklearn does not know: .*l1_ratio",
        ),
        ("glmnet", {"alpha": 0.5}, "strength lacks 'lambda'"),
        ("glmnet", {"lambda": 1, "lambda_": 1}, "strength names one thing twice in 'lambda', 'lambda_'"),
        ("glmnet", {"lambda": 1, "family": "binomial"}, "whose loss is 'binomial', but loss is 'squared'"),
        ("sklearn", -1.0, "alpha is -1: pass a number of 0 or more"),
    ],
)
def test_what_is_not_understood_is_said(convention, strength, said):
    with pytest.raises(ValueError, match=said):
        read(convention, strength)
