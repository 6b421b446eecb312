"""Lasso, ridge and elastic net beside each other: which of them has exact zeros, and why."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count
from equipoise.results.plain import Tabular, to_frame, to_plain
from equipoise.results.trace.blackboard import worked
from equipoise.results.trace.walk_page import Run, page, zeros_text
from equipoise.setup.setup import Setup
from equipoise.show.page.document import Heading, write_page
from equipoise.show.page.version import version
from equipoise.show.tables import number, paragraphs, table_of
from equipoise.solve.textbook import Descent, descend

if TYPE_CHECKING:
    from equipoise.results.trace.result import Trace

Array = NDArray[np.float64]

LASSO, RIDGE, ELASTIC_NET = "lasso", "ridge", "elastic net"

# A report has a walkthrough only if it is quick to run and small: entries of X, n·p² and sweeps.
MOST_ENTRIES, MOST_WORK, MOST_SWEEPS = 100_000, 5_000_000, 60


class Runs(NamedTuple):
    """Coordinate descent under three penalties on the same data.

    Attributes
    ----------
    lasso, ridge, elastic_net : Descent
        The runs.
    own : str
        The one of the three that was asked for: "lasso", "ridge" or "elastic net".
    note : str
        How the data were transformed before the runs; empty if they were not.
    """

    lasso: Descent
    ridge: Descent
    elastic_net: Descent
    own: str
    note: str = ""

    def named(self) -> list[Run]:
        """The runs with their names."""
        return [(LASSO, self.lasso), (RIDGE, self.ridge), (ELASTIC_NET, self.elastic_net)]


@dataclass(frozen=True, eq=False, repr=False)
class Walkthrough(Tabular):
    """Coordinate descent under three penalties on the same data.

    Parameters
    ----------
    lasso, ridge, elastic_net : Trace
        The runs.
    own : str
        The one of the three that was asked for: "lasso", "ridge" or "elastic net".

    Examples
    --------
    >>> import equipoise as eq
    >>> three = eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3).beside()
    >>> [int((run.coef == 0).sum()) for run in (three.lasso, three.ridge, three.elastic_net)]
    [1, 0, 0]
    """

    lasso: Trace
    ridge: Trace
    elastic_net: Trace
    own: str

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the p features."""
        return self.lasso.features

    def to_dict(self) -> dict[str, Any]:
        """Penalties, coefficients and convergence of each run, JSON-able."""
        return {
            "features": list(self.features),
            **{
                name.replace(" ", "_"): {
                    "l1": to_plain(trace.descent.l1),
                    "l2": to_plain(trace.descent.l2),
                    "coef": to_plain(trace.coef),
                    "converged": trace.converged,
                }
                for name, trace in self._traces()
            },
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature with its coefficient at the end of each run, as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        columns: dict[str, Any] = {"feature": list(self.features)}
        columns |= {name.replace(" ", "_"): trace.coef for name, trace in self._traces()}
        return to_frame(columns, like, self.lasso.frame)

    def report(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """Write a page that plays the three runs side by side, the worked example of the own one below.

        Parameters
        ----------
        path : str or path, optional
            The file to write, replaced at once if it exists; None returns the page.

        Returns
        -------
        str or None
            The page where no file is named.
        """
        own = dict(self._traces())[self.own]
        n, p = own.descent.X.shape
        finding = f"{self.own} step by step, {count(p, 'feature')}, {count(n, 'row')}"
        heading = Heading(own.target, own.source, finding)
        return write_page(page(self._runs(), worked(own.descent), heading, version=version()), path)

    def _shown(self) -> list[str]:
        traces = self._traces()
        table = table_of(
            range(len(self.features)),
            lambda j: [self.features[j], *(number(float(trace.coef[j])) for _, trace in traces)],
            ["feature", *(name for name, _ in traces)],
            right=[1, 2, 3],
        )
        waiting = [name for name, trace in traces if not trace.converged]
        late = [f"Not yet in balance: {', '.join(waiting)}."] if waiting else []
        return paragraphs(table, [zeros_text(self._runs()), *late])

    def _traces(self) -> list[tuple[str, Trace]]:
        return [(LASSO, self.lasso), (RIDGE, self.ridge), (ELASTIC_NET, self.elastic_net)]

    def _runs(self) -> list[Run]:
        return [(name, trace.descent) for name, trace in self._traces()]


def beside(run: Descent) -> Runs:
    """Run lasso, ridge and elastic net on the data of a run, which is one of the three.

    A ValueError refuses a run without a penalty, or with an infinite one.
    """
    if not (run.l1.any() or run.l2.any()):
        raise ValueError("there is no penalty to compare: trace with l1 or l2 above 0")
    if np.isinf(run.l1).any():
        raise ValueError("l1 = ∞ keeps a feature out of every run: leave it out of X instead")
    return _three(run, max_sweeps=10_000)


def walk_through(setup: Setup, strength: float) -> Runs | None:
    """Run the three on the data of a fit at a strength, for up to 60 sweeps.

    Returns None if the data are too large or not in memory, or if the fit has another loss, bounds or
    excluded features, which the steps shown here do not know.
    """
    penalty, matrix = setup.penalty, setup.matrix
    if (
        not setup.loss.squared
        or setup.gathered is not None
        or not isinstance(matrix, np.ndarray)
        or penalty.boxed
        or np.isinf(penalty.l1).any()
    ):
        return None
    n, p = matrix.shape
    l1, l2 = strength * penalty.l1, strength * penalty.l2
    if n * p > MOST_ENTRIES or n * p * p > MOST_WORK or not (l1.any() or l2.any()):
        return None
    weights = np.ones(n) if setup.weights is None else setup.weights
    X = matrix.astype(np.float64)
    y = setup.response - (0.0 if setup.offset is None else setup.offset)
    if setup.intercept:
        X, y = X - weights @ X / weights.sum(), y - weights @ y / weights.sum()
        X[:, np.ptp(matrix, axis=0) == 0] = 0.0
    if setup.standardize:
        sd = setup.problem.view.sd
        X /= np.where(sd > 0, sd, 1.0)
    root = np.sqrt(weights)
    X, y = root[:, None] * X, root * y
    run = descend(X, y, l1, l2, features=setup.features, max_sweeps=MOST_SWEEPS)
    return _three(run, max_sweeps=MOST_SWEEPS, note=_note(setup))


def _three(run: Descent, *, max_sweeps: int, note: str = "") -> Runs:
    """Run the other two; a penalty that the run lacks follows from l1 = 2·l2·|w| at its largest |w|."""
    own = LASSO if not run.l2.any() else RIDGE if not run.l1.any() else ELASTIC_NET
    largest = float(f"{np.abs(run.coef).max(initial=0.0):.3g}") or 1.0
    l1 = run.l1 if run.l1.any() else 2 * largest * run.l2
    l2 = run.l2 if run.l2.any() else run.l1 / (2 * largest)
    none = np.zeros_like(l1)
    penalties = {LASSO: (l1, none), RIDGE: (none, l2), ELASTIC_NET: (l1, l2)}
    names = run.steps.features
    found = {
        name: run if name == own else descend(run.X, run.y, *pair, features=names, max_sweeps=max_sweeps)
        for name, pair in penalties.items()
    }
    return Runs(found[LASSO], found[RIDGE], found[ELASTIC_NET], own, note)


def _note(setup: Setup) -> str:
    """A sentence about how the data were transformed before the first step."""
    done = []
    if setup.offset is not None:
        done.append("the offset is taken off y")
    if setup.intercept:
        done.append("columns and y are centred")
    if setup.standardize:
        done.append("columns have standard deviation 1, and coefficients are in that unit")
    if setup.weights is not None:
        done.append("rows are multiplied by the root of their weight")
    note = "; ".join(done)
    return f"{note[0].upper()}{note[1:]}." if note else ""
