"""Copies of fitted estimators explain themselves as the original does; files leave the training data out."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import equipoise as eq

RNG = np.random.default_rng(4)
X = pd.DataFrame(RNG.normal(size=(40, 5)), columns=list("abcde"))
Y = (X["a"] - 0.5 * X["b"] + 0.3 * RNG.normal(size=40)).to_numpy()
MODELS = [
    eq.Lasso(0.1),
    eq.ElasticNet(0.1, lower={"a": 0.0}),
    eq.Ridge(),
    eq.LassoCV(cv=4),
    eq.ElasticNetCV(cv=4),
    eq.RidgeCV(),
    eq.LassoIC(),
]
NAMES = [type(model).__name__ for model in MODELS]


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_a_copy_explains_itself(model, way):
    fitted = clone(model).fit(X, Y)
    again = way(fitted)
    assert again.certificate_ == fitted.certificate_
    assert again.explain("e") == fitted.explain("e")
    assert str(again.survivors()) == str(fitted.survivors())
    if hasattr(fitted, "cross_validation_"):
        assert again.cross_validation_on().best_strength == fitted.alpha_


def test_deep_copies_are_written_to_alone():
    fitted = eq.Lasso(0.1, penalty_factor=[1.0] * 5).fit(X, Y)
    kept = fitted.coef_.copy()
    again = copy.deepcopy(fitted)
    again.coef_ *= 2.0
    again.penalty_factor[0] = 9.0
    np.testing.assert_array_equal(fitted.coef_, kept)
    assert fitted.penalty_factor[0] == 1.0
    both = copy.deepcopy([fitted, fitted])
    assert both[0] is both[1]
    assert both[0] is not fitted


def test_a_copy_of_what_is_not_fitted_can_be_fitted():
    for way in (copy.copy, copy.deepcopy):
        np.testing.assert_array_equal(way(eq.Lasso(0.1)).fit(X, Y).coef_, eq.Lasso(0.1).fit(X, Y).coef_)


def test_pipelines_are_copied_whole():
    fitted = make_pipeline(StandardScaler(), eq.Lasso(0.1)).fit(X, Y)
    assert copy.deepcopy(fitted)[-1].explain("x5") == fitted[-1].explain("x5")


def _fitted(model):
    return clone(model).fit(X, Y)


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_files_leave_the_training_data_out(model):
    fitted = _fitted(model)
    again = pickle.loads(pickle.dumps(fitted))
    assert again.certificate_ == fitted.certificate_
    assert len(pickle.dumps(fitted)) < len(pickle.dumps(np.zeros(10_000)))
    with pytest.raises(ValueError, match="pickled, which leaves the training data behind"):
        again.explain("e")
    assert again.explain("e", X, Y) == fitted.explain("e")


def test_a_model_comes_back_from_another_process():
    (again,) = Parallel(n_jobs=2)(delayed(model.fit)(X, Y) for model in [eq.Lasso(0.1)])
    np.testing.assert_array_equal(again.coef_, _fitted(eq.Lasso(0.1)).coef_)


@pytest.mark.parametrize("model", [*MODELS, eq.SelectNonzero(eq.Lasso(0.1))], ids=[*NAMES, "SelectNonzero"])
def test_skops_keeps_a_model(model):
    skops = pytest.importorskip("skops.io", reason="needs skops: pip install skops")
    fitted = make_pipeline(StandardScaler(), clone(model).set_params(**_by_number(model))).fit(X, Y)
    file = skops.dumps(fitted)
    again = skops.loads(file, trusted=skops.get_untrusted_types(data=file))
    ask = "transform" if isinstance(model, eq.SelectNonzero) else "predict"
    np.testing.assert_array_equal(getattr(again, ask)(X), getattr(fitted, ask)(X))
    if ask == "predict":
        assert again[-1].certificate_ == fitted[-1].certificate_


def _by_number(model):
    """Bounds by the names that a scaler leaves."""
    return {"lower": {"x1": 0.0}} if isinstance(getattr(model, "lower", None), dict) else {}
