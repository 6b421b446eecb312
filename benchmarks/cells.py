"""The cells of the benchmark: which problems are solved, and what is asked of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatch


@dataclass(frozen=True)
class Cell:
    """One problem and one question about it.

    Attributes
    ----------
    name : str
        What the tables call it.
    group : str
        The panel of the figure it is drawn in.
    n, p : int
        Rows and columns.
    rho : float
        Correlation of the columns.
    seed : int
        Of the random numbers.
    task : str
        "path", "cross-validation" (ten folds and a refit) or "single" (one strength).
    autoregressive : bool
        Correlation rho^|j − k| in place of rho between every two columns.
    ratio : float
        Last strength ÷ the smallest that kills every feature.
    count : int
        Number of strengths.
    relative_gap : float or None
        Where given, peers are tightened until they reach it, in place of running at their defaults.
    """

    name: str
    group: str
    n: int
    p: int
    rho: float
    seed: int
    task: str = "path"
    autoregressive: bool = False
    ratio: float = 1e-2
    count: int = 100
    relative_gap: float | None = None

    @property
    def key(self) -> str:
        """The name in plain letters, for patterns on a command line."""
        return self.name.replace("×", "x").replace(" ", "-").replace("ρ", "rho")

    @property
    def tall(self) -> bool:
        """At least as many rows as columns."""
        return self.n >= self.p


SHAPES = [(1000, 100), (5000, 100), (100_000, 50), (100, 1000), (100, 5000), (100, 20_000), (100, 50_000)]
CORRELATIONS = [0.0, 0.5, 0.95]
EQUAL = 1e-6


def all_cells() -> list[Cell]:
    """Every cell, in the order in which it is run."""
    cells = [
        Cell(f"{n}×{p} ρ={rho:g}", f"{n}×{p}", n, p, rho, seed=100 + i, ratio=1e-4 if n > p else 1e-2)
        for i, (n, p, rho) in enumerate((n, p, rho) for n, p in SHAPES for rho in CORRELATIONS)
    ]
    cells += [
        Cell("1000×2000 ρ=0.5", "correlated", 1000, 2000, 0.5, seed=201),
        Cell("200×20000 AR 0.8", "correlated", 200, 20_000, 0.8, seed=202, autoregressive=True),
        Cell("1000×1000 many active", "many active", 1000, 1000, 0.0, seed=203, ratio=1e-3),
        Cell("2000×5000 many active", "many active", 2000, 5000, 0.0, seed=204, ratio=1e-3),
    ]
    equal = [
        replace(cell, name=f"equal {cell.name}", relative_gap=EQUAL)
        for cell in cells
        if cell.rho >= 0.5 and cell.n <= 5000
    ]
    folds = [
        Cell("CV 10000×100", "cross-validation", 10_000, 100, 0.0, 301, "cross-validation", ratio=1e-4),
        Cell("CV 200×5000", "cross-validation", 200, 5000, 0.0, 302, "cross-validation"),
        Cell("CV 1000×1000", "cross-validation", 1000, 1000, 0.0, 303, "cross-validation"),
    ]
    small = [Cell("small 100×10", "one small fit", 100, 10, 0.0, 401, "single", ratio=0.1, count=1)]
    return cells + folds + small + equal


QUICK = [
    "1000x100-rho=0.5",
    "100000x50-rho=0",
    "100x1000-rho=0.95",
    "100x5000-rho=0.5",
    "CV-10000x100",
    "small-100x10",
    "equal-1000x100-rho=0.5",
]

QUICK_PEERS = ["glmnet", "scikit-learn", "adelie", "glmnet-rs", "skein-glm", "dsyrk"]


def chosen(patterns: list[str]) -> list[Cell]:
    """The cells whose key, or whose group in plain letters, matches one of the patterns."""

    def wanted(cell: Cell) -> bool:
        names = (cell.key, cell.name, cell.group.replace("×", "x").replace(" ", "-"))
        return any(fnmatch(name, pattern) for name in names for pattern in patterns)

    cells = [cell for cell in all_cells() if wanted(cell)]
    if not cells:
        keys = ", ".join(cell.key for cell in all_cells())
        raise SystemExit(f"no cell is called {', '.join(patterns)}: choose from {keys}")
    return cells
