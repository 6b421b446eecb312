"""Text in columns: numbers, aligned and shortened tables, lists of names, and filled lines."""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections.abc import Callable, Collection, Sequence

LINES = 30  # rows of a printed table
LONGEST = 48  # characters of a name
NAMES = "feature"  # the title of a column of names
JOINERS = "\u200c\u200d"


class Table(str):
    """A table laid out as text, which keeps its cells for those who lay them out otherwise.

    Attributes
    ----------
    header : sequence of str
        The titles of the columns.
    rows : sequence of (sequence of str, or str)
        The cells of each row; a row that is a text stands across all columns.
    right : collection of int
        Columns aligned right.
    """

    __slots__ = ("header", "right", "rows")

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Collection[int]


def align(
    rows: Sequence[Sequence[str]],
    header: Sequence[str],
    right: Collection[int] | None = None,
) -> Table:
    """Lay rows of cells out under a header, in columns two spaces apart; non-printing characters are escaped.

    Columns at the positions ``right`` are aligned right; by default those whose cells all read as numbers. A
    row that is a text, not cells, stands across all columns. In a column that is headed "feature" names are
    shortened, and blank ones quoted.

    Examples
    --------
    >>> print(align([["bmi", "24.9"], ["s5", "-3"]], ["feature", "coef"]))
    feature  coef
    bmi      24.9
    s5         -3
    """
    lines = [[*map(shortened, header)], *([*row] for row in rows if not isinstance(row, str))]
    columns = [
        (title, *names_apart(cells)) if title == NAMES else (title, *map(printable, cells))
        for title, *cells in zip(*lines, strict=True)
    ]
    if right is None:
        right = {i for i, (_, *cells) in enumerate(columns) if all(map(_is_number, cells))}
    padded = zip(*(_pad(column, i in right) for i, column in enumerate(columns)), strict=True)
    filled = ("  ".join(cells).rstrip() for cells in padded)
    table = Table("\n".join(row if isinstance(row, str) else next(filled) for row in (header, *rows)))
    told = iter(zip(*columns, strict=True))
    table.header, table.right = next(told), right
    table.rows = [row if isinstance(row, str) else next(told) for row in rows]
    return table


def table_of(
    order: Sequence[int],
    row: Callable[[int], Sequence[str]],
    header: Sequence[str],
    right: Collection[int],
    *,
    most: int = LINES,
    rest: str = "more",
) -> str:
    """A table of the first ``most`` entries of ``order``, then how many are left out; "" without entries."""
    if not len(order):
        return ""
    left_out = len(order) - most
    closing = [f"… and {left_out} {rest}"] if left_out > 0 else []
    return align([*(row(j) for j in order[:most]), *closing], header, right)


def paragraphs(*parts: str | Sequence[str]) -> list[str]:
    """Lines, texts and tables with an empty line between two parts; empty parts are left out.

    Examples
    --------
    >>> paragraphs("a", "", ["b", "c"])
    ['a', '', 'b', 'c']
    """
    lines: list[str] = []
    for part in filter(None, parts):
        new = [part] if isinstance(part, str) else part
        lines += ["", *new] if lines else new
    return lines


def names_text(names: Sequence[str], most: int) -> str:
    """The first ``most`` names separated by commas, and how many are left out."""
    left_out = len(names) - most
    return ", ".join(map(name_text, names[:most])) + (f" and {left_out} more" if left_out > 0 else "")


def name_text(name: str, longest: int = LONGEST) -> str:
    """A name on one line, shortened if it is longer than ``longest``; a blank one stands in quotes.

    Examples
    --------
    >>> name_text("mean_daily_temperature_of_the_last_month", 24), name_text(" ")
    ('mean_daily_temp…st_month', '“ ”')
    """
    return shortened(name, longest) if name.strip() else f"“{shortened(name, longest)}”"


def names_apart(names: Sequence[str]) -> list[str]:
    """The same of several names, of which no two become alike.

    Examples
    --------
    >>> names_apart(["a" * 60, "b", ""])
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…aaaaaaaaaaaaaaaa', 'b', '“”']
    """
    longest, different = LONGEST, len(set(names))
    while len(set(told := [name_text(name, longest) for name in names])) < different and longest < max(
        map(len, names)
    ):
        longest *= 2
    return told


def shortened(text: str, longest: int = LONGEST) -> str:
    """A text on one line, its middle replaced by "…" if it has more than ``longest`` characters."""
    text = printable(text)
    if len(text) <= longest:
        return text
    tail = longest // 3
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"


def number(x: float, digits: int = 6) -> str:
    """A number to some significant digits, without trailing zeros; infinity is ∞, and −0 is 0.

    Examples
    --------
    >>> [number(x) for x in (-0.0, 5 / 3, 2.0, 5e-12, 1234567.0, float("-inf"))]
    ['0', '1.66667', '2', '5e-12', '1.23457e6', '-∞']
    """
    if math.isinf(x):
        return "∞" if x > 0 else "-∞"
    # + 0.0 turns −0.0 into 0
    mantissa, e, exponent = f"{x + 0.0:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def _pad(cells: Sequence[str], right: bool) -> list[str]:
    widths = [_width(cell) for cell in cells]
    blanks = [" " * (max(widths) - width) for width in widths]
    return [b + cell if right else cell + b for cell, b in zip(cells, blanks, strict=True)]


def _width(text: str) -> int:
    """Terminal columns that a text takes: two for an East Asian wide character, none for a combining one."""
    return sum(
        0 if unicodedata.combining(c) or c in JOINERS else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def printable(text: str) -> str:
    """Escape what a terminal would act on rather than show: line ends, tabs, control sequences.

    The two marks that join or part letters stay: Persian is written with one, emoji with the other.
    """
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c in JOINERS else c.encode("unicode_escape").decode() for c in text
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace("∞", "inf"))
    except ValueError:
        return False
    return True


def wrap(text: str, width: int, indent: str = "") -> str:
    """Fill lines, never breaking a word; indent once before the first line, twice before the others.

    Examples
    --------
    >>> print(wrap("s6 is zero because others explain it away", 24, "  "))
      s6 is zero because
        others explain it
        away
    """
    return textwrap.fill(
        printable(text),
        width,
        initial_indent=indent,
        subsequent_indent=2 * indent,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
    )
