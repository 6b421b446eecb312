"""An audit as text: the verdict, what is wrong and by how much, and the exact answer beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from equipoise.data.arguments.messages import count
from equipoise.show.phrases import missing_lines
from equipoise.show.tables import LINES, align, number, printable

if TYPE_CHECKING:
    from equipoise.results.audit.result import Audit

RIGHT, OFF = "right", "value off"
SHOULD_BE_ZERO, SHOULD_NOT_BE_ZERO = "should be zero", "should not be zero"


def audit_summary(audit: Audit) -> str:
    """Write the verdict, the features on which it rests, and a line that sums it up.

    Parameters
    ----------
    audit : Audit
        What was found.

    Returns
    -------
    str
        The lines; the table holds the worst features first, of those that either side keeps or that
        violate.
    """
    c, p = audit.certificate, len(audit.features)
    lines = [f"Audit: {c.status.value}."]
    if c.optimal:
        lines.append(f"  largest violation {c.violation:.1e} of its limit, relative gap {c.relative_gap:.1e}")
        return "\n".join([*lines, *missing_lines(audit.exact.missing, audit.features)])
    worst = audit.features.index(audit.worst)
    by = f"by {_share(c.violation)} of its limit ({printable(audit.worst)})"
    if audit.limit[worst] == 0:
        by = f"{printable(audit.worst)}, whose pull should be zero and is {number(audit.pull[worst])}"
    elif np.isinf(audit.limit[worst]):
        by = f"{printable(audit.worst)}, which an infinite penalty excludes"
    share = f", which is {audit.relative_lost:.1e} of the null model's" if _measured(audit) else ""
    lines += [
        f"  {int(audit.violating.sum())} of {count(p, 'feature')} out of balance, the worst {by}",
        f"  objective left on the table: {number(audit.lost, 4)}{share}",
    ]
    if c.relative_gap > 0 and np.isfinite(c.relative_gap):
        lines.append(
            f"  a solver that stops at a duality gap of {c.relative_gap:.1e} of the null model's objective "
            "lets it pass"
        )
    if c.intercept_violation > 1e-9:
        lines.append(f"  the residuals do not average 0: intercept violation {c.intercept_violation:.1e}")
    for names, text in (
        (audit.wrong_zeros, "zero, but not at the solution"),
        (audit.wrong_nonzeros, "not zero, but zero at the solution"),
    ):
        if names:
            lines.append(f"  {text}: {_names(names)}")
    return "\n".join(
        [*lines, *_table(audit), *missing_lines(audit.exact.missing, audit.features), "", _summary(audit)]
    )


def _measured(audit: Audit) -> bool:
    """Whether the null model's objective is something that a loss can be a part of."""
    return audit.relative_lost > 0 and bool(np.isfinite(audit.relative_lost))


def _table(audit: Audit) -> list[str]:
    kept = [
        j
        for j in range(len(audit.features))
        if audit.violating[j] or audit.coef[j] != 0 or audit.exact.coef[j] != 0
    ]
    rank = {SHOULD_BE_ZERO: 0, SHOULD_NOT_BE_ZERO: 0, OFF: 1, RIGHT: 2}
    verdicts = audit.verdicts

    def place(j: int) -> tuple[int, float]:
        limit = float(audit.limit[j]) or 1.0
        return rank[verdicts[j]], -np.inf if np.isinf(limit) else -float(audit.excess[j]) / limit

    order = sorted(kept, key=place)
    rows = [
        [
            audit.features[j],
            number(audit.coef[j]),
            number(audit.exact.coef[j]),
            number(audit.pull[j], 5),
            number(audit.limit[j], 5),
            number(audit.excess[j], 3),
            verdicts[j],
        ]
        for j in order[:LINES]
    ]
    if not rows:
        return []
    header = ["feature", "theirs", "exact", "pull", "limit", "excess", "verdict"]
    more = [f"… and {len(order) - LINES} more"] if len(order) > LINES else []
    return ["", align(rows, header, right=[1, 2, 3, 4, 5]), *more]


def _summary(audit: Audit) -> str:
    """The line to paste."""
    c = audit.certificate
    limit = audit.limit[audit.features.index(audit.worst)]
    violation = f"violation {_share(c.violation)} of the limit" if 0 < limit < np.inf else "out of balance"
    lost = number(audit.lost, 4)
    if _measured(audit):
        lost = f"{audit.relative_lost:.1e} of the null model's objective"
    return (
        f"In short: {violation}, {count(len(audit.wrong_zeros), 'wrong zero')}, "
        f"{count(len(audit.wrong_nonzeros), 'wrong non-zero')}, {lost} lost."
    )


def _share(violation: float) -> str:
    return f"{number(100 * violation, 3)} %" if violation >= 1e-4 else f"{violation:.1e}"


def _names(names: Sequence[str], most: int = 10) -> str:
    rest = len(names) - most
    return ", ".join(map(printable, names[:most])) + (f" and {rest} more" if rest > 0 else "")
