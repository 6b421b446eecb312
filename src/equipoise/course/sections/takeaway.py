"""Section 16: the closing sentence of the course, each clause of it on real data."""

from __future__ import annotations

from typing import Any

from equipoise.api.path import path
from equipoise.course.section import Section
from equipoise.data.datasets.tables import diabetes_arrays

STRENGTHS = [0, 1, 2, 5, 10, 20, 30, 40, 60, 80, 100, 120, 150, 200, 300, 400, 500, 600, 700, 800, 900, 950]
"""Values of λ1; the first is least squares, at the last the lasso keeps nothing."""

RATIO = 0.002
"""λ2, of ridge and of the elastic net, for a λ1 of 1."""

ROUNDING = 1e-9

PENALTIES = {"lasso": (1.0, 0.0), "ridge": (0.0, RATIO), "net": (1.0, RATIO)}

PYTHON = """\
X, y = eq.datasets.diabetes()
print(eq.fit(X, y, l1=120).explain())  # L1: who is killed, and why; "pull" is what is left
print(eq.fit(X, y, l1=0, l2=0.24).explain())  # L2: nobody, all are held back
print(eq.fit(X, y, l1=120, l2=0.24).explain())  # elastic net: both
print(eq.fit(X, y, l1=0).coef)  # least squares, to compare"""


def numbers() -> dict[str, Any]:
    """The coefficients along three paths of the library, and the pulls and partial pulls there."""
    names, X, y = diabetes_arrays()
    X, y = X - X.mean(axis=0), y - y.mean()
    found = {}
    for name, (l1, l2) in PENALTIES.items():
        coef = path(X, y, l1=l1, l2=l2, strengths=STRENGTHS[::-1]).coef[::-1]
        pull = (y - coef @ X.T) @ X
        pull[abs(pull) < ROUNDING] = 0  # least squares leaves none
        partial = pull + coef * (X * X).sum(axis=0)
        found[name] = {"coef": coef.tolist(), "pull": pull.tolist(), "partial": partial.tolist()}
    return {
        "features": names,
        "strengths": STRENGTHS,
        "ratio": RATIO,
        "alone": (X.T @ y).tolist(),
        "paths": found,
    }


TAKEAWAY = Section(16, "takeaway", "Final takeaway", numbers, PYTHON)
