"""Coefficients are read from whatever holds them, or a sentence says why not."""

import numpy as np
import pytest
from scipy import sparse

from equipoise.data.frames.coefficients import match_coefficients, read_coefficients

ABC = ("a", "b", "c")
NAN = float("nan")


def match(coef, features=ABC, encoding=None):
    values, intercept = match_coefficients(read_coefficients(coef), features, encoding)
    return values.tolist(), intercept


@pytest.mark.parametrize(
    "coef",
    [
        [1.0, 0.0, 2.0],
        np.array([1, 0, 2]),
        sparse.csc_matrix([[1.0, 0.0, 2.0]]),
        sparse.csr_array([[1.0], [0.0], [2.0]]),
        {"c": 2.0, "a": 1.0},
    ],
)
def test_in_order_or_by_name(coef):
    assert match(coef) == ([1.0, 0.0, 2.0], None)


@pytest.mark.parametrize("name", ["(Intercept)", "Intercept", "intercept"])
def test_the_intercept_among_them(name):
    assert match({name: 3.0, "b": 1.0}) == ([0.0, 1.0, 0.0], 3.0)
    assert match({name: 3.0, "b": 1.0}, ("b", name)) == ([1.0, 3.0], None)


@pytest.fixture(params=["pandas", "polars", "pyarrow"])
def frame(request):
    library = pytest.importorskip(request.param)
    return library.table if request.param == "pyarrow" else library.DataFrame


@pytest.mark.parametrize(
    "columns",
    [
        {"feature": ["(Intercept)", "c", "a", "b"], "coef": [3.0, 2.0, 1.0, 0.0]},
        {"term": ["(Intercept)", "c", "a"], "step": [1, 1, 1], "estimate": [3.0, 2, 1], "lambda": [0.1] * 3},
        {"": ["1", "2", "3"], "term": ["(Intercept)", "c", "a"], "estimate": [3.0, 2.0, 1.0]},
        {"": ["(Intercept)", "a", "b", "c"], "s0": [3.0, 1.0, 0.0, 2.0]},
        {"column0": ["(Intercept)", "a", "c"], "lambda.1se": [3.0, 1.0, 2.0]},
        {"Unnamed: 0": ["(Intercept)", "a", "c"], "s1": [3, 1, 2]},
    ],
)
def test_tables_of_names_and_numbers(frame, columns):
    assert match(frame(columns)) == ([1.0, 0.0, 2.0], 3.0)


LASSO = {"term": ["a", "b"], "estimate": [1.0, 2.0]}
REFUSED = [
    ({"name": ["a"], "value": [1.0]}, "needs the columns 'feature' and 'coef'.*'name', 'value'"),
    ({"": [1, 2], "s0": [1.0, 2.0]}, "needs the columns 'feature' and 'coef'"),
    ({"term": ["a"]}, "needs the columns"),
    ({"": ["a", "b"], "s0": [1.0, 2.0], "s1": [1.0, 2.0]}, "2 columns beside the names, 's0', 's1'"),
    (LASSO | {"lambda": [0.1, 0.2]}, "coef holds 2 values of 'lambda': keep the rows of one"),
    (LASSO | {"step": [1, 2], "lambda": [0.1, 0.2]}, "coef holds 2 values of 'step'"),
    ({"feature": ["a", "a"], "coef": [1.0, 2.0]}, "coef names feature 'a' twice"),
    ({"feature": ["a", None], "coef": [1.0, 2.0]}, "coef names no feature in row 1"),
    ({"feature": ["a", "b"], "coef": [1.0, None]}, r"no number for 'b' \(NaN or NA, which R gives"),
    ({"feature": ["a", "b"], "coef": [1.0, NAN]}, "coef has no number for 'b'"),
    ({"feature": ["a", "(Intercept)"], "coef": [1.0, NAN]}, r"no number for '\(Intercept\)'"),
    ({"feature": ["a", "A"], "coef": [1.0, 2.0]}, "'A', which is no feature: did you mean 'a'"),
    ({"feature": ["a", "b"], "coef": [1.0, 0.0]}, "lists zeros too but not 'c', which the data have"),
    ({"feature": ["(Intercept)", "intercept"], "coef": [1.0, 2.0]}, "coef has two intercepts"),
]


@pytest.mark.parametrize(("columns", "sentence"), REFUSED)
def test_tables_that_are_refused(frame, columns, sentence):
    with pytest.raises(ValueError, match=sentence) as refused:
        match(frame(columns))
    assert "\n" not in str(refused.value)


def test_frames_and_series_of_pandas_by_their_index():
    pd = pytest.importorskip("pandas")
    names = ["(Intercept)", "c", "b", "a"]
    for coef in (
        pd.DataFrame({"s0": [3.0, 2.0, 0.0, 1.0]}, index=names),
        pd.Series([3.0, 2.0, 0.0, 1.0], index=names),
    ):
        assert match(coef) == ([1.0, 0.0, 2.0], 3.0)
    assert match(pd.Series([1.0, 0.0, 2.0])) == ([1.0, 0.0, 2.0], None)
    with pytest.raises(ValueError, match="a series whose labels are neither names nor 0, 1, 2"):
        match(pd.Series([1.0, 0.0, 2.0]).sort_values())
    with pytest.raises(ValueError, match="names feature 'a' twice"):
        match(pd.Series([1.0, 2.0], index=["a", "a"]))
    with pytest.raises(ValueError, match="coef has no number for 'b'"):
        match(pd.Series([1.0, np.nan], index=["a", "b"]))


def test_a_series_of_polars_is_in_order():
    assert match(pytest.importorskip("polars").Series([1.0, 0.0, 2.0])) == ([1.0, 0.0, 2.0], None)


def test_fitted_models_of_scikit_learn():
    pd = pytest.importorskip("pandas")
    from sklearn.linear_model import Lasso, LinearRegression
    from sklearn.pipeline import make_pipeline

    X, y = np.array([[1.0, 0, 2], [0, 1, 1], [3, 1, 0], [2, 2, 2]]), np.array([1.0, 2.0, 5.0, 3.0])
    truth = np.linalg.solve(np.column_stack([X, np.ones(4)]), y)  # by elimination
    model = LinearRegression().fit(pd.DataFrame(X, columns=list("abc")), y)
    given = read_coefficients(model)
    assert (given.of_model, given.whole, given.positive) == (True, True, False)
    assert given.intercept == pytest.approx(truth[3])
    values, _ = match(model, ("c", "b", "a"))
    assert values == pytest.approx(truth[[2, 1, 0]])
    assert match(model, ("x1", "x2", "x3"))[0] == pytest.approx(truth[:3])  # an array has no names
    assert match(LinearRegression().fit(X, y))[0] == pytest.approx(truth[:3])
    with pytest.raises(ValueError, match="coef names 'c', which is no feature"):
        match(model, ("a", "b", "d"))
    with pytest.raises(ValueError, match="coef is a model without 'd', which the data have"):
        match(model, ("a", "b", "c", "d"))
    thin = Lasso(0.01, fit_intercept=False, positive=True).fit(X, y)
    given = read_coefficients(make_pipeline("passthrough", thin))
    assert (given.intercept, given.positive) == (None, True)
    np.testing.assert_array_equal(given.numbers, thin.coef_)
    assert match(thin.sparse_coef_)[0] == thin.coef_.tolist()


def test_models_that_are_refused():
    from sklearn.linear_model import Lasso, LogisticRegression, MultiTaskLasso
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = np.eye(4), np.array([0, 1, 1, 0])
    for model, sentence in {
        make_pipeline(StandardScaler(), Lasso()).fit(X, y): r"a Pipeline, .* model\[:-1\]\.transform\(X\)",
        Lasso(): "coef is a Lasso that has no coef_: pass a fitted linear model",
        GridSearchCV(Lasso(), {}): "GridSearchCV that has no coef_: .*best_estimator_",
        LogisticRegression().fit(X, [0, 1, 2, 0]): "of 3 classes: only one that tells two apart is audited",
    }.items():
        with pytest.raises(TypeError, match=sentence):
            read_coefficients(model)
    assert read_coefficients(LogisticRegression().fit(X, list("noon"))).labels == ("n", "o")
    with pytest.raises(ValueError, match="a MultiTaskLasso of 2 responses: pass the row of its coef_"):
        read_coefficients(MultiTaskLasso().fit(X, np.column_stack([y, 1 - y])))
