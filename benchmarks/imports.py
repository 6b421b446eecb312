"""What ``import equipoise`` costs, beside ``import numpy, scipy.linalg``: ``python -m benchmarks.imports``.

Fresh interpreters, one after the other, A B A B; an editable install rebuilds on import and is refused.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from statistics import median

BASE = "import numpy, scipy.linalg"
IMPORT = "import equipoise"
FIRST_FIT = """
import numpy as np
X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
fit = equipoise.fit(X, np.array([3.0, 2.0, 1.0]), l1=1.0)
fit.certificate
fit.predict(X)
"""
GOALS = {"import equipoise": 1.3, "import and first fit": 1.8}


def main() -> None:
    """Time and print: shortest, median, ratio of the shortest to NumPy's and SciPy's."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="interpreters of each kind (15)")
    rounds = parser.parse_args().rounds
    spec = importlib.util.find_spec("equipoise")
    if spec is None or "editable" in type(spec.loader).__module__:
        sys.exit("install equipoise as its users do: pip install . (not -e)")

    seconds("import sys", IMPORT + FIRST_FIT)  # from disk once, so that every round finds its files cached
    times: dict[str, list[float]] = {BASE: [], **{name: [] for name in GOALS}}
    for _ in range(rounds):
        times[BASE] += seconds(BASE)
        imported, fitted = seconds(IMPORT, FIRST_FIT)
        times["import equipoise"].append(imported)
        times["import and first fit"].append(fitted)

    print(f"{'':28}{'best ms':>9}{'median ms':>11}{'ratio':>7}{'goal':>7}")
    base = min(times[BASE])
    for name, taken in times.items():
        ratio = min(taken) / base
        goal = GOALS.get(name)
        said = "" if goal is None or ratio <= goal else f"   missed by a factor of {ratio / goal:.2f}"
        print(
            f"{name:28}{1e3 * min(taken):>9.1f}{1e3 * median(taken):>11.1f}{ratio:>7.2f}"
            f"{'' if goal is None else f'≤ {goal}':>7}{said}"
        )


def seconds(*steps: str) -> list[float]:
    """The time at which each step is done, in a fresh interpreter that takes them one after the other."""
    clock = "\nprint(perf_counter() - start)\n"
    code = "from time import perf_counter\nstart = perf_counter()\n" + clock.join([*steps, ""])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return [float(time) for time in run.stdout.split()]


if __name__ == "__main__":
    main()
