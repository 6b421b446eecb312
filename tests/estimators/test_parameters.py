"""Parameters mean what they mean in scikit-learn, and what it refuses is refused."""

import numpy as np
import pytest
from sklearn import linear_model
from sklearn_logistic import OLD

import equipoise as eq

X = np.random.default_rng(0).normal(size=(20, 3))
Y = X[:, 0] + 1.0

PEERS = {
    "Lasso": "Lasso",
    "ElasticNet": "ElasticNet",
    "Ridge": "Ridge",
    "LassoCV": "LassoCV",
    "ElasticNetCV": "ElasticNetCV",
    "RidgeCV": "RidgeCV",
    "LassoIC": "LassoLarsIC",
    "LogisticRegression": "LogisticRegression",
    "LogisticRegressionCV": "LogisticRegressionCV",
    "PoissonRegressor": "PoissonRegressor",
    "GammaRegressor": "GammaRegressor",
    "TweedieRegressor": "TweedieRegressor",
}
SHARED = [
    *("fit_intercept", "copy_X", "positive", "warm_start", "store_cv_results", "alpha_per_target"),
    *("solver", "selection", "gcv_mode", "tol", "max_iter", "random_state", "n_jobs", "verbose"),
    *("alpha", "l1_ratio", "eps", "alphas", "noise_variance", "criterion"),
    *("C", "Cs", "l1_ratios", "penalty", "class_weight", "dual", "intercept_scaling", "refit", "multi_class"),
    *("use_legacy_attributes", "power", "link"),
]
WRONG = ["yes", -1, -0.5, np.nan, np.inf, [], ["a"], [-1.0], object(), {}, None, 1.5, 0, "svd", "random"]
CASES = [
    (ours, name)
    for ours in PEERS
    for name in SHARED
    if not (OLD and name == "l1_ratios")  # looked at for another penalty alone
    if name in getattr(eq, ours)().get_params() and name in getattr(linear_model, PEERS[ours])().get_params()
]
GENERALIZED = ("PoissonRegressor", "GammaRegressor", "TweedieRegressor")
TAKEN = {  # without effect here, or a name of the default
    *{("LassoCV", "n_jobs", 0), ("ElasticNetCV", "n_jobs", 0)},
    *{(name, "max_iter", None) for name in ("LassoCV", "ElasticNetCV", "LassoIC")},
    *{("LassoCV", "alphas", None), ("ElasticNetCV", "alphas", None)},
    *{("Lasso", "max_iter", None), ("ElasticNet", "max_iter", None)},
    *{(name, "max_iter", None) for name in ("LogisticRegression", "LogisticRegressionCV", *GENERALIZED)},
    *{(name, "tol", 0) for name in GENERALIZED},
    *{
        ("LogisticRegression", "n_jobs", 0),
        ("LogisticRegressionCV", "n_jobs", 0),
        ("LogisticRegressionCV", "l1_ratios", 0),
    },
}
RIGHT = [*WRONG, 1, 2, 0.5, np.float64(0.5), np.int64(2), [0.5], [0.1, 1.0], "auto", "cyclic", "lbfgs", "sag"]
RIGHT += ["l2", "deprecated", "balanced", {False: 2.0, True: 1.0}, "identity", "bic"]
REFUSED = {  # of which there is no solution, or none that could be proved, or that mean nothing
    ("Ridge", "alpha"): [[-1.0]],
    ("ElasticNetCV", "l1_ratio"): [[-1.0]],
    ("LassoCV", "eps"): [1.5, 2, np.int64(2)],
    ("ElasticNetCV", "eps"): [1.5, 2, np.int64(2)],
    ("RidgeCV", "alphas"): [[]],
    ("LassoIC", "noise_variance"): [None, 0],  # there is no noise
    ("LogisticRegression", "C"): [np.inf],  # the classes can be separated
    ("LogisticRegression", "penalty"): [None],
    ("LogisticRegressionCV", "Cs"): [[-1.0]],
    ("TweedieRegressor", "power"): [-1, -0.5, 0.5, np.float64(0.5)],
}


def refusal(kind, name, value):
    y = np.exp(Y) if kind.__name__ in GENERALIZED else Y
    y = Y > 1 if "Logistic" in kind.__name__ else y
    model = kind().set_params(**{name: value})
    if hasattr(model, "noise_variance"):
        model.set_params(**{"noise_variance": 1.0} if name != "noise_variance" else {})
    try:
        model.fit(X, y)
    except Exception as error:
        return error
    return None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("ours", "name"), CASES)
def test_what_scikit_learn_refuses_is_refused(ours, name):
    for value in WRONG:
        theirs = refusal(getattr(linear_model, PEERS[ours]), name, value)
        if theirs is None or ((value is None or isinstance(value, int)) and (ours, name, value) in TAKEN):
            continue
        found = refusal(getattr(eq, ours), name, value)
        assert isinstance(found, ValueError | TypeError), (value, theirs)
        assert name in str(found), (value, found)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("ours", "name"), CASES)
def test_what_scikit_learn_takes_is_taken(ours, name):
    for value in RIGHT:
        if refusal(getattr(linear_model, PEERS[ours]), name, value) is None:
            found = refusal(getattr(eq, ours), name, value)
            assert (found is not None) == (repr(value) in map(repr, REFUSED.get((ours, name), ()))), (
                value,
                found,
            )


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (eq.Lasso(fit_intercept="yes"), "fit_intercept is 'yes': pass True or False"),
        (eq.Ridge(alpha="big"), "alpha is 'big': pass a number at least 0"),
        (eq.Ridge(alpha=["big"]), r"alpha\[0\] is 'big': pass a number at least 0"),
        (eq.Lasso(alpha=True), "alpha is True: pass a number at least 0"),
        (eq.Lasso(max_iter=1.5), "max_iter is 1.5: pass a whole number at least 1"),
        (eq.LassoCV(n_jobs="all"), "n_jobs is 'all': pass a whole number"),
        (eq.Lasso(selection=3), "selection is 3: pass one of 'cyclic', 'random'"),
    ],
)
def test_a_wrong_type_is_a_type_error(model, message):
    with pytest.raises(TypeError, match=message):
        model.fit(X, Y)


def test_a_name_that_is_not_known_is_answered_by_those_that_are():
    with pytest.raises(ValueError, match="solver is 'cholesk': did you mean 'cholesky'"):
        eq.Ridge(solver="cholesk").fit(X, Y)


@pytest.mark.parametrize("alpha", [np.array(0.1), np.float32(0.1), np.array([0.1]), [0.1], (0.1,)])
def test_one_penalty_may_come_as_an_array_of_numpy(alpha):
    kept = float(np.ravel(alpha)[0])
    expected = linear_model.Ridge(alpha=kept, solver="svd").fit(X, Y).coef_
    np.testing.assert_allclose(eq.Ridge(alpha=alpha).fit(X, Y).coef_, expected, rtol=1e-12)
