"""What a package has to offer to be timed: jobs, and how to read their results."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from benchmarks.data import Problem

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Solution:
    """Coefficients found, in original units.

    Attributes
    ----------
    coef : (m, p) sparse array
        One row a point; cross-validation has one point, the refit.
    intercept : (m,) array
        Intercepts.
    strengths : (m,) array
        The points' strengths, in this library's convention.
    curve : (count,) array or None
        Cross-validation: mean held-out loss at each strength of the grid.
    notes : tuple of str
        What the package said of its result, and what one should know about how it was called.
    """

    coef: sparse.csr_array
    intercept: Array
    strengths: Array
    curve: Array | None = None
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls,
        coef: Any,
        intercept: ArrayLike,
        strengths: ArrayLike,
        *,
        curve: Array | None = None,
        notes: Sequence[str] = (),
    ) -> Solution:
        """From whatever shapes a package returns: (m, p), or (p,) of a single point."""
        if not sparse.issparse(coef):
            coef = np.atleast_2d(np.asarray(coef, dtype=np.float64))
        b = np.atleast_1d(np.asarray(intercept, dtype=np.float64))
        t = np.atleast_1d(np.asarray(strengths, dtype=np.float64))
        return cls(sparse.csr_array(coef), b, t, curve, tuple(notes))


class Job(Protocol):
    """One question, ready to be asked as often as one likes; only the asking is timed."""

    def run(self, seconds: float, most: int) -> list[float]:
        """Ask until so many seconds are over, or so often, once at least; the time of each call."""
        ...

    def read(self) -> Solution | None:
        """The last answer (None where there is nothing to read)."""
        ...


class Call:
    """A job that is a call of a Python function.

    Parameters
    ----------
    call : callable
        What is timed.
    read : callable
        Turns what it returned into a solution; not timed.
    """

    def __init__(self, call: Callable[[], Any], read: Callable[[Any], Solution | None]) -> None:
        self._call = call
        self._read = read
        self._result: Any = None

    def run(self, seconds: float, most: int) -> list[float]:
        """See :class:`Job`."""
        times: list[float] = []
        gc.collect()
        gc.disable()
        try:
            end = perf_counter() + seconds
            while not times or (len(times) < most and perf_counter() < end):
                self._result = None  # freeing the last result is nobody's business
                start = perf_counter()
                self._result = self._call()
                times.append(perf_counter() - start)
        finally:
            gc.enable()
        return times

    def read(self) -> Solution | None:
        """See :class:`Job`."""
        return self._read(self._result)


class NotOfferedError(Exception):
    """The package has nothing that answers the question; the message says so."""


class Tool:
    """A package under test.

    Attributes
    ----------
    tolerance : float or None
        Its default; None where nothing is iterated.
    descent : bool
        Whether it is coordinate descent, which an equal-precision cell tightens.
    compiles : bool
        Whether it compiles itself when it is first called with new types.
    """

    tolerance: float | None = None
    descent: bool = True
    compiles: bool = False

    def version(self) -> str:
        """Version of the package."""
        raise NotImplementedError

    def default(self, task: str) -> float | None:
        """The tolerance that None stands for in a task."""
        return self.tolerance

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """Solve at every strength; ``tolerance`` None means the default and all other defaults too."""
        raise NotOfferedError("fits no path")

    def cross_validate(self, problem: Problem, tolerance: float | None) -> Job:
        """Cross-validate over the strengths with the given folds, and refit at the best."""
        raise NotOfferedError("cross-validates nothing")

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """Fit at the only strength."""
        raise NotOfferedError("does no single fit")

    def job(self, task: str, problem: Problem, tolerance: float | None) -> Job:
        """The job of a cell's task."""
        offers = {"path": self.path, "cross-validation": self.cross_validate, "single": self.single}
        return offers[task](problem, tolerance)

    def counters(self, task: str, problem: Problem) -> dict[str, float]:
        """What one more call, not timed, does and takes; only this library is asked."""
        return {}

    def close(self) -> None:
        """End whatever was started."""


def by_own_loop(
    problem: Problem, path: Callable[[Array, Array], tuple[Any, Array]], strengths: Array
) -> tuple[Array, Any, float, int]:
    """Cross-validation by hand for packages that take no folds: a path for each, and one on all rows.

    Parameters
    ----------
    problem : Problem
        Data and folds.
    path : callable
        Maps (X, y) to coefficients (m, p) and intercepts (m,).
    strengths : (m,) array
        The grid, for its length.

    Returns
    -------
    tuple
        Mean loss (m,), coefficients (p,) and intercept at its smallest, and where that is.
    """
    losses = np.empty((len(strengths), len(problem.splits)))
    for k, (train, test) in enumerate(problem.splits):
        coef, intercept = path(np.asfortranarray(problem.X[train]), problem.y[train])
        fitted = (coef @ problem.X[test].T).T + intercept
        losses[:, k] = ((problem.y[test, None] - fitted) ** 2).mean(axis=0)
    curve = losses.mean(axis=1)
    best = int(np.argmin(curve))
    coef, intercept = path(problem.X, problem.y)
    return curve, coef[[best]], float(intercept[best]), best


OWN_LOOP = "folds looped over by the benchmark"


class PathTool(Tool):
    """A package that solves a path on given data and takes no folds: those are looped over.

    It offers ``_path(X, y, grid, tolerance)``: coefficients (m, p) and intercepts (m,), for strengths ÷ n.
    """

    def _path(self, X: Array, y: Array, grid: Array, tolerance: float | None) -> tuple[Any, Array]:
        raise NotImplementedError

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """One path down the grid, or down the part of it that the package solves."""
        grid = problem.strengths / len(problem.y)
        return Call(
            lambda: self._path(problem.X, problem.y, grid, tolerance),
            lambda found: Solution.of(found[0], found[1], problem.strengths[: len(found[1])]),
        )

    def cross_validate(self, problem: Problem, tolerance: float | None) -> Job:
        """A loop over the folds."""
        grid = problem.strengths / len(problem.y)
        return Call(
            lambda: by_own_loop(problem, lambda X, y: self._path(X, y, grid, tolerance), grid),
            lambda found: Solution.of(
                found[1], found[2], problem.strengths[found[3]], curve=found[0], notes=[OWN_LOOP]
            ),
        )
