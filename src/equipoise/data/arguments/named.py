"""Numbers whose columns have names: what a table is where no data frame library is installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.messages import count, suggestion


class NamedArray(NDArrayOperatorsMixin):
    """Numbers that know the names of their columns, or of the one column that they are.

    What is picked by an index knows the names of what was picked. Whatever else NumPy makes of the numbers
    is an array of its own, without names; and the numbers themselves cannot be written to, so that no column
    is ever called what it is not. `np.array(X)` is a copy without names that can.

    Parameters
    ----------
    values : (n, p) or (n,) array-like
        The numbers; they are not copied where they are an array.
    names : sequence of p str, or of one for a vector
        The names.

    Raises
    ------
    ValueError
        If there is not one name for each column.

    Examples
    --------
    >>> X = NamedArray([[1.0, 2.0], [3.0, 4.0]], ["age", "bmi"])
    >>> X["bmi"], X[:, ::-1].names
    (NamedArray([2., 4.], names=('bmi',)), ('bmi', 'age'))
    >>> X.mean(axis=0), X.T.shape, 2 * X["age"]
    (array([2., 3.]), (2, 2), array([2., 6.]))
    """

    __slots__ = ("_values", "names")

    names: tuple[str, ...]

    def __init__(self, values: ArrayLike, names: Sequence[str]) -> None:
        self._values: NDArray[Any] = np.asarray(values).view()
        self._values.flags.writeable = False
        self.names = tuple(names)
        columns = self._values.shape[1:] or (1,)
        if self._values.ndim not in (1, 2) or len(self.names) != columns[0]:
            raise ValueError(
                f"names has {count(len(self.names), 'name')} but values has shape {self._values.shape}: pass "
                "one for each column"
            )

    @property
    def name(self) -> str | None:
        """The name of a vector; None for a table."""
        return self.names[0] if self._values.ndim == 1 else None

    def __getitem__(self, key: Any) -> Any:
        if self._values.ndim == 2 and (places := self._places(key)) is not None:
            key = (slice(None), places)
        found = self._values[key]
        if not isinstance(found, np.ndarray) or found.ndim not in (1, 2) or not found.size:
            return found
        # The same index into the columns' places says which column each number is of.
        places = np.arange(len(self.names)) if self._values.ndim == 2 else 0
        places = np.broadcast_to(places, self._values.shape)[key].reshape(len(found), -1)
        columns_stay = (places == places[0]).all()
        return NamedArray(found, [self.names[j] for j in places[0]]) if columns_stay else found

    def _places(self, key: Any) -> Any:
        """Where a column is by its name, or several by a list of theirs; None for any other index."""
        several = isinstance(key, list) and bool(key) and all(isinstance(name, str) for name in key)
        if not (several or isinstance(key, str)):
            return None
        for name in key if several else [key]:
            if name not in self.names:
                raise KeyError(f"there is no column '{name}': {suggestion(name, self.names)}")
        return [self.names.index(name) for name in key] if several else self.names.index(key)

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __bool__(self) -> bool:
        return bool(self._values)  # what NumPy refuses

    def __getattr__(self, name: str) -> Any:
        """What an array has: its shape, its methods."""
        if name.startswith("__") or name == "_values":
            raise AttributeError(f"'NamedArray' object has no attribute {name!r}")
        return getattr(self._values.view(), name)  # a view of its own may be given another shape

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self._values.view(), dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Compute with the numbers alone."""
        if "out" in options:
            options["out"] = tuple(map(_plain, options["out"]))
        return getattr(ufunc, method)(*map(_plain, inputs), **options)

    def __reduce__(self) -> tuple[type[NamedArray], tuple[NDArray[Any], tuple[str, ...]]]:
        return type(self), (self._values, self.names)

    def copy(self) -> NamedArray:
        """The same numbers once more, with their names."""
        return type(self)(self._values.copy(), self.names)

    def __repr__(self) -> str:
        numbers = np.array2string(self._values, separator=", ", prefix="NamedArray(")
        return f"NamedArray({numbers}, names={self.names})"


def _plain(value: Any) -> Any:
    """The numbers of an array with names; any other value as it is."""
    return np.asarray(value) if isinstance(value, NamedArray) else value
