"""Equal precision: how tight each peer must be set to reach a gap, and what it costs it then."""

from __future__ import annotations

from benchmarks.cells import Cell
from benchmarks.data import make
from benchmarks.precision import measure
from benchmarks.record import Record
from benchmarks.rounds import Patience, run_cell
from benchmarks.tools.base import NotOfferedError
from benchmarks.worker import FailedError, TooSlowError, Worker

STEP = 0.1  # each try asks for so much of the last tolerance
TIGHTEST = 1e-20


class GaveUpError(Exception):
    """A peer did not reach the precision in its time; the message says how far it came."""


def run_equal(cell: Cell, workers: dict[str, Worker], patience: Patience, budget: float) -> list[Record]:
    """Tighten every coordinate-descent peer until its worst relative gap is that of the cell, then time it.

    Parameters
    ----------
    cell : Cell
        With a ``relative_gap`` to reach.
    workers : dict of str to Worker
        The packages; those that are not coordinate descent run as they are.
    patience : Patience
        For the timing.
    budget : float
        Seconds that each peer may spend on all its tries.
    """
    tolerances: dict[str, float] = {}
    failed: list[Record] = []
    for name, worker in workers.items():
        if not worker.descent:
            continue
        record = Record(cell.name, cell.group, cell.task, name, worker.version, tightened=True)
        record.asked = cell.count
        try:
            tolerances[name] = tighten(cell, worker, record, budget)
        except GaveUpError as reason:
            record.failure = str(reason)
            failed.append(record)
        except NotOfferedError:
            pass
    able = {name: w for name, w in workers.items() if name in tolerances or not w.descent}
    return run_cell(cell, able, patience, tolerances) + failed


def tighten(cell: Cell, worker: Worker, record: Record, budget: float) -> float:
    """The first tolerance of a descending ladder that reaches the cell's gap.

    The record is left with the last try that came to an end, and with the longest time that was not enough.
    """
    assert cell.relative_gap is not None
    problem = make(cell)
    tolerance: float | None = None
    spent = 0.0
    while True:
        left = max(budget - spent, 1.0)
        try:
            asked = worker.prepare(cell, tolerance)
            (seconds,) = worker.run(0.0, 1, left)
        except TooSlowError:
            record.not_enough = max(record.not_enough, left)
            raise GaveUpError(_reason(spent + left, record)) from None
        except FailedError as reason:
            raise GaveUpError(str(reason)) from None
        spent += seconds
        solution = worker.read()
        assert solution is not None
        assert asked is not None
        record.tolerance, record.times, record.points = asked, [seconds], len(solution.strengths)
        record.precision = measure(problem, solution)
        if record.precision.relative_gap <= cell.relative_gap and record.points == record.asked:
            return asked
        record.not_enough = max(record.not_enough, seconds)
        tolerance = STEP * asked
        if tolerance < TIGHTEST or spent > budget:
            raise GaveUpError(_reason(spent, record))


def _reason(spent: float, record: Record) -> str:
    if record.precision is None:
        return f"gave up after {spent:.0f} s, in its first call"
    return (
        f"gave up after {spent:.0f} s: a tolerance of {record.tolerance:.0e} took {record.times[0]:.2f} s "
        f"for a gap of {record.precision.relative_gap:.0e}"
    )
