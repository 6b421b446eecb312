"""An audit as text: the verdict, what is wrong and by how much, and the exact answer beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from equipoise.data.arguments.messages import count
from equipoise.show.phrases import data_lines
from equipoise.show.tables import names_text, number, paragraphs, printable, table_of

if TYPE_CHECKING:
    from equipoise.results.audit.result import Audit

SOLUTION, GOOD_AS_DIGITS, NOT_SOLUTION = "the solution", "as good as its digits", "not the solution"
RIGHT, OFF = "right", "value off"
SHOULD_BE_ZERO, SHOULD_NOT_BE_ZERO = "should be zero", "should not be zero"


def audit_summary(audit: Audit) -> list[str]:
    """The verdict, a table of features that violate or are in either model, worst first, and a summary."""
    c = audit.certificate
    notes = data_lines(audit.exact.missing, audit.exact.encoding, audit.features)
    if c.optimal:
        share, of = _largest(audit)
        balance = f"  largest violation {share:.1e} of its {of}, relative gap {c.relative_gap:.1e}"
        return [f"Audit: {SOLUTION}; {c.status.value}.", balance, *notes]
    lines = [f"Audit: {c.status.value}.", *_imbalance(audit)]
    if audit.verdict == GOOD_AS_DIGITS:
        return paragraphs([*lines, *notes], _table(audit))
    for names, text in (
        (audit.wrong_zeros, "zero, but not at the solution"),
        (audit.wrong_nonzeros, "not zero, but zero at the solution"),
    ):
        if names:
            lines.append(f"  {text}: {names_text(names, 10)}")
    return paragraphs(lines, _table(audit), notes[1:], _summary(audit))


def _imbalance(audit: Audit) -> list[str]:
    """What is out of balance, and what that costs."""
    c, out, of = audit.certificate, int(audit.violating.sum()), count(len(audit.features), "feature")
    lines = [f"  {out} of {of} out of balance, the worst {_worst(audit)}"] if out else []
    share = f", which is {audit.relative_lost:.1e} of the null model's" if _measured(audit) else ""
    lines.append(f"  objective left on the table: {number(audit.lost, 4)}{share}")
    if c.relative_gap > 0 and np.isfinite(c.relative_gap):
        lines.append(
            "  a solver told to stop once its duality gap is below "
            f"{c.relative_gap:.1e} of the null model's objective may return these coefficients"
        )
    refuted = audit.verdict == NOT_SOLUTION and set(audit.verdicts) == {RIGHT}
    if c.intercept_violation > 1e-9 or not out or refuted:
        lines.append(f"  the residuals do not average 0: intercept violation {c.intercept_violation:.1e}")
    return lines


def _worst(audit: Audit) -> str:
    """The worst feature, and how its pull violates the limit."""
    worst, name = audit.features.index(audit.worst), printable(audit.worst)
    if np.isinf(audit.limit[worst]):
        return f"{name}, which an infinite penalty excludes"
    if not _limited(audit, worst):
        zero = "zero" if audit.limit[worst] == 0 else number(audit.limit[worst])
        return f"{name}, whose pull should be {zero} and is {number(audit.pull[worst])}"
    return f"by {_share(audit.share[worst])} its limit ({name})"


def _limited(audit: Audit, j: int) -> bool:
    """Whether a feature's share is of its limit, and not of its scale."""
    limit, excess = audit.limit[j], audit.excess[j]
    return bool(0 < limit < np.inf and abs(audit.share[j] * limit - excess) <= 1e-6 * excess)


def _largest(audit: Audit) -> tuple[float, str]:
    """The largest share, and what it is of."""
    worst = audit.features.index(audit.worst)
    return float(audit.share[worst]), "limit" if _limited(audit, worst) else "scale"


def _measured(audit: Audit) -> bool:
    """Whether the lost objective can be told as a share of the null model's."""
    return audit.relative_lost > 0 and bool(np.isfinite(audit.relative_lost))


def _table(audit: Audit) -> str:
    """A row for each feature that violates or is in either model: wrong ones first, by their share."""
    kept = np.flatnonzero(audit.violating | (audit.coef != 0) | (audit.exact.coef != 0)).tolist()
    rank = {SHOULD_BE_ZERO: 0, SHOULD_NOT_BE_ZERO: 0, OFF: 1, RIGHT: 2}
    verdicts = audit.verdicts

    def place(j: int) -> tuple[int, float]:
        return rank[verdicts[j]], -np.inf if np.isinf(audit.limit[j]) else -float(audit.share[j])

    def row(j: int) -> list[str]:
        return [
            audit.features[j],
            number(audit.coef[j]),
            number(audit.exact.coef[j]),
            number(audit.pull[j], 5),
            number(audit.limit[j], 5),
            number(audit.excess[j], 3),
            verdicts[j],
        ]

    header = ["feature", "theirs", "exact", "pull", "limit", "excess", "verdict"]
    return table_of(sorted(kept, key=place), row, header, right=[1, 2, 3, 4, 5])


def _summary(audit: Audit) -> str:
    """The finding in one line, to paste elsewhere."""
    share, of = _largest(audit)
    violation = f"violation {_share(share)} the limit" if of == "limit" else "out of balance"
    lost = number(audit.lost, 4)
    if _measured(audit):
        lost = f"{audit.relative_lost:.1e} of the null model's objective"
    return (
        f"In short: {violation}, {count(len(audit.wrong_zeros), 'wrong zero')}, "
        f"{count(len(audit.wrong_nonzeros), 'wrong non-zero')}, {lost} lost."
    )


def _share(violation: float) -> str:
    """A multiple of a limit, to stand before it."""
    if violation >= 10.0:
        return f"{violation:.0f} times" if violation < 1e6 else f"{number(violation, 3)} times"
    return f"{number(100 * violation, 3)} % of" if violation >= 1e-4 else f"{violation:.1e} of"
