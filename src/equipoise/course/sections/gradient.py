"""Section 1: the slope of a loss in one weight, then the gradient in two."""

from __future__ import annotations

from typing import Any

from equipoise.api.fit import fit
from equipoise.course.section import Section

X = [[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
Y = [3.0, 2.0, 1.0]

PYTHON = """\
X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
pull = eq.audit(X, y, [1, 2], None, l1=0).pull  # x_j'r of each feature j, r what w = (1, 2) leaves of y
print(-pull)  # the gradient, -1 and 1: raising w1 lowers the loss, raising w2 raises it"""


def numbers() -> dict[str, Any]:
    """The data, and where the loss is lowest with one weight and with two."""
    one = fit([row[:1] for row in X], Y, l1=0, intercept=False)
    two = fit(X, Y, l1=0, intercept=False)
    return {"X": X, "y": Y, "lowest_one": one.coef.tolist(), "lowest_two": two.coef.tolist()}


GRADIENT = Section(1, "gradient", "What is a gradient?", numbers, PYTHON)
