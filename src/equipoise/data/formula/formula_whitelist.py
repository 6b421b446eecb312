"""What an expression of a formula may use: columns, arithmetic, and a fixed list of functions.

formulaic evaluates expressions as Python, and a model file holds expressions. So every expression, typed or
loaded, is checked here before it is evaluated.
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
    """Return the columns that an expression uses; refuse an expression that uses anything not allowed.

    Parameters
    ----------
    expression : str
        A factor of a term.
    kind : str
        How formulaic evaluates it: "lookup" for a column's name, "literal" for a number, "python" for Python.
    columns : sequence of str
        Names of all columns of the data.
    text : str
        The formula, for error messages.

    Returns
    -------
    set of str
        Names of the columns used.

    Raises
    ------
    ValueError
        If it names anything but columns, or calls a function that is not listed here.

    Examples
    --------
    >>> columns_in("poly(age, 2)", "python", ["age", "bmi"], "y ~ poly(age, 2)")
    {'age'}
    """
    if kind == "lookup":
        return {_require_column(expression, columns, text)}
    quoted = QUOTED_NAME.findall(expression)
    # Back-quotes inside strings would make the code between them pass for a quoted name.
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
    """The names in an expression that must be columns; a ValueError if anything else is not allowed."""
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
    """Whether a node names a function that formulas may call."""
    if isinstance(node, ast.Name):
        return node.id in FUNCTIONS
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr in MODULES.get(node.value.id, ())
    return False


def _require_column(name: str, columns: Sequence[str], text: str) -> str:
    """The name, if it is that of a column."""
    if name not in columns:
        near = suggestion(name, columns)
        raise ValueError(f"formula '{text}' names '{name}', which is no column of the data: {near}")
    return name
