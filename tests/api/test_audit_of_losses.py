"""The audit of coefficients of yes/no, counts and amounts, as their packages hold them."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import (
    GammaRegressor,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    PoissonRegressor,
    RidgeClassifier,
    TweedieRegressor,
)
from sklearn_logistic import OLD, sklearn_logistic

import equipoise as eq

pd = pytest.importorskip("pandas")

STORED = Path(__file__).parents[1] / "strength" / "stored"
GLMNET = json.loads((STORED / "glmnet.json").read_text())
GLM = json.loads((STORED / "statsmodels_glm.json").read_text())
X, WEIGHTS, OFFSET = (np.array(GLMNET[name]) for name in ("X", "weights", "offset"))
Y = {name: np.array(GLMNET[name]) for name in ("binary", "counts")} | {"amounts": np.array(GLM["amounts"])}
NAMES = [f"x{j + 1}" for j in range(6)]
OTHERS = [case for case in GLMNET["cases"] if not case["strength"]["family"].startswith("gaussian")]
NEWTON = {"solver": "newton-cholesky", "tol": 1e-13}


def printed(case):
    return {"(Intercept)": case["intercept"], **dict(zip(NAMES, case["coef"], strict=True))}


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: case["name"])
@pytest.mark.parametrize("said", ["family", "loss", "both"])
def test_glmnet(case, said):
    strength = dict(case["strength"])
    if "penalty.factor" in strength:
        strength["penalty.factor"] = [np.inf if f is None else f for f in strength["penalty.factor"]]
    family = strength["family"]
    if said == "loss":
        del strength["family"]
    claim = {"convention": "glmnet", "strength": strength} | ({} if said == "family" else {"loss": family})
    claim |= {"sample_weight": WEIGHTS} if case["weights"] else {}
    claim |= {"offset": OFFSET} if case["offset"] else {}
    found = eq.audit(X, Y[case["y"]], printed(case), **claim)
    assert found.optimal
    assert found.wrong_zeros == found.wrong_nonzeros == ()
    assert not eq.audit(X, Y[case["y"]], printed(case) | {"x1": 0.1}, **claim).optimal
    if family == "binomial":
        labels = np.where(Y["binary"] == 1, "sick", "well")
        assert eq.audit(X, labels, printed(case), event="sick", **claim).optimal
        assert not eq.audit(X, labels, printed(case), **claim).optimal  # the second label is "well"


@pytest.mark.parametrize(
    "case", [c for c in GLM["cases"] if c["strength"]["L1_wt"] > 0], ids=lambda c: c["loss"]
)
def test_statsmodels(case):
    exog = np.column_stack([np.ones(len(X)), X])
    claim = {"convention": "statsmodels", "strength": case["strength"], "loss": case["loss"]}
    claim |= {"sample_weight": WEIGHTS} if {"freq_weights", "var_weights"} & case.keys() else {}
    claim |= {"offset": OFFSET} if "offset" in case else {}
    found = eq.audit(exog, Y[case["y"]], case["coef"], **claim)
    assert found.violation < 1e-10
    assert found.verdict == "the solution"
    assert not eq.audit(exog, Y[case["y"]], np.array(case["coef"]) + 1e-4, **claim).optimal


def test_statsmodels_estimates_a_scale_without_an_l1():
    claim = {"convention": "statsmodels", "strength": {"alpha": 0.03, "L1_wt": 0.0}, "loss": "gamma"}
    with pytest.raises(ValueError, match="strength holds L1_wt=0, but for loss='gamma' statsmodels then"):
        eq.audit(X, Y["amounts"], np.zeros(6), **claim)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("labels", [(0, 1), ("well", "worse"), (False, True), (3, 7)])
def test_a_logistic_regression_brings_its_loss_its_penalty_and_its_event(labels, weights):
    y = np.array(labels, dtype=object if isinstance(labels[0], str) else None)[Y["binary"].astype(int)]
    model = LogisticRegression(C=0.8, max_iter=1000, **NEWTON).fit(X, y, sample_weight=weights)
    found = eq.audit(X, y, model, sample_weight=weights)
    assert found.optimal
    assert found.exact.setup.loss.name == "binomial"
    assert eq.audit(X, y, model, sample_weight=weights, event=labels[1], loss="binomial").optimal
    claim = {"convention": "sklearn-logistic", "sample_weight": weights, "event": labels[1]}
    coef, intercept = model.coef_[0], float(model.intercept_[0])
    assert eq.audit(X, y, coef, intercept, strength=0.8, **claim).optimal
    assert eq.audit(X, y, coef, intercept, strength={"C": 0.8, "l1_ratio": 0}, **claim).optimal
    assert not eq.audit(X, y, coef, intercept, strength=0.7, **claim).optimal
    with pytest.raises(ValueError, match=r"event is .*, but coef is a model of"):
        eq.audit(X, y, model, event=labels[0])
    with pytest.raises(ValueError, match="loss is 'poisson', but coef is a model of loss 'binomial'"):
        eq.audit(X, y, model, loss="poisson")


def test_what_cross_validation_chose():
    shares = {} if OLD else {"l1_ratios": [0.0]}
    model = LogisticRegressionCV(Cs=[0.3, 3.0], **shares, max_iter=1000, **NEWTON)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        model.fit(X, Y["binary"])
    assert eq.audit(X, Y["binary"], model).violation < 1e-12


def test_liblinear_penalises_its_intercept():
    model = sklearn_logistic(C=5.0, l1_ratio=1.0, solver="liblinear", tol=1e-13, max_iter=1_000_000)
    model.set_params(intercept_scaling=3.0, random_state=0).fit(X, Y["binary"])
    with pytest.raises(TypeError, match="of solver 'liblinear', which penalises its intercept"):
        eq.audit(X, Y["binary"], model)
    wide = np.column_stack([X, np.full(len(X), 3.0)])
    coef = np.append(model.coef_, model.intercept_ / 3.0)
    claim = {"convention": "sklearn-logistic", "strength": {"C": 5.0, "l1_ratio": 1.0}}
    found = eq.audit(wide, Y["binary"], coef, **claim)
    assert found.violation < 1e-6
    assert found.coef[-1] != 0
    # As if the intercept were free, it is not the solution.
    free = eq.audit(X, Y["binary"], model.coef_[0], model.intercept_[0], **claim)
    assert free.violation > 1e-3 or free.intercept_violation > 1e-3


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize(
    ("model", "y", "loss"),
    [
        (PoissonRegressor(alpha=0.3, **NEWTON), "counts", "poisson"),
        (GammaRegressor(alpha=0.3, **NEWTON), "amounts", "gamma"),
        (TweedieRegressor(power=1.4, alpha=0.3, **NEWTON), "counts", "tweedie(1.4)"),
        (TweedieRegressor(power=1, alpha=0.3, link="log", **NEWTON), "counts", "poisson"),
        (TweedieRegressor(power=2, alpha=0.3, **NEWTON), "amounts", "gamma"),
        (TweedieRegressor(power=0, alpha=0.3, **NEWTON), "counts", "squared"),
    ],
    ids=str,
)
def test_generalised_linear_models_of_sklearn(model, y, loss, weights):
    model.fit(X, Y[y], sample_weight=weights)
    found = eq.audit(X, Y[y], model, sample_weight=weights)
    assert found.violation < 1e-9
    assert found.optimal
    assert found.exact.setup.loss.label == loss
    claim = {"convention": "sklearn-glm", "loss": loss, "sample_weight": weights}
    assert eq.audit(X, Y[y], model.coef_, model.intercept_, strength=0.3, **claim).optimal
    assert not eq.audit(X, Y[y], model.coef_, model.intercept_, strength=0.31, **claim).optimal


def test_a_model_keeps_its_loss_where_the_penalty_is_passed():
    model = PoissonRegressor(alpha=0.3, **NEWTON).fit(X, Y["counts"])
    found = eq.audit(X, Y["counts"], model, l1=0.0, l2=0.15 * len(X))
    assert found.exact.setup.loss.name == "poisson"
    assert found.optimal
    with pytest.raises(ValueError, match="loss is 'squared', but coef is a model of loss 'poisson'"):
        eq.audit(X, Y["counts"], model, l1=0.0, loss="squared")


def test_an_exposure_is_an_offset():
    time = np.linspace(0.5, 3.0, len(X))
    rates = PoissonRegressor(alpha=0.3, **NEWTON).fit(X, Y["counts"] / time, sample_weight=time)
    claim = {"l1": 0.0, "l2": 0.15 * time.sum(), "loss": "poisson"}
    assert eq.audit(X, Y["counts"], rates.coef_, rates.intercept_, exposure=time, **claim).optimal
    assert eq.audit(X, Y["counts"], rates.coef_, rates.intercept_, offset=np.log(time), **claim).optimal
    assert not eq.audit(X, Y["counts"], rates.coef_, rates.intercept_, **claim).optimal
    frame = pd.DataFrame(X, columns=NAMES).assign(y=Y["counts"], time=time)
    assert eq.audit(frame, "y", rates.coef_, rates.intercept_, exposure="time", **claim).optimal
    fit = eq.fit(frame, "y", l1=1.0, loss="poisson", exposure="time")
    assert eq.audit(frame, "y", fit, exposure="time").optimal
    with pytest.raises(ValueError, match="fitted with an offset or an exposure: pass it here too"):
        eq.audit(frame.drop(columns="time"), "y", fit)


def test_a_fit_brings_its_loss_and_its_event():
    labels = np.where(Y["binary"] == 1, "sick", "well")
    fit = eq.fit(X, labels, l1=1.0, loss="binomial", event="sick")
    assert eq.audit(X, labels, fit).optimal
    assert eq.audit(X, labels, fit, loss="binomial", event="sick").optimal
    with pytest.raises(ValueError, match="event is 'well', but coef is a model of 'sick'"):
        eq.audit(X, labels, fit, event="well")
    with pytest.raises(ValueError, match="loss is 'squared', but coef is a model of loss 'binomial'"):
        eq.audit(X, Y["binary"], fit, loss="squared")
    number = eq.fit(X, Y["binary"].astype(float), l1=1.0, loss="binomial")
    for same in (1, "1", 1.0, True):
        assert eq.audit(X, Y["binary"].astype(float), number, event=same).optimal
    for other in (0, "0", False):
        with pytest.raises(ValueError, match=r"coef is a model of 1\.0: leave event out"):
            eq.audit(X, Y["binary"].astype(float), number, event=other)


MODEL = LogisticRegression().fit(X, Y["binary"])
ZERO = np.zeros(6)


@pytest.mark.parametrize(
    ("coef", "said", "sentence"),
    [
        (ZERO, {"convention": "sklearn", "strength": 0.3, "loss": "binomial"}, "'sklearn-logistic' for a C"),
        (
            ZERO,
            {"convention": "sklearn", "strength": {"alpha": 0.3}, "loss": "poisson"},
            "'sklearn-glm' for the alpha of PoissonRegressor and kin",
        ),
        (ZERO, {"convention": "sklearn-ridge", "strength": 1, "loss": "binomial"}, "whose loss is 'squared'"),
        (
            ZERO,
            {"convention": "sklearn-logistic", "strength": 1, "loss": "poisson"},
            "whose loss is 'binomial'",
        ),
        (ZERO, {"convention": "sklearn-glm", "strength": 1.0}, "loss is missing: 'sklearn-glm' is of"),
        (
            ZERO,
            {"convention": "sklearn-logistic", "strength": {"alpha": 1}},
            "sklearn-logistic does not know",
        ),
        (
            ZERO,
            {"convention": "glmnet", "strength": {"lambda": 1, "family": "tweedie()"}},
            "loss is missing: its number is not in the family",
        ),
        (
            ZERO,
            {"convention": "glmnet", "strength": {"lambda": 1, "family": "poisson"}, "loss": "binomial"},
            "strength names family 'poisson', whose loss is 'poisson', but loss is 'binomial'",
        ),
        (
            LogisticRegression(class_weight="balanced").fit(X, Y["binary"]),
            {},
            "with a class_weight, which weighs the rows",
        ),
        (LogisticRegression().fit(X, np.arange(30) % 3), {}, "of 3 classes: only one that tells two apart"),
        (RidgeClassifier().fit(X, Y["binary"]), {}, "what a RidgeClassifier penalises is not known here"),
        (RidgeClassifier().fit(X, Y["binary"]), {"l1": 1.0}, "loss is missing: coef is a classifier"),
        (TweedieRegressor(power=3).fit(X, Y["amounts"]), {}, "TweedieRegressor of power 3 and link 'auto'"),
        (LinearRegression().fit(X, Y["counts"]), {"loss": "poisson"}, "a model of loss 'squared'"),
        (ZERO, {"l1": 1.0, "event": "sick"}, "event is for loss='binomial'"),
        (ZERO, {"l1": 1.0, "loss": "logistic"}, "loss is 'logistic'"),
    ],
)
def test_refusals_are_sentences(coef, said, sentence):
    with pytest.raises((ValueError, TypeError), match=sentence) as refused:
        eq.audit(X, Y["binary"], coef, **said)
    assert "\n" not in str(refused.value)
