"""lasso_path and enet_path: scikit-learn's arguments and results, exact solutions."""

import inspect
import warnings
from fractions import Fraction

import numpy as np
import pytest
import sklearn
from oracle import Exact, Question
from scipy import sparse
from sklearn import linear_model
from sklearn.exceptions import ConvergenceWarning

import equipoise as eq

TIGHT = {"tol": 1e-14, "max_iter": 10**6}
BOTH = ["lasso_path", "enet_path"]


def made(seed=0, n=50, p=8, targets=2):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.3) + 1.0
    return X, X[:, :2] @ rng.normal(size=(2, targets)) + rng.normal(size=(n, targets))


def theirs(name, *args, alphas, **kwargs):
    older = isinstance(alphas, int) and tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 9)
    kwargs["n_alphas" if older else "alphas"] = alphas
    with warnings.catch_warnings():  # at such a tolerance some have arrived and warn all the same
        warnings.simplefilter("ignore", ConvergenceWarning)
        return getattr(linear_model, name)(*args, **TIGHT, **kwargs)


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    "params",
    [
        {"alphas": 40},
        {"alphas": [2.0, 0.5, 0.1, 0.02], "positive": True},
        {"alphas": [0.5, 0.01, 0.1]},
        {"alphas": 9, "eps": 1e-2, "return_n_iter": True},
        {"alphas": [0.2]},
    ],
)
@pytest.mark.parametrize("shape", [(50, 8), (12, 20)])
def test_the_same_as_scikit_learns_at_its_tightest(name, params, shape):
    X, Y = made(n=shape[0], p=shape[1])
    y = Y[:, 0] * np.sign((X.T @ Y[:, 0]).sum())  # positive coefficients explain some of it
    found, wanted = getattr(eq, name)(X, y, **params), theirs(name, X, y, **params)
    assert found[1].any()
    assert [np.shape(part) for part in found] == [np.shape(part) for part in wanted]
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-12)
    np.testing.assert_allclose(found[1], wanted[1], atol=1e-7)
    assert np.all(found[2] <= 1e-10)
    assert np.all(found[2] >= 0)


def test_the_elastic_net_of_any_l1_ratio_and_of_sparse_columns():
    X, Y = made()
    X[np.random.default_rng(1).random(X.shape) < 0.6] = 0.0
    params = {"l1_ratio": 0.2, "alphas": 20}
    wanted = theirs("enet_path", X, Y[:, 0], **params)
    for matrix in (X, sparse.csc_array(X), sparse.csr_matrix(X)):
        alphas, coefs, _ = eq.enet_path(matrix, Y[:, 0], **params)
        np.testing.assert_allclose(alphas, wanted[0], rtol=1e-12)
        np.testing.assert_allclose(coefs, wanted[1], atol=1e-9)


@pytest.mark.parametrize("ratio", [Fraction(1), Fraction(1, 4)])
def test_the_solution_and_its_objective_in_fractions(ratio):
    X = np.random.default_rng(3).integers(-4, 5, (6, 3)).astype(float)
    y = np.random.default_rng(4).integers(-9, 10, 6).astype(float)
    alphas = [1.0, 0.25]
    _, coefs, gaps = eq.enet_path(X, y, l1_ratio=float(ratio), alphas=alphas)
    for k, alpha in enumerate(alphas):
        l1, l2 = 6 * alpha * float(ratio), 6 * alpha * float(1 - ratio) / 2
        exact = Exact(Question(X, y, l1, l2, intercept=False))
        (solution,) = exact.vertices
        np.testing.assert_allclose(coefs[:, k], [float(w) for w in solution], rtol=1e-13, atol=1e-15)
        lost = float(exact.value(coefs[:, k].tolist()) - exact.least) / 6
        assert 0 <= lost <= gaps[k] + 1e-15


@pytest.mark.parametrize("name", BOTH)
def test_a_column_of_y_has_scikit_learns_shapes(name):
    X, Y = made()
    found, wanted = getattr(eq, name)(X, Y[:, :1], alphas=7), theirs(name, X, Y[:, :1], alphas=7)
    assert [part.shape for part in found] == [part.shape for part in wanted] == [(7,), (1, 8, 7), (7,)]
    np.testing.assert_allclose(found[1], wanted[1], atol=1e-7)


@pytest.mark.parametrize("name", BOTH)
def test_several_targets_are_the_problem_in_which_they_share_their_zeros(name):
    X, Y = made()
    with pytest.warns(UserWarning, match=r"y has 2 targets, which share .* not exactly. Pass one column"):
        found = getattr(eq, name)(X, Y, alphas=30, eps=1e-2, return_n_iter=True, **TIGHT)
    wanted = theirs(name, X, Y, alphas=30, eps=1e-2, return_n_iter=True)
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-12)
    np.testing.assert_allclose(found[1], wanted[1], atol=1e-12)
    zeros = found[1] == 0
    assert zeros.any()
    assert not zeros.all()
    np.testing.assert_array_equal(zeros[0], zeros[1])
    with pytest.raises(ValueError, match="positive=True is for one target, and y has 2"):
        getattr(eq, name)(X, Y, positive=True)


@pytest.mark.parametrize("name", BOTH)
def test_the_grid_of_a_response_that_pulls_on_nothing_is_scikit_learns(name):
    X, _ = made()
    y = np.zeros(50)
    found, wanted = getattr(eq, name)(X, y, alphas=4), theirs(name, X, y, alphas=4)
    np.testing.assert_array_equal(found[0], wanted[0])
    assert not found[1].any()
    assert found[1].shape == (8, 4)


@pytest.mark.parametrize("name", BOTH)
def test_older_ways_to_say_how_many_are_taken_with_a_warning(name):
    X, Y = made()
    with pytest.warns(FutureWarning, match="n_alphas is .* pass alphas=6"):
        assert len(getattr(eq, name)(X, Y[:, 0], n_alphas=6)[0]) == 6
    with pytest.warns(FutureWarning, match="alphas=None is .* pass alphas=100"):
        assert len(getattr(eq, name)(X, Y[:, 0], alphas=None)[0]) == 100


@pytest.mark.parametrize("name", BOTH)
def test_products_of_these_data_are_taken_and_of_others_refused(name):
    X, Y = made()
    path, y, gram = getattr(eq, name), Y[:, 0], X.T @ X
    wanted = path(X, y, alphas=5)[1]
    single = {"precompute": gram.astype(np.float32), "Xy": (X.T @ y).astype(np.float32)}
    for given in (
        {"precompute": gram, "Xy": X.T @ y},
        single,
        {"precompute": True},
        {"coef_init": np.ones(8)},
    ):
        np.testing.assert_array_equal(path(X, y, alphas=5, **given)[1], wanted)
    centred, other = X - X.mean(axis=0), gram.copy()
    other[3, 4] += 1e-2
    for wrong in (centred.T @ centred, other, 2 * gram):
        for matrix in (X, sparse.csc_array(X)):
            with pytest.raises(ValueError, match=r"precompute is not the Gram matrix .* leave it out"):
                path(matrix, y, precompute=wrong)
    with pytest.raises(ValueError, match="Xy is not Xᵀy of these data"):
        path(X, y, Xy=X.T @ Y[:, 1])


@pytest.mark.parametrize(
    ("params", "kind", "message"),
    [
        ({"fit_intercept": True}, ValueError, "params: 'fit_intercept'; known are .*'tol'"),
        ({"sample_weight": np.ones(50)}, ValueError, "'sample_weight'; .* equipoise.path has weights"),
        ({"alphas": [0.1, "a"]}, TypeError, r"alphas\[1\] is 'a': pass a number at least 0"),
        ({"alphas": [-0.1]}, ValueError, r"alphas\[0\] is -0.1"),
        ({"alphas": []}, ValueError, "alphas is empty"),
        ({"alphas": 0}, ValueError, "alphas is 0: pass how many"),
        ({"eps": 0}, ValueError, "eps is 0: pass a number above 0"),
        ({"eps": 2.0}, ValueError, "eps is 2.0: pass a number from 0 to 1"),
        ({"precompute": "maybe"}, ValueError, "precompute is 'maybe': pass 'auto'"),
        ({"precompute": np.eye(3)}, ValueError, r"precompute has shape \(3, 3\), but .* \(8, 8\)"),
        ({"Xy": np.ones(3)}, ValueError, r"Xy has shape \(3,\), but .* \(8,\)"),
        ({"coef_init": np.ones(3)}, ValueError, r"coef_init has shape \(3,\), but .* \(8,\)"),
        ({"positive": "yes"}, ValueError, "positive is 'yes': pass True or False"),
    ],
)
@pytest.mark.parametrize("name", BOTH)
def test_mistakes_are_answered_in_a_sentence(name, params, kind, message):
    X, Y = made()
    with pytest.raises(kind, match=message):
        getattr(eq, name)(X, Y[:, 0], **params)


def test_a_lasso_path_has_no_l1_ratio_and_a_ridge_no_grid():
    X, Y = made()
    with pytest.raises(ValueError, match="params: 'l1_ratio'"):
        eq.lasso_path(X, Y[:, 0], l1_ratio=0.5)
    with pytest.raises(ValueError, match=r"l1_ratio is 0, so no alpha .* pass alphas"):
        eq.enet_path(X, Y[:, 0], l1_ratio=0)
    _, coefs, _ = eq.enet_path(X, Y[:, 0], l1_ratio=0, alphas=[0.5])
    ridge = np.linalg.solve(X.T @ X + 25.0 * np.eye(8), X.T @ Y[:, 0])
    np.testing.assert_allclose(coefs[:, 0], ridge, rtol=1e-12)


def test_the_data_stay_as_they_are():
    X, Y = made()
    kept = X.copy(), Y.copy()
    eq.lasso_path(X, Y[:, 0], alphas=5, copy_X=False)
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(Y, kept[1])


@pytest.mark.parametrize("name", BOTH)
def test_parameters_are_scikit_learns(name):
    own, their = (inspect.signature(getattr(package, name)).parameters for package in (eq, linear_model))
    assert set(own) >= set(their)
    for parameter in their:
        assert own[parameter].kind == their[parameter].kind
        if parameter not in {"alphas", "n_alphas"}:  # their defaults differ from release to release
            assert own[parameter].default == their[parameter].default


def test_the_static_path_is_the_function_that_scikit_learn_has_there():
    for name in ("Lasso", "ElasticNet", "LassoCV", "ElasticNetCV"):
        function = getattr(linear_model, name).path.__name__
        assert getattr(eq, name).path is getattr(eq, function)
        assert getattr(eq, name)().path is getattr(eq, function)
