"""Tables for papers: columns of values as Markdown and as LaTeX."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from equipoise.show.tables import number, printable

MISSING = "–"

# What CommonMark and GitHub's tables and formulas would act on.
MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|~&$"})

# After the end of a row, "[" and "*" would be its arguments.
LATEX = str.maketrans(
    {
        **{c: f"\\{c}" for c in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "`": r"\`{}",
        "[": "{[}",
        "*": "{*}",
    }
)


def markdown_table(columns: Mapping[str, Sequence[Any]], digits: int) -> str:
    r"""Return a table in Markdown, columns of numbers aligned right.

    Parameters
    ----------
    columns : dict of str to sequence
        The columns by name.
    digits : int
        Significant digits of numbers.

    Examples
    --------
    >>> print(markdown_table({"feature": ["a|b", "s_5"], "coef": [0.5, -1 / 3]}, 3))
    | feature | coef |
    | --- | ---: |
    | a\|b | 0.5 |
    | s\_5 | -0.333 |
    """
    rules = ["---:" if _is_numeric(values) else "---" for values in columns.values()]
    cells = [
        [_cell(value, digits, _markdown_text, lambda shown: shown) for value in values]
        for values in columns.values()
    ]
    rows = [map(_markdown_text, columns), rules, *zip(*cells, strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def latex_table(columns: Mapping[str, Sequence[Any]], digits: int) -> str:
    r"""Return a table in LaTeX, with the rules of the package booktabs and decimal points below each other.

    Parameters
    ----------
    columns : dict of str to sequence
        The columns by name.
    digits : int
        Significant digits of numbers.

    Examples
    --------
    >>> print(latex_table({"feature": ["a&b", "s_5"], "coef": [0.5, -1 / 3]}, 3))
    \begin{tabular}{lr}
    \toprule
    feature & coef \\
    \midrule
    a\&b & $0.5\phantom{00}$ \\
    s\_5 & $-0.333$ \\
    \bottomrule
    \end{tabular}
    """
    alignment = "".join("r" if _is_numeric(values) else "l" for values in columns.values())
    cells = [_latex_column(values, digits) for values in columns.values()]
    body = [f"{' & '.join(row)} \\\\" for row in zip(*cells, strict=True)]
    lines = [
        rf"\begin{{tabular}}{{{alignment}}}",
        r"\toprule",
        f"{' & '.join(map(_latex_text, columns))} \\\\",
        r"\midrule",
        *body,
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines)


def _latex_column(values: Sequence[Any], digits: int) -> list[str]:
    """The cells of a column; numbers get as much room after the point as the longest needs."""
    decimals = max((_decimals(number(x, digits)) for x in values if _is_float(x)), default=0)

    def formula(shown: str) -> str:
        if shown.endswith("∞"):
            return f"${shown[:-1]}\\infty$"
        mantissa, e, exponent = shown.partition("e")
        if e:
            return f"${mantissa} \\times 10^{{{exponent}}}$"
        missing = decimals - _decimals(shown)
        point = "" if "." in shown else "."
        return f"${shown}\\phantom{{{point}{'0' * missing}}}$" if missing else f"${shown}$"

    return [_cell(value, digits, _latex_text, formula) for value in values]


def _cell(value: Any, digits: int, text: Callable[[str], str], formula: Callable[[str], str]) -> str:
    """A value, as a formula if it is a number and as escaped text if not; what is missing is a dash."""
    if value is None or (_is_float(value) and math.isnan(value)):
        return text(MISSING)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return formula(str(value))
    return formula(number(value, digits)) if _is_float(value) else text(str(value))


def _is_numeric(values: Iterable[Any]) -> bool:
    """Whether a column holds numbers, and nothing else."""
    known = [value for value in values if value is not None]
    return bool(known) and all(
        _is_float(value) or (isinstance(value, int) and not isinstance(value, bool)) for value in known
    )


def _is_float(value: Any) -> bool:
    return isinstance(value, float)


def _decimals(shown: str) -> int:
    """How many digits follow the point of a number without an exponent; 0 with one."""
    return 0 if "e" in shown else len(shown.partition(".")[2])


def _markdown_text(text: str) -> str:
    return printable(text).translate(MARKDOWN)


def _latex_text(text: str) -> str:
    return re.sub("-(?=-)", "-{}", printable(text).translate(LATEX))  # two hyphens would be a dash
