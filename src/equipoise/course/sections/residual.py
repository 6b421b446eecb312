"""Section 6: a prediction is a sum of features times weights, and the residual is what it leaves of y."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.api.fit import fit
from equipoise.course.patients import column, standardized
from equipoise.course.section import Section

PYTHON = """\
fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
predicted = fit.predict([[1, 1], [1, 0], [0, 1]])
print(predicted, [3, 2, 1] - predicted)  # the residual: [0.667 0.333 0.333]"""


def numbers() -> dict[str, Any]:
    """Three rows, and twelve people, each with the weights of two fits."""
    progression = column("progression")
    people = np.column_stack([standardized(name) for name in ("bmi", "bp", "s5")])
    return {
        "three": _table([[1, 1], [1, 0], [0, 1]], [3, 2, 1], 1.0, names=["x1", "x2"], bounds=[-1, 3, 0.05]),
        "people": _table(
            people.tolist(),
            (progression - progression.mean()).tolist(),
            100.0,
            names=["bmi", "bp", "s5"],
            bounds=[-10, 50, 0.5],
        ),
    }


def _table(X: Any, y: Any, limit: float, **more: Any) -> dict[str, Any]:
    """A table with the weights that leave least, without a penalty and with one."""
    found = [fit(X, y, l1=l1, intercept=False).coef.tolist() for l1 in (0.0, limit)]
    return {"X": X, "y": y, "limit": limit, "coef": found, **more}


RESIDUAL = Section(6, "residual", "Linear model and residual", numbers, PYTHON)
