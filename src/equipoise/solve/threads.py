"""Independent pieces of work, shared out over the processor's cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


def in_threads(work: Callable[[int, Callable[[], bool]], T], count: int) -> Iterator[tuple[int, T]]:
    """Do ``work(0, going)`` … ``work(count − 1, going)``, as many at once as there are cores.

    Yields results as they come. Threads, since the solver and the linear algebra hold no lock of Python's.
    Whoever stops listening, by an exception or an interrupt, cancels what has not begun; what has may ask
    ``going()`` whether anybody waits for it.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    if min(cores, count) == 1:
        for k in range(count):
            yield k, work(k, lambda: True)
        return
    from concurrent.futures import ThreadPoolExecutor, as_completed
    from threading import Event

    stopped = Event()

    def going() -> bool:
        return not stopped.is_set()

    pool = ThreadPoolExecutor(min(cores, count))
    try:
        futures = {pool.submit(work, k, going): k for k in range(count)}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)
