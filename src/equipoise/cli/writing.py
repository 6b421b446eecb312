"""Files out: tables as CSV, never over the data that they come from."""

from __future__ import annotations

import csv
import glob
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from equipoise.data.files.writing import resolve_target, write_atomically

TOGETHER = 10_000  # lines


def refuse_overwrite(output: str | None, *sources: str) -> None:
    """Refuse, before any work is done, an output that cannot be written or is one of the sources."""
    if output is None:
        return
    resolve_target(output)
    if not os.path.isfile(output):
        return
    for source in sources:
        if any(os.path.samefile(output, file) for file in _files(source)):
            raise ValueError(f"{output} is read here and would be written over: choose another name")


def _files(source: str) -> Iterator[str]:
    """The files that a source may be read from: a file, those of a folder or pattern, or named in a query."""
    from equipoise.data.files.queries import is_query

    names = re.findall(r"'((?:[^']|'')+)'", source) if is_query(source) else [source]
    for name in names:
        if os.path.exists(name):
            found = glob.glob(os.path.join(glob.escape(name), "**"), recursive=True)
        else:
            found = glob.glob(name.replace("''", "'"), recursive=True)
        yield from filter(os.path.isfile, [name, *found])


def write_csv(path: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file, whole or not at all; numbers keep all their digits."""
    write_atomically(path, (part.encode("utf-8") for part in csv_parts(header, rows)))


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The text of a CSV file, `TOGETHER` lines at a time; truth values as true and false."""
    left = iter(rows)
    lines: list[Sequence[object]] = [header, *islice(left, TOGETHER)]
    while lines:
        text = io.StringIO()
        words = ([str(v).lower() if isinstance(v, bool) else v for v in line] for line in lines)
        csv.writer(text, lineterminator="\n").writerows(words)
        yield text.getvalue()
        lines = [*islice(left, TOGETHER)]
