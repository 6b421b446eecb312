"""Columns that stay on disk: how often a path reads them, and what it holds.

    python -m benchmarks.wide_on_disk [--rows 2000] [--columns 200000] [--ratio 0.1] [--file FILE]

Genotypes (0, 1, 2 as int8, in blocks of linked columns), a response that fifty of them make with as much
noise, 100 strengths, standardised. The time is printed beside that of reading the file once and only summing
it up.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

LINKED, CAUSES = 20, 50


def write(file: Path, rows: int, columns: int) -> None:
    """Write genotypes: two copies a row, linked by a common factor in runs of columns."""
    rng = np.random.default_rng(0)
    X = np.lib.format.open_memmap(file, "w+", dtype=np.int8, shape=(rows, columns), fortran_order=True)
    for start in range(0, columns, LINKED):
        width = min(LINKED, columns - start)
        rare = rng.normal(size=width) - 0.7
        for _ in range(2):
            drawn = 0.8 * rng.normal(size=(rows, 1)) + 0.6 * rng.normal(size=(rows, width))
            X[:, start : start + width] += drawn < rare
    X.flush()


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wide_on_disk")
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--columns", type=int, default=200_000)
    parser.add_argument("--ratio", type=float, default=0.1)
    parser.add_argument("--file", type=Path, help="where the matrix is, or is to be written")
    asked = parser.parse_args()
    import equipoise as eq

    with tempfile.TemporaryDirectory() as temporary:
        file = asked.file or Path(temporary) / "genotypes.npy"
        if not file.exists():
            write(file, asked.rows, asked.columns)
        X = eq.Mapped(file)
        n, p = X.shape
        rng = np.random.default_rng(1)
        signal = X.columns(np.sort(rng.choice(p, min(CAUSES, p), replace=False))) @ rng.normal(
            size=min(CAUSES, p)
        )
        y = signal / signal.std() + rng.normal(size=n)
        start = perf_counter()
        total = sum(float(X.block(*tile).sum()) for tile in X.tiles())
        scan = perf_counter() - start
        X = eq.Mapped(file)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = perf_counter()
        path = eq.path(X, y, standardize=True, ratio=asked.ratio)
        seconds = perf_counter() - start
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        violation = max(certificate.violation for certificate in path.certificates)
        print(f"{n} × {p}, {8e-9 * n * p:.1f} GB as float64, sum {total:.0f}: read once in {scan:.2f} s")
        print(
            f"{len(path.strengths)} strengths in {seconds:.2f} s, {X.passes:.1f} passes, "
            f"{len(path[-1].support)} kept at the last, violation {violation:.1e}, {more / 1e3:.0f} MB more"
        )


if __name__ == "__main__":
    main()
