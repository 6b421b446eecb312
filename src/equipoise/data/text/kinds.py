"""Deciding whether a column of plain text holds numbers, true and false, or levels.

Text is never guessed to be what most of it looks like: a column is numeric if every value is a number, and
refused if most values are numbers and some are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from equipoise.data.arguments.messages import count
from equipoise.data.text.forms import (
    CODE,
    DATE,
    GROUPS,
    SIGN,
    Profile,
    is_of,
    is_truth,
    looks_like_a_number,
    number_pattern,
    parse_number,
)
from equipoise.data.text.reading import Form, Origin, Reading

Kind: TypeAlias = Form | Literal["boolean", "text"]

READ = "read it by equipoise.read with"
"""Begins a remedy; the command line has options of the same names."""


class Unclear(ValueError):
    """A column of text that is neither clearly numbers nor clearly levels.

    Attributes
    ----------
    value : str or None
        The value that makes it unclear, whose place is to be named; None if it is no single one.
    said, remedy : str
        What to say of the column before and after the place.
    """

    def __init__(self, value: str | None, said: str, remedy: str) -> None:
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
    truths = [text for text in profile.others if is_truth(text)]
    if profile.all_held and len(truths) == len(profile.others):
        return "boolean"
    form = _form(profile, column, reading)
    if form is not None:
        if typed and not forced:
            raise _all_numbers(profile, column)
        return form
    if forced:
        return _forced_form(profile, column, reading)
    if not profile.more and profile.whole + profile.others.total() == profile.total and _is_code(profile):
        return "text"
    if truths and len(truths) == len(profile.others) and not profile.more:
        raise _among_numbers(truths[0], column, profile.numbers)
    dates = [text for text in profile.others if is_of(text.strip(), DATE)]
    if 2 * sum(profile.others[text] for text in dates) > profile.total:
        raise Unclear(
            dates[0],
            f"holds dates such as '{dates[0]}'",
            f"turn them into numbers, such as years or days, {READ} as_text='{column}' to make them levels, "
            "or drop it",
        )
    _refuse_mostly_numbers(profile, column, reading)
    return "text"


def refuse_numbers_among_levels(levels: Iterable[str], column: str, reading: Reading) -> None:
    """Refuse levels most of which are numbers, however many rows they have.

    Parameters
    ----------
    levels : iterable of str
        The distinct values of a column of text.
    column : str
        The column's name.
    reading : Reading
        What was asked for.

    Raises
    ------
    Unclear
        As :func:`kind_of_text`.
    """
    kind_of_text(Profile.of(dict.fromkeys(levels, 1), reading.form), column, reading)


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
            raise every_dot(column)
        return Form()
    if form is None and profile.comma and profile.whole + profile.comma == total:
        return _comma_form(profile)
    return None


def _comma_form(profile: Profile) -> Form:
    """The form of numbers with commas; Unclear if these may separate thousands."""
    if profile.comma == profile.three:
        raise Unclear(
            None,
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
            None,
            "holds numbers with commas and numbers with dots",
            f"{READ} thousands=',' or decimal=',' with thousands='.', or correct it",
        )
    return form


def _is_code(profile: Profile) -> bool:
    """Tell whether whole numbers with leading zeros are codes: all of them have the same length."""
    if not profile.others or not all(is_of(text.strip(), CODE) for text in profile.others):
        return False
    return len(profile.widths | {len(text.strip()) for text in profile.others}) == 1


def may_be_thousands(profile: Profile, kinds: Mapping[str, Kind], column: str, reading: Reading) -> bool:
    """Tell whether the dots of a column may separate thousands, since another column has decimal commas.

    Parameters
    ----------
    profile : Profile
        The profile of the column.
    kinds : dict of str to Kind
        What the columns of its text file hold.
    column : str
        The column's name.
    reading : Reading
        What was asked for.
    """
    dots = profile.dotted == profile.three > 0 and kinds[column] == Form() and reading.form is None
    return dots and column not in reading.as_number and Form(",") in kinds.values()


def every_dot(column: str) -> Unclear:
    """Say of a column that its dots may be decimal points or separate thousands."""
    return Unclear(
        None,
        "holds numbers in which every dot is followed by three digits",
        f"{READ} thousands='.' if the dots separate thousands, or as_number='{column}' if they are "
        "decimal points",
    )


def _among_numbers(value: str, column: str, numbers: int) -> Unclear:
    return Unclear(
        value,
        f"holds '{value}' among {count(numbers, 'number')}",
        f"{READ} null={value!r} if it means a missing value, {_levels_or_none(column)}",
    )


def _levels_or_none(column: str) -> str:
    return f"as_text='{column}' to make its values levels, or drop it"


def _all_numbers(profile: Profile, column: str) -> Unclear:
    if profile.dotted == profile.three > 0:
        return every_dot(column)
    return Unclear(
        None,
        "is text, though all its values are numbers",
        f"convert it to numbers, or {READ} as_number='{column}', or as_text='{column}' if they are levels",
    )


def _refuse_mostly_numbers(profile: Profile, column: str, reading: Reading) -> None:
    """Refuse a column most of whose values are numbers, or look like numbers."""
    alike = {text: n for text, n in profile.others.items() if looks_like_a_number(text)}
    numbers = profile.numbers + sum(alike.values())
    if 2 * numbers <= profile.total:
        return
    value = next((text for text in profile.others if text not in alike), None)
    if value is not None:
        raise _among_numbers(value, column, numbers)
    if alike:
        value = next(iter(alike))
        raise Unclear(value, *_marked(value, column, profile))
    form = reading.form
    said = (
        "holds numbers with commas and numbers with dots"
        if form is None
        else f"holds numbers not written with decimal={form.decimal!r} and thousands={form.thousands!r}"
    )
    raise Unclear(
        None, said, f"{READ} thousands=',' or decimal=',' with thousands='.', {_levels_or_none(column)}"
    )


def _marked(value: str, column: str, profile: Profile) -> tuple[str, str]:
    """What to say of a column of numbers that are written in a way that is not read."""
    bare, levels = value.strip(), _levels_or_none(column)
    said = f"holds '{value}' among numbers" if profile.total > profile.others[value] else f"holds '{value}'"
    if is_of(bare, number_pattern(Form(), codes=True)):
        return (
            f"holds '{value}', which begins with a zero as codes do, among numbers of other lengths",
            f"{READ} as_number='{column}' if it is a number, {levels}",
        )
    if is_of(bare, f"{SIGN}{GROUPS}"):
        mark = next(c for c in bare.lstrip("+-\u2212") if not c.isdecimal())
        mark = {"\u00a0": " ", "\u202f": " ", "\u2019": "'"}.get(mark, mark)
        decimal = "decimal=',' with " if mark == "." else ""
        return said, f"{READ} {decimal}thousands={mark!r} if the marks separate thousands, {levels}"
    return said, f"write plain numbers without signs such as % or $, or {READ} {levels}"


def place_of(row: int, origin: Origin) -> str:
    """Say where a row is: its line in a file, or its index."""
    if origin.line > 0:
        return f"line {origin.line + row} of {origin.file}" if origin.file else f"line {origin.line + row}"
    return f"row {row}{f' of {origin.file}' if origin.file else ''}, counting from 0"
