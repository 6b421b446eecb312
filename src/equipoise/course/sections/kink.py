"""Section 5: the absolute value has a kink at zero, and at a kink there is a whole interval of slopes."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.api.path import path
from equipoise.course.section import Section

X = [[1.0], [1.0], [0.0]]
FIRST = np.linspace(-8.0, 4.0, 13)
LIMITS = np.linspace(0.0, 7.0, 15)

PYTHON = """\
fit = eq.fit([[1], [1], [0]], [3, 2, 1], l1=6, intercept=False)
row = fit.explain()["x1"]
print(row.pull, [-row.limit, row.limit], row.status)  # 5.0 [-6.0, 6.0] killed"""


def numbers() -> dict[str, Any]:
    """The coefficient for each response of the first row, at each limit."""
    found = [
        path(X, [first, 2.0, 1.0], l1=1.0, strengths=LIMITS[::-1], intercept=False).coef[::-1, 0]
        for first in FIRST
    ]
    return {
        "x": [row[0] for row in X],
        "first": FIRST.tolist(),
        "limits": LIMITS.tolist(),
        "coef": [one.tolist() for one in found],
    }


KINK = Section(5, "kink", "L1 regularization (LASSO)", numbers, PYTHON)
