"""The survivors of a fit as a picture: what each costs when it is forbidden, and the limit that kills it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from equipoise.show.labels import LITERAL, label_bars, letters, note, say_empty, short
from equipoise.show.plots import BLUE, axes_for, ink
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.other_fits.survivors import Survivor, Survivors

MOST = 30  # bars drawn
REPLACEABLE = {"color": "none", "edgecolor": BLUE, "hatch": "////"}  # the look of its bar


def draw_survivors(survivors: Survivors, ax: Any = None) -> Any:
    """Draw a bar for the share of the gain that each survivor is worth; at the right, what kills it."""
    rows = survivors.rows[:MOST]
    ax = axes_for(ax, size=(7.0, max(2.0, 1.0 + 0.27 * len(rows))))
    alike = {name for group in survivors.groups() for name in group.kept}
    ax.set_yticks(range(len(rows)), [short(row.feature) for row in rows], **LITERAL)
    ax.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    if rows:
        beside = ax.secondary_yaxis("right")
        beside.spines["right"].set_visible(False)
        beside.tick_params(length=0, labelsize=8, labelcolor=ink(ax))
        beside.set_yticks(range(len(rows)), [_killed_by(row) for row in rows])
        ax.text(1.01, 1.01, "killed by a limit of", transform=ax.transAxes, fontsize=8, color=ink(ax))
    ax.locator_params(axis="x", nbins=5)  # percentages are wide
    ax.xaxis.set_major_formatter(lambda share, _: f"{number(100 * share, 3)} %")
    label = "share of the gain over the null model that is lost when it is forbidden"
    ax.set_xlabel(textwrap.fill(label, letters(ax, 10)))
    for inside, look in ((False, {"color": BLUE}), (True, REPLACEABLE)):
        own = [row for row in rows if (row.feature in alike) == inside]
        if own:
            bars = ax.barh([rows.index(row) for row in own], [row.relative_cost for row in own], **look)
            label_bars(ax, bars, [_cost(row, inside) for row in own])
    if not rows:
        ax.set_xlim(0.0, 1.0)
        say_empty(ax, "no penalised feature is in the model")
    elif len(survivors.rows) > MOST:
        note(ax, f"the {MOST} that cost most, of {len(survivors.rows)}")
    return ax


def _cost(row: Survivor, replaceable: bool) -> str:
    """The share of a feature, in words where its bar may have no length."""
    return f"{number(100 * row.relative_cost, 3)} %{', others can stand in for it' if replaceable else ''}"


def _killed_by(row: Survivor) -> str:
    """The limit at which a feature would be zero, and how many times its present one that is."""
    times = f" ({number(row.killed_by / row.limit, 3)} × its own)" if row.limit > 0 else ""
    return f"{number(row.killed_by, 4)}{times}"
