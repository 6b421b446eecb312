"""What a terminal shows of a printed text: lines no wider than it, wide tables in blocks, a little colour.

Nothing of it reaches a file, a pipe or a paper, but for colour that FORCE_COLOR asks for.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from equipoise.show.tables import wrap

NARROW = 40  # columns that are filled however narrow the terminal is
PAGE = 100  # columns that prose fills in a file or a pipe
BOLD, GREEN, YELLOW, RED, PLAIN = (f"\x1b[{code}m" for code in ("1", "32", "33", "31", "0"))

# Columns of a table are two spaces or more apart, words one.
CELLS = re.compile(r"\S {2,}\S")
HEADER = re.compile(r"(?:sweep  +)?(?:feature|choice|strength|at strength|row|criterion) {2,}\S.*")
KEPT = re.compile(r"feature {2,}coef")  # heads a table of features that are all kept
VERDICT = "(?:(?<=^Certificate: )|(?<=^Audit: ))"

STYLES = {
    r"^\d+ of \d+ features?(?= kept)|^\S.*:$": BOLD,
    r"\bis kept\b|\benters$|(?<=  )(?:kept|active)(?=  |$)": GREEN,
    r"\bis zero\b|\bleaves$|(?<=  )killed(?:: [a-z ]+?)?(?=  |$)|(?<=^  )\d+ [a-z ]+(?= \()": RED,
    rf"{VERDICT}(?:optimal(?=:)|the solution)": BOLD + GREEN,
    rf"{VERDICT}(?:optimal(?=,| as)|as good as its digits)": BOLD + YELLOW,
    rf"{VERDICT}not (?:certified|the solution)": BOLD + RED,
}
"""What is coloured within a line, beside the headers of tables and the names in a table of kept features."""


def terminal_width() -> int | None:
    """Columns of the terminal that standard output is; None where it is none."""
    return max(NARROW, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None


def wants_colour() -> bool:
    """Whether standard output is a terminal that shows colours, or whoever called says that it does."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def painted(text: str) -> str:
    """A text with its headings, what is kept, what is zero and the verdict in colour."""
    lines, kept = [], False
    for line in text.split("\n"):
        if HEADER.fullmatch(line):
            lines.append(f"{BOLD}{line}{PLAIN}")
            kept = KEPT.fullmatch(line) is not None
            continue
        kept = kept and CELLS.search(line) is not None
        styles = {r"^\S.*?(?=  )": GREEN} if kept else STYLES
        for pattern, style in styles.items():
            line = re.sub(pattern, rf"{style}\g<0>{PLAIN}", line)
        lines.append(line)
    return "\n".join(lines)


def fitted(text: str, width: int) -> str:
    """A text whose lines are no wider than a terminal: sentences wrapped, tables in blocks of columns.

    Examples
    --------
    >>> text = ["a story of many words", "", "feature  coef  pull", "bmi         2     3"]
    >>> print(fitted(chr(10).join(text), 16))
    a story of many
    words
    <BLANKLINE>
    feature  coef
    bmi         2
    <BLANKLINE>
    feature  pull
    bmi         3
    """
    parts = []
    for table, some in groupby(text.split("\n"), lambda line: CELLS.search(line) is not None):
        lines = list(some)
        if not table:
            parts += [_wrapped(line, width) for line in _rejoined(lines)]
        elif max(map(len, lines)) > width and all(map(_narrow, lines)):
            parts.append("\n\n".join(_blocks(lines, width)))
        else:
            parts += lines
    return "\n".join(parts)


def _rejoined(lines: Sequence[str]) -> list[str]:
    """Lines without the ends at which a page was filled: there the next word had no room."""
    whole = list(lines[:1])
    for before, line in pairwise(lines):
        word, *_ = line.split(" ")
        if before.strip() and word and before[0] != " " and len(before) + 1 + len(word) > PAGE:
            whole[-1] += f" {line}"
        else:
            whole.append(line)
    return whole


def _wrapped(line: str, width: int) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return wrap(line.strip(), width, indent) if len(line) > width else line


def _narrow(line: str) -> bool:
    """Whether every character takes one column, so that columns can be counted."""
    return not any(unicodedata.combining(c) or unicodedata.east_asian_width(c) in "WF" for c in line)


def _blocks(lines: Sequence[str], width: int) -> Iterator[str]:
    """A table cut into blocks of columns that fit, each with the columns up to the names of features."""
    columns = _columns([line for line in lines if "⋮" not in line])
    names = [lines[0][start:stop].strip() for start, stop in columns]
    keys = columns[: names.index("feature") + 1 if "feature" in names[:2] else 1]
    left = columns[len(keys) :]
    first = True
    while left or first:
        taken = 1
        while taken < len(left) and _width([*keys, *left[: taken + 1]]) <= width:
            taken += 1
        block, left = [*keys, *left[:taken]], left[taken:]
        yield "\n".join(_cut(line, block, first) for line in lines)
        first = False


def _cut(line: str, columns: Sequence[tuple[int, int]], first: bool) -> str:
    """Some columns of a line of a table; rows left out are counted in the first block alone."""
    if "⋮" in line:
        return line if first else "  ⋮"
    return "  ".join(line[start:stop].ljust(stop - start) for start, stop in columns).rstrip()


def _width(columns: Sequence[tuple[int, int]]) -> int:
    return sum(stop - start + 2 for start, stop in columns) - 2


def _columns(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Where the columns of a table start and stop: between two blanks or more that all lines share."""
    longest = max(map(len, lines))
    used = "".join("x" if any(line[i : i + 1].strip() for line in lines) else " " for i in range(longest))
    return [found.span() for found in re.finditer(r"x(?:x| (?! ))*", used)]
