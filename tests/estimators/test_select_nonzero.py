"""The selector by exact zeros: in pipelines, with frames, sparse data, weights and several targets."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn import config_context
from sklearn.exceptions import NotFittedError
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import Lasso, LinearRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import equipoise as eq

NAMES = [f"feature {j}" for j in range(8)]


def made(seed=0, n=60, p=8):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    return X, X[:, 0] - 2.0 * X[:, 1] + 0.5 * X[:, 2] + rng.normal(size=n)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks([eq.SelectNonzero(eq.Lasso(alpha=0.01)), eq.SelectNonzero(eq.Ridge())])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("scale", [1.0, 1e-8, 1e-30, 1e20])
def test_the_unit_of_the_response_does_not_matter(scale):
    X, y = made()
    # scikit-learn's own lasso, converged, in a unit that suits its tolerance.
    wanted = np.abs(Lasso(alpha=0.1, tol=1e-12).fit(X, y).coef_) > 1e-9
    assert 3 <= wanted.sum() < 8
    selector = eq.SelectNonzero(eq.Lasso(alpha=0.1 * scale)).fit(X, scale * y)
    np.testing.assert_array_equal(selector.get_support(), wanted)
    np.testing.assert_array_equal(selector.transform(X), X[:, wanted])
    if scale < 1:
        assert not SelectFromModel(eq.Lasso(alpha=0.1 * scale)).fit(X, scale * y).get_support().any()


def test_columns_of_a_frame_keep_their_names_and_types():
    X, y = made()
    frame = pd.DataFrame(X, columns=NAMES).astype({"feature 1": "float32"})
    selector = eq.SelectNonzero(eq.Lasso(alpha=0.3)).set_output(transform="pandas").fit(frame, y)
    kept = [name for name, coef in zip(NAMES, selector.estimator_.coef_, strict=True) if coef != 0]
    assert 0 < len(kept) < 8
    pd.testing.assert_frame_equal(selector.transform(frame), frame[kept])
    assert list(selector.get_feature_names_out()) == kept
    assert not hasattr(selector.fit(X, y), "feature_names_in_")
    assert list(selector.get_feature_names_out()) == [f"x{NAMES.index(name)}" for name in kept]


def test_sparse_columns_stay_sparse():
    X, y = made()
    X[np.abs(X) < 0.7] = 0.0
    dense = eq.SelectNonzero(eq.Lasso(alpha=0.2)).fit(X, y)
    thin = eq.SelectNonzero(eq.Lasso(alpha=0.2)).fit(sparse.csr_array(X), y)
    found = thin.transform(sparse.csr_array(X))
    assert sparse.issparse(found)
    np.testing.assert_array_equal(found.toarray(), dense.transform(X))
    assert 0 < found.shape[1] < 8


def test_a_feature_of_any_target_is_kept():
    X, _ = made()
    Y = np.column_stack([3.0 * X[:, 1], -2.0 * X[:, 4]])
    selector = eq.SelectNonzero(eq.Lasso(alpha=0.9)).fit(X, Y)
    assert selector.get_support(indices=True).tolist() == [1, 4]


def test_in_a_pipeline_before_another_model():
    X, y = made()
    pipeline = make_pipeline(StandardScaler(), eq.SelectNonzero(eq.Lasso(alpha=0.3)), LinearRegression())
    kept = pipeline.fit(X, y)[1].get_support()
    Z = StandardScaler().fit_transform(X)[:, kept]
    np.testing.assert_allclose(pipeline.predict(X), LinearRegression().fit(Z, y).predict(Z), rtol=1e-12)


@pytest.mark.parametrize("routing", [False, True])
def test_weights_reach_the_model(routing):
    X, y = made()
    s = np.r_[np.ones(30), np.zeros(30)]
    wanted = eq.SelectNonzero(eq.Lasso(alpha=0.3)).fit(X[:30], y[:30]).get_support()
    assert np.any(wanted != eq.SelectNonzero(eq.Lasso(alpha=0.3)).fit(X, y).get_support())
    with config_context(enable_metadata_routing=routing):
        lasso = eq.Lasso(alpha=0.3)
        if routing:
            lasso.set_fit_request(sample_weight=True)
        found = eq.SelectNonzero(lasso).fit(X, y, sample_weight=s).get_support()
    np.testing.assert_array_equal(found, wanted)


def test_a_model_that_is_fitted_already():
    X, y = made()
    with pytest.raises(NotFittedError):
        eq.SelectNonzero(eq.Lasso(), prefit=True).fit(X, y)
    model = eq.LassoCV(cv=3, choice="one_se").fit(X, y)
    selector = eq.SelectNonzero(model, prefit=True).fit(X)
    np.testing.assert_array_equal(selector.get_support(), model.coef_ != 0)


def test_a_model_without_coefficients_is_refused():
    X, y = made()
    with pytest.raises(TypeError, match="KNeighborsRegressor, which has no coef_: pass a linear model"):
        eq.SelectNonzero(KNeighborsRegressor()).fit(X, y)


def test_a_sparse_coef_of_scikit_learn_is_read():
    from sklearn.linear_model import SGDRegressor

    X, y = made()
    model = SGDRegressor(penalty="l1", alpha=0.5, random_state=0).fit(X, y)
    wanted = model.coef_ != 0
    np.testing.assert_array_equal(
        eq.SelectNonzero(model.sparsify(), prefit=True).fit(X).get_support(), wanted
    )
