"""A fit as text: the features that it keeps, and its certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.data.arguments.messages import count
from equipoise.show.phrases import missing_lines, penalty_text
from equipoise.show.tables import LINES, align, number

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit


def fit_summary(fit: Fit) -> str:
    """The survivors with their coefficients, and the certificate."""
    p = len(fit.features)
    order = sorted(
        (j for j in range(p) if fit.coef[j] != 0), key=lambda j: -abs(fit.coef[j] * (fit.limits[j] or 1))
    )
    penalty = penalty_text(fit.l1, fit.l2)
    lines = [f"{len(order)} of {p} features kept at {penalty}; intercept {number(fit.intercept)}"]
    if order:
        rows = [[fit.features[j], number(fit.coef[j])] for j in order[:LINES]]
        lines += ["", align(rows, ["feature", "coef"], right=[1])]
    if len(order) > LINES:
        lines.append(f"… and {len(order) - LINES} more")
    return "\n".join([*lines, *missing_lines(fit.missing, fit.features), "", str(fit.certificate)])


def survivors(fit: Fit) -> str:
    """List every feature that is not zero, the weightiest first.

    Parameters
    ----------
    fit : Fit
        The fit.

    Returns
    -------
    str
        A line with the penalty and the intercept, and the table.
    """
    kept = [j for j, w in enumerate(fit.coef) if w != 0]
    kept.sort(key=lambda j: -abs(fit.coef[j]) * (fit.limits[j] or 1.0))
    head = (
        f"{len(kept)} of {count(len(fit.features), 'feature')} kept at {penalty_text(fit.l1, fit.l2)}; "
        f"intercept {number(fit.intercept)}"
    )
    if fit.standardize:
        head += (
            "\n(standardised: a feature's limit is l1 times its standard deviation; coefficients are in "
            "original units)"
        )
    rows = [[fit.features[j], number(fit.coef[j])] for j in kept]
    return "\n\n".join([head, align(rows, ["feature", "coef"], right=[1])]) if rows else head
