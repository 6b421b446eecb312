"""A run of coordinate descent as a worked example, with every inner product written out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count
from equipoise.show.tables import align, names_apart, number
from equipoise.solve.steps import Step
from equipoise.solve.textbook import Descent

Array = NDArray[np.float64]

SHORT = 6  # largest length of a vector or inner product that is written out
MOST_STEPS = 8  # steps written by default
MOST_ROWS, MOST_COLUMNS = 10, 6  # largest data set that is written out


def worked(descent: Descent, *, steps: int | None = None) -> str:
    """Write a run of coordinate descent as it would stand on a blackboard: objective, steps, final balance.

    The first ``steps`` steps are written, by default two sweeps of up to 8 steps together, and the last one.
    The formulas are those of :class:`equipoise.solve.steps.Step`.

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
    names, last = names_of(descent), len(descent.steps) - 1
    first = min(2 * len(names), MOST_STEPS) if steps is None else steps
    parts = [_objective(descent), _data(descent, names)]
    parts += [_step(descent, names, k) for k in range(min(first, last + 1))]
    if last > first:
        parts.append(f"⋮  {count(last - first, 'more step')}")
    if last >= first:
        parts.append(_step(descent, names, last))
    return "\n\n".join([*parts, _balance(descent, names)])


def names_of(descent: Descent) -> list[str]:
    """The features' names, as in a table."""
    return names_apart(descent.steps.features)


def _objective(descent: Descent) -> str:
    """The objective as a formula."""
    terms = ["½Σ(y − Xw)²", *_term(descent.l1, "|w|", "l1"), *_term(descent.l2, "w²", "l2")]
    centred = ", on columns and y less their means" if descent.intercept else ""
    return f"Minimise {' + '.join(terms)}{centred}, from w = 0."


def _term(values: Array, what: str, name: str) -> list[str]:
    if not values.any():
        return []
    return [f"{number(float(values[0]))}·Σ{what}" if (values == values[0]).all() else f"Σ {name}·{what}"]


def _data(descent: Descent, names: list[str]) -> str:
    """The data as a table, or their size if they are too large."""
    n, p = descent.X.shape
    if n > MOST_ROWS or p > MOST_COLUMNS:
        return f"{n} rows, {p} features."
    table = [
        [str(i + 1), *(number(v) for v in descent.X[i].tolist()), number(float(descent.y[i]))]
        for i in range(n)
    ]
    return align(table, ["row", *names, "y"], right=range(p + 2))


def _step(descent: Descent, names: list[str], k: int) -> str:
    """The update of step k, counted from 0, line by line."""
    j, step = k % len(names), descent.steps[k]
    name, x = names[j], descent.X[:, j]
    before = descent.steps[k - 1].objective if k else 0.5 * float(descent.y @ descent.y)
    without = step.residual_before + x * step.before
    lines = [
        (f"residual without {name}", f"r = {_vector(without)}"),
        ("its pull", f"{name}ᵀr = {_product(x, without)}{number(step.partial_pull)}"),
        ("against the penalty", _verdict(step)),
        ("coefficient", f"w = {_division(step, x, float(descent.l2[j]))}, was {number(step.before)}"),
        ("residual", _vector(step.residual)),
        ("total gradient", _gradients(names, step)),
        ("objective", f"{number(before)} → {number(step.objective)}"),
    ]
    return _terms(f"Step {k + 1} (sweep {step.sweep}): {name}", lines)


def _terms(head: str, lines: list[tuple[str, str]]) -> str:
    """A heading, and indented below it the terms with their descriptions in a column."""
    width = max((len(term) for term, _ in lines), default=0) + 3
    return "\n".join([head, *(f"  {term.ljust(width)}{what}" for term, what in lines)])


def _verdict(step: Step) -> str:
    pull, limit = number(step.partial_pull), number(step.limit)
    if step.killed:
        return f"|{pull}| ≤ {limit}: killed"
    return f"|{pull}| > {limit}: kept" if step.limit else "no l1, no dead zone: nothing can be killed"


def _division(step: Step, x: Array, l2: float) -> str:
    """The division that gives the coefficient: (pull ∓ l1) ÷ (xᵀx + 2·l2)."""
    if step.killed or step.after == 0:
        return "0"
    sign = "−" if step.partial_pull > 0 else "+"
    pull = number(step.partial_pull)
    numerator = f"({pull} {sign} {number(step.limit)})" if step.limit else pull
    square = number(float(x @ x))
    below = f"({square} + 2·{number(l2)})" if l2 else square
    return f"{numerator} ÷ {below} = {number(step.after)}"


def _gradients(names: list[str], step: Step) -> str:
    """The total gradient of each feature if they are few, else the largest."""
    values = step.gradient.tolist()
    if len(values) <= SHORT:
        return ", ".join(f"{name} {number(v, 4)}" for name, v in zip(names, values, strict=True))
    j = int(np.argmax(np.abs(step.gradient)))
    return f"largest {number(abs(values[j]), 4)}, at {names[j]}"


def _balance(descent: Descent, names: list[str]) -> str:
    """The pull on each feature at the end, beside the pull of its penalty."""
    pulls = descent.X.T @ (descent.y - descent.X @ descent.coef)
    arrays = (descent.coef, pulls, descent.l1, descent.l2)
    rows = [
        (f"{name} = {number(w)}", _held(w, pull, l1, l2))
        for name, w, pull, l1, l2 in zip(names, *(values.tolist() for values in arrays), strict=True)
    ]
    verdict = "Balance" if descent.converged else "Not yet in balance"
    head = f"{verdict} after {count(descent.sweeps, 'sweep')}: each pull xᵀr beside what the penalty answers"
    return _terms(head, rows)


def _held(w: float, pull: float, l1: float, l2: float) -> str:
    """The balance of one feature: |pull| ≤ l1 if w = 0, else pull = l1·sign(w) + 2·l2·w."""
    if w == 0 and l1 > 0:
        inside = abs(pull) <= l1 * (1 + 1e-12)
        verdict = "gradient kill" if inside else "not in balance yet"
        return f"|pull {number(pull)}| {'≤' if inside else '>'} {number(l1)}: {verdict}"
    answer = np.sign(w) * l1 + 2 * l2 * w
    left = answer - pull
    # The difference of two numbers that agree to 9 digits is rounding.
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
    """The inner product written out, if it is short."""
    if len(x) > SHORT:
        return ""
    return (
        " + ".join(f"{_factor(a)}·{_factor(b)}" for a, b in zip(x.tolist(), r.tolist(), strict=True)) + " = "
    )


def _factor(value: float) -> str:
    text = number(value)
    return f"({text})" if value < 0 else text
