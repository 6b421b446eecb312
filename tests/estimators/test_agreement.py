"""Agreement with scikit-learn's own estimators at their tightest tolerance."""

import warnings

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold, LeaveOneOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import equipoise as eq

TIGHT = {"tol": 1e-14, "max_iter": 200_000}


def made(seed=0, n=50, p=7, targets=None):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.3) + 2.0
    coef = rng.normal(size=(p, targets or 1)) * (rng.random((p, targets or 1)) < 0.6)
    y = X @ coef + rng.normal(size=(n, targets or 1))
    return X, y if targets else y[:, 0]


def weights(n=50):
    s = np.random.default_rng(5).uniform(0.2, 3.0, size=n)
    s[3] = 0.0
    return s


def quietly(model, *args, **kwargs):
    """Their fit; at such tolerances some of them warn although they have arrived."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(*args, **kwargs)


CASES = [
    ("Lasso", {"alpha": 0.1}),
    ("Lasso", {"alpha": 0.1, "fit_intercept": False}),
    ("Lasso", {"alpha": 0.05, "positive": True}),
    ("ElasticNet", {"alpha": 0.1, "l1_ratio": 0.3}),
    ("ElasticNet", {"alpha": 0.2, "l1_ratio": 0.9, "positive": True, "fit_intercept": False}),
    ("Ridge", {"alpha": 3.0}),
    ("Ridge", {"alpha": 3.0, "fit_intercept": False}),
]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("name", "params"), CASES)
def test_same_coefficients(name, params, weighted):
    X, y = made()
    s = weights() if weighted else None
    theirs = quietly(getattr(linear_model, name)(**params, **TIGHT), X, y, sample_weight=s)
    ours = getattr(eq, name)(**params).fit(X, y, sample_weight=s)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-7)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=2e-6)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), atol=2e-6)
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y), abs=1e-6)
    assert ours.certificate_.optimal


@pytest.mark.parametrize(
    ("name", "params"), [CASES[0], CASES[3], CASES[5], ("Ridge", {"alpha": np.array([1.0, 2.0, 5.0])})]
)
def test_same_with_several_targets(name, params):
    X, y = made(targets=3)
    theirs = quietly(getattr(linear_model, name)(**params, **TIGHT), X, y)
    ours = getattr(eq, name)(**params).fit(X, y)
    assert ours.coef_.shape == theirs.coef_.shape
    assert np.shape(ours.intercept_) == np.shape(theirs.intercept_)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-7)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), atol=2e-6)
    assert [certificate.optimal for certificate in ours.certificate_] == [True] * 3


@pytest.mark.parametrize("name", ["Lasso", "ElasticNet", "Ridge"])
def test_a_column_of_y_has_the_same_shapes(name):
    X, y = made()
    theirs = getattr(linear_model, name)(alpha=0.1).fit(X, y[:, None])
    ours = getattr(eq, name)(alpha=0.1).fit(X, y[:, None])
    assert ours.coef_.shape == theirs.coef_.shape
    assert np.shape(ours.intercept_) == np.shape(theirs.intercept_)
    assert ours.predict(X).shape == theirs.predict(X).shape


def test_the_dual_gap_is_per_unit_of_weight():
    X, y = made()
    s = weights()
    for model, total in ((eq.Lasso(alpha=0.1).fit(X, y), 50), (eq.Lasso(alpha=0.1).fit(X, y, s), s.sum())):
        assert model.dual_gap_ == model.certificate_.gap / total
        assert model.n_iter_ == 1


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "params", [{}, {"positive": True}, {"alphas": [0.5, 0.01, 0.1]}, {"fit_intercept": False}]
)
def test_lasso_cv_makes_the_same_choice(params, weighted):
    X, y = made()
    s = weights() if weighted else None
    theirs = quietly(linear_model.LassoCV(**params, **TIGHT), X, y, sample_weight=s)
    ours = eq.LassoCV(**params).fit(X, y, sample_weight=s)
    np.testing.assert_allclose(ours.alphas_, theirs.alphas_, rtol=1e-10)
    np.testing.assert_allclose(ours.mse_path_, theirs.mse_path_, rtol=1e-6)
    assert ours.alpha_ == pytest.approx(theirs.alpha_, rel=1e-10)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-7)


def test_elastic_net_cv_makes_the_same_choice():
    X, y = made()
    params = {"l1_ratio": [0.2, 0.7, 1.0], "alphas": 30, "cv": KFold(4, shuffle=True, random_state=1)}
    theirs = quietly(linear_model.ElasticNetCV(**params, **TIGHT), X, y)
    ours = eq.ElasticNetCV(**params).fit(X, y)
    assert ours.mse_path_.shape == theirs.mse_path_.shape
    np.testing.assert_allclose(ours.mse_path_, theirs.mse_path_, rtol=1e-6)
    np.testing.assert_allclose(ours.alphas_, theirs.alphas_, rtol=1e-10)
    assert (ours.l1_ratio_, ours.alpha_) == (theirs.l1_ratio_, pytest.approx(theirs.alpha_))
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-7)


def test_one_standard_error_takes_the_larger_penalty():
    X, y = made()
    best, sparse = eq.LassoCV().fit(X, y), eq.LassoCV(choice="one_se").fit(X, y)
    loss = best.mse_path_
    mean, at = loss.mean(axis=1), int(loss.mean(axis=1).argmin())
    error = loss[at].std(ddof=1) / np.sqrt(5)
    assert sparse.alpha_ == best.alphas_[mean <= mean[at] + error].max() > best.alpha_


@pytest.mark.parametrize("shape", [(50, 7), (12, 30)])
@pytest.mark.parametrize(
    "params", [{}, {"fit_intercept": False}, {"scoring": "neg_mean_absolute_error"}, {"cv": 4}]
)
@pytest.mark.parametrize("targets", [None, 2])
def test_ridge_cv_makes_the_same_choice(shape, params, targets):
    X, y = made(n=shape[0], p=shape[1], targets=targets)
    alphas = np.geomspace(1e-2, 1e3, 9)
    theirs = linear_model.RidgeCV(alphas, **params).fit(X, y)
    ours = eq.RidgeCV(alphas, **params).fit(X, y)
    assert ours.alpha_ == pytest.approx(theirs.alpha_)
    assert ours.best_score_ == pytest.approx(theirs.best_score_, rel=1e-8)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-8)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-7)


def test_ridge_cv_keeps_the_same_errors_and_an_alpha_for_each_target():
    X, y = made(targets=3)
    params = {"alphas": [0.1, 10.0, 500.0], "store_cv_results": True, "alpha_per_target": True}
    theirs, ours = linear_model.RidgeCV(**params).fit(X, y), eq.RidgeCV(**params).fit(X, y)
    np.testing.assert_allclose(ours.cv_results_, theirs.cv_results_, rtol=1e-8)
    np.testing.assert_allclose(ours.alpha_, theirs.alpha_)
    np.testing.assert_allclose(ours.best_score_, theirs.best_score_)


def test_ridge_cv_with_weights_makes_the_same_choice():
    X, y = made()
    s = weights()
    theirs = linear_model.RidgeCV([0.1, 1.0, 10.0, 100.0]).fit(X, y, sample_weight=s)
    ours = eq.RidgeCV([0.1, 1.0, 10.0, 100.0]).fit(X, y, sample_weight=s)
    assert ours.alpha_ == theirs.alpha_
    assert ours.best_score_ == pytest.approx(theirs.best_score_)


def test_standardisation_in_folds_is_that_of_a_pipeline_refitted_in_each():
    X, y = made()
    alphas = np.geomspace(1.0, 1e-3, 12)
    ours = eq.LassoCV(alphas=alphas, cv=5, standardize=True).fit(X, y)
    for k, (train, test) in enumerate(KFold(5).split(X)):
        for i, alpha in enumerate(alphas):
            pipeline = make_pipeline(StandardScaler(), eq.Lasso(alpha=alpha)).fit(X[train], y[train])
            loss = np.mean((y[test] - pipeline.predict(X[test])) ** 2)
            assert ours.mse_path_[i, k] == pytest.approx(loss, rel=1e-10)


@pytest.mark.parametrize("params", [{"fit_intercept": True}, {"fit_intercept": False}])
def test_factors_and_bounds_do_what_a_change_of_data_does(params):
    X, y = made()
    factors = np.array([1.0, 0.5, 2.0, 0.0, np.inf, 1.0, 3.0])
    ours = eq.ElasticNet(alpha=0.1, l1_ratio=1.0, penalty_factor=factors, **params).fit(X, y)
    # A penalised column of factor f is a column x / f under factor 1; a tiny factor stands for none.
    used = np.flatnonzero(np.isfinite(factors))
    scale = np.where(factors[used] == 0, 1e-7, factors[used])
    theirs = quietly(linear_model.Lasso(alpha=0.1, **params, **TIGHT), X[:, used] / scale, y)
    np.testing.assert_allclose(ours.coef_[used], theirs.coef_ / scale, atol=1e-5)
    assert ours.coef_[4] == 0.0
    boxed = eq.Lasso(alpha=0.01, lower=-0.1, upper=0.2, **params).fit(X, y)
    assert boxed.coef_.min() >= -0.1
    assert boxed.coef_.max() <= 0.2
    assert boxed.certificate_.optimal


def test_leaving_rows_out_in_closed_form_is_leaving_them_out():
    X, y = made(n=20)
    factors = np.array([1.0, 0.5, 0.0, 2.0, np.inf, 1.0, 1.0])
    s = np.random.default_rng(2).uniform(0.5, 2.0, size=20)
    model = eq.RidgeCV([0.5, 5.0], penalty_factor=factors, store_cv_results=True).fit(X, y, sample_weight=s)
    for i, alpha in enumerate([0.5, 5.0]):
        for train, test in LeaveOneOut().split(X):
            left = eq.Ridge(alpha, penalty_factor=factors).fit(X[train], y[train], sample_weight=s[train])
            error = y[test[0]] - left.predict(X[test])[0]
            assert model.cv_results_[test[0], i] == pytest.approx(s[test[0]] * error**2, rel=1e-8)


@pytest.mark.parametrize("shape", [(12, 30), (30, 8)])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("targets", [0, 2])
def test_ridge_of_nothing_is_least_squares_of_smallest_norm(shape, weighted, targets):
    rng = np.random.default_rng(11)
    X = rng.normal(size=shape) + 5.0
    X[:, -1], X[:, -2] = X[:, 0], X[:, 1] - X[:, 2]
    y = rng.normal(size=(shape[0], targets) if targets else shape[0])
    s = rng.uniform(0.2, 3.0, size=shape[0]) if weighted else None
    theirs = linear_model.LinearRegression().fit(X, y, sample_weight=s)
    ours = eq.Ridge(alpha=0).fit(X, y, sample_weight=s)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-11)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-10)
    found = ours.certificate_ if targets else [ours.certificate_]
    assert [(c.optimal, c.unique) for c in found] == [(True, False)] * len(found)
