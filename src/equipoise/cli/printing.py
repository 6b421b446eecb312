"""Standard output: text for people, or one JSON document for programs."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

from equipoise.cli.options import Markup
from equipoise.cli.terminal import PAGE, fitted, painted, terminal_width, wants_colour
from equipoise.show.tables import printable

if TYPE_CHECKING:
    from equipoise.results.plain import Tabular


def say(*paragraphs: str) -> None:
    """Print paragraphs, a blank line between them; empty ones are left out, control characters escaped.

    A terminal shows them in its width, and in colour unless told otherwise.
    """
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    text = "\n".join(map(printable, text.split("\n")))
    width = terminal_width()
    text = text if width is None else fitted(text, width)
    _write((painted(text) if wants_colour() else text) + "\n")


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
    """Columns that prose may fill: those of the terminal, or a page where there is none."""
    return terminal_width() or PAGE


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
