"""Data that do not fit into memory: a folder, a pattern, or a file that is to be read in batches."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

from equipoise.cli.progress import rows_bar

MEMORY = 2 << 30  # bytes

UNITS = {"": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}


def is_gathered(source: str, memory: str | None, checkpoint: str | None) -> bool:
    """Whether a source is read in batches.

    Parameters
    ----------
    source, memory, checkpoint : str or None
        As given on the command line.
    """
    several = os.path.isdir(source) or (any(c in source for c in "*?[") and _is_pattern(source))
    return several or memory is not None or checkpoint is not None


def gather_from(
    source: str,
    target: str,
    *,
    folds: int | str | None,
    weights: str | None,
    offset: str | None,
    features: Sequence[str] | None,
    drop: Sequence[str] = (),
    memory: str | None,
    checkpoint: str | None,
) -> Any:
    """Read a source once, in batches.

    Parameters
    ----------
    source, target, weights, offset, features, drop, memory, checkpoint
        As given on the command line.
    folds : int, str or None
        How many folds rows are sorted into, or the column that says it; None for none.

    Returns
    -------
    Gathered
        Its sums by fold.

    Raises
    ------
    ValueError, TypeError, OSError, ImportError
        In a sentence.
    """
    from equipoise.api.gather import gather
    from equipoise.data.stream.open_source import open_source

    if source == "-":
        raise ValueError("standard input is read whole, not in batches: drop --memory and --checkpoint")
    with rows_bar(open_source(source).rows) as progress:
        return gather(
            source,
            target,
            folds=folds,
            weights=weights,
            offset=offset,
            features=features,
            drop=drop,
            memory=MEMORY if memory is None else read_size(memory),
            checkpoint=checkpoint,
            progress=progress,
        )


def read_batches(source: str) -> Iterator[tuple[str, int, Any]]:
    """Read a source a batch at a time.

    Parameters
    ----------
    source : str
        A folder or a pattern.

    Yields
    ------
    name : str
        The file.
    row : int
        The place of the first row in it.
    table : pyarrow.Table
        At least one row.
    """
    import pyarrow as pa

    from equipoise.data.stream.open_source import open_pieces

    for piece in open_pieces(source).pieces:
        row = piece.row
        for batch in piece.open(None):
            if batch.num_rows:
                yield piece.name, row, pa.Table.from_batches([batch])
            row += batch.num_rows


def read_size(text: str) -> int:
    """Return a number of bytes.

    Parameters
    ----------
    text : str
        As 500MB, 2GB, 1.5GiB or a plain number of bytes.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> read_size("1.5GB"), read_size("2 GiB"), read_size("1000")
    (1500000000, 2147483648, 1000)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d*)?)\s*([KMGT]?I?)B?\s*", text.upper())
    if found is None or found[2] not in UNITS or not float(found[1]) > 0:
        raise ValueError(f"--memory is '{text}': write a size such as 500MB or 2GB")
    return int(float(found[1]) * UNITS[found[2]])


def _is_pattern(source: str) -> bool:
    """A query has such characters too, and a file may."""
    from equipoise.data.files.queries import is_query

    return not os.path.exists(source) and not is_query(source)
