"""A run of coordinate descent as text: a table of its steps, and each step as a sentence."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from equipoise.data.arguments.messages import count
from equipoise.results.trace.blackboard import names_of
from equipoise.show.tables import align, number, paragraphs
from equipoise.solve.steps import Step
from equipoise.solve.textbook import Descent

MOST = 60  # coefficients named at the end
LARGEST_RESIDUAL = 6  # rows up to which the table has a column of residuals
TRACE_HEADER = ("sweep", "feature", "pull", "limit", "verdict", "w", "residual", "objective", "|gradient|")


def trace_table(descent: Descent, *, first: int | None = 12, last: int = 3) -> str:
    """Write a run of coordinate descent as a table, a line for each step, and the coefficients at the end.

    The columns: sweep, feature, pull (the partial pull), limit, verdict (`killed` or `kept`), w (before →
    after), the residual after the step (of up to 6 rows), the objective and the largest |gradient|. Only the
    ``first`` and the ``last`` steps are shown, all of them if ``first`` is None.

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
    return "\n".join(trace_lines(descent, first=first, last=last))


def trace_lines(descent: Descent, *, first: int | None = 12, last: int = 3) -> list[str]:
    """The table of :func:`trace_table`, and the lines below it."""
    steps = descent.steps
    hidden = 0 if first is None else len(steps) - first - last
    # A single hidden step would take no more room than the line that replaces it.
    elided = hidden > 1
    shown = [*steps[:first], *steps[len(steps) - last :]] if elided else list(steps)
    gap = [f"  ⋮  {hidden} more steps"] if elided else []
    return paragraphs(_table(shown, gap, first or 0), _closing(descent, None if first is None else MOST))


def step_sentence(step: Step) -> str:
    """One step as a sentence: the partial pull, the limit, and the new coefficient.

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
    # A step does not store xᵀx + 2·l2, the denominator of w = (g ∓ l1)/(xᵀx + 2·l2): solve for it.
    curvature = number((abs(step.partial_pull) - step.limit) / abs(step.after))
    sign = "-" if step.partial_pull > 0 else "+"
    numerator = f"({pull} {sign} {limit})" if step.limit else pull
    return f"{start}{numerator}/{curvature} = {after}"


def _table(steps: Sequence[Step], gap: list[str], at: int) -> str:
    """A table of steps with a gap after so many, without the column of residuals if these are too long."""
    wide = bool(steps) and steps[0].residual.size > LARGEST_RESIDUAL
    keep = [i for i, title in enumerate(TRACE_HEADER) if not (wide and title == "residual")]
    rows: list[Sequence[str]] = [[cells[i] for i in keep] for cells in map(_cells, steps)]
    rows[at:at] = gap
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


def _closing(descent: Descent, most: int | None) -> list[str]:
    """Say whether the run converged, and with which coefficients, the first ``most`` of them."""
    verdict = "converged" if descent.converged else "NOT converged"
    coef = list(zip(names_of(descent), descent.coef.tolist(), strict=True))
    values = [f"{name} = {number(w)}" for name, w in coef[:most]]
    if len(coef) > len(values):
        values.append(f"… and {len(coef) - len(values)} more")
    if descent.intercept:
        values.append(f"intercept = {number(descent.intercept)}")
    # Lines are to end between two coefficients: within one, blanks do not break while wrapping.
    whole = ", ".join(values).replace(" ", "\xa0").replace(",\xa0", ", ")
    coefficients = textwrap.fill(whole, 100, break_long_words=False).replace("\xa0", " ")
    head = f"{verdict} after {count(descent.sweeps, 'sweep')}: violation {number(descent.violation, 3)}"
    return [head, coefficients]
