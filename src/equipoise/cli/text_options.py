"""Options that say how the text of FILE is to be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from typer import Option

from equipoise.cli.completion import complete_columns
from equipoise.data.text.reading import Reading


@dataclass(frozen=True)
class TextOptions:
    """How text is read: what means a missing value, how numbers are written, which columns are which."""

    null: Annotated[
        list[str] | None,
        Option("--null", metavar="TEXT", help="An entry that means a missing value, such as '?', repeated."),
    ] = None
    decimal: Annotated[
        str | None,
        Option("--decimal", metavar="MARK", help="The decimal mark.  [default: found out for each column]"),
    ] = None
    thousands: Annotated[
        str | None,
        Option(
            "--thousands", metavar="MARK", help="The mark between groups of three digits.  [default: none]"
        ),
    ] = None
    as_number: Annotated[
        list[str] | None,
        Option(
            "--as-number",
            metavar="A,B,…",
            autocompletion=complete_columns,
            help="Columns that hold numbers although they look like codes, such as 00501.",
        ),
    ] = None
    as_text: Annotated[
        list[str] | None,
        Option(
            "--as-text",
            metavar="A,B,…",
            autocompletion=complete_columns,
            help="Columns whose values are levels, numbers or not.",
        ),
    ] = None

    @property
    def reading(self) -> Reading:
        """How text is read."""
        from equipoise.cli.reading import split_names

        return Reading.asked(
            self.null or (),
            self.decimal,
            self.thousands,
            split_names(self.as_number or ()),
            split_names(self.as_text or ()),
        )

    def reading_of(self, remembered: Reading, columns: Iterable[str]) -> Reading:
        """How text is read for a model, which remembers how it was: what is said here counts instead."""
        return remembered.overridden(self.reading, columns)
