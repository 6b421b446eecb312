"""What is kept of one package on one cell."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from benchmarks.precision import Precision

OURS = "equipoise"


@dataclass
class Record:
    """Times of one package on one cell, and the precision they bought.

    Attributes
    ----------
    cell, group, task, tool, version : str
        What ran where.
    tolerance : float or None
        What the package was asked for; None where it knows none.
    tightened : bool
        Whether that is tighter than its default.
    warm_up : float
        Seconds of the first call.
    times : list of float
        Seconds, one a call; empty where there is no result.
    precision : Precision or None
        Worst over the path; None where nothing was solved.
    points, asked : int
        Points returned, and asked for.
    curve_error : float or None
        Cross-validation: largest relative error of the mean held-out loss.
    counters : dict
        Ours only.
    not_enough : float
        Equal precision: the longest call, in seconds, that did not reach it; 0 where the first one did.
    failure : str
        Why there is no result, or why this one is not precise enough.
    notes : list of str
        What one should know.
    """

    cell: str
    group: str
    task: str
    tool: str
    version: str
    tolerance: float | None = None
    tightened: bool = False
    warm_up: float = 0.0
    times: list[float] = field(default_factory=list)
    precision: Precision | None = None
    points: int = 0
    asked: int = 0
    curve_error: float | None = None
    counters: dict[str, float] = field(default_factory=dict)
    not_enough: float = 0.0
    failure: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def spent(self) -> float:
        """Seconds used so far."""
        return self.warm_up + sum(self.times)

    @property
    def best(self) -> float:
        """The shortest time, the one with least of what else the machine was doing."""
        return min(self.times)

    @property
    def median(self) -> float:
        """The middle time."""
        return median(self.times)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        more = {"best": self.best, "median": self.median} if self.times else {}
        return asdict(self) | more

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Record:
        """What ``to_dict`` wrote."""
        kept = {key: value for key, value in data.items() if key not in ("best", "median")}
        if kept["precision"] is not None:
            kept["precision"] = Precision(**kept["precision"])
        return cls(**kept)


def find(records: list[Record], cell: str, tool: str) -> Record | None:
    """The record of a package on a cell, if there is one."""
    return next((r for r in records if r.cell == cell and r.tool == tool), None)
