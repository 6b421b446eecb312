"""A wide sparse lasso path beside other packages, each at its default tolerance.

    python -m benchmarks.sparse_peers [--rows 20000] [--columns 100000] [--density 1e-3] [--rounds 3]

20 strengths from the largest that keeps anything down to 0.05 of it, no intercept (not every package has one
on a path of sparse columns), for two responses of the same signal: under little noise few features are alive
at the end, under much of it several hundred. Every package is timed once a round, in turn, and its fastest
round counts (glmnet by a clock inside R); the violation is the largest, along its path, of |x_jᵀr| beyond the
penalty or off it, as a part of the penalty. Memory is the largest resident beyond what was there before the
call, coefficients of the path included as the package returns them. A line of JSON a response says the
same. One thread; ``--threads`` allows more.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import os
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.machine import limit_threads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

COUNT, RATIO = 20, 0.05
NOISE = {"little noise": 0.2, "much noise": 1.0}  # standard deviation ÷ that of the signal


def draw(rows: int, columns: int, density: float) -> tuple[Any, dict[str, Array]]:
    """Entries in columns whose numbers of them and sizes are heavy-tailed; 100 columns matter."""
    import numpy as np
    from scipy import sparse

    rng = np.random.default_rng(0)
    share = rng.pareto(1.5, columns) + 0.1
    counts = np.minimum(rng.poisson(density * rows * columns * share / share.sum()), rows // 4)
    where = [rng.choice(rows, count, replace=False).astype(np.int32) for count in counts]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)  # not every package takes 64 bits
    scale = np.repeat(rng.lognormal(0.0, 1.0, columns), counts)
    X = sparse.csc_array(
        (rng.normal(size=starts[-1]) * scale, np.concatenate(where), starts), (rows, columns)
    )
    X.sort_indices()
    chosen = rng.choice(columns, 100, replace=False)
    w = np.zeros(columns)
    w[chosen] = rng.normal(size=100)
    signal = X @ w
    noise = signal.std() * rng.normal(size=rows)
    return X, {name: signal + size * noise for name, size in NOISE.items()}


class Package:
    """A package that is called in this process.

    Parameters
    ----------
    call : callable
        Returns coefficients, (strengths, p).
    """

    def __init__(self, call: Callable[[], Array]) -> None:
        self._call = call
        self.process = os.getpid()
        self.coef: Array | None = None

    def run(self) -> float:
        """Call it; seconds."""
        self.coef = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            start = perf_counter()
            self.coef = self._call()
            return perf_counter() - start

    def read(self) -> Any:
        """Coefficients of the last call, (strengths, p)."""
        return self.coef


class Glmnet:
    """The package glmnet in R, on data sent to it beforehand."""

    def __init__(self, tool: Any, X: Any, y: Array, alphas: Array) -> None:
        import numpy as np

        from benchmarks.data import Problem
        from benchmarks.tools.glmnet import Request

        self.process = tool.process
        problem = Problem(X, y, alphas * len(y), np.zeros(len(y), dtype=np.intp))
        self._request = Request(tool, "path", problem, None, intercept=False)

    def run(self) -> float:
        """Call it; seconds."""
        return self._request.run(0.0, 1)[0]

    def read(self) -> Any:
        """Coefficients of the last call, (strengths that it went down to, p)."""
        return self._request.read().coef.toarray()


def packages(X: Any, y: Array, alphas: Array) -> dict[str, Callable[[], Array]]:
    """What is called: each returns coefficients, (strengths, p). alphas are per row."""
    import numpy as np
    from scipy import sparse

    n = len(y)

    def equipoise() -> Array:
        import equipoise as eq

        return eq.path(X, y, strengths=alphas * n, intercept=False).coef

    def celer() -> Array:
        from celer import celer_path

        return np.asarray(celer_path(sparse.csc_matrix(X), y, "lasso", alphas=alphas)[1]).T

    def skglm() -> Array:
        from skglm import Lasso

        return np.asarray(Lasso(fit_intercept=False).path(sparse.csc_matrix(X), y, alphas)[1]).T

    def adelie() -> Array:
        import adelie as ad

        state = ad.grpnet(
            ad.matrix.sparse(sparse.csc_matrix(X)),
            ad.glm.gaussian(y),
            lmda_path=alphas,
            intercept=False,
            early_exit=False,
            progress_bar=False,
        )
        return np.asarray(state.betas.toarray())

    def sklearn() -> Array:
        from sklearn.linear_model import lasso_path

        return np.asarray(lasso_path(sparse.csc_matrix(X), y, alphas=alphas)[1]).T

    return {f.__name__: f for f in (equipoise, celer, skglm, adelie, sklearn)}


def violation(X: Any, y: Array, alphas: Array, coefs: Array) -> float:
    """The largest distance of a pull from where the penalty would balance it, ÷ the penalty."""
    import numpy as np

    worst = 0.0
    for alpha, w in zip(alphas, coefs, strict=False):
        pull, limit = X.T @ (y - X @ w), alpha * len(y)
        off = np.where(w != 0, np.abs(pull - np.sign(w) * limit), np.maximum(np.abs(pull) - limit, 0.0))
        worst = max(worst, float(off.max()) / limit)
    return worst


def watched(run: Callable[[], float], process: int) -> tuple[float, float]:
    """Seconds of a run, and by how many MB it raised its process's resident memory (NaN where unknown)."""
    gc.collect()
    try:
        if process == os.getpid():
            ctypes.CDLL(None).malloc_trim(0)  # what earlier calls gave back must not hide what this one takes
        Path(f"/proc/{process}/clear_refs").write_text("5")  # the peak starts at what there is
        before = _resident(process, "VmRSS")
    except (OSError, AttributeError):
        return run(), float("nan")
    seconds = run()
    return seconds, _resident(process, "VmHWM") - before


def _resident(process: int, name: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(name)) / 1e3


def start_glmnet() -> Any:
    """A fresh R with glmnet, or None after saying why there is none."""
    from benchmarks.tools import create

    try:
        return create("glmnet")
    except ImportError as reason:
        print(f"skipped glmnet: {reason}")
        return None


def compare(X: Any, y: Array, glmnet: Any, response: str, rounds: int) -> None:
    """Time every package on one response, and print."""
    import numpy as np

    alphas = float(np.abs(X.T @ y).max()) / len(y) * np.geomspace(1.0, RATIO, COUNT)
    offered = packages(X, y, alphas).items()
    running: dict[str, Any] = {name: Package(call) for name, call in offered if find_spec(name)}
    if glmnet is not None:
        running["glmnet"] = Glmnet(glmnet, X, y, alphas)
    seconds, memory = dict.fromkeys(running, np.inf), dict.fromkeys(running, 0.0)
    for turn in range(rounds + 1):  # the first is for compilers alone
        for name, package in running.items():
            spent, more = watched(package.run, package.process)
            if turn:
                seconds[name] = min(seconds[name], spent)
            if turn or package.process != os.getpid():  # R compiles nothing, and keeps what it has had
                memory[name] = max(memory[name], more)
    found = {name: package.read() for name, package in running.items()}
    kept = int((found["equipoise"][-1] != 0).sum())
    table = {
        name: {
            "seconds": round(seconds[name], 4),
            "ratio": round(seconds[name] / seconds["equipoise"], 3),
            "violation": violation(X, y, alphas, coefs),
            "memory_mb": round(memory[name], 1),
            "strengths": len(coefs),
        }
        for name, coefs in found.items()
    }
    data = (X.data.nbytes + X.indices.nbytes + X.indptr.nbytes) / 1e6
    print(f"\n{response}: {kept} kept at the last of {COUNT} strengths; the data are {data:.0f} MB")
    print(f"{'package':10} {'seconds':>8} {'÷ ours':>7} {'violation':>10} {'MB more':>8}")
    for name, row in table.items():
        said = "" if row["strengths"] == COUNT else f"  stopped after {row['strengths']} strengths"
        print(
            f"{name:10} {row['seconds']:8.3f} {row['ratio']:7.2f} {row['violation']:10.1e} "
            f"{row['memory_mb']:8.0f}{said}"
        )
    print(json.dumps({"response": response, "rows": len(y), "kept": kept, "packages": table}))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sparse_peers")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--columns", type=int, default=100_000)
    parser.add_argument("--density", type=float, default=1e-3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    said = limit_threads(asked.threads)  # before NumPy is loaded
    X, responses = draw(asked.rows, asked.columns, asked.density)
    print(f"{asked.rows} × {asked.columns}, {X.nnz} entries, {said}")
    for name in packages(X, next(iter(responses.values())), []):  # type: ignore[arg-type]  # none is called
        if not find_spec(name):
            print(f"skipped {name}: it is not installed")
    for name, y in responses.items():
        glmnet = start_glmnet()
        compare(X, y, glmnet, name, asked.rounds)
        if glmnet is not None:
            glmnet.close()


if __name__ == "__main__":
    main()
