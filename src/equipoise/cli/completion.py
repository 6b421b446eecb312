"""What a shell completes: the columns of the FILE that stands on the line, by its header alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from typer import Context

# Shells evaluate what is offered: a name with another character is left to be typed, in quotes.
OFFERED = re.compile(r"[\w .+%/@,-]+")
CHOICES = ("best", "one-se")
SCORINGS = (
    *("deviance", "misclassification", "auc", "brier", "squared_error", "absolute_error"),
    *("median_absolute_error", "r2", "neg_max_error"),
)


def complete_column(ctx: Context, incomplete: str) -> list[str]:
    """The columns of FILE that begin as the word does."""
    return _offered(_columns(ctx), incomplete)


def complete_columns(ctx: Context, incomplete: str) -> list[str]:
    """The same for the last of several columns, comma separated."""
    before, comma, last = incomplete.rpartition(",")
    return _offered(_columns(ctx), last, before + comma)


def complete_choice(incomplete: str) -> list[str]:
    """The two strengths of a cross-validation."""
    return _offered(CHOICES, incomplete)


def complete_scoring(incomplete: str) -> list[str]:
    """The best-known losses."""
    return _offered(SCORINGS, incomplete)


def complete_loss(incomplete: str) -> list[str]:
    """The losses by their names alone, as shells take parentheses for their own."""
    from equipoise.results.fit.targets import LOSSES

    return _offered(LOSSES, incomplete)


def _offered(names: Iterable[str], begin: str, before: str = "") -> list[str]:
    # bash takes a blank for the end of a word; other shells put it in quotes themselves.
    blank = r"\ " if "bash" in os.environ.get("_EQUIPOISE_COMPLETE", "") else " "
    some = [before + name for name in names if name.startswith(begin) and OFFERED.fullmatch(name)]
    return [name.replace(" ", blank) for name in some]


def _columns(ctx: Context) -> Sequence[str]:
    """Names of the columns of FILE; none of a query, a folder, or a file that cannot be read."""
    from equipoise.data.files.files import kind_of_file
    from equipoise.data.files.headers import read_header

    # An option that has no value yet ends the parsing: the words before it are still to be shared out.
    words = [*ctx.args, *filter(None, [ctx.params.get("file")])]
    try:
        path = Path(words[-1])
        kind = kind_of_file(path) if path.is_file() else None
        if kind == "CSV":
            return read_header(path).names
        if kind == "Parquet":
            from pyarrow import parquet

            return list(parquet.read_schema(path).names)
        if kind == "Arrow":
            return _arrow_names(path)
    except Exception:  # while a line is being typed there is nobody to tell
        return ()
    return ()


def _arrow_names(path: Path) -> Sequence[str]:
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        try:
            return list(pa.ipc.open_file(file).schema.names)
        except pa.ArrowInvalid:
            file.seek(0)
            return list(pa.ipc.open_stream(file).schema.names)
