"""Section 16: the closing sentence of the course, each clause of it on real data."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.api.path import path
from equipoise.course.section import Section

STRENGTHS = [0, 1, 2, 5, 10, 20, 30, 40, 60, 80, 100, 120, 150, 200, 300, 400, 500, 600, 700, 800, 900, 950]
"""Values of λ1; the first is least squares, at the last the lasso keeps nothing."""

RATIO = 0.002
"""λ2, of ridge and of the elastic net, for a λ1 of 1."""

ROUNDING = 1e-9

PENALTIES = {"lasso": (1.0, 0.0), "ridge": (0.0, RATIO), "net": (1.0, RATIO)}

PYTHON = """\
from sklearn.datasets import load_diabetes

data = load_diabetes()
X, y, names = data.data, data.target, data.feature_names
print(eq.fit(X, y, l1=120, names=names).explain())  # L1: who is killed, and why
print(eq.fit(X, y, l1=0, l2=0.24, names=names).explain())  # L2: nobody, all are held back
print(eq.fit(X, y, l1=120, l2=0.24, names=names).explain())  # elastic net: both
print(eq.fit(X, y, l1=0, names=names).coef)  # least squares, to compare"""


def numbers() -> dict[str, Any]:
    """The coefficients along three paths of the library, and how hard the data pull there."""
    X, y, names = _diabetes()
    X, y = X - X.mean(axis=0), y - y.mean()
    found = {}
    for name, (l1, l2) in PENALTIES.items():
        coef = path(X, y, l1=l1, l2=l2, strengths=STRENGTHS[::-1]).coef[::-1]
        pull = (y - coef @ X.T) @ X
        pull[abs(pull) < ROUNDING] = 0  # least squares leaves none
        found[name] = {"coef": coef.tolist(), "pull": pull.tolist()}
    return {
        "features": names,
        "strengths": STRENGTHS,
        "ratio": RATIO,
        "alone": (X.T @ y).tolist(),
        "paths": found,
    }


def _diabetes() -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """X, y and the names of ten features of 442 patients."""
    from sklearn.datasets import load_diabetes

    data = load_diabetes()
    return data.data, data.target, list(data.feature_names)


TAKEAWAY = Section(16, "takeaway", "Final takeaway", numbers, PYTHON)
