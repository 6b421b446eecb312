"""Pieces that are read ahead give what they hold, say what is wrong, and stop when nobody asks any more."""

import signal
import subprocess
import sys
import threading
import time
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import equipoise as eq
from equipoise.data.stream.piece import Piece
from equipoise.data.stream.read_ahead import reading_ahead
from equipoise.data.stream.source import Pieces


class Log:
    """Pieces of three batches, and which batches have been read, by which thread."""

    def __init__(self, broken=None):
        self.read, self.threads, self.closed, self.broken = [], set(), [], broken

    def open(self, name, columns):
        try:
            for k in range(3):
                self.threads.add(threading.current_thread())
                if (name, k) == self.broken:
                    raise ValueError(f"{name} is cut short")
                self.read.append(f"{name}{k}")
                yield f"{name}{k}"
        finally:
            self.closed.append(name)

    def pieces(self, names, ahead=True):
        return [Piece(name, partial(self.open, name), can_read_ahead=ahead) for name in names]


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def test_batches_come_in_order_from_one_other_thread():
    log = Log()
    with reading_ahead(log.pieces("abc")) as pieces:
        assert log.read == []
        assert [list(piece.open(["x"])) for piece in pieces] == [[f"{n}{k}" for k in range(3)] for n in "abc"]
    assert len(log.threads) == 1
    assert threading.current_thread() not in log.threads


def test_the_next_piece_is_begun_before_it_is_asked_for():
    log = Log()
    with reading_ahead(log.pieces("ab")) as pieces:
        list(pieces[0].open(None))
        deadline = time.monotonic() + 10
        while "b0" not in log.read and time.monotonic() < deadline:
            time.sleep(0.001)
        assert "b0" in log.read
        assert "b2" not in log.read
    assert log.closed == ["a", "b"]


def test_pieces_may_be_left_out_or_left_early():
    log = Log()
    with reading_ahead(log.pieces("abcd")) as pieces:
        assert list(pieces[1].open(None)) == ["b0", "b1", "b2"]
        assert list(pieces[3].open(None)) == ["d0", "d1", "d2"]
        assert next(pieces[0].open(None)) == "a0"
        assert list(pieces[1].open(["x"])) == ["b0", "b1", "b2"]


def test_what_does_not_allow_it_is_read_by_who_asks():
    log = Log()
    mixed = [*log.pieces("a", ahead=False), *log.pieces("b"), *log.pieces("c", ahead=False)]
    with reading_ahead(mixed) as pieces:
        assert list(pieces[0].open(None)) == ["a0", "a1", "a2"]
        assert log.threads == {threading.current_thread()}
        list(pieces[1].open(None))
        assert list(pieces[2].open(None)) == ["c0", "c1", "c2"]


def test_what_goes_wrong_in_reading_is_raised_where_it_is_asked_for():
    seen = []
    pieces = Pieces(tuple(Log(broken=("b", 1)).pieces("abc")), True)
    with pytest.raises(ValueError, match="b is cut short"):
        pieces.reduce(lambda piece: seen.extend(piece.open(None)), lambda *_: None, ())
    assert seen == ["a0", "a1", "a2", "b0"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_who_fails_stops_the_reading(error):
    log = Log()

    def fail(piece):
        for _ in piece.open(None):
            raise error

    with pytest.raises(error):
        Pieces(tuple(log.pieces("abcdefgh")), True).reduce(fail, lambda *_: None, ())
    assert len(log.read) <= 4  # the one that was asked for, one in the queue, and one or two in the hand
    assert set(log.closed) == {"a"} | {name[0] for name in log.read}


INTERRUPTED = """
import sys, threading
import equipoise as eq
def progress(rows):
    print(rows, flush=True)
try:
    while True:
        eq.gather(sys.argv[1], "y", progress=progress)
except KeyboardInterrupt:
    print("interrupted", threading.active_count(), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signal for one process there")
def test_an_interruption_is_heard_at_once(tmp_path):
    rng = np.random.default_rng(0)
    for k in range(3):
        columns = {f"f{j}": rng.normal(size=40_000) for j in range(10)}
        pq.write_table(
            pa.table({**columns, "y": columns["f0"]}), tmp_path / f"{k}.parquet", row_group_size=9999
        )
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
    assert rest.splitlines()[-1] == "interrupted 1"
    assert process.returncode == 0


def test_a_callback_that_fails_leaves_no_thread(tmp_path):
    rng = np.random.default_rng(0)
    table = pa.table({"a": rng.normal(size=5000), "y": rng.normal(size=5000)})
    for k in range(4):
        pq.write_table(table, tmp_path / f"{k}.parquet", row_group_size=500)

    def progress(rows):
        raise RuntimeError("the bar broke")

    with pytest.raises(RuntimeError, match="the bar broke"):
        eq.gather(tmp_path, "y", progress=progress)
