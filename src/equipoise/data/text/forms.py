"""Forms of numbers in text, and profiles: how many values of a column have which form."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from equipoise.data.text.reading import Form

SIGN = "[+\\-\u2212]?"
EXPONENT = f"([eE]{SIGN}[0-9]+)?"
INFINITY = f"{SIGN}(?i:inf|infinity)"
DIGITS = "(0|[1-9][0-9]*)"
WHOLE = f"{SIGN}{DIGITS}"
CODE = f"{SIGN}0[0-9]+"
DOTTED = f"{SIGN}({DIGITS}?\\.[0-9]+{EXPONENT}|{DIGITS}\\.{EXPONENT}|{DIGITS}[eE]{SIGN}[0-9]+)"
COMMA = f"{SIGN}{DIGITS}?,[0-9]+{EXPONENT}"
GROUP_OF_THREE = f"{SIGN}[0-9]+[.,][0-9]{{3}}"
ISO_DATE = (
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-][0-9:]+)?)?"
)
TWO = "[0-9]{1,2}"
DAY = f"([0-9]{{4}}[-/.]{TWO}[-/.]{TWO}|{TWO}[-/.]{TWO}[-/.][0-9]{{4}}|{TWO}/{TWO}/[0-9]{{2}})"
DATE = f"{DAY}([ T]{TWO}:[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?\\s*([AaPp][Mm]|Z|[+-][0-9:]+)?)?"
GROUPS = "[0-9]{1,3}([ ,._'\u2019\u00a0\u202f][0-9]{3})+([.,][0-9]+)?"
LAKHS = "[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}([.][0-9]+)?"
NUMBERLIKE = (
    f"[<>=~\u2264\u2265\u2248]*\\s*[(]?[$\u20ac\u00a3\u00a5]?\\s*{SIGN}[$\u20ac\u00a3\u00a5]?\\s*({GROUPS}|{LAKHS}|"
    f"[0-9]+(_[0-9]+)*([.,][0-9]*)?|[.,][0-9]+){EXPONENT}\\s*[)]?[%\u2030$\u20ac\u00a3\u00a5*\\-\u2212]?"
)
FOREIGN_MARKS = str.maketrans("\u066b\u066c", ".,")
SPACES = "[ \u00a0\u202f]"

MANY_TEXTS = 100_000
"""Distinct texts, other than numbers, that a profile holds; later ones are only counted."""


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def is_of(text: str, expression: str) -> bool:
    """Tell whether a regular expression matches all of a text."""
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


def looks_like_a_number(text: str) -> bool:
    """Tell whether a text is a number to a reader, though in a way that is not read."""
    if not text.isascii():  # digits of other scripts, and characters that are not seen
        seen = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
        text = "".join(str(unicodedata.decimal(c, c)) for c in seen).translate(FOREIGN_MARKS)
    return is_of(text.strip(), NUMBERLIKE)


def is_truth(text: str) -> bool:
    """Tell whether a text is true or false, in letters of any case."""
    return text.strip().lower() in ("true", "false")


def parse_texts(texts: Collection[str], form: Form, codes: bool = False) -> list[int | float]:
    """Return the numbers that texts hold, or 1 and 0 if they are true and false.

    Parameters
    ----------
    texts : collection of str
        The texts.
    form, codes
        As in :func:`parse_number`.

    Raises
    ------
    NotANumber
        With the first text that is none.

    Examples
    --------
    >>> parse_texts(["TRUE", "false"], Form()), parse_texts(["2", " +5 "], Form())
    ([1, 0], [2, 5])
    """
    if all(map(is_truth, texts)):
        return [int(text.strip().lower() == "true") for text in texts]
    found = []
    for text in texts:
        value = parse_number(text, form, codes)
        if value is None:
            raise NotANumber(text)
        found.append(value)
    return found


class NotANumber(ValueError):
    """A text that is no number, in a column of numbers; `value` is the text."""

    def __init__(self, value: str) -> None:
        super().__init__(f"{value!r} is no number")
        self.value = value


def parse_number(text: str, form: Form, codes: bool = False) -> int | float | None:
    """Return the number that a text holds; None if it holds none.

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
    if not is_of(bare, number_pattern(form, codes)):
        return None
    bare = bare.replace("\u2212", "-")
    if form.thousands:
        bare = re.sub(SPACES, "", bare) if form.thousands == " " else bare.replace(form.thousands, "")
    bare = bare.replace(form.decimal, ".")
    return int(bare) if is_of(bare, "[+-]?[0-9]+") and len(bare) < 400 else float(bare)


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
    def numbers(self) -> int:
        """Number of values that are numbers."""
        return self.whole + self.dotted + self.comma

    @property
    def total(self) -> int:
        """Number of values that are not missing."""
        return self.numbers + self.others.total() + self.more

    @property
    def all_held(self) -> bool:
        """Whether `others` holds every text: none is a number, and none was left out."""
        return self.others.total() == self.total

    def add(self, text: str, number: int, form: Form | None) -> None:
        """Count a text that occurs `number` times; `form` is the form of numbers that was asked for."""
        bare = text.strip()
        if form is not None and is_of(bare, number_pattern(form)):
            self.asked += number
        if is_of(bare, WHOLE) or is_of(bare, INFINITY):
            self.whole += number
            self.widths.add(len(bare))
        elif is_of(bare, DOTTED) or is_of(bare, COMMA):
            if is_of(bare, DOTTED):
                self.dotted += number
            else:
                self.comma += number
            self.three += number if is_of(bare, GROUP_OF_THREE) else 0
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
