"""Reading ahead: a thread decodes the next batch while the previous one is in use."""

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

END = object()  # marks the end of a piece in the queue
PATIENCE = 0.5  # seconds after which a waiting thread checks whether it was stopped


@contextmanager
def reading_ahead(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Return the same pieces, those that can be read ahead being read by a thread, one after the other.

    Reading begins when the first piece is opened and stops when the context is left, also by an error or an
    interruption. An error in reading is raised where the batch is asked for.

    Parameters
    ----------
    pieces : sequence of Piece
        The pieces; they should be opened in order, but some may be left out.
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
    """Owns the reader thread, and starts a new one when a piece is opened out of order."""

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
            # Started only once it is held, so that an interruption at any moment finds it to stop it.
            self._reader.start()
        self._next = None
        yield from self._reader.batches()
        self._next = (place + 1, columns)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = None


class _Reader:
    """A thread that reads pieces in turn, at most two batches ahead: one in the queue, one in hand."""

    def __init__(self, pieces: Sequence[Piece], columns: Sequence[str] | None) -> None:
        self._read: Queue[Any] = Queue(maxsize=1)
        self._stopped = Event()
        self._thread = Thread(target=self._run, args=(pieces, columns), name="equipoise reads ahead")

    def start(self) -> None:
        """Start reading."""
        self._thread.start()

    def _run(self, pieces: Sequence[Piece], columns: Sequence[str] | None) -> None:
        try:
            for piece in pieces:
                for batch in chain(piece.open(columns), (END,)):
                    if not self._hand_over(batch):
                        return
        except BaseException as error:  # raised again in the thread that asks for the batch
            self._hand_over(error)

    def _hand_over(self, batch: Any) -> bool:
        """Wait until the queue has room for a batch; False if the reader was stopped."""
        while not self._stopped.is_set():
            try:
                self._read.put(batch, timeout=PATIENCE)
            except Full:
                continue
            return not self._stopped.is_set()
        return False

    def batches(self) -> Iterator[Any]:
        """The remaining batches of the piece being read."""
        while (batch := self._read.get()) is not END:
            if isinstance(batch, BaseException):
                raise batch
            yield batch

    def close(self) -> None:
        """Stop reading, and wait until the batch being read is done."""
        self._stopped.set()
        with suppress(Empty):
            self._read.get_nowait()  # makes room for a thread that waits in `_hand_over`
        if self._thread.ident is not None:
            self._thread.join()
