"""The only file that calls formulaic: it parses a formula into terms, and evaluates terms as a matrix.

What transforms learn from the data (levels, means, norms, knots) is returned as plain numbers and text, so
that a formula loaded from a model file gives the same matrix as the original.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from equipoise.data.arguments.arrays import Matrix
from equipoise.data.arguments.optional import import_for
from equipoise.data.formula.formula_whitelist import QUOTED_NAME, read_factor, shortened
from equipoise.data.formula.learned_state import from_json, to_json

Terms: TypeAlias = tuple[tuple[tuple[str, str], ...], ...]
"""Each term as the (expression, kind) pairs that it multiplies; a kind is lookup, literal or python."""

LONGEST = 100_000  # characters of a formula
WAITING = 1000  # operators such as **, which formulaic keeps until it has read all that follows
STEPS = 30_000_000  # of multiplying a formula out: some ten seconds
ENTRIES = 2**29  # of the matrix of a formula: 4 GiB


class Evaluated(NamedTuple):
    """A matrix without its constant column, its feature names, whether it had one, and what was learned."""

    matrix: Matrix
    features: tuple[str, ...]
    intercept: bool
    state: dict[str, Any]


def parse_formula(text: str, columns: Sequence[str]) -> tuple[Terms, Terms]:
    """Return the terms left and right of ~.

    Parameters
    ----------
    text : str
        The formula.
    columns : sequence of str
        Names of all columns; ``.`` stands for those that the left side does not use.

    Raises
    ------
    ImportError
        If formulaic is not installed.
    TypeError, ValueError
        If it is not a formula with one response and one set of terms.
    """
    if not isinstance(text, str):
        raise TypeError(f"formula is of type {type(text).__name__}: pass text such as 'y ~ a + b'")
    refuse_long(text)
    formulaic = import_formulaic()
    context = {"__formulaic_variables_available__": list(columns)}
    try:
        _refuse_expansion(text, len(columns), context)
        parsed = formulaic.Formula(text, _context=context)
    except (formulaic.errors.FormulaicError, SyntaxError, RecursionError, MemoryError) as error:
        reason = str(error).partition("\n")[0].strip()
        raise ValueError(f"formula '{shortened(text)}' cannot be read: {shortened(reason)}") from None
    left, right = getattr(parsed, "lhs", None), getattr(parsed, "rhs", None)
    if left is None:
        raise ValueError(f"formula '{text}' names no response: write one left of ~")
    if isinstance(left, tuple) or isinstance(right, tuple):
        raise ValueError(f"formula '{text}' has several parts: write one, without |")
    return _terms(left), _terms(right)


def refuse_long(text: str) -> None:
    """Refuse a formula that is too long, or has too many operators and brackets that wait for their end."""
    if len(text) > LONGEST:
        raise ValueError(
            f"formula '{shortened(text)}' has {len(text)} characters, more than {LONGEST}: pass a frame "
            "of the columns wanted in its place"
        )
    bare = QUOTED_NAME.sub("", text)
    deepest = max(accumulate((c == "(") - (c == ")") for c in bare), default=0)
    if max(deepest, len(re.findall(r"\*\*|[\^|~]", bare))) > WAITING:
        raise ValueError(
            f"formula '{shortened(text)}' has more than {WAITING} brackets inside each other, or of the "
            "operators **, ^, | and ~: write fewer"
        )


def _refuse_expansion(text: str, columns: int, context: dict[str, Any]) -> None:
    """Refuse a formula such as ``(a + b)**60``, which has no end of terms once it is multiplied out.

    A term is counted as often as it comes up: formulaic drops those that are equal only afterwards.
    """
    from formulaic.parser import DefaultFormulaParser
    from formulaic.parser.types import ASTNode

    top = DefaultFormulaParser().get_ast(text, context=dict(context))
    stack, order = [top], []
    while stack:  # no recursion: a sum of a thousand terms is as deep
        node = stack.pop()
        if isinstance(node, ASTNode):
            order.append(node)
            stack.extend(node.args)
    terms: dict[int, int] = {}
    steps = 0
    for node in reversed(order):
        parts = [terms.get(id(part), 1) for part in node.args]
        match node.operator.symbol:
            case "." if not parts:
                found = columns
            case "**" | "^":
                power = getattr(node.args[1], "token", "")
                times = int(power[:9]) if power.isdecimal() else 1
                found = parts[0] ** min(times, 64)
                steps += 20 * times
            case "*" | ":":
                found = math.prod(parts) + (sum(parts) if node.operator.symbol == "*" else 0)
            case _:
                found = sum(parts)
        terms[id(node)] = found
        steps += found if node.operator.symbol in "+-~|" else 20 * found  # a product takes so much longer
        if steps > STEPS:
            raise ValueError(
                f"formula '{shortened(text)}' takes more than {STEPS // 1_000_000} million steps to multiply "
                "out: write fewer terms, or a lower power"
            )


def evaluate_terms(
    text: str, terms: Terms, state: Mapping[str, Any], values: Mapping[str, Any], rows: int, *, strict: bool
) -> Evaluated:
    """Evaluate terms on the columns of a frame.

    Parameters
    ----------
    text : str
        The formula, for error messages.
    terms : tuple
        As `parse_formula` returns them.
    state : dict
        What transforms learned from earlier data, or `NOTHING_LEARNED`.
    values : dict of str to (rows,) array
        The columns by name.
    rows : int
        Number of rows.
    strict : bool
        Whether to refuse a level that was not learned; if False, all features of its column are 0.

    Raises
    ------
    ValueError
        If formulaic cannot evaluate a term, or there would be too many columns.
    """
    _refuse_size(text, terms, state, values, rows)
    formulaic = import_formulaic()
    import pandas as pd

    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if strict:
                warnings.simplefilter("error", formulaic.errors.DataMismatchWarning)
            data = pd.DataFrame(dict(values), index=range(rows))
            found = _model_spec(terms, state).get_model_matrix(data, context={})
            table = np.asarray(found, dtype=np.float64)
    except formulaic.errors.DataMismatchWarning as warning:
        levels = re.search(r"\{.*\}", str(warning))
        raise ValueError(
            f"X has levels {levels[0] if levels else ''} in '{text}', unseen when the model was fitted: fit "
            "again with such rows, or pass unseen='zero' to count them as none of the levels"
        ) from None
    except Exception as error:
        # Transforms may raise anything; the cause is always this formula on these data.
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"formula '{shortened(text)}' cannot be evaluated: {shortened(reason)}") from None
    spec = found.model_spec
    constant = [j for term, where in spec.term_indices.items() if str(term) == "1" for j in where]
    names = tuple(str(name) for j, name in enumerate(spec.column_names) if j not in constant)
    matrix = np.asfortranarray(np.delete(table, constant, axis=1))
    return Evaluated(matrix, names, bool(constant), _learned_state(spec, text))


def _refuse_size(
    text: str, terms: Terms, state: Mapping[str, Any], values: Mapping[str, Any], rows: int
) -> None:
    """Refuse terms whose matrix would be too large, before any of it is made."""
    learned = {name: len(levels or ()) for name, _, levels in state["levels"]}
    widths: dict[tuple[str, str], int] = {}
    total = 0
    for term in terms:
        for expression, kind in term:
            if (expression, kind) in widths:
                continue
            used, width = read_factor(expression, kind, list(values), text)
            if kind == "lookup":
                width = len(getattr(values[expression], "categories", ()))
            elif width is None:
                width = learned.get(expression) or min(rows, math.prod(map(_levels, map(values.get, used))))
                total += width * width // max(rows, 1)  # the contrasts
            widths[expression, kind] = max(width, 1)
        total += math.prod(widths[factor] for factor in term)
        if total * rows > ENTRIES:
            raise ValueError(
                f"formula '{shortened(text)}' makes {total} columns or more, which with {rows} rows are more "
                f"than {ENTRIES} numbers: leave out terms, or merge levels"
            )


def _levels(values: Any) -> int:
    """Number of distinct values of a column."""
    return len(getattr(values, "categories", ())) or len(np.unique(values))


def import_formulaic() -> Any:
    """Import formulaic; an ImportError names the command that installs it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_for("a formula needs", "formulaic", "equipoise[formula]")


def _terms(side: Any) -> Terms:
    return tuple(tuple((factor.expr, factor.eval_method.value) for factor in term.factors) for term in side)


def _model_spec(terms: Terms, state: Mapping[str, Any]) -> Any:
    """A specification of formulaic for terms whose transforms have learned `state`."""
    formulaic = import_formulaic()
    from formulaic.parser.types import Factor, Term

    listed = [Term([Factor(name, eval_method=kind) for name, kind in term]) for term in terms]
    return formulaic.ModelSpec(
        formula=formulaic.Formula(listed, _ordering="none"),
        output="numpy",
        na_action="ignore",
        transform_state={name: from_json(learned) for name, learned in state["transforms"]},
        encoder_state={
            name: (Factor.Kind(kind), {} if levels is None else {"categories": from_json(levels)})
            for name, kind, levels in state["levels"]
        },
    )


def _learned_state(spec: Any, text: str) -> dict[str, Any]:
    """What the transforms and categories of a specification have learned, JSON-able."""
    return {
        "transforms": [[name, to_json(state, text)] for name, state in spec.transform_state.items()],
        "levels": [
            [name, kind.value, to_json(state.get("categories"), text)]
            for name, (kind, state) in spec.encoder_state.items()
        ],
    }
