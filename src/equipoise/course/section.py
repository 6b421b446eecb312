"""One section of the course: its name, its numbers, and the code that does the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


def _no_words() -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Section:
    """A section: ``sections/NAME.html`` holds its words, ``sections/NAME.js`` what moves.

    Attributes
    ----------
    number : int
        Its place in the course, from 1.
    name : str
        The name of its files.
    title : str
        Its heading.
    numbers : function
        Returns what its script draws, computed by the library; JSON-able.
    python, shell : str
        The lines that do the same in Python and in a shell; empty if there is none.
    words : function
        Returns the texts that its HTML names with a ``$``; they are escaped.
    """

    number: int
    name: str
    title: str
    numbers: Callable[[], dict[str, Any]]
    python: str = ""
    shell: str = ""
    words: Callable[[], dict[str, str]] = field(default=_no_words)

    @property
    def anchor(self) -> str:
        """The id of its element."""
        return f"s{self.number}"
