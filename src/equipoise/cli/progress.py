"""Progress bars for long work, on stderr, only where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0  # seconds: what is done by then needs no bar


@contextmanager
def progress_bar(task: str, total: int) -> Iterator[Callable[[int], None] | None]:
    """Yield a function that is told how much of `total` is done; None where stderr is no terminal."""
    with _bar(task, total) as show:
        yield show and (lambda done: show(done, ""))


@contextmanager
def rows_bar(total: int | None) -> Iterator[Callable[[int], None] | None]:
    """Yield a function that is told how many more rows were read; None where stderr is no terminal.

    With a `total` the time left is shown too.
    """
    with _bar("reading", total) as show:
        if show is None:
            yield None
            return
        start, read = monotonic(), 0

        def update(rows: int) -> None:
            nonlocal read
            read += rows
            rate = read / max(monotonic() - start, 1e-9)
            left = "" if total is None else f", {(total - read) / rate:.0f} s left"
            show(read, f"{read:,} rows, {rate:,.0f} a second{left}")

        yield update


@contextmanager
def _bar(task: str, total: int | None) -> Iterator[Callable[[int, str], None] | None]:
    """Yield a function that moves the bar, shown after `PATIENCE` seconds, and sets the text beside it."""
    if not sys.stderr.isatty():
        yield None
        return
    start = monotonic()
    bar: Progress | None = None

    def show(done: int, text: str) -> None:
        nonlocal bar
        if bar is None and monotonic() - start > PATIENCE:
            bar = _open(task, total, written=bool(text))
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done, text=text)

    try:
        yield show
    finally:
        if bar is not None:
            bar.stop()


def _open(task: str, total: int | None, *, written: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[text]}"))
    bar = Progress(
        *(columns if written else Progress.get_default_columns()),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task(task, total=total, text="")
    bar.start()
    return bar
