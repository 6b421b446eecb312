"""A balance sheet as text: a table, a sentence for each feature, zeros by their reason, the closest calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from equipoise.data.arguments.messages import count
from equipoise.results.balance.ratio import ratio_text
from equipoise.show.tables import name_text, names_text, number, paragraphs, table_of, wrap

if TYPE_CHECKING:
    from equipoise.objective.losses.base import Words
    from equipoise.results.balance.result import Balance, BalanceSheet

ROWS = 40  # of a printed sheet
NAMED = 8  # features that one is a combination of

REASONS = {
    "explained away": "others took the pull",
    "weak": "even alone the pull does not exceed the limit",
    "duplicate": "a copy of a feature in the model",
    "at bound": "only a bound holds it",
    "constant": "nothing to say that the intercept does not say",
    "excluded": "by an infinite penalty",
    "unpenalised": "nothing pulls on it",
}
"""Why a coefficient is zero: reasons in the order in which they are listed, and what they mean."""


def sheet_summary(sheet: BalanceSheet) -> list[str]:
    """A balance sheet as a table, what its columns mean, and the zero that is closest to entering."""
    loss = sheet.columns.problem.loss
    residual = "" if loss.squared else f" with r = {loss.left}"
    meaning = (
        f"pull: of the residual on the feature, xᵀr{residual}; limit: the most that the penalty holds; "
        "alone: the pull while no penalised feature is in the model"
    )
    if _tells_entries(sheet):
        unit = "multiple of the present penalty" if sheet.unit is None else sheet.called
        meaning += f"; enters at: the {unit} below which it is in{_open_ends(sheet)}"
    elif not sheet.columns.prepared:
        meaning += (
            f". Where a feature enters takes long to find for all {len(sheet)}: explain tells it of one that "
            "is named, and enters_at of all"
        )
    return paragraphs(_table(sheet), wrap(meaning, 100), call_lines([*map(sheet._call, sheet._closest(1))]))


def _tells_entries(sheet: BalanceSheet) -> bool:
    """Whether some feature enters or might, and all is computed: what nothing penalises is always in."""
    if not sheet.columns.prepared:
        return False
    return any(told is not None for told in (*sheet.enters_at, *sheet.searched_to))


def _open_ends(sheet: BalanceSheet) -> str:
    """What the cells of a table mean that hold no entry."""
    found = [searched for searched in sheet.searched_to if searched is not None]
    ends = [f"< {number(max(found))}: not down to there, and below nobody looked"] if any(found) else []
    ends += ["never: at no penalty"] * (0.0 in found)
    return f" ({'; '.join(ends)})" if ends else ""


def _table(sheet: BalanceSheet) -> str:
    """A row a feature: active features first, by |coef| (per sd), then the others by |pull|."""
    # The pulls of active features all equal their limits, so that only coefficients tell them apart.
    size = np.abs(sheet.coef if sheet.sd is None else sheet.coef * np.where(sheet.sd > 0, sheet.sd, 1.0))
    kept = np.array([status == "active" for status in sheet.status])
    order = np.lexsort((-np.where(kept, size, np.abs(sheet.pull)), ~kept)).tolist()
    header = ["feature", "coef", "pull", "limit", "alone", "status"]
    if _tells_entries(sheet):
        header.append("enters at")
    if sheet.sd is not None:
        # Per standard deviation one limit holds for all features.
        header += ["coef·sd", "pull/sd"]
    right = [1, 2, 3, 4, *range(6, len(header))]
    return table_of(order, lambda j: _cells(sheet, j), header, right, most=ROWS)


def _cells(sheet: BalanceSheet, j: int) -> list[str]:
    """What is printed of a feature: all that the sheet holds, and nothing that is still to be computed."""
    status, reason = sheet.status[j], sheet.reason[j]
    cells = [sheet.features[j], *(number(x[j]) for x in (sheet.coef, sheet.pull, sheet.limit, sheet.alone))]
    cells.append(status if reason is None else f"{status}: {reason}")
    if _tells_entries(sheet):
        cells.append(_entry_cell(sheet.enters_at[j], sheet.searched_to[j]))
    if sheet.sd is not None:
        sd = sheet.sd[j]
        cells += [number(sheet.coef[j] * sd), number(sheet.pull[j] / sd)] if sd else ["", ""]
    return cells


def _entry_cell(entry: float | None, searched: float | None) -> str:
    if entry is not None:
        return number(entry)
    if searched is None:
        return ""
    return f"< {number(searched)}" if searched else "never"


def close_sentence(feature: str, pull: float, limit: float) -> str:
    """The sentence of a zero of a large sheet, of which is not known yet what others took of its pull."""
    return (
        f"{name_text(feature)} is zero: its pull {number(abs(pull))} does not exceed the limit "
        f"{number(limit)}. Explain it by its name to know why."
    )


def feature_sentence(
    row: Balance,
    *,
    l1: float | None = None,
    called: str = "l1",
    words: Words | None = None,
    response: str = "y",
) -> str:
    """Why a coefficient is zero, or is not.

    ``l1`` is the present one, if the same holds for all features, or what is ``called`` otherwise; without it
    ``enters_at`` is a multiple of the present penalty. ``words`` are those of the loss, and odds or a mean
    are of the ``response``.
    """
    name, coef = name_text(row.feature), number(row.coef)
    effect = "" if words is None else ratio_text(row.coef, row.sd, words, response)
    effect = effect and f" {effect}"
    if row.status == "constant":
        return f"{name} is constant: it has nothing to say that the intercept does not say, at any penalty."
    if row.status == "excluded":
        return f"{name} is excluded by an infinite penalty: it enters at no strength of it."
    unpulled = row.limit == 0 or abs(row.pull) <= 0.5 * row.limit  # the copy of an active feature is pulled
    if row.copy_of and unpulled and (row.coef == 0 or row.status == "unpenalised"):
        return _copied(row)
    if row.status == "unpenalised":
        return f"{name} is not penalised: its coefficient {coef} balances its pull to zero.{effect}"
    if row.status == "at bound":
        return (
            f"{name} rests at its bound {coef}: its pull {number(row.pull)} and the penalty's "
            f"limit {number(row.limit)} do not balance there, and the bound holds it.{effect}"
            f"{_entry_text(row, l1, called)}"
        )
    if row.status == "active":
        return _active(row, coef, l1, called) + effect
    return _killed(row, l1, called)


def _copied(row: Balance) -> str:
    """The sentence of a feature that is a combination of unpenalised ones."""
    name, many = name_text(row.feature), len(row.copy_of) > 1
    made = f"{'a linear combination' if many else 'a copy'} of {names_text(row.copy_of, NAMED)}"
    are = "are" if many else "is"
    if row.status == "unpenalised":
        return (
            f"{name} is {made}, and {'none of them' if many else 'neither'} is penalised: they can stand in "
            f"for each other, and its coefficient {number(row.coef)} is one of many as good."
        )
    return (
        f"{name} is zero because it is {made}, which {are} not penalised: all that it could explain is "
        "explained at no cost, and nothing is left to pull on it."
    )


def _active(row: Balance, coef: str, l1: float | None, called: str) -> str:
    """The sentence of a feature in the model."""
    if row.limit == 0:
        return f"{name_text(row.feature)} has coefficient {coef}; no penalty holds it back."
    text = (
        f"{name_text(row.feature)} is kept with coefficient {coef}: its pull {number(row.pull)} "
        f"is balanced exactly by the penalty's {number(row.limit)}"
    )
    if row.enters_at is not None:
        text += f"; it is in the model below {_strength(row, row.enters_at, l1, called)}"
    return text + "."


def _killed(row: Balance, l1: float | None, called: str) -> str:
    """The sentence of a feature whose pull does not exceed its limit."""
    name, pull, limit = name_text(row.feature), number(abs(row.pull)), number(row.limit)
    if row.reason == "weak":
        text = (
            f"{name} is zero because it is weak: even alone in the model the data would pull on it with only "
            f"{number(abs(row.alone))}, which does not exceed the limit {limit}"
        )
        if abs(row.pull) > abs(row.alone):
            text += f"; beside the others the pull is {pull}"
    elif row.reason == "duplicate":
        text = (
            f"{name} is zero although its pull {pull} is on the limit {limit}: it is a copy of "
            f"{names_text(row.copy_of, NAMED)} in the model, and either could carry the coefficient"
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
    return f"{text}.{_entry_text(row, l1, called)}"


def _entry_text(row: Balance, l1: float | None, called: str) -> str:
    """Where a zero would enter, or how far down it was looked for; "" of what is no zero."""
    if row.coef != 0:
        return ""
    if row.enters_at is not None:
        return f" It would enter at {_strength(row, row.enters_at, l1, called)}."
    if row.searched_to is None:
        return ""
    if row.searched_to == 0:
        return " It enters at no penalty."
    return (
        f" Where it would enter is not known: not down to {_strength(row, row.searched_to, l1, called)}, and "
        "below that it was not looked for."
    )


def _takers(row: Balance, most: int = 3) -> tuple[str, bool]:
    """The features that took most of the pull, and the others together; whether the verb is in the plural."""
    sign = 1.0 if row.alone >= 0 else -1.0
    shares = sorted(((sign * share, name) for name, share in row.absorbed_by.items()), reverse=True)
    shown = [(share, name) for share, name in shares[:most] if share > 0]
    taken = [f"{name_text(name)} (takes {number(share, 3)})" for share, name in shown]
    rest = sum(share for share, _ in shares) - sum(share for share, _ in shown)
    if abs(rest) > 5e-3 * abs(row.alone):
        taken.append(f"others ({'take' if rest > 0 else 'give back'} {number(abs(rest), 3)})")
    if len(taken) > 1:
        return ", ".join(taken[:-1]) + " and " + taken[-1], True
    return (taken[0], not shown) if taken else ("the others", True)


def _strength(row: Balance, value: float, l1: float | None, called: str) -> str:
    """A strength in the units of l1 and, where it differs, the feature's limit at that strength."""
    if l1 is None:
        return f"{number(value)} times the present penalty"
    text = f"{called} = {number(value)}"
    if row.status != "killed" or not l1:
        return text
    limit = number(row.limit * value / l1)
    return text if limit == number(value) else f"{text}, a limit of {limit}"


def zeros(sheet: BalanceSheet, *, width: int = 100, most: int = 20) -> str:
    """List the features that are zero by their reason, the closest to entering first; "" if none is."""
    groups: dict[str, list[int]] = {reason: [] for reason in REASONS}
    for j, w in enumerate(sheet.coef):
        if w == 0:
            groups.setdefault(sheet.reason[j] or sheet.status[j], []).append(j)
    lines = []
    for reason, members in groups.items():
        if members:
            members.sort(key=lambda j: -_closeness(sheet, j))
            why = f" ({REASONS[reason]})" if reason in REASONS else ""
            names = names_text([sheet.features[j] for j in members], most)
            lines.append(wrap(f"{len(members)} {reason}{why}: {names}", width, indent="  "))
    total = sum(map(len, groups.values()))
    if not total:
        return ""
    head = (
        f"{total} of {count(len(sheet.features), 'feature')} {'is' if total == 1 else 'are'} zero, and why:"
    )
    return "\n".join([head, *lines])


def closest_calls(sentences: Sequence[str], *, width: int = 100, others: bool = False) -> str:
    """A paragraph of the sentences about zeros that were closest to entering; empty without sentences.

    ``others`` says that the closest of all stands above.
    """
    return "\n".join(call_lines(sentences, width=width, others=others))


def call_lines(sentences: Sequence[str], *, width: int = 100, others: bool = False) -> list[str]:
    """The lines of :func:`closest_calls`."""
    if not sentences:
        return []
    head = f"The {'next ' if others else ''}closest call{'' if len(sentences) == 1 else 's'}:"
    return [head, *(wrap(text, width, indent="  ") for text in sentences)]


def _closeness(sheet: BalanceSheet, j: int) -> float:
    """|pull| ÷ limit; |pull| where the limit is 0."""
    pull, limit = abs(float(sheet.pull[j])), float(sheet.limit[j])
    return pull / limit if limit > 0 else pull
