import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from equipoise.data.frames.columns import (
    is_frame,
    is_series,
    pick_columns,
    read_column,
    read_vector,
)

DATA = {"age": [1, 2, 3], "ok": [True, False, True], "city": ["b", "a", "b"]}
LIBRARIES = [pd.DataFrame, pl.DataFrame, pa.table]


@pytest.mark.parametrize(
    ("value", "frame", "series"),
    [
        (pd.DataFrame(), True, False),
        (pl.DataFrame(), True, False),
        (pl.LazyFrame(), True, False),
        (pa.table({}), True, False),
        (pa.RecordBatch.from_pydict({"a": [1]}), True, False),
        (pa.table({"a": [1]}).to_reader(), True, False),
        (nw.from_native(pd.DataFrame()), True, False),
        (pd.Series([1]), False, True),
        (pl.Series([1]), False, True),
        (pa.array([1]), False, True),
        (pa.chunked_array([[1]]), False, True),
        (pd.Index([1]), False, True),
        (nw.from_native(pl.Series([1]), series_only=True), False, True),
        (np.zeros((2, 2)), False, False),
        (np.float64(1.0), False, False),
        ([[1.0]], False, False),
        ({"a": [1]}, False, False),
        ("text", False, False),
        (None, False, False),
        (1.0, False, False),
    ],
)
def test_frames_and_series_are_told_from_all_else(value, frame, series):
    assert is_frame(value) is frame
    assert is_series(value) is series


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_column_is_read_by_name(library):
    np.testing.assert_array_equal(read_column(library(DATA), "age"), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(read_column(library(DATA), "ok"), [1.0, 0.0, 1.0])


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        (
            "city",
            TypeError,
            "target 'city' is not numeric: it holds text such as 'b'; code two labels as 0 and 1, or",
        ),
        ("AGE", ValueError, r"target 'AGE' is not a column of the table: did you mean 'age'\?"),
        (
            "progress",
            ValueError,
            "target 'progress' is not a column of the table: the columns are 'age', 'ok', 'city'",
        ),
        (
            "gap",
            ValueError,
            r"target 'gap' holds 1 missing value \(NaN or null; first at row 2, counting from 0\)",
        ),
        ("inf", ValueError, r"target 'inf' holds 1 infinite value \(first at row 0, counting from 0\)"),
    ],
)
def test_a_column_that_cannot_be_a_target_is_refused(library, name, error, words):
    frame = library(
        DATA | {"gap": [1, 2, None], "inf": [float("inf"), 1.0, 2.0]} if name in ("gap", "inf") else DATA
    )
    with pytest.raises(error, match=words):
        read_column(frame, name)


def test_a_column_that_is_a_stride_through_memory_is_read():
    frame = pd.DataFrame(np.arange(12.0).reshape(4, 3), columns=["a", "b", "c"])
    np.testing.assert_array_equal(read_column(frame, "b"), [1.0, 4.0, 7.0, 10.0])
    np.testing.assert_array_equal(read_vector(frame["c"], "y", 4), [2.0, 5.0, 8.0, 11.0])


def test_the_role_stands_in_the_message():
    with pytest.raises(ValueError, match="weights 'w' is not a column"):
        read_column(pd.DataFrame(DATA), "w", role="weights")


@pytest.mark.parametrize(
    "y",
    [
        [1, 2, 3],
        np.array([[1], [2], [3]]),
        pd.Series([1, 2, 3], index=[5, 5, 5]),
        pd.Series([1, 2, 3], dtype="Int64"),
        pd.Index([1, 2, 3]),
        pd.DataFrame({"y": [1, 2, 3]}),
        pl.Series([1, 2, 3]),
        pl.DataFrame({"y": [1, 2, 3]}),
        pl.LazyFrame({"y": [1, 2, 3]}),
        pa.array([1, 2, 3]),
        pa.chunked_array([[1], [2, 3]]),
        pa.table({"y": [1, 2, 3]}),
        nw.from_native(pl.Series([1, 2, 3]), series_only=True),
    ],
    ids=lambda y: type(y).__name__,
)
def test_a_target_may_come_in_any_dress(y):
    target = read_vector(y, "y", 3)
    assert target.dtype == np.float64
    np.testing.assert_array_equal(target, [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("y", "error", "words"),
    [
        (
            pd.Series(["a", "b", "c"]),
            TypeError,
            "y is not numeric: it holds text such as 'a'; encode it as numbers",
        ),
        (
            pd.Series(pd.Categorical(["u", "v", "u"])),
            TypeError,
            "y is not numeric: it holds text such as 'u'",
        ),
        (pd.Series([1, "a", 2]), TypeError, "y is not numeric: it holds Python objects"),
        (pl.Series([None, None, None]), TypeError, "y is not numeric: it holds no value at all"),
        (pl.Series([1, None, 3]), ValueError, r"y holds 1 missing value \(NaN or null; first at row 1, "),
        (
            pa.chunked_array([[1.0, 2.0], [float("nan")]]),
            ValueError,
            r"y holds 1 missing value .*first at row 2",
        ),
        (pd.Series([1, 2]), ValueError, "y has 2 values but X has 3 rows"),
        (pd.DataFrame(DATA), ValueError, "y has 3 columns: pass one column"),
        (3.0, ValueError, "y is a single number"),
    ],
)
def test_a_target_that_is_not_one_number_per_row_is_refused(y, error, words):
    with pytest.raises(error, match=words):
        read_vector(y, "y", 3)


def test_weights_and_offset_are_read_the_same_way():
    np.testing.assert_array_equal(read_vector(2.0, "sample_weight", 2), [2.0, 2.0])
    np.testing.assert_array_equal(read_vector(pl.Series([1, 0]), "offset", 2), [1.0, 0.0])
    with pytest.raises(ValueError, match="offset holds 1 missing value"):
        read_vector(pl.Series([1, None]), "offset", 2)


@pytest.mark.parametrize("library", LIBRARIES)
def test_columns_are_kept_in_the_order_asked_for_and_dropped(library):
    frame = library(DATA)
    kept = pick_columns(frame, keep=["city", "age", "city"])
    assert type(kept) is type(frame)
    assert nw.from_native(kept).columns == ["city", "age"]
    assert nw.from_native(kept)["age"].to_list() == [1, 2, 3]
    assert nw.from_native(pick_columns(frame, drop=["age"])).columns == ["ok", "city"]
    assert nw.from_native(pick_columns(frame, keep=["ok", "age"], drop=["ok"])).columns == ["age"]
    assert nw.from_native(pick_columns(frame)).columns == list(DATA)


def test_columns_named_by_numbers_are_picked_by_their_text():
    assert pick_columns(pd.DataFrame([[1, 2]]), keep=["1"]).columns.tolist() == [1]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"keep": ["aeg"]}, r"feature 'aeg' is not a column of the table: did you mean 'age'\?"),
        ({"drop": ["City"]}, r"feature 'City' is not a column of the table: did you mean 'city'\?"),
        ({"drop": list(DATA)}, "no feature is left: keep at least one of 'age', 'ok', 'city'"),
        ({"keep": []}, "no feature is left"),
    ],
)
def test_a_choice_that_cannot_be_met_is_refused(choice, words):
    with pytest.raises(ValueError, match=words):
        pick_columns(pl.DataFrame(DATA), **choice)


def test_long_lists_of_columns_are_cut_short():
    frame = pl.DataFrame({f"column{j}": [1] for j in range(30)})
    with pytest.raises(ValueError, match=r"the columns are 'column0', .*'column7' and 22 more"):
        read_column(frame, "zzz")
