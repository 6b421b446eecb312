"""A balance sheet as text: a table, a sentence a feature, the zeros by reason, and the closest calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from equipoise.data.arguments.messages import count
from equipoise.show.tables import align, number, printable, wrap

if TYPE_CHECKING:
    from equipoise.results.balance.result import Balance, BalanceSheet

ROWS = 40  # of a sheet that is printed

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


def sheet_table(sheet: BalanceSheet) -> str:
    """Lay a balance sheet out, a row a feature: those kept first, then the others by their pull.

    Parameters
    ----------
    sheet : BalanceSheet
        The sheet; of many features the first 40 rows are shown.
    """
    # Survivors by what they contribute, for their pulls are all their limits; the others by pull.
    weight = np.abs(sheet.coef if sheet.sd is None else sheet.coef * np.where(sheet.sd > 0, sheet.sd, 1.0))
    kept = np.array([status == "active" for status in sheet.status])
    order = np.lexsort((-np.where(kept, weight, np.abs(sheet.pull)), ~kept))
    shown = order[:ROWS].tolist()
    rows = [sheet._row(j, sheet.enters_at[j]) for j in shown]
    header = ["feature", "coef", "pull", "limit", "alone", "status", "enters at"]
    cells = [
        [
            r.feature,
            number(r.coef),
            number(r.pull),
            number(r.limit),
            number(r.alone),
            r.status if r.reason is None else f"{r.status}: {r.reason}",
            "" if r.enters_at is None else number(r.enters_at),
        ]
        for r in rows
    ]
    if sheet.sd is not None:
        # The same per standard deviation, where one limit holds for all.
        header += ["coef·sd", "pull/sd"]
        for row, line in zip(rows, cells, strict=True):
            line += [number(row.coef * row.sd), number(row.pull / row.sd)] if row.sd else ["", ""]
    table = align(cells, header, right=[1, 2, 3, 4, *range(6, len(header))])
    rest = len(sheet) - len(shown)
    return table + (f"\n… and {rest} more" if rest else "")


def feature_sentence(row: Balance, *, l1: float | None = None) -> str:
    """Why this coefficient is what it is.

    Parameters
    ----------
    row : Balance
        The feature's row.
    l1 : float, optional
        The present l1, where one holds for all features; else ``enters_at`` counts multiples of the present
        penalty.
    """
    name = printable(row.feature)
    if row.status == "constant":
        return f"{name} is constant: it has nothing to say that the intercept does not say."
    if row.status == "excluded":
        return f"{name} is excluded by an infinite penalty."
    if row.status == "unpenalised":
        return f"{name} is not penalised: its coefficient {number(row.coef)} balances its pull to zero."
    if row.status == "at bound":
        return (
            f"{name} rests at its bound {number(row.coef)}: its pull {number(row.pull)} and the penalty's "
            f"limit {number(row.limit)} do not balance there, and the bound holds it."
        )
    if row.status == "active":
        return _active(row, l1)
    return _killed(row, l1)


def _active(row: Balance, l1: float | None) -> str:
    if row.limit == 0:
        return f"{printable(row.feature)} has coefficient {number(row.coef)}; no penalty holds it back."
    text = (
        f"{printable(row.feature)} is kept with coefficient {number(row.coef)}: its pull {number(row.pull)} "
        f"is balanced exactly by the penalty's {number(row.limit)}"
    )
    if row.enters_at is not None:
        text += f"; it is in the model below {_strength(row, row.enters_at, l1)}"
    return text + "."


def _killed(row: Balance, l1: float | None) -> str:
    name, pull, limit = printable(row.feature), number(abs(row.pull)), number(row.limit)
    if row.reason == "weak":
        text = (
            f"{name} is zero because it is weak: even alone in the model the data would pull on it with only "
            f"{number(abs(row.alone))}, which does not exceed the limit {limit}"
        )
        if abs(row.pull) > abs(row.alone):
            text += f"; beside the others the pull is {pull}"
    elif row.reason == "duplicate":
        text = (
            f"{name} is zero although its pull {pull} is on the limit {limit}: it is a copy of a feature in "
            "the model, and either could carry the coefficient"
        )
    else:
        takers, many = _takers(row)
        text = (
            f"{name} is zero because others explain it away: alone the data would pull on it with "
            f"{number(abs(row.alone))}, but {takers} "
        )
        if row.pull * row.alone < 0:
            text += (
                f"turn{'' if many else 's'} it round to {number(-abs(row.pull))}, which does not exceed the "
                f"limit {limit} either way"
            )
        else:
            text += f"leave{'' if many else 's'} {pull}, which does not exceed the limit {limit}"
    if row.enters_at is not None:
        return text + f". It would enter at {_strength(row, row.enters_at, l1)}."
    return text + "."


def _takers(row: Balance, most: int = 3) -> tuple[str, bool]:
    """The features that took most of the pull, and the others together; whether they are several."""
    sign = 1.0 if row.alone >= 0 else -1.0
    shares = sorted(((sign * share, name) for name, share in row.absorbed_by.items()), reverse=True)
    shown = [(share, name) for share, name in shares[:most] if share > 0]
    taken = [f"{printable(name)} (takes {number(share, 3)})" for share, name in shown]
    rest = sum(share for share, _ in shares) - sum(share for share, _ in shown)
    if abs(rest) > 5e-3 * abs(row.alone):
        taken.append(f"others ({'take' if rest > 0 else 'give back'} {number(abs(rest), 3)})")
    if len(taken) > 1:
        return ", ".join(taken[:-1]) + " and " + taken[-1], True
    return (taken[0], not shown) if taken else ("the others", True)


def _strength(row: Balance, value: float, l1: float | None) -> str:
    """A strength in the units of l1 and, where these differ, as the limit that it means for the feature."""
    if l1 is None:
        return f"{number(value)} times the present penalty"
    text = f"l1 = {number(value)}"
    if row.status != "killed" or not l1:
        return text
    limit = number(row.limit * value / l1)
    return text if limit == number(value) else f"{text}, a limit of {limit}"


def zeros(sheet: BalanceSheet, *, width: int = 100, most: int = 20) -> str:
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


def _closeness(sheet: BalanceSheet, j: int) -> float:
    """How much of its limit a pull reaches."""
    pull, limit = abs(float(sheet.pull[j])), float(sheet.limit[j])
    return pull / limit if limit > 0 else pull


def _listed(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
