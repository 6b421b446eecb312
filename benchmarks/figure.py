"""Time against precision, drawn: ``python -m benchmarks.figure results.json results.png``."""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from benchmarks.record import OURS, Record
from benchmarks.writing import read

# The palette of Okabe & Ito (2008), told apart with any colour vision, and a marker of its own for each.
STYLES = {
    "equipoise": ("#000000", "*"),
    "glmnet": ("#D55E00", "o"),
    "scikit-learn": ("#0072B2", "s"),
    "celer": ("#009E73", "^"),
    "skglm": ("#CC79A7", "v"),
    "adelie": ("#E69F00", "D"),
    "glum": ("#56B4E9", "P"),
    "lars": ("#7F7F7F", "X"),
    "glmnet-rs": ("#D55E00", "1"),
    "skein-glm": ("#0072B2", "2"),
}
FINEST = 1e-17  # where a gap of nothing is drawn
COLUMNS = 4


def draw(records: list[Record], path: Path) -> None:
    """Draw a run.

    Parameters
    ----------
    records : list of Record
        Its records; those without a precision are left out.
    path : Path
        Where to, in a format that matplotlib knows by the ending.
    """
    shown = [
        r
        for r in records
        if r.precision is not None and r.times and not r.failure
        if r.tightened or not r.cell.startswith("equal")
    ]
    groups = list(dict.fromkeys(r.group for r in shown))
    rows = -(-(len(groups) + 1) // COLUMNS)
    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure, grid = plt.subplots(
            rows,
            COLUMNS,
            figsize=(3.4 * COLUMNS, 2.9 * rows),
            squeeze=False,
            sharex=True,
            layout="constrained",
        )
        panels = list(grid.flat)
        for group, axes in zip(groups, panels, strict=False):
            _panel(axes, group, [r for r in shown if r.group == group])
        for axes in panels[len(groups) :]:
            axes.set_axis_off()
        _legend(panels[len(groups)], shown)
        for axes in panels[max(0, len(groups) - COLUMNS) : len(groups)]:
            axes.tick_params(labelbottom=True)
        figure.supxlabel("worst relative duality gap of the points returned")
        figure.supylabel("time, ms (best call)")
        figure.savefig(path, dpi=150)
    plt.close(figure)


def _panel(axes: Axes, group: str, records: list[Record]) -> None:
    axes.set(xscale="log", yscale="log")
    axes.set_title(group, loc="left", fontweight="bold", fontsize=9)
    axes.grid(True, which="major", color="#E5E5E5", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlim(FINEST / 3, 3.0)
    for record in records:
        assert record.precision is not None
        colour, marker = STYLES.get(record.tool, ("#7F7F7F", "."))
        axes.plot(
            max(record.precision.relative_gap, FINEST),
            1e3 * record.best,
            marker,
            color=colour,
            markersize=10 if marker == "*" else 6,
            markerfacecolor="none" if record.tightened else colour,
            markeredgewidth=1.2 if record.tightened or marker in "12" else 0.6,
            markeredgecolor=colour if record.tightened or marker in "12" else "white",
            alpha=0.9,
        )
        if record.tool == OURS:
            said = record.cell.removeprefix(group).removeprefix("CV").removeprefix("small").strip()
            axes.annotate(
                said,
                (max(record.precision.relative_gap, FINEST), 1e3 * record.best),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=7,
                color="#404040",
            )


def _legend(axes: Axes, records: list[Record]) -> None:
    present = {r.tool for r in records}
    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            color=colour,
            marker=marker,
            markersize=9 if marker == "*" else 6,
            label=tool,
        )
        for tool, (colour, marker) in STYLES.items()
        if tool in present
    ]
    if any(r.tightened for r in records):
        handles.append(
            Line2D(
                [],
                [],
                linestyle="",
                color="#404040",
                marker="o",
                markerfacecolor="none",
                label="hollow: tightened",
            )
        )
    axes.legend(handles=handles, loc="center left", frameon=False, title="lower left is better")


if __name__ == "__main__":
    draw(read(Path(sys.argv[1])), Path(sys.argv[2]))
