import csv
import inspect
from pathlib import Path

import absent
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import Lars, LogisticRegression, PoissonRegressor

import equipoise as eq
from equipoise.data.datasets import tables

EXAMPLES = Path(__file__).parents[3] / "examples"
SHAPES = {
    "three_rows": (3, 2, "y"),
    "diabetes": (442, 10, "progression"),
    "breast_cancer": (569, 30, "benign"),
    "horseshoe_crabs": (173, 4, "satellites"),
}


# ---- the numbers -------------------------------------------------------------------------------


def test_the_shelf_is_complete():
    assert sorted(eq.datasets.__all__) == sorted(SHAPES)
    from equipoise.datasets import diabetes  # as users of scikit-learn write it

    assert diabetes is tables.diabetes


@pytest.mark.parametrize("name", SHAPES)
def test_sizes_and_names_are_as_the_docstring_says(name):
    rows, p, target = SHAPES[name]
    X, y = getattr(eq.datasets, name)()
    said = inspect.getdoc(getattr(tables, name))
    assert X.shape == (rows, p)
    assert (len(y), y.name) == (rows, target)
    assert f"X : ({rows}, {p}) " in said
    assert f"y : ({rows},) " in said
    assert name == "three_rows" or target in said
    assert f"``{name}``" in eq.datasets.__doc__
    assert f" {rows} × {p} " in eq.datasets.__doc__


@pytest.mark.parametrize(
    ("name", "load"), [("diabetes", load_diabetes), ("breast_cancer", load_breast_cancer)]
)
def test_tables_are_those_of_scikit_learn(name, load):
    X, y = getattr(eq.datasets, name)()
    theirs = load()
    assert list(X.columns) == list(theirs.feature_names)
    np.testing.assert_allclose(X.to_numpy(), theirs.data, rtol=1e-13, atol=1e-16)
    np.testing.assert_array_equal(y, theirs.target)


@pytest.mark.parametrize("name", ["diabetes", "three_rows"])
def test_tables_are_the_example_files(name):
    with (EXAMPLES / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    kept = np.array(rows, dtype=float)
    X, y = getattr(eq.datasets, name)()
    assert [*X.columns, y.name] == header
    np.testing.assert_allclose(X.to_numpy(), kept[:, :-1], rtol=1e-13, atol=1e-16)
    np.testing.assert_array_equal(y, kept[:, -1])


def test_diabetes_is_scaled_as_in_the_article():
    X, y = eq.datasets.diabetes()
    np.testing.assert_allclose(X.to_numpy().mean(axis=0), 0.0, atol=1e-15)
    np.testing.assert_allclose((X.to_numpy() ** 2).sum(axis=0), 1.0, rtol=1e-14)
    # The article counts the features from 1, and prints in which order they enter: 3, 9, 4, 7, 2, 10, 5, …
    model = Lars(fit_intercept=True).fit(X.to_numpy(), y)
    assert [j + 1 for j in model.active_] == [3, 9, 4, 7, 2, 10, 5, 8, 6, 1]


def test_breast_cancer_has_the_classes_that_its_authors_count():
    _, y = eq.datasets.breast_cancer()
    assert np.bincount(y).tolist() == [212, 357]


def test_crabs_are_as_many_as_in_agrestis_tables():
    X, y = eq.datasets.horseshoe_crabs()
    # Categorical Data Analysis, section 4.3: cases, satellites and their variance, by width.
    published = [(14, 14, 2.77), (14, 20, 8.88), (28, 67, 6.54), (39, 105, 11.38)]
    published += [(22, 63, 6.88), (24, 93, 8.81), (18, 71, 16.88), (14, 72, 8.29)]
    place = np.digitize(X["width"], np.arange(23.25, 30.0))
    for k, (cases, satellites, variance) in enumerate(published):
        here = y[place == k]
        assert (len(here), here.sum()) == (cases, satellites)
        assert here.var(ddof=1) == pytest.approx(variance, abs=0.01)
    assert np.bincount(X["color"]).tolist() == [0, 12, 95, 44, 22]
    assert np.bincount(X["spine"]).tolist() == [0, 37, 15, 121]
    assert (X["width"].mean(), X["weight"].mean()) == pytest.approx((26.3, 2.44), abs=0.005)


def test_crabs_have_the_coefficients_that_agresti_prints():
    X, y = eq.datasets.horseshoe_crabs()
    loglinear = {"alpha": 0.0, "tol": 1e-10, "max_iter": 10_000, "solver": "newton-cholesky"}
    for feature, intercept, slope in (("width", -3.305, 0.164), ("weight", -0.428, 0.589)):
        model = PoissonRegressor(**loglinear).fit(X[[feature]], y)
        assert [model.intercept_, *model.coef_] == pytest.approx([intercept, slope], abs=6e-4)
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(X[["width"]], y > 0)
    assert [*model.intercept_, *model.coef_[0]] == pytest.approx([-12.351, 0.497], abs=6e-4)


# ---- what they come in -------------------------------------------------------------------------

LIBRARIES = ["pandas", "polars", "pyarrow"]
TELL = """
import equipoise as eq

for name in sorted(eq.datasets.__all__):
    X, y = getattr(eq.datasets, name)()
    fit = eq.fit(X, y, l1=1.0, standardize=True)
    print(name, type(X).__module__.partition(".")[0], type(y).__module__.partition(".")[0], X.shape, len(y))
    print(*fit.features, sep=",")
    print(*fit.coef.tolist())
    print(*fit.predict(X[:2]))
"""


@pytest.fixture(scope="module")
def told():
    """What an interpreter tells of the tables in each library, the others absent; None: without any."""
    found = {}
    for there in (*LIBRARIES, None):
        lines = absent.run_without([name for name in LIBRARIES if name != there], TELL).splitlines()
        found[there] = {lines[k].split()[0]: lines[k : k + 4] for k in range(0, len(lines), 4)}
    return found


@pytest.mark.parametrize("there", [*LIBRARIES, None])
@pytest.mark.parametrize("name", SHAPES)
def test_whatever_is_installed_the_fit_knows_its_features(told, there, name):
    rows, p, _ = SHAPES[name]
    kinds, features, *numbers = told[there][name]
    library = there or "equipoise"
    assert kinds == f"{name} {library} {library} ({rows}, {p}) {rows}"
    X, _ = getattr(eq.datasets, name)()
    assert features.split(",") == list(X.columns)
    found, right = (" ".join(lines).split() for lines in (numbers, told["pandas"][name][2:]))
    np.testing.assert_allclose(np.array(found, float), np.array(right, float), rtol=1e-9)


@pytest.mark.parametrize(
    ("gone", "frame"), [([], pd.DataFrame), (["pandas"], pl.DataFrame), (["pandas", "polars"], pa.Table)]
)
def test_the_first_library_there_is_makes_the_frame(gone, frame):
    code = "import equipoise as eq\nprint(type(eq.datasets.three_rows()[0]).__name__)"
    assert absent.run_without(gone, code).strip() == frame.__name__


def test_no_frame_library_is_loaded_before_a_table_is_made():
    code = "import sys, equipoise as eq\neq.datasets\nprint(*sys.modules)"
    assert not {*LIBRARIES, "narwhals"} & set(absent.run_without([], code).split())


def test_whole_numbers_are_integers():
    X, y = eq.datasets.horseshoe_crabs()
    assert [X[name].dtype.kind for name in X.columns] == ["i", "i", "f", "f"]
    assert y.dtype.kind == "i"
    assert eq.datasets.breast_cancer()[1].dtype.kind == "i"


def test_tables_are_made_anew_by_every_call():
    X, _ = eq.datasets.three_rows()
    X.loc[0, "x1"] = 7
    assert eq.datasets.three_rows()[0].loc[0, "x1"] == 1


def test_the_tables_stay_small():
    folder = Path(tables.__file__).parent
    stored = list(folder.glob("*.csv"))
    assert {file.stem for file in stored} == {*SHAPES} - {"three_rows"}
    assert sum(file.stat().st_size for file in stored) < 150_000
