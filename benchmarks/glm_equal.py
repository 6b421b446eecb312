"""Coordinate descent for logistic and Poisson lassos at equal precision, on one thread.

    python -m benchmarks.glm_equal [--cells "logistic 1000*"] [--limit 30] [--python /other/bin/python]

Each peer's tolerance is tightened by factors of 100 until no pull along its path is off its interval by more
than 1e-6 of the penalty, or a call takes more than ``--limit`` seconds of processor time; the time printed is
that of the last call. Ours is ``equipoise.path``, certificates included, best of five. No intercept, since
celer has none; the cells are otherwise those of :mod:`benchmarks.glm_peers`. What is not installed is skipped
by name; with ``--python`` it is sought in another installation.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.glm_peers import Cell, TooSlowError, draw, glmnet, path, run_within, violation
from benchmarks.machine import limit_threads

GOAL = 1e-6
CELLS = [
    *(Cell("binomial", 1000, 100, rho, intercept=False) for rho in (0.0, 0.5, 0.95)),
    Cell("binomial", 200, 5000, 0.5, intercept=False),
    *(Cell("poisson", 1000, 100, rho, intercept=False) for rho in (0.0, 0.5)),
]
PYTHON = """
import sys, time, warnings
import numpy as np
package, folder, n, tolerance = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
warnings.simplefilter("ignore")
y, strengths = np.fromfile(folder + "/y"), np.fromfile(folder + "/strengths")
X = np.fromfile(folder + "/X").reshape(-1, n).T
if package == "celer":
    from celer import celer_path
    def run(some):
        limits = {"max_iter": 1000, "max_epochs": 10**6}
        return celer_path(X, 2 * y - 1, "logreg", alphas=some / n, tol=tolerance, **limits)[1].T
else:
    from sklearn.linear_model import LogisticRegression
    def run(some):
        fixed = {"l1_ratio": 1.0, "solver": "liblinear", "fit_intercept": False, "max_iter": 10**7}
        fits = [LogisticRegression(C=1 / t, tol=tolerance, **fixed).fit(X, y) for t in some]
        return np.array([fit.coef_[0] for fit in fits])
run(strengths[:2])
start = time.process_time()
coef = run(strengths)
print(time.process_time() - start)
coef.tofile(folder + "/coef")
"""


def in_python(
    package: str, python: str, cell: Cell, X: Any, y: Any, strengths: Any, tolerance: float, limit: float
) -> tuple[float, Any, Any]:
    """Seconds, coefficients and intercepts of a package of Python, in a process of its own."""
    import numpy as np

    if cell.loss != "binomial":
        raise RuntimeError("has no such loss")
    with tempfile.TemporaryDirectory() as folder:
        for name, array in (("X", X.T), ("y", y), ("strengths", strengths)):
            array.tofile(Path(folder) / name)
        command = [python, "-c", PYTHON, package, folder, str(cell.n), str(tolerance)]
        clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        seconds = float(run_within(limit, command, env=clean))
        coef = np.fromfile(Path(folder) / "coef").reshape(-1, cell.p)
        return seconds, coef, np.zeros(len(coef))


def tighten(
    call: Callable[..., tuple[float, Any, Any]], cell: Cell, data: Any, limit: float
) -> tuple[float, float]:
    """Seconds and violation of the first call that is precise enough, or of the last that came to an end."""
    X, y, strengths = data
    tolerance, seconds, told = 1e-7, float("nan"), float("nan")
    while tolerance > 1e-21:
        try:
            found = call(cell, X, y, strengths, tolerance=tolerance, limit=limit)
        except TooSlowError:
            return limit, told
        if len(found[1]) < len(strengths):
            return found[0], float("inf")
        seconds, told = found[0], violation(cell, X, y, strengths, *found[1:])
        if told <= GOAL:
            break
        tolerance *= 0.01
    return seconds, told


def main() -> None:
    """Compare on the cells that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cells", default="*", help="names of cells, as a pattern of the shell")
    parser.add_argument("--limit", type=float, default=30.0, help="seconds after which a call is given up")
    parser.add_argument("--python", default=sys.executable, help="where celer and scikit-learn are installed")
    asked = parser.parse_args()
    limit_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"
    peers = {
        "glmnet": partial(glmnet, calls=1),
        **{name: partial(in_python, name, asked.python) for name in ("celer", "liblinear")},
    }
    for cell in CELLS:
        if not fnmatch(cell.name, asked.cells):
            continue
        X, y = draw(cell)
        strengths = cell.strengths(X, y)
        calls = [path(cell, X, y, strengths) for _ in range(5)]
        best = min(seconds for seconds, *_ in calls)
        told = violation(cell, X, y, strengths, *calls[0][1:])
        print(f"{cell.name}: ours {1e3 * best:.0f} ms ({told:.1e})", flush=True)
        for name, call in peers.items():
            try:
                seconds, told = tighten(call, cell, (X, y, strengths), asked.limit)
            except RuntimeError as why:
                print(f"  {name}: {why}", flush=True)
                continue
            short = "" if told <= GOAL else ", not enough"
            print(
                f"  {name}: {seconds:.2f} s ({told:.1e}{short}), {seconds / best:.0f} times as long",
                flush=True,
            )


if __name__ == "__main__":
    main()
