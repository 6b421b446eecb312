"""LassoCV and ElasticNetCV: their grids, what their fit takes, and losses other than the squared error."""

import pickle

import numpy as np
import pytest
import sklearn
from sklearn import linear_model
from sklearn.base import clone
from sklearn.linear_model import Lasso
from sklearn.metrics import make_scorer, mean_pinball_loss
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.utils.estimator_checks import parametrize_with_checks

import equipoise as eq

COUNT = "n_alphas" if sklearn.__version__ < "1.7" else "alphas"  # scikit-learn's name of how many
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


@pytest.mark.parametrize("name", ["LassoCV", "ElasticNetCV"])
def test_older_names_of_how_many_alphas(name):
    X, y = made()
    wanted = getattr(linear_model, name)(**{COUNT: 7}, cv=3, tol=1e-12, max_iter=10**6).fit(X, y)
    for given in (
        {"n_alphas": 7},
        {"n_alphas": 7, "alphas": None},
        {"alphas": np.array(7)},
        {"alphas": np.int64(7)},
    ):
        found = getattr(eq, name)(cv=3, **given).fit(X, y)
        np.testing.assert_allclose(found.alphas_, wanted.alphas_, rtol=1e-12)
        assert found.alpha_ == pytest.approx(wanted.alpha_, rel=1e-12)
    assert getattr(eq, name)(cv=3, alphas=None).fit(X, y).alphas_.shape == (100,)
    assert getattr(eq, name)(cv=3, alphas=[1.0, 0.1], n_alphas=2).fit(X, y).alphas_.shape == (2,)


def test_one_grid_of_the_users_alphas_and_one_for_each_ratio_else():
    X, y = made()
    for alphas, shape in (([0.1, 1.0, 0.01], (3,)), (4, (2, 4))):
        params = {"l1_ratio": [0.5, 1.0], "cv": 3}
        given = {COUNT if isinstance(alphas, int) else "alphas": alphas}
        wanted = linear_model.ElasticNetCV(**params, **given, tol=1e-12, max_iter=10**6).fit(X, y)
        found = eq.ElasticNetCV(**params, alphas=alphas).fit(X, y)
        assert found.alphas_.shape == wanted.alphas_.shape == shape
        np.testing.assert_allclose(found.alphas_, wanted.alphas_, rtol=1e-12)
        assert found.mse_path_.shape == wanted.mse_path_.shape
        assert found.alpha_ == pytest.approx(wanted.alpha_, rel=1e-12)
        assert found.l1_ratio_ == wanted.l1_ratio_


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # theirs, with a gap of 0
@pytest.mark.parametrize("level", [0.0, 5.0, 0.1, -1e6 + 0.3])
def test_a_constant_response_is_predicted_to_the_last_digit(level):
    X, _ = made()
    y = np.full(60, level)
    for params in ({}, {"choice": "one_se"}, {"positive": True}):
        found, wanted = eq.LassoCV(alphas=3, **params).fit(X, y), linear_model.LassoCV(**{COUNT: 3}).fit(X, y)
        np.testing.assert_array_equal(found.alphas_, wanted.alphas_)
        assert found.alpha_ == wanted.alpha_
        assert found.mse_path_.shape == wanted.mse_path_.shape
        np.testing.assert_array_equal(found.predict(X), y)
    many = eq.ElasticNetCV(l1_ratio=[0.5, 1.0], alphas=3).fit(X, y)
    np.testing.assert_array_equal(many.alphas_, np.full((2, 3), wanted.alpha_))


def test_what_is_chosen_is_a_scalar_of_numpy():
    X, y = made()
    for model in (eq.LassoCV(cv=3), eq.ElasticNetCV(cv=3), eq.ElasticNetCV(cv=3, choice="one_se")):
        model.fit(X, y)
        assert model.alpha_.item() == model.alpha_
        assert type(model.alpha_) is type(model.l1_ratio_) is np.float64


@pytest.mark.parametrize(
    ("params", "kind", "message"),
    [
        ({"alphas": [0.1, 1.0, "a"]}, TypeError, r"alphas\[2\] is 'a': pass a number at least 0"),
        ({"alphas": ["a"]}, TypeError, r"alphas\[0\] is 'a'"),
        ({"alphas": "many"}, TypeError, "alphas is 'many': pass numbers"),
        ({"alphas": [0.1, None]}, TypeError, r"alphas\[1\] is None"),
        ({"alphas": [0.1, -1.0]}, ValueError, r"alphas\[1\] is -1.0: pass a number at least 0"),
        ({"alphas": [np.nan]}, ValueError, r"alphas\[0\] is nan"),
        ({"alphas": 5.5}, ValueError, "alphas is 5.5: pass how many, at least 1, or the alphas as a list"),
        ({"alphas": True}, ValueError, "alphas is True: pass how many"),
        ({"n_alphas": 0}, ValueError, "n_alphas is 0: pass how many"),
        ({"n_alphas": 50, "alphas": [0.1, 1.0]}, ValueError, "n_alphas is 50, but alphas holds 2 numbers"),
        ({"n_alphas": 50, "alphas": 20}, ValueError, "n_alphas is 50, but alphas is 20: pass one"),
        ({"eps": 0.0}, ValueError, "eps is 0: pass a number above 0"),
        ({"penalty_factor": np.zeros(6)}, ValueError, "no feature has an L1 penalty, .* pass alphas"),
    ],
)
def test_mistakes_about_alphas_are_answered_in_a_sentence(params, kind, message):
    X, y = made()
    with pytest.raises(kind, match=message):
        eq.LassoCV(**params).fit(X, y)


@pytest.mark.parametrize("model", [eq.LassoCV(), eq.ElasticNetCV(), eq.RidgeCV(), eq.RidgeCV(cv=3)])
def test_an_unknown_parameter_of_fit_is_named(model):
    X, y = made()
    with pytest.raises(ValueError, match="fit has no parameter 'foo': the parameters are 'sample_weight', "):
        model.fit(X, y, foo=1)
    with pytest.raises(ValueError, match="no parameter 'weights': it is called sample_weight here"):
        model.fit(X, y, weights=y)


@pytest.mark.parametrize("model", [eq.LassoCV(), eq.ElasticNetCV(), eq.RidgeCV(), eq.LassoIC()])
def test_an_offset_is_passed_by_name(model):
    X, y = made()
    with pytest.raises(TypeError, match="takes only X, y, sample_weight by place"):
        model.fit(X, y, None, y)
    found = model.fit(X, y + 3.0 * X[:, 2], offset=3.0 * X[:, 2]).coef_
    np.testing.assert_allclose(found, clone(model).fit(X, y).coef_, atol=1e-12)
