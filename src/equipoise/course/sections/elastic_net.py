"""Section 15: the elastic net, beside a lasso that flips between two near-copies of a feature."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.api.fit import fit
from equipoise.course.section import Section

X1 = [3.0, 2.0, 1.0, -1.0, -2.0, -3.0]
X2 = [3.0, 2.0, 1.2, -0.8, -2.0, -3.0]
X3 = [1.0, -2.0, 1.0, 1.0, -2.0, 1.0]
Y = [3.2, 1.9, 0.0, -1.1, -2.1, -2.9]
MOVING = 2
"""The row whose y the reader moves."""

MOVED = np.arange(-1.0, 3.1, 0.25)
L1 = [0.5, 1.0, 2.0, 8.0, 32.0]
L2 = [0.0, 0.1, 1.0, 5.0]

PYTHON = """\
X = [[3, 3, 1], [2, 2, -2], [1, 1.2, 1], [-1, -0.8, 1], [-2, -2, -2], [-3, -3, 1]]
for y3 in (1, 1.5):  # the third row changes a little
    y = [3.2, 1.9, y3, -1.1, -2.1, -2.9]
    print(eq.fit(X, y, l1=2, intercept=False).coef)  # lasso: x1, then x2 instead
    print(eq.fit(X, y, l1=2, l2=1, intercept=False).coef)  # elastic net: both, both times"""

SHELL = """\
printf 'x1,x2,x3,y\\n3,3,1,3.2\\n2,2,-2,1.9\\n1,1.2,1,1\\n' > copies.csv
printf '%s\\n' -1,-.8,1,-1.1 -2,-2,-2,-2.1 -3,-3,1,-2.9 >> copies.csv
equipoise fit copies.csv --target y --l1 2 --l2 1 --no-intercept --no-standardize"""


def numbers() -> dict[str, Any]:
    """The data, and the coefficients at every position of the three sliders."""
    return {
        "x": [X1, X2, X3],
        "y": Y,
        "row": MOVING,
        "moved": MOVED.tolist(),
        "l1": L1,
        "l2": L2,
        "coef": [[[_coef(float(y), l1, l2) for y in MOVED] for l2 in L2] for l1 in L1],
    }


def _coef(moved: float, l1: float, l2: float) -> list[float]:
    y = [moved if i == MOVING else value for i, value in enumerate(Y)]
    return [float(w) for w in fit(np.transpose([X1, X2, X3]), y, l1=l1, l2=l2, intercept=False).coef]


ELASTIC_NET = Section(15, "elastic_net", "Extension to Elastic Net", numbers, PYTHON, SHELL)
