"""How text is read is checked when it is asked for, and survives JSON and Arrow's metadata."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.data.text.reading import (
    NOWHERE,
    PLAIN,
    THOUSANDS,
    Form,
    Origin,
    Reading,
    is_untyped,
    mark,
    mark_untyped,
    marks_of,
)

names = st.text(max_size=4)
decimals, thousands = st.sampled_from(["", ".", ","]), st.sampled_from(["", *THOUSANDS])
readings = st.builds(
    Reading,
    st.lists(names, max_size=2, unique=True).map(tuple),
    decimals,
    st.just(""),
    st.just(("a",)),
    st.just(("b",)),
    st.lists(st.tuples(names, st.just(","), st.sampled_from(["", ".", " "])), max_size=2).map(tuple),
)


@given(readings)
def test_a_reading_survives_json_and_a_table(reading):
    assert Reading.from_dict(json.loads(json.dumps(reading.to_dict()))) == reading
    table = mark(pa.table({"a": [1]}), reading, Origin("t.csv", 2))
    assert marks_of(table) == (reading, Origin("t.csv", 2))
    assert marks_of(pa.ipc.open_stream(_written(table)).read_all()) == (reading, Origin("t.csv", 2))


def _written(table):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue()


def test_a_table_that_was_not_read_is_plain():
    for table in (
        pa.table({"a": [1]}),
        {"a": [1]},
        None,
        pa.table({"a": [1]}).replace_schema_metadata({"k": "v"}),
    ):
        assert marks_of(table) == (PLAIN, NOWHERE)


def test_lines_are_not_known_once_rows_are_gone():
    table = mark(pa.table({"a": [1, 2, 3]}), PLAIN, Origin("t.csv", 2))
    assert marks_of(table.select(["a"]))[1] == Origin("t.csv", 2)
    assert marks_of(table.slice(1))[1] == Origin("", -1)
    assert marks_of(pa.concat_tables([table, table]))[1] == Origin("", -1)


def test_a_mark_leaves_other_metadata_alone():
    table = pa.table({"a": [1]}).replace_schema_metadata({"k": "v"})
    assert mark(table, PLAIN).schema.metadata[b"k"] == b"v"
    batch = pa.RecordBatch.from_pydict({"a": ["1"]})
    assert not is_untyped(batch)
    assert is_untyped(mark_untyped(batch))
    assert is_untyped(mark_untyped(batch).select(["a"]))


def test_what_is_asked():
    asked = Reading.asked("?", None, ",", ["a", "b", "a"], "c")
    assert asked == Reading(("?",), "", ",", ("a", "b"), ("c",))
    assert asked.form == Form(".", ",")
    assert Reading.asked().form is None
    assert Reading.asked(thousands=".").form == Form(",", ".")
    assert Reading.asked(decimal=",").form == Form(",")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"decimal": ";"}, ValueError, r"^decimal is ';': pass '\.' or ','$"),
        ({"thousands": "x"}, ValueError, "^thousands is 'x': pass ',', '.', ' '"),
        ({"decimal": ",", "thousands": ","}, ValueError, "^decimal and thousands are both ',': pass two"),
        (
            {"as_number": "a", "as_text": ["b", "a"]},
            ValueError,
            "^column 'a' is named in as_number and in",
        ),
        ({"null": 0}, TypeError, "^null is 0: pass a text or a list of texts"),
        ({"null": ["?", 0]}, TypeError, "^null holds 0: pass texts"),
        ({"as_text": None}, TypeError, "^as_text is None: pass a text or a list of texts"),
    ],
)
def test_what_cannot_be_asked(options, error, words):
    with pytest.raises(error, match=words):
        Reading.asked(**options)


def test_columns_that_do_not_exist():
    with pytest.raises(
        ValueError, match=r"^as_number names 'prise', which is no column: did you mean 'price'\?"
    ):
        Reading(as_number=("prise",)).refuse_unknown(["price", "y"])
    with pytest.raises(ValueError, match=r"^as_text names 'zip', which is no column"):
        Reading(as_text=("zip",)).refuse_unknown(["price", "y"])
    Reading(as_text=("y",)).refuse_unknown(["price", "y"])


def test_forms_that_were_found():
    found = PLAIN.found({"a": Form(), "b": Form(","), "c": Form(".", " ")})
    assert found.forms == (("b", ",", ""), ("c", ".", " "))
    assert [found.form_of(name) for name in "abcd"] == [Form(), Form(","), Form(".", " "), Form()]


def test_a_later_wish_stands_in_place_of_an_earlier_one():
    first = Reading(("?",), ",", "", ("a",), (), (("a", ",", ""),))
    later = first.overridden(Reading(("-",), ".", ",", (), ("b",)), ["a", "c"])
    assert later == Reading(("?", "-"), ".", ",", ("a",), ("b",), (("a", ".", ","), ("c", ".", ",")))
    assert first.overridden(PLAIN, ["a", "c"]) == first


RECORD = Reading().to_dict()


@pytest.mark.parametrize(
    "record",
    [
        None,
        {},
        RECORD | {"other": 1},
        RECORD | {"forms": [["a", ","]]},
        RECORD | {"forms": "a"},
        RECORD | {"forms": [["a", ",", ","]]},
        RECORD | {"forms": [["a", ";", ""]]},
        RECORD | {"decimal": ";"},
        RECORD | {"null": [1]},
    ],
)
def test_a_record_that_is_none_is_refused(record):
    with pytest.raises((TypeError, ValueError)):
        Reading.from_dict(record)
