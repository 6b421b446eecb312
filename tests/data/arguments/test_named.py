import pickle

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.arguments.named import NamedArray

NAMES = ("age", "bmi", "bp")


@pytest.fixture
def X():
    return NamedArray(np.arange(12.0).reshape(4, 3) ** 1.5, NAMES)


@pytest.fixture
def y():
    return NamedArray([3.0, 1.0, 4.0, 2.0], ["progression"])


def test_rows_keep_the_names(X, y):
    mask = np.array([True, False, True, True])
    for rows in (slice(1, 3), [2, 0], mask, mask.tolist(), ...):
        assert X[rows].names == NAMES
        assert y[rows].name == "progression"
        np.testing.assert_array_equal(X[rows], np.asarray(X)[rows])


def test_a_column_by_its_name_is_a_vector_of_that_name(X):
    assert X["bmi"].name == "bmi"
    assert X["bmi"].tolist() == np.asarray(X)[:, 1].tolist()
    with pytest.raises(KeyError, match="s1"):
        X["s1"]


@pytest.mark.parametrize(
    "make",
    [
        lambda X: X[:, ::-1],
        lambda X: X[:, [1, 0, 2]],
        lambda X: X[:3].T,
        lambda X: X[::-1, ::-1],
        lambda X: X[:, 1],
        lambda X: X[0],
        lambda X: X[None],
        lambda X: X @ np.eye(3)[::-1],
        lambda X: np.take(X, [2, 1, 0], axis=1),
        lambda X: np.hstack([X, X]),
        lambda X: X.reshape(4, 3)[:, :2],
        lambda X: pickle.loads(pickle.dumps(X)),
    ],
)
def test_what_may_be_other_columns_has_no_names(X, make):
    made = make(X)
    assert getattr(made, "names", None) is None
    assert getattr(made, "name", None) is None
    if made.ndim == 2 and made.shape[0] == 4:
        assert eq.fit(np.asarray(made), [3, 1, 4, 2], l1=0.1).features[0] == "x1"
        assert eq.fit(made, [3, 1, 4, 2], l1=0.1).features[0] == "x1"


def test_a_frame_and_its_numbers_with_names_are_fitted_alike(X, y):
    plain = eq.fit(np.asarray(X), np.asarray(y), l1=2.0, names=NAMES)
    fit = eq.fit(X, y, l1=2.0)
    assert fit.features == plain.features == NAMES
    np.testing.assert_array_equal(fit.coef, plain.coef)
    assert fit.explain("bp") == plain.explain("bp")


def test_names_do_what_those_of_a_frame_do(X):
    assert eq.fit(X, "bp", l1=0.1).features == ("age", "bmi")
    assert eq.fit(X, X["bp"], l1=0.1, drop=["bp"]).features == ("age", "bmi")
    assert eq.fit(X, [3, 1, 4, 2], l1={"age": 1.0, ...: 9.0}).limits.tolist() == [1.0, 9.0, 9.0]
    assert eq.fit(X, [3, 1, 4, 2], l1=0.1, names=["a", "b", "c"]).features == ("a", "b", "c")
    with pytest.raises(ValueError, match="y 'bpm' is not a column of X: did you mean 'bp'"):
        eq.fit(X, "bpm", l1=0.1)


def test_every_verb_reads_the_names(X, y):
    rng = np.random.default_rng(4)
    X = NamedArray(rng.normal(size=(30, 3)), NAMES)
    y = X["age"] - X["bp"] + 0.1 * rng.normal(size=30)
    fit = eq.fit(X, y, l1=1.0)
    assert eq.path(X, y).features == NAMES
    assert eq.cross_validate(X, y, folds=3).best.features == NAMES
    assert eq.trace(X, y, l1=1.0).features == NAMES
    assert eq.audit(X, y, fit.coef, fit.intercept, l1=1.0).features == NAMES
    assert eq.adapt(X, y, folds=3).best.features == NAMES
    assert eq.relax(X, y, folds=3).best.features == NAMES
    assert eq.debias(X, y).features == NAMES
    assert set(eq.selective_intervals(X, y, l1=1.0).features) <= set(NAMES)
    assert eq.stability_selection(X, y, q=1, pairs=5).features == NAMES


def test_a_model_predicts_and_explains_on_them(X, y, tmp_path):
    fit = eq.fit(X, y, l1=0.5)
    np.testing.assert_array_equal(fit.predict(X), np.asarray(X) @ fit.coef + fit.intercept)
    fit.save(tmp_path / "model.json")
    assert eq.load(tmp_path / "model.json").explain("age", X, y) == fit.explain("age")
    assert fit.what_if(without=["bp"]).after.features == NAMES
