"""Matrices on disk: memory-mapped, read in blocks, with a count of the numbers that were read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import DefaultNames, as_matrix, as_vector, slices
from equipoise.data.arguments.messages import MissingValues, count, suggestion
from equipoise.data.arguments.public import public
from equipoise.data.disk import mmap_store
from equipoise.data.disk.mmap_store import open_store
from equipoise.data.frames.columns import chosen_places, refuse_duplicates, refuse_text
from equipoise.data.records import Shared

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

MIN_BLOCK_ROWS = 64  # fewest rows of a block in C order: a product with fewer is slow
MIN_BAND_ROWS = 1 << 13  # fewest rows of a block of all columns in Fortran order: 64 KB of each column


@public
class Mapped(Shared):
    """A matrix too large for memory: it stays on disk and is read in blocks as its columns are needed.

    Pass it as X to :func:`equipoise.fit`, :func:`equipoise.path` or :func:`equipoise.cross_validate`; a
    ``numpy.memmap`` passed as X is treated alike. It is for very many columns: a path over a hundred
    strengths reads the file some ten to twenty times, and memory holds only the columns in the working set
    and some vectors of n and of p numbers. With an unpenalised column the file is read about three times a
    strength. For very many rows use :func:`equipoise.gather`, which reads the file once. ``np.asarray``
    reads all of the matrix into memory.

    Parameters
    ----------
    source : path, numpy.memmap or pyarrow.Table
        A ``.npy`` file, an uncompressed file in Arrow's IPC format (``.arrow``, ``.feather``, ``.ipc``), or
        an array or table that is mapped already. Numbers may have any real type: genotypes as ``int8`` take
        an eighth of the space and reading time of ``float64``. NumPy arrays should be in Fortran order
        (Arrow tables always are): in C order, picking a few columns reads nearly all of the file.
    features : sequence of str, optional
        The columns that are features, in this order; all by default. Columns of NumPy arrays are x1 … xp.
    drop : sequence of str, optional
        Columns to leave out, such as the response, which :meth:`column` reads.

    Attributes
    ----------
    shape : tuple of int
        Numbers of rows and columns.
    features : sequence of p str
        Names of the columns.
    source : str
        What error messages call the matrix: its file name, or "the Arrow table".
    passes : float
        How often its n·p numbers have been read so far; a fraction if only some columns were. In C order,
        reading a column counts all the numbers on the pages that hold it.

    Raises
    ------
    ImportError
        If an Arrow file is to be read without pyarrow.
    OSError
        If there is no such file.
    ValueError, TypeError
        If the file is broken or compressed, is not 2-D, or a column does not hold numbers.

    Examples
    --------
    >>> import numpy as np, os, tempfile, equipoise as eq
    >>> path = os.path.join(tempfile.mkdtemp(), "wide.npy")
    >>> rng = np.random.default_rng(0)
    >>> np.save(path, np.asfortranarray(rng.normal(size=(50, 400))))
    >>> X = eq.Mapped(path)
    >>> fit = eq.fit(X, X.column("x7") + 0.1 * rng.normal(size=50), l1=10)
    >>> fit.support, fit.certificate.optimal, X.passes < 10
    (array([6]), True, True)
    """

    features: Sequence[str]

    def __init__(
        self, source: Any, *, features: Sequence[str] | None = None, drop: Sequence[str] = ()
    ) -> None:
        self._file = os.path.abspath(source) if isinstance(source, str | os.PathLike) else None
        self._whole, self._names = open_store(source)
        self.source = self._whole.source
        if 0 in self._whole.shape:
            what = "rows" if self._whole.shape[0] == 0 else "columns"
            raise ValueError(f"{self.source} has no {what}: at least one is needed")
        refuse_text(features=features, drop=drop)
        self._store, self.features = self._whole, self._names
        if self.named:
            refuse_duplicates(self._names, self.source)
        if features is not None or len(drop):
            self._pick(chosen_places(self._names, features, drop, "feature", self.source))
        wrong = self._store.non_numeric()
        if wrong:
            j, kind = next(iter(wrong.items()))
            more = f" (and {count(len(wrong) - 1, 'other column')})" if len(wrong) > 1 else ""
            raise TypeError(
                f"{self.source} column '{self.features[j]}'{more} holds {kind}: a mapped matrix has numbers "
                "only; drop it, or encode it first"
            )
        self.shape = self._store.shape
        self._count = ReadCounter()

    def _pick(self, places: Sequence[int]) -> None:
        self._store = self._whole.pick(places)
        self.features = tuple(self._names[j] for j in places)
        self.shape = self._store.shape

    @property
    def passes(self) -> float:
        """How often the n·p numbers have been read so far."""
        return self._count.numbers / (self.shape[0] * self.shape[1])

    @property
    def named(self) -> bool:
        """Whether the file has names for its columns."""
        return not isinstance(self._names, DefaultNames)

    @property
    def by_rows(self) -> bool:
        """Whether the matrix is in C order: the numbers of a row lie together, not those of a column."""
        return self._store.by_rows

    def column(self, name: str) -> Array:
        """One column of the file as a float64 vector (n,), whether or not it is a feature.

        Parameters
        ----------
        name : str
            The column's name.

        Raises
        ------
        ValueError
            If there is no such column, or it holds missing or infinite values.
        """
        if name not in self._names:
            raise ValueError(f"{self.source} has no column '{name}': {suggestion(name, self._names)}")
        found = self._whole.columns(np.array([self._names.index(name)]))
        return as_vector(found[:, 0], f"column '{name}'", self.shape[0])

    def pick(self, features: Sequence[str]) -> Mapped:
        """The same matrix with these features, in this order; both matrices share the count of passes.

        Parameters
        ----------
        features : sequence of str
            Names of columns of the file.
        """
        other = object.__new__(Mapped)
        vars(other).update(vars(self))
        other._pick(chosen_places(self._names, features, None, "feature", self.source))
        return other

    def tiles(self) -> Iterator[tuple[slice, slice]]:
        """Cut the matrix into blocks, in the order in which they lie on disk.

        Yields
        ------
        rows, columns : slice
            The rows and columns of a block.
        """
        n, p = self.shape
        if self.by_rows:
            across = max(1, min(p, mmap_store.BLOCK_ENTRIES // MIN_BLOCK_ROWS))
            down = max(1, mmap_store.BLOCK_ENTRIES // across)
            yield from ((i, j) for i in slices(n, down) for j in slices(p, across))
        else:
            down = max(1, min(n, mmap_store.BLOCK_ENTRIES))
            across = max(1, mmap_store.BLOCK_ENTRIES // down)
            yield from ((i, j) for j in slices(p, across) for i in slices(n, down))

    def bands(self) -> Iterator[slice]:
        """Cut the matrix into blocks of all columns, with enough rows each to be read efficiently.

        Yields
        ------
        rows : slice
            The rows of a block.
        """
        n, p = self.shape
        return slices(
            n, max(MIN_BLOCK_ROWS if self.by_rows else MIN_BAND_ROWS, mmap_store.BLOCK_ENTRIES // p)
        )

    def block(self, rows: slice, columns: slice) -> Array:
        """Read a block as float64; a view of the file if that holds float64, else a copy.

        Parameters
        ----------
        rows, columns : slice
            Slices with explicit ends.
        """
        part = self._store.block(rows, columns)
        self._count.add(part.size)
        return part

    def columns(self, indices: Indices) -> Array:
        """Read some columns as a new float64 array in Fortran order.

        Parameters
        ----------
        indices : (k,) index array
            Positions of the columns among the features.
        """
        part = self._store.columns(indices)
        n, p = self.shape
        self._count.add(n * min(p, len(indices) * self._store.page_entries) if self.by_rows else part.size)
        return part

    def refuse_gaps(self) -> None:
        """Read all of the matrix; a ValueError names the first column with missing or infinite values."""
        for rows, columns in self.tiles():
            bad = ~np.isfinite(self.block(rows, columns)).all(axis=0)
            if bad.any():
                j = columns.start + int(bad.argmax())
                try:
                    as_matrix(self.columns(np.array([j])), self.source, (self.features[j],))
                except MissingValues as error:
                    raise ValueError(
                        f"{error.found}: write it without such rows, or pass np.asarray(X) with "
                        "missing='drop' if it fits into memory"
                    ) from None

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Read all of the matrix into memory."""
        if copy is False:
            raise ValueError("the matrix is on disk: reading it makes a copy")
        whole = self.columns(np.arange(self.shape[1]))
        return whole if dtype is None else whole.astype(dtype, copy=False)

    def __reduce__(self) -> tuple[type[Mapped], tuple[str], dict[str, Any]]:
        """A pickle names the file, which is opened again: its numbers stay where they are."""
        if self._file is None:
            raise TypeError(
                f"{self.source} is mapped from an array or a table, which cannot be pickled: "
                "map the file by its name, or keep the model with its method save"
            )
        return Mapped, (self._file,), {"features": None if self._store is self._whole else self.features}

    def __setstate__(self, state: dict[str, Any]) -> None:
        if state["features"] is not None:
            self._pick(chosen_places(self._names, state["features"], (), "feature", self.source))

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        return f"<Mapped: {self.shape[0]} × {self.shape[1]} in {self.source}>"


class ReadCounter:
    """A count of numbers read so far, safe to share between threads."""

    def __init__(self) -> None:
        self.numbers = 0
        self._lock = Lock()

    def add(self, numbers: int) -> None:
        """Add to the count.

        Parameters
        ----------
        numbers : int
            How many numbers were read.
        """
        with self._lock:
            self.numbers += numbers
