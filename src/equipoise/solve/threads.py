"""Independent tasks, shared out over the processor's cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TypeVar

from equipoise.data.arguments.blas_threads import asked_threads, blas_threads

T = TypeVar("T")


def in_threads(work: Callable[[int, Callable[[], bool]], T], count: int) -> Iterator[tuple[int, T]]:
    """Do ``work(0, going)`` … ``work(count − 1, going)``, as many at once as there are cores.

    Yields ``(k, result)`` in the order of completion. Threads suffice, since the solver and the linear
    algebra release Python's lock; each leaves to BLAS its share of the cores. The environment variable
    EQUIPOISE_THREADS stands for the number of cores where it is smaller. When the caller stops iterating, by
    an exception or an interrupt, tasks that have not begun are cancelled, and ``going()`` becomes False for
    those that have.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    asked = asked_threads()
    budget = cores if asked is None else min(asked, cores)
    workers = min(budget, count)
    if workers <= 1:
        for k in range(count):
            if asked is None:
                result = work(k, lambda: True)
            else:
                with blas_threads(budget):
                    result = work(k, lambda: True)
            yield k, result
        return
    from concurrent.futures import ThreadPoolExecutor, as_completed
    from threading import Event

    stopped = Event()

    def going() -> bool:
        return not stopped.is_set()

    def task(k: int) -> T:
        with blas_threads(budget // workers):
            return work(k, going)

    pool = ThreadPoolExecutor(workers)
    try:
        futures = {pool.submit(task, k): k for k in range(count)}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)
