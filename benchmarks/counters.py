"""What a call of this library does: passes over X, kernel solves, Gram columns formed, peak memory.

Counted from outside, by wrapping the dense design's methods and the name under which the solver knows the
kernel; nothing in the library knows that it is being watched, and no timed call is.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.design.dense import Dense


def count(call: Callable[[], Any], X: NDArray[np.float64]) -> dict[str, float]:
    """Run a call twice: once under counters, once under a memory tracer.

    Parameters
    ----------
    call : callable
        What to watch.
    X : (n, p) array
        Its data.

    Returns
    -------
    dict of str to float
        ``passes``: entries of X read by the design's methods ÷ its size. ``calls …`` of each method.
        ``solves``, ``gram_columns``: of all kernels together. ``peak``: peak memory beside what there was
        before, ÷ the size of X. ``gram_side``: columns of the largest Gram matrix.
    """
    counted: dict[str, float] = {}
    kernels: list[Any] = []
    with _watched_design(counted, X.size), _watched_kernels(kernels):
        call()
    counted["solves"] = sum(kernel.solves for kernel in kernels)
    counted["gram_columns"] = sum(kernel.size for kernel in kernels)
    counted["gram_side"] = max((kernel.size for kernel in kernels), default=0)
    kernels.clear()
    counted["peak"] = _peak(call) / X.nbytes
    return counted


@contextmanager
def _watched_design(counted: dict[str, float], size: int) -> Iterator[None]:
    """Replace the public methods of Dense by ones that count; nested calls count once."""
    originals = {
        name: method for name, method in vars(Dense).items() if callable(method) and not name.startswith("_")
    }
    counted["passes"] = 0.0
    depth = 0

    def watch(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal depth
            if depth == 0:
                counted[f"calls {name}"] = counted.get(f"calls {name}", 0) + 1
                rows, columns = self.shape
                counted["passes"] += rows * _columns_read(args, columns) / size
            depth += 1
            try:
                return method(self, *args, **kwargs)
            finally:
                depth -= 1

        return watched

    for name, method in originals.items():
        setattr(Dense, name, watch(name, method))
    try:
        yield
    finally:
        for name, method in originals.items():
            setattr(Dense, name, method)


def _columns_read(args: tuple[Any, ...], columns: int) -> int:
    """Columns a method reads: those its leading arguments name by whole numbers, else all."""
    named = [a for a in args if isinstance(a, np.ndarray) and a.dtype.kind == "i"]
    return sum(map(len, named)) if named else columns


@contextmanager
def _watched_kernels(kernels: list[Any]) -> Iterator[None]:
    """Keep every kernel that is made, wherever a module of the library knows it as Quadratic."""
    from equipoise.solve._quadratic import Quadratic

    def make(*args: Any, **kwargs: Any) -> Any:
        kernels.append(Quadratic(*args, **kwargs))
        return kernels[-1]

    modules = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("equipoise.") and vars(module).get("Quadratic") is Quadratic
    ]
    modules = [module for module in modules if module.__name__ != Quadratic.__module__]
    for module in modules:
        module.Quadratic = make  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in modules:
            module.Quadratic = Quadratic  # type: ignore[attr-defined]


def _peak(call: Callable[[], Any]) -> float:
    """Bytes at the peak beside what there was before: NumPy's by its tracer, all of them by the system."""
    before = _resident("VmRSS", reset=True)
    call()
    grown = max(0, _resident("VmHWM") - before)
    tracemalloc.start()
    try:
        base = tracemalloc.get_traced_memory()[0]
        call()
        traced = tracemalloc.get_traced_memory()[1] - base
    finally:
        tracemalloc.stop()
    return float(max(traced, grown))


def _resident(field: str, *, reset: bool = False) -> int:
    """A figure of /proc/self/status in bytes, the high-water mark set back first if asked; 0 elsewhere."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(field)), 0)
