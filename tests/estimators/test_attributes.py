"""What a fitted estimator holds: of the same type and shape as in scikit-learn, so that scripts go on."""

import numpy as np
import pytest
import sklearn
from scipy import sparse
from sklearn import linear_model

import equipoise as eq

RNG = np.random.default_rng(0)
X = RNG.normal(size=(20, 3))
Y = X[:, 0] + 1.0 + 0.1 * RNG.normal(size=20)
RESPONSES = {"(n,)": Y, "(n, 1)": Y[:, None], "(n, 2)": np.column_stack((Y, Y**2))}

CASES = [
    ("Lasso", "Lasso", {}),
    ("ElasticNet", "ElasticNet", {}),
    ("Ridge", "Ridge", {}),
    ("LassoCV", "LassoCV", {}),
    ("LassoCV", "LassoCV", {"alphas": [0.1, 1.0]}),
    ("ElasticNetCV", "ElasticNetCV", {}),
    ("ElasticNetCV", "ElasticNetCV", {"l1_ratio": [0.5, 1.0]}),
    ("ElasticNetCV", "ElasticNetCV", {"l1_ratio": [0.5, 1.0], "alphas": [0.1, 1.0]}),
    ("ElasticNetCV", "ElasticNetCV", {"l1_ratio": [0.5], "alphas": [0.1, 1.0]}),
    ("RidgeCV", "RidgeCV", {}),
    ("RidgeCV", "RidgeCV", {"cv": 3}),
    ("RidgeCV", "RidgeCV", {"alpha_per_target": True, "store_cv_results": True}),
    ("LassoIC", "LassoLarsIC", {"noise_variance": 1.0}),
]
OTHERWISE = {  # names, and what they hold here
    ("Ridge", "n_iter_"): int | list,
    ("LassoIC", "n_iter_"): int,
    ("LassoIC", "alphas_"): np.ndarray,
    ("LassoIC", "criterion_"): np.ndarray,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("response", RESPONSES)
@pytest.mark.parametrize(("ours", "theirs", "parameters"), CASES)
def test_attributes_have_the_type_and_shape_of_scikit_learns(
    ours, theirs, parameters, response, fit_intercept
):
    parameters = {**parameters, "fit_intercept": fit_intercept}
    y = RESPONSES[response]
    peer, model = getattr(linear_model, theirs)(**parameters), getattr(eq, ours)(**parameters)
    try:
        peer.fit(X, y)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011  # whatever it says, there is no model
            model.fit(X, y)
        return
    model.fit(X, y)
    names = [name for name in dir(peer) if name.endswith("_") and not name.startswith("_")]
    assert {"coef_", "intercept_", "n_features_in_"} <= set(names)
    for name in names:
        found, expected = getattr(model, name), getattr(peer, name)
        if (ours, name) in OTHERWISE:
            assert isinstance(found, OTHERWISE[ours, name])
        elif isinstance(expected, float):
            assert type(found) is np.float64, name  # also where theirs is Python's
        else:
            assert (type(found), np.shape(found)) == (type(expected), np.shape(expected)), name


@pytest.mark.parametrize("y", RESPONSES.values(), ids=RESPONSES)
def test_coefficients_as_a_sparse_matrix(y):
    model = eq.Lasso(0.3).fit(X, y)
    assert sparse.isspmatrix_csr(model.sparse_coef_)
    np.testing.assert_array_equal(model.sparse_coef_.toarray(), np.atleast_2d(model.coef_))
    assert model.sparse_coef_.nnz < model.coef_.size


@pytest.mark.skipif("sparse_interface" not in sklearn.get_config(), reason="scikit-learn >= 1.9 can be set")
def test_coefficients_are_a_sparse_array_where_scikit_learn_is_set_to_that():
    with sklearn.config_context(sparse_interface="sparray"):
        found = eq.ElasticNet(0.3).fit(X, Y).sparse_coef_
    assert isinstance(found, sparse.csr_array)
    assert found.shape == (1, 3)


@pytest.mark.parametrize("solver", ["svd", "cholesky", "lsqr", "sparse_cg", "sag", "saga"])
def test_the_solver_is_the_one_asked_for_and_the_solution_is_the_same(solver):
    model = eq.Ridge(solver=solver).fit(X, Y)
    assert model.solver_ == solver
    np.testing.assert_array_equal(model.coef_, eq.Ridge().fit(X, Y).coef_)
    assert eq.Ridge().fit(X, Y).solver_ == "exact"


@pytest.mark.parametrize("kind", [eq.Lasso, eq.ElasticNet, eq.Ridge, eq.LassoCV, eq.RidgeCV, eq.LassoIC])
def test_an_offset_is_passed_by_name(kind):
    with pytest.raises(TypeError):
        kind().fit(X, Y, None, np.ones(20), np.ones(20))
    if kind in (eq.Lasso, eq.ElasticNet):  # whose fourth argument is scikit-learn's check_input
        np.testing.assert_array_equal(kind().fit(X, Y, None, False).coef_, kind().fit(X, Y).coef_)
        with pytest.raises(TypeError, match="check_input is array"):
            kind().fit(X, Y, None, np.ones(20))


@pytest.mark.parametrize("kind", [eq.Lasso, eq.Ridge, eq.LassoCV, eq.RidgeCV, eq.LassoIC])
@pytest.mark.parametrize("form", [sparse.csr_array, sparse.coo_matrix])
def test_a_sparse_response_is_answered_in_a_sentence(kind, form):
    with pytest.raises(TypeError, match="y is sparse, but is needed as a dense array here"):
        kind().fit(X, form(Y[:, None]))


@pytest.mark.parametrize("kind", [eq.Lasso, eq.RidgeCV])
def test_an_array_on_another_device_is_answered_in_a_sentence(kind):
    class Far(Foreign):
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("it is on device 1")

        def __dlpack__(self):
            raise NotImplementedError

    message = r"is an array of .* that NumPy cannot read \(it is on device 1\): copy it to the CPU first"
    model = kind().fit(X, Y)
    for ask in (lambda: kind().fit(Far(X), Y), lambda: kind().fit(X, Far(Y)), lambda: model.predict(Far(X))):
        with pytest.raises(TypeError, match=message):
            ask()


class Foreign:
    """An array that another library owns and NumPy can read."""

    def __init__(self, array):
        self.array, self.shape, self.dtype, self.ndim = array, array.shape, array.dtype, array.ndim

    def __array__(self, dtype=None, copy=None):
        return np.array(self.array, dtype=dtype)

    def __len__(self):
        return len(self.array)

    def __array_namespace__(self, api_version=None):
        raise AssertionError("asked to compute with another library")


@pytest.mark.parametrize("kind", [eq.Lasso, eq.Ridge, eq.LassoCV, eq.RidgeCV])
def test_arrays_of_other_libraries_are_read_as_numpys(kind, monkeypatch):
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")
    expected = kind().fit(X, Y)
    with sklearn.config_context(array_api_dispatch=True):
        model = kind().fit(Foreign(X), Foreign(Y))
        prediction = model.predict(Foreign(X))
    np.testing.assert_array_equal(model.coef_, expected.coef_)
    np.testing.assert_array_equal(prediction, expected.predict(X))
