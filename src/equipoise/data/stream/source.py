"""Tables of any size as pieces, each a sequence of Arrow record batches, and who reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from typing import Any, Protocol, TypeVar

from equipoise.data.stream.piece import Piece, stream_piece
from equipoise.data.stream.read_ahead import reading_ahead

T = TypeVar("T")


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
    def local(self) -> bool:
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

    local = True

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
