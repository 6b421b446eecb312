"""A run of coordinate descent with every step kept."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.results.plain import Tabular, fields_of, to_frame, to_plain
from equipoise.results.trace.blackboard import worked
from equipoise.results.trace.text import trace_lines
from equipoise.results.trace.walkthrough import Walkthrough, beside
from equipoise.solve.steps import Steps
from equipoise.solve.textbook import Descent

if TYPE_CHECKING:
    from equipoise.results.trace.display import TraceDisplay

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Trace(Tabular):
    """Every step of coordinate descent, as on a blackboard.

    Parameters
    ----------
    descent : Descent
        The run of the algorithm.
    features : tuple of str
        Names of the p features.
    frame : object, optional
        The data frame that X came in; ``to_frame`` returns one of the same library.
    target, source : str
        Name of the response, "y" if it has none, and where the data come from, for the heading of a report.

    Examples
    --------
    >>> import equipoise as eq
    >>> trace = eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1)
    >>> [(s.feature, s.partial_pull, s.killed, s.after) for s in trace.steps[:2]]
    [('x1', 5.0, False, 2.0), ('x2', 2.0, False, 0.5)]
    >>> trace.coef
    array([1.66666667, 0.66666667])
    """

    descent: Descent
    features: tuple[str, ...]
    frame: object = None
    target: str = "y"
    source: str = "an array"

    @property
    def steps(self) -> Steps:
        """Every step, in order: a sequence of :class:`Step`, each made when it is asked for."""
        return self.descent.steps

    @property
    def coef(self) -> Array:
        """Coefficients at the end, (p,)."""
        return self.descent.coef

    @property
    def intercept(self) -> float:
        """Intercept at the end; 0 where there is none."""
        return self.descent.intercept

    @property
    def converged(self) -> bool:
        """Whether the violation fell to the tolerance asked for, or as far as rounding lets it."""
        return self.descent.converged

    @property
    def violation(self) -> float:
        """Largest total gradient left, in units of its limit."""
        return self.descent.violation

    def to_dict(self) -> dict[str, Any]:
        """All steps and the coefficients at the end, JSON-able."""
        return {
            "features": list(self.features),
            "coef": to_plain(self.coef),
            "intercept": self.intercept,
            "converged": self.converged,
            "violation": to_plain(self.violation),
            "steps": [fields_of(step) for step in self.steps],
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per step, as a data frame (the residual and the gradient as their largest entry).

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        steps, sizes = self.steps, self.steps.sizes()
        sweeps, p = steps.pulls.shape
        before = np.concatenate([np.zeros((1, p)), steps.coefs[:-1]])
        columns: dict[str, list[Any]] = {
            "sweep": np.repeat(np.arange(1, sweeps + 1), p).tolist(),
            "feature": list(steps.features) * sweeps,
            "partial_pull": steps.pulls.ravel().tolist(),
            "limit": np.tile(steps.l1, sweeps).tolist(),
            "killed": steps.killed.ravel().tolist(),
            "before": before.ravel().tolist(),
            "after": steps.coefs.ravel().tolist(),
            "objective": sizes.objective.tolist(),
            "largest_residual": sizes.residual.tolist(),
            "largest_gradient": sizes.gradient.tolist(),
        }
        return to_frame(columns, like, self.frame)

    def worked(self, steps: int | None = None) -> str:
        """Write the run as a worked example: inner products, limits, verdicts, and the balance at the end.

        Parameters
        ----------
        steps : int, optional
            How many steps to write from the start; by default two sweeps, of up to 8 steps together. The last
            step is always written.

        Returns
        -------
        str
            The worked example.
        """
        if steps is not None and steps < 1:
            raise ValueError(f"steps is {steps}: pass a positive number, or none for the first two sweeps")
        return worked(self.descent, steps=steps)

    def beside(self) -> Walkthrough:
        """Run lasso, ridge and elastic net on the same data, to see which of them has exact zeros.

        If this run has both penalties, the lasso takes its l1, the ridge its l2 and the elastic net both. A
        penalty that it lacks is set so that both pull equally hard on its largest coefficient w:
        l1 = 2·l2·|w|. Each of the three runs until it balances.

        Returns
        -------
        Walkthrough
            The three runs.

        Raises
        ------
        ValueError
            If the run has no penalty, or one that excludes a feature (l1 = ∞).

        Examples
        --------
        >>> import equipoise as eq
        >>> print(eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3).beside())
        feature  lasso  ridge  elastic net
        x1           1  0.875        0.375
        x2           0  0.625        0.125
        <BLANKLINE>
        Coefficients that are exactly zero, of 2: lasso 1, ridge 0, elastic net 0.
        """
        runs = beside(self.descent)
        lasso, ridge, elastic_net = (
            self if name == runs.own else replace(self, descent=run) for name, run in runs.named()
        )
        return Walkthrough(lasso, ridge, elastic_net, runs.own)

    def report(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """Write a page that plays the run beside ridge and elastic net, with the worked example below.

        Parameters
        ----------
        path : str or path, optional
            The file to write, replaced at once if it exists; None returns the page.

        Returns
        -------
        str or None
            The page where no file is named. It is one file that works offline.
        """
        return self.beside().report(path)

    def plot(self, ax: Any = None) -> TraceDisplay:
        """Draw every step's pull against its limit, and the objective and the gradient as they fall.

        Parameters
        ----------
        ax : matplotlib axes, optional
            A subplot, whose place the panels take; a new figure by default.

        Returns
        -------
        TraceDisplay
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.trace.display import TraceDisplay

        return TraceDisplay.from_trace(self, ax=ax)

    def _shown(self) -> list[str]:
        return trace_lines(self.descent)
