"""Tables of text become numbers, booleans or levels; what is not clear stays text, to be refused later."""

import csv
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.data.frames.typed_table import typed_table
from equipoise.data.text.reading import PLAIN, Form, Reading

TEXT = {
    "n": ["1", " +2 ", "\u22123", None],
    "f": ["1.5", "2", "1e3", ""],
    "c": ["1,5", "2", "-0,25", " "],
    "t": ["true", "FALSE", "true", None],
    "zip": ["00501", "10001", "00501", "10001"],
    "city": ["b", "a", "b", " a"],
    "mark": ["1", "2", "?", "4"],
}


def test_a_table_whose_text_says_nothing_of_types():
    table, forms = typed_table(pa.table(TEXT), PLAIN)
    assert table.to_pydict() == {
        "n": [1, 2, -3, None],
        "f": [1.5, 2.0, 1000.0, None],
        "c": [1.5, 2.0, -0.25, None],
        "t": [True, False, True, None],
        "zip": TEXT["zip"],
        "city": TEXT["city"],
        "mark": TEXT["mark"],
    }
    assert forms == {"n": Form(), "f": Form(), "c": Form(",")}
    assert table.schema.field("n").type == pa.int64()


def test_a_table_that_has_types():
    """Its text stays text, but for true and false, unless there is a reason why numbers are text."""
    table, _ = typed_table(pa.table(TEXT), PLAIN, typed=True)
    expected = TEXT | {"t": [True, False, True, None]}
    assert table.to_pydict() == expected
    table, _ = typed_table(pa.table(TEXT), Reading(null=("?",), as_number=("n",)), typed=True)
    assert table["n"].to_pylist() == [1, 2, -3, None]
    assert table["mark"].to_pylist() == [1, 2, None, 4]
    table, _ = typed_table(pa.table(TEXT), Reading(decimal=","), typed=True)
    assert table["c"].to_pylist() == ["1,5", "2", "-0,25", " "]  # a blank is a value here, and no number
    table, _ = typed_table(pa.table(TEXT), Reading(null=("",), decimal=","), typed=True)
    assert table["c"].to_pylist() == [1.5, 2.0, -0.25, None]


def test_what_is_asked():
    asked = Reading(null=("?",), as_number=("zip",), as_text=("n", "f"))
    table, _ = typed_table(pa.table(TEXT), asked)
    assert table["mark"].to_pylist() == [1, 2, None, 4]
    assert table["zip"].to_pylist() == [501, 10001, 501, 10001]
    assert table["n"].to_pylist() == TEXT["n"]
    assert table["f"].to_pylist() == ["1.5", "2", "1e3", None]
    assert pa.types.is_dictionary(table.schema.field("n").type)
    numbers, _ = typed_table(pa.table({"n": [1, 2], "x": [1.0, 2.5]}), Reading(as_text=("n", "x")))
    assert numbers.to_pydict() == {"n": ["1", "2"], "x": ["1", "2.5"]}
    with pytest.raises(ValueError, match=r"^as_text names 'm', which is no column"):
        typed_table(pa.table(TEXT), Reading(as_text=("m",)))


def test_a_model_knows_the_types():
    reading = Reading(forms=(("p", ",", "."),))
    table = pa.table({"p": ["1.234,5", "1.000"], "zip": ["10001", "20002"], "new": ["1,5", "2"]})
    found, _ = typed_table(table, reading, {"p": True, "zip": False, "gone": True})
    assert found.to_pydict() == {"p": [1234.5, 1000.0], "zip": ["10001", "20002"], "new": [1.5, 2.0]}
    found, _ = typed_table(pa.table({"p": ["1,5", "oops", " "]}), reading, {"p": True})
    assert found.to_pydict() == {"p": ["1,5", "oops", None]}


def test_a_column_without_values():
    table, forms = typed_table(pa.table({"x": pa.array([None, None], pa.string())}), PLAIN)
    assert table["x"].null_count == 2
    assert forms == {}


numbers = st.decimals(-(10**6), 10**6, places=2).map(lambda value: format(value, "f"))


rows = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6)


@given(rows, st.sampled_from([",", ".", "_", "'", " "]))
def test_numbers_with_marks_are_those_of_decimal(rows, mark):
    """Values written with marks of thousands, and read without any by Python's csv and decimal."""
    point = "," if mark == "." else "."
    swap = str.maketrans({",": mark, ".": point})
    first, second = zip(*(row for row in csv.reader(",".join(pair) for pair in rows)), strict=True)
    written = [f"{Decimal(value):,}".translate(swap) for value in first]
    plain = [value.replace(".", point) for value in second]
    reading = Reading(decimal=point, thousands=mark)
    table, _ = typed_table(pa.table({"a": written, "b": plain}), reading)
    for name, values in (("a", first), ("b", second)):
        assert [Decimal(repr(float(value))) for value in table[name].to_pylist()] == list(
            map(Decimal, values)
        )
