"""Tables of any size as pieces, each a sequence of Arrow record batches, and who reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from typing import Any, Protocol, TypeVar

from equipoise.data.ahead import reading_ahead

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
    ahead : bool, default False
        Whether another thread may read it ahead of who asks, for its batches come soon and from any thread.
    """

    name: str
    open: Callable[[Sequence[str] | None], Iterator[Any]]
    number: int = 0
    row: int = 0
    rows: int | None = None
    stamp: dict[str, Any] | None = None
    ahead: bool = False


class Source(Protocol):
    """Where rows come from, and who looks at them: this process, or the workers of a cluster."""

    @property
    def name(self) -> str:
        """What error messages call it."""

    @property
    def rows(self) -> int | None:
        """How many rows there are; None where that is not known before they are read."""

    @property
    def repeatable(self) -> bool:
        """Whether it can be read more than once."""

    @property
    def here(self) -> bool:
        """Whether it is read in this process."""

    @property
    def stamped(self) -> bool:
        """Whether every piece can be told from other versions of itself."""

    def start(self) -> tuple[Any, Source]:
        """Return a first batch, which may be empty, and the source to go on with."""

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every piece, wherever it lies, and join what it returns; None without pieces.

        Parameters
        ----------
        function : callable
            From a piece to what is wanted of it.
        join : callable
            From what is wanted of two pieces to that of both.
        columns : sequence of str
            Those that the function opens.
        """


@dataclass(frozen=True)
class Pieces:
    """A source that is read in this process.

    Parameters
    ----------
    pieces : tuple of Piece
        In order.
    repeatable : bool
        Whether each can be read more than once.
    """

    pieces: tuple[Piece, ...]
    repeatable: bool

    here = True

    @property
    def name(self) -> str:
        """What error messages call it."""
        return self.pieces[0].name

    @property
    def rows(self) -> int | None:
        """How many rows there are; None where that is not known before they are read."""
        known = [piece.rows for piece in self.pieces if piece.rows is not None]
        return sum(known) if len(known) == len(self.pieces) else None

    @property
    def stamped(self) -> bool:
        """Whether every piece can be told from other versions of itself."""
        return all(piece.stamp is not None for piece in self.pieces)

    def start(self) -> tuple[Any, Pieces]:
        """Return a first batch that has rows, and the source to go on with."""
        for piece in self.pieces:
            batches = piece.open(None)
            first = next((batch for batch in batches if batch.num_rows), None)
            if first is not None:
                # Of a stream the first batch is gone.
                rest = self if self.repeatable else Pieces((stream_piece(chain([first], batches)),), False)
                return first, rest
        raise ValueError(f"{self.name} has no rows: at least one is needed")

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every piece in turn and join what it returns; None without pieces."""
        with reading_ahead(self.pieces) as pieces:
            return reduce(join, map(function, pieces)) if pieces else None


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
