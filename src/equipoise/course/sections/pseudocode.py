"""Section 13: coordinate descent as pseudocode, its lines lit as the steps run."""

from __future__ import annotations

from typing import Any

from equipoise.course.running import running
from equipoise.course.section import Section

X = [[1, 1], [1, 0], [0, 1]]
Y = [3, 2, 1]
LIMITS = [1.0, 2.0, 4.0, 5.0]
# A thousandth of the limit ends a run before its lines tire the reader.
TOLERANCE = 1e-3

PYTHON = """\
import numpy as np

X, y, l1 = np.array([[1, 1], [1, 0], [0, 1]]), np.array([3, 2, 1]), 4
w, r = np.zeros(2), y.astype(float)
for sweep in range(50):
    for j in range(2):
        r = r + X[:, j] * w[j]
        g = X[:, j] @ r
        if abs(g) <= l1:
            w[j] = 0
        else:
            w[j] = (g - np.sign(g) * l1) / (X[:, j] @ X[:, j])
        r = r - X[:, j] * w[j]
print(w, eq.trace(X, y, l1=l1).coef)  # the same twice"""


def numbers() -> dict[str, Any]:
    """The data, and the run at each limit."""
    return {
        "columns": [list(column) for column in zip(*X, strict=True)],
        "y": Y,
        "runs": [running(X, Y, limit, tol=TOLERANCE) for limit in LIMITS],
    }


PSEUDOCODE = Section(13, "pseudocode", "Pseudocode (Coordinate Descent)", numbers, PYTHON)
