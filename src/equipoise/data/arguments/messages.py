"""Words that error messages share: plurals, lists of names, and what the user may have meant."""

from collections.abc import Iterable, Sequence


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
