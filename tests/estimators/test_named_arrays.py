"""Estimators know the columns of an array with names as those of a data frame."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import equipoise as eq
from equipoise.data.arguments.named import NamedArray

NAMES = ("age", "bmi", "bp", "s4")
RNG = np.random.default_rng(2)
VALUES = RNG.normal(size=(60, 4)) @ (np.eye(4) + 0.4)
X = NamedArray(VALUES, NAMES)
Y = NamedArray(VALUES @ [1.0, 0.0, -2.0, 0.1] + RNG.normal(size=60), ["progression"])
FRAME = pd.DataFrame(VALUES, columns=NAMES)

MODELS = [
    eq.Lasso(0.2),
    eq.ElasticNet(0.2),
    eq.Ridge(),
    eq.LassoCV(cv=3),
    eq.ElasticNetCV(cv=3),
    eq.RidgeCV(),
    eq.LassoIC(),
    eq.SelectNonzero(eq.Lasso(0.2)),
]
FITS = MODELS[:-1]


def kind(model):
    return type(model).__name__


@pytest.mark.parametrize("model", MODELS, ids=kind)
def test_names_are_those_of_a_frame(model):
    named = pickle.loads(pickle.dumps(model)).fit(X, Y)
    framed = pickle.loads(pickle.dumps(model)).fit(FRAME, pd.Series(np.asarray(Y), name="progression"))
    assert named.feature_names_in_.tolist() == framed.feature_names_in_.tolist() == list(NAMES)
    assert named.feature_names_in_.dtype == object
    do = "transform" if kind(model) == "SelectNonzero" else "predict"
    np.testing.assert_allclose(getattr(named, do)(X), getattr(framed, do)(FRAME), rtol=1e-12)
    with pytest.raises(ValueError, match="X has other columns or another order than at the fit: pass"):
        getattr(named, do)(X[:, ::-1])
    with pytest.raises(ValueError, match="X lacks 's4': pass the columns of the fit in its order, 'age',"):
        getattr(named, do)(X[:, :3])
    with pytest.raises(ValueError, match="X has other columns"):
        getattr(named, do)(X[:, [0, 1, 2, 3, 3]])
    with pytest.warns(UserWarning, match="X does not have valid feature names, but"):  # as of a frame
        getattr(named, do)(VALUES)
    named.fit(VALUES, Y)
    assert not hasattr(named, "feature_names_in_")
    getattr(named, do)(X)  # a model without names goes by position


@pytest.mark.parametrize("model", FITS, ids=kind)
def test_what_a_model_says_goes_by_the_names(model):
    named = pickle.loads(pickle.dumps(model)).fit(X, Y)
    framed = pickle.loads(pickle.dumps(model)).fit(FRAME, np.asarray(Y))
    assert named.explain("s4") == framed.explain("s4")
    assert named.explain().features == NAMES
    assert set(named.survivors().to_dict()["survivors"][0]) >= {"feature"}
    assert "progression" in named.report()
    again = pickle.loads(pickle.dumps(named))
    assert again.explain("s4", X, Y) == framed.explain("s4")
    with pytest.raises(ValueError, match="X has other columns or another order"):
        again.explain("s4", X[:, ::-1], Y)


def test_parameters_by_name():
    free = eq.Lasso(50.0, penalty_factor={"bp": 0.0}).fit(X, Y)
    assert np.flatnonzero(free.coef_).tolist() == [2]
    assert np.all(eq.Lasso(0.01, upper={"age": 0.1}).fit(X, Y).coef_ <= [0.1, np.inf, np.inf, np.inf])


def test_folds_and_pipelines_keep_the_names():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        search = GridSearchCV(eq.Lasso(), {"alpha": [0.1, 1.0]}, cv=3, error_score="raise").fit(X, Y)
        assert search.best_estimator_.feature_names_in_.tolist() == list(NAMES)
        search.predict(X)
        pipeline = make_pipeline(eq.SelectNonzero(eq.Lasso(0.2)), eq.Ridge()).fit(X, Y)
        assert pipeline.feature_names_in_.tolist() == list(NAMES)
        pipeline.predict(X)
    kept = [name for name, coef in zip(NAMES, eq.Lasso(0.2).fit(VALUES, Y).coef_, strict=True) if coef]
    assert pipeline[0].get_feature_names_out().tolist() == kept
    assert pipeline[0].set_output(transform="pandas").transform(X).columns.tolist() == kept


def test_what_an_array_may_not_hold_an_array_with_names_may_not():
    with pytest.raises(ValueError, match="X column 1, counting from 0, holds text such as 'u'"):
        eq.Lasso().fit(NamedArray(np.array([[1, "u"], [2, "v"]], dtype=object), ["a", "b"]), [1.0, 2.0])
    with pytest.raises(ValueError, match="NaN"):
        eq.Lasso().fit(NamedArray([[1.0, np.nan], [2.0, 1.0]], ["a", "b"]), [1.0, 2.0])
