"""Data that do not fit into memory: a folder, a pattern, or a file that is to be read in batches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from equipoise.cli.progress import rows_bar
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.encoding import Encoding
from equipoise.data.text.reading import PLAIN, Origin, Reading, is_untyped, mark

MEMORY = 2 << 30  # bytes

UNITS = {"": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}


def is_gathered(source: str, memory: str | None, checkpoint: str | None) -> bool:
    """Whether a source is read in batches: a folder, a pattern, or with --memory or --checkpoint."""
    from equipoise.data.stream.open_source import is_several

    return is_several(source) or memory is not None or checkpoint is not None


def gather_from(
    source: str,
    target: str,
    *,
    folds: int | str | None,
    groups: str | None = None,
    weights: str | None,
    offset: str | None,
    columns: ColumnChoice = EVERY_COLUMN,
    memory: str | None,
    checkpoint: str | None,
    reading: Reading = PLAIN,
    encoding: Encoding | None = None,
    missing: str = "error",
) -> Any:
    """Read a source once, in batches, and return its sums by fold, a `Gathered`.

    `folds` is a number, the column of fold numbers, or None where nothing is to be cross-validated;
    `encoding` is that of a model, if the data are to be read as its; the other arguments are those of the
    command line.
    """
    from equipoise.data.stream.open_source import open_source
    from equipoise.sums.gather import gather_source

    if source == "-":
        raise ValueError("standard input is read whole, not in batches: drop --memory and --checkpoint")
    with rows_bar(open_source(source).rows) as progress:
        return gather_source(
            source,
            target,
            folds=folds,
            groups=groups,
            weights=weights,
            offset=offset,
            columns=columns,
            memory=MEMORY if memory is None else read_size(memory),
            checkpoint=checkpoint,
            progress=progress,
            reading=reading,
            encoding=encoding,
            missing=missing,
        )


def read_batches(
    source: str, reading: Reading, known: Mapping[str, bool] | None
) -> Iterator[tuple[str, int, Any]]:
    """Each batch of a folder or pattern, as its file, the place of its first row there, and its rows."""
    import pyarrow as pa

    from equipoise.data.frames.typed_table import typed_table
    from equipoise.data.stream.open_source import open_pieces

    for piece in open_pieces(source).pieces:
        row = piece.row
        for batch in piece.open(None):
            if batch.num_rows:
                table = pa.Table.from_batches([batch])
                if known is not None and is_untyped(batch):
                    table, _ = typed_table(table, reading, known)
                    table = mark(table, reading, Origin("", -1))
                yield piece.name, row, table
            row += batch.num_rows


def read_size(text: str) -> int:
    """The bytes of a size such as 500MB, 2GB or 1.5GiB.

    Examples
    --------
    >>> read_size("1.5GB"), read_size("2 GiB"), read_size("1000")
    (1500000000, 2147483648, 1000)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d*)?)\s*([KMGT]?I?)B?\s*", text.upper())
    if found is None or found[2] not in UNITS or not float(found[1]) > 0:
        raise ValueError(f"--memory is '{text}': write a size such as 500MB or 2GB")
    return int(float(found[1]) * UNITS[found[2]])
