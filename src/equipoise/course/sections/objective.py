"""Section 3: data loss, penalty and their sum, the objective, and how their slopes add."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.api.fit import fit
from equipoise.api.trace import trace
from equipoise.course.section import Section

X = [[1.0], [1.0], [0.0]]
Y = [3.0, 2.0, 1.0]
LIMITS = np.linspace(0.0, 7.0, 29)

PYTHON = """\
x, y = [[1], [1], [0]], [3, 2, 1]
print(eq.trace(x, y, l1=2))  # w = 1.5: objective 4.75, |gradient| 0
for l1 in [0, 2, 4, 5, 7]:
    print(eq.fit(x, y, l1=l1, intercept=False).coef)  # 2.5, 1.5, 0.5, 0, 0"""

SHELL = """\
printf 'x,y\\n1,3\\n1,2\\n0,1\\n' > one_feature.csv
equipoise trace one_feature.csv --target y --l1 2"""


def numbers() -> dict[str, Any]:
    """The data, and at each limit where the objective is lowest and how low it is there."""
    return {
        "x": [row[0] for row in X],
        "y": Y,
        "limits": LIMITS.tolist(),
        "rest": [float(fit(X, Y, l1=float(limit), intercept=False).coef[0]) for limit in LIMITS],
        "least": [trace(X, Y, l1=float(limit)).steps[-1].objective for limit in LIMITS],
    }


OBJECTIVE = Section(3, "objective", "Loss + regularization = total objective", numbers, PYTHON, SHELL)
