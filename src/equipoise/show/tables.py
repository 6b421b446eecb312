"""Text in columns: numbers, aligned tables, and filled lines."""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections.abc import Collection, Sequence

LINES = 30  # of a table that is printed


def align(
    rows: Sequence[Sequence[str]],
    header: Sequence[str],
    right: Collection[int] | None = None,
) -> str:
    """Lay rows of cells out under a header, in columns two spaces apart.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells, as many in every row as in the header.
    header : sequence of str
        The columns' titles.
    right : collection of int, optional
        The columns to align right; by default those in which every cell reads as a number.

    Returns
    -------
    str
        The lines, without trailing blanks. A character that does not print is shown escaped.

    Raises
    ------
    ValueError
        If a row has more or fewer cells than the header.

    Examples
    --------
    >>> print(align([["bmi", "24.9"], ["s5", "-3"]], ["feature", "coef"]))
    feature  coef
    bmi      24.9
    s5         -3
    """
    lines = [[printable(cell) for cell in row] for row in (header, *rows)]
    columns = list(zip(*lines, strict=True))
    if right is None:
        right = {i for i, (_, *cells) in enumerate(columns) if all(map(_is_number, cells))}
    padded = [_pad(column, i in right) for i, column in enumerate(columns)]
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*padded, strict=True))


def number(x: float, digits: int = 6) -> str:
    """Write a number as short as its significant digits allow.

    Parameters
    ----------
    x : float
        The number.
    digits : int, default 6
        Significant digits.

    Returns
    -------
    str
        The number; infinity is ∞, and −0 is 0.

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
    """Columns on a terminal: an East Asian wide character takes two, a combining one none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def printable(text: str) -> str:
    """Escape what a terminal would act on rather than show: line ends, tabs, control sequences."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace("∞", "inf"))
    except ValueError:
        return False
    return True


def wrap(text: str, width: int, indent: str = "") -> str:
    """Fill lines with text, indented, never breaking a word.

    Parameters
    ----------
    text : str
        The text.
    width : int
        Columns to fill; a longer word stands alone.
    indent : str
        Before the first line, and twice before the others.

    Returns
    -------
    str
        The lines.

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
