"""JSON is what Python's own reader makes of it, or refused."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.data.files.files import read_table


def put(tmp_path, values):
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps({"y": k, "x": value}) + "\n" for k, value in enumerate(values)))
    return path


texts = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=4).map("{}~".format)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | texts, min_size=1, max_size=5).filter(any))
def test_texts_are_those_of_python(tmp_path, values):
    assert read_table(put(tmp_path, values))["x"].to_pylist() == values


@pytest.mark.parametrize("values", [["00501", "10001"], ['"', '"a"'], ["\u201ca", "b"], ["1", None, "2"]])
def test_texts_stay_as_they_are(tmp_path, values):
    assert read_table(put(tmp_path, values))["x"].to_pylist() == values


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["1", 2, "3"], 'such as "1" and 2'),
        ([2, 2.5, "?"], 'such as "\\?" and 2'),
        (["a", {"b": 1}], 'such as "a" and {"b":1}'),
        ([True, "true"], 'such as "true" and true'),
    ],
)
def test_texts_beside_other_values_are_refused(tmp_path, values, words):
    with pytest.raises(ValueError, match=f"has texts and other values of 'x', {words}: write them alike"):
        read_table(put(tmp_path, values))


def test_keys_that_differ_by_case_only_are_refused(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1, "A": 2}\n')
    with pytest.raises(ValueError, match="has keys 'A' and 'a', which differ by case only: rename one"):
        read_table(path)


def test_long_whole_numbers_keep_their_digits(tmp_path):
    values = [10**19 + 1, 10**19 + 2, 5]
    assert [int(value) for value in read_table(put(tmp_path, values))["x"].to_pylist()] == values
