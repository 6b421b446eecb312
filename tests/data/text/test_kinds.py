"""What a column of text holds is decided alike by a count by hand, and from Arrow's or Python's profile."""

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from equipoise.data.text.arrow_text import profile_of
from equipoise.data.text.forms import Profile
from equipoise.data.text.kinds import (
    Unclear,
    kind_of_text,
    may_be_thousands,
    place_of,
    refuse_numbers_among_levels,
)
from equipoise.data.text.reading import PLAIN, Form, Origin, Reading

WAYS = {
    "whole": ["0", "7", "12", "-305", "+4", " 8 ", "\u22129", "12345"],
    "dotted": ["1.5", "-0.25", ".5", "1e3", "1.234", "2.", "3.5E-2"],
    "comma": ["1,5", "-0,25", "12,75", "1,2345"],
    "comma of three": ["1,234", "12,500", "999,000"],
    "code": ["007", "00501", "0123"],
    "alike": ["12%", "$5", "<0.1", "1_000", "301,157.02", "1 000", "(7)", "٣", "5\u200b"],
    "truth": ["true", "FALSE", "False", " true"],
    "date": ["2020-01-31", "2021-12-01 12:30", "31/12/2019", "1.2.2020", "2020/1/5"],
    "word": ["a", "?", "none", "Oslo", "1-2", "12 kg", "", "yes", "no"],
}
NUMBERS = ("whole", "dotted", "comma", "comma of three")
SOME = [
    ("whole", "dotted"),
    ("whole", "comma", "comma of three"),
    ("whole", "code"),
    ("truth",),
    ("whole", "truth"),
    ("date", "word"),
    ("comma of three", "whole"),
    ("code", "alike", "dotted"),
]


def values_of(ways):
    return st.one_of([st.tuples(st.just(way), st.sampled_from(WAYS[way])) for way in ways])


columns = st.one_of(
    st.lists(values_of(WAYS), min_size=1, max_size=12),
    *(st.lists(values_of(some), min_size=1, max_size=8) for some in SOME),
)


def decide(column):
    """By hand: the form, "boolean", "text", or None if the column is to be refused."""
    ways = Counter(way for way, _ in column)
    total, texts = len(column), [text.strip() for _, text in column]
    if ways["truth"] == total:
        return "boolean"
    if ways["whole"] + ways["dotted"] == total:
        return Form()
    if ways["whole"] + ways["comma"] + ways["comma of three"] == total:
        return Form(",") if ways["comma"] else None
    if ways["code"] and ways["whole"] + ways["code"] == total and len({*map(len, texts)}) == 1:
        return "text"
    numbers = sum(ways[way] for way in NUMBERS)
    if ways["truth"] and ways["truth"] + numbers == total:
        return None
    if 2 * ways["date"] > total or 2 * (numbers + ways["alike"] + ways["code"]) > total:
        return None
    return "text"


def found(profile, reading=PLAIN, **options):
    try:
        return kind_of_text(profile, "x", reading, **options)
    except Unclear:
        return None


@settings(max_examples=500)
@given(columns, st.data())
@example([("code", "007"), ("whole", "123")], None)
@example([("dotted", "1.5"), ("code", "00501")], None)
def test_every_way_decides_as_by_hand(column, data):
    texts = [text for _, text in column]
    expected = decide(column)
    assert found(Profile.of(Counter(texts), None)) == expected
    assert found(profile_of(pa.chunked_array([texts]), None)) == expected
    cut = len(texts) // 2 if data is None else data.draw(st.integers(0, len(texts)))
    pieces = [pa.chunked_array([part], pa.string()) for part in (texts[:cut], texts[cut:])]
    assert found(profile_of(pieces[0], None) + profile_of(pieces[1], None)) == expected
    some, others = (Profile.of(Counter(part), None) for part in (texts[:cut], texts[cut:]))
    assert found(some + others) == expected
    assert found(Profile.of(Counter(texts), None), Reading(as_text=("x",))) == "text"
    if isinstance(expected, Form):
        assert found(Profile.of(Counter(texts), None), typed=True) is None


@given(columns, st.sampled_from([Form(","), Form(".", ","), Form(",", "."), Form(".", " "), Form(".", "_")]))
def test_both_profiles_decide_alike_if_a_form_was_asked_for(column, form):
    texts = [text for _, text in column]
    reading = Reading(decimal=form.decimal, thousands=form.thousands)
    by_hand = Profile.of(Counter(texts), form)
    assert profile_of(pa.chunked_array([texts]), form).asked == by_hand.asked
    assert found(profile_of(pa.chunked_array([texts]), form), reading) == found(by_hand, reading)


def said(texts, reading=PLAIN, **options):
    with pytest.raises(Unclear) as refused:
        kind_of_text(Profile.of(Counter(texts), reading.form), "x", reading, **options)
    return refused.value.at("column 'x'", "")


READ = "read it by equipoise.read with"
PLAINLY = f"write plain numbers without signs such as % or $, or {READ}"
MARKS = "if the marks separate thousands"
LEVELS = "as_text='x' to make its values levels, or drop it"


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (
            ["1", "?", "2.5"],
            f"holds '?' among 2 numbers: {READ} null='?' if it means a missing value, {LEVELS}",
        ),
        (
            ["1", "", "2"],
            f"holds '' among 2 numbers: {READ} null='' if it means a missing value, {LEVELS}",
        ),
        (["12%", "5%"], f"holds '12%' among numbers: {PLAINLY} {LEVELS}"),
        (["$12"], f"holds '$12': {PLAINLY} {LEVELS}"),
        (["301,157.02", "5"], f"holds '301,157.02' among numbers: {READ} thousands=',' {MARKS}, {LEVELS}"),
        (["1.234.567"], f"holds '1.234.567': {READ} decimal=',' with thousands='.' {MARKS}, {LEVELS}"),
        (["1\u2019000"], f"holds '1\u2019000': {READ} thousands=\"'\" {MARKS}, {LEVELS}"),
        (["1_000"], f"holds '1_000': {READ} thousands='_' {MARKS}, {LEVELS}"),
        (
            ["1,234", "12,500"],
            f"holds numbers in which every comma is followed by three digits: {READ} decimal=',' if it is "
            "the decimal mark, or thousands=',' if it separates thousands",
        ),
        (
            ["1,5", "1.5"],
            f"holds numbers with commas and numbers with dots: {READ} thousands=',' or decimal=',' with "
            f"thousands='.', {LEVELS}",
        ),
        (
            ["00501", "1001"],
            "holds '00501', which begins with a zero as codes do, among numbers of other lengths: "
            f"{READ} as_number='x' if it is a number, {LEVELS}",
        ),
        (
            ["2020-01-01", "2020-01-02"],
            "holds dates such as '2020-01-01': turn them into numbers, such as years or days, "
            f"{READ} as_text='x' to make them levels, or drop it",
        ),
        (
            ["1", "true", "0"],
            f"holds 'true' among 2 numbers: {READ} null='true' if it means a missing value, {LEVELS}",
        ),
    ],
)
def test_what_is_said(texts, sentence):
    assert said(texts) == f"column 'x' {sentence}"


def test_what_is_said_of_forms_that_were_asked_for():
    thousands = Reading(thousands=",")
    assert said(["1,234", "12,34"], thousands).startswith(
        "column 'x' holds numbers not written with decimal='.' and thousands=','"
    )
    german = Reading(decimal=",")
    assert "every dot is followed by three digits" in said(["1.234", "5"], german)
    assert kind_of_text(Profile.of({"1.5": 1, "1.234": 1}, german.form), "x", german) == Form()
    assert kind_of_text(Profile.of({"1,234": 1}, german.form), "x", german) == Form(",")
    assert kind_of_text(Profile.of({"1,234": 1}, thousands.form), "x", thousands) == Form(".", ",")


def test_a_column_said_to_hold_numbers():
    reading = Reading(as_number=("x",))
    assert found(Profile.of(Counter(["00501", "12"]), None), reading) == Form()
    assert found(Profile.of(Counter(["00501", "1,5"]), None), reading) == Form(",")
    assert found(Profile.of(Counter(["1", "2"]), None), reading, typed=True) == Form()
    for other in ("?", "true", "12%"):
        assert said(["1", other, "2"], reading) == (
            f"column 'x' holds '{other}', which is no number, though as_number names it: {READ} "
            f"null='{other}' if it means a missing value, or correct it"
        )


def test_text_that_could_have_been_numbers():
    assert said(["1", "2.5"], typed=True) == (
        "column 'x' is text, though all its values are numbers: convert it to numbers, or "
        f"{READ} as_number='x', or as_text='x' if they are levels"
    )
    assert "every dot is followed by three digits" in said(["1.234", "2.345"], typed=True)
    assert found(Profile.of(Counter(["true", "false"]), None), typed=True) == "boolean"
    assert found(Profile(), typed=True) == "text"


def test_levels_most_of_which_are_numbers_are_refused_however_few_rows_have_them():
    texts = ["none"] * 90 + ["1", "2", "3"]
    assert found(Profile.of(Counter(texts), None)) == "text"
    with pytest.raises(Unclear, match="holds 'none' among 3 numbers"):
        refuse_numbers_among_levels(["none", "1", "2", "3"], "x", PLAIN)
    refuse_numbers_among_levels(["none", "other", "1", "2"], "x", PLAIN)
    refuse_numbers_among_levels(["00501", "10001"], "x", PLAIN)


def test_dots_of_thousands_are_told_by_another_column():
    of_three, others = Profile.of({"1.234": 2, "12": 1}, None), Profile.of({"1.234": 2, "1.5": 1}, None)
    kinds = {"x": Form(), "price": Form(",")}
    assert may_be_thousands(of_three, kinds, "x", PLAIN)
    assert not may_be_thousands(others, kinds, "x", PLAIN)
    assert not may_be_thousands(of_three, {"x": Form(), "price": Form()}, "x", PLAIN)
    assert not may_be_thousands(of_three, kinds, "x", Reading(as_number=("x",)))
    by_arrow = profile_of(pa.chunked_array([["1.234", "1.234", "12"]]), None)
    assert may_be_thousands(by_arrow, kinds, "x", PLAIN)


def test_places():
    assert place_of(3, Origin("t.csv", 2)) == "line 5 of t.csv"
    assert place_of(3, Origin("", 2)) == "line 5"
    assert place_of(3, Origin("t.parquet")) == "row 3 of t.parquet, counting from 0"
    assert place_of(3, Origin("", -1)) == "row 3, counting from 0"
