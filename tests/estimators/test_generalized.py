"""PoissonRegressor, GammaRegressor and TweedieRegressor: scikit-learn's numbers, and L1 beside them."""

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import brentq, minimize, minimize_scalar
from sklearn import config_context, linear_model
from sklearn.base import clone
from sklearn.metrics import d2_tweedie_score, mean_tweedie_deviance
from sklearn.model_selection import GridSearchCV, KFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import equipoise as eq

KINDS = [
    ("PoissonRegressor", {}),
    ("GammaRegressor", {}),
    ("TweedieRegressor", {}),
    ("TweedieRegressor", {"power": 1.0}),
    ("TweedieRegressor", {"power": 1.4, "link": "log"}),
    ("TweedieRegressor", {"power": 2.0}),
]
POWERS = {"PoissonRegressor": 1.0, "GammaRegressor": 2.0}


def made(power, seed=0, n=80, p=5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.2) + 0.5
    eta = X @ np.array([0.5, -0.3, 0.0, 0.0, 0.2][:p]) + 0.5
    s = rng.uniform(0.2, 3.0, size=n)
    s[7] = 0.0
    if power == 0:
        return X, eta + rng.normal(size=n), s
    y = rng.poisson(np.exp(eta)).astype(float)
    return X, rng.gamma(2.0, np.exp(eta) / 2.0) if power == 2 else y if power == 1 else 1.7 * y, s


def power_of(name, params):
    return params.get("power", POWERS.get(name, 0.0))


# The array API is not offered: its check skips itself, and says so with a warning of its own.
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks(
    [
        eq.PoissonRegressor(l1_ratio=0.5),
        eq.GammaRegressor(),
        eq.TweedieRegressor(),
        eq.TweedieRegressor(power=1.5),
    ]
)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("alpha", [0.0, 0.1, 2.0])
@pytest.mark.parametrize(("name", "params"), KINDS)
def test_scikit_learns_numbers(name, params, alpha, weighted):
    X, y, s = made(power_of(name, params))
    s = s if weighted else None
    tight = {"tol": 1e-12, "max_iter": 10_000, "solver": "newton-cholesky"}
    theirs = getattr(linear_model, name)(alpha=alpha, **params, **tight).fit(X, y, s)
    for matrix in (X, sparse.csr_array(X)):
        ours = getattr(eq, name)(alpha=alpha, **params).fit(matrix, y, s)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-10)
        assert ours.intercept_ == pytest.approx(theirs.intercept_, abs=1e-10)
        np.testing.assert_allclose(ours.predict(matrix), theirs.predict(X), rtol=1e-9)
        assert ours.score(matrix, y, s) == pytest.approx(theirs.score(X, y, s), abs=1e-10)
        assert ours.certificate_.optimal


def test_an_l1_penalty_is_that_of_the_objective():
    X, y, s = made(1.0)
    alpha, ratio = 0.4, 0.6

    def objective(v):
        w, b = v[:5] - v[5:10], v[10]
        eta = X @ w + b
        mean = s @ (np.exp(eta) - y * eta) / s.sum()
        return mean + alpha * (ratio * v[:10].sum() + 0.5 * (1 - ratio) * w @ w)

    found = minimize(
        objective, np.zeros(11), method="L-BFGS-B", bounds=[(0, None)] * 10 + [(None, None)],
        options={"maxiter": 50_000, "maxfun": 500_000, "ftol": 1e-16, "gtol": 1e-10},
    )  # fmt: skip
    model = eq.PoissonRegressor(alpha=alpha, l1_ratio=ratio).fit(X, y, s)
    both = np.concatenate([np.maximum(model.coef_, 0), np.maximum(-model.coef_, 0), [model.intercept_]])
    assert objective(both) <= found.fun + 1e-12
    np.testing.assert_allclose(both, found.x, atol=1e-4)
    assert 0 < np.count_nonzero(model.coef_) < 5


def test_a_lasso_of_counts_in_one_feature_by_hand():
    # 0/1 groups of 4 rows with means 1 and 3: Σ(y − μ) x = n·alpha at the solution, and Σ(y − μ) = 0.
    X, y = np.repeat([[0.0], [1.0]], 4, axis=0), [0, 1, 1, 2, 2, 3, 3, 4]
    model = eq.PoissonRegressor(alpha=0.25, l1_ratio=1.0).fit(X, y)
    # The second group's mean is then 3 − 8·0.25/4, the first's 1 + 8·0.25/4.
    np.testing.assert_allclose(np.exp(model.intercept_), 1.5, rtol=1e-9)
    np.testing.assert_allclose(model.coef_, np.log(2.5 / 1.5), rtol=1e-9)


def test_an_offset_is_added_and_asked_for():
    X, y, _ = made(1.0)
    time = np.random.default_rng(3).uniform(0.5, 4.0, size=len(y))
    model = eq.PoissonRegressor(alpha=1e9).fit(X, y, offset=np.log(time))
    # So large a penalty leaves the intercept alone, which is the log of the rate.
    assert model.intercept_ == pytest.approx(np.log(y.sum() / time.sum()), abs=1e-6)
    np.testing.assert_allclose(model.predict(X, np.log(time)), time * y.sum() / time.sum(), rtol=1e-5)
    with pytest.raises(ValueError, match="fitted with an offset: pass offset="):
        model.predict(X)


@pytest.mark.parametrize(("name", "params"), [kind for kind in KINDS if power_of(*kind) != 0])
def test_an_exposure_multiplies_the_mean(name, params):
    X, y, s = made(power_of(name, params))
    time = np.random.default_rng(3).uniform(0.5, 4.0, size=len(y))
    model = getattr(eq, name)(alpha=0.1, l1_ratio=0.5, **params).fit(X, y, s, exposure=time)
    kept = model.coef_ != 0
    mean = time * np.exp(X @ model.coef_ + model.intercept_)
    pull = X.T @ (s * (y - mean) * mean ** (1 - power_of(name, params))) / s.sum()
    limit = 0.05 * np.sign(model.coef_) + 0.05 * model.coef_
    np.testing.assert_allclose(pull[kept], limit[kept], atol=1e-8)
    assert np.all(np.abs(pull[~kept]) <= 0.05 + 1e-8)
    np.testing.assert_allclose(model.predict(X, exposure=time), mean, rtol=1e-12)
    np.testing.assert_allclose(model.predict(X, exposure=2), 2 * mean / time, rtol=1e-12)
    expected = d2_tweedie_score(y, mean, sample_weight=s, power=power_of(name, params))
    assert model.score(X, y, s, exposure=time) == pytest.approx(expected, abs=1e-10)
    both = getattr(eq, name)(alpha=0.1, l1_ratio=0.5, **params)
    both.fit(X, y, s, exposure=time**2, offset=-np.log(time))
    np.testing.assert_allclose(both.coef_, model.coef_, atol=1e-9)
    for role in ({}, {"offset": np.log(time)}):
        with pytest.raises(ValueError, match="with an exposure: pass exposure=, or exposure=1 for the rate"):
            model.predict(X, **role)
    again, data = pickle.loads(pickle.dumps(model)), {"X": X, "y": y, "sample_weight": s}
    assert again.explain("x1", **data, offset=np.log(time)) == model.explain("x1")


def test_an_exposure_is_routed_through_a_search():
    X, y, _ = made(1.0)
    time = np.random.default_rng(3).uniform(0.5, 4.0, size=len(y))
    with config_context(enable_metadata_routing=True):
        model = eq.PoissonRegressor().set_fit_request(exposure=True).set_score_request(exposure=True)
        found = cross_validate(
            model, X, y, cv=KFold(3), params={"exposure": time}, return_estimator=True, error_score="raise"
        )
    for k, (_, test) in enumerate(KFold(3).split(X)):
        own = found["estimator"][k]
        mean = time[test] * np.exp(X[test] @ own.coef_ + own.intercept_)
        expected = d2_tweedie_score(y[test], mean, power=1)
        assert found["test_score"][k] == pytest.approx(expected, abs=1e-10)


def test_an_exposure_that_cannot_be_is_refused():
    X, y, _ = made(1.0)
    with pytest.raises(
        ValueError, match=r"exposure holds -1 in row 0 \(counting from 0\): pass numbers above"
    ):
        eq.PoissonRegressor().fit(X, y, exposure=np.full(80, -1.0))
    with pytest.raises(ValueError, match="exposure was given, but loss='squared' has no logarithm"):
        eq.TweedieRegressor().fit(X, y, exposure=np.ones(80))
    plain = eq.PoissonRegressor().fit(X, y)
    np.testing.assert_allclose(plain.predict(X, exposure=3), 3 * plain.predict(X), rtol=1e-12)
    with pytest.raises(ValueError, match="exposure is 0: pass a number above 0"):
        plain.predict(X, exposure=0)


@pytest.mark.parametrize("power", [0.0, 1.0, 1.5, 2.0])
def test_the_score_is_the_share_of_deviance(power):
    X, y, s = made(power)
    model = eq.TweedieRegressor(power=power, alpha=0.1).fit(X, y)
    expected = d2_tweedie_score(y, model.predict(X), sample_weight=s, power=power)
    assert model.score(X, y, s) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("power", [1.0, 1.5, 2.0])
def test_beside_an_offset_the_score_compares_with_the_best_intercept(power):
    X, y, s = made(power)
    shift = np.linspace(-1.5, 1.5, len(y))
    model = eq.TweedieRegressor(power=power, alpha=0.1).fit(X, y, s, offset=shift)

    def deviance(mean):
        return mean_tweedie_deviance(y[s > 0], mean[s > 0], sample_weight=s[s > 0], power=power)

    null = minimize_scalar(
        lambda b: deviance(np.exp(shift + b)), bounds=(-5, 5), options={"xatol": 1e-12}
    ).fun
    expected = 1 - deviance(model.predict(X, shift)) / null
    assert model.score(X, y, s, offset=shift) == pytest.approx(expected, abs=1e-10)
    assert abs(expected - d2_tweedie_score(y, model.predict(X, shift), sample_weight=s, power=power)) > 0.01
    # An offset that is the same in every row is part of the intercept.
    plain = model.score(X, y, s, offset=0.7)
    assert plain == pytest.approx(
        d2_tweedie_score(y, model.predict(X, 0.7), sample_weight=s, power=power), abs=1e-12
    )


def test_the_score_of_a_constant_response_is_zero():
    X, y, _ = made(1.0)
    model = eq.PoissonRegressor().fit(X, y)
    assert model.score(X, np.zeros(len(y))) == 0.0
    assert model.score(X, np.full(len(y), 2.0)) == 0.0


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (eq.PoissonRegressor(), r"y holds -1 in row 1 .*: PoissonRegressor takes counts"),
        (eq.GammaRegressor(), r"y holds 0 in row 0 .*: GammaRegressor takes amounts above 0; .*power=1.5"),
        (eq.TweedieRegressor(power=2), r"y holds 0 in row 0 .*TweedieRegressor takes .* above 0 at power=2"),
        (eq.TweedieRegressor(power=1.5), r"row 1 .*TweedieRegressor takes amounts that are not neg"),
        (eq.TweedieRegressor(power=0.5), "from 1 to 2; no distribution has one between 0 and 1"),
        (eq.TweedieRegressor(power=3), "power is 3: pass 0, or a number from 1 to 2; its loss is not convex"),
        (eq.TweedieRegressor(power=-1), "is -1: pass 0, or a number from 1 to 2; its loss is not convex"),
        (eq.TweedieRegressor(power=1, link="identity"), "link is 'identity' and power is 1: .* link='log'"),
        (eq.TweedieRegressor(link="log"), "link is 'log' and power is 0: .* link='identity'"),
        (eq.TweedieRegressor(link="logit"), "link is 'logit'"),
        (eq.PoissonRegressor(alpha=-1), "alpha is -1"),
        (eq.PoissonRegressor(l1_ratio=2), "l1_ratio is 2"),
        (eq.PoissonRegressor(solver="saga"), "solver is 'saga'"),
        (eq.PoissonRegressor(fit_intercept="no"), "fit_intercept is 'no'"),
    ],
)  # fmt: skip
def test_what_is_not_solved_is_refused(model, message):
    with pytest.raises((ValueError, TypeError), match=message):
        model.fit([[1.0], [2.0], [4.0]], [0.0, -1.0, 2.0])


@pytest.mark.parametrize("model", [eq.PoissonRegressor(), eq.LassoCV(cv=2), eq.Ridge()])
@pytest.mark.parametrize("y", [[1.0, 2, None, 4], [1.0, 2, np.nan, 4], np.ma.masked_equal([1, 2, 9, 4], 9)])
def test_a_missing_response_is_told_with_its_row(model, y):
    with pytest.raises(ValueError, match=r"Input y contains NaN: 1 missing value, first in row 2 \(counting"):
        model.fit([[0.0], [1.0], [2.0], [3.0]], y)


def test_in_a_pipeline_a_search_a_clone_and_a_pickle():
    X, y, _ = made(1.0)
    frame = pd.DataFrame(X, columns=list("abcde"))
    pipeline = make_pipeline(StandardScaler(), eq.PoissonRegressor(alpha=0.1, l1_ratio=1.0))
    search = GridSearchCV(pipeline, {"poissonregressor__alpha": [0.01, 0.1, 1.0]}, cv=3).fit(frame, y)
    assert search.best_score_ > 0.3
    model = clone(search.best_estimator_[-1]).fit(frame, y)
    assert list(model.feature_names_in_) == list("abcde")
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict(frame), model.predict(frame))
    with pytest.raises(ValueError, match="pass them again"):
        again.what_if(without=["a"])


def test_bounds_and_penalty_factors_reach_the_solver():
    X, y, _ = made(1.0)
    model = eq.PoissonRegressor(alpha=0.0, lower=[0.0, 0, 0, 0, 0], penalty_factor=[1, 1, np.inf, np.inf, 1])
    model.fit(X, y)
    free = eq.PoissonRegressor(alpha=0.0).fit(X, y)
    assert free.coef_[1] < 0 < free.coef_[0]
    assert model.coef_[1] == model.coef_[2] == model.coef_[3] == 0.0
    assert model.certificate_.optimal


def test_an_unpenalised_intercept_balances_the_gamma_loss():
    X, y, _ = made(2.0)
    model = eq.GammaRegressor(alpha=0.7, l1_ratio=1.0).fit(X, y)
    eta = X @ model.coef_
    level = brentq(lambda b: float(np.sum(y * np.exp(-eta - b) - 1.0)), -20, 20, xtol=1e-14)
    assert model.intercept_ == pytest.approx(level, abs=1e-10)
