import datetime
import subprocess
import sys
from decimal import Decimal

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.data.frames.columns import read_column
from equipoise.data.frames.encoding import Column, Encoding
from equipoise.data.frames.features import read_features

DATA = {"age": [1, 2, 3], "bmi": [0.5, -1.0, 2.0], "ok": [True, False, True], "city": ["b", "a", "c"]}
MATRIX = np.array([[1, 0.5, 1, 0, 1, 0], [2, -1, 0, 1, 0, 0], [3, 2, 1, 0, 0, 1]])
NAMES = ("age", "bmi", "ok", "city=a", "city=b", "city=c")

LIBRARIES = [pd.DataFrame, pl.DataFrame, pa.table]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(DATA),
        pd.DataFrame(DATA).astype({"city": object}),
        pd.DataFrame(DATA).astype({"city": "string"}),
        pd.DataFrame(DATA).astype({"city": "category"}),
        pd.DataFrame(DATA).convert_dtypes(),
        pd.DataFrame(DATA).convert_dtypes(dtype_backend="pyarrow"),
        pd.DataFrame(DATA).astype({"age": "uint8", "bmi": "float32"}),
        pd.DataFrame(DATA, index=[7, 7, 9]),
        pl.DataFrame(DATA),
        pl.LazyFrame(DATA),
        pl.DataFrame(DATA).cast({"city": pl.Categorical}),
        pl.DataFrame(DATA).cast({"city": pl.Enum(["a", "b", "z", "c"])}),
        pl.concat([pl.DataFrame(DATA)[:1], pl.DataFrame(DATA)[1:]], rechunk=False),
        pa.table(DATA),
        pa.table({**DATA, "city": pa.array(DATA["city"]).dictionary_encode()}),
        pa.RecordBatch.from_pydict(DATA),
        pa.table(DATA).to_reader(),
        nw.from_native(pl.DataFrame(DATA)),
    ],
    ids=lambda frame: type(frame).__name__,
)
def test_every_library_gives_the_same_features(frame):
    features = read_features(frame)
    np.testing.assert_array_equal(features.matrix, MATRIX)
    assert features.matrix.dtype == np.float64
    assert features.matrix.flags.f_contiguous
    assert features.names == NAMES
    assert features.encoding == Encoding(
        (
            Column("age", "numeric"),
            Column("bmi", "numeric"),
            Column("ok", "numeric"),
            Column("city", "category", ("a", "b", "c")),
        )
    )


def test_a_duckdb_relation_is_collected():
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        features = read_features(connection.sql("SELECT 1 AS a, 'x' AS b"))
    assert features.names == ("a", "b=x")


def test_whatever_exports_an_arrow_stream_is_a_frame():
    class Exporter:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table(DATA).__arrow_c_stream__(requested_schema)

    np.testing.assert_array_equal(read_features(Exporter()).matrix, MATRIX)


def test_a_table_narwhals_cannot_read_is_refused_by_its_type():
    class Table:
        columns = ("a",)

    Table.__module__ = "pandas.future"
    with pytest.raises(TypeError, match=r"X is a .*\.Table: pass a pandas, polars or pyarrow table"):
        read_features(Table())


def test_arrays_keep_their_memory_and_get_default_names():
    X = np.ones((3, 2))
    features = read_features(X)
    assert features.matrix is X
    assert features.names == ("x1", "x2")
    assert features.encoding is None


def test_a_categorys_unused_levels_make_no_feature():
    frame = pd.DataFrame({"c": pd.Categorical(["v", "u", "v"], categories=["w", "v", "u"])})
    assert read_features(frame, reference=None).names == ("c=u", "c=v")


def test_a_category_of_numbers_has_levels_in_text():
    features = read_features(pd.DataFrame({"c": pd.Categorical([2, 1, 2])}), reference=None)
    assert features.names == ("c=1", "c=2")
    np.testing.assert_array_equal(features.matrix, [[0, 1], [1, 0], [0, 1]])


def test_column_names_that_are_not_text_become_text():
    assert read_features(pd.DataFrame([[1, 2]], columns=[0, ("a", 1)])).names == ("0", "('a', 1)")


def test_integers_beyond_float64_are_rounded_in_every_library():
    for library in LIBRARIES:
        assert read_features(library({"n": [2**53 + 1]})).matrix[0, 0] == 2.0**53


@pytest.mark.skipif(not hasattr(pl, "Int128"), reason="this polars has no 128-bit integers")
def test_integers_of_128_bits_are_numbers():
    for values in ([1, 2], [1, None]):
        frame = pl.DataFrame({"n": pl.Series(values, dtype=pl.Int128)})
        np.testing.assert_array_equal(read_column(frame.drop_nulls(), "n"), [v for v in values if v])


def test_decimals_are_numbers():
    for library in (pl.DataFrame, pa.table):
        assert read_features(library({"n": [Decimal("1.5")]})).matrix[0, 0] == 1.5


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(-1e9, 1e9)), min_size=1, max_size=20))
def test_one_hot_rows_add_to_one_and_name_the_level(rows):
    levels, numbers = zip(*rows, strict=True)
    table = pl.DataFrame({"level": pl.Series(levels, dtype=pl.Categorical), "number": numbers})
    features = read_features(table, reference=None)
    hot = features.matrix[:, :-1]
    np.testing.assert_array_equal(hot.sum(axis=1), 1.0)
    assert [features.names[j] for j in hot.argmax(axis=1)] == [f"level={level}" for level in levels]
    np.testing.assert_array_equal(features.matrix[:, -1], numbers)


@pytest.mark.parametrize("library", LIBRARIES)
@given(rows=st.permutations(range(3)), order=st.permutations(list(DATA)))
def test_prediction_finds_columns_by_name_in_any_order(library, rows, order):
    encoding = read_features(pd.DataFrame(DATA)).encoding
    frame = library({"extra": ["?"] * 3} | {name: [DATA[name][i] for i in rows] for name in order})
    features = read_features(frame, encoding=encoding)
    np.testing.assert_array_equal(features.matrix, MATRIX[list(rows)])
    assert features.names == NAMES
    assert features.encoding == encoding


ENCODING = read_features(pd.DataFrame(DATA)).encoding


def test_prediction_keeps_levels_that_do_not_occur():
    frame = pl.DataFrame({"age": [1], "bmi": [2], "ok": [False], "city": ["b"]})
    np.testing.assert_array_equal(read_features(frame, encoding=ENCODING).matrix, [[1, 2, 0, 0, 1, 0]])


@pytest.mark.parametrize("library", LIBRARIES)
def test_an_unseen_level_is_refused_or_counts_as_none(library):
    frame = library(DATA | {"city": ["a", "z", "q"]})
    words = (
        r"X column 'city' holds level 'z' \(first at row 1, counting from 0\), and 1 other level, "
        r"unseen when the model was fitted \(it knows 'a', 'b', 'c'\): fit again with such rows, "
        r"or pass unseen='zero'"
    )
    with pytest.raises(ValueError, match=words):
        read_features(frame, encoding=ENCODING)
    zeros = read_features(frame, encoding=ENCODING, unseen="zero").matrix[:, 3:]
    np.testing.assert_array_equal(zeros, [[1, 0, 0], [0, 0, 0], [0, 0, 0]])


def test_a_level_read_as_a_number_is_still_a_level():
    encoding = Encoding((Column("code", "category", ("12", "A1")),))
    np.testing.assert_array_equal(
        read_features(pa.table({"code": [12, 12]}), encoding=encoding).matrix, [[1, 0]] * 2
    )
    for library in LIBRARIES:
        with pytest.raises(ValueError, match="X column 'code' holds 1 missing value"):
            read_features(library({"code": [12, None]}), encoding=encoding)


def test_prediction_from_an_array_goes_by_position():
    np.testing.assert_array_equal(read_features(MATRIX, encoding=ENCODING).matrix, MATRIX)
    assert read_features(MATRIX, encoding=ENCODING).names == NAMES
    with pytest.raises(ValueError, match="X has 2 columns but the model was fitted on 6 features"):
        read_features(np.ones((3, 2)), encoding=ENCODING)


def test_an_array_at_prediction_has_its_columns_named():
    X = MATRIX.copy()
    X[1, 0] = np.nan
    with pytest.raises(ValueError, match="X column 'age' holds 1 NaN"):
        read_features(X, encoding=ENCODING)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"age": None}, ValueError, "X lacks column 'age', on which the model was fitted: the columns are"),
        (
            {"age": None, "bmi": None},
            ValueError,
            "X lacks columns 'age', 'bmi', on which the model was fitted",
        ),
        ({"age": None, "Age": [1, 2, 3]}, ValueError, "X lacks column 'age', .*: did you mean 'Age'?"),
        (
            {"age": ["1", "2", "3"]},
            TypeError,
            r"'age' holds text such as '1' \(row 0, counting from 0\), but the model was fitted on numbers",
        ),
        ({"city": ["a", None, "b"]}, ValueError, r"'city' holds 1 missing value .*first at row 1"),
        ({"age": [datetime.date(2020, 1, 1)] * 3}, TypeError, "X column 'age' holds values of type Date"),
    ],
)
@pytest.mark.parametrize("library", [pl.DataFrame, pa.table])
def test_a_frame_that_lost_what_the_model_needs_is_refused(library, change, error, words):
    data = {name: values for name, values in (DATA | change).items() if values is not None}
    with pytest.raises(error, match=words):
        read_features(library(data), encoding=ENCODING)


MISSING = r"X column 'age' holds 2 missing values \(NaN or null; first at row 1, counting from 0\)"


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"ok": [1, 2, 3], "age": [1.0, np.nan, np.nan]}),
        pd.DataFrame({"ok": [1, 2, 3], "age": pd.array([1, None, None], dtype="Int64")}),
        pd.DataFrame({"ok": [1, 2, 3], "age": pd.array([1, None, None], dtype="Float64")}),
        pd.DataFrame({"ok": [1, 2, 3], "age": pd.array([True, None, None], dtype="boolean")}),
        pd.DataFrame({"ok": [1, 2, 3], "age": pd.array([1, None, None], dtype="int64[pyarrow]")}),
        pd.DataFrame({"ok": [1, 2, 3], "age": ["a", None, np.nan]}),
        pd.DataFrame({"ok": [1, 2, 3], "age": pd.Categorical(["a", None, None])}),
        pd.DataFrame({"ok": [1, 2, 3], "age": [None] * 3}).assign(age=["a", None, None]),
        pl.DataFrame({"ok": [1, 2, 3], "age": [1.0, float("nan"), None]}),
        pl.DataFrame({"ok": [1, 2, 3], "age": [1, None, None]}),
        pl.DataFrame({"ok": [1, 2, 3], "age": [True, None, None]}),
        pl.DataFrame({"ok": [1, 2, 3], "age": ["a", None, None]}),
        pa.table({"ok": [1, 2, 3], "age": [1.5, None, float("nan")]}),
        pa.table({"ok": [1, 2, 3], "age": [1, None, None]}),
        pa.table({"ok": [1, 2, 3], "age": [False, None, None]}),
        pa.table({"ok": [1, 2, 3], "age": pa.array(["a", None, None]).dictionary_encode()}),
    ],
)
def test_missing_values_of_every_kind_name_column_count_and_row(frame):
    with pytest.raises(ValueError, match=f"^{MISSING}: drop or impute them first$"):
        read_features(frame)


def test_several_columns_with_gaps_are_counted():
    frame = pl.DataFrame({"age": [1.0, float("inf")], "ok": [1, 2], "city": ["a", None]})
    words = r"X column 'age' holds 1 infinite value \(first at row 1, .*\), the first of 2 such columns"
    with pytest.raises(ValueError, match=words):
        read_features(frame)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"d": pd.to_datetime(["2020-01-01"])}), "X column 'd' holds values of type Datetime"),
        (
            pd.DataFrame({"d": pd.period_range("2020", periods=1)}),
            r"X column 'd' holds values of type period\[D\]",
        ),
        (pd.DataFrame({"d": ["a", 1]}), "X column 'd' holds Python objects, perhaps of several types"),
        (pd.DataFrame({"d": [1j]}), "X column 'd' holds values of type complex128"),
        (pl.DataFrame({"d": [datetime.timedelta(1)]}), "X column 'd' holds values of type Duration"),
        (pl.DataFrame({"d": [[1]]}), "X column 'd' holds values of type List"),
        (pl.DataFrame({"d": [{"a": 1}]}), "X column 'd' holds values of type Struct"),
        (pl.DataFrame({"d": [b"a"]}), "X column 'd' holds values of type Binary"),
        (pl.DataFrame({"d": [None]}), "X column 'd' holds no value at all"),
        (pa.table({"d": [None]}), "X column 'd' holds no value at all"),
    ],
)
def test_columns_that_are_neither_numbers_nor_text_are_refused(frame, words):
    with pytest.raises(TypeError, match=words):
        read_features(frame)


@pytest.mark.parametrize(
    ("X", "error", "words"),
    [
        (
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            ValueError,
            "X has two columns named 'a': rename one of them",
        ),
        (pa.table([[1], [2]], names=["a", "a"]), ValueError, "X has two columns named 'a'"),
        (pd.DataFrame([[1, 2]], columns=[1, "1"]), ValueError, "X has two columns named '1'"),
        (
            pd.DataFrame({"a=b": [1], "a": ["b"]}),
            ValueError,
            "X columns 'a=b' and 'a' both give a feature 'a=b'",
        ),
        (
            pl.DataFrame({"a": ["b=c"], "a=b": ["c"]}),
            ValueError,
            "X columns 'a' and 'a=b' both give a feature",
        ),
        (pd.DataFrame(), ValueError, "X has no columns"),
        (pl.DataFrame({"a": []}), ValueError, "X has no rows"),
        (pa.table({"a": pa.array([], pa.int64())}), ValueError, "X has no rows"),
        (pd.Series([1]), ValueError, r"X is a single column \(Series\): pass a data frame"),
        (pl.Series([1]), ValueError, r"X is a single column \(Series\)"),
        (pa.chunked_array([[1]]), ValueError, r"X is a single column \(ChunkedArray\)"),
        (pa.array([1]), ValueError, r"X is a single column \(Int64Array\)"),
        (np.array([["a"]]), TypeError, "X is not numeric"),
    ],
)
def test_tables_without_meaning_are_refused(X, error, words):
    with pytest.raises(error, match=words):
        read_features(X)


def test_a_misspelled_option_is_refused():
    with pytest.raises(ValueError, match="unseen is 'zeros': pass 'error' or 'zero'"):
        read_features([[1.0]], unseen="zeros")


def test_a_column_of_identifiers_names_itself_when_memory_ends(monkeypatch):
    def refuse(*_, **__):
        raise MemoryError

    monkeypatch.setattr(np, "zeros", refuse)
    with pytest.raises(MemoryError, match=r"as 3 × 4 numbers: drop column 'id', which has 3 levels"):
        read_features(pl.DataFrame({"age": [1, 2, 3], "id": ["a", "b", "c"]}))


def test_reading_an_array_imports_no_frame_library():
    code = """
import sys
from equipoise.data.frames.columns import is_frame, read_vector
from equipoise.data.frames.features import read_features
read_features([[1.0, 2.0]]), read_vector([1.0], "y", 1), read_vector(1.0, "offset", 1), is_frame([1.0])
print(*sorted({"narwhals", "pandas", "polars", "pyarrow", "duckdb", "scipy", "sklearn"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_polars_frames_need_neither_pandas_nor_pyarrow():
    code = """
import sys
sys.modules["pyarrow"] = sys.modules["pandas"] = None
import polars as pl
from equipoise.data.frames.features import read_features
from equipoise.data.frames.native import to_native_frame
frame = pl.DataFrame({"a": [1, 2], "b": [True, False], "c": ["u", "v"], "d": [0.5, 1.5]})
print(read_features(frame).matrix.tolist())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[[1.0, 1.0, 0.0, 0.5], [2.0, 0.0, 1.0, 1.5]]"


def test_text_that_names_every_row_is_refused():
    table = pd.DataFrame({"id": [f"row {i}" for i in range(1500)], "x": range(1500)})
    words = (
        "column 'id' is text with 1500 different values in 1500 rows, which identify rows rather than group "
        "them: drop it, or read it by equipoise.read with as_text='id' if they are levels$"
    )
    with pytest.raises(ValueError, match=words):
        read_features(table)
    declared = read_features(table.astype({"id": "category"}))
    assert declared.matrix.shape == (1500, 1501)
