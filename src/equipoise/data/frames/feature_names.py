"""Which feature a name means that R, scikit-learn or a formula made of a column and a level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from equipoise.data.arguments.messages import quoted, suggestion

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.encoding import Encoding

# Level u of column g: in frames and formulas here; in R (model.matrix, makeX, glmnetUtils), in scikit-learn.
OURS = ("{}={}", "{}[T.{}]", "{}[{}]")
SPELLINGS = (*OURS, "{}{}", "`{}`{}", "{}_{}")

Meaning = int | str
"""A feature's position, or why a level has none, in words."""


def find_features(
    names: Sequence[str], features: Sequence[str], encoding: Encoding | Formula | None, subject: str
) -> list[int]:
    """Return the position of the feature that each name means.

    Parameters
    ----------
    names : sequence of str
        The names, no two alike: the features' own, or columns and levels in another program's spelling.
    features : sequence of p str
        Names of the features.
    encoding : Encoding, Formula or None
        The columns that they come from, and their levels.
    subject : str
        What error messages call the place of the names.

    Raises
    ------
    ValueError
        If a name means no feature, two features, one that another name means, or a reference level.

    Examples
    --------
    >>> from equipoise.data.frames.encoding import Column, Encoding
    >>> encoding = Encoding((Column("age", "numeric"), Column("city", "category", ("Oslo", "Rome"))))
    >>> find_features(["cityRome", "city_Oslo", "age"], encoding.features, encoding, "coef")
    [2, 1, 0]
    """
    own = {feature: place for place, feature in enumerate(features)}
    if all(name in own for name in names) and encoding is None:
        return [own[name] for name in names]
    others: dict[str, dict[Meaning, None]] = {}
    for name, meaning in _other_names(features, own, encoding):
        others.setdefault(name, {})[meaning] = None
    given = set(names)
    found: dict[int, str] = {}
    for name in names:
        place = _meaning(name, own, others, given, features, subject)
        if place in found:
            raise ValueError(
                f"{subject} names feature '{features[place]}' twice, by '{found[place]}' and '{name}': "
                "keep one of them"
            )
        found[place] = name
    return list(found)


def _meaning(
    name: str,
    own: dict[str, int],
    others: dict[str, dict[Meaning, None]],
    given: set[str],
    features: Sequence[str],
    subject: str,
) -> int:
    """The position of the feature that a name means."""
    meanings = [meaning for meaning in others.get(name, ()) if meaning != own.get(name)]
    if name in own:
        # A column that is called like a level of another: it is meant where that level is named beside it.
        if all(isinstance(meaning, str) or features[meaning] in given for meaning in meanings):
            return own[name]
        meanings.insert(0, own[name])
    if not meanings:
        raise ValueError(
            f"{subject} names {name!r}, which is no feature: {suggestion(str(name), features, 'feature')}"
        )
    if len(meanings) > 1:
        read = [f"'{features[m]}'" if isinstance(m, int) else f"one that is {m}" for m in meanings]
        raise ValueError(
            f"{subject} names {name!r}, which can mean the feature {' or '.join(read)}: use the features' "
            "own names for both, or rename the columns"
        )
    if isinstance(meanings[0], str):
        raise ValueError(
            f"{subject} names {name!r}, which is {meanings[0]}: pass data with a column for each feature "
            "that the model had"
        )
    return meanings[0]


def _other_names(
    features: Sequence[str], own: dict[str, int], encoding: Encoding | Formula | None
) -> Iterator[tuple[str, Meaning]]:
    """The names that other programs give to features and levels, each with its meaning."""
    if encoding is None:
        if features[:1] == ("x1",):
            yield from ((f"V{place + 1}", place) for place in range(len(features)))  # R's, of no names
        return
    for column in encoding.columns:
        name = column.name
        if column.kind == "numeric":
            if name in own:
                yield f"`{name}`", own[name]
                yield f"{name}TRUE", own[name]  # R's, of a logical column
            continue
        places = {level: _place(name, level, own) for level in column.levels}
        kept = [features[place] for place in places.values() if place is not None]
        for level, place in places.items() if kept else ():
            meaning: Meaning = f"level '{level}' of column '{name}', the reference of {quoted(kept)}"
            if place is not None:
                meaning = place
            for spelling in SPELLINGS:
                yield spelling.format(name, level), meaning


def _place(column: str, level: str, own: dict[str, int]) -> int | None:
    """The position of a level's feature; None if it has none."""
    return next((own[n] for spelling in OURS if (n := spelling.format(column, level)) in own), None)
