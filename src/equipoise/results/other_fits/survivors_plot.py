"""The survivors of a fit as a picture: what each costs when it is forbidden, and the limit that kills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from equipoise.show.labels import LITERAL, note, short
from equipoise.show.plots import BLUE, DARK, axes_for
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.other_fits.survivors import Survivor, Survivors

MOST = 30  # bars drawn
REPLACEABLE = "others can stand in for it"


def draw_survivors(survivors: Survivors, ax: Any = None) -> Any:
    """Draw a bar for the share of the gain that each survivor is worth; at the right, what kills it."""
    rows = survivors.rows[:MOST]
    ax = axes_for(ax, size=(7.0, max(2.0, 1.0 + 0.27 * len(rows))))
    alike = {name for group in survivors.groups() for name in group.kept}
    for inside, look in (
        (False, {"color": BLUE}),
        (True, {"color": "none", "edgecolor": BLUE, "hatch": "////", "label": REPLACEABLE}),
    ):
        own = [k for k, row in enumerate(rows) if (row.feature in alike) == inside]
        if own:
            bars = ax.barh(own, [rows[k].relative_cost for k in own], **look)
            shares = [f"{number(100 * rows[k].relative_cost, 3)} %" for k in own]
            ax.bar_label(bars, shares, padding=4, fontsize=8)
    ax.set_yticks(range(len(rows)), [short(row.feature) for row in rows], **LITERAL)
    ax.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    ax.margins(x=0.12)
    if rows:
        beside = ax.secondary_yaxis("right")
        beside.spines["right"].set_visible(False)
        beside.tick_params(length=0, labelsize=8, labelcolor=DARK)
        beside.set_yticks(range(len(rows)), [_killed_by(row) for row in rows])
        ax.text(1.01, 1.01, "killed by a limit of", transform=ax.transAxes, fontsize=8, color=DARK)
    ax.xaxis.set_major_formatter(lambda share, _: f"{number(100 * share, 3)} %")
    ax.set_xlabel("share of the gain over the null model that is lost when it is forbidden")
    if alike & {row.feature for row in rows}:
        ax.legend(frameon=False, loc="lower right")
    if not rows:
        ax.set_xlim(0.0, 1.0)
        note(ax, "no penalised feature is in the model")
    elif len(survivors.rows) > MOST:
        note(ax, f"the {MOST} that cost most, of {len(survivors.rows)}")
    return ax


def _killed_by(row: Survivor) -> str:
    """The limit at which a feature would be zero, and how many times its present one that is."""
    times = f" ({number(row.killed_by / row.limit, 3)} × its own)" if row.limit > 0 else ""
    return f"{number(row.killed_by, 4)}{times}"
