"""Glmnet through R: one long-lived Rscript, its data loaded and its calls timed in there."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from shutil import which

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.data import Problem
from benchmarks.tools.base import Job, Solution, Tool

MANY = 100_000_000  # passes where the threshold is not the default
DEFAULT_PASSES = 100_000


class Glmnet(Tool):
    """R's glmnet at its default threshold of 1e-7, standardize=FALSE, lambda = t/n."""

    tolerance = 1e-7

    def __init__(self) -> None:
        if which("Rscript") is None:
            raise ImportError("no Rscript here (Debian: apt-get install r-base-core r-cran-glmnet)")
        self._folder = tempfile.TemporaryDirectory(prefix="glmnet-")
        self.folder = Path(self._folder.name)
        script = Path(__file__).with_suffix(".R")
        self._process = subprocess.Popen(
            ["Rscript", "--vanilla", str(script), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            self._version = " ".join(self._answer())
        except EOFError:
            raise ImportError("R has no package glmnet (Debian: apt-get install r-cran-glmnet)") from None

    def version(self) -> str:
        """Version of the package, and of R."""
        return self._version

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """The function glmnet, down the grid."""
        return Request(self, "path", problem, tolerance)

    def cross_validate(self, problem: Problem, tolerance: float | None) -> Job:
        """cv.glmnet with the same folds."""
        return Request(self, "cv", problem, tolerance)

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """A grid of one."""
        return Request(self, "path", problem, tolerance)

    @property
    def process(self) -> int:
        """R's process."""
        return self._process.pid

    def close(self) -> None:
        """End R and remove its files."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()

    def ask(self, *words: object) -> list[str]:
        """Send a request and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> list[str]:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            if line.startswith("@"):
                words = line[1:].split()
                if words[:1] == ["error"]:
                    raise RuntimeError("R: " + " ".join(words[1:]))
                return words
        raise EOFError("R has ended")

    def numbers(self, name: str, dtype: str = "<f8") -> NDArray[np.float64]:
        """What R wrote to a file."""
        return np.fromfile(self.folder / f"{name}.bin", dtype=dtype)


class Request:
    """A job for R; its data are sent before its first run, outside any time.

    Parameters
    ----------
    tool : Glmnet
        The running R.
    kind : str
        "path" or "cv".
    problem : Problem
        Data.
    tolerance : float or None
        Threshold; None is the default.
    intercept : bool, default True
        Whether to fit one.
    """

    def __init__(
        self, tool: Glmnet, kind: str, problem: Problem, tolerance: float | None, intercept: bool = True
    ) -> None:
        self.tool, self.kind, self.problem = tool, kind, problem
        self.thresh = Glmnet.tolerance if tolerance is None else tolerance
        self.passes = DEFAULT_PASSES if tolerance is None else MANY
        self.intercept = "TRUE" if intercept else "FALSE"
        X, (n, p) = problem.X, problem.X.shape
        numbers = {
            "y": problem.y,
            "lambda": problem.strengths / n,
            "foldid": (problem.fold + 1).astype("<i4"),
        }
        if sparse.issparse(X):
            X = sparse.csc_array(X)
            places = {"x_i": X.indices.astype("<i4"), "x_p": X.indptr.astype("<i4")}
            numbers |= {"x": X.data, **places}
        else:
            numbers["x"] = X.ravel(order="F")
        for name, values in numbers.items():
            values.tofile(tool.folder / f"{name}.bin")
        entries = len(numbers["x"])
        tool.ask("load-sparse" if "x_i" in numbers else "load", n, p, len(problem.strengths), entries)

    def run(self, seconds: float, most: int) -> list[float]:
        """See :class:`~benchmarks.tools.base.Job`."""
        words = self.tool.ask(self.kind, self.thresh, self.passes, seconds, most, self.intercept)
        return [float(word) for word in words]

    def read(self) -> Solution:
        """See :class:`~benchmarks.tools.base.Job`."""
        tool, strengths, p = self.tool, self.problem.strengths, self.problem.X.shape[1]
        (place,) = map(int, tool.ask(f"read-{self.kind}"))
        parts = (tool.numbers("beta_x"), tool.numbers("beta_i", "<i4"), tool.numbers("beta_p", "<i4"))
        intercept = tool.numbers("a0")
        coef = sparse.csc_array(parts, shape=(p, len(intercept))).T
        if self.kind == "cv":
            return Solution.of(coef, intercept, strengths[place - 1], curve=tool.numbers("curve"))
        return Solution.of(coef, intercept, strengths[: len(intercept)])
