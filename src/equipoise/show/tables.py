"""Results as monospaced text: numbers, tables, and the document's algorithm as a blackboard."""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from equipoise.solve.textbook import Descent, Step

# A residual with more entries than this fills the line and teaches nothing.
LARGEST_RESIDUAL = 6

TRACE_HEADER = ("sweep", "feature", "pull", "limit", "verdict", "w", "residual", "objective", "|gradient|")


def align(
    rows: Sequence[Sequence[str]],
    header: Sequence[str],
    right: Collection[int] | None = None,
) -> str:
    """Lay rows of cells out under a header, in columns two spaces apart.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells, as many in every row as in the header.
    header : sequence of str
        The columns' titles.
    right : collection of int, optional
        The columns to align right; by default those in which every cell reads as a number.

    Returns
    -------
    str
        The lines, without trailing blanks. A character that does not print is shown escaped.

    Raises
    ------
    ValueError
        If a row has more or fewer cells than the header.

    Examples
    --------
    >>> print(align([["bmi", "24.9"], ["s5", "-3"]], ["feature", "coef"]))
    feature  coef
    bmi      24.9
    s5         -3
    """
    lines = [[printable(cell) for cell in row] for row in (header, *rows)]
    columns = list(zip(*lines, strict=True))
    if right is None:
        right = {i for i, (_, *cells) in enumerate(columns) if all(map(_is_number, cells))}
    padded = [_pad(column, i in right) for i, column in enumerate(columns)]
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*padded, strict=True))


def number(x: float, digits: int = 6) -> str:
    """Write a number as short as its significant digits allow.

    Parameters
    ----------
    x : float
        The number.
    digits : int, default 6
        Significant digits.

    Returns
    -------
    str
        The number; infinity is ∞, and −0 is 0.

    Examples
    --------
    >>> [number(x) for x in (-0.0, 5 / 3, 2.0, 5e-12, 1234567.0, float("-inf"))]
    ['0', '1.66667', '2', '5e-12', '1.23457e6', '-∞']
    """
    if math.isinf(x):
        return "∞" if x > 0 else "-∞"
    # + 0.0 turns −0.0 into 0
    mantissa, e, exponent = f"{x + 0.0:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def trace_table(descent: Descent, *, first: int | None = 12, last: int = 3) -> str:
    """Write a run of coordinate descent as a table, a line a step, and where it ended below.

    The columns: sweep, feature, pull (the partial pull), limit, verdict (`killed` or `kept`), w (before →
    after), the residual after the step (of up to 6 rows), the objective and the largest |gradient|.

    Parameters
    ----------
    descent : Descent
        The run.
    first : int or None, default 12
        How many steps to show from the start; None shows all.
    last : int, default 3
        How many to show from the end.

    Returns
    -------
    str
        The table, and the closing lines.

    Examples
    --------
    >>> import numpy as np
    >>> from equipoise.solve.textbook import descend
    >>> run = descend(np.ones((1, 1)), np.array([3.0]), np.ones(1), np.zeros(1), features=["x1"])
    >>> print(trace_table(run))
    sweep  feature  pull  limit  verdict      w  residual  objective  |gradient|
        1  x1          3      1  kept     0 → 2  (1)             2.5           0
    <BLANKLINE>
    converged after 1 sweep: violation 0
    x1 = 2
    """
    steps = descent.steps
    hidden = 0 if first is None else len(steps) - first - last
    # a single step takes no more room than the line that would stand for it
    elided = hidden > 1
    shown = [*steps[:first], *steps[len(steps) - last :]] if elided else list(steps)
    lines = _table(shown).splitlines()
    if elided:
        # one line is the header's
        lines.insert(1 + (first or 0), f"  ⋮  {hidden} more steps")
    return "\n".join([*lines, "", *_closing(descent)])


def step_sentence(step: Step) -> str:
    """Say one step in the document's words.

    Parameters
    ----------
    step : Step
        The step.

    Returns
    -------
    str
        What pulled, what it had to exceed, and what became of the coefficient.

    Examples
    --------
    >>> import numpy as np
    >>> from equipoise.solve.textbook import descend
    >>> X, y = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([3.0, 2.0, 1.0])
    >>> run = descend(X, y, np.array([1.0, 3.0]), np.zeros(2), features=["x1", "x2"])
    >>> for step in run.steps[:2]:
    ...     print(step_sentence(step))
    x1: the residual pulls with 5, the limit is 1: kept, w = (5 - 1)/2 = 2
    x2: |2| ≤ 3: killed, w = 0
    """
    pull, limit, after = number(step.partial_pull), number(step.limit), number(step.after)
    if step.killed:
        return f"{step.feature}: |{pull}| ≤ {limit}: killed, w = 0"
    held = f"the limit is {limit}" if step.limit else "there is no limit"
    start = f"{step.feature}: the residual pulls with {pull}, {held}: kept, w = "
    if step.after == 0:
        return f"{start}0"
    # w = (g ∓ l1)/(xᵀx + 2·l2), read backwards for the denominator
    curvature = number((abs(step.partial_pull) - step.limit) / abs(step.after))
    sign = "-" if step.partial_pull > 0 else "+"
    numerator = f"({pull} {sign} {limit})" if step.limit else pull
    return f"{start}{numerator}/{curvature} = {after}"


def _table(steps: Sequence[Step]) -> str:
    """Lay the steps out, without the residual's column where it would be too long."""
    wide = bool(steps) and steps[0].residual.size > LARGEST_RESIDUAL
    keep = [i for i, title in enumerate(TRACE_HEADER) if not (wide and title == "residual")]
    rows = [[cells[i] for i in keep] for cells in map(_cells, steps)]
    header = [TRACE_HEADER[i] for i in keep]
    left = {"feature", "verdict", "residual"}
    return align(rows, header, right={i for i, title in enumerate(header) if title not in left})


def _cells(step: Step) -> tuple[str, ...]:
    gradient = max(map(abs, step.gradient.tolist()), default=0.0)
    residual = step.residual.tolist()[:LARGEST_RESIDUAL]
    return (
        str(step.sweep),
        step.feature,
        number(step.partial_pull),
        number(step.limit),
        "killed" if step.killed else "kept",
        f"{number(step.before)} → {number(step.after)}",
        f"({', '.join(number(x, 4) for x in residual)})",
        number(step.objective),
        number(gradient, 3),
    )


def _closing(descent: Descent) -> list[str]:
    """Say whether the run converged, and with which coefficients."""
    verdict = "converged" if descent.converged else "NOT converged"
    sweeps = f"{descent.sweeps} sweep{'' if descent.sweeps == 1 else 's'}"
    # the first sweep names every feature, in order
    names = [step.feature for step in descent.steps[: descent.coef.size]]
    values = [
        f"{printable(name)} = {number(w)}" for name, w in zip(names, descent.coef.tolist(), strict=True)
    ]
    if descent.intercept:
        values.append(f"intercept = {number(descent.intercept)}")
    # a line ends between two coefficients, never within one: their blanks do not break while wrapping
    whole = ", ".join(values).replace(" ", "\xa0").replace(",\xa0", ", ")
    coefficients = [line.replace("\xa0", " ") for line in textwrap.wrap(whole, 100, break_long_words=False)]
    return [f"{verdict} after {sweeps}: violation {number(descent.violation, 3)}", *coefficients]


def _pad(cells: Sequence[str], right: bool) -> list[str]:
    widths = [_width(cell) for cell in cells]
    blanks = [" " * (max(widths) - width) for width in widths]
    return [b + cell if right else cell + b for cell, b in zip(cells, blanks, strict=True)]


def _width(text: str) -> int:
    """Columns on a terminal: an East Asian wide character takes two, a combining one none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def printable(text: str) -> str:
    """Escape what a terminal would act on rather than show: line ends, tabs, control sequences."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace("∞", "inf"))
    except ValueError:
        return False
    return True
