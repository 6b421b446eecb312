"""Numbers written in any form are what Python's own float makes of them written plainly."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.data.text.forms import (
    NotANumber,
    Profile,
    is_truth,
    looks_like_a_number,
    parse_number,
    parse_texts,
)
from equipoise.data.text.reading import Form

GERMAN, SWISS, ENGLISH = Form(",", "."), Form(".", "'"), Form(".", ",")
MARKS = {",": [","], ".": ["."], "'": ["'"], "_": ["_"], " ": [" ", "\u00a0", "\u202f"]}


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("5", Form(), 5),
        ("+5", Form(), 5),
        ("\u22125", Form(), -5),
        (" 5\u00a0", Form(), 5),
        ("1.", Form(), 1.0),
        (".5", Form(), 0.5),
        ("-0", Form(), 0),
        ("1e3", Form(), 1000.0),
        ("1E\u22123", Form(), 0.001),
        ("inf", Form(), float("inf")),
        ("1,5", Form(","), 1.5),
        (",5", Form(","), 0.5),
        ("1.234", GERMAN, 1234),
        ("1.234.567,5", GERMAN, 1234567.5),
        ("1234,5", GERMAN, 1234.5),
        ("301,157.02", ENGLISH, 301157.02),
        ("1'000", SWISS, 1000),
        ("1\u00a0000\u202f000,5", Form(",", " "), 1000000.5),
        ("1_000", Form(".", "_"), 1000),
        (str(10**40), Form(), 10**40),
    ],
)
def test_what_a_number_is(text, form, value):
    found = parse_number(text, form)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        *[
            (text, Form())
            for text in ("", " ", ".", "-", "e5", "1e", "1 000", "1_000", "0x10", "12%", "$12", "<0.1", "1,5")
        ],
        *[
            (text, Form())
            for text in ("007", "-007", "00.5", "--1", "1.2.3", "nan", "true", "٣", "１", "½", "²")
        ],
        *[
            (text, ENGLISH)
            for text in ("1,23", "12,34,567", "1234,567", ",123", "0,123", "1,234,", "1.234,5")
        ],
        *[(text, GERMAN) for text in ("1.23", "1.5", "1,234.5")],
        *[(text, SWISS) for text in ("1\u2019000", "1''000")],
    ],
)
def test_what_is_no_number(text, form):
    assert parse_number(text, form) is None


def test_leading_zeros_are_numbers_where_that_is_said():
    assert parse_number("007", Form(), codes=True) == 7
    assert parse_number("-00.50", Form(), codes=True) == -0.5
    assert parse_number("0.1.2", Form(), codes=True) is None


numbers = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-(10**9), 10**9, places=2).map(lambda value: format(value, "f")),
)


@st.composite
def written(draw):
    """A number as Python writes it, its form, and the same number in that form."""
    plain, form = draw(numbers), Form(draw(st.sampled_from(".,")), draw(st.sampled_from(["", *MARKS])))
    if form.thousands == form.decimal:
        form = Form(form.decimal, "")
    sign, bare = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    mantissa, e, exponent = bare.partition("e")
    whole, dot, decimals = mantissa.partition(".")
    if form.thousands and draw(st.booleans()):
        mark = draw(st.sampled_from(MARKS[form.thousands]))
        whole = f"{int(whole):,}".replace(",", mark)
    sign = draw(st.sampled_from(["-", "\u2212"] if sign else ["", "+"]))
    e = draw(st.sampled_from("eE")) if e else ""
    text = f"{sign}{whole}{form.decimal if dot else ''}{decimals}{e}{exponent}"
    blanks = st.text(" \t\u00a0", max_size=2)
    return plain, form, draw(blanks) + text + draw(blanks)


@given(written())
def test_a_number_in_any_form_is_what_it_is_written_plainly(case):
    plain, form, text = case
    found = parse_number(text, form)
    assert found is not None
    assert float(found) == float(plain)
    if not set(".e") & set(plain):
        assert found == int(plain)


texts = st.one_of(st.text(max_size=6), st.text("0123456789+-\u2212.,eE _'\u00a0", max_size=9))
forms = st.builds(Form, st.sampled_from(".,"), st.sampled_from(["", " ", "'", "_"]))


@given(texts, forms)
def test_what_is_no_number_is_never_made_one(text, form):
    found = parse_number(text, form)
    if found is None:
        return
    plain = text.strip().replace("\u2212", "-")
    assert "_" not in plain or form.thousands == "_"
    for mark in MARKS.get(form.thousands, []):
        plain = plain.replace(mark, "")
    assert "." not in plain or form.decimal == "."
    plain = plain.replace(form.decimal, ".")
    assert plain.isascii()
    assert float(plain) == float(found)
    digits = plain.lstrip("+-")
    assert not (digits.startswith("0") and digits[1:2].isdigit()), "a code"


@given(st.lists(texts, max_size=20), st.lists(texts, max_size=20), st.none() | forms)
def test_profiles_of_pieces_add_up(some, others, form):
    whole = Profile.of(Counter(some + others), form)
    joined = Profile.of(Counter(some), form) + Profile.of(Counter(others), form)
    assert joined == whole
    assert list(joined.others) == list(whole.others)
    assert whole.total == len(some + others)


def test_a_profile_holds_so_many_texts_and_counts_the_rest(monkeypatch):
    monkeypatch.setattr("equipoise.data.text.forms.MANY_TEXTS", 2)
    found = Profile.of({"a": 2, "b": 1, "c": 5, "1": 3}, None) + Profile.of({"c": 1, "a": 1}, None)
    assert (found.others, found.more, found.whole, found.total) == ({"a": 3, "b": 1}, 6, 3, 13)
    assert not found.all_held


@pytest.mark.parametrize(
    "text",
    [
        *["12%", "$12", "12 €", "<0.1", "≥ 5", "1_000", "301,157.02", "1.234.567,89", "1 000", "1'000", "~3"],
        *["5*", "(12)", "12-", "12,34,567", "١٢", "１２", "١٢٫٥", "5\u200b", "\ufeff5", "-$3", "$-3", "007"],
    ],
)
def test_what_looks_like_a_number(text):
    assert parse_number(text, Form()) is None
    assert looks_like_a_number(text)


@pytest.mark.parametrize(
    "text", ["?", "a1", "1a", "12 kg", "1-2", "1/2", "v1.2.3", "12:30", "", "none", "III", "%"]
)
def test_what_does_not(text):
    assert not looks_like_a_number(text)


def test_true_and_false_are_numbers_by_themselves_only():
    assert parse_texts(["true", " FALSE", "True"], Form()) == [1, 0, 1]
    assert parse_texts(["1.5", "2"], Form()) == [1.5, 2]
    for others in (["1", "true"], ["false", "0"], ["yes"], ["t"]):
        with pytest.raises(NotANumber) as refused:
            parse_texts(others, Form())
        assert refused.value.value == next(text for text in others if not text.isdecimal())
    assert not any(map(is_truth, ["t", "yes", "1", "", "truely"]))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6))
def test_decimal_commas_agree_with_the_decimals_of_python(value):
    assert float(parse_number(format(value, "f").replace(".", ","), Form(","))) == float(Decimal(value))
