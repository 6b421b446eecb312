import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import equipoise as eq
from equipoise.data.arguments.named import NamedArray

NAMES = ("age", "bmi", "bp")
PLACES = np.arange(4.0)[:, None] * 10 + np.arange(3.0)
"""Numbers whose last digit is their column."""


@pytest.fixture
def X():
    return NamedArray(np.arange(12.0).reshape(4, 3) ** 1.5, NAMES)


@pytest.fixture
def y():
    return NamedArray([3.0, 1.0, 4.0, 2.0], ["progression"])


@pytest.mark.parametrize(
    ("pick", "names"),
    [
        (lambda X: X[1:3], NAMES),
        (lambda X: X[[2, 0]], NAMES),
        (lambda X: X[np.array([True, False, True, True])], NAMES),
        (lambda X: X[[True, False, True, True]], NAMES),
        (lambda X: X[...], NAMES),
        (lambda X: X[np.array([3, 1]), ...], NAMES),  # as scikit-learn picks the rows of a fold
        (lambda X: X[:, ::-1], ("bp", "bmi", "age")),
        (lambda X: X[::-1, ::-1], ("bp", "bmi", "age")),
        (lambda X: X[..., [1, 0]], ("bmi", "age")),
        (lambda X: X[:, [False, True, True]], ("bmi", "bp")),
        (lambda X: X[np.ix_([0, 2], [2, 0])], ("bp", "age")),
        (lambda X: X[1:, 1:], ("bmi", "bp")),
        (lambda X: X[:, 1], ("bmi",)),
        (lambda X: X[:, 1, None], ("bmi",)),
        (lambda X: X["bmi"], ("bmi",)),
        (lambda X: X["bmi"][1:], ("bmi",)),
        (lambda X: X[["bp", "age"]], ("bp", "age")),
        (lambda X: X.copy(), NAMES),
        (lambda X: copy.copy(X), NAMES),
        (lambda X: copy.deepcopy(X), NAMES),
        (lambda X: pickle.loads(pickle.dumps(X)), NAMES),
        (lambda X: pickle.loads(pickle.dumps(X[:, ::-1])), ("bp", "bmi", "age")),
        (lambda X: np.flip(X, 1), ("bp", "bmi", "age")),  # NumPy picks by an index, too
    ],
)
def test_what_is_picked_knows_what_it_is(pick, names):
    X = NamedArray(PLACES, NAMES)
    picked = pick(X)
    assert type(picked) is NamedArray
    assert picked.names == names
    # Every number tells its own column.
    assert {NAMES[int(number) % 10] for number in np.ravel(picked)} == set(names)
    columns = np.asarray(picked).reshape(len(picked), -1)
    assert [[NAMES[int(number) % 10] for number in row] for row in columns] == [list(names)] * len(picked)
    np.testing.assert_array_equal(np.asarray(X), PLACES)


@pytest.mark.parametrize(
    "make",
    [
        lambda X: X[0],
        lambda X: X[None],
        lambda X: X[X > 5],
        lambda X: X[[0, 1], [0, 1]],
        lambda X: X[np.array([[0, 1], [2, 0]])],
        lambda X: X[[0, 1, 2], [0, 1, 2], None],
        lambda X: X.T,
        lambda X: X.T.T,
        lambda X: X.swapaxes(0, 1)[::-1].swapaxes(0, 1),
        lambda X: X.reshape(6, 2),
        lambda X: X.reshape(4, 3),
        lambda X: X.ravel(),
        lambda X: X.astype(np.float32),
        lambda X: X.take([2, 1, 0], axis=1),
        lambda X: np.take(X, [2, 1, 0], axis=1),
        lambda X: X @ np.eye(3)[::-1],
        lambda X: np.eye(4) @ X,
        lambda X: np.dot(X, np.eye(3)),
        lambda X: np.einsum("ij,jk->ik", X, np.eye(3)[::-1]),
        lambda X: np.hstack([X, X]),
        lambda X: np.vstack([X, X]),
        lambda X: np.roll(X, 1, axis=1),
        lambda X: np.sort(X, axis=1),
        lambda X: np.where(X > 0, X, 0),
        lambda X: np.exp(X),
        lambda X: 2 * X,
        lambda X: X - X[:, ::-1],
        lambda X: np.float64(2) * X,
        lambda X: X.mean(axis=0) - X,
        lambda X: X > 3,
        lambda X: np.array(X),
        lambda X: np.asanyarray(X),
    ],
)
def test_whatever_else_is_made_of_it_is_an_array_without_names(make):
    made, right = make(NamedArray(PLACES, NAMES)), make(PLACES)
    assert type(made) is np.ndarray
    assert made.dtype == right.dtype
    np.testing.assert_array_equal(made, right)
    if made.shape == (4, 3):
        assert eq.fit(made, [3, 1, 4, 2], l1=0.1).features == ("x1", "x2", "x3")


def test_what_is_one_number_is_a_number(X, y):
    for vector in (y, X["bmi"]):
        numbers = np.asarray(vector)
        for name in ("sum", "mean", "std", "var", "max", "min", "prod", "argmax", "all", "ptp"):
            made = getattr(np, name)(vector)
            assert type(made) is type(getattr(np, name)(numbers))
            assert made == getattr(np, name)(numbers)
        assert type(vector.sum()) is type(vector[0]) is np.float64
    assert f"{y.mean():.2f} {y.sum()}" == "2.50 10.0"


@pytest.mark.parametrize(
    "change",
    [
        lambda X: X.sort(axis=1),
        lambda X: X.fill(0),
        lambda X: X.partition(1, axis=1),
        lambda X: X.byteswap(inplace=True),
        lambda X: X.__setitem__(0, 1.0),
        lambda X: setattr(X, "shape", (3, 4)),
        lambda X: np.negative(X, out=X),
        lambda X: np.copyto(X.T, 1.0),
        lambda X: np.asarray(X).sort(axis=1),
        lambda X: np.random.default_rng(0).shuffle(X.T),
    ],
)
def test_nothing_is_changed_in_place(X, change):
    before = np.array(X)
    with pytest.raises((ValueError, TypeError, AttributeError)):
        change(X)
    assert X.names == NAMES
    np.testing.assert_array_equal(np.asarray(X), before)


@pytest.mark.filterwarnings("ignore:Setting the shape")
def test_its_shape_is_its_own(X):
    X.resize((2, 6))
    np.asarray(X).shape = (12,)
    assert X.shape == np.asarray(X).shape == (4, 3)
    assert not np.asarray(X).flags.writeable


def test_an_array_that_it_was_made_of_stays_writable():
    values = np.zeros((2, 1))
    X = NamedArray(values, ["a"])
    values[0, 0] = 5.0
    assert X["a"].tolist() == [5.0, 0.0]
    free = np.array(X)
    free[0, 0] = 7.0
    assert X["a"].tolist() == [5.0, 0.0]


def test_it_does_what_an_array_does(X, y):
    assert [type(row) for row in X] == [np.ndarray] * 4
    assert list(y) == [3.0, 1.0, 4.0, 2.0]
    assert 4.0 in y
    with pytest.raises(ValueError, match="truth value of an array"):
        bool(X)
    assert (y[y > 2].tolist(), (y == [3, 1, 4, 4]).tolist()) == ([3.0, 4.0], [True, True, True, False])
    assert np.polyfit(y, 2 * y, 1) == pytest.approx([2.0, 0.0], abs=1e-12)
    assert np.cov(X.T).shape == np.corrcoef(X, rowvar=False).shape == (3, 3)
    assert [fold.shape for fold in np.array_split(X, 2)] == [(2, 3)] * 2
    assert pd.DataFrame(X, columns=X.names)["bmi"].tolist() == X["bmi"].tolist()
    assert sparse.csr_array(X).toarray().tolist() == X.tolist()


def test_a_name_that_is_not_there_is_refused(X):
    for key in ("s1", ["age", "s1"]):
        with pytest.raises(KeyError, match="there is no column 's1': the columns are 'age', 'bmi', 'bp'"):
            X[key]
    for values, names in ((np.zeros((4, 3)), NAMES[:2]), (np.zeros(4), NAMES), (np.zeros((1, 1, 1)), ["a"])):
        with pytest.raises(
            ValueError, match=r"names has .* but values has shape .*: pass one for each column"
        ):
            NamedArray(values, names)


def test_it_shows_its_numbers_and_names(X, y):
    assert repr(y) == "NamedArray([3., 1., 4., 2.], names=('progression',))"
    assert repr(NamedArray([[1, 2], [3, 4]], "ab")) == (
        "NamedArray([[1, 2],\n            [3, 4]], names=('a', 'b'))"
    )
    assert (y.name, X.name, len(X), X.shape, X.ndim) == ("progression", None, 4, (4, 3), 2)


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
    np.testing.assert_array_equal(fit.predict(X[:, ::-1]), fit.predict(X))
    fit.save(tmp_path / "model.json")
    assert eq.load(tmp_path / "model.json").explain("age", X, y) == fit.explain("age")
    assert fit.what_if(without=["bp"]).after.features == NAMES


def test_columns_go_by_their_names_wherever_a_model_meets_them_again(X, y, tmp_path):
    fit = eq.fit(X, y, l1=0.5, drop=["bmi"])
    right = np.asarray(X)[:, [0, 2]] @ fit.coef + fit.intercept
    for rows in (X, X[:, ::-1], X[["bp", "age"]], X[["age", "bp"]]):
        np.testing.assert_allclose(fit.predict(rows), right, rtol=1e-14)
        np.testing.assert_allclose(eq.path(X, y, drop=["bmi"]).predict(rows).shape[0], 4)
        assert float(fit.score(rows, y)) == pytest.approx(1 - ((right - y) ** 2).sum() / 5.0)  # Σ(y − ȳ)² = 5
    fit.save(tmp_path / "model.json")
    for rows in (X, X[:, ::-1]):
        assert eq.load(tmp_path / "model.json").explain("age", rows, y) == fit.explain("age")
    with pytest.raises(ValueError, match="X lacks 'bp', on which the model was fitted: it has 'age', 'bmi'"):
        fit.predict(X[["age", "bmi"]])
    plain = eq.fit(np.asarray(X), y, l1=0.5)  # has no names to go by
    np.testing.assert_array_equal(plain.predict(X), plain.predict(np.asarray(X)))


def test_a_model_of_a_frame_reads_them_as_its_columns(X, y):
    frame = pd.DataFrame(np.asarray(X), columns=NAMES)
    fit = eq.fit(frame, np.asarray(y), l1=0.5)
    np.testing.assert_allclose(fit.predict(X[:, ::-1]), fit.predict(frame), rtol=1e-14)
    assert fit.explain("bp", X[:, ::-1], y) == fit.explain("bp")
    with pytest.raises(ValueError, match="X lacks 'bmi'"):
        fit.predict(X[:, [0, 2]])


def test_columns_with_a_role_are_found_again_by_name(X):
    fit = eq.fit(X, "bp", l1=0.5, offset="age")
    assert fit.features == ("bmi",)
    right = np.asarray(X)[:, 1] * fit.coef[0] + fit.intercept + np.asarray(X)[:, 0]
    np.testing.assert_allclose(fit.predict(X), right, rtol=1e-14)
    np.testing.assert_allclose(fit.predict(X[["bmi"]], offset=X["age"]), right, rtol=1e-14)
    spread = ((np.asarray(X)[:, 2] - X["bp"].mean()) ** 2).sum()
    assert float(fit.score(X)) == pytest.approx(1 - ((right - np.asarray(X)[:, 2]) ** 2).sum() / spread)
    with pytest.raises(ValueError, match="offset 'ag' is not a column of X: did you mean 'age'"):
        fit.predict(X, offset="ag")


def test_gathered_columns_go_by_their_names(X, y):
    rng = np.random.default_rng(5)
    X = NamedArray(rng.normal(size=(40, 3)), NAMES)
    for data in (eq.gather(X, "bp", folds=None), eq.gather(X[["age", "bmi"]], X["bp"], folds=None)):
        fit = eq.fit(data, l1=1.0)
        assert fit.features == ("age", "bmi")
        np.testing.assert_allclose(fit.coef, eq.fit(np.asarray(X)[:, :2], X["bp"], l1=1.0).coef, rtol=1e-9)
    with pytest.raises(TypeError, match="y is 'bpm', but an array's columns have no names"):
        eq.gather(np.asarray(X), "bpm")


def test_a_formula_reads_them_as_a_frame():
    rng = np.random.default_rng(6)
    X = NamedArray(rng.normal(size=(40, 3)), NAMES)
    A, b = eq.formula("bp ~ age + age:bmi", X)
    fit = eq.fit(A, b, l1=0.1)
    right = np.column_stack([X["age"], X["age"] * X["bmi"]]) @ fit.coef + fit.intercept
    np.testing.assert_allclose(fit.predict(X[:, ::-1]), right, rtol=1e-12)
    assert fit.explain("age", X, X["bp"]) == fit.explain("age")
