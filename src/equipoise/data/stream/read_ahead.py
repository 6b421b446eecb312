"""Pieces that are read ahead: a thread decodes the next batch while the one before is summed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import chain, takewhile
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

from equipoise.data.stream.piece import Piece

END = object()  # of a piece
PATIENCE = 0.5  # seconds after which a thread that waits looks whether it is still wanted


@contextmanager
def reading_ahead(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Give the same pieces, of which those that allow it are read ahead, past the end of each into the next.

    Nothing is read before the first is opened, and nothing goes on being read when the context is left, by
    whatever error or interruption. What goes wrong in reading is raised where the batch is asked for.

    Parameters
    ----------
    pieces : sequence of Piece
        They are to be opened in order, though some may be left out.
    """
    ahead = _ReadAhead(pieces)
    try:
        yield [
            replace(piece, open=partial(ahead.open, place)) if piece.can_read_ahead else piece
            for place, piece in enumerate(pieces)
        ]
    finally:
        ahead.close()


class _ReadAhead:
    """Who holds the thread that reads, and starts another for a piece that is not its next."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._reader: _Reader | None = None
        self._next: tuple[int, Sequence[str] | None] | None = None

    def open(self, place: int, columns: Sequence[str] | None) -> Iterator[Any]:
        if self._reader is None or self._next != (place, columns):
            self.close()
            self._reader = _Reader(
                [*takewhile(lambda piece: piece.can_read_ahead, self._pieces[place:])], columns
            )
            # Begun when somebody holds it who can stop it, whenever an interruption comes.
            self._reader.start()
        self._next = None
        yield from self._reader.batches()
        self._next = (place + 1, columns)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = None


class _Reader:
    """A thread that reads pieces to their ends, and waits whenever a batch has not been taken."""

    def __init__(self, pieces: Sequence[Piece], columns: Sequence[str] | None) -> None:
        self._read: Queue[Any] = Queue(maxsize=1)
        self._stopped = Event()
        self._thread = Thread(target=self._run, args=(pieces, columns), name="equipoise reads ahead")

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def _run(self, pieces: Sequence[Piece], columns: Sequence[str] | None) -> None:
        try:
            for piece in pieces:
                for batch in chain(piece.open(columns), (END,)):
                    if not self._hand_over(batch):
                        return
        except BaseException as error:  # whose sentence is for the thread that asked
            self._hand_over(error)

    def _hand_over(self, batch: Any) -> bool:
        """Wait until a batch can be put down; False if nobody wants more."""
        while not self._stopped.is_set():
            try:
                self._read.put(batch, timeout=PATIENCE)
            except Full:
                continue
            return not self._stopped.is_set()
        return False

    def batches(self) -> Iterator[Any]:
        """What is left of the piece that is being read."""
        while (batch := self._read.get()) is not END:
            if isinstance(batch, BaseException):
                raise batch
            yield batch

    def close(self) -> None:
        """Stop within a batch, and wait for it."""
        self._stopped.set()
        with suppress(Empty):
            self._read.get_nowait()  # for it may be waiting to put down another
        if self._thread.ident is not None:
            self._thread.join()
