"""What an expression of a formula may use: columns, arithmetic, and a fixed list of functions.

formulaic evaluates expressions as Python, and a model file holds expressions. So every expression, typed or
loaded, is checked here before it is evaluated: what it calls, and how long it may take.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

import numpy as np

from equipoise.data.arguments.messages import suggestion

_SCALING, _SPLINE = ("center", "scale", "ddof"), ("df", "knots", "lower_bound", "upper_bound", "constraints")
OPTIONS = {  # each function takes a column first, then these, which are numbers, text or lists of them
    **dict.fromkeys(("log", "log2", "log10", "exp", "exp2", "I", "center"), ()),
    "scale": _SCALING,
    "standardize": ("center", "rescale", "ddof"),
    "poly": ("degree", "raw"),
    "bs": (*("df", "knots", "degree", "include_intercept", "lower_bound", "upper_bound", "extrapolation"),),
    **dict.fromkeys(("cr", "cs", "cc"), (*_SPLINE, "extrapolation")),
    "C": ("contrasts", "levels", "spans_intercept"),
}
FUNCTIONS = tuple(OPTIONS)
SEVERAL = ("poly", "bs", "cr", "cs", "cc", "C")  # functions that make several columns of one
MODULES = {
    "np": ("abs", "sqrt", "log", "log1p", "log2", "log10", "exp", "expm1", "sin", "cos", "tan", "sign"),
    "contr": ("treatment", "sas", "sum", "helmert", "diff", "poly"),
}
OPERATIONS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
QUOTED_NAME = re.compile(r"`([^`]*)`")
LITERAL = re.compile(r"[0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300}")

LONGEST = 10_000  # characters of an expression
DEEPEST = 100  # levels of brackets and operations
LARGEST = 1e300  # a number
MOST = {"degree": 100, "df": 1000}  # an option of poly and of splines, which costs so many columns
LISTED = 1000  # knots, or other entries of a list that is not of levels


class Factor(NamedTuple):
    """The columns that an expression uses, and the most columns it makes; None where each level makes one."""

    columns: frozenset[str]
    width: int | None = 1


def read_terms(
    terms: Sequence[Sequence[tuple[str, str]]], columns: Sequence[str], text: str
) -> tuple[set[str], set[str]]:
    """Return the columns that terms use, and those of them whose values are levels, as in ``C(k)``.

    Parameters
    ----------
    terms : sequence of sequences of (str, str)
        The (expression, kind) pairs of each term.
    columns : sequence of str
        Names of all columns of the data.
    text : str
        The formula, for error messages.
    """
    factors = [read_factor(expression, kind, columns, text) for term in terms for expression, kind in term]
    used = {name for factor in factors for name in factor.columns}
    return used, {name for factor in factors if factor.width is None for name in factor.columns}


def read_factor(expression: str, kind: str, columns: Sequence[str], text: str) -> Factor:
    """Return what an expression uses and makes; refuse one that uses anything not allowed or has no bound.

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
    Factor
        Names of the columns used, and the width.

    Raises
    ------
    ValueError
        If it names anything but columns, calls a function that is not listed here, or is too long, too deep
        or too large.

    Examples
    --------
    >>> read_factor("poly(age, 2)", "python", ["age", "bmi"], "y ~ poly(age, 2)")
    Factor(columns=frozenset({'age'}), width=2)
    """
    if kind == "lookup":
        return Factor(frozenset({_require_column(expression, columns, text)}))
    if len(expression) > LONGEST:
        raise ValueError(
            f"formula '{shortened(text)}' has an expression of {len(expression)} characters, more than "
            f"{LONGEST}: compute such a column first"
        )
    if kind == "literal" and LITERAL.fullmatch(expression):
        return Factor(frozenset())
    if kind != "python":
        raise ValueError(f"formula '{shortened(text)}' cannot be read at '{expression}'")
    return _Reader(expression, columns, text).factor()


def shortened(text: str, most: int = 200) -> str:
    """Return a text, or its beginning if it is long."""
    return text if len(text) <= most else f"{text[:most]}…"


class _Reader:
    """Reads one Python expression of a formula."""

    def __init__(self, expression: str, columns: Sequence[str], text: str) -> None:
        self.columns, self.text = columns, text
        quoted = QUOTED_NAME.findall(expression)
        # Back-quotes inside strings would make the code between them pass for a quoted name.
        if "`" in expression and re.search(r"['\"]", expression):
            raise ValueError(
                f"formula '{shortened(text)}' has both a text and a `quoted` name in "
                f"'{shortened(expression)}': rename the column"
            )
        # A quoted name may be any text: names that the expression does not have stand for them.
        unlike = "q" * (1 + len(max(re.findall("q+", expression), default="")))
        self.quoted = {f"_{unlike}{k}": name for k, name in enumerate(quoted)}
        places = iter(self.quoted)
        try:
            code = QUOTED_NAME.sub(lambda _: f" {next(places)} ", expression).strip()
            self.tree = ast.parse(code, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ValueError(
                f"formula '{shortened(text)}' cannot be read at '{shortened(expression)}'"
            ) from None
        if _depth(self.tree) > DEEPEST:
            raise ValueError(
                f"formula '{shortened(text)}' nests brackets and operations more than {DEEPEST} deep: "
                "compute such a column first"
            )

    def factor(self) -> Factor:
        """The factor of the whole expression: a function that makes several columns, or arithmetic."""
        node = self.tree
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SEVERAL:
            names, options = self._call(node)
            return Factor(names, _width(node.func.id, options))
        return Factor(self._arithmetic(node)[0])

    def _arithmetic(self, node: ast.AST) -> tuple[frozenset[str], float | None]:
        """The columns of an expression with a value a row, and its value if it is a number alone."""
        if isinstance(node, ast.Name):
            name = self.quoted.get(node.id, node.id)
            return frozenset({_require_column(name, self.columns, self.text)}), None
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            number: Any = node.value
            return frozenset(), self._bounded(lambda: float(number), node)
        if isinstance(node, ast.UnaryOp | ast.BinOp) and type(node.op) in OPERATIONS:
            sides = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
            read = [self._arithmetic(side) for side in sides]
            values = [value for _, value in read]
            names = frozenset().union(*(some for some, _ in read))
            if None in values:
                return names, None
            return names, self._bounded(lambda: OPERATIONS[type(node.op)](*values), node)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in SEVERAL:
                raise ValueError(
                    f"formula '{shortened(self.text)}' has {node.func.id}(…) inside another expression, and "
                    "it makes several columns: let it stand alone in its term"
                )
            names, _ = self._call(node)
            return names, None
        self._refuse(node)

    def _bounded(self, compute: Callable[[], Any], node: ast.AST) -> float:
        """The value of a number or of arithmetic with numbers, in float64, where it cannot grow large."""
        try:
            value = compute()
        except (OverflowError, ZeroDivisionError):
            value = np.inf
        if isinstance(value, complex) or not abs(value) <= LARGEST:
            raise ValueError(
                f"formula '{shortened(self.text)}' computes '{shortened(ast.unparse(node), 60)}', which is "
                f"no number of at most {LARGEST:g}: write a smaller one"
            )
        return float(value)

    def _call(self, node: ast.Call) -> tuple[frozenset[str], dict[str, Any]]:
        """The columns of the first argument of a call, and the options that follow it."""
        function = node.func
        if isinstance(function, ast.Name) and function.id in OPTIONS:
            known = OPTIONS[function.id]
        elif _is_listed(function, "np"):
            known = ()
        else:
            self._refuse(node)
        if not node.args:
            self._refuse(node)
        column, *others = node.args
        given = [*zip(known, others, strict=False), *((word.arg, word.value) for word in node.keywords)]
        if len(others) > len(known) or any(name not in known for name, _ in given):
            takes = f"the options {', '.join(known)}" if known else "no option"
            raise ValueError(
                f"formula '{shortened(self.text)}' uses '{shortened(ast.unparse(node))}', but "
                f"{ast.unparse(function)} takes a column and {takes}"
            )
        names, _ = self._arithmetic(column)
        if not names:
            raise ValueError(
                f"formula '{shortened(self.text)}' uses '{shortened(ast.unparse(node))}', which names no "
                "column: write the number itself"
            )
        return names, {str(name): self._option(str(name), value) for name, value in given}

    def _option(self, name: str, node: ast.AST) -> Any:
        """The value of an option: a number, a text, a list of them, or a kind of contrasts."""
        if name == "contrasts":
            function = node.func if isinstance(node, ast.Call) else node
            if _is_listed(function, "contr"):
                words = (
                    [] if not isinstance(node, ast.Call) else [*node.args, *(k.value for k in node.keywords)]
                )
                return [self._option("contrasts", word) for word in words]
        if isinstance(node, ast.Name):  # `raw=open`: a name that is no column is told so
            _require_column(self.quoted.get(node.id, node.id), self.columns, self.text)
        most = MOST.get(name, LARGEST)
        try:
            value = ast.literal_eval(node)
            whole = name not in MOST or type(value) in (int, type(None))
        except (ValueError, TypeError, SyntaxError):
            whole = False
        if not whole:
            allowed = f"a whole number up to {most}" if name in MOST else "a number, a text or a list of them"
            raise ValueError(
                f"formula '{shortened(self.text)}' has {name}={shortened(ast.unparse(node), 60)}: "
                f"write {allowed}"
            )
        for number in _numbers(value):
            if isinstance(number, complex) or not abs(number) <= most:
                raise ValueError(
                    f"formula '{shortened(self.text)}' has {name}={shortened(ast.unparse(node), 60)}, "
                    f"more than {most:g}: lower it"
                )
        if name not in ("levels", "contrasts") and sum(1 for _ in _numbers(value)) > LISTED:
            raise ValueError(
                f"formula '{shortened(self.text)}' has more than {LISTED} {name}: give fewer of them"
            )
        return value

    def _refuse(self, node: ast.AST) -> NoReturn:
        shown = ast.unparse(node.func if isinstance(node, ast.Call) else node)
        raise ValueError(
            f"formula '{shortened(self.text)}' uses '{shortened(shown)}', which is none of "
            f"{', '.join(FUNCTIONS)}, np.sqrt and its like, or contr.sum and its like: compute such a column "
            "first"
        )


def _width(function: str, options: dict[str, Any]) -> int | None:
    """The most columns that a function makes of one; None where each level makes one."""
    if function == "C":
        return None
    degree, knots = options.get("degree"), options.get("knots")
    if function == "poly":
        return 1 if degree is None else int(degree)
    inner = len(knots) if isinstance(knots, list | tuple) else 0
    return max(options.get("df") or 0, inner + 1 + (3 if degree is None else int(degree)))


def _is_listed(node: ast.AST, module: str) -> bool:
    """Whether a node names a listed function of a module."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == module
        and node.attr in MODULES[module]
    )


def _depth(tree: ast.AST) -> int:
    """How deep an expression is nested."""
    deepest, level = 0, [tree]
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return deepest


def _numbers(value: Any) -> list[Any]:
    """All numbers in a literal."""
    if isinstance(value, dict):
        return _numbers([*value, *value.values()])
    if isinstance(value, list | tuple | set):
        return [number for entry in value for number in _numbers(entry)]
    return [value] if isinstance(value, int | float | complex) else []


def _require_column(name: str, columns: Sequence[str], text: str) -> str:
    """The name, if it is that of a column."""
    if name not in columns:
        near = suggestion(name, columns)
        raise ValueError(
            f"formula '{shortened(text)}' names '{shortened(name)}', which is no column of the data: {near}"
        )
    return name
