"""A process for each package: started once, told what to do, ended if it takes too long.

A process of its own gives every package its own threads' settings, and a call that never ends can be ended.
The processes only ever work in turns.
"""

from __future__ import annotations

import os
import signal
import warnings
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.cells import Cell
from benchmarks.data import make, tiny
from benchmarks.tools import create
from benchmarks.tools.base import Job, NotOfferedError, Solution, Tool

STARTING = 300.0  # seconds that imports, data and compilation on a tiny problem may take
NO_LIMIT = 1e6


class TooSlowError(Exception):
    """A call took longer than it was given; the process has been ended."""


class FailedError(Exception):
    """The package raised an exception, or is not there; the message is its own."""


class Worker:
    """The benchmark's end of such a process.

    Parameters
    ----------
    name : str
        Of the package, as in ``benchmarks.tools``.
    order : "F" or "C"
        Memory order of the data it makes.
    """

    def __init__(self, name: str, order: str) -> None:
        self.name = name
        self._order = order
        self._process: Any = None
        self._connection: Connection | None = None
        self.version, self.descent = self._start()

    def _start(self) -> tuple[str, bool]:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self.name, self._order), daemon=True)
        self._process.start()
        theirs.close()
        about: tuple[str, bool] = self._receive(STARTING)
        return about

    def prepare(self, cell: Cell, tolerance: float | None) -> float | None:
        """Make the data, compile if need be, be ready to run; the tolerance that is in force."""
        in_force: float | None = self._ask(STARTING, "prepare", cell, tolerance)
        return in_force

    def run(self, seconds: float, most: int, limit: float) -> list[float]:
        """Times of calls, for so many seconds or so many of them; TooSlowError after ``limit`` seconds."""
        times: list[float] = self._ask(limit, "run", seconds, most)
        return times

    def read(self) -> Solution | None:
        """The result of the last call."""
        solution: Solution | None = self._ask(NO_LIMIT, "read")
        return solution

    def counters(self) -> dict[str, float]:
        """What one call does and takes."""
        counted: dict[str, float] = self._ask(NO_LIMIT, "counters")
        return counted

    def threads(self) -> list[str]:
        """The thread pools that are loaded, and their sizes."""
        pools: list[str] = self._ask(STARTING, "threads")
        return pools

    def close(self) -> None:
        """End the process and whatever it started."""
        if self._process.is_alive():
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (AttributeError, ProcessLookupError, PermissionError):
                self._process.kill()
        self._process.join()

    def _ask(self, limit: float, *message: Any) -> Any:
        if not self._process.is_alive():
            self._start()
        assert self._connection is not None
        self._connection.send(message)
        return self._receive(limit)

    def _receive(self, limit: float) -> Any:
        assert self._connection is not None
        if not self._connection.poll(limit):
            self.close()
            raise TooSlowError(f"not done after {limit:g} s")
        try:
            answer = self._connection.recv()
        except EOFError:
            self._process.join()
            raise FailedError(f"its process died (exit code {self._process.exitcode})") from None
        if isinstance(answer, NotOfferedError | FailedError):
            raise answer
        return answer


def serve(connection: Connection, name: str, order: str) -> None:
    """The other end: answer requests until there is nobody left to ask."""
    if hasattr(os, "setsid"):
        os.setsid()  # so that what this process starts can be ended with it
    warnings.simplefilter("ignore")  # of not having converged: the precision printed says it
    try:
        tool = create(name)
        connection.send((tool.version(), tool.descent))
    except (ImportError, OSError) as absent:
        connection.send(FailedError(str(absent)))
        return
    server = _Server(tool, order)
    while True:
        try:
            verb, *arguments = connection.recv()
        except EOFError:
            tool.close()
            return
        try:
            connection.send(getattr(server, verb)(*arguments))
        except NotOfferedError as missing:
            connection.send(missing)
        except Exception as error:  # whatever a package raises is its result
            connection.send(FailedError(f"{type(error).__name__}: {error}"))


class _Server:
    """Keeps the package, the present data and the present job."""

    def __init__(self, tool: Tool, order: str) -> None:
        self._tool = tool
        self._order = order
        self._cell: Cell | None = None
        self._problem: Any = None
        self._job: Job | None = None

    def prepare(self, cell: Cell, tolerance: float | None) -> float | None:
        if self._cell != cell:
            self._job = self._problem = None
            self._problem, self._cell = make(cell, self._order), cell
        if self._tool.compiles:
            self._tool.job(cell.task, tiny(self._problem), tolerance).run(0.0, 1)
        self._job = self._tool.job(cell.task, self._problem, tolerance)
        return self._tool.default(cell.task) if tolerance is None else tolerance

    def run(self, seconds: float, most: int) -> list[float]:
        assert self._job is not None
        return self._job.run(seconds, most)

    def read(self) -> Solution | None:
        assert self._job is not None
        return self._job.read()

    def counters(self) -> dict[str, float]:
        assert self._cell is not None
        return self._tool.counters(self._cell.task, self._problem)

    def threads(self) -> list[str]:
        from threadpoolctl import threadpool_info

        return [f"{pool['internal_api']} {pool['num_threads']}" for pool in threadpool_info()]
