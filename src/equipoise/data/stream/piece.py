"""Pieces of a source: parts that are read from their beginning, as Arrow record batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Piece:
    """A part of a source that is read from its beginning.

    Parameters
    ----------
    name : str
        What error messages call it.
    open : callable
        Given the columns wanted (None for all) it returns an iterator of batches.
    number : int, default 0
        Its place among the pieces of its source.
    row : int, default 0
        The place of its first row in what it is a part of.
    rows : int, optional
        How many it has, where that is known without reading it.
    stamp : dict, optional
        What tells it from other versions of itself, JSON-able; None where nothing does.
    can_read_ahead : bool, default False
        Whether another thread may read it ahead of who asks, for its batches come soon and from any thread.
    """

    name: str
    open: Callable[[Sequence[str] | None], Iterator[Any]]
    number: int = 0
    row: int = 0
    rows: int | None = None
    stamp: dict[str, Any] | None = None
    can_read_ahead: bool = False


def stream_piece(batches: Iterable[Any], name: str = "the source") -> Piece:
    """Return a piece of batches that can be read once.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        They.
    name : str
        What error messages call it.
    """

    def read(columns: Sequence[str] | None) -> Iterator[Any]:
        return (batch if columns is None else batch.select(list(columns)) for batch in batches)

    return Piece(name, read)
