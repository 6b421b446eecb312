"""Deciding whether a column of plain text holds numbers, true and false, or levels.

Text is never guessed to be what most of it looks like: a column is numeric if every value is a number, and
refused if most values are numbers and some are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeAlias

from equipoise.data.arguments.messages import count
from equipoise.data.text.reading import Form, Origin, Reading

Kind: TypeAlias = Form | Literal["boolean", "text"]

SIGN = "[+\\-\u2212]?"
EXPONENT = f"([eE]{SIGN}[0-9]+)?"
INFINITY = f"{SIGN}(?i:inf|infinity)"
DIGITS = "(0|[1-9][0-9]*)"
WHOLE = f"{SIGN}{DIGITS}"
CODE = f"{SIGN}0[0-9]+"
DOTTED = f"{SIGN}({DIGITS}?\\.[0-9]+{EXPONENT}|{DIGITS}\\.{EXPONENT}|{DIGITS}[eE]{SIGN}[0-9]+)"
COMMA = f"{SIGN}{DIGITS}?,[0-9]+{EXPONENT}"
GROUP_OF_THREE = f"{SIGN}[0-9]+[.,][0-9]{{3}}"
DATE = r"[0-9]{4}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-][0-9:]+)?)?"
GROUPS = "[0-9]{1,3}([ ,._'\u2019\u00a0\u202f][0-9]{3})+([.,][0-9]+)?"
NUMBERLIKE = (
    f"[<>=~\u2264\u2265\u2248]*\\s*[$\u20ac\u00a3\u00a5]?\\s*{SIGN}[$\u20ac\u00a3\u00a5]?\\s*"
    f"({GROUPS}|[0-9]+(_[0-9]+)*([.,][0-9]*)?|[.,][0-9]+){EXPONENT}\\s*[%\u2030$\u20ac\u00a3\u00a5*]?"
)
SPACES = "[ \u00a0\u202f]"

READ = "read it by equipoise.read with"
"""Begins a remedy; the command line has options of the same names."""

MANY_TEXTS = 100_000
"""Distinct texts, other than numbers, that a profile holds; later ones are only counted."""


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _is(text: str, expression: str) -> bool:
    return _pattern(expression).fullmatch(text) is not None


@cache
def number_pattern(form: Form, codes: bool = False) -> str:
    """Return a regular expression of the numbers of a form; `codes` allows leading zeros."""
    decimal = re.escape(form.decimal)
    whole = "[0-9]+" if codes else "(0|[1-9][0-9]*)"
    if form.thousands:
        mark = SPACES if form.thousands == " " else re.escape(form.thousands)
        whole = f"({whole}|[1-9][0-9]{{0,2}}({mark}[0-9]{{3}})+)"
    return f"{SIGN}({whole}({decimal}[0-9]*)?|{decimal}[0-9]+){EXPONENT}|{INFINITY}"


def parse_number(text: str, form: Form, codes: bool = False) -> int | float | None:
    """Return the number, true or false that a text holds; None if it holds none.

    Parameters
    ----------
    text : str
        Such as ``+5`` or ``1.234,5``; blanks around it do not matter, and U+2212 is a minus.
    form : Form
        How numbers are written.
    codes : bool, default False
        Whether a number may have leading zeros.

    Examples
    --------
    >>> parse_number(" +5 ", Form()), parse_number("1.234,5", Form(",", ".")), parse_number("007", Form())
    (5, 1234.5, None)
    """
    bare = text.strip()
    if bare.lower() in ("true", "false"):
        return int(bare.lower() == "true")
    if not _is(bare, number_pattern(form, codes)):
        return None
    bare = bare.replace("\u2212", "-")
    if form.thousands:
        bare = re.sub(SPACES, "", bare) if form.thousands == " " else bare.replace(form.thousands, "")
    bare = bare.replace(form.decimal, ".")
    return int(bare) if _is(bare, "[+-]?[0-9]+") and len(bare) < 400 else float(bare)


@dataclass
class Profile:
    """What the values of a column of text look like, in numbers of values; profiles of pieces add up.

    Attributes
    ----------
    whole, dotted, comma : int
        Numbers such as 12, such as 1.5 or 1e5, and such as 1,5.
    three : int
        Those of `dotted` and `comma` in which exactly three digits follow the mark.
    asked : int
        Numbers of the form that was asked for.
    widths : set of int
        Lengths of the texts of `whole`.
    others : Counter
        All other texts, in the order in which they first occur.
    more : int
        Values that `others` has no room for.
    """

    whole: int = 0
    dotted: int = 0
    comma: int = 0
    three: int = 0
    asked: int = 0
    widths: set[int] = field(default_factory=set)
    others: Counter[str] = field(default_factory=Counter)
    more: int = 0

    @property
    def total(self) -> int:
        """Number of values that are not missing."""
        return self.whole + self.dotted + self.comma + self.others.total() + self.more

    @property
    def all_held(self) -> bool:
        """Whether `others` holds every text: none is a number, and none was left out."""
        return self.others.total() == self.total

    def add(self, text: str, number: int, form: Form | None) -> None:
        """Count a text that occurs `number` times; `form` is the form of numbers that was asked for."""
        bare = text.strip()
        if not bare:
            return
        if form is not None and _is(bare, number_pattern(form)):
            self.asked += number
        if _is(bare, WHOLE) or _is(bare, INFINITY):
            self.whole += number
            self.widths.add(len(bare))
        elif _is(bare, DOTTED) or _is(bare, COMMA):
            if _is(bare, DOTTED):
                self.dotted += number
            else:
                self.comma += number
            self.three += number if _is(bare, GROUP_OF_THREE) else 0
        elif text in self.others or len(self.others) < MANY_TEXTS:
            self.others[text] += number
        else:
            self.more += number

    def __add__(self, other: Profile) -> Profile:
        both = Profile(
            self.whole + other.whole,
            self.dotted + other.dotted,
            self.comma + other.comma,
            self.three + other.three,
            self.asked + other.asked,
            self.widths | other.widths,
            Counter(self.others),
            self.more + other.more,
        )
        for text, number in other.others.items():
            if text in both.others or len(both.others) < MANY_TEXTS:
                both.others[text] += number
            else:
                both.more += number
        return both

    @classmethod
    def of(cls, texts: Mapping[str, int], form: Form | None) -> Profile:
        """Return the profile of texts that occur so often."""
        found = cls()
        for text, number in texts.items():
            found.add(text, number, form)
        return found


class Unclear(ValueError):
    """A column of text that is neither clearly numbers nor clearly levels.

    Attributes
    ----------
    value : str
        The value that makes it unclear; its place is to be named.
    said, remedy : str
        What to say of the column before and after the place.
    """

    def __init__(self, value: str, said: str, remedy: str) -> None:
        super().__init__(f"{said}: {remedy}")
        self.value, self.said, self.remedy = value, said, remedy

    def at(self, column: str, where: str) -> str:
        """Return the sentence, with the column and the place of the value."""
        return f"{column} {self.said}{f' ({where})' if where else ''}: {self.remedy}"


def kind_of_text(profile: Profile, column: str, reading: Reading, *, typed: bool = False) -> Kind:
    """Decide what a column of plain text holds.

    Parameters
    ----------
    profile : Profile
        What its values look like, made with the form that `reading` asks for.
    column : str
        The column's name.
    reading : Reading
        What was asked for.
    typed : bool, default False
        Whether the column comes from a source that could have held numbers, such as a data frame: text that
        is all numbers is then refused.

    Returns
    -------
    Form, "boolean" or "text"
        The form of its numbers, or what else it holds.

    Raises
    ------
    Unclear
        If most values are numbers and others are not, or the numbers can be read in two ways.
    """
    if column in reading.as_text or not profile.total:
        return "text"
    forced = column in reading.as_number
    if not (profile.total - profile.others.total()) and all(
        text.strip().lower() in ("true", "false") for text in profile.others
    ):
        return "boolean"
    form = _form(profile, column, reading)
    if form is not None:
        if typed and not forced:
            raise _all_numbers(column)
        return form
    if forced:
        return _forced_form(profile, column, reading)
    if not profile.more and profile.whole + profile.others.total() == profile.total and _is_code(profile):
        return "text"
    if profile.all_held and all(_is(text.strip(), DATE) for text in profile.others):
        value = next(iter(profile.others))
        raise Unclear(
            value,
            f"holds dates such as '{value}'",
            f"turn them into numbers, such as years or days, {READ} as_text='{column}' to make them levels, "
            "or drop it",
        )
    _refuse_mostly_numbers(profile, column)
    return "text"


def _form(profile: Profile, column: str, reading: Reading) -> Form | None:
    """The form in which every value is a number, if there is one; Unclear if there are two."""
    form, total = reading.form, profile.total
    if form is not None and profile.asked == total:
        return form
    if profile.whole + profile.dotted == total:
        if (
            form is not None
            and form.decimal == ","
            and profile.dotted == profile.three > 0
            and column not in reading.as_number
        ):
            raise Unclear(
                "",
                "holds numbers in which every dot is followed by three digits",
                f"{READ} thousands='.' if the dots separate thousands, or as_number='{column}' if they are "
                "decimal points",
            )
        return Form()
    if form is None and profile.comma and profile.whole + profile.comma == total:
        return _comma_form(profile)
    return None


def _comma_form(profile: Profile) -> Form:
    """The form of numbers with commas; Unclear if these may separate thousands."""
    if profile.comma == profile.three:
        raise Unclear(
            "",
            "holds numbers in which every comma is followed by three digits",
            f"{READ} decimal=',' if it is the decimal mark, or thousands=',' if it separates thousands",
        )
    return Form(",")


def _forced_form(profile: Profile, column: str, reading: Reading) -> Form:
    """The form of a column that is said to hold numbers; Unclear if a value is none."""
    form = reading.form or (_comma_form(profile) if profile.comma and not profile.dotted else Form())
    for text in profile.others:
        if parse_number(text, form, codes=True) is None:
            raise Unclear(
                text,
                f"holds '{text}', which is no number, though as_number names it",
                f"{READ} null={text!r} if it means a missing value, or correct it",
            )
    if profile.comma and profile.dotted:
        raise Unclear(
            "",
            "holds numbers with commas and numbers with dots",
            f"{READ} thousands=',' or decimal=',' with thousands='.', or correct it",
        )
    return form


def _is_code(profile: Profile) -> bool:
    """Tell whether whole numbers with leading zeros are codes: all of them have the same length."""
    if not profile.others or not all(_is(text.strip(), CODE) for text in profile.others):
        return False
    return len(profile.widths | {len(text.strip()) for text in profile.others}) == 1


def _all_numbers(column: str) -> Unclear:
    return Unclear(
        "",
        "is text, though all its values are numbers",
        f"convert it to numbers, or {READ} as_number='{column}', or as_text='{column}' if they are levels",
    )


def _refuse_mostly_numbers(profile: Profile, column: str) -> None:
    """Refuse a column most of whose values are numbers, or look like numbers."""
    numbers = profile.whole + profile.dotted + profile.comma
    alike = {text: n for text, n in profile.others.items() if _is(text.strip(), NUMBERLIKE)}
    if 2 * (numbers + sum(alike.values())) <= profile.total:
        return
    value = next((text for text in profile.others if text not in alike), None) or next(iter(alike), "")
    drop = f"as_text='{column}' to make its values levels, or drop it"
    if value in alike or not value:
        raise Unclear(value, *_marked(value, column, profile, drop))
    raise Unclear(
        value,
        f"holds '{value}' among {count(numbers + sum(alike.values()), 'number')}",
        f"{READ} null={value!r} if it means a missing value, {drop}",
    )


def _marked(value: str, column: str, profile: Profile, drop: str) -> tuple[str, str]:
    """What to say of a column of numbers that are written in a way that is not read."""
    bare = value.strip()
    said = f"holds '{value}' among numbers" if profile.total > profile.others[value] else f"holds '{value}'"
    if not value:
        also = "and numbers with dots" if profile.dotted else "but decimal and thousands say otherwise"
        return (
            f"holds numbers with commas {also}",
            f"{READ} thousands=',' or decimal=',' with thousands='.', {drop}",
        )
    if _is(bare, CODE):
        return (
            f"holds '{value}', which begins with a zero as codes do, among numbers of other lengths",
            f"{READ} as_number='{column}' if it is a number, {drop}",
        )
    if _is(bare, f"{SIGN}{GROUPS}"):
        mark = next(c for c in bare.lstrip("+-\u2212") if not c.isdecimal())
        mark = {"\u00a0": " ", "\u202f": " ", "\u2019": "'"}.get(mark, mark)
        decimal = "decimal=',' with " if mark == "." else ""
        return said, f"{READ} {decimal}thousands={mark!r} if the marks separate thousands, {drop}"
    return said, f"write plain numbers without signs such as % or $, or {READ} {drop}"


def place_of(row: int, origin: Origin) -> str:
    """Say where a row is: its line in a file, or its index."""
    if origin.line > 0:
        return f"line {origin.line + row} of {origin.file}" if origin.file else f"line {origin.line + row}"
    return f"row {row}{f' of {origin.file}' if origin.file else ''}, counting from 0"
