"""Every row of the table of conversions, against the packages themselves."""

import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpydoc.validate import validate
from sklearn.linear_model import ElasticNet, Lasso, Ridge, TweedieRegressor
from sklearn.preprocessing import StandardScaler
from sklearn_logistic import sklearn_logistic

import equipoise as eq

INF = np.inf
STORED = Path(__file__).with_name("stored")
GLMNET = json.loads((STORED / "glmnet.json").read_text())
PEERS = json.loads((STORED / "peers.json").read_text())
GLM = json.loads((STORED / "statsmodels_glm.json").read_text())
X, Y, WEIGHTS = (np.array(GLMNET[name]) for name in ("X", "y", "weights"))
N, P = X.shape
BINARY, COUNTS = np.array(GLMNET["binary"]), np.array(GLMNET["counts"])


def by_name(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


def glmnet_arguments(case):
    """The call's strength and its data, as from_glmnet takes them."""
    said = {name.replace(".", "_"): value for name, value in case["strength"].items()}
    said["lambda_"] = said.pop("lambda")
    if "penalty_factor" in said:
        said["penalty_factor"] = [INF if factor is None else factor for factor in said["penalty_factor"]]
    rows = {"sample_weight": WEIGHTS if case["weights"] else None}
    rows["offset"] = np.array(GLMNET["offset"]) if case["offset"] else None
    return said, np.array(GLMNET[case["y"]]), rows


def same(ours, theirs, tol=1e-12):
    """Equal to what the other package's double precision allows, and zero in the same places."""
    theirs = np.array(theirs)
    np.testing.assert_allclose(ours, theirs, rtol=tol, atol=tol)
    np.testing.assert_array_equal(np.asarray(ours) == 0, theirs == 0)


GAUSSIAN = [case for case in GLMNET["cases"] if case["strength"]["family"].startswith("gaussian")]
OTHERS = [case for case in GLMNET["cases"] if case not in GAUSSIAN]


@pytest.mark.parametrize("case", by_name(GAUSSIAN))
def test_glmnet(case):
    said, y, rows = glmnet_arguments(case)
    fit = eq.fit(X, y, **eq.strength.from_glmnet(**said, y=y, **rows), **rows)
    assert fit.certificate.optimal
    # glmnet ran until no coefficient moved (thresh = 1e-30): it is right to some roundings.
    same(fit.coef, case["coef"])
    assert fit.intercept == pytest.approx(case["intercept"], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("case", by_name(OTHERS))
def test_other_families_of_glmnet(case):
    # By hand: glmnet's coefficients satisfy the optimality conditions with the converted penalty.
    said, y, rows = glmnet_arguments(case)
    strength = eq.strength.from_glmnet(**said, y=y, **rows)
    s = np.ones(N) if rows["sample_weight"] is None else rows["sample_weight"]
    coef = np.array(case["coef"])
    eta = case["intercept"] + X @ coef + (0 if rows["offset"] is None else rows["offset"])
    mean = 1 / (1 + np.exp(-eta)) if said["family"] == "binomial" else np.exp(eta)
    residual = s * (y - mean)
    sd = np.sqrt(np.average((X - np.average(X, 0, s)) ** 2, 0, s)) if strength.standardize else np.ones(P)
    limit, ridge = np.broadcast_arrays(strength.l1 * sd, strength.l2 * sd**2)
    pull = X.T @ residual - 2 * ridge * coef
    used = coef != 0
    assert used.sum() >= 2
    assert (~used).any()
    np.testing.assert_allclose(pull[used], np.sign(coef[used]) * limit[used], rtol=0, atol=1e-11)
    assert np.all(np.abs(pull[~used]) < limit[~used])
    if strength.intercept:
        assert abs(residual.sum()) < 1e-11
    fit = eq.fit(X, y, loss=said["family"], **strength, **rows)
    same(fit.coef, coef, tol=1e-11)


def test_glmnet_is_stored_with_its_version_and_calls():
    assert set(GLMNET["versions"]) == {"glmnet", "R"}
    assert all(case["call"].startswith("glmnet(x = X, ") for case in GLMNET["cases"])


@pytest.mark.parametrize("case", [c for c in PEERS["cases"] if c["convention"] == "statsmodels"])
def test_statsmodels(case):
    weights = WEIGHTS if case["weights"] else None
    n = WEIGHTS.sum() if case["weights"] else N
    exog = np.column_stack([np.ones(N), X])
    strength = eq.strength.from_statsmodels(**case["strength"], n=n)
    fit = eq.fit(exog, Y, sample_weight=weights, **strength)
    same(fit.coef, case["coef"])
    assert fit.intercept == 0


@pytest.mark.parametrize("case", GLM["cases"], ids=lambda c: f"{c['loss']}-{c['strength']['L1_wt']}")
def test_generalised_linear_models_of_statsmodels(case):
    # Its weights do not count in n. Where L1_wt is 0 it stops at 1e-5, and estimates a scale if there is one.
    weighted = "freq_weights" in case or "var_weights" in case
    rows = {"sample_weight": WEIGHTS} if weighted else {}
    rows |= {"offset": np.array(GLMNET["offset"])} if "offset" in case else {}
    y = np.array({**GLMNET, **GLM}[case["y"]])
    exog = np.column_stack([np.ones(N), X])
    strength = eq.strength.from_statsmodels(**case["strength"], n=N)
    fit = eq.fit(exog, y, loss=case["loss"], **strength, **rows)
    if case["strength"]["L1_wt"] > 0:
        same(fit.coef, case["coef"], 1e-10)
    elif case["loss"].startswith(("gamma", "tweedie")):
        assert np.abs(fit.coef - case["coef"]).max() > 0.1
    else:
        np.testing.assert_allclose(fit.coef, case["coef"], atol=5e-5)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize(
    ("C", "l1_ratio", "solver"),
    [(0.7, 0.0, "newton-cholesky"), (0.7, 1.0, "saga"), (0.7, 0.4, "saga"), (np.inf, 0.0, "newton-cholesky")],
)
def test_sklearn_logistic(C, l1_ratio, solver, weights, intercept):
    z = StandardScaler().fit_transform(X)  # where saga converges
    theirs = sklearn_logistic(
        C=C, l1_ratio=l1_ratio, fit_intercept=intercept, solver=solver, tol=1e-14, max_iter=200_000
    ).fit(z, BINARY, sample_weight=weights)
    strength = eq.strength.from_sklearn_logistic(C, l1_ratio, fit_intercept=intercept)
    fit = eq.fit(z, BINARY, loss="binomial", sample_weight=weights, **strength)
    same(fit.coef, theirs.coef_[0], tol=1e-9)
    assert fit.intercept == pytest.approx(theirs.intercept_[0], abs=1e-9)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("power", [1.0, 1.4, 2.0])
def test_sklearn_glm(power, weights, intercept):
    y = BINARY + COUNTS + (power == 2.0)
    model = TweedieRegressor(power=power, alpha=0.3, link="log", fit_intercept=intercept, tol=1e-13)
    theirs = model.set_params(solver="newton-cholesky").fit(X, y, sample_weight=weights)
    n = N if weights is None else weights.sum()
    strength = eq.strength.from_sklearn_glm(0.3, n=n, fit_intercept=intercept)
    loss = {1.0: "poisson", 2.0: "gamma"}.get(power, f"tweedie({power})")
    fit = eq.fit(X, y, loss=loss, sample_weight=weights, **strength)
    same(fit.coef, theirs.coef_, tol=1e-10)
    assert fit.intercept == pytest.approx(theirs.intercept_, abs=1e-10)


@pytest.mark.parametrize("case", [c for c in PEERS["cases"] if c["convention"] != "statsmodels"])
def test_packages_that_speak_as_scikit_learn_does(case):
    weights = WEIGHTS if case["weights"] else None
    n = WEIGHTS.sum() if case["weights"] else N
    fit = eq.fit(X, Y, sample_weight=weights, **eq.strength.from_sklearn(**case["strength"], n=n))
    # adelie, the least exact of them, stops at 1e-12.
    same(fit.coef, case["coef"], tol=1e-11)
    assert fit.intercept == pytest.approx(case["intercept"], abs=1e-11)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.4])
def test_sklearn(l1_ratio, weights, intercept):
    strength = {"alpha": 0.3, "l1_ratio": l1_ratio, "fit_intercept": intercept}
    theirs = ElasticNet(**strength, tol=1e-15, max_iter=1_000_000).fit(X, Y, sample_weight=weights)
    n = N if weights is None else weights.sum()
    fit = eq.fit(X, Y, sample_weight=weights, **eq.strength.from_sklearn(**strength, n=n))
    same(fit.coef, theirs.coef_, tol=1e-10)
    assert fit.intercept == pytest.approx(theirs.intercept_, abs=1e-10)


def test_sklearn_is_the_lasso_without_a_ratio():
    theirs = Lasso(0.3, tol=1e-15, max_iter=1_000_000).fit(X, Y)
    same(eq.fit(X, Y, **eq.strength.from_sklearn(0.3, n=N)).coef, theirs.coef_, tol=1e-10)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_sklearn_ridge(weights, intercept):
    theirs = Ridge(7.0, fit_intercept=intercept, solver="svd").fit(X, Y, sample_weight=weights)
    strength = eq.strength.from_sklearn_ridge(7.0, fit_intercept=intercept)
    fit = eq.fit(X, Y, sample_weight=weights, **strength)
    same(fit.coef, theirs.coef_)
    assert fit.intercept == pytest.approx(theirs.intercept_, abs=1e-12)


def test_a_strength_is_keywords_and_knows_what_it_was_computed_for():
    strength = eq.strength.from_glmnet(0.5, y=Y, intercept=False)
    assert dict(strength) == {"l1": 15.0, "l2": 0.0, "standardize": True, "intercept": False}
    assert len(strength) == 4
    assert set(eq.strength.from_sklearn(0.5, n=N)) == {"l1", "l2", "standardize"}
    with pytest.raises(TypeError, match="multiple values"):
        eq.fit(X, Y, intercept=True, **strength)
    with pytest.raises(KeyError):
        strength["alpha"]
    with pytest.raises(AttributeError):
        strength.l1 = 1.0


def test_columns_of_frames_are_read():
    pd = pytest.importorskip("pandas")
    pl = pytest.importorskip("polars")
    wanted = eq.strength.from_glmnet(0.5, 0.3, y=Y, sample_weight=WEIGHTS)
    for series in (pd.Series, pl.Series):
        found = eq.strength.from_glmnet(0.5, 0.3, y=series(Y), sample_weight=series(WEIGHTS))
        assert dict(found) == dict(wanted)


# There and back again

number = st.floats(1e-3, 1e3)
share = st.one_of(st.just(0.0), st.just(1.0), st.floats(0.01, 0.99))
rows = st.floats(1, 1e6)
flag = st.booleans()


def identical(found, wanted):
    assert set(found) == set(wanted)
    for name, value in wanted.items():
        if isinstance(value, str | bool):
            assert found[name] == value
        else:
            np.testing.assert_allclose(found[name], value, rtol=1e-9, atol=1e-12)


@given(number, share, rows, flag)
def test_sklearn_and_back(alpha, l1_ratio, n, intercept):
    said = {"alpha": alpha, "l1_ratio": l1_ratio, "fit_intercept": intercept}
    identical(eq.strength.to_sklearn(**eq.strength.from_sklearn(**said, n=n), n=n), said)
    del said["fit_intercept"]
    identical(eq.strength.to_sklearn(**eq.strength.from_sklearn(**said, n=n), n=n), said)


@given(number, flag)
def test_sklearn_ridge_and_back(alpha, intercept):
    said = {"alpha": alpha, "fit_intercept": intercept}
    identical(eq.strength.to_sklearn_ridge(**eq.strength.from_sklearn_ridge(**said)), said)


@given(number, share, flag)
def test_sklearn_logistic_and_back(C, l1_ratio, intercept):
    said = {"C": C, "l1_ratio": l1_ratio, "fit_intercept": intercept}
    identical(eq.strength.to_sklearn_logistic(**eq.strength.from_sklearn_logistic(**said)), said)


@given(number, rows, flag)
def test_sklearn_glm_and_back(alpha, n, intercept):
    said = {"alpha": alpha, "fit_intercept": intercept}
    identical(eq.strength.to_sklearn_glm(**eq.strength.from_sklearn_glm(**said, n=n), n=n), said)


@given(st.one_of(number, st.lists(st.one_of(st.just(0.0), number), min_size=2, max_size=5)), share, rows)
def test_statsmodels_and_back(alpha, L1_wt, n):
    said = {"alpha": alpha, "L1_wt": L1_wt if np.any(alpha) else 1.0}
    identical(eq.strength.to_statsmodels(**eq.strength.from_statsmodels(**said, n=n), n=n), said)


@st.composite
def glmnet_calls(draw):
    n = draw(st.integers(2, 6))
    column = st.lists(st.floats(-10, 10).map(lambda v: round(v, 3)), min_size=n, max_size=n)
    data = {"y": draw(column.filter(lambda y: max(y) - min(y) > 0.1))}
    data["sample_weight"] = draw(st.none() | st.lists(st.floats(0.1, 5), min_size=n, max_size=n))
    said = {"lambda_": draw(number), "alpha": draw(share), "standardize": draw(flag)}
    said |= {"intercept": draw(flag), "family": draw(st.sampled_from(["gaussian", "gaussian()", "binomial"]))}
    factors = st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0, INF]), min_size=2, max_size=5)
    chosen = draw(st.none() | factors.filter(lambda f: any(0 < v < INF for v in f)))
    if chosen is not None:
        said["penalty_factor"] = np.array(chosen)
    return said, data


@given(glmnet_calls())
@settings(max_examples=200)
def test_glmnet_and_back(call):
    said, data = call
    strength = eq.strength.from_glmnet(**said, **data)
    back = eq.strength.to_glmnet(**strength, **data, family=said["family"])
    factors = said.get("penalty_factor")
    if factors is not None:
        # Factors count up to a common multiple: what comes back has mean 1, so that glmnet's own rescaling
        # leaves it alone, and lambda is as if these had been given.
        used = np.isfinite(factors)
        scale = len(factors) / np.where(used, factors, 1.0).sum()
        effective = said["lambda_"] * scale * factors
        mean = effective[used].mean()
        said = said | {"lambda_": mean, "penalty_factor": effective / mean}
        if np.all(factors == factors[0]):
            del said["penalty_factor"]
    identical(back, said)
    identical(dict(eq.strength.from_glmnet(**back, **data)), _broadcast(strength, back))


def _broadcast(strength, back):
    """With no factors left to tell, one number stands for equal ones."""
    if "penalty_factor" in back:
        return dict(strength)
    return {k: v[0] if isinstance(v, np.ndarray) else v for k, v in strength.items()}


def test_from_one_package_to_another():
    strength = eq.strength.from_glmnet(0.3, 0.5, y=Y, standardize=False)
    there = eq.strength.to_sklearn(**strength, n=N)
    theirs = ElasticNet(**there, tol=1e-15, max_iter=1_000_000).fit(X, Y)
    same(eq.fit(X, Y, **strength).coef, theirs.coef_, tol=1e-10)


def test_no_penalty_is_a_lasso_of_strength_0():
    assert eq.strength.to_sklearn(0, n=5) == {"alpha": 0.0, "l1_ratio": 1.0}
    assert eq.strength.to_sklearn_logistic(0) == {"C": INF, "l1_ratio": 1.0}
    assert eq.strength.to_sklearn_glm(0, n=5) == {"alpha": 0.0}
    assert eq.strength.to_statsmodels(0, n=5) == {"alpha": 0.0, "L1_wt": 1.0}
    assert eq.strength.to_glmnet(0, y=Y)["lambda_"] == 0.0
    found = eq.strength.to_glmnet([0, INF], y=Y)
    assert found["lambda_"] == 0.0
    assert found["penalty_factor"].tolist() == [1.0, INF]


# What cannot be said

EACH = [1.0, 2.0]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda s: s.to_sklearn(EACH, n=5), "l1 differs between features (1 to 2) but scikit-learn has one"),
        (lambda s: s.to_sklearn(1, EACH, n=5), "l2 differs between features"),
        (lambda s: s.to_sklearn([INF, 1], n=5), "l1 is ∞ for a feature but scikit-learn excludes none"),
        (lambda s: s.to_sklearn(1, n=5, standardize=True), "scikit-learn does not standardise"),
        (lambda s: s.to_sklearn_ridge(1, 1), "scikit-learn's Ridge has no l1 penalty"),
        (lambda s: s.to_sklearn_ridge(EACH), "l2 differs between features"),
        (lambda s: s.to_sklearn_ridge(1, standardize=True), "scikit-learn does not standardise"),
        (lambda s: s.to_sklearn_logistic(EACH), "l1 differs between features"),
        (lambda s: s.to_sklearn_logistic(1, standardize=True), "scikit-learn does not standardise"),
        (lambda s: s.from_sklearn_logistic(0), "C is 0: pass one number above 0"),
        (lambda s: s.from_sklearn_logistic([1, 2]), "C is [1, 2]: pass one number above 0"),
        (lambda s: s.from_sklearn_logistic(1, 2), "l1_ratio is 2: pass a number from 0 to 1"),
        (lambda s: s.from_sklearn_logistic(1, penalty="l3"), "penalty is 'l3': pass one of 'l1', 'l2'"),
        (lambda s: s.to_sklearn_glm(1, 1, n=5), "PoissonRegressor and kin have no l1 penalty"),
        (lambda s: s.to_statsmodels([INF, 1], n=5), "l1 is ∞ for a feature but statsmodels excludes none"),
        (lambda s: s.to_statsmodels(1, n=5, intercept=True), "give X a constant column"),
        (lambda s: s.to_statsmodels(1, n=5, standardize=True), "statsmodels does not standardise"),
        (lambda s: s.to_statsmodels(EACH, 1, n=5), "the share of l1 in the penalty differs"),
        (lambda s: s.to_glmnet(EACH, 1, y=Y), "the share of l1 in the penalty differs"),
        (lambda s: s.to_glmnet([INF, INF], y=Y), "l1 is ∞ for every feature"),
        (lambda s: s.to_glmnet(EACH, [1.0, 2, 3], y=Y), "l1 has 2 values but l2 has 3"),
        (lambda s: s.to_glmnet(1, 1, y=[0.1, 0.1, 0.1]), "y − offset has no spread"),
        (lambda s: s.to_glmnet(-1, y=Y), "l1 is -1: pass numbers of 0 or more"),
        (lambda s: s.to_glmnet(1, [0, INF], y=Y), "l2 is inf at position 1: pass finite numbers"),
        (lambda s: s.from_glmnet(0.5, 0.5, y=[0.1, 0.1, 0.1]), "y − offset has no spread"),
        (lambda s: s.from_glmnet(0.5, y=Y, family="cox"), "family is 'cox': the families"),
        (lambda s: s.from_glmnet(0.5, y=Y, penalty_factor=2.0), "penalty_factor is a single number"),
        (lambda s: s.from_glmnet(0.5, y=Y, penalty_factor=[0, 0]), "penalty_factor is 0 for every feature"),
        (lambda s: s.from_glmnet(0.5, y=Y, penalty_factor=[INF]), "penalty_factor is ∞ for every feature"),
        (lambda s: s.from_glmnet(0.5, y=Y, penalty_factor=[[1]]), "penalty_factor has shape (1, 1)"),
        (lambda s: s.from_glmnet(0.5, 1.5, y=Y), "alpha is 1.5: pass a number from 0 to 1"),
        (lambda s: s.from_glmnet(-0.5, y=Y), "lambda_ is -0.5: pass a number of 0 or more"),
        (lambda s: s.from_glmnet(0.5, y=Y, sample_weight=[1.0]), "sample_weight has 1 value"),
        (lambda s: s.from_sklearn(np.nan, n=5), "alpha is nan: pass a number of 0 or more"),
        (lambda s: s.from_sklearn(0.5, n=0), "n is 0: pass the number of rows"),
        (lambda s: s.from_sklearn([0.5, 1], n=5), "alpha has shape (2,): pass one number"),
        (lambda s: s.from_statsmodels([0.5, -1], n=5), "alpha is -1 at position 1"),
    ],
)
def test_refusals_are_sentences(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)) as refused:
        call(eq.strength)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", eq.strength.__all__)
def test_every_name_is_documented(name):
    assert inspect.isfunction(getattr(eq.strength, name)) or inspect.isclass(getattr(eq.strength, name))
    wrong = {"GL06", "GL07", "GL08", "SS01", "SS02", "SS03", "SS05", "PR01", "PR02", "PR03", "PR10", "EX01"}
    found = validate(f"equipoise.strength.{name}")["errors"]
    assert [f"{code}: {text}" for code, text in found if code in wrong] == []
