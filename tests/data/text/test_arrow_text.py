"""Arrow's columns of text become what Python makes of each of their texts."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.data.text.arrow_text import (
    all_truths,
    convert,
    first_other,
    is_text,
    usual_batch,
    with_nulls,
    without_views,
)
from equipoise.data.text.forms import NotANumber
from equipoise.data.text.reading import Form

floats = st.floats(allow_nan=False, allow_infinity=False)
whole = st.integers(-(2**70), 2**70)


@given(
    st.lists(st.one_of(st.none(), floats.map(repr), whole.map(str), floats.map("{:+.3f}".format)), max_size=9)
)
def test_numbers_are_those_of_python(texts):
    found = convert(pa.chunked_array([texts], pa.string()), Form()).to_pylist()
    assert len(found) == len(texts)
    for text, value in zip(texts, found, strict=True):
        assert (value is None) == (text is None)
        assert text is None or float(value) == float(text)


@given(st.lists(whole, min_size=1, max_size=9))
def test_no_digit_of_a_whole_number_is_lost(values):
    found = convert(pa.chunked_array([[f"{value:+,}" for value in values]]), Form(".", ","))
    assert [int(value) for value in found.to_pylist()] == values


@given(st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1, max_size=9))
def test_decimal_commas(values):
    found = convert(pa.chunked_array([[format(v, "f").replace(".", ",") for v in values]]), Form(","))
    np.testing.assert_array_equal(np.array(found.to_pylist(), float), [float(v) for v in values])


@given(st.lists(st.text("0123456789+-.,eE %at\u2212", max_size=6), min_size=1, max_size=6))
def test_a_text_that_is_no_number_makes_it_fail(texts):
    column = pa.chunked_array([texts])
    other = next((text for text in texts if by_python(text) is None), None)
    assert first_other(column, Form()) == other
    if other is None:
        assert [float(v) for v in convert(column, Form()).to_pylist()] == list(map(by_python, texts))
    else:
        with pytest.raises(NotANumber) as refused:
            convert(column, Form())
        assert refused.value.value == other


def by_python(text):
    """What Python's own float makes of a text, unless it is a code."""
    bare = text.strip().replace("\u2212", "-")
    digits = bare.lstrip("+-")
    if digits[:1] == "0" and digits[1:2].isdigit():
        return None
    try:
        return float(bare)
    except ValueError:
        return None


def test_true_and_false():
    found = convert(pa.chunked_array([["TRUE", None], [" false"]]), "boolean")
    assert found.type == pa.bool_()
    assert found.to_pylist() == [True, None, False]
    assert convert(pa.chunked_array([["true", "false"]]), Form()).to_pylist() == [1, 0]
    for mixed in (["1", "true"], ["true", "0"], ["1.5", None, "False"]):
        with pytest.raises(NotANumber):
            convert(pa.chunked_array([mixed]), Form())
        assert first_other(pa.chunked_array([mixed]), Form()) in ("true", "False")
    assert all_truths(pa.chunked_array([["true", None]]))
    assert not all_truths(pa.chunked_array([["true", "1"]]))


def test_codes_are_numbers_only_if_that_is_said():
    codes = pa.chunked_array([["007", "12"]])
    with pytest.raises(NotANumber, match="'007' is no number"):
        convert(codes, Form())
    assert convert(codes, Form(), codes=True).to_pylist() == [7, 12]
    assert first_other(codes, Form()) == "007"
    assert first_other(codes, Form(), codes=True) is None


def test_whole_numbers_of_any_length():
    found = convert(pa.chunked_array([[str(2**63 - 1), str(2**63)]]), Form())
    assert found.to_pylist() == [Decimal(2**63 - 1), Decimal(2**63)]
    assert convert(pa.chunked_array([["9" * 80]]), Form()).to_pylist() == [float("9" * 80)]


def test_entries_that_mean_a_missing_value():
    column = pa.chunked_array([["a", " ? ", "", None], ["?", "  ", "b"]])
    assert with_nulls(column, ("?",)).to_pylist() == ["a", None, None, None, None, None, "b"]
    assert with_nulls(column, ("?",), typed=True).to_pylist() == with_nulls(column, ("?",)).to_pylist()
    assert with_nulls(column, ()).to_pylist() == ["a", " ? ", None, None, "?", None, "b"]
    assert with_nulls(column, (), typed=True) is column


@pytest.mark.skipif(not hasattr(pa, "string_view"), reason="this pyarrow has no views")
def test_views_become_text_that_every_function_takes():
    text = pa.array(["b", "a", None], pa.string_view())
    codes = pa.array([1, 0, None], pa.int8())
    levels = pa.DictionaryArray.from_arrays(codes, pa.array(["a", "b"], pa.string_view()), ordered=True)
    batch = pa.RecordBatch.from_arrays([text, levels, pa.array([1, 2, 3])], ["t", "d", "cafe\u0301"])
    found = usual_batch(batch)
    assert found.schema.names == ["t", "d", "caf\u00e9"]
    assert is_text(found.schema.field("t").type)
    assert found.schema.field("t").type == pa.large_string()
    assert found.schema.field("d").type == pa.dictionary(pa.int8(), pa.large_string(), ordered=True)
    assert found.column("t").to_pylist() == found.column("d").to_pylist() == ["b", "a", None]
    table = without_views(pa.Table.from_batches([batch, batch]))
    assert table.column("d").to_pylist() == ["b", "a", None] * 2
    assert table.column("d").type.ordered
