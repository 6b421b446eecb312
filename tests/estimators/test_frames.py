"""What an estimator says of an X that holds no numbers, and that it reads all that does."""

import datetime
import decimal
import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import equipoise as eq

A = np.array([0.3, -1.2, 0.7, 1.9, -0.4, 0.1])
Y = np.array([1.0, 3.0, 2.0, 5.0, 4.0, 6.0])
TEXT = list("vwvwwv")
DAYS = [datetime.date(2020, 1, 1 + i) for i in range(6)]


def pandas(column):
    return pd.DataFrame({"a": A, "t": column})


CATEGORIES = {
    "pandas object": pandas(pd.Series(TEXT, dtype=object)),
    "pandas string": pandas(pd.Series(TEXT, dtype="string")),
    "pandas arrow": pandas(pd.Series(TEXT, dtype="string[pyarrow]")),
    "pandas category": pandas(pd.Series(TEXT, dtype="category")),
    "pandas category of numbers": pandas(pd.Series([1, 2, 1, 2, 2, 1], dtype="category")),
    "pandas numbers as text": pandas(["1", "2", "3", "4", "5", "6"]),
    "polars text": pl.DataFrame({"a": A, "t": TEXT}),
    "polars categorical": pl.DataFrame({"a": A, "t": pl.Series(TEXT, dtype=pl.Categorical)}),
    "polars enum": pl.DataFrame({"a": A, "t": pl.Series(TEXT, dtype=pl.Enum(["v", "w"]))}),
    "arrow text": pa.table({"a": A, "t": TEXT}),
    "arrow dictionary": pa.table({"a": A, "t": pa.array(TEXT).dictionary_encode()}),
}
STRANGE = {
    "pandas dates": pandas(pd.date_range("2020", periods=6)),
    "pandas dates with a zone": pandas(pd.date_range("2020", periods=6, tz="UTC")),
    "pandas durations": pandas(pd.to_timedelta(range(6), unit="D")),
    "pandas periods": pandas(pd.period_range("2020", periods=6)),
    "pandas intervals": pandas(pd.interval_range(0, 6)),
    "pandas objects": pandas(DAYS),
    "pandas lists": pandas([[1]] * 6),
    "pandas dates alone": pd.DataFrame({"t": pd.date_range("2020", periods=6)}),
    "polars dates": pl.DataFrame({"a": A, "t": DAYS}),
    "polars lists": pl.DataFrame({"a": A, "t": [[1]] * 6}),
    "polars structs": pl.DataFrame({"a": A, "t": [{"u": 1}] * 6}),
    "arrow dates": pa.table({"a": A, "t": DAYS}),
}
NUMBERS = {
    "bool": [True, False, True, True, False, False],
    "pandas Int64": pd.Series([1, 2, 4, 3, 6, 5], dtype="Int64"),
    "pandas boolean": pd.Series([True, False, True, True, False, False], dtype="boolean"),
    "pandas Float32": pd.Series([1, 2, 4, 3, 6, 5], dtype="Float32"),
    "pandas arrow": pd.Series([1, 2, 4, 3, 6, 5], dtype="int16[pyarrow]"),
    "pandas sparse": pd.arrays.SparseArray([0.0, 0.0, 0.0, 1.0, 2.0, 3.0]),
    "decimals": [decimal.Decimal(i) for i in (1, 2, 4, 3, 6, 5)],
    "numbers as objects": pd.Series([1, 2, 4, 3, 6, 5], dtype=object),
}
MODELS = [eq.Lasso(0.01), eq.Ridge(), eq.LassoCV(cv=3), eq.RidgeCV(), eq.LassoIC(noise_variance=1.0)]


def said(model, X):
    with pytest.raises((ValueError, TypeError)) as refused:
        model.fit(X, Y)
    return str(refused.value)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("kind", CATEGORIES)
def test_columns_of_text_are_named_with_both_ways_to_encode_them(model, kind):
    X = CATEGORIES[kind]
    text = said(model, X)
    assert text.startswith("X column 't' holds text such as ")
    assert "ColumnTransformer([('levels', OneHotEncoder(drop='if_binary'), ['t'])], remainder=" in text
    assert text.endswith("pass a data frame to equipoise.fit, which encodes it itself")
    fitted = eq.Lasso(0.01).fit(pandas(Y), Y)
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        fitted.predict(X)
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        fitted.score(X, Y)


def test_both_ways_that_are_offered_give_the_same_model():
    X = CATEGORIES["pandas object"]
    coder = ColumnTransformer([("levels", OneHotEncoder(drop="if_binary"), ["t"])], remainder="passthrough")
    model = make_pipeline(coder, eq.Lasso(0.01)).fit(X, Y)
    fit = eq.fit(X, Y, l1=6 * 0.01)
    assert fit.features == ("a", "t=w")
    np.testing.assert_allclose(model[-1].coef_, fit.coef[::-1], rtol=1e-12)
    np.testing.assert_allclose(model.predict(X), fit.predict(X), rtol=1e-12)


def test_several_columns_are_named_together():
    X = pd.DataFrame({"a": A, "t": TEXT, "u": pd.Series(TEXT, dtype="category")})
    text = said(eq.Lasso(), X)
    assert text.startswith("X columns 't', 'u' hold text or categories: encode them first, by Column")
    assert "['t', 'u'])]" in text
    twice = pd.concat([X, X[["t"]]], axis=1)
    assert "'t (number 1)', 'u (number 2)', 't (number 3)'" in said(eq.Lasso(), twice)


@pytest.mark.parametrize("kind", STRANGE)
def test_columns_of_dates_and_of_what_is_nested_are_named(kind):
    text = said(eq.Lasso(), STRANGE[kind])
    assert text.startswith("X column 't' holds ")
    assert text.endswith(", not numbers: turn it into numbers first, or drop it")
    if "date" in kind or "durations" in kind:
        assert "Date" in text or "Duration" in text


def test_text_in_an_array_is_named_by_its_column():
    for X in ([[0.5, "v"]] * 6, np.array([[0.5, "v"]] * 6, dtype=object), [(0.5, "v")] * 6):
        text = said(eq.Lasso(), X)
        assert text.startswith("X column 1, counting from 0, holds text such as 'v': encode it first")
        assert "OneHotEncoder(drop='if_binary'), [1])]" in text
    assert "column 0, counting from 0, holds text such as '1'" in said(eq.Lasso(), np.array([["1", "v"]] * 6))
    assert "column 0, counting from 0, holds text" in said(eq.Lasso(), np.array([[b"1"]] * 6))


def test_arrays_of_dates_records_and_complex_numbers_are_refused_in_a_sentence():
    dates = np.array([["2020-01-01"]] * 6, dtype="M8[D]")
    for X in (dates, dates - dates):
        assert said(eq.Lasso(), X).endswith("dates or durations; turn them into numbers first")
    records = np.array([(1.0, 2.0)] * 6, dtype=[("a", float), ("b", float)])
    assert "pass an array of numbers" in said(eq.Lasso(), records)
    for X in (np.column_stack([A, A + 1j]), pandas(A + 1j)):
        text = said(eq.Lasso(), X)
        assert text.startswith("Complex data not supported: X ")
        assert "\n" not in text
    assert "X.collect()" in said(eq.Lasso(), pl.LazyFrame({"a": A}))


def test_masked_values_are_not_read_as_what_lies_below_the_mask():
    X = np.ma.masked_array(np.column_stack([A, A**2]), mask=False)
    np.testing.assert_array_equal(eq.Lasso(0.01).fit(X, Y).coef_, eq.Lasso(0.01).fit(X.data, Y).coef_)
    X[2, 1] = np.ma.masked
    assert said(eq.Lasso(), X).startswith("X holds 1 masked value: drop such rows, or ")


@pytest.mark.filterwarnings("ignore:pandas.DataFrame with sparse columns")  # scikit-learn's own
@pytest.mark.parametrize("kind", NUMBERS)
def test_columns_that_hold_numbers_are_numbers(kind):
    X = pandas(NUMBERS[kind])
    plain = np.column_stack([A, np.array([float(value) for value in NUMBERS[kind]])])
    model = eq.Lasso(0.01).fit(X, Y)
    np.testing.assert_array_equal(model.coef_, eq.Lasso(0.01).fit(plain, Y).coef_)
    np.testing.assert_array_equal(model.predict(X), eq.Lasso(0.01).fit(X, Y).predict(X))
    assert list(model.feature_names_in_) == ["a", "t"]


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "boolean", "double[pyarrow]"])
def test_missing_values_of_nullable_columns_are_missing(dtype):
    X = pandas(pd.Series([1, None, 1, 0, 1, 0], dtype=dtype))
    assert said(eq.Lasso(), X).startswith("Input X contains NaN")
