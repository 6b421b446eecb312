"""Section 14: three rows by hand, every number with its formula, and the limits that would kill."""

from __future__ import annotations

from typing import Any

from equipoise.api.path import path
from equipoise.course.running import running
from equipoise.course.section import Section

X = [[1, 1], [1, 0], [0, 1]]
Y = [3, 2, 1]
LIMITS = [k / 2 for k in range(13)]
WALKED = 1.0

PYTHON = """\
X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
trace = eq.trace(X, y, l1=1)
print(trace.worked())  # the steps, every inner product written out; "its pull" is the partial pull
print(trace.coef)  # 5/3 and 2/3
for event in eq.path(X, y, intercept=False).events:
    print(event.feature, event.kind, "at", event.strength)"""

SHELL = """\
printf 'x1,x2,y\\n1,1,3\\n1,0,2\\n0,1,1\\n' > three_rows.csv
equipoise trace three_rows.csv --target y --l1 1 --worked"""


def numbers() -> dict[str, Any]:
    """The data, the run at each limit, and which of them is walked through."""
    return {
        "columns": [list(column) for column in zip(*X, strict=True)],
        "y": Y,
        "walked": LIMITS.index(WALKED),
        "runs": [running(X, Y, limit, tol=1e-9) for limit in LIMITS],
    }


def words() -> dict[str, str]:
    """The limits from which each feature is killed: where the exact path lets it in."""
    events = path(X, Y, intercept=False).events
    return {event.feature: f"{event.strength:.6g}" for event in events if event.kind == "enters"}


THREE_ROWS = Section(14, "three_rows", "Numeric walkthrough", numbers, PYTHON, SHELL, words)
