"""Pieces of a source: parts that can each be read on their own, as Arrow record batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from equipoise.data.text.arrow_text import usual_batch

T = TypeVar("T")


@dataclass(frozen=True)
class Piece:
    """A part of a source that can be read on its own.

    Parameters
    ----------
    name : str
        What error messages call the piece.
    open : callable
        Takes the names of the wanted columns (None for all) and returns an iterator of record batches.
    number : int, default 0
        Index of the piece in its source.
    row : int, default 0
        Index of its first row in its file.
    rows : int, optional
        Number of rows, if known without reading them.
    stamp : dict, optional
        File, size, modification time and first row, JSON-able; None if unknown.
    can_read_ahead : bool, default False
        Whether a thread may read it before its batches are needed.
    """

    name: str
    open: Callable[[Sequence[str] | None], Iterator[Any]]
    number: int = 0
    row: int = 0
    rows: int | None = None
    stamp: dict[str, Any] | None = None
    can_read_ahead: bool = False


def stream_piece(batches: Iterable[Any], name: str = "the source") -> Piece:
    """Return a piece made of batches; it can be read only once if they can.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        The batches.
    name : str
        What error messages call the piece.
    """

    def read(columns: Sequence[str] | None) -> Iterator[Any]:
        usual = map(usual_batch, batches)
        return (batch if columns is None else batch.select(list(columns)) for batch in usual)

    return Piece(name, read)
