"""Section 11: the square is flat at zero, so ridge has nothing there to hold a weight with."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.api.path import path
from equipoise.course.section import Section

X, Y = [[1.0], [1.0], [0.0]], [3.0, 2.0, 1.0]
FIRST = np.linspace(0.0, 8.0, 33)
SECOND = np.array([0.0, *(factor * 10.0**power for power in range(-2, 6) for factor in (1, 3)), 1e6])

PYTHON = """\
X, y = [[1], [1], [0]], [3, 2, 1]
print(eq.fit(X, y, l1=5, intercept=False).coef)  # exactly 0
print(eq.fit(X, y, l1=0, l2=1e6, intercept=False).coef)  # 2.5e-06: small, and not 0"""


def numbers() -> dict[str, Any]:
    """The weight under each penalty alone."""
    first = path(X, Y, l1=1.0, strengths=FIRST[::-1], intercept=False).coef[::-1, 0]
    second = path(X, Y, l1=0.0, l2=1.0, strengths=SECOND[::-1], intercept=False).coef[::-1, 0]
    return {
        "x": [row[0] for row in X],
        "y": Y,
        "first": {"limits": FIRST.tolist(), "coef": first.tolist()},
        "second": {"limits": SECOND.tolist(), "coef": second.tolist()},
    }


RIDGE = Section(11, "ridge", "Why L2 (Ridge) does not produce zeros", numbers, PYTHON)
