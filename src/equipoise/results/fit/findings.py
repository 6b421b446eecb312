"""What a fit found, part by part: survivors, zeros by reason, the closest calls."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, Protocol

from equipoise.data.arguments.messages import count
from equipoise.show.summaries import penalty_text
from equipoise.show.tables import align, number, printable

REASONS = {
    "explained away": "others took the pull",
    "weak": "even alone the pull does not exceed the limit",
    "duplicate": "a copy of a feature in the model",
    "at bound": "only a bound holds it",
    "constant": "nothing to say that the intercept does not say",
    "excluded": "by an infinite penalty",
    "unpenalised": "nothing pulls on it",
}
"""Why a coefficient is zero, in the order in which the reasons are told."""


class Fit(Protocol):
    """What is read of a fit."""

    @property
    def coef(self) -> Any: ...  # noqa: D102 - as in a Fit
    @property
    def intercept(self) -> float: ...  # noqa: D102
    @property
    def features(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def limits(self) -> Any: ...  # noqa: D102
    @property
    def l1(self) -> Any: ...  # noqa: D102
    @property
    def l2(self) -> Any: ...  # noqa: D102
    @property
    def standardize(self) -> bool: ...  # noqa: D102


class Sheet(Protocol):
    """What is read of a balance sheet."""

    @property
    def features(self) -> tuple[str, ...]: ...  # noqa: D102 - as in a BalanceSheet
    @property
    def coef(self) -> Any: ...  # noqa: D102
    @property
    def pull(self) -> Any: ...  # noqa: D102
    @property
    def limit(self) -> Any: ...  # noqa: D102
    @property
    def status(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def reason(self) -> tuple[str | None, ...]: ...  # noqa: D102


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


def zeros(sheet: Sheet, *, width: int = 100, most: int = 20) -> str:
    """List the features that are zero by the reason why, the closest to entering first.

    Parameters
    ----------
    sheet : BalanceSheet
        The balance sheet.
    width : int, default 100
        Columns to fill.
    most : int, default 20
        How many features of a reason are named.

    Returns
    -------
    str
        A paragraph; empty if no feature is zero.
    """
    groups: dict[str, list[int]] = {reason: [] for reason in REASONS}
    for j, w in enumerate(sheet.coef):
        if w == 0:
            groups.setdefault(sheet.reason[j] or sheet.status[j], []).append(j)
    lines = []
    for reason, members in groups.items():
        if members:
            members.sort(key=lambda j: -_closeness(sheet, j))
            why = f" ({REASONS[reason]})" if reason in REASONS else ""
            names = _listed([sheet.features[j] for j in members], most)
            lines.append(wrap(f"{len(members)} {reason}{why}: {names}", width, indent="  "))
    total = sum(map(len, groups.values()))
    if not total:
        return ""
    head = (
        f"{total} of {count(len(sheet.features), 'feature')} {'is' if total == 1 else 'are'} zero, and why:"
    )
    return "\n".join([head, *lines])


def closest_calls(sentences: Sequence[str], *, width: int = 100) -> str:
    """Tell the stories of the zeros that were closest to entering.

    Parameters
    ----------
    sentences : sequence of str
        Their sentences.
    width : int, default 100
        Columns to fill.

    Returns
    -------
    str
        A paragraph; empty if there are none.
    """
    if not sentences:
        return ""
    return "\n".join(["The closest calls:", *(wrap(text, width, indent="  ") for text in sentences)])


def wrap(text: str, width: int, indent: str = "") -> str:
    """Fill lines with text, indented, never breaking a word.

    Parameters
    ----------
    text : str
        The text.
    width : int
        Columns to fill; a longer word stands alone.
    indent : str
        Before the first line, and twice before the others.

    Returns
    -------
    str
        The lines.

    Examples
    --------
    >>> print(wrap("s6 is zero because others explain it away", 24, "  "))
      s6 is zero because
        others explain it
        away
    """
    return textwrap.fill(
        printable(text),
        width,
        initial_indent=indent,
        subsequent_indent=2 * indent,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
    )


def _closeness(sheet: Sheet, j: int) -> float:
    """How much of its limit a pull reaches."""
    pull, limit = abs(float(sheet.pull[j])), float(sheet.limit[j])
    return pull / limit if limit > 0 else pull


def _listed(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
