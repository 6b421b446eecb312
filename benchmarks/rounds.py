"""Timing: every package in turn, A B A B, and the precision of what each returned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.cells import Cell
from benchmarks.data import Array, Problem, make
from benchmarks.precision import measure
from benchmarks.record import OURS, Record
from benchmarks.tools.base import NotOfferedError
from benchmarks.worker import NO_LIMIT, FailedError, TooSlowError, Worker


@dataclass(frozen=True)
class Patience:
    """How long to spend.

    Attributes
    ----------
    rounds : int
        Turns that each package gets at each cell.
    limit : float
        Seconds after which a single call of a peer is ended, and the peer given up on that cell.
    budget : float
        Seconds a package may use on a cell; past it, it gets no further turn. A package whose warm-up used
        it up is timed by its warm-up.
    turn : float
        Seconds of a turn, filled with as many calls as fit (one at least, ``most`` at most).
    most : int
        Calls in a turn.
    """

    rounds: int = 7
    limit: float = 60.0
    budget: float = 10.0
    turn: float = 0.1
    most: int = 200


def run_cell(
    cell: Cell,
    workers: dict[str, Worker],
    patience: Patience,
    tolerances: dict[str, float] | None = None,
    curve: Array | None = None,
) -> list[Record]:
    """Time every package on a cell.

    Parameters
    ----------
    cell : Cell
        What to solve.
    workers : dict of str to Worker
        The packages, in the order of their turns; ours first.
    patience : Patience
        How long to spend.
    tolerances : dict of str to float, optional
        Tighter tolerances than the defaults.
    curve : (m,) array, optional
        The true mean held-out loss, in cross-validation.
    """
    problem = make(cell)
    tried = [
        _warm_up(cell, worker, patience, (tolerances or {}).get(name)) for name, worker in workers.items()
    ]
    records = [record for record in tried if record is not None]
    for _ in range(patience.rounds):
        for record in records:
            if not record.failure and record.spent <= patience.budget:
                _turn(record, workers[record.tool], patience)
    for record in records:
        if not record.failure:
            if not record.times:
                record.times = [record.warm_up]
                record.notes.append("timed by its only call")
            _read(problem, workers[record.tool], record, curve)
    return records


def _warm_up(cell: Cell, worker: Worker, patience: Patience, tolerance: float | None) -> Record | None:
    """A first call, which counts only if it is too long to be repeated; None where nothing is offered."""
    record = Record(cell.name, cell.group, cell.task, worker.name, worker.version)
    record.tightened = tolerance is not None
    record.asked = cell.count if cell.task == "path" else 1
    try:
        record.tolerance = worker.prepare(cell, tolerance)
        limit = NO_LIMIT if worker.name == OURS else patience.limit  # ours is never given up
        (record.warm_up,) = worker.run(0.0, 1, limit)
    except NotOfferedError:
        return None
    except (FailedError, TooSlowError) as reason:
        record.failure = str(reason)
    return record


def _turn(record: Record, worker: Worker, patience: Patience) -> None:
    """One turn of one package."""
    try:
        limit = NO_LIMIT if worker.name == OURS else patience.limit + patience.turn
        record.times += worker.run(patience.turn, patience.most, limit)
    except (FailedError, TooSlowError) as reason:
        record.failure = str(reason)
        record.times = []


def _read(problem: Problem, worker: Worker, record: Record, curve: Array | None) -> None:
    """Measure the last result from scratch; count, if the package is ours."""
    solution = worker.read()
    if solution is None:
        record.notes.append("a reference: nothing is solved")
        return
    record.points = len(solution.strengths)
    record.notes += solution.notes
    if record.points < record.asked:
        record.notes.append(f"stopped after {record.points} of {record.asked} points")
    record.precision = measure(problem, solution)
    if curve is not None and solution.curve is not None:
        record.curve_error = float((np.abs(solution.curve - curve) / curve).max())
    record.counters = worker.counters()
