"""Which values are levels, in which order, and which of them is the reference, in every library."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import equipoise as eq
from equipoise.data.frames.categories import is_index, level_codes, with_reference
from equipoise.data.frames.encoding import Column
from equipoise.data.frames.features import read_features
from equipoise.data.text.reading import PLAIN, Origin, Reading, mark

LIBRARIES = [pd.DataFrame, pl.DataFrame, pa.table]
CITIES = ["Rome", "Oslo", "Rome", "Bern", "Oslo", "Rome"]
TWO = ["Rome", "Oslo", "Rome", "Oslo", "Oslo", "Rome"]


def hot(column, levels):
    return [[value == level for level in levels] for value in column]


def names_of(frame, **options):
    return read_features(frame, **options).names


@pytest.mark.parametrize("library", LIBRARIES)
def test_two_levels_are_one_feature_and_more_are_one_each(library):
    found = read_features(library({"city": TWO}))
    assert found.names == ("city=Rome",)
    np.testing.assert_array_equal(found.matrix[:, 0], [value == "Rome" for value in TWO])
    assert found.encoding.columns == (Column("city", "category", ("Oslo", "Rome"), "Oslo"),)
    found = read_features(library({"city": CITIES}))
    assert found.names == ("city=Bern", "city=Oslo", "city=Rome")
    np.testing.assert_array_equal(found.matrix, hot(CITIES, ["Bern", "Oslo", "Rome"]))
    assert names_of(library({"city": ["Oslo"] * 3})) == ("city=Oslo",)


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_reference_that_is_asked_for_has_no_feature(library):
    for column, levels in ((CITIES, ["Bern", "Oslo", "Rome"]), (TWO, ["Oslo", "Rome"])):
        frame = library({"city": column, "n": range(6)})
        for chosen in levels:
            kept = [level for level in levels if level != chosen]
            found = read_features(frame, reference={"city": chosen})
            assert found.names == (*(f"city={level}" for level in kept), "n")
            np.testing.assert_array_equal(found.matrix[:, :-1], hot(column, kept))
        for reference in (None, {"city": None}):
            found = read_features(frame, reference=reference)
            assert found.names == (*(f"city={level}" for level in levels), "n")
            np.testing.assert_array_equal(found.matrix[:, :-1], hot(column, levels))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        (
            {"reference": {"city": "Olso"}},
            ValueError,
            r"^reference of 'city' is 'Olso', which is none of its levels: did you mean 'Oslo'\?$",
        ),
        (
            {"reference": {"n": "1"}},
            ValueError,
            "^reference names column 'n', which holds numbers and has no",
        ),
        ({"reference": {"town": "Oslo"}}, ValueError, "^reference names 'town', which is no column: "),
        ({"reference": "Oslo"}, ValueError, "^reference is 'Oslo': pass a dict such as"),
        ({"categories": {"n": ["1"]}}, ValueError, "^categories names column 'n', which holds numbers and"),
        (
            {"categories": {"city": "Oslo"}},
            TypeError,
            "^categories of 'city' are 'Oslo': pass a list of texts",
        ),
        ({"categories": {"city": ["a", "a"]}}, ValueError, "^categories of 'city' name a level twice"),
        ({"categories": ["Oslo"]}, TypeError, "^categories is .*: pass a dict such as"),
        (
            {"categories": {"city": ["Oslo", "Rome"]}},
            ValueError,
            r"^X column 'city' holds 'Bern' \(row 3, counting from 0\), which is not among its categories "
            "'Oslo', 'Rome': add it, or correct the value$",
        ),
        (
            {"categories": {"city": ["Oslo", "Rome", "Bern"]}, "reference": {"city": "Paris"}},
            ValueError,
            "^reference of 'city' is 'Paris', which is none of its levels",
        ),
    ],
)
def test_what_cannot_be_asked(options, error, words):
    with pytest.raises(error, match=words):
        read_features(pl.DataFrame({"city": CITIES, "n": range(6)}), **options)


def test_a_column_of_its_reference_alone_is_refused():
    with pytest.raises(ValueError, match=r"^column 'c' holds only 'a', its reference: drop the column$"):
        read_features(pl.DataFrame({"c": ["a", "a"]}), reference={"c": "a"})


@pytest.mark.parametrize("library", LIBRARIES)
def test_levels_that_are_fixed(library):
    frame = library({"city": TWO, "code": ["2", "1", "2", "2", "1", "1"]})
    fixed = {"city": ["Rome", "Paris", "Oslo"], "code": ["2", "1"]}
    found = read_features(frame, categories=fixed)
    assert found.names == ("city=Rome", "city=Paris", "city=Oslo", "code=1")
    np.testing.assert_array_equal(found.matrix[:, 1], 0.0)
    np.testing.assert_array_equal(found.matrix[:, 3], [0, 1, 0, 0, 1, 1])


ORDERED = [
    pd.DataFrame({"size": pd.Categorical(["S", "L", "M"] * 2, ["S", "M", "L", "XL"], ordered=True)}),
    pl.DataFrame({"size": pl.Series(["S", "L", "M"] * 2, dtype=pl.Enum(["S", "M", "L", "XL"]))}),
    pa.table(
        {
            "size": pa.DictionaryArray.from_arrays(
                pa.array([0, 2, 1] * 2), pa.array(["S", "M", "L", "XL"]), ordered=True
            )
        }
    ),
]


@pytest.mark.parametrize("frame", ORDERED, ids=["pandas", "polars", "arrow"])
def test_an_ordered_type_keeps_its_order(frame):
    assert names_of(frame) == ("size=S", "size=M", "size=L")
    assert names_of(frame[:2]) == ("size=L",) if not isinstance(frame, pa.Table) else True
    assert names_of(frame, reference={"size": "M"}) == ("size=S", "size=L")


def test_an_ordered_type_gives_the_first_of_its_two_levels_as_reference():
    down = ["young", "old"]
    for frame in (
        pd.DataFrame({"age": pd.Categorical(["old", "young"] * 2, down, ordered=True)}),
        pl.DataFrame({"age": pl.Series(["old", "young"] * 2, dtype=pl.Enum(down))}),
        pa.table({"age": pa.DictionaryArray.from_arrays(pa.array([1, 0] * 2), pa.array(down), ordered=True)}),
    ):
        assert names_of(frame) == ("age=old",)
    unordered = pd.DataFrame({"age": pd.Categorical(["old", "young"] * 2, down)})
    assert names_of(unordered) == ("age=young",)


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        ([1.0, 2.5, 10.0], ["1", "2.5", "10"]),
        ([10, 9, 1], ["10", "9", "1"]),
        ([True, False], ["true", "false"]),
        ([datetime.date(2020, 2, 1), datetime.date(2020, 1, 1)], ["2020-02-01", "2020-01-01"]),
    ],
)
def test_the_values_of_an_arrow_dictionary_may_be_of_any_type(values, levels):
    codes = pa.array([*range(len(values))] * 2)
    for ordered in (True, False):
        column = pa.DictionaryArray.from_arrays(codes, pa.array(values), ordered=ordered)
        expected = tuple(f"x={level}" for level in (levels if ordered else sorted(levels)))
        table = pa.table({"x": column, "y": range(len(codes))})
        found = read_features(table.select(["x"]), reference=None)
        assert found.names == expected
        np.testing.assert_array_equal(found.matrix.sum(axis=1), 1.0)
        assert eq.gather(table, "y", folds=None, reference={"x": None}).features == expected


def test_no_category_of_pandas_is_lost():
    dates = pd.to_datetime(["2020-01-02", "2020-01-01", "2020-01-02"])
    for values in (dates, [1.5, 2.0, 1.5], [True, False, True], pd.cut([1, 9, 2], [0, 5, 10]), [1, "a", 1]):
        for ordered in (True, False):
            column = pd.Categorical(values, categories=pd.unique(pd.Series(values)), ordered=ordered)
            found = read_features(pd.DataFrame({"x": column}), reference=None)
            assert len(found.names) == 2
            np.testing.assert_array_equal(found.matrix[0], found.matrix[2])
            np.testing.assert_array_equal(found.matrix.sum(axis=1), 1.0)


DECLARED = {
    "pandas": lambda values: pd.DataFrame({"x": pd.Categorical(values)}),
    "polars": lambda values: pl.DataFrame({"x": pl.Series(values, dtype=pl.Categorical)}),
    "enum": lambda values: pl.DataFrame({"x": pl.Series(values, dtype=pl.Enum(sorted({*values})))}),
    "arrow": lambda values: pa.table({"x": pa.array(values).dictionary_encode()}),
}


@pytest.mark.parametrize("declared", DECLARED.values(), ids=DECLARED)
@pytest.mark.parametrize(
    "values",
    [
        ["1", "2", "3", "?"],
        ["12%", "5%", "7%"],
        ["2020-01-01", "2020-01-02"] * 3,
        [f"id {k}" for k in range(30)],
    ],
)
def test_a_type_that_says_levels_is_believed(declared, values):
    levels = sorted({*values})
    assert names_of(declared(values), reference=None) == tuple(f"x={level}" for level in levels)
    for library in LIBRARIES:
        with pytest.raises(ValueError, match="as_text='x'"):
            read_features(library({"x": values}))


REFUSED = {
    "numbers": (["1", "2.5", "-3"], "is text, though all its values are numbers: convert it"),
    "signs": (["+5", " 7 ", "\u22128"], "is text, though all its values are numbers"),
    "decimal commas": (["1,5", "2,25"], "is text, though all its values are numbers"),
    "a mark": (
        ["1", "2", "?", "4"],
        r"holds '\?' among 3 numbers \(row 2, counting from 0\): .* null='\?' if",
    ),
    "an empty text": (["1", "2", "", "4"], r"holds '' among 3 numbers \(row 2, counting from 0\)"),
    "rarely numbers": (["none"] * 9 + ["1", "2"], r"holds 'none' among 2 numbers \(row 0, "),
    "per cent": (["5", "12%"], r"holds '12%' among numbers \(row 1, counting from 0\)"),
    "dollars": (["$5", "$12"], r"holds '\$5' among numbers \(row 0, "),
    "bounds": (["5", "<0.1", "7"], r"holds '<0.1' among numbers \(row 1, "),
    "thousands": (["301,157.02", "5.5"], r"holds '301,157.02' among numbers \(row 0, .* thousands=',' if"),
    "underscores": (["1_000", "2_000"], r"holds '1_000' among numbers \(row 0, .* thousands='_' if"),
    "three digits": (
        ["1,234", "2,345"],
        "holds .* every comma is followed by three digits: .* decimal=','",
    ),
    "digits of others": (["\u0661\u0662", "\u0663"], "holds '\u0661\u0662' among numbers"),
    "dates": (["2020-01-01", "2020-01-02"], "holds dates such as '2020-01-01' .row 0, "),
    "days first": (["31/12/2019", "1/2/2020"], "holds dates such as '31/12/2019'"),
    "codes of two lengths": (
        ["007", "12"],
        "holds '007', which begins with a zero as codes do, .*as_number='x'",
    ),
    "truths and numbers": (["true", "1"], "holds 'true' among 1 number"),
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("values", "words"), REFUSED.values(), ids=REFUSED)
def test_text_that_is_not_clear_is_refused(library, values, words):
    with pytest.raises(ValueError, match=f"^X column 'x' {words}"):
        read_features(library({"x": values}))


@pytest.mark.parametrize("library", LIBRARIES)
def test_codes_are_levels(library):
    assert names_of(library({"zip": ["00501", "10001", "00501"]})) == ("zip=10001",)


@pytest.mark.parametrize("library", LIBRARIES)
def test_only_true_and_false_are_booleans(library):
    found = read_features(library({"x": ["true", "False", " TRUE"]}))
    assert found.names == ("x",)
    np.testing.assert_array_equal(found.matrix[:, 0], [1, 0, 1])
    for pair in (["yes", "no"], ["T", "F"], ["on", "off"], ["Y", "N"]):
        second = max(pair)
        assert names_of(library({"x": pair * 2})) == (f"x={second}",)
    assert names_of(library({"x": ["true", "", "false"]})) == ("x=", "x=false", "x=true")


@pytest.mark.parametrize("library", LIBRARIES)
def test_identifiers(library):
    words = "^X column 'x' is text with {} different values in {} rows, which identify rows rather than group"
    for values, levels in (
        ([f"id {k}" for k in range(5)], 5),
        ([f"id {k}" for k in range(21)] * 1 + ["id 0"] * 20, 21),
        ([f"id {k}" for k in range(51)] + ["id 0"] * 49, 51),
    ):
        with pytest.raises(ValueError, match=words.format(levels, len(values))):
            read_features(library({"x": values}))
    for values in (
        [f"id {k}" for k in range(4)],
        [f"id {k}" for k in range(20)] + ["id 0"],
        [f"id {k}" for k in range(50)] + ["id 0"] * 50,
    ):
        assert len(names_of(library({"x": values}), reference=None)) == len({*values})


def test_text_read_from_a_file_names_its_line():
    table = mark(pa.table({"x": ["1", "2", "?", "4"]}), PLAIN, Origin("t.csv", 2))
    with pytest.raises(ValueError, match=r"^X column 'x' holds '\?' among 3 numbers \(line 4 of t.csv\)"):
        read_features(table)
    with pytest.raises(ValueError, match=r"\(row 1, counting from 0\)"):
        read_features(table.slice(1))
    numbers = table.filter(pa.array([True, True, False, True]))
    with pytest.raises(ValueError, match="is text, though all its values are numbers"):
        read_features(numbers)


@given(st.lists(st.sampled_from(["a", "b", "c", None, "?", "z"]), max_size=12))
def test_codes_are_places_among_the_levels(texts):
    column = with_reference("x", ["b", "a", "c"], {"x": "a"})
    places = {"b": 0, "a": 1, "c": 2, None: -2, "?": -2}
    assert level_codes(texts, column, ("?",)).tolist() == [places.get(text, -1) for text in texts]


def test_row_names():
    assert is_index("", 0)
    assert is_index("Unnamed: 0", 0)
    assert is_index("__index_level_0__", 7)
    assert not is_index("Unnamed: 0", 1)
    assert not is_index("Unnamed: 1", 1)
    assert not is_index("id", 0)
    frame = pd.DataFrame({"Unnamed: 0": [1, 2], "a": [3, 4]})
    assert names_of(frame) == ("a",)
    assert names_of(frame, index=True) == ("Unnamed: 0", "a")


def test_names_are_compared_in_normal_form():
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    for library in LIBRARIES:
        encoding = read_features(library({decomposed: [1, 2]})).encoding
        assert encoding.features == (composed,)
        np.testing.assert_array_equal(
            read_features(library({composed: [3]}), encoding=encoding).matrix, [[3]]
        )
        with pytest.raises(ValueError, match=f"two columns named '{composed}'"):
            read_features(library({composed: [1], decomposed: [2]}))


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("values", [[2**53, 2**53 + 1, 5], [-(2**53), -(2**53) - 1], [2**62, 2**62 + 1]])
def test_whole_numbers_that_become_equal_are_refused(library, values):
    column = values if library is not pd.DataFrame else pd.array(values, dtype="Int64")
    words = "^column 'n' holds different whole numbers beyond 2⁵³ that are equal in float64: drop it if it is"
    with pytest.raises(ValueError, match=words):
        read_features(library({"n": column}), finite=False)
    for fine in ([2**53, 2**53 + 2, 5], [2**53 + 1] * 2, [2**53 - 1, 2**53]):
        found = read_features(library({"n": fine})).matrix[:, 0]
        np.testing.assert_array_equal(found, np.array(fine, float))


def test_a_model_reads_new_text_by_its_own_types():
    reading = Reading(as_number=("code",), forms=(("price", ",", "."),))
    fitted = mark(pa.table({"price": [1.5, 2.0], "code": [7, 12], "city": ["a", "b"]}), reading)
    encoding = read_features(fitted).encoding
    new = {"price": ["1.234,5", "1.000"], "code": ["007", "3"], "city": ["b", "a"]}
    table = mark(pa.table(new), PLAIN, Origin("new.csv", 2))
    expected = [[1234.5, 7, 1], [1000, 3, 0]]
    np.testing.assert_array_equal(read_features(table, encoding=encoding).matrix, expected)
    with pytest.raises(TypeError, match=r"'price' holds text such as '1.234,5' \(row 0"):
        read_features(pa.table(new), encoding=encoding)
    mixed = mark(pa.table(new | {"price": ["1", "true"]}), PLAIN, Origin("new.csv", 2))
    words = r"^X column 'price' holds text such as 'true' \(line 3 of new.csv\), but the model was fitted on"
    with pytest.raises(TypeError, match=words):
        read_features(mixed, encoding=encoding)
