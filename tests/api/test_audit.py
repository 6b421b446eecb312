"""The audit of coefficients as R, broom and scikit-learn hold them, by their own strength."""

from pathlib import Path

import numpy as np
import pytest

import equipoise as eq

pd = pytest.importorskip("pandas")

STORED = Path(__file__).parents[1] / "data" / "stored" / "coefficients"  # written in R by write.R
DATA = pd.read_csv(STORED / "data.csv")
X, Y = DATA.drop(columns="y"), DATA["y"]


def of_r(name, **how):
    return pd.read_csv(STORED / f"{name}.csv", **how)


@pytest.mark.parametrize("name", ["glmnet", "tidy", "tidy_zeros"])
def test_what_r_wrote(name):
    coef = of_r(name)
    found = eq.audit(X, Y, coef, convention="glmnet", strength=0.1)
    assert found.optimal
    assert found.wrong_zeros == found.wrong_nonzeros == ()
    assert dict(zip(found.features, found.coef, strict=True))["g=u"] == pytest.approx(1.73276819536873)
    assert not eq.audit(X, Y, coef, convention="glmnet", strength=0.11).optimal
    shuffled = X[["e", "g", "k", "b", "a"]]
    assert eq.audit(shuffled, Y, coef, convention="glmnet", strength=0.1).optimal
    dummies = pd.get_dummies(X, dtype=float)  # its names are g_u, g_v
    named = coef.replace({f"g{level}": f"g_{level}" for level in ("u", "v", "w w")})
    assert eq.audit(dummies, Y, named, convention="glmnet", strength=0.1).optimal
    assert eq.audit(X, Y, named, convention="glmnet", strength=0.1).optimal


def test_one_point_of_a_path():
    claim = {"convention": "glmnet", "strength": 0.2}
    path, tidy = of_r("path", index_col=0), of_r("tidy_path")
    assert eq.audit(X, Y, path[["s1"]], **claim).optimal
    assert eq.audit(X, Y, path["s1"], **claim).optimal
    assert eq.audit(X, Y, tidy[tidy["lambda"] == 0.2], **claim).optimal
    assert not eq.audit(X, Y, path["s2"], **claim).optimal
    with pytest.raises(ValueError, match="coef has 3 columns beside the names, 's0', 's1', 's2': keep one"):
        eq.audit(X, Y, path, **claim)
    with pytest.raises(ValueError, match="coef holds 3 values of 'step': keep the rows of one"):
        eq.audit(X, Y, tidy, **claim)


@pytest.mark.parametrize("weights", [None, np.ones(len(Y))])
@pytest.mark.parametrize(
    ("name", "strength"),
    [
        ("no_intercept_TRUE", {"lambda": 0.1, "alpha": 0.6}),
        ("no_intercept_FALSE", {"lambda": 0.1, "alpha": 0.6, "standardize": False}),
        ("no_intercept_factors", {"lambda": 0.1, "penalty.factor": [1, 0.5, 3, 1, 1, 2, 1]}),
    ],
)
def test_glmnet_leaves_constant_columns_out_without_an_intercept_too(name, strength, weights):
    claim = {"convention": "glmnet", "strength": strength, "sample_weight": weights}
    found = eq.audit(X, Y, of_r(name), intercept=False, **claim)
    assert found.optimal
    assert found.features[2] == "k"
    assert (found.coef[2], found.exact.coef[2]) == (0.0, 0.0)
    assert eq.audit(X, Y, of_r(name), convention="glmnet", strength=strength | {"intercept": False}).optimal
    assert not eq.audit(X, Y, of_r(name), **claim).optimal  # an intercept that was fitted is not 0
    dense = pd.get_dummies(X, dtype=float).to_numpy()[:, [0, 1, 2, 4, 5, 6, 3]]
    order = of_r(name)["s0"].to_numpy()[1:]
    sparse = pytest.importorskip("scipy.sparse").csc_array(dense)
    for matrix in (dense, sparse):
        assert eq.audit(matrix, Y, order, **claim).optimal
    # The column would have been used, had the penalty been this library's.
    ours = eq.strength.from_glmnet(
        strength["lambda"], strength.get("alpha", 1.0), y=Y, intercept=False, standardize=False
    )
    assert eq.fit(X, Y, **ours).coef[2] != 0


def test_a_constant_column_of_gathered_data():
    numbers = X.drop(columns="g").assign(y=Y)
    strength = eq.strength.from_glmnet(0.1, y=Y, intercept=False)
    exact = eq.fit(numbers[["a", "b", "e"]], Y, **strength)
    named = dict(zip(exact.features, exact.coef, strict=True)) | {"k": 0.0}
    gathered = eq.gather(numbers, "y")
    found = eq.audit(gathered, None, named, False, convention="glmnet", strength=0.1)
    assert found.optimal


def test_a_column_that_lm_did_not_determine():
    with pytest.raises(ValueError, match=r"coef has no number for 'f' \(NaN or NA, which R"):
        eq.audit(X.assign(f=X["a"] + X["b"]), Y, of_r("tidy_lm"), l1=0)
    few = of_r("lm").dropna()
    assert eq.audit(X[["a", "b"]], Y, few, l1=0).optimal


def test_the_intercept_is_there_or_not():
    fit = eq.fit(X[["a", "b"]], Y, l1=2.0, intercept=False)
    named = dict(zip(fit.features, fit.coef, strict=True))
    for said in (False, np.False_, None):
        assert eq.audit(X[["a", "b"]], Y, named, said, l1=2.0).optimal
        assert eq.audit(X[["a", "b"]], Y, fit.coef, said, l1=2.0).optimal
    assert eq.audit(X[["a", "b"]], Y, named | {"(Intercept)": 0.0}, False, l1=2.0).optimal
    assert not eq.audit(X[["a", "b"]], Y, named | {"(Intercept)": 0.0}, True, l1=2.0).optimal
    assert not eq.audit(X[["a", "b"]], Y, named, 0.0, l1=2.0).optimal
    with pytest.raises(ValueError, match=r"intercept=False .* but coef has one, 2: drop either"):
        eq.audit(X[["a", "b"]], Y, named | {"(Intercept)": 2.0}, False, l1=2.0)
    with pytest.raises(ValueError, match="intercept is True but coef does not have its value"):
        eq.audit(X[["a", "b"]], Y, named, True, l1=2.0)


def test_a_formula_without_an_intercept():
    pytest.importorskip("formulaic")
    Z, y = eq.formula("y ~ a + b - 1", DATA)
    exact = np.linalg.lstsq(X[["a", "b"]].to_numpy(), Y.to_numpy(), rcond=None)[0]
    named = dict(zip("ab", exact, strict=True))
    assert eq.audit(Z, y, named, l1=0).optimal
    assert eq.audit(Z, y, named | {"Intercept": 0.0}, l1=0).optimal
    for given in ((named | {"Intercept": 2.0}, None), (named, 2.0)):
        with pytest.raises(ValueError, match="the formula says that there is no intercept, but coef"):
            eq.audit(Z, y, *given, l1=0)


def models():
    from sklearn.linear_model import (
        ElasticNet,
        ElasticNetCV,
        Lasso,
        LassoCV,
        LinearRegression,
        Ridge,
        RidgeCV,
    )

    tight = {"tol": 1e-14, "max_iter": 1_000_000}
    return [
        LinearRegression(),
        Lasso(0.1, **tight),
        Lasso(0.05, fit_intercept=False, positive=True, **tight),
        ElasticNet(alpha=0.1, l1_ratio=0.3, **tight),
        LassoCV(cv=3, **tight),
        ElasticNetCV(l1_ratio=[0.2, 0.7], cv=3, **tight),
        Ridge(3.0, solver="cholesky"),
        Ridge(3.0, solver="cholesky", fit_intercept=False),
        RidgeCV([0.5, 2.0]),
        eq.Lasso(alpha=0.1),
        eq.Ridge(alpha=3.0, fit_intercept=False),
        eq.LassoCV(cv=3),
    ]


@pytest.mark.parametrize("model", models(), ids=repr)
def test_a_model_brings_its_penalty(model):
    frame = X[["e", "b", "a"]].assign(z=-X["a"] + X["e"] ** 2)
    model.fit(frame, Y)
    found = eq.audit(frame[["a", "z", "b", "e"]], Y, model)
    assert found.violation < 1e-8
    assert found.coef.tolist() == np.ravel(model.coef_)[[2, 3, 1, 0]].tolist()
    np.testing.assert_allclose(found.exact.coef, found.coef, atol=1e-7)
    assert eq.audit(frame.to_numpy(), Y, model).violation < 1e-8
    assert eq.audit(frame, Y, model, l1=5.0).violation > 1e-3
    with pytest.raises(ValueError, match="coef is a model without 'more', which the data have"):
        eq.audit(frame.assign(more=1.0), Y, model)
    with pytest.raises(ValueError, match="the model brings its own penalty"):
        eq.audit(frame, Y, model, l2=1.0)
    with pytest.raises(ValueError, match="intercept was given and coef is a model, which has its own"):
        eq.audit(frame, Y, model, 1.0)


def test_a_strength_beside_a_model_is_the_one_that_counts():
    from sklearn.linear_model import Lasso

    model = Lasso(0.1, tol=1e-14).fit(X[["a", "b"]], Y)
    assert eq.audit(X[["a", "b"]], Y, model, convention="sklearn", strength=0.1).violation < 1e-8
    assert not eq.audit(X[["a", "b"]], Y, model, convention="sklearn", strength=0.2).violation < 1e-3


def test_a_model_of_another_kind_needs_a_penalty():
    from sklearn.linear_model import HuberRegressor

    model = HuberRegressor().fit(X[["a", "b"]], Y)
    with pytest.raises(TypeError, match="l1 is missing: what a HuberRegressor penalises is not known"):
        eq.audit(X[["a", "b"]], Y, model)
    assert not eq.audit(X[["a", "b"]], Y, model, l1=0).optimal


def test_a_fit_brings_its_penalty_bounds_and_columns(tmp_path):
    fit = eq.fit(X, Y, l1=[1, 2, 0, 3, 3, 3, np.inf], l2=0.5, standardize=True, upper={"a": 0.5})
    fit.save(tmp_path / "model.json")
    more = X[["e", "g", "b", "k", "a"]].assign(other=1.0)
    for model in (fit, eq.load(tmp_path / "model.json")):
        found = eq.audit(more, Y, model)
        assert found.optimal
        assert found.features == fit.features
        np.testing.assert_allclose(found.exact.coef, fit.coef, rtol=1e-9, atol=1e-12)
    assert not eq.audit(X, Y, fit, l1=3.0).optimal
    gathered = eq.gather(more.drop(columns="other").assign(y=Y), "y")
    assert gathered.features != fit.features
    assert eq.audit(gathered, None, fit).optimal


def test_a_fit_of_another_package_than_its_own():
    fit = eq.fit(X[["a", "b"]], Y, l1=2.0)
    strength = eq.strength.to_sklearn(2.0, n=len(Y))
    assert eq.audit(X[["a", "b"]], Y, fit, convention="sklearn", strength=strength).optimal
