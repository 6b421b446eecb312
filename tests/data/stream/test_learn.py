"""What a pass over batches finds in columns of text is what the whole table shows, wherever it is cut."""

import gzip

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import equipoise as eq
from equipoise.data.files import files
from equipoise.data.frames.features import read_features
from equipoise.data.stream import open_source


def put(tmp_path, values, name="t.csv"):
    """A CSV file of a column x, and of a column y that counts the rows."""
    text = "y,x\n" + "".join(f'{k},"{value}"\n' for k, value in enumerate(values))
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def both_ways(path):
    """Two functions that read a column x, in batches and whole, and return the names of its features."""
    return (
        lambda: eq.gather(path, "y", folds=None).features,
        lambda: read_features(eq.read(path).select(["x"])).names,
    )


CLEAR = {
    "numbers": (["1.5", "+2", " 3 ", "\u22124", "5e0"], [[1.5], [2], [3], [-4], [5]], ("x",)),
    "decimal commas": (["1,5", "2", "-3,25", "4", "5"], [[1.5], [2], [-3.25], [4], [5]], ("x",)),
    "truths": (["true", "FALSE", "True", "false", "true"], [[1], [0], [1], [0], [1]], ("x",)),
    "two levels": (["yes", "no", "yes", "no", "no"], [[1], [0], [1], [0], [0]], ("x=yes",)),
    "levels": (
        ["b", "a", "c", "a", "b"],
        [[0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]],
        ("x=a", "x=b", "x=c"),
    ),
    "codes": (["00501", "10001", "00501", "10001", "00501"], [[0], [1], [0], [1], [0]], ("x=10001",)),
    "long": ([str(10**20 * k) for k in range(5)], [[10**20 * k] for k in range(5)], ("x",)),
}


@pytest.mark.parametrize(("values", "matrix", "names"), CLEAR.values(), ids=CLEAR)
@pytest.mark.parametrize("rows", [1, 2, 100])
def test_a_stream_is_read_as_by_hand(tmp_path, monkeypatch, values, matrix, names, rows):
    monkeypatch.setattr(open_source, "BATCH_ROWS", rows)
    for name in ("t.csv", "t.csv.gz"):
        path = put(tmp_path, values, name)
        gathered = eq.gather(path, "y", folds=None)
        assert gathered.features == names
        by_hand = np.array(matrix, float)
        np.testing.assert_array_equal(read_features(eq.read(path).select(["x"])).matrix, by_hand)
        expected = eq.fit(eq.gather(by_hand, np.arange(5.0), folds=None), l1=0.01)
        found = eq.fit(gathered, l1=0.01)
        np.testing.assert_allclose(found.coef, expected.coef, rtol=1e-12)
        predicted = by_hand @ expected.coef + expected.intercept
        np.testing.assert_allclose(found.predict(eq.read(path)), predicted, rtol=1e-9, atol=1e-12)


REFUSED = {
    "a mark": (["1", "2", "?", "4"], r"holds '\?' among 3 numbers \(line 4 of .*t.csv\)"),
    "rarely numbers": (["none"] * 9 + ["1", "2"], r"holds 'none' among 2 numbers \(line 2 of .*t.csv\)"),
    "per cent": (["5", "12%"], r"holds '12%' among numbers \(line 3 of .*t.csv\)"),
    "three digits": (["1,234", "2,345"], "holds numbers in which every comma is followed by three digits: "),
    "both marks": (["1,5", "1.5"], "holds numbers with commas and numbers with dots: "),
    "dates": (["2020-01-01", "2020-01-02"], r"holds dates such as '2020-01-01' \(line 2 of .*t.csv\)"),
    "codes of two lengths": (["12", "007"], r"holds '007', which begins with .* \(line 3 of .*t.csv\)"),
    "identifiers": ([f"id {k}" for k in range(9)], "is text with 9 different values in 9 rows, which"),
    "one large": ([str(2**53), str(2**53 + 1)], "holds different whole numbers beyond 2⁵³ that are equal"),
}


@pytest.mark.parametrize(("values", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_clear_is_refused_with_its_line(tmp_path, monkeypatch, values, words):
    path = put(tmp_path, values)
    for read in both_ways(path):
        with pytest.raises(ValueError, match=f"column 'x' {words}"):
            read()
    if "2⁵³" not in words:
        monkeypatch.setattr(open_source, "BATCH_ROWS", 1)
        with pytest.raises(ValueError, match=f"column 'x' {words}"):
            eq.gather(path, "y", folds=None)


TEXTS = ["1", "2", "+3", "1.5", "1,5", "2,25", "1,234", "007", "a", "b", "?", "12%", "true", "false"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(TEXTS), min_size=2, max_size=8), st.integers(1, 4))
def test_a_stream_and_the_whole_are_decided_alike(tmp_path, monkeypatch, values, rows):
    monkeypatch.setattr(open_source, "BATCH_ROWS", rows)
    path = put(tmp_path, values)

    def told(read):
        try:
            return read()
        except ValueError as refused:
            return str(refused).partition("column 'x' ")[2]

    in_batches, whole = both_ways(path)
    assert told(in_batches) == told(whole)


def test_a_file_whose_other_column_has_decimal_commas(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("y;price;people\n1;1,5;1.234\n2;2,5;12.345\n3;3;7.000\n")
    words = r"column 'people' holds .* every dot is followed by three digits: .* thousands='.' if"
    for read in (lambda: eq.gather(path, "y"), lambda: read_features(eq.read(path))):
        with pytest.raises(ValueError, match=words):
            read()
    table = eq.read(path, decimal=",", thousands=".")
    assert table.column("people").to_pylist() == [1234, 12345, 7000]
    assert table.column("price").to_pylist() == [1.5, 2.5, 3.0]
    assert eq.read(path, as_number="people").column("people").to_pylist() == [1.234, 12.345, 7.0]
    path.write_text("y,price,people\n1,1.5,1.234\n2,2.5,12.345\n")
    assert eq.read(path).column("people").to_pylist() == [1.234, 12.345]


def typed(kind):
    return lambda data: pa.table({"y": data["y"], "x": pa.array(data["x"], kind)})


SOURCES = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "arrow": pa.table,
    "views": typed(pa.string_view()),
    "large": typed(pa.large_string()),
}


@pytest.mark.parametrize("library", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize(
    "values", [["b", "a", "c", "b"], ["true", "false"] * 2, ["a", "", "b", "b"], ["00501", "10001"] * 2]
)
def test_text_of_every_library(tmp_path, library, values):
    frame = library({"y": [1.0, 2.0, 4.0, 8.0], "x": values})
    expected = read_features(pa.table({"x": values})).names
    assert eq.gather(frame, "y", folds=None).features == expected
    assert read_features(eq.read(frame).select(["x"])).names == expected
    if isinstance(frame, pa.Table):
        try:
            pq.write_table(frame, tmp_path / "t.parquet")
        except pa.ArrowNotImplementedError:
            pytest.skip("this pyarrow writes no views of text to Parquet")
        assert eq.gather(tmp_path / "t.parquet", "y", folds=None).features == expected


@pytest.mark.parametrize("library", SOURCES.values(), ids=SOURCES)
def test_numbers_as_text_are_refused_where_they_could_be_numbers(library):
    frame = library({"y": [1.0, 2.0], "x": ["1", "2.5"]})
    words = r"column 'x' is text, though all its values are numbers: convert it .* as_number='x'"
    with pytest.raises(ValueError, match=words):
        eq.gather(frame, "y", folds=None)
    assert eq.gather(frame, "y", folds=None, as_number="x").features == ("x",)
    assert eq.gather(frame, "y", folds=None, as_text="x").features == ("x=2.5",)


ORDER = ["old", "middle", "young"]
ORDERED = {
    "pandas": lambda v: pd.DataFrame({"y": range(len(v)), "x": pd.Categorical(v, ORDER, ordered=True)}),
    "polars": lambda v: pl.DataFrame({"y": range(len(v)), "x": pl.Series(v, dtype=pl.Enum(ORDER))}),
    "arrow": lambda v: pa.table(
        {
            "y": range(len(v)),
            "x": pa.DictionaryArray.from_arrays(pa.array(map(ORDER.index, v)), pa.array(ORDER), ordered=True),
        }
    ),
}


@pytest.mark.parametrize("declared", ORDERED.values(), ids=ORDERED)
def test_an_ordered_type_keeps_its_order(tmp_path, declared):
    if declared is ORDERED["polars"] and int(pl.__version__.split(".")[0]) < 2:
        pytest.skip("before polars 2.0 its stream of an Enum does not say that it is ordered")
    for values, names in (
        (["young", "old"] * 3, ("x=young",)),
        (["young", "old", "middle"] * 2, ("x=old", "x=middle", "x=young")),
    ):
        frame = declared(values)
        assert eq.gather(frame, "y", folds=None).features == names
        table = eq.read(frame)
        pq.write_table(table, tmp_path / "t.parquet")
        assert eq.gather(tmp_path / "t.parquet", "y", folds=None).features == names
        assert read_features(eq.read(tmp_path / "t.parquet").select(["x"])).names == names


def test_ordered_types_that_differ_are_refused(tmp_path):
    for k, order in enumerate((["b", "a"], ["c", "a"])):
        codes = pa.DictionaryArray.from_arrays(pa.array([0, 1] * 3), pa.array(order), ordered=True)
        pq.write_table(pa.table({"y": range(6), "x": codes}), tmp_path / f"{k}.parquet")
    with pytest.raises(ValueError, match="column 'x' is of an ordered type, but level 'c' is not in"):
        eq.gather(tmp_path, "y", folds=None)


def test_fixed_levels_and_references(tmp_path):
    path = put(tmp_path, ["b", "a", "b", "c"] * 3)
    names = eq.gather(path, "y", folds=None, reference={"x": "b"}).features
    assert names == ("x=a", "x=c")
    assert eq.gather(path, "y", folds=None, categories={"x": ["c", "d", "b", "a"]}).features == (
        "x=c",
        "x=d",
        "x=b",
        "x=a",
    )
    with pytest.raises(ValueError, match=r"holds level 'c' .*unseen"):
        eq.gather(path, "y", folds=None, categories={"x": ["a", "b"]})


def test_more_texts_than_a_profile_holds_are_found_by_another_pass(tmp_path, monkeypatch):
    monkeypatch.setattr("equipoise.data.text.forms.MANY_TEXTS", 2)
    path = put(tmp_path, ["a", "b", "c", "d", "1"] * 5)
    assert eq.gather(path, "y", folds=None).features == ("x=1", "x=a", "x=b", "x=c", "x=d")


def test_blanks_are_missing_in_a_text_file_alone(tmp_path):
    path = put(tmp_path, ["a", "  ", "b", "a"])
    for read in both_ways(path):
        with pytest.raises(ValueError, match=r"holds (no value|1 missing value)"):
            read()


def test_batches_of_a_file_are_text(tmp_path):
    (batch,) = files.open_batches(put(tmp_path, ["1", "2"]), None, rows=10)
    assert batch.to_pydict() == {"y": ["0", "1"], "x": ["1", "2"]}
