"""The first line of a CSV file: whether it names columns, or the delimiter as spreadsheets do."""

import re
from collections.abc import Sequence
from pathlib import Path

NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?%?|\d{4}-\d\d-\d\d([T ].*)?")
"""A number, with a decimal point or comma, or a date."""


def declared_delimiter(line: str) -> str | None:
    r"""Return the delimiter of a line such as ``sep=;``, which is for spreadsheets; None of any other line.

    Parameters
    ----------
    line : str
        The first line of a file.

    Examples
    --------
    >>> declared_delimiter("sep=;\r\n"), declared_delimiter("sep=;x"), declared_delimiter("a;b")
    (';', None, None)
    """
    found = re.fullmatch(r"\s*\"?sep=([^\w\s\"']|\t)\"?[\r\n]*", line, re.IGNORECASE)
    return None if found is None else found[1]


def refuse_numbers(names: Sequence[str], path: Path) -> None:
    """Refuse a first line of numbers, which would be lost as names; 0, 1, 2, … are names, as pandas has them.

    Parameters
    ----------
    names : sequence of str
        The entries of the first line.
    path : Path
        The file.

    Raises
    ------
    ValueError
        If every entry that is not empty is a number or a date.
    """
    given = [name.strip() for name in names if name.strip()]
    counted = len(given) > 2 and given == [str(place) for place in range(len(given))]
    if given and not counted and all(NUMBER.fullmatch(name) for name in given):
        shown = ", ".join(given[:4]) + (", …" if len(given) > 4 else "")
        raise ValueError(
            f"{path} names no columns: its first line holds only numbers ({shown}); write a line of names "
            "above it, or a letter before each, if these numbers are the names"
        )
