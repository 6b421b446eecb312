"""LassoCV and ElasticNetCV by other losses than the squared error."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Lasso
from sklearn.metrics import make_scorer, mean_pinball_loss
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.utils.estimator_checks import parametrize_with_checks

import equipoise as eq

ALPHAS = np.geomspace(1.0, 1e-3, 12)


def made(seed=0, n=60, p=6):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    return X, X[:, 0] - 2.0 * X[:, 1] + rng.standard_t(2, size=n)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks([eq.LassoCV(scoring="median_absolute_error")])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    "scorer",
    [
        "neg_mean_absolute_error",
        "neg_median_absolute_error",
        "r2",
        "neg_max_error",
        make_scorer(mean_pinball_loss, greater_is_better=False, alpha=0.9),
    ],
)
def test_the_choice_is_that_of_a_grid_search_by_the_same_scorer(scorer):
    X, y = made()
    lasso = Lasso(tol=1e-12, max_iter=10**6)
    search = GridSearchCV(lasso, {"alpha": ALPHAS}, cv=KFold(4), scoring=scorer).fit(X, y)
    model = eq.LassoCV(alphas=ALPHAS, cv=KFold(4), scoring=scorer).fit(X, y)
    assert model.alpha_ == search.best_params_["alpha"]
    np.testing.assert_allclose(
        model.loss_path_.mean(axis=1), -search.cv_results_["mean_test_score"], rtol=1e-6
    )


def test_a_path_of_squared_errors_holds_nothing_else():
    X, y = made()
    model = eq.LassoCV(alphas=ALPHAS, cv=3)
    for scoring in ("squared_error", "neg_mean_squared_error"):
        model.set_params(scoring=scoring).fit(X, y)
        np.testing.assert_array_equal(model.mse_path_, model.loss_path_)
    model.set_params(scoring="absolute_error").fit(X, y)
    assert not hasattr(model, "mse_path_")
    assert model.loss_path_.shape == (12, 3)
    assert not hasattr(pickle.loads(pickle.dumps(model)), "mse_path_")
    assert model.cross_validation_.scoring == "absolute_error"
    many = eq.ElasticNetCV(l1_ratio=[0.5, 1.0], alphas=ALPHAS, cv=3, scoring="absolute_error").fit(X, y)
    assert many.loss_path_.shape == (2, 12, 3)
    np.testing.assert_allclose(many.loss_path_[1], model.loss_path_, rtol=1e-9)


def test_a_function_is_cloned_and_called():
    X, y = made()

    def loss(y, prediction, sample_weight):
        return np.average(np.abs(y - prediction), weights=sample_weight)

    s = np.random.default_rng(0).uniform(0.5, 2.0, size=60)
    found = clone(eq.LassoCV(alphas=ALPHAS, cv=3, scoring=loss)).fit(X, y, sample_weight=s)
    wanted = eq.LassoCV(alphas=ALPHAS, cv=3, scoring="absolute_error").fit(X, y, sample_weight=s)
    np.testing.assert_allclose(found.loss_path_, wanted.loss_path_, rtol=1e-12)


def test_a_loss_that_is_none_is_refused():
    X, y = made()
    with pytest.raises(ValueError, match="scoring is 'mae', which is no name of a loss"):
        eq.LassoCV(scoring="mae").fit(X, y)


def test_more_alphas_than_memory_holds_are_refused_by_their_name():
    with pytest.raises(ValueError, match=r"^alphas is 1000000000: so many solutions for 2 features"):
        eq.LassoCV(alphas=10**9).fit([[1.0, 2], [2, 1], [3, 5], [4, 1], [5, 5]], [1.0, 2, 3, 4, 5])
