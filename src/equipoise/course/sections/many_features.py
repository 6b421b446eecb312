"""Section 9: several features, settled one after the other, round and round, until all are in balance."""

from __future__ import annotations

from typing import Any

from equipoise.course.running import running
from equipoise.course.section import Section

# Made so that it settles within four rounds, and that on the way one feature is kept, killed and kept again.
X = [
    [1, -1, 1, 0, -1],
    [0, -1, 0, -1, 0],
    [1, 0, -1, 1, 1],
    [1, 0, 1, -1, -1],
    [1, 1, -1, 0, -1],
    [0, -1, 0, 1, 0],
]
Y = [-2, -6, 8, 5, 3, 7]
LIMITS = [1.0, 3.0, 6.0, 16.0]

PYTHON = """\
X = [[1, -1, 1, 0, -1], [0, -1, 0, -1, 0], [1, 0, -1, 1, 1],
     [1, 0, 1, -1, -1], [1, 1, -1, 0, -1], [0, -1, 0, 1, 0]]
trace = eq.trace(X, [-2, -6, 8, 5, 3, 7], l1=3)
print(trace)  # a line for each visit; "pull" is the partial pull, the last column falls to 0
print(trace.steps[1])  # the visit to x2 in the first round, with all its numbers"""


def numbers() -> dict[str, Any]:
    """The data, and the run at each limit."""
    return {
        "columns": [list(column) for column in zip(*X, strict=True)],
        "y": Y,
        "runs": [running(X, Y, limit, tol=1e-9) for limit in LIMITS],
    }


MANY_FEATURES = Section(9, "many_features", "How optimization works with multiple features", numbers, PYTHON)
