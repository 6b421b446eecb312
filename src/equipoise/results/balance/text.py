"""The balance of one feature, as a sentence a person can repeat."""

from __future__ import annotations

from typing import Protocol

from equipoise.show.tables import number, printable


class _Row(Protocol):
    """One feature's row of a balance sheet."""

    @property
    def feature(self) -> str: ...
    @property
    def coef(self) -> float: ...
    @property
    def pull(self) -> float: ...
    @property
    def limit(self) -> float: ...
    @property
    def alone(self) -> float: ...
    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def absorbed_by(self) -> dict[str, float]: ...
    @property
    def enters_at(self) -> float | None: ...


def feature_sentence(row: _Row, *, l1: float | None = None) -> str:
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


def _active(row: _Row, l1: float | None) -> str:
    if row.limit == 0:
        return f"{printable(row.feature)} has coefficient {number(row.coef)}; no penalty holds it back."
    text = (
        f"{printable(row.feature)} is kept with coefficient {number(row.coef)}: its pull {number(row.pull)} "
        f"is balanced exactly by the penalty's {number(row.limit)}"
    )
    if row.enters_at is not None:
        text += f"; it is in the model below {_strength(row, row.enters_at, l1)}"
    return text + "."


def _killed(row: _Row, l1: float | None) -> str:
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


def _takers(row: _Row, most: int = 3) -> tuple[str, bool]:
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


def _strength(row: _Row, value: float, l1: float | None) -> str:
    """A strength in the units of l1 and, where these differ, as the limit that it means for the feature."""
    if l1 is None:
        return f"{number(value)} times the present penalty"
    text = f"l1 = {number(value)}"
    if row.status != "killed" or not l1:
        return text
    limit = number(row.limit * value / l1)
    return text if limit == number(value) else f"{text}, a limit of {limit}"
