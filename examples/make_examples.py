"""Write the example tables: python examples/make_examples.py [FOLDER] (default: beside this file)."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from sklearn.datasets import load_diabetes


def write(path: Path, header: Iterable[str], rows: Iterable[Iterable[float]]) -> None:
    """Write a table of numbers, each with the digits that read back as the same number."""
    lines = [",".join(header), *(",".join(map(repr, row)) for row in rows)]
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    os.replace(unfinished, path)  # a reader sees the old table or the new one, never half of one


def make(folder: Path) -> None:
    """Write diabetes.csv and three_rows.csv into a folder."""
    data = load_diabetes(scaled=True)
    rows = [[*x, y] for x, y in zip(data.data.tolist(), data.target.tolist(), strict=True)]
    write(folder / "diabetes.csv", [*data.feature_names, "progression"], rows)
    write(folder / "three_rows.csv", ["x1", "x2", "y"], [[1, 1, 3], [1, 0, 2], [0, 1, 1]])


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
