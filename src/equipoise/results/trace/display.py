"""A run of coordinate descent as a picture: pulls against their limits, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.public import public
from equipoise.show.labels import LITERAL, name_ends, note, say_empty, short
from equipoise.show.plots import (
    BLUE,
    GREY,
    KEPT,
    KILLED,
    ORANGE,
    PALE,
    Display,
    ink,
    keep_axes,
    pyplot,
    stroke,
)
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.trace.result import Trace

Array = NDArray[np.float64]

PANELS = 6  # largest number of features with a panel each
NAMED = 8  # features named if all share a panel
MANY = 60  # largest number of steps on a linear scale


@public
class TraceDisplay(Display):
    """Coordinate descent, step by step: partial pulls against their limits, and the way to balance.

    A step whose partial pull stays in the dead zone kills its feature; one outside keeps it. Below, the
    objective and the largest total gradient fall. Up to six features have a panel each; more share one, with
    every pull divided by its limit. Make one with ``from_trace`` or ``Trace.plot``.

    Parameters
    ----------
    features : sequence of p str
        Names of the features.
    feature : (steps,) index array
        Index of the feature that each step updates.
    partial_pull, limit : (steps,) arrays
        Partial pull on that feature, and the limit that it has to exceed.
    killed : (steps,) bool array
        Whether the step killed the feature.
    objective : (steps,) array
        Objective after each step.
    gradient : (steps,) array
        Largest total gradient after each step.
    coef : (p,) array
        Coefficients at the end.

    Attributes
    ----------
    ax_, figure_ : matplotlib axes and figure
        The first panel of pulls, and the figure.
    pull_axes_ : list of matplotlib axes
        Panels of pulls.
    objective_ax_, gradient_ax_ : matplotlib axes
        The two panels below.
    lines_ : dict of str to matplotlib line
        Partial pulls of each feature in colour.
    kept_, killed_ : dict of str to matplotlib line
        Marks at the steps that kept and killed it, where each has a panel.
    zones_ : list of matplotlib patch
        The dead zone of each panel.
    objective_line_, gradient_line_ : matplotlib lines
        The objective and the largest total gradient over the steps.
    labels_ : list of matplotlib text
        Names of lines, where features share a panel.
    note_ : matplotlib text
        What the marks mean, or how many features are named.

    References
    ----------
    Friedman, Hastie, Höfling & Tibshirani (2007), *Ann. Appl. Statist.* 1.

    Examples
    --------
    >>> import equipoise as eq
    >>> from matplotlib.figure import Figure
    >>> trace = eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1)
    >>> display = eq.TraceDisplay.from_trace(trace, ax=Figure().subplots())
    >>> [float(pull) for pull in display.lines_["x1"].get_ydata()[:2]]
    [5.0, 4.5]
    """

    def __init__(
        self,
        *,
        features: Sequence[str],
        feature: ArrayLike,
        partial_pull: ArrayLike,
        limit: ArrayLike,
        killed: ArrayLike,
        objective: ArrayLike,
        gradient: ArrayLike,
        coef: ArrayLike,
    ) -> None:
        self.features = tuple(features)
        self.feature = np.asarray(feature, dtype=np.intp)
        self.partial_pull = np.asarray(partial_pull, dtype=np.float64)
        self.limit = np.asarray(limit, dtype=np.float64)
        self.killed = np.asarray(killed, dtype=bool)
        self.objective = np.asarray(objective, dtype=np.float64)
        self.gradient = np.asarray(gradient, dtype=np.float64)
        self.coef = np.asarray(coef, dtype=np.float64)
        self.lines_: dict[str, Any] = {}
        self.kept_: dict[str, Any] = {}
        self.killed_: dict[str, Any] = {}
        self.zones_: list[Any] = []
        self.labels_: list[Any] = []
        arrays = ("partial_pull", "limit", "killed", "objective", "gradient")
        self._check_lengths(arrays, len(self.feature), "steps")

    @classmethod
    def from_trace(cls, trace: Trace, *, ax: Any = None) -> TraceDisplay:
        """Draw a trace.

        Parameters
        ----------
        trace : Trace
            What ``equipoise.trace`` returned.
        ax : matplotlib axes, optional
            A subplot, whose place the panels take; a new figure by default.

        Returns
        -------
        TraceDisplay
            The picture.
        """
        steps, sizes = trace.steps, trace.steps.sizes()
        sweeps, count = steps.pulls.shape
        return cls(
            features=trace.features,
            feature=np.tile(np.arange(count), sweeps),
            partial_pull=steps.pulls.ravel(),
            limit=np.tile(steps.l1, sweeps),
            killed=steps.killed.ravel(),
            objective=sizes.objective,
            gradient=sizes.gradient,
            coef=trace.coef,
        ).plot(ax)

    def plot(self, ax: Any = None) -> TraceDisplay:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib axes, optional
            A subplot, whose place the panels take; a new figure by default.

        Returns
        -------
        TraceDisplay
            The display itself.
        """
        count = len(self.features)
        panels = count if 0 < count <= PANELS else 1
        self._panels(ax, panels)
        self._steps = np.arange(1, len(self.feature) + 1)
        self.lines_, self.kept_, self.killed_, self.zones_, self.labels_ = {}, {}, {}, [], []
        if panels == count:
            for j, panel in enumerate(self.pull_axes_):
                self._draw_alone(panel, j)
            self.note_ = note(
                self.pull_axes_[0],
                "partial pull on each feature (x times y):  ● kept, outside the dead zone   ✖ killed, inside",
            )
        else:
            self._draw_together(self.pull_axes_[0])
        self._draw_objective()
        for panel in (*self.pull_axes_, self.objective_ax_, self.gradient_ax_):
            panel.spines[["top", "right"]].set_visible(False)
            self._mark_sweeps(panel)
        return self

    def _panels(self, ax: Any, panels: int) -> None:
        """Make panels of pulls, one of the objective and one of the gradient, with a common axis of steps."""
        heights = [1.0] * panels + [1.0, 1.0] if panels > 1 else [3.0, 1.0, 1.0]
        if ax is None:
            height = 1.25 * (panels + 2) + 0.6 if panels > 1 else 6.4
            figure = pyplot().figure(figsize=(7.4, height), layout="constrained")
            grid = figure.add_gridspec(panels + 2, 1, height_ratios=heights)
        else:
            place = ax.get_subplotspec()
            if place is None:
                raise ValueError(
                    "ax is no subplot, and a trace needs several: pass none, or one of plt.subplots()"
                )
            figure = ax.figure
            ax.set_axis_off()
            grid = place.subgridspec(panels + 2, 1, height_ratios=heights)
        axes = [figure.add_subplot(grid[0])]
        axes += [figure.add_subplot(grid[k], sharex=axes[0]) for k in range(1, panels + 2)]
        *self.pull_axes_, self.objective_ax_, self.gradient_ax_ = axes
        for panel in axes[:-1]:
            panel.tick_params(labelbottom=False)
        keep_axes(self, axes[0])

    def _draw_alone(self, ax: Any, j: int) -> None:
        """Draw one feature in a panel of its own."""
        own = self.feature == j
        step, pull, killed = self._steps[own], self.partial_pull[own], self.killed[own]
        limit = float(self.limit[own][0]) if own.any() else 0.0
        name = self.features[j]
        largest = float(np.abs(pull).max(initial=0.0))
        shown = limit if np.isfinite(limit) else 1.1 * largest or 1.0
        self.zones_.append(ax.axhspan(-shown, shown, facecolor=PALE, edgecolor=GREY, linewidth=0.8, zorder=0))
        ax.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
        (self.lines_[name],) = ax.plot(step, pull, color=GREY, linewidth=0.9, zorder=2)
        size = 5.0 if len(step) <= MANY else 2.5
        (self.kept_[name],) = ax.plot(
            step[~killed], pull[~killed], "o", color=KEPT, markersize=size, zorder=3, label="kept"
        )
        (self.killed_[name],) = ax.plot(
            step[killed], pull[killed], "X", color=KILLED, markersize=size + 1, zorder=3, label="killed"
        )
        beyond = 1.3 * shown or 0.25 * largest or 1.0
        ax.set_ylim(min(1.15 * pull.min(initial=0.0), -beyond), max(1.15 * pull.max(initial=0.0), beyond))
        held = "no limit" if limit == 0 else f"limit ±{number(limit, 4)}"
        ax.set_ylabel(short(name, 12), **LITERAL)
        ax.text(
            1.015,
            0.5,
            f"{held}\nw = {number(float(self.coef[j]), 4)}",
            transform=ax.transAxes,
            va="center",
            fontsize=8.5,
            color=ink(ax),
        )

    def _draw_together(self, ax: Any) -> None:
        """Draw all features in one panel, pulls in units of their limits."""
        from matplotlib.collections import LineCollection

        held = np.isfinite(self.limit) & (self.limit > 0)
        lasso = bool(held.any())
        unit = np.where(held, self.limit, 1.0) if lasso else np.ones(len(self.limit))
        value = np.where(held | (not lasso), self.partial_pull / unit, np.nan)
        top = np.argsort(-self._importance(value), kind="stable").tolist()[:NAMED]
        rest = [j for j in range(len(self.features)) if j not in set(top)]
        if lasso:
            self.zones_.append(ax.axhspan(-1.0, 1.0, facecolor=PALE, edgecolor=GREY, linewidth=0.8, zorder=0))
        ax.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
        segments = [np.column_stack([self._steps[self.feature == j], value[self.feature == j]]) for j in rest]
        many = len(rest) > 50
        ax.add_collection(
            LineCollection(segments, colors=GREY, linewidths=0.5, alpha=0.4 if many else 0.7, zorder=1.5)
        )
        for place, j in enumerate(top):
            own = self.feature == j
            (self.lines_[self.features[j]],) = ax.plot(
                self._steps[own],
                value[own],
                linewidth=1.5,
                zorder=2,
                marker="o" if own.sum() == 1 else None,
                markersize=3,
                **stroke(place),
            )
        longest = float(np.nanmax(np.abs(value), initial=1.0))
        if longest > 15.0 and lasso:
            ax.set_yscale("symlog", linthresh=1.0)
            ax.yaxis.set_major_formatter(lambda tick, _: number(tick, 4))
        low, high = np.nanmin(value, initial=-1.2), np.nanmax(value, initial=1.2)
        ax.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
        ax.set_ylabel("partial pull ÷ its limit" if lasso else "partial pull (x times y)")
        ends = np.array([value[self.feature == j][-1] for j in top])
        self._limit_steps(ax)
        self.note_ = note(ax, " ")
        self.labels_ = name_ends(
            ax, ends, [self.features[j] for j in top], [stroke(k) for k in range(len(top))]
        )
        zone = "; inside ±1 a step kills its feature" if lasso else ""
        self.note_.set_text(f"{len(self.labels_)} of {len(self.features):,} features named{zone}")

    def _importance(self, value: Array) -> Array:
        """Order of naming: features in the model first, both groups by their last pull."""
        last = np.zeros(len(self.features))
        last[self.feature] = np.abs(np.nan_to_num(value))  # of equal indices NumPy keeps the last value
        return last + np.where(self.coef != 0, 1.0 + last.max(initial=0.0), 0.0)

    def _draw_objective(self) -> None:
        """Draw the objective, and the largest total gradient on a logarithmic scale."""
        ax = self.objective_ax_
        (self.objective_line_,) = ax.plot(
            self._steps, self.objective, color=BLUE, linewidth=1.4, marker=self._dot
        )
        ax.set_ylabel("objective")
        ax = self.gradient_ax_
        seen = np.where(self.gradient > 0, self.gradient, np.nan)
        (self.gradient_line_,) = ax.plot(
            self._steps, seen, color=ORANGE, linewidth=1.4, linestyle="--", marker=self._dot
        )
        if np.isfinite(seen).any():
            ax.set_yscale("log")
        else:
            say_empty(ax, "0 after every step")
        ax.set_ylabel("largest\ntotal gradient")
        self._limit_steps(ax)
        ax.set_xlabel("step" + (" (logarithmic)" if len(self._steps) > MANY else ""))

    @property
    def _dot(self) -> str | None:
        return "." if len(self._steps) <= MANY else None

    def _limit_steps(self, ax: Any) -> None:
        """Scale the axis of steps, logarithmically if there are many."""
        if len(self._steps) > MANY:
            ax.set_xscale("log")
            ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
            ax.set_xlim(1, len(self._steps))
        else:
            ax.xaxis.get_major_locator().set_params(integer=True)
            ax.set_xlim(0.5, len(self._steps) + 0.5)

    def _mark_sweeps(self, ax: Any) -> None:
        """Draw thin lines between the sweeps, unless there are many steps."""
        count = len(self.features)
        ends = range(count, len(self._steps), count) if len(self._steps) <= MANY else ()
        for end in ends:
            ax.axvline(end + 0.5, color=PALE, linewidth=0.8, zorder=0.5)
