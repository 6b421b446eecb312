"""Section 10: a pair of features at every correlation, and a weak one: who is killed, and by whom."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import hadamard

from equipoise.api.fit import fit
from equipoise.course.running import tidy
from equipoise.course.section import Section

Array = NDArray[np.float64]

# Columns of ±1 at right angles to each other and to a constant one: each is standardised.
BASE = hadamard(8)[:, [1, 2, 4, 7]].astype(float)
ALONE = (50.0, 30.0, 6.0)
CORRELATIONS = [k / 20 for k in range(-10, 20)]
LIMITS = [10.0, 20.0, 35.0, 55.0]

PYTHON = """\
import numpy as np
from scipy.linalg import hadamard

# Four standardised columns at right angles. The features are made of them so that their
# correlations with y, 0.5, 0.3 and 0.06, stay whatever that of x1 with x2 is.
base = hadamard(8)[:, [1, 2, 4, 7]]
correlation = 0.8
turn = (correlation - 0.5 * 0.3) / 0.75**0.5
X = base @ np.transpose([[0.5, 0.75**0.5, 0, 0],
                         [0.3, turn, (1 - 0.3**2 - turn**2) ** 0.5, 0],
                         [0.06, 0, 0, (1 - 0.06**2) ** 0.5]])
fit = eq.fit(X, 12.5 * base[:, 0], l1=10)
print(fit.explain())  # x2 has a pull of 30 alone, and -2 beside x1
print(fit.explain("x2"))"""


def data_at(correlation: float) -> tuple[Array, Array]:
    """Eight rows: x1 and x2 with this correlation, x3; y. Alone they pull with 50, 30 and 6, always."""
    a, b, c = (pull / 100 for pull in ALONE)
    turn = (correlation - a * b) / np.sqrt(1 - a * a)
    x1 = [a, np.sqrt(1 - a * a), 0, 0]
    x2 = [b, turn, np.sqrt(1 - b * b - turn * turn), 0]
    x3 = [c, 0, 0, np.sqrt(1 - c * c)]
    return BASE @ np.transpose([x1, x2, x3]), 12.5 * BASE[:, 0]


@cache  # a hundred fits
def numbers() -> dict[str, Any]:
    """The balance of each feature, by limit and correlation."""
    return {
        "correlations": CORRELATIONS,
        "limits": LIMITS,
        "fits": [[_balance(correlation, limit) for correlation in CORRELATIONS] for limit in LIMITS],
    }


def _balance(correlation: float, limit: float) -> list[dict[str, Any]]:
    """What `explain` says of each feature, and its pull with its own part put back."""
    X, y = data_at(correlation)
    sheet = fit(X, y, l1=limit).explain()
    partial = sheet.pull + (X * X).sum(axis=0) * sheet.coef
    return [
        {
            "coef": tidy(sheet.coef[j]),
            "alone": tidy(sheet.alone[j]),
            "pull": tidy(sheet.pull[j]),
            "partial": tidy(partial[j]),
            "reason": sheet.reason[j],
            "taken": {of: tidy(share) for of, share in sheet.absorbed_by[j].items() if of != name},
        }
        for j, name in enumerate(sheet.feature)
    ]


WEAK_AND_CORRELATED = Section(
    10, "weak_and_correlated", "Why weak and correlated features disappear", numbers, PYTHON
)
