"""Columns of memory-mapped files, in NumPy's format and in Arrow's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import DefaultNames, slices
from equipoise.data.arguments.optional import import_for
from equipoise.data.files.arrow_files import ARROW, arrow_batches, first_line, is_numeric_type

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

BLOCK_ENTRIES = 1 << 17  # numbers in a block: 1 MB as float64, about the size of a second-level cache
PAGE = 4096  # bytes


def open_store(source: Any) -> tuple[Store, Sequence[str]]:
    """Map a matrix on disk.

    Parameters
    ----------
    source : path, numpy.memmap or pyarrow.Table
        As in :class:`equipoise.Mapped`.

    Returns
    -------
    store, names : Store and sequence of str
        The columns and their names.
    """
    if isinstance(source, np.ndarray):
        if not is_on_disk(source):
            raise TypeError(
                "source is an array in memory, or no matrix of numbers: pass it as X itself, or pass a 2-D "
                "numpy.memmap or the name of a file"
            )
        array = source.view(np.ndarray)
        return NumpyStore(array, str(source.filename)), DefaultNames(array.shape[1])  # type: ignore[attr-defined]
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if not path.is_file():
            raise FileNotFoundError(f"there is no file {path}")
        if path.suffix.lower() == ".npy":
            array = _numpy_file(path)
            return NumpyStore(array, str(path)), DefaultNames(array.shape[1])
        if path.suffix.lower() in ARROW:
            table = _arrow_file(path)
            return ArrowStore(table, str(path)), table.column_names
        raise ValueError(
            f"{path} is of type '{path.suffix}': a mapped matrix is one of .npy, {', '.join(ARROW)}; "
            "read other files with equipoise.gather, or write them as Arrow first"
        )
    if type(source).__module__.startswith("pyarrow") and hasattr(source, "column_names"):
        return ArrowStore(source, "the Arrow table"), source.column_names
    raise TypeError(
        f"source is of type {type(source).__name__}: pass the name of a .npy or .arrow file, a "
        "numpy.memmap or a pyarrow.Table"
    )


def is_on_disk(X: object) -> bool:
    """Tell whether X is a numeric NumPy matrix that is mapped from a file.

    Parameters
    ----------
    X : object
        Anything; a copy of a mapped matrix, or a result computed from one, is in memory.
    """
    return isinstance(X, np.memmap) and X.filename is not None and X.ndim == 2 and X.dtype.kind in "buif"


class Store(Protocol):
    """Columns of a file, read as float64."""

    source: str  # what error messages call the file
    shape: tuple[int, int]
    by_rows: bool  # whether the matrix is in C order: the numbers of a row lie together
    page_entries: int  # how many numbers reading one of them brings in: those of a page, in C order

    def block(self, rows: slice, columns: slice) -> Array:
        """Some rows of adjacent columns as float64; a view of the file if that holds float64."""
        ...

    def columns(self, indices: Indices) -> Array:
        """Some columns as a new float64 array in Fortran order."""
        ...

    def pick(self, places: Sequence[int]) -> Store:
        """A store of some of the columns, in this order."""
        ...

    def non_numeric(self) -> dict[int, str]:
        """Positions of the columns that are not numeric, with the names of their types."""
        ...


class NumpyStore:
    """Columns of a memory-mapped array, in Fortran or C order.

    Parameters
    ----------
    array : (n, p) array
        The mapped array, of any real type.
    source : str
        What error messages call the file.
    places : index array, optional
        Positions of the columns that the store has, in this order; all by default.
    """

    def __init__(self, array: NDArray[Any], source: str, places: Indices | None = None) -> None:
        self.array = array
        self.source = source
        self.places = places
        self.shape: tuple[int, int] = (len(array), array.shape[1] if places is None else len(places))
        self.by_rows = abs(array.strides[0]) >= abs(array.strides[1]) and len(array) > 1
        self.page_entries = max(1, PAGE // array.itemsize)

    def block(self, rows: slice, columns: slice) -> Array:
        """Some rows of adjacent columns as float64; a view of the file if that holds float64."""
        wanted: slice | Indices = columns
        if self.places is not None:
            wanted = self.places[columns]
            if len(wanted) and np.all(np.diff(wanted) == 1):
                wanted = slice(int(wanted[0]), int(wanted[-1]) + 1)
        return np.asarray(self.array[rows][:, wanted], dtype=np.float64)

    def columns(self, indices: Indices) -> Array:
        """Some columns as a new float64 array in Fortran order."""
        places = indices if self.places is None else self.places[indices]
        out = np.empty((self.shape[0], len(places)), order="F")
        # In C order blocks of rows are read in turn, so that every page is read once.
        step = max(1, BLOCK_ENTRIES // max(1, len(places))) if self.by_rows else self.shape[0]
        for rows in slices(self.shape[0], step):
            out[rows] = self.array[rows][:, places]
        return out

    def pick(self, places: Sequence[int]) -> NumpyStore:
        """A store of some of the columns, in this order."""
        return NumpyStore(self.array, self.source, np.array(places, dtype=np.intp))

    def non_numeric(self) -> dict[int, str]:
        """An empty dict: the whole array has one numeric type."""
        return {}


class ArrowStore:
    """Columns of an Arrow table, each in one chunk or several; nulls are read as NaN.

    Parameters
    ----------
    table : pyarrow.Table
        The table, mapped or in memory.
    source : str
        What error messages call the table.
    """

    by_rows = False
    page_entries = 1

    def __init__(self, table: Any, source: str) -> None:
        self.table = table
        self.source = source
        self.shape: tuple[int, int] = (table.num_rows, table.num_columns)

    def block(self, rows: slice, columns: slice) -> Array:
        """Some rows of adjacent columns as float64; of a single column a view if its chunk holds float64."""
        if columns.stop - columns.start == 1:
            return self._column(columns.start, rows)[:, None]
        return self._copy_columns(rows, range(columns.start, columns.stop))

    def columns(self, indices: Indices) -> Array:
        """Some columns as a new float64 array in Fortran order."""
        return self._copy_columns(slice(0, self.shape[0]), indices.tolist())

    def pick(self, places: Sequence[int]) -> ArrowStore:
        """A store of some of the columns, in this order."""
        return ArrowStore(self.table.select(places), self.source)

    def non_numeric(self) -> dict[int, str]:
        """Positions of the columns that are not numeric, with the names of their types."""
        return {j: str(kind) for j, kind in enumerate(self.table.schema.types) if not is_numeric_type(kind)}

    def _copy_columns(self, rows: slice, columns: Sequence[int]) -> Array:
        out = np.empty((rows.stop - rows.start, len(columns)), order="F")
        for k, j in enumerate(columns):
            out[:, k] = self._column(j, rows)
        return out

    def _column(self, j: int, rows: slice) -> Array:
        """Some rows of a column as float64, (rows,)."""
        parts, start = [], 0
        for chunk in self.table.column(j).chunks:
            stop = start + len(chunk)
            first, last = max(rows.start, start), min(rows.stop, stop)
            if first < last:
                some = chunk if last - first == len(chunk) else chunk.slice(first - start, last - first)
                parts.append(some.to_numpy(zero_copy_only=False))
            start = stop
        found = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return np.asarray(found, dtype=np.float64)


def _numpy_file(path: Path) -> NDArray[Any]:
    """The matrix in a file of NumPy's format, mapped and not read."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise ValueError(
            f"{path} is not a readable NumPy file, or was cut short: {first_line(error)}"
        ) from None
    if array.ndim != 2:
        raise ValueError(f"{path} holds a {array.ndim}-D array: a 2-D one is needed, one row per observation")
    if array.dtype.kind not in "buif":
        raise TypeError(f"{path} holds {array.dtype}: a matrix of real numbers is needed")
    mapped: NDArray[Any] = array.view(np.ndarray)
    return mapped


def _arrow_file(path: Path) -> Any:
    """The table in a file of Arrow's IPC format, mapped and not read; a ValueError if it is compressed."""
    pa = import_for("reading Arrow files needs", "pyarrow", "equipoise[cli]")
    before = pa.total_allocated_bytes()
    batches = []
    for batch in arrow_batches(path):
        batches.append(batch)
        if pa.total_allocated_bytes() - before > batch.nbytes // 2 + PAGE:
            raise ValueError(
                f"{path} is compressed, and would be held in memory whole: write it without compression "
                "(pyarrow.feather.write_feather(…, compression='uncompressed')), or pass the pyarrow.Table"
            )
    if not batches:
        raise ValueError(f"{path} has no rows: at least one is needed")
    return pa.Table.from_batches(batches)
