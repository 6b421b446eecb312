"""Sentences about arguments of Python, as the shell spells them.

Errors come from rooms that know nothing of a shell: `missing='drop'` is `--missing drop` there.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import Any

SAME_BUT_FOR_THE_NAME = {"sample_weight": "weights"}
"""Arguments of Python whose option has another name."""

PHRASES = {
    r"\bread it by equipoise\.read with\b": "pass",
    r"\bsample_weight\b": "--weights",
    r"\bpass the same X, y, --weights and offset\b": "give the same FILE, --target, --weights and --offset",
    r"\bX column '": "column '",
    r"(^|: )X (?=lacks|has|is )": r"\1FILE ",
    r"(^|: |, and )y (?=holds)": r"\1the target ",
    r"(^|: )lower( \([^)]*\) exceeds | or )upper\b": r"\1--lower\2--upper",
    r"\bfewer folds or features, or a larger memory\b": "fewer --folds or --features, or a larger --memory",
    r"\bfit at one l1 instead\b": "give --l1",
    r"^k is (?=\d)": "--best is ",
    r"^(folds|groups) (?=holds|asks)": r"--\1 ",
    r"\bleave out groups\b": "leave out --groups",
    r"\bby equipoise\.Mapped\b": "from an Arrow file",
    r", or pass missing='nan' to predict NaN for them": "",  # of a verb that has no such option
    r"\bfit with missing='mean'": "fit with --missing mean",
    r"write it without such rows, or pass np\.asarray\(X\) with (--missing drop) if .*": r"pass \1",
    r"\b(?:eq|equipoise)\.(?=fit\b|path\b|trace\b|audit\b)": "equipoise ",
}
"""Other words, in this order, and what stands for them."""

DROPPED = re.compile(r"(column '([^']+)' [^']*: )drop it\b")
"""A column that is to be left out."""

ARGUMENT = re.compile(r"""(?<![\w'"/.=-])(?P<name>\w+)=(?P<value>'[^']*'|"[^"]*"|-?[\w.]+)(?![\w/])""")
"""An argument and its value; not in quotes, in a path or in an option, which are the user's own words."""


def in_shell(text: str, params: Iterable[Any]) -> str:
    """Write an error's sentence for the shell: arguments that the verb has as options become options.

    Parameters
    ----------
    text : str
        The sentence.
    params : iterable of typer's parameters
        Those of the verb.

    Examples
    --------
    >>> from equipoise.cli.app import app
    >>> from typer.main import get_command
    >>> fit = get_command(app).commands["fit"]
    >>> in_shell("sample_weight is 0 in every row: pass missing='drop', or standardize=False", fit.params)
    '--weights is 0 in every row: pass --missing drop, or --no-standardize'
    """
    if text.startswith("the query"):
        return text  # an extract of SQL is the user's own
    options = {param.name: param for param in params if param.param_type_name == "option"}

    def option(found: re.Match[str]) -> str:
        name = SAME_BUT_FOR_THE_NAME.get(found["name"], found["name"])
        if name not in options:
            return found[0]
        return _option(options[name], found["value"])

    text = ARGUMENT.sub(option, text)
    if options:
        subject = rf"^({'|'.join(options)})(?= (?:is|has|of|names|leaves)\b|: )"
        text = re.sub(subject, lambda found: str(options[found[1]].opts[0]), text)
    if "drop" in options:
        text = re.sub(DROPPED, lambda found: f"{found[1]}say --drop {shlex.quote(found[2])}", text)
    for words, instead in PHRASES.items():
        text = re.sub(words, instead, text)
    return text


def _option(param: Any, value: str) -> str:
    """An option with a value; of a flag, the one of its two names that says so."""
    name: str = param.opts[0]
    if not param.is_flag:
        return f"{name} {shlex.quote(value.strip(chr(39) + chr(34)))}"
    return name if value == "True" else (param.secondary_opts or [f"no {name}"])[0]
