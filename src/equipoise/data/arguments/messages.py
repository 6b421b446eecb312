"""Words that error messages share: plurals, lists of names, and what the user may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

REMEDIES = {
    "drop": "missing='drop' to leave out such rows",
    "mean": "missing='mean' to put in the means of columns",
}
"""What a verb's policies for missing values do about them."""


class MissingValues(ValueError):
    """Missing values where none may be, as a sentence whose remedy a verb replaces by its own.

    Attributes
    ----------
    found : str
        What was found: the sentence without a remedy.
    policies : tuple of str
        The policies of a verb's ``missing`` that do something about it.
    """

    found: str = ""
    policies: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: str, *policies: str) -> MissingValues:
        """Return the error, with a remedy for where no policy can be chosen."""
        error = cls(f"{found}: drop or impute them first")
        error.found, error.policies = found, policies
        return error

    def for_verb(self, has_policies: bool) -> ValueError:
        """Return the error with the remedies that a verb has; those of ``missing``, if it has that."""
        if not (has_policies and self.policies):
            return ValueError(str(self))
        return self.instead(f"pass {', or '.join(REMEDIES[policy] for policy in self.policies)}")

    def instead(self, remedy: str) -> ValueError:
        """Return the error with another remedy."""
        return ValueError(f"{self.found}: {remedy}" if self.found else str(self))


def count(number: int, noun: str) -> str:
    """Write a number and its noun, in the plural unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def quoted(names: Iterable[str], limit: int = 8) -> str:
    """Write the first `limit` names in quotes, and how many more there are."""
    listed = list(names)
    shown = ", ".join(f"'{name}'" for name in listed[:limit])
    return shown if len(listed) <= limit else f"{shown} and {len(listed) - limit} more"


def suggestion(name: str, known: Sequence[str], noun: str = "column") -> str:
    """Say which of the known names resemble `name`, or list them all if none does."""
    import difflib

    spelled: dict[str, list[str]] = {}
    for other in known:
        spelled.setdefault(other.casefold(), []).append(other)
    near = difflib.get_close_matches(name.casefold(), list(spelled), n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(repr(other) for key in near for other in spelled[key])}?"
    return f"the {noun}s are {quoted(known)}" if known else f"there are no {noun}s"


def listed(counts: Sequence[tuple[str, int]], limit: int = 8) -> str:
    """Write the first `limit` names with their numbers, ``bmi 2, s3 1``, and how many more there are."""
    shown = ", ".join(f"{name} {number}" for name, number in counts[:limit])
    rest = len(counts) - limit
    return shown if rest <= 0 else f"{shown} and {count(rest, 'other column')}"
