"""What the benchmark has to show, and whether it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.cells import Cell
from benchmarks.record import OURS, Record, find

PRECISION = 1e-9  # largest KKT violation ÷ t of ours, everywhere
ANY_PEER = 4.0  # every other peer at its default tolerance, n ≤ 5000
EQUAL_PRECISION = 20.0  # the best coordinate-descent peer at a relative gap of 1e-6
DSYRK = 1.7  # our time ÷ that of one symmetric product of X
FLOAT = 8
LARGE = 1_000_000  # entries of X from which on its size says something about memory

# Peer's time ÷ ours at the peer's default tolerance: target, stretch.
AGAINST_GLMNET = {
    "1000×100": (8, 12),
    "5000×100": (7, 10),
    "100000×50": (7, 10),
    "100×1000": (4, 7),
    "100×5000": (8, 13),
    "100×20000": (14, 22),
    "100×50000": (30, 45),
    "1000×2000 ρ=0.5": (12, 16),
    "200×20000 AR 0.8": (9, 14),
    "1000×1000 many active": (3, 4),
    "2000×5000 many active": (1, 1.3),
    "CV 10000×100": (25, 45),
    "CV 200×5000": (7, 13),
    "CV 1000×1000": (5, 9),
}
SMALL = {"scikit-learn": (2, 5)}
OTHERS = ("scikit-learn", "celer", "skglm", "adelie", "glum", "glmnet-rs")
NOT_FOR_OTHERS = "2000×5000 many active"


@dataclass(frozen=True)
class Verdict:
    """A target and what became of it.

    Attributes
    ----------
    cell, what : str
        Which figure.
    goal : float
        Target, at least (or at most).
    stretch : float or None
        The better one.
    achieved : float
        The figure.
    at_most : bool
        Whether less is better.
    """

    cell: str
    what: str
    goal: float
    stretch: float | None
    achieved: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.achieved <= self.goal if self.at_most else self.achieved >= self.goal

    @property
    def missed_by(self) -> float:
        """Factor that is missing; 1 where the target is met."""
        if self.met:
            return 1.0
        small, large = sorted((self.achieved, self.goal))
        return large / small if small else float("inf")


def judge(cells: Iterable[Cell], records: list[Record]) -> list[Verdict]:
    """Every target that a run can say something about."""
    return [
        verdict
        for cell in cells
        if (ours := find(records, cell.name, OURS)) is not None
        for verdict in _of_cell(cell, ours, records)
    ]


def _of_cell(cell: Cell, ours: Record, records: list[Record]) -> Iterator[Verdict]:
    if not ours.times:
        yield Verdict(cell.name, "a result of ours", 1.0, None, 0.0)
        return
    theirs = {r.tool: r for r in records if r.cell == cell.name and r.times and not r.failure}
    ratios = {tool: record.best / ours.best for tool, record in theirs.items()}
    if ours.precision is not None:
        yield Verdict(cell.name, "KKT violation ÷ t", PRECISION, None, ours.precision.violation, True)
    if cell.relative_gap is not None:
        yield from _equal_precision(cell, ours, records)
        return
    if "glmnet" in ratios and cell.task != "single":
        goals = AGAINST_GLMNET.get(cell.name) or AGAINST_GLMNET[cell.group]
        yield Verdict(cell.name, "glmnet ÷ ours", *goals, ratios["glmnet"])
    if cell.task == "single":
        for tool, goals in SMALL.items():
            if tool in ratios:
                yield Verdict(cell.name, f"{tool} ÷ ours", *goals, ratios[tool])
        return
    if cell.n <= 5000 and cell.name != NOT_FOR_OTHERS:
        for tool in OTHERS:
            if tool in ratios:
                yield Verdict(cell.name, f"{tool} ÷ ours", ANY_PEER, None, ratios[tool])
    if "dsyrk" in ratios:
        yield Verdict(cell.name, "ours ÷ dsyrk", DSYRK, None, 1.0 / ratios["dsyrk"], True)
    if cell.task == "path" and cell.n * cell.p >= LARGE:
        yield Verdict(
            cell.name, "peak memory ÷ X", memory_goal(cell, ours), None, ours.counters["peak"], True
        )


def _equal_precision(cell: Cell, ours: Record, records: list[Record]) -> Iterator[Verdict]:
    """The best coordinate-descent peer; one that gave up needs longer than its longest call at least."""
    seconds = {
        (r.not_enough if r.failure else r.best, r.tool, "needs longer" if r.failure else "equal precision")
        for r in records
        if r.cell == cell.name and r.tightened and (r.not_enough or not r.failure)
    }
    if seconds:
        least, tool, how = min(seconds)
        yield Verdict(cell.name, f"{tool} ÷ ours, {how}", EQUAL_PRECISION, None, least / ours.best)


def memory_goal(cell: Cell, ours: Record) -> float:
    """Most memory beside X, ÷ its size, that a path may take.

    n ≥ p: less than a second copy of X. p ≫ n: a float32 copy, and the block of working columns. On top,
    in both: that block's Gram matrix and factor, and what the path itself consists of (its coefficients, a
    flag a feature and strength) with a dozen vectors of length p.
    """
    side = ours.counters["gram_side"]
    result = 2 * FLOAT * cell.count * side + cell.count * cell.p + 12 * FLOAT * cell.p
    extra = 2 * FLOAT * side**2 + result
    copies = 1.0 if cell.tall else 0.5 + side / cell.p
    return copies + extra / (FLOAT * cell.n * cell.p)
