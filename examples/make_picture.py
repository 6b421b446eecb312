"""Draw docs/pulls.png, the picture of the README: pulls against the dead zone of the penalty."""

from pathlib import Path

import matplotlib
import pandas as pd

import equipoise as eq

matplotlib.use("agg")
from matplotlib import pyplot as plt

HERE = Path(__file__).parent
KEPT, KILLED, ALONE = "#0072b2", "#d55e00", "#8c8c8c"  # Okabe & Ito's colours, safe for colour-blind readers


def main() -> None:
    """Fit the diabetes data as the command line does and draw its balance sheet."""
    table = pd.read_csv(HERE / "diabetes.csv")
    y = table.pop("progression")
    sheet = eq.cross_validate(table, y, standardize=True).one_se.explain()
    rows = sorted(sheet, key=lambda row: abs(row.alone))
    limit = max(row.limit for row in rows)

    figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
    axes.axvspan(-limit, limit, color="#ececec", zorder=0)
    axes.axvline(-limit, color="#bbbbbb", lw=1, zorder=1)
    axes.axvline(limit, color="#bbbbbb", lw=1, zorder=1)
    for height, row in enumerate(rows):
        colour = KEPT if row.status == "active" else KILLED
        axes.annotate(
            "",
            (row.pull, height),
            (row.alone, height),
            arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.4, "shrinkA": 4, "shrinkB": 3},
        )
        axes.plot(row.alone, height, "o", mfc="white", mec=ALONE, ms=7, zorder=3)
        axes.plot(row.pull, height, "o", color=colour, ms=7, zorder=4)
    axes.set_yticks(range(len(rows)), [row.feature for row in rows])
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_color(KEPT if row.status == "active" else KILLED)
    axes.set_xlabel("pull of the residual on the feature, $x_j^T r$")
    axes.set_title(
        "Alone (○), the data pull all but one feature out of the dead zone. Beside the model (●),\n"
        "the blue ones balance exactly on its edge and the orange ones fall inside: they are zero",
        fontsize=10,
        loc="left",
    )
    axes.text(0, -1.15, "dead zone", ha="center", va="center", fontsize=9, color="#555555")
    axes.set_ylim(-1.6, len(rows) - 0.4)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.savefig(HERE.parent / "docs" / "pulls.png", dpi=130)


if __name__ == "__main__":
    main()
