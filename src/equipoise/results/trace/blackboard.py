"""A run of the textbook algorithm as a worked example: every inner product written out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.show.tables import align, number, printable
from equipoise.solve.textbook import Descent, Step

Array = NDArray[np.float64]

SHORT = 6  # entries up to which vectors and inner products are written out
MOST_STEPS = 8  # shown unless told otherwise
MOST_ROWS, MOST_COLUMNS = 10, 6  # of a data set that is written out


def worked(descent: Descent, *, steps: int | None = None) -> str:
    """Write a run of coordinate descent as it would stand on a blackboard.

    Parameters
    ----------
    descent : Descent
        The run.
    steps : int, optional
        How many steps to write from the start; by default two sweeps, of up to 8 steps. The last step always
        is written.

    Returns
    -------
    str
        The objective, the steps, and the balance they end in.

    References
    ----------
    The reference document, sections 5 to 10, 13 and 14.

    Examples
    --------
    >>> import numpy as np
    >>> from equipoise.solve.textbook import descend
    >>> run = descend(np.array([[1.0], [2.0]]), np.array([3.0, 1.0]), np.ones(1), np.zeros(1), features=["a"])
    >>> print(worked(run))
    Minimise ½Σ(y − Xw)² + 1·Σ|w|, from w = 0.
    <BLANKLINE>
    row  a  y
      1  1  3
      2  2  1
    <BLANKLINE>
    Step 1 (sweep 1): a
      residual without a    r = (3, 1)
      its pull              aᵀr = 1·3 + 2·1 = 5
      against the penalty   |5| > 1: kept
      coefficient           w = (5 − 1) ÷ 5 = 0.8, was 0
      residual              (2.2, -0.6)
      total gradient        a 0
      objective             5 → 3.4
    <BLANKLINE>
    Balance after 1 sweep: each pull xᵀr beside what the penalty answers
      a = 0.8   pull 1 = 1 from the penalty: total gradient 0
    """
    names = names_of(descent)
    count = min(2 * len(names), MOST_STEPS) if steps is None else steps
    shown = list(descent.steps[:count])
    parts = [_objective(descent), *_data(descent, names)]
    objective = 0.5 * float(descent.y @ descent.y)
    for k, step in enumerate(shown):
        parts.append(_step(descent, names, k, step, objective))
        objective = step.objective
    hidden = len(descent.steps) - count
    if hidden > 1:
        parts.append(f"⋮  {hidden - 1} more {'step' if hidden == 2 else 'steps'}")
    if hidden > 0:
        before = descent.steps[-2].objective if len(descent.steps) > 1 else objective
        parts.append(_step(descent, names, len(descent.steps) - 1, descent.steps[-1], before))
    return "\n\n".join([*parts, _balance(descent, names)])


def names_of(descent: Descent) -> list[str]:
    """Return the features' names, which the first sweep tells in order.

    Parameters
    ----------
    descent : Descent
        The run.

    Returns
    -------
    list of str
        The names, escaped where a terminal would act on them.
    """
    return [printable(step.feature) for step in descent.steps[: descent.coef.size]]


def _objective(descent: Descent) -> str:
    """What is minimised."""
    terms = ["½Σ(y − Xw)²", *_term(descent.l1, "|w|", "l1"), *_term(descent.l2, "w²", "l2")]
    centred = ", on columns and y less their means" if descent.intercept else ""
    return f"Minimise {' + '.join(terms)}{centred}, from w = 0."


def _term(values: Array, what: str, name: str) -> list[str]:
    if not values.any():
        return []
    return [f"{number(float(values[0]))}·Σ{what}" if (values == values[0]).all() else f"Σ {name}·{what}"]


def _data(descent: Descent, names: list[str]) -> list[str]:
    """The data themselves, while they fit."""
    n, p = descent.X.shape
    if n > MOST_ROWS or p > MOST_COLUMNS:
        return [f"{n} rows, {p} features."]
    table = [
        [str(i + 1), *(number(v) for v in descent.X[i].tolist()), number(float(descent.y[i]))]
        for i in range(n)
    ]
    return [align(table, ["row", *names, "y"], right=range(p + 2))]


def _step(descent: Descent, names: list[str], k: int, step: Step, objective: float) -> str:
    """One update, line by line."""
    j = k % len(names)
    name, x = names[j], descent.X[:, j]
    without = step.residual_before + x * step.before
    lines = [
        (f"residual without {name}", f"r = {_vector(without)}"),
        ("its pull", f"{name}ᵀr = {_product(x, without)}{number(step.partial_pull)}"),
        ("against the penalty", _verdict(step)),
        ("coefficient", f"w = {_division(step, x, float(descent.l2[j]))}, was {number(step.before)}"),
        ("residual", _vector(step.residual)),
        ("total gradient", _gradients(names, step)),
        ("objective", f"{number(objective)} → {number(step.objective)}"),
    ]
    width = max(len(term) for term, _ in lines) + 3
    head = f"Step {k + 1} (sweep {step.sweep}): {name}"
    return "\n".join([head, *(f"  {term.ljust(width)}{what}" for term, what in lines)])


def _verdict(step: Step) -> str:
    pull, limit = number(step.partial_pull), number(step.limit)
    if step.killed:
        return f"|{pull}| ≤ {limit}: killed"
    return f"|{pull}| > {limit}: kept" if step.limit else "no l1, no dead zone: nothing can be killed"


def _division(step: Step, x: Array, l2: float) -> str:
    """How the coefficient comes about: (pull ∓ l1) ÷ (xᵀx + 2·l2)."""
    if step.killed or step.after == 0:
        return "0"
    sign = "−" if step.partial_pull > 0 else "+"
    pull = number(step.partial_pull)
    numerator = f"({pull} {sign} {number(step.limit)})" if step.limit else pull
    square = number(float(x @ x))
    below = f"({square} + 2·{number(l2)})" if l2 else square
    return f"{numerator} ÷ {below} = {number(step.after)}"


def _gradients(names: list[str], step: Step) -> str:
    """The total gradient of each feature while they are few, else the largest."""
    values = step.gradient.tolist()
    if len(values) <= SHORT:
        return ", ".join(f"{name} {number(v, 4)}" for name, v in zip(names, values, strict=True))
    j = int(np.argmax(np.abs(step.gradient)))
    return f"largest {number(abs(values[j]), 4)}, at {names[j]}"


def _balance(descent: Descent, names: list[str]) -> str:
    """Where it ends: the pull and the penalty's answer, feature by feature."""
    pulls = descent.X.T @ (descent.y - descent.X @ descent.coef)
    rows = [
        (f"{name} = {number(w)}", _held(w, float(pull), float(l1), float(l2)))
        for name, w, pull, l1, l2 in zip(
            names, descent.coef.tolist(), pulls, descent.l1, descent.l2, strict=True
        )
    ]
    width = max((len(term) for term, _ in rows), default=0) + 3
    sweeps = f"{descent.sweeps} sweep{'' if descent.sweeps == 1 else 's'}"
    verdict = "Balance" if descent.converged else "Not yet in balance"
    head = f"{verdict} after {sweeps}: each pull xᵀr beside what the penalty answers"
    return "\n".join([head, *(f"  {term.ljust(width)}{what}" for term, what in rows)])


def _held(w: float, pull: float, l1: float, l2: float) -> str:
    if w == 0 and l1 > 0:
        inside = abs(pull) <= l1 * (1 + 1e-12)
        verdict = "gradient kill" if inside else "not in balance yet"
        return f"|pull {number(pull)}| {'≤' if inside else '>'} {number(l1)}: {verdict}"
    answer = np.sign(w) * l1 + 2 * l2 * w
    left = answer - pull
    # What is left of two numbers that agree to their last digits is rounding.
    left = 0.0 if abs(left) <= 1e-9 * max(abs(answer), abs(pull)) else left
    told = f"{number(answer)} from the penalty" if l1 or l2 else "0, for there is no penalty"
    if not (l1 or l2) and abs(pull) <= 1e-9:
        pull, left = 0.0, 0.0
    same = "=" if number(pull) == number(answer) else "against"
    return f"pull {number(pull)} {same} {told}: total gradient {number(left, 4)}"


def _vector(values: Array) -> str:
    if len(values) <= SHORT:
        return f"({', '.join(number(v) for v in values.tolist())})"
    return f"({', '.join(number(v, 4) for v in values[:4].tolist())}, … {len(values)} numbers)"


def _product(x: Array, r: Array) -> str:
    """The inner product written out, while it is short."""
    if len(x) > SHORT:
        return ""
    return (
        " + ".join(f"{_factor(a)}·{_factor(b)}" for a, b in zip(x.tolist(), r.tolist(), strict=True)) + " = "
    )


def _factor(value: float) -> str:
    text = number(value)
    return f"({text})" if value < 0 else text
