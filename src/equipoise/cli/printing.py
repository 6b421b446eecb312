"""Standard output: text for people, or one JSON document for programs."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

from equipoise.cli.options import Markup
from equipoise.show.tables import printable

if TYPE_CHECKING:
    from equipoise.results.plain import Tabular

PAGE = 100  # columns of a page; no line is filled further, however wide the terminal


def say(*paragraphs: str) -> None:
    """Print paragraphs, a blank line between them; empty ones are left out, control characters escaped."""
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    _write("\n".join(map(printable, text.split("\n"))) + "\n")


def note(text: str) -> None:
    """Print a sentence that is not part of the result, on stderr."""
    print(f"equipoise: {printable(text)}", file=sys.stderr)


def say_json(document: dict[str, Any]) -> None:
    """Print one JSON document, which must not hold infinities or NaN."""
    _write(json.dumps(document, allow_nan=False) + "\n")


def say_table(table: Tabular, markup: Markup) -> None:
    """Print the table of a result as it goes into a paper."""
    _write((table.to_latex() if markup is Markup.LATEX else table.to_markdown()) + "\n")


def refuse_two_forms(json: bool, markup: Markup | None) -> None:
    """Refuse --json beside --table."""
    if json and markup is not None:
        raise ValueError("--json and --table are two forms of one result: drop either")


def say_lines(text: str) -> None:
    """Print lines as they are."""
    _write(text)


def page_width() -> int:
    """Columns that prose may fill: those of the terminal, at least 40 and at most a page."""
    return max(40, min(PAGE, shutil.get_terminal_size().columns)) if sys.stdout.isatty() else PAGE


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # What is still in the buffer has nowhere to go, and Python would complain of it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise OSError(f"cannot write the output: {error.strerror}") from None
