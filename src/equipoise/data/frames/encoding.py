"""The encoding of a frame's columns as features, kept so that a later frame gives the same features."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from equipoise.data.text.reading import PLAIN, Reading

Kind: TypeAlias = Literal["numeric", "category"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame.

    Parameters
    ----------
    name : str
        The column's name.
    kind : {"numeric", "category"}
        A numeric (or boolean) column becomes one feature, a category one 0/1 feature for each level but the
        reference.
    levels : tuple of str, default ()
        Levels of a category, in the order of their features.
    reference : str or None, default None
        The level that has no feature: rows of it are 0 in all features of the column. None if all have one.
    """

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()
    reference: str | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features that the column gives."""
        if self.kind == "numeric":
            return (self.name,)
        return tuple(f"{self.name}={level}" for level in self.levels if level != self.reference)


@dataclass(frozen=True, slots=True)
class Encoding:
    """The columns a model was fitted on, in order.

    Parameters
    ----------
    columns : tuple of Column
        The frame's columns.
    reading : Reading
        How text was read.

    Examples
    --------
    >>> Encoding((Column("age", "numeric"), Column("city", "category", ("Oslo", "Rome")))).features
    ('age', 'city=Oslo', 'city=Rome')
    """

    columns: tuple[Column, ...]
    reading: Reading = PLAIN

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features that the columns give, (p,)."""
        return tuple(feature for column in self.columns for feature in column.features)

    def to_dict(self) -> dict[str, Any]:
        """Return the encoding as a dict that JSON can hold.

        Returns
        -------
        dict
            ``{"columns": [{"name": …, "kind": …, "levels": […], "reference": …}, …], "reading": {…}}``.
        """
        return {
            "columns": [
                {
                    "name": column.name,
                    "kind": column.kind,
                    "levels": list(column.levels),
                    "reference": column.reference,
                }
                for column in self.columns
            ],
            "reading": self.reading.to_dict(),
        }

    @classmethod
    def from_dict(cls, record: object) -> "Encoding":
        """Return the encoding that `to_dict` wrote.

        Parameters
        ----------
        record : dict
            What `to_dict` returned, perhaps through JSON. Models of older releases have no references and no
            reading: each level has a feature.

        Returns
        -------
        Encoding
            An equal encoding.

        Raises
        ------
        ValueError
            If `record` is no such dict; the message names the entry.
        """
        columns = record.get("columns") if isinstance(record, Mapping) else None
        if not isinstance(columns, list):
            raise ValueError("encoding has no list 'columns': save the model again")
        assert isinstance(record, Mapping)
        reading = Reading.from_dict(record["reading"]) if "reading" in record else Reading()
        return cls(
            tuple(_column_from(entry, f"encoding column {k}") for k, entry in enumerate(columns)), reading
        )


def _column_from(entry: object, where: str) -> Column:
    """A column from one entry of a record; `where` is what error messages call the entry."""
    if not isinstance(entry, Mapping):
        raise ValueError(f"{where} is not an object with 'name', 'kind' and 'levels': save the model again")
    name, kind, levels = entry.get("name"), entry.get("kind"), entry.get("levels", [])
    if not isinstance(name, str):
        raise ValueError(f"{where} has no text 'name': save the model again")
    if kind not in ("numeric", "category"):
        raise ValueError(f"{where} ('{name}') is of kind {kind!r}: it must be 'numeric' or 'category'")
    if not isinstance(levels, list) or not all(isinstance(level, str) for level in levels):
        raise ValueError(f"{where} ('{name}') has levels that are not a list of text: save the model again")
    if (kind == "numeric") == bool(levels):
        rule = "numeric and must have no levels" if levels else "a category and must have levels"
        raise ValueError(f"{where} ('{name}') is {rule}: save the model again")
    if len({*levels}) < len(levels):
        raise ValueError(f"{where} ('{name}') has a level twice: save the model again")
    reference = entry.get("reference")
    if reference is not None and reference not in levels:
        raise ValueError(
            f"{where} ('{name}') has a reference that is none of its levels: save the model again"
        )
    return Column(name, kind, tuple(levels), reference)
