"""The benchmark from the command line: ``python -m benchmarks [--quick] [--cells PATTERN] …``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.cells import QUICK, QUICK_PEERS, Cell, chosen
from benchmarks.machine import limit_threads, machine, stale

HERE = Path(__file__).parent


def main() -> None:
    """Run what the command line asks for."""
    options = parse()
    threads = (os.cpu_count() or 1) if options.threads == "all" else int(options.threads)
    said = limit_threads(threads)  # before NumPy is loaded, by the imports below
    cells = chosen(options.cells.split(",") if options.cells else QUICK if options.quick else ["*"])
    whole = not options.quick and not options.cells and options.peers is None
    output = options.output or (HERE / "results.json" if whole else None)
    figure = options.figure or (HERE / "results.png" if whole else None)

    from threadpoolctl import threadpool_limits

    with threadpool_limits(threads):
        run(cells, options, said, output, figure)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few cells and short turns: about a minute")
    parser.add_argument("--cells", metavar="PATTERN", help="names of cells or groups, wildcards, by commas")
    parser.add_argument("--peers", help="names of packages, by commas (all; quick: the faster ones)")
    parser.add_argument("--rounds", type=int, help="turns of each package at each cell (7; quick: 3)")
    parser.add_argument("--threads", default="1", help="number of threads, or 'all' (1)")
    parser.add_argument("--order", choices=["F", "C"], default="F", help="memory order of X (F)")
    parser.add_argument("--limit", type=float, help="seconds after which a call is ended (60; quick: 10)")
    parser.add_argument("--budget", type=float, help="seconds of a package at a cell (10; quick: 1)")
    parser.add_argument(
        "--equal-budget", type=float, help="seconds for reaching equal precision (60; quick: 2)"
    )
    parser.add_argument("--output", type=Path, help="JSON file (whole runs: benchmarks/results.json)")
    parser.add_argument("--figure", type=Path, help="picture (whole runs: benchmarks/results.png)")
    return parser.parse_args()


def run(
    cells: list[Cell], options: argparse.Namespace, said: str, output: Path | None, figure: Path | None
) -> None:
    """Run cells, printing as they come; write after each of them."""
    from benchmarks.rounds import Patience
    from benchmarks.table import cell_table, target_table
    from benchmarks.targets import judge
    from benchmarks.writing import write

    quick = options.quick
    patience = Patience(
        rounds=options.rounds or (3 if quick else 7),
        limit=options.limit or (10.0 if quick else 60.0),
        budget=options.budget or (1.0 if quick else 10.0),
    )
    equal_budget = options.equal_budget or (2.0 if quick else 60.0)
    start = perf_counter()
    about: dict[str, Any] = {"machine": machine(), "threads": said, "order": options.order}
    print(
        f"{about['machine']['processor']}, {said}; X in {options.order} order; {about['machine']['commit']}"
    )
    print("rel. gap and violation: worst over the path, computed from X, y, coefficients and intercept alone")
    if stale():
        print("the installed equipoise is not that of src/: install it anew", file=sys.stderr)
    workers, about["skipped"] = start_workers(options)
    about["versions"] = {name: worker.version for name, worker in workers.items()}
    records: list[Any] = []
    done: list[Cell] = []
    try:
        for cell in cells:
            found = run_one(cell, workers, patience, equal_budget)
            records += found
            done.append(cell)
            print(cell_table(cell, found), flush=True)
            if output is not None:
                write(output, about, done, records)
    finally:
        for worker in workers.values():
            worker.close()
    print(target_table(judge(cells, records)))
    if figure is not None:
        from benchmarks.figure import draw

        draw(records, figure)
    print(f"{perf_counter() - start:.0f} s", *(f"→ {file}" for file in (output, figure) if file is not None))


def start_workers(options: argparse.Namespace) -> tuple[dict[str, Any], dict[str, str]]:
    """A process for each package that is there; the others are named with the reason."""
    from benchmarks.tools import names
    from benchmarks.worker import FailedError, TooSlowError, Worker

    peers = options.peers.split(",") if options.peers else QUICK_PEERS if options.quick else list(names)
    wanted = ["equipoise", *peers]
    workers: dict[str, Worker] = {}
    skipped: dict[str, str] = {}
    for name in dict.fromkeys(wanted):
        if name not in names:
            raise SystemExit(f"no package is called {name}: choose from {', '.join(names)}")
        try:
            workers[name] = Worker(name, options.order)
        except (FailedError, TooSlowError) as reason:
            skipped[name] = str(reason)
            print(f"{name}: skipped, {reason}")
    print("; ".join(f"{name} {worker.version}" for name, worker in workers.items()))
    if "equipoise" not in workers:
        raise SystemExit("equipoise itself is not installed: pip install . first")
    print("thread pools of ours:", ", ".join(workers["equipoise"].threads()))
    return workers, skipped


def run_one(cell: Cell, workers: dict[str, Any], patience: Any, equal_budget: float) -> list[Any]:
    """One cell, whatever its kind."""
    from benchmarks.equal import run_equal
    from benchmarks.folds import true_curve
    from benchmarks.rounds import run_cell

    if cell.relative_gap is not None:
        return run_equal(cell, workers, patience, equal_budget)
    if cell.task != "cross-validation":
        return run_cell(cell, workers, patience)
    curve, violation = true_curve(cell)
    found = run_cell(cell, workers, patience, curve=curve)
    found[0].notes.append(f"the curve compared with: every fold's path, violation ÷ t ≤ {violation:.0e}")
    return found


if __name__ == "__main__":
    main()
