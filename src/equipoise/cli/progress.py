"""A progress bar for what lasts, on stderr, where somebody is watching."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

PATIENCE = 1.0  # seconds: what is done by then needs no bar


@contextmanager
def progress_bar(task: str, total: int) -> Iterator[Callable[[int], None] | None]:
    """Yield a callable that is told how much is done, or None if nobody is watching.

    Parameters
    ----------
    task : str
        What is being done.
    total : int
        How much there is to do.
    """
    if not sys.stderr.isatty():
        yield None
        return
    start = monotonic()
    bar: Progress | None = None

    def update(done: int) -> None:
        nonlocal bar
        if bar is None and monotonic() - start > PATIENCE:
            bar = _open_bar(task, total)
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done)

    try:
        yield update
    finally:
        if bar is not None:
            bar.stop()


@contextmanager
def rows_bar(total: int | None) -> Iterator[Callable[[int], None] | None]:
    """Yield a callable that is told how many rows were read, or None if nobody is watching.

    Parameters
    ----------
    total : int or None
        How many there are, where that is known: then the time that is left is shown too.
    """
    if not sys.stderr.isatty():
        yield None
        return
    start = monotonic()
    bar: Progress | None = None
    read = 0

    def update(rows: int) -> None:
        nonlocal bar, read
        read += rows
        if bar is None and monotonic() - start > PATIENCE:
            bar = _open_rows(total)
        if bar is not None:
            rate = read / (monotonic() - start)
            left = "" if total is None else f", {(total - read) / rate:.0f} s left"
            bar.update(bar.task_ids[0], completed=read, told=f"{read:,} rows, {rate:,.0f} a second{left}")

    try:
        yield update
    finally:
        if bar is not None:
            bar.stop()


def _open_rows(total: int | None) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("reading"), BarColumn(), TextColumn("{task.fields[told]}"))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("reading", total=total, told="")
    bar.start()
    return bar


def _open_bar(task: str, total: int) -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.add_task(task, total=total)
    bar.start()
    return bar
