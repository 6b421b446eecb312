"""Numbers by name: given for some features or columns, with a default for the others."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from equipoise.data.arguments.messages import suggestion


class _HasFeatures(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def features(self) -> tuple[str, ...]: ...


def by_name(
    values: Mapping[str, float],
    name: str,
    features: Sequence[str],
    columns: Sequence[_HasFeatures] = (),
    *,
    default: float,
) -> list[float]:
    """Return one number for each feature.

    Parameters
    ----------
    values : dict of str to float
        A number for a feature, or for a categorical column and so for all features made of its levels.
    name : str
        What error messages call the argument.
    features : sequence of p str
        Names of the features.
    columns : sequence of columns
        The columns of the frame that the features come from.
    default : float
        The number of every feature that is not named.

    Returns
    -------
    list of p float
        In the order of `features`.

    Raises
    ------
    ValueError
        If a name is neither a feature nor a column.

    Examples
    --------
    >>> by_name({"bmi": 0.0}, "lower", ["age", "bmi"], default=-1.0)
    [-1.0, 0.0]
    """
    places = {feature: [j] for j, feature in enumerate(features)}
    for column in columns:
        places.setdefault(column.name, [places[feature][0] for feature in column.features])
    found = [default] * len(features)
    # A number given for a feature overrides one given for its column, so features come last.
    for key in sorted(values, key=lambda key: key in features):
        if key not in places:
            known = [*places]
            raise ValueError(
                f"{name} names {key!r}, which is no feature: {suggestion(str(key), known, 'feature')}"
            )
        for j in places[key]:
            found[j] = values[key]
    return found
