"""The only file that calls formulaic: it parses a formula into terms, and evaluates terms as a matrix.

What transforms learn from the data (levels, means, norms, knots) is returned as plain numbers and text, so
that a formula loaded from a model file gives the same matrix as the original.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from equipoise.data.arguments.arrays import Matrix

Terms: TypeAlias = tuple[tuple[tuple[str, str], ...], ...]
"""Each term as the (expression, kind) pairs that it multiplies; a kind is lookup, literal or python."""

NOTHING_LEARNED: dict[str, Any] = {"transforms": [], "levels": []}


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
    formulaic = _import_formulaic()
    context = {"__formulaic_variables_available__": list(columns)}
    try:
        parsed = formulaic.Formula(text, _context=context)
    except (formulaic.errors.FormulaicError, SyntaxError) as error:
        reason = str(error).partition("\n")[0].strip()
        raise ValueError(f"formula '{text}' cannot be read: {reason}") from None
    left, right = getattr(parsed, "lhs", None), getattr(parsed, "rhs", None)
    if left is None:
        raise ValueError(f"formula '{text}' names no response: write one left of ~")
    if isinstance(left, tuple) or isinstance(right, tuple):
        raise ValueError(f"formula '{text}' has several parts: write one, without |")
    return _terms(left), _terms(right)


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
        If formulaic cannot evaluate a term.
    """
    formulaic = _import_formulaic()
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
        raise ValueError(f"formula '{text}' cannot be evaluated: {reason}") from None
    spec = found.model_spec
    constant = [j for term, where in spec.term_indices.items() if str(term) == "1" for j in where]
    names = tuple(str(name) for j, name in enumerate(spec.column_names) if j not in constant)
    matrix = np.asfortranarray(np.delete(table, constant, axis=1))
    return Evaluated(matrix, names, bool(constant), _learned_state(spec, text))


def _import_formulaic() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import formulaic
    except ImportError:
        raise ImportError('a formula needs formulaic: pip install "equipoise[formula]"') from None
    return formulaic


def _terms(side: Any) -> Terms:
    return tuple(tuple((factor.expr, factor.eval_method.value) for factor in term.factors) for term in side)


def _model_spec(terms: Terms, state: Mapping[str, Any]) -> Any:
    """A specification of formulaic for terms whose transforms have learned `state`."""
    formulaic = _import_formulaic()
    from formulaic.parser.types import Factor, Term

    listed = [Term([Factor(name, eval_method=kind) for name, kind in term]) for term in terms]
    return formulaic.ModelSpec(
        formula=formulaic.Formula(listed, _ordering="none"),
        output="numpy",
        na_action="ignore",
        transform_state={name: _from_json(learned) for name, learned in state["transforms"]},
        encoder_state={
            name: (Factor.Kind(kind), {} if levels is None else {"categories": _from_json(levels)})
            for name, kind, levels in state["levels"]
        },
    )


def _learned_state(spec: Any, text: str) -> dict[str, Any]:
    """What the transforms and categories of a specification have learned, JSON-able."""
    return {
        "transforms": [[name, _to_json(state, text)] for name, state in spec.transform_state.items()],
        "levels": [
            [name, kind.value, _to_json(state.get("categories"), text)]
            for name, (kind, state) in spec.encoder_state.items()
        ],
    }


def _to_json(value: Any, text: str) -> Any:
    """A value as JSON can hold it; a dict becomes a list of pairs, since its keys may be numbers."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and np.isfinite(value):
        return value
    if isinstance(value, Mapping):
        return {"pairs": [[_to_json(k, text), _to_json(v, text)] for k, v in value.items()]}
    if isinstance(value, np.ndarray):
        return {"array": _to_json(value.tolist(), text)}
    if isinstance(value, list | tuple):
        return [_to_json(v, text) for v in value]
    what = f"the number {value}" if isinstance(value, float) else f"a {type(value).__name__}"
    raise ValueError(f"formula '{text}' learns {what} of the data, which no model can keep: simplify it")


def _from_json(value: Any) -> Any:
    """The value that `_to_json` wrote."""
    if isinstance(value, list):
        return [_from_json(v) for v in value]
    if isinstance(value, dict):
        if "array" in value:
            return np.asarray(value["array"])
        return {_from_json(k): _from_json(v) for k, v in value["pairs"]}
    return value
