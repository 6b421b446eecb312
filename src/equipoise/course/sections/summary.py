"""Section 12: what the two penalties do, in a table whose every cell is computed."""

from __future__ import annotations

from typing import Any

from equipoise.course.section import Section

TABLES = {
    "The three rows of this course": [[1, 1, 3], [1, 0, 2], [0, 1, 1]],
    "A weak x2": [[2, 0.5, 4], [1, -1, 1], [-1, 0.5, -2]],
    "x2 a copy of x1": [[1, 1, 3], [1, 1, 2], [0, 0, 1]],
    "x2 all zeros": [[1, 0, 3], [1, 0, 2], [0, 0, 1]],
}
"""Rows of x1, x2 and y."""

PYTHON = """\
X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
lasso = eq.fit(X, y, l1=3, intercept=False)
ridge = eq.fit(X, y, l1=0, l2=3, intercept=False)
print(lasso.explain(), lasso.coef)  # x2: pull 3, limit 3: killed
print(ridge.explain(), ridge.coef)"""

SHELL = """\
printf 'x1,x2,y\\n1,1,3\\n1,0,2\\n0,1,1\\n' > three_rows.csv
equipoise fit three_rows.csv --target y --l1 3 --no-intercept --no-standardize
equipoise fit three_rows.csv --target y --l1 0 --l2 3 --no-intercept --no-standardize"""


def numbers() -> dict[str, Any]:
    """The tables that a button fills in; all else is computed from what the reader writes."""
    return {"tables": TABLES}


SUMMARY = Section(12, "summary", "Summary table", numbers, PYTHON, SHELL)
