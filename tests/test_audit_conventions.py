"""Other packages' coefficients, as they print them, held against their own strength in their own words."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, Lasso, Ridge

import equipoise as eq

STORED = Path(__file__).parent / "strength" / "stored"
GLMNET = json.loads((STORED / "glmnet.json").read_text())
PEERS = json.loads((STORED / "peers.json").read_text())
X, Y, WEIGHTS, OFFSET = (np.array(GLMNET[name]) for name in ("X", "y", "weights", "offset"))
NAMES = [f"x{j + 1}" for j in range(X.shape[1])]


def glmnet_claim(case):
    strength = dict(case["strength"])
    if "penalty.factor" in strength:
        strength["penalty.factor"] = [np.inf if f is None else f for f in strength["penalty.factor"]]
    rows = {"sample_weight": WEIGHTS} if case["weights"] else {}
    return (
        {"convention": "glmnet", "strength": strength} | rows | ({"offset": OFFSET} if case["offset"] else {})
    )


def printed(case):
    """What coef(fit) prints: the intercept always, 0 where there is none, then the features."""
    return {"(Intercept)": case["intercept"], **dict(zip(NAMES, case["coef"], strict=True))}


GAUSSIAN = [case for case in GLMNET["cases"] if case["strength"]["family"].startswith("gaussian")]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in GAUSSIAN])
def test_glmnet_as_it_prints(case):
    claim = glmnet_claim(case)
    found = eq.audit(X, Y, printed(case), **claim)
    assert found.optimal
    assert found.wrong_zeros == found.wrong_nonzeros == ()
    assert not eq.audit(X, Y, printed(case) | {"x1": case["coef"][0] + 1e-4}, **claim).optimal
    other = claim | {"strength": claim["strength"] | {"lambda": 1.01 * claim["strength"]["lambda"]}}
    assert not eq.audit(X, Y, printed(case), **other).optimal


def test_numbers_in_order_and_an_intercept_of_their_own():
    case = GAUSSIAN[0]
    claim = glmnet_claim(case)
    assert eq.audit(X, Y, case["coef"], case["intercept"], **claim).optimal
    assert eq.audit(X, Y, case["coef"], case["intercept"], convention="glmnet", strength=0.3).optimal
    assert not eq.audit(X, Y, case["coef"], **claim).optimal


def test_what_to_glmnet_returns_is_a_strength():
    fit = eq.fit(X, Y, l1=3.0, l2=0.5, standardize=True)
    strength = eq.strength.to_glmnet(3.0, 0.5, y=Y, standardize=True)
    assert eq.audit(X, Y, fit.coef, fit.intercept, convention="glmnet", strength=strength).optimal


@pytest.mark.parametrize("case", [case for case in PEERS["cases"] if case["convention"] == "statsmodels"])
def test_statsmodels_by_name(case):
    pd = pytest.importorskip("pandas")
    exog = pd.DataFrame(np.column_stack([np.ones(len(Y)), X]), columns=["const", *NAMES])
    params = pd.Series(case["coef"], index=exog.columns)
    claim = {"convention": "statsmodels", "strength": case["strength"]}
    claim |= {"sample_weight": WEIGHTS} if case["weights"] else {}
    for coef in (params, params[::-1], params.to_dict(), params.to_numpy()):
        assert eq.audit(exog, Y, coef, **claim).optimal
    assert not eq.audit(exog, Y, params + 1e-4, **claim).optimal


def test_statsmodels_needs_its_constant_column():
    params = dict.fromkeys(["const", *NAMES], 1.0)
    with pytest.raises(ValueError, match="coef names 'const' but X has no such column"):
        eq.audit(X, Y, params, convention="statsmodels", strength=0.3)
    with pytest.raises(ValueError, match="statsmodels has none beside X"):
        eq.audit(X, Y, X[0], 1.0, convention="statsmodels", strength=0.3)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize(
    ("model", "convention", "strength"),
    [
        (Lasso(0.3, tol=1e-15, max_iter=1_000_000), "sklearn", 0.3),
        (
            ElasticNet(alpha=0.3, l1_ratio=0.4, tol=1e-15, max_iter=1_000_000),
            "sklearn",
            {"alpha": 0.3, "l1_ratio": 0.4},
        ),
        (Ridge(7.0, solver="svd"), "sklearn-ridge", 7.0),
    ],
)
def test_sklearn(model, convention, strength, weights):
    model.fit(X, Y, sample_weight=weights)
    claim = {"convention": convention, "strength": strength, "sample_weight": weights}
    assert eq.audit(X, Y, model.coef_, model.intercept_, **claim).optimal
    assert not eq.audit(X, Y, model.coef_ * 1.001, model.intercept_, **claim).optimal


def test_an_intercept_of_0_that_was_not_fitted():
    model = Lasso(0.3, fit_intercept=False, tol=1e-15, max_iter=1_000_000).fit(X, Y)
    strength = {"alpha": 0.3, "fit_intercept": False}
    assert eq.audit(X, Y, model.coef_, 0.0, convention="sklearn", strength=strength).optimal
    assert not eq.audit(X, Y, model.coef_, 0.0, convention="sklearn", strength=0.3).optimal


def test_n_counts_the_rows_that_are_left():
    gaps = X.copy()
    gaps[3, 1] = np.nan
    kept = np.delete(np.arange(len(Y)), 3)
    model = Lasso(0.3, tol=1e-15, max_iter=1_000_000).fit(X[kept], Y[kept])
    claim = {"convention": "sklearn", "strength": 0.3, "missing": "drop"}
    assert eq.audit(gaps, Y, model.coef_, model.intercept_, **claim).optimal


def test_labels_count_without_a_convention_too():
    pd = pytest.importorskip("pandas")
    fit = eq.fit(X, Y, l1=3.0)
    coef = pd.Series(fit.coef, index=NAMES)
    assert eq.audit(X, Y, coef[::-1], fit.intercept, l1=3.0).optimal
    assert eq.audit(X, Y, {"(Intercept)": fit.intercept} | dict(coef), l1=3.0).optimal
    assert eq.audit(X, Y, pd.Series(fit.coef), fit.intercept, l1=3.0).optimal


COEF = dict.fromkeys(NAMES, 0.0)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"l1": 1.0, "strength": 0.3}, "strength is another package's"),
        ({"l1": 1.0, "convention": "glmnet", "strength": 0.3}, "say them in strength"),
        ({"l2": 1.0, "convention": "glmnet", "strength": 0.3}, "say them in strength"),
        ({"standardize": True, "convention": "glmnet", "strength": 0.3}, "say them in strength"),
        ({"convention": "glmnet"}, "strength is missing: pass glmnet's lambda"),
        ({"convention": "glmnett", "strength": 0.3}, "convention is 'glmnett': pass one of 'glmnet'"),
        ({"convention": "glmnet", "strength": {"lamda": 0.3}}, "did you mean 'lambda'"),
        ({"convention": "glmnet", "strength": {"alpha": 0.3}}, "strength lacks 'lambda'"),
        (
            {"convention": "glmnet", "strength": {"lambda": 0.3, "lambda_": 0.3}},
            "strength names one thing twice",
        ),
        (
            {"convention": "glmnet", "strength": {"lambda": 0.3, "family": "cox"}},
            "family 'cox': the families",
        ),
        (
            {"convention": "glmnet", "strength": {"lambda": 0.3, "family": "poisson"}, "loss": "squared"},
            "strength names family 'poisson', whose loss is 'poisson', but loss is 'squared'",
        ),
        ({"convention": "glmnet", "strength": {"lambda": 0.3, "penalty.factor": [1, 2]}}, "is of 2 features"),
        ({"convention": ["glmnet"], "strength": 0.3}, "pass one of 'glmnet'"),
        ({"convention": "sklearn", "strength": {"lambda": 0.3}}, "which sklearn does not know"),
        ({"convention": "sklearn", "strength": {"alpha": -0.3}}, "alpha is -0.3"),
        (
            {"convention": "sklearn", "strength": {"alpha": 0.3, "fit_intercept": True}},
            "intercept is missing but strength says",
        ),
        (
            {"convention": "sklearn", "strength": {"alpha": 0.3, "fit_intercept": False}, "intercept": 2.0},
            "intercept is 2 but strength says that there is none",
        ),
        ({"l1": 1.0, "coef": COEF | {"(Intercept)": 1.0}, "intercept": 2.0}, "keep one of them"),
    ],
)
def test_refusals_are_sentences(options, sentence):
    coef = options.pop("coef", COEF)
    with pytest.raises(ValueError, match=sentence) as refused:
        eq.audit(X, Y, coef, **options)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("options", [{}, {"strength": 0.3}])
def test_a_penalty_has_to_be_named(options):
    with pytest.raises(TypeError, match="l1 is missing"):
        eq.audit(X, Y, COEF, **options)
