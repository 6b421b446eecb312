"""Sources of rows: tables of any size as pieces, read in this process or on a cluster."""

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
    """A table that is read in pieces, in this process or on the workers of a cluster."""

    @property
    def name(self) -> str:
        """What error messages call the source."""

    @property
    def rows(self) -> int | None:
        """Number of rows; None if unknown before they are read."""

    @property
    def repeatable(self) -> bool:
        """Whether the source can be read more than once."""

    @property
    def local(self) -> bool:
        """Whether the source is read in this process."""

    @property
    def stamped(self) -> bool:
        """Whether every piece has a stamp, which changes when its data do."""

    def start(self) -> tuple[Any, Source]:
        """Return a first batch, which may have no rows, and the source to read from then on."""

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every piece, wherever it lies, and join the results; None without pieces.

        Parameters
        ----------
        function : callable
            Takes a piece and returns a result.
        join : callable
            Takes two results and returns the result for the pieces of both.
        columns : sequence of str
            Names of the columns that the function reads.
        """


@dataclass(frozen=True)
class Pieces:
    """A source that is read in this process.

    Parameters
    ----------
    pieces : tuple of Piece
        The pieces, in order.
    repeatable : bool
        Whether each piece can be read more than once.
    """

    pieces: tuple[Piece, ...]
    repeatable: bool

    local = True

    @property
    def name(self) -> str:
        """What error messages call the source."""
        return self.pieces[0].name

    @property
    def rows(self) -> int | None:
        """Number of rows; None if unknown before they are read."""
        known = [piece.rows for piece in self.pieces if piece.rows is not None]
        return sum(known) if len(known) == len(self.pieces) else None

    @property
    def stamped(self) -> bool:
        """Whether every piece has a stamp, which changes when its data do."""
        return all(piece.stamp is not None for piece in self.pieces)

    def start(self) -> tuple[Any, Pieces]:
        """Return the first batch that has rows, and the source to read from then on."""
        for piece in self.pieces:
            batches = piece.open(None)
            first = next((batch for batch in batches if batch.num_rows), None)
            if first is not None:
                # A stream cannot be read again, so its first batch is put back in front of the others.
                rest = self if self.repeatable else Pieces((stream_piece(chain([first], batches)),), False)
                return first, rest
        raise ValueError(f"{self.name} has no rows: at least one is needed")

    def reduce(
        self, function: Callable[[Piece], T], join: Callable[[T, T], T], columns: Sequence[str]
    ) -> T | None:
        """Apply a function to every piece in turn and join the results; None without pieces."""
        with reading_ahead(self.pieces) as pieces:
            return reduce(join, map(function, pieces)) if pieces else None
