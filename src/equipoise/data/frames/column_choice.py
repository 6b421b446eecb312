"""What a verb is told about columns: their names, which of them are features, and levels of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from equipoise.data.arguments.arrays import default_names
from equipoise.data.arguments.messages import count
from equipoise.data.frames.categories import Categories, Reference
from equipoise.data.frames.columns import chosen_places, refuse_duplicates, refuse_text

NOTHING: tuple[str, ...] = ()


class ColumnChoice(NamedTuple):
    """The arguments about columns, as :func:`equipoise.fit` takes them.

    Parameters
    ----------
    names : sequence of p str, optional
        Names for columns that have none.
    features : sequence of str, optional
        The columns that are features, in this order; all by default.
    drop : sequence of str, default ()
        Columns to leave out.
    reference : "binary", dict of str to str, or None, default "binary"
        Which level of a column of text makes no feature.
    categories : dict of str to sequence of str, optional
        The levels of columns of text.

    Examples
    --------
    >>> ColumnChoice(features=["b", "a"]).chosen(["a", "b", "c"])
    ['b', 'a']
    """

    names: Sequence[str] | None = None
    features: Sequence[str] | None = None
    drop: Sequence[str] = NOTHING
    reference: Reference = "binary"
    categories: Categories = None

    def checked(self, roles: Mapping[str, str]) -> ColumnChoice:
        """The same with lists of texts; a column that has a role is neither a feature nor left out.

        Parameters
        ----------
        roles : dict of str to str
            The columns that are no features, by the argument that names each.
        """
        refuse_text(names=self.names, features=self.features, drop=self.drop)
        features, drop = _listed("features", self.features), _listed("drop", self.drop)
        for argument, given in (("features", features or ()), ("drop", drop or ())):
            for role, name in roles.items():
                if name in given:
                    raise ValueError(
                        f"{argument} names '{name}', which is {role} and so no feature: take it out of "
                        f"{argument}"
                    )
        return self._replace(features=features, drop=drop or NOTHING)

    def chosen(
        self, columns: Sequence[str], roles: Sequence[str] = (), table: str = "the table"
    ) -> list[str]:
        """Names of the columns that are features.

        Parameters
        ----------
        columns : sequence of str
            Names of all columns.
        roles : sequence of str
            Columns that are no features.
        table : str
            What error messages call the table.
        """
        rest = [name for name in columns if name not in roles]
        return [rest[j] for j in chosen_places(rest, self.features, self.drop, table=table)]

    def names_of(self, p: int) -> tuple[str, ...]:
        """The names of p columns that have none of their own.

        Parameters
        ----------
        p : int
            Number of columns.
        """
        if self.names is None:
            return default_names(p)
        names = tuple(self.names)
        for place, name in enumerate(names):
            if not isinstance(name, str) or not name:
                raise TypeError(f"names holds {name!r} at position {place}: pass texts that are not empty")
        if len(names) != p:
            raise ValueError(
                f"names has {count(len(names), 'name')} but X has {count(p, 'column')}: pass one for each"
            )
        refuse_duplicates(names, "names")
        return names

    def refuse_names(self) -> None:
        """Refuse names for columns that have their own."""
        if self.names is not None:
            raise ValueError(
                "names is for data without column names: rename the columns of X, or leave names out"
            )

    def refuse_levels(self, what: str) -> None:
        """Refuse levels of text where there is none.

        Parameters
        ----------
        what : str
            What X is.
        """
        for argument, given in (("reference", self.reference), ("categories", self.categories)):
            if isinstance(given, Mapping):
                raise ValueError(f"{argument} is for columns of text in a data frame, but X is {what}")

    def refuse_any(self, why: str) -> None:
        """Refuse all of the arguments.

        Parameters
        ----------
        why : str
            Why, as the end of the sentence.
        """
        for argument, given in zip(self._fields, self, strict=True):
            if given != "binary" if argument == "reference" else given is not None and len(given):
                raise TypeError(f"{argument} was given, but {why}")


EVERY_COLUMN = ColumnChoice()
"""Nothing is told: every column is a feature."""


def _listed(argument: str, given: Any) -> list[str] | None:
    """Names as a list of texts: columns are known by the text of their names."""
    if given is None:
        return None
    try:
        return [str(name) for name in given]
    except TypeError:
        raise TypeError(f"{argument} is {given!r}: pass a list of names") from None
