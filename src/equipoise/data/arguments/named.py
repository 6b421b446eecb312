"""Arrays whose columns have names: what a table is where no data frame library is installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike


class NamedArray(np.ndarray):
    """An array that knows the names of its columns, or a vector that knows its own.

    Names belong to columns: choosing rows keeps them, a column by its name is a vector of that name, and
    whatever else NumPy makes of the array has none, so that no column is ever called what it is not.

    Parameters
    ----------
    values : (n, p) or (n,) array-like
        The numbers; they are not copied where they are an array.
    names : sequence of p str, or of one for a vector
        The names.

    Examples
    --------
    >>> X = NamedArray([[1.0, 2.0], [3.0, 4.0]], ["age", "bmi"])
    >>> X["bmi"], X[:1].names, X[:, ::-1].names
    (NamedArray([2., 4.]), ('age', 'bmi'), None)
    """

    names: tuple[str, ...] | None

    def __new__(cls, values: ArrayLike, names: Sequence[str]) -> Self:
        """Take the values as they are, with names."""
        array = np.asarray(values).view(cls)
        array.names = tuple(names)
        return array

    def __array_finalize__(self, origin: object) -> None:
        self.names = None

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str) and self.names is not None and self.ndim == 2:
            if key not in self.names:
                raise KeyError(key)
            place = self.names.index(key)
            return NamedArray(self.view(np.ndarray)[:, place], [key])
        found = super().__getitem__(key)
        if isinstance(found, NamedArray) and found.ndim == self.ndim and not isinstance(key, tuple):
            found.names = self.names  # some of the rows
        return found

    @property
    def name(self) -> str | None:
        """The name of a vector; None if it has none."""
        return self.names[0] if self.names is not None and self.ndim == 1 else None
