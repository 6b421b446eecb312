"""Paths of logistic and Poisson lassos beside glmnet at its default threshold, in turn and on one thread.

    python -m benchmarks.glm_peers [--cells "logistic 1000*"] [--rounds 3]

100 strengths from the largest down to 1e-4 of it, 1e-2 where there are more columns than rows, as glmnet's
own grids (20 down to 0.05 of the sparse cell); standardising off. Processor time, the best of the rounds;
each round runs glmnet three times in one R, of which the first is slow, and ours as often. ``solver`` is the
solver alone, with the data at hand as glmnet has them; ``--certified`` adds ``equipoise.path`` with its
certificates. The violation is the largest distance of a pull to its interval along the path, as a part of
the penalty, by formulas of this file.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import tempfile
from fnmatch import fnmatch
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from benchmarks.machine import limit_threads

R = """
suppressMessages({library(glmnet); library(Matrix)})
a <- commandArgs(TRUE); d <- a[1]; n <- as.integer(a[2]); p <- as.integer(a[3])
num <- function(f, what = "double") {
    f <- file.path(d, f)
    readBin(f, what, file.size(f) / ifelse(what == "double", 8, 4))
}
X <- if (a[5] == "dense") matrix(num("X"), n, p) else sparseMatrix(
    i = num("i", "integer"), p = num("p", "integer"), x = num("X"), dims = c(n, p), index1 = FALSE)
glmnet.control(fdev = 0)
y <- num("y"); lambda <- num("lambda")
seconds <- Inf
for (i in seq_len(as.integer(a[6]))) {
    one <- system.time(f <- glmnet(X, y, family = a[4], lambda = lambda, standardize = FALSE,
                                   thresh = as.numeric(a[7]), intercept = a[8] == "yes", maxit = 1e8))[1]
    seconds <- min(seconds, one)
}
writeBin(as.double(as.matrix(f$beta)), file.path(d, "beta")); writeBin(as.double(f$a0), file.path(d, "a0"))
cat(seconds)
"""


class Cell(NamedTuple):
    """A problem: its loss, sizes, correlation, number of strengths, and density (1 for dense columns)."""

    loss: str
    n: int
    p: int
    rho: float
    count: int = 100
    density: float = 1.0
    intercept: bool = True

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{'logistic' if self.loss == 'binomial' else self.loss} {self.n}x{self.p} rho {self.rho:g}"

    def strengths(self, X: Any, y: Any) -> Any:
        """Those of its path."""
        import numpy as np

        ratio = 0.05 if self.density < 1 else 1e-2 if self.p > self.n else 1e-4
        null = y.mean() if self.intercept else 0.5 if self.loss == "binomial" else 1.0
        return np.abs(X.T @ (y - null)).max() * np.geomspace(1.0, ratio, self.count)


CELLS = [
    *(
        Cell("binomial", n, p, rho)
        for n, p in ((1000, 100), (5000, 100), (200, 5000))
        for rho in (0.0, 0.5, 0.95)
    ),
    Cell("binomial", 100000, 50, 0.5),
    *(Cell("binomial", 100, 20000, rho) for rho in (0.0, 0.5, 0.95)),
    Cell("binomial", 20000, 100000, 0.0, 20, 1e-3),
    *(Cell("poisson", n, 100, rho) for n, rho in ((1000, 0.0), (1000, 0.5), (5000, 0.5))),
]


def draw(cell: Cell) -> tuple[Any, Any]:
    """Columns and response; the design of Friedman, Hastie & Tibshirani (2010), *J. Stat. Softw.* 33(1)."""
    import numpy as np

    from benchmarks.sparse_peers import draw as sparse_columns

    rng = np.random.default_rng(0)
    n, p = cell.n, cell.p
    beta = (-1.0) ** np.arange(p) * np.exp(-np.arange(p) / 10.0)
    X: Any
    if cell.density < 1:
        X, responses = sparse_columns(n, p, cell.density)
        signal = responses["little noise"]
        signal = 4.0 * signal / signal.std()
    else:
        shared = np.sqrt(cell.rho) * rng.standard_normal((n, 1))
        X = np.asfortranarray(np.sqrt(1.0 - cell.rho) * rng.standard_normal((n, p)) + shared)
        signal = X @ beta
    if cell.loss == "binomial":
        return X, (rng.random(n) < 1.0 / (1.0 + np.exp(-signal))) * 1.0
    return X, rng.poisson(np.exp(np.clip(0.5 * signal, -5.0, 5.0))) * 1.0


def violation(cell: Cell, X: Any, y: Any, strengths: Any, coef: Any, intercept: Any) -> float:
    """The largest distance of a pull to its interval, ÷ the penalty."""
    import numpy as np

    worst = 0.0
    for t, w, b in zip(strengths, coef, intercept, strict=True):
        eta = X @ w + b
        residual = y - (1.0 / (1.0 + np.exp(-eta)) if cell.loss == "binomial" else np.exp(eta))
        pull = X.T @ residual
        off = np.where(w != 0, np.abs(pull - t * np.sign(w)), np.maximum(np.abs(pull) - t, 0.0))
        worst = max(worst, float(off.max() / t))
    return worst


class TooSlowError(Exception):
    """A package used up the processor time that it was given."""


def run_within(limit: float | None, command: list[str], **kinds: Any) -> str:
    """What a program prints; it ends after so many seconds of processor time."""

    def cap() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit or 0), int(limit or 0)))

    capped = {} if limit is None else {"preexec_fn": cap}
    done = subprocess.run(command, capture_output=True, text=True, **capped, **kinds)
    if limit is not None and done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise TooSlowError
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["failed"])[-1])
    return done.stdout


def glmnet(
    cell: Cell,
    X: Any,
    y: Any,
    strengths: Any,
    tolerance: float = 1e-7,
    calls: int = 3,
    limit: float | None = None,
) -> tuple[float, Any, Any]:
    """Seconds, coefficients and intercepts of glmnet; so many of the first strengths as it got through."""
    import numpy as np

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "g.R").write_text(R)
        if cell.density < 1:
            X.data.tofile(folder / "X")
            X.indices.astype(np.int32).tofile(folder / "i")
            X.indptr.astype(np.int32).tofile(folder / "p")
        else:
            X.T.tofile(folder / "X")
        y.tofile(folder / "y")
        (strengths / cell.n).tofile(folder / "lambda")
        kind = "sparse" if cell.density < 1 else "dense"
        command = [
            "Rscript",
            str(folder / "g.R"),
            name,
            str(cell.n),
            str(cell.p),
            cell.loss,
            kind,
            str(calls),
        ]
        command += [str(tolerance), "yes" if cell.intercept else "no"]
        told = run_within(limit, command)
        intercept = np.fromfile(folder / "a0")
        return float(told), np.fromfile(folder / "beta").reshape(len(intercept), cell.p), intercept


def solver(cell: Cell, X: Any, y: Any, strengths: Any) -> tuple[float, Any, Any]:
    """Seconds, coefficients and intercepts of the path solver."""
    import numpy as np

    from equipoise.setup.set_up import set_up
    from equipoise.solve.path import solve_path

    setup = set_up(X, y, l1=1.0, loss=cell.loss, intercept=cell.intercept)
    start = process_time()
    batches = list(solve_path(setup.problem, strengths))
    seconds = process_time() - start
    points = [batch.whole().original() for batch in batches]
    return seconds, np.concatenate([w for w, _ in points]), np.concatenate([b for _, b in points])


def path(cell: Cell, X: Any, y: Any, strengths: Any) -> tuple[float, Any, Any]:
    """Seconds, coefficients and intercepts of ``equipoise.path``, certificates included."""
    import equipoise as eq

    start = process_time()
    found = eq.path(X, y, l1=1.0, loss=cell.loss, strengths=strengths, intercept=cell.intercept)
    return process_time() - start, found.coef, found.intercept


def compare(cell: Cell, rounds: int, certified: bool) -> None:
    """Time every package on a cell, and print."""
    import numpy as np

    X, y = draw(cell)
    strengths = cell.strengths(X, y)
    packages = [glmnet, solver, *([path] if certified else [])]
    best: dict[str, float] = {}
    told: dict[str, float] = {}
    for turn in range(rounds):
        for package in packages:
            times = []
            for _ in range(1 if package is glmnet else 3):
                seconds, coef, intercept = package(cell, X, y, strengths)
                times.append(seconds)
            seconds = min(times)
            best[package.__name__] = min(seconds, best.get(package.__name__, np.inf))
            if not turn:
                told[package.__name__] = violation(cell, X, y, strengths, coef, intercept)
    parts = [f"{name} {1e3 * best[name]:.0f} ms ({told[name]:.1e})" for name in best]
    ratios = [f"{best['glmnet'] / best[name]:.2f}" for name in list(best)[1:]]
    print(f"{cell.name}: {', '.join(parts)}; glmnet takes {' and '.join(ratios)} times as long", flush=True)


def main() -> None:
    """Compare on the cells that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cells", default="*", help="names of cells, as a pattern of the shell")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--certified", action="store_true", help="time equipoise.path too")
    asked = parser.parse_args()
    limit_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"
    for cell in CELLS:
        if fnmatch(cell.name, asked.cells):
            compare(cell, asked.rounds, asked.certified)


if __name__ == "__main__":
    main()
