"""What the library's limit on BLAS threads saves: calls with it and without, in turns.

    python -m benchmarks.blas_threads [--rounds 5] [--cells fit:1000x1000,cross_validate:200x5000]

Printed are medians of the wall and of the processor time, and the ratio without ÷ with. Processor time is
what spinning threads cost even on an idle machine; on a busy one they cost the wall time too.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np

CELLS = (
    "fit:1000x1000,fit:5000x1000,path:1000x1000,path:1000x2000,path:100x20000,path:2000x200,path:1000000x10,"
    "cross_validate:1000x1000,cross_validate:200x5000,cross_validate:10000x100"
)


@contextmanager
def without_limit() -> Iterator[None]:
    """Let the library set no limit."""
    from equipoise.data.arguments import blas_threads
    from equipoise.solve import threads

    large, limit = blas_threads.LARGE, threads.blas_threads
    blas_threads.LARGE, threads.blas_threads = sys.maxsize, lambda most: nullcontext()
    try:
        yield
    finally:
        blas_threads.LARGE, threads.blas_threads = large, limit


def call_of(cell: str) -> Callable[[], Any]:
    """The call that a cell such as ``fit:1000x1000`` stands for."""
    import equipoise as eq

    verb, _, shape = cell.partition(":")
    n, p = map(int, shape.split("x"))
    rng = np.random.default_rng(0)
    X = np.asfortranarray(np.sqrt(0.5) * (rng.normal(size=(n, p)) + rng.normal(size=(n, 1))))
    signal = X @ [(-1) ** j * np.exp(-j / 10) for j in range(p)]
    y = signal + rng.normal(size=n) * signal.std() / 3
    asked = {"l1": 0.01 * float(np.abs(X.T @ (y - y.mean())).max())} if verb == "fit" else {}
    return lambda: getattr(eq, verb)(X, y, **asked)


def timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Wall and processor seconds of a call."""
    wall, processor = perf_counter(), process_time()
    call()
    return perf_counter() - wall, process_time() - processor


def main() -> None:
    """Print a line for each cell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.blas_threads")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cells", default=CELLS)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores; load {os.getloadavg()[0]:.1f}; seconds with the limit and without")
    for cell in asked.cells.split(","):
        call = call_of(cell)
        call()
        limited, free = [], []
        for _ in range(asked.rounds):
            limited.append(timed(call))
            with without_limit():
                free.append(timed(call))
        columns = zip(("wall", "processor"), zip(*limited, strict=True), zip(*free, strict=True), strict=True)
        told = [
            f"{name} {median(a):.3f} and {median(b):.3f} ({median(b) / median(a):.1f})"
            for name, a, b in columns
        ]
        print(f"{cell}: {'; '.join(told)}", flush=True)


if __name__ == "__main__":
    main()
