"""Audit a textbook's lasso: James, Witten, Hastie & Tibshirani, An Introduction to Statistical Learning.

The lab of chapter 6 prints ``predict(out, type = "coefficients", s = bestlam)`` of ``out <- glmnet(x, y,
alpha = 1, lambda = 10^seq(10, -2, length = 100))`` on the Hitters data. `predict` interpolates linearly
between the two strengths of the grid that enclose bestlam, so what is printed is not the lasso at bestlam.

``python -m benchmarks.audit_hitters Hitters.csv`` audits both editions' printouts; the file is in the package
ISLP (``pip install ISLP``, ISLP/data/Hitters.csv). ``… Hitters.csv collect`` also writes
tests/strength/stored/hitters.json, cross products of the columns, by which the tests repeat the audit.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

STORED = Path(__file__).resolve().parent.parent / "tests" / "strength" / "stored" / "hitters.json"
CATEGORIES = {"League": "N", "Division": "W", "NewLeague": "N"}

# As printed; features that are not named are printed as zeros.
EDITIONS: dict[str, dict[str, Any]] = {
    "first edition": {
        "lambda": 16.78016,
        "digits": 3,
        "coef": {
            "(Intercept)": 18.539,
            "Hits": 1.874,
            "Walks": 2.218,
            "CRuns": 0.207,
            "CRBI": 0.413,
            "LeagueN": 3.267,
            "DivisionW": -103.485,
            "PutOuts": 0.220,
        },
    },
    "second edition": {
        "lambda": 9.286955,
        "digits": 8,
        "coef": {
            "(Intercept)": 1.27479059,
            "AtBat": -0.05497143,
            "Hits": 2.18034583,
            "Walks": 2.29192406,
            "Years": -0.33806109,
            "CHmRun": 0.02825013,
            "CRuns": 0.21628385,
            "CRBI": 0.41712537,
            "LeagueN": 20.28615023,
            "DivisionW": -116.16755870,
            "PutOuts": 0.23752385,
            "Errors": -0.85629148,
        },
    },
}


def load(path: str) -> tuple[list[str], Any, Any]:
    """Return names, X and y of the players whose salary is known, with R's dummies."""
    with Path(path).open() as file:
        rows = [row for row in csv.DictReader(file) if row["Salary"] not in ("", "NA")]
    columns = [name for name in rows[0] if name and name != "Salary"]
    names = [name + CATEGORIES.get(name, "") for name in columns]
    X = [
        [float(row[c] == CATEGORIES[c]) if c in CATEGORIES else float(row[c]) for c in columns]
        for row in rows
    ]
    return names, np.array(X), np.array([float(row["Salary"]) for row in rows])


def main(path: str, write: bool) -> None:
    """Audit both printouts."""
    import pandas as pd

    import equipoise as eq

    names, X, y = load(path)
    frame = pd.DataFrame(X, columns=names)
    for edition, printed in EDITIONS.items():
        found = eq.audit(
            frame, y, printed["coef"], convention="glmnet", strength={"lambda": printed["lambda"]}
        )
        print(f"{edition}, lambda = {printed['lambda']}\n\n{found}\n")
    if write:
        centred = np.column_stack([X, y])
        mean = centred.mean(axis=0)
        centred = centred - mean
        record = {
            "source": "ISLP 0.6.0, Hitters.csv; rows with a salary; columns X, then Salary",
            "rows": len(y),
            "features": names,
            "mean": mean.tolist(),
            "cross_products": (centred.T @ centred).tolist(),
            "editions": EDITIONS,
        }
        STORED.write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], "collect" in sys.argv[2:])
