"""The expressions of a formula: arithmetic, a fixed list of functions, and columns; nothing else.

formulaic evaluates an expression as Python. A model file holds expressions, so what they may call is settled
here, before anything is evaluated, and alike for a formula that is typed and one that is loaded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from equipoise.data.arguments.messages import suggestion

FUNCTIONS = (
    *("log", "log2", "log10", "exp", "exp2", "exp10", "I", "C"),
    *("center", "scale", "standardize", "poly", "bs", "cr", "cs", "cc"),
)
MODULES = {
    "np": ("abs", "sqrt", "log", "log1p", "log2", "log10", "exp", "expm1", "sin", "cos", "tan", "sign"),
    "contr": ("treatment", "sas", "sum", "helmert", "diff", "poly"),
}
ARITHMETIC = (
    *(ast.Expression, ast.Constant, ast.Load, ast.List, ast.Tuple, ast.Dict, ast.keyword),
    *(ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Call),
)
QUOTED_NAME = re.compile(r"`([^`]*)`")


def columns_in(expression: str, kind: str, columns: Sequence[str], text: str) -> set[str]:
    """Return the columns that an expression reads, or refuse it.

    Parameters
    ----------
    expression : str
        A factor of a term.
    kind : str
        "lookup" for the name of a column, "literal" for a number, "python" for an expression.
    columns : sequence of str
        The columns there are.
    text : str
        The formula, for error messages.

    Returns
    -------
    set of str
        Names of columns.

    Raises
    ------
    ValueError
        If it reads anything but columns, or calls what is not listed here.

    Examples
    --------
    >>> columns_in("poly(age, 2)", "python", ["age", "bmi"], "y ~ poly(age, 2)")
    {'age'}
    """
    if kind == "lookup":
        return {_require_column(expression, columns, text)}
    quoted = QUOTED_NAME.findall(expression)
    # A back-quote inside a string would hide from the check below what stands between two of them.
    if "`" in expression and re.search(r"['\"]", expression):
        raise ValueError(
            f"formula '{text}' has both a text and a `quoted` name in '{expression}': rename the column"
        )
    try:
        tree = ast.parse(QUOTED_NAME.sub(" I ", expression).strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"formula '{text}' cannot be read at '{expression}'") from None
    names = {_require_column(name, columns, text) for name in quoted}
    for node in _names_in(tree.body, text):
        if node.id != "I":
            names.add(_require_column(node.id, columns, text))
    return names


def _names_in(node: ast.AST, text: str) -> list[ast.Name]:
    """The names of an expression that must be columns, all else being allowed."""
    if isinstance(node, ast.Name):
        return [node]
    if isinstance(node, ast.Call) and _is_listed(node.func):
        return [name for part in (*node.args, *node.keywords) for name in _names_in(part, text)]
    if _is_listed(node) and isinstance(node, ast.Attribute):
        return []
    if isinstance(node, ARITHMETIC) and not isinstance(node, ast.Call):
        return [name for part in ast.iter_child_nodes(node) for name in _names_in(part, text)]
    shown = ast.unparse(node.func if isinstance(node, ast.Call) else node)
    raise ValueError(
        f"formula '{text}' uses '{shown}', which is none of {', '.join(FUNCTIONS)}, np.sqrt and its like, or "
        "contr.sum and its like: compute such a column first"
    )


def _is_listed(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in FUNCTIONS
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr in MODULES.get(node.value.id, ())
    return False


def _require_column(name: str, columns: Sequence[str], text: str) -> str:
    if name not in columns:
        near = suggestion(name, columns)
        raise ValueError(f"formula '{text}' names '{name}', which is no column of the data: {near}")
    return name
