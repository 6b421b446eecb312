"""Features by name: by their own, or by that of the column they come from, and numbers given so."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.data.arguments.messages import count, quoted, suggestion
from equipoise.data.frames.encoding import Column, Encoding


def features_named(
    names: Iterable[Any], features: Sequence[str], encoding: object = None, argument: str = ""
) -> dict[Any, list[int]]:
    """Return the positions of the features that each name stands for.

    Parameters
    ----------
    names : iterable of str
        Names of features, or of columns of text, which stand for all features made of their levels.
    features : sequence of p str
        Names of all features.
    encoding : Encoding, optional
        How columns became features; anything else knows no columns.
    argument : str, optional
        What error messages call the argument.

    Raises
    ------
    ValueError
        If a name is neither a feature nor a column, or that of a level that makes no feature.

    Examples
    --------
    >>> city = Column("city", "category", ("Oslo", "Rome", "Turin"))
    >>> encoding = Encoding((Column("age", "numeric"), city))
    >>> features_named(["city", "age"], encoding.features, encoding)
    {'city': [1, 2, 3], 'age': [0]}
    """
    columns = encoding.columns if isinstance(encoding, Encoding) else ()
    places = {feature: [j] for j, feature in enumerate(features)}
    for column in columns:
        places.setdefault(column.name, [j for feature in column.features for j in places[feature]])
    found = {}
    for name in names:
        if str(name) not in places:
            raise ValueError(_unknown(name, list(places), columns, argument))
        found[name] = places[str(name)]
    return found


def _unknown(name: Any, known: Sequence[str], columns: Sequence[Column], argument: str) -> str:
    """What to say of a name that stands for no feature."""
    for column in columns:
        if name in [f"{column.name}={level}" for level in column.levels]:
            prefix = f"{argument} names a level without a feature: " if argument else ""
            return (
                f"{prefix}'{name}' is the reference of {quoted(column.features)}: name these, or read "
                f"'{column.name}' with another reference"
            )
    said = f"{argument} names {name!r}, which is no feature" if argument else f"there is no feature {name!r}"
    return f"{said}: {suggestion(str(name), known, 'feature')}"


def by_name(
    values: Mapping[Any, float],
    name: str,
    features: Sequence[str],
    encoding: object = None,
    *,
    default: ArrayLike | None,
) -> list[float]:
    """Return one number for each feature.

    Parameters
    ----------
    values : dict of str to float
        A number for a feature, or for a column of text and so for all features made of its levels; that of
        the key ``...`` is for all features not named.
    name : str
        What error messages call the argument.
    features : sequence of p str
        Names of the features.
    encoding : Encoding, optional
        How columns became features.
    default : float, (p,) array or None
        The number of every feature that is not named, if there is no key ``...``; None if there is none.

    Returns
    -------
    list of p float
        In the order of `features`.

    Raises
    ------
    ValueError
        If a name is neither a feature nor a column, or a feature has no number.

    Examples
    --------
    >>> by_name({"bmi": 0.0}, "lower", ["age", "bmi"], default=-1.0)
    [-1.0, 0.0]
    >>> by_name({"bmi": 0.0, ...: 2.5}, "l1", ["age", "bmi"], default=None)
    [2.5, 0.0]
    """
    named = {key: value for key, value in values.items() if key is not ...}
    places, own = features_named(named, features, encoding, name), set(features)
    if ... in values:
        found = [values[...]] * len(features)
    else:
        found = np.broadcast_to(np.array(default, dtype=object), len(features)).tolist()
    # A number given for a feature overrides one given for its column, so features come last.
    for key in sorted(named, key=lambda key: str(key) in own):
        for j in places[key]:
            found[j] = named[key]
    without = [feature for feature, number in zip(features, found, strict=True) if number is None]
    if without:
        more = f" and {count(len(without) - 1, 'other feature')}" if len(without) > 1 else ""
        raise ValueError(
            f"{name} has no number for '{without[0]}'{more}: name all features, or add the key ... with the "
            "number of those not named"
        )
    return found
