"""Section 4: two forces on one coefficient, and what happens where the weaker one is the data's."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.api.fit import fit
from equipoise.course.section import Section

X = [[1.0], [1.0], [0.0]]
Y = [3.0, 2.0, 1.0]
LIMITS = np.linspace(0.0, 7.0, 29)

PYTHON = """\
fit = eq.fit([[1], [1], [0]], [3, 2, 1], l1=6, intercept=False)
print(fit.explain()["x1"])  # pull 5, limit 6: killed"""


def numbers() -> dict[str, Any]:
    """The data, and where the coefficient comes to rest at each limit."""
    found = [fit(X, Y, l1=float(limit), intercept=False) for limit in LIMITS]
    return {
        "x": [row[0] for row in X],
        "y": Y,
        "limits": LIMITS.tolist(),
        "rest": [float(one.coef[0]) for one in found],
    }


GRADIENT_KILL = Section(4, "gradient_kill", "What is “gradient kill”?", numbers, PYTHON)
