"""The lasso by information criteria: scikit-learn's values, and no alpha anywhere that does better."""

import math

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import nnls
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso, LassoLarsIC
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import equipoise as eq


def made(n=60, p=8, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(n, 1)) + 3.0
    return X, X[:, :3] @ [2.0, -1.5, 0.4] + 2.0 * rng.normal(size=n)


@pytest.mark.parametrize("criterion", ["aic", "bic"])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("data", [load_diabetes(return_X_y=True), made(), made(30, 20, 1)])
def test_the_values_of_scikit_learn(criterion, fit_intercept, data):
    X, y = data
    peer = LassoLarsIC(criterion, fit_intercept=fit_intercept).fit(X, y)
    found = eq.LassoIC(criterion, fit_intercept=fit_intercept).fit(X, y)
    assert found.noise_variance_ == pytest.approx(peer.noise_variance_, rel=1e-9)
    np.testing.assert_allclose(found.alphas_, peer.alphas_, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(found.criterion_, peer.criterion_, rtol=1e-9)
    assert found.alpha_ == pytest.approx(peer.alpha_, rel=1e-8)
    np.testing.assert_allclose(found.coef_, peer.coef_, atol=1e-7)
    np.testing.assert_array_equal(found.coef_ != 0, np.abs(peer.coef_) > 1e-12)
    assert found.intercept_ == pytest.approx(peer.intercept_, abs=1e-7)
    assert found.certificate_.optimal


def test_with_bounds_at_zero_and_a_known_variance():
    X, y = made()
    peer = LassoLarsIC("bic", positive=True, noise_variance=4.0).fit(X, y)
    found = eq.LassoIC("bic", positive=True, noise_variance=4.0).fit(X, y)
    np.testing.assert_allclose(found.criterion_[:-1], peer.criterion_[:-1], rtol=1e-9)
    np.testing.assert_allclose(found.coef_, peer.coef_, atol=1e-8)
    # At alpha = 0 scikit-learn's path ends before its last solution, which is that of NNLS.
    coef, norm = nnls(X - X.mean(axis=0), y - y.mean())
    end = 60 * math.log(8.0 * math.pi) + norm**2 / 4.0 + math.log(60) * np.count_nonzero(coef)
    assert found.criterion_[-1] == pytest.approx(end, rel=1e-9)


def test_more_columns_than_rows_need_the_variance():
    X, y = made(25, 40)
    with pytest.raises(ValueError, match=r"25 rows leave nothing for noise beside 41 coeff.* pass noise_var"):
        eq.LassoIC().fit(X, y)
    peer = LassoLarsIC("bic", noise_variance=4.0).fit(X, y)
    found = eq.LassoIC("bic", noise_variance=4.0).fit(X, y)
    assert found.alphas_[-1] == pytest.approx(1e-6 * found.alphas_[0], rel=1e-9)
    most = min(len(found.alphas_), len(peer.alphas_)) - 1
    assert most > 20
    np.testing.assert_allclose(found.criterion_[:most], peer.criterion_[:most], rtol=1e-7)
    assert found.alpha_ == pytest.approx(peer.alpha_, rel=1e-8)


def value(X, y, coef, intercept, criterion, variance, s, penalised):
    """A criterion by its definition, for scikit-learn's constants."""
    n, df = s.sum(), np.count_nonzero(coef)
    misfit = s @ (y - intercept - X @ coef) ** 2 / variance
    k, p = np.count_nonzero(coef[penalised]), penalised.sum()
    constant = n * math.log(2.0 * math.pi * variance)
    return {
        "aic": constant + misfit + 2.0 * df,
        "bic": constant + misfit + math.log(n) * df,
        "ebic": constant + misfit + math.log(n) * df + 2.0 * 0.5 * math.log(math.comb(p, k)),
        "cp": misfit - n + 2.0 * (df + 1),
    }[criterion]


@pytest.mark.parametrize("criterion", ["aic", "bic", "ebic", "cp"])
def test_no_alpha_of_a_fine_grid_is_better(criterion):
    """Beside coordinate descent by scikit-learn, on repeated rows in place of weights."""
    X, y = made(40, 8, 3)
    s = np.random.default_rng(0).integers(0, 4, size=40).astype(float)
    many = np.repeat(np.arange(40), s.astype(int))
    factors = np.ones(8)
    model = eq.LassoIC(criterion, gamma=0.5).fit(X, y, sample_weight=s)
    repeated = eq.LassoIC(criterion, gamma=0.5).fit(X[many], y[many])
    assert model.alpha_ == pytest.approx(repeated.alpha_, rel=1e-9)
    full = np.linalg.lstsq(np.column_stack([np.ones(len(many)), X[many]]), y[many])
    variance = full[1][0] / (len(many) - 9)
    assert model.noise_variance_ == pytest.approx(variance, rel=1e-9)
    arguments = (criterion, variance, s, factors > 0)
    best = value(X, y, model.coef_, model.intercept_, *arguments)
    assert best == pytest.approx(model.criterion_.min(), rel=1e-9)
    for alpha in np.geomspace(2.0 * model.alphas_[0], 1e-3 * model.alphas_[0], 400):
        peer = Lasso(alpha=alpha, tol=1e-9, max_iter=10**5).fit(X[many], y[many])
        assert value(X, y, peer.coef_, peer.intercept_, *arguments) >= best - 1e-6


def test_a_coefficient_at_a_bound_is_no_degree_of_freedom():
    X, y = made()
    model = eq.LassoIC("aic", upper=0.5, noise_variance=4.0).fit(X, y)
    assert len(model.alphas_) > 100
    best = np.inf
    for alpha in model.alphas_[model.alphas_ > 0]:
        coef = eq.Lasso(alpha, upper=0.5).fit(X, y).coef_
        rest = y - X @ coef
        df = np.count_nonzero((coef != 0) & (coef < 0.5))
        best = min(best, np.sum((rest - rest.mean()) ** 2) / 4.0 + 2.0 * df)
    assert model.criterion_.min() - 60 * math.log(8.0 * math.pi) <= best + 1e-6


def test_sparse_columns_an_offset_factors_and_a_pipeline():
    X, y = made()
    dense = eq.LassoIC("bic").fit(X, y)
    np.testing.assert_allclose(eq.LassoIC("bic").fit(sparse.csr_array(X), y).coef_, dense.coef_, atol=1e-9)
    o = np.linspace(-3.0, 3.0, 60)
    np.testing.assert_allclose(eq.LassoIC("bic").fit(X, y + o, offset=o).coef_, dense.coef_, atol=1e-9)
    standard = make_pipeline(StandardScaler(), LassoLarsIC("bic")).fit(X, y)[-1]
    np.testing.assert_allclose(
        eq.LassoIC("bic", standardize=True).fit(X, y).coef_ * X.std(axis=0), standard.coef_, atol=1e-9
    )
    free = eq.LassoIC("bic", penalty_factor=[1.0] * 7 + [0.0]).fit(X, y)
    assert free.coef_[7] != 0
    assert eq.LassoIC(penalty_factor=[np.inf] * 8, noise_variance=1.0).fit(X, y).coef_.any() is np.False_


def test_the_unit_of_the_response_does_not_matter():
    X, y = made()
    kept = eq.LassoIC("bic").fit(X, y).coef_ != 0
    for scale in (1e-8, 1e8):
        np.testing.assert_array_equal(eq.LassoIC("bic").fit(X, scale * y).coef_ != 0, kept)


def test_a_response_without_noise_or_without_any_signal():
    X, _ = made()
    with pytest.raises(ValueError, match="leaves no residual: pass noise_variance"):
        eq.LassoIC().fit(X, X[:, 0])
    flat = eq.LassoIC(noise_variance=1.0).fit(X, np.full(60, 5.0))
    np.testing.assert_allclose(flat.predict(X), 5.0, atol=1e-9)
