"""How plain text is read: what means a missing value, and how numbers are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

KEY = b"equipoise"
"""Key of the metadata of an Arrow schema that holds a table's reading, and where its rows come from."""

NULLS = ("", "NA", "N/A", "NaN", "nan", "NULL", "null")
"""Entries that are missing values in a text file; a column with such entries can still be numeric."""

THOUSANDS = (",", ".", " ", "'", "_")


class Form(NamedTuple):
    """How the numbers of a column are written.

    Attributes
    ----------
    decimal : {".", ","}
        The mark before the decimals.
    thousands : {"", ",", ".", " ", "'", "_"}
        The mark between groups of three digits; "" for none.
    """

    decimal: str = "."
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How plain text is read.

    Parameters
    ----------
    null : tuple of str, default ()
        Entries that mean a missing value, besides `NULLS` in a file.
    decimal : {"", ".", ","}, default ""
        The decimal mark of columns that have one; "" finds it out for each column.
    thousands : {"", ",", ".", " ", "'", "_"}, default ""
        The mark between groups of three digits; "" for none.
    as_number, as_text : tuple of str, default ()
        Columns that hold numbers whatever they look like, and columns whose values are levels.
    forms : tuple of (str, str, str), default ()
        Name, decimal mark and mark of thousands of each column whose numbers are not written as in 1234.5, as
        found when it was read.
    """

    null: tuple[str, ...] = ()
    decimal: str = ""
    thousands: str = ""
    as_number: tuple[str, ...] = ()
    as_text: tuple[str, ...] = ()
    forms: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def asked(
        cls,
        null: str | Iterable[str] = (),
        decimal: str | None = None,
        thousands: str | None = None,
        as_number: str | Iterable[str] = (),
        as_text: str | Iterable[str] = (),
    ) -> Reading:
        """Check the arguments of a verb that reads; a single text stands for a list of one.

        Raises
        ------
        TypeError, ValueError
            If an argument is of another type, or the arguments contradict each other.
        """
        numbers, texts = _listed("as_number", as_number), _listed("as_text", as_text)
        decimal, thousands = decimal or "", thousands or ""
        if decimal not in ("", ".", ","):
            raise ValueError(f"decimal is {decimal!r}: pass '.' or ','")
        if thousands not in ("", *THOUSANDS):
            raise ValueError(f"thousands is {thousands!r}: pass ',', '.', ' ', \"'\" or '_'")
        if thousands and thousands == decimal:
            raise ValueError(f"decimal and thousands are both {decimal!r}: pass two different marks")
        both = [name for name in numbers if name in texts]
        if both:
            raise ValueError(f"column '{both[0]}' is named in as_number and in as_text: choose one")
        return cls(_listed("null", null), decimal, thousands, numbers, texts)

    @property
    def form(self) -> Form | None:
        """The form of numbers that was asked for; None where it is to be found out."""
        if not (self.decimal or self.thousands):
            return None
        return Form(self.decimal or ("," if self.thousands == "." else "."), self.thousands)

    def form_of(self, column: str) -> Form:
        """Return the form of the numbers in a column that has been read."""
        for name, decimal, thousands in self.forms:
            if name == column:
                return Form(decimal, thousands)
        return Form()

    def overridden(self, asked: Reading, columns: Iterable[str]) -> Reading:
        """Return this reading of some columns with what another one asks for in its place."""
        form = asked.form
        return Reading(
            (*self.null, *asked.null),
            asked.decimal or self.decimal,
            asked.thousands or self.thousands,
            (*self.as_number, *asked.as_number),
            (*self.as_text, *asked.as_text),
            self.forms if form is None else tuple((name, *form) for name in columns),
        )

    def found(self, forms: Mapping[str, Form]) -> Reading:
        """Return a reading that remembers the forms of columns; those written as in 1234.5 need no record."""
        others = tuple((name, *form) for name, form in forms.items() if form != Form())
        return replace(self, forms=others)

    def refuse_unknown(self, columns: Iterable[str]) -> None:
        """Refuse names in `as_number` and `as_text` that are no columns."""
        known = list(columns)
        for argument, names in (("as_number", self.as_number), ("as_text", self.as_text)):
            for name in names:
                if name not in known:
                    from equipoise.data.arguments.messages import suggestion

                    raise ValueError(
                        f"{argument} names '{name}', which is no column: {suggestion(name, known)}"
                    )

    def to_dict(self) -> dict[str, Any]:
        """Return the reading as a dict that JSON can hold."""
        return {
            "null": list(self.null),
            "decimal": self.decimal,
            "thousands": self.thousands,
            "as_number": list(self.as_number),
            "as_text": list(self.as_text),
            "forms": [list(form) for form in self.forms],
        }

    @classmethod
    def from_dict(cls, record: object) -> Reading:
        """Return the reading that `to_dict` wrote; a ValueError names the entry that is wrong."""
        if not isinstance(record, Mapping) or set(record) != set(cls().to_dict()):
            raise ValueError(
                f"reading has not the entries {', '.join(cls().to_dict())}: save the model again"
            )
        forms = record["forms"]
        if not isinstance(forms, list) or not all(
            isinstance(form, list) and len(form) == 3 and all(isinstance(part, str) for part in form)
            for form in forms
        ):
            raise ValueError("reading has forms that are not three texts each: save the model again")
        for name, decimal, thousands in forms:
            if decimal not in (".", ",") or thousands not in ("", *THOUSANDS) or decimal == thousands:
                raise ValueError(f"reading has a wrong form of column '{name}': save the model again")
        asked = {name: value for name, value in record.items() if name != "forms"}
        return replace(cls.asked(**asked), forms=tuple((name, d, t) for name, d, t in forms))


PLAIN = Reading()
"""Text is read as it is found."""


def _listed(argument: str, given: object) -> tuple[str, ...]:
    """A list of texts from one text or several."""
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable):
        raise TypeError(f"{argument} is {given!r}: pass a text or a list of texts")
    found = tuple(dict.fromkeys(given))
    for text in found:
        if not isinstance(text, str):
            raise TypeError(f"{argument} holds {text!r}: pass texts")
    return found


class Origin(NamedTuple):
    """Where the rows of a table come from, for error messages.

    Attributes
    ----------
    file : str
        Name of the file; "" for a table that came from none.
    line : int
        Number of the line of the first row, from 1; -1 for a text file whose lines are not its rows, 0 for
        other tables.
    """

    file: str = ""
    line: int = 0


NOWHERE = Origin()
"""Rows that come from no file."""


def mark(table: Any, reading: Reading, origin: Origin = NOWHERE) -> Any:
    """Return an Arrow table whose schema remembers how its text was read, and where it comes from."""
    place = {"origin": list(origin), "rows": table.num_rows}
    record = json.dumps({"reading": reading.to_dict(), **place}).encode()
    return table.replace_schema_metadata({**(table.schema.metadata or {}), KEY: record})


def marks_of(table: Any) -> tuple[Reading, Origin]:
    """Return how the text of a table was read, and where the table comes from; defaults for other tables."""
    metadata = getattr(getattr(table, "schema", None), "metadata", None)
    if not isinstance(metadata, Mapping) or KEY not in metadata:
        return PLAIN, NOWHERE
    record = json.loads(metadata[KEY])
    origin = Origin(*record["origin"])
    if origin.line and table.num_rows != record["rows"]:
        origin = Origin("", -1)  # some of its rows: their lines are not known
    return Reading.from_dict(record["reading"]), origin


UNTYPED = KEY + b".untyped"


def mark_untyped(batch: Any) -> Any:
    """Return an Arrow batch of a source in which all is text, such as a CSV file, marked as such."""
    return batch.replace_schema_metadata({UNTYPED: b"1"})


def is_untyped(batch: Any) -> bool:
    """Tell whether a batch comes from a source in which all is text."""
    return UNTYPED in (batch.schema.metadata or {})
