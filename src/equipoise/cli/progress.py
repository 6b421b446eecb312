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


def _open_bar(task: str, total: int) -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.add_task(task, total=total)
    bar.start()
    return bar
