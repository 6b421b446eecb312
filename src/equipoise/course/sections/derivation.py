"""Section 7: why the slope of the data loss is minus an inner product, and a check by finite differences."""

from __future__ import annotations

from typing import Any

from equipoise.course.section import Section

X = [[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
Y = [3.0, 2.0, 1.0]

PYTHON = """\
import numpy as np

X, y, w = np.array([[1, 1], [1, 0], [0, 1]]), np.array([3, 2, 1]), np.array([1, 0.5])

def loss(w):
    return 0.5 * np.sum((y - X @ w) ** 2)

h = np.array([0.001, 0])  # a step of w1 alone
print((loss(w + h) - loss(w)) / 0.001)  # -2.499: off by 0.001
print((loss(w + h) - loss(w - h)) / 0.002)  # -2.5, but for rounding
print(-eq.audit(X, y, w, None, l1=0).pull[0])  # -2.5"""


def numbers() -> dict[str, Any]:
    """The data; everything else here is arithmetic on them."""
    return {"X": X, "y": Y}


DERIVATION = Section(7, "derivation", "Data loss and key derivation", numbers, PYTHON)
