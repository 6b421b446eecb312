"""The header of a CSV file: its delimiter and column names.

They are read here because DuckDB's own detection may take another delimiter when a row is ragged, and renames
columns with the same name.
"""

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from equipoise.data.files.header_check import declared_delimiter, refuse_numbers
from equipoise.data.text.names import nfc

DELIMITERS = (",", ";", "\t", "|")

SIGNATURES = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a zip or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"\x1f\x8b": "a gzip file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


@dataclass(frozen=True, slots=True)
class Header:
    """Column names of a CSV file, the delimiter between them, and the number of lines above them."""

    names: tuple[str, ...]
    delimiter: str
    lines_above: int


def read_header(path: Path) -> Header:
    """Return the header of a CSV file; a ValueError says why a file is not CSV."""
    with open_bytes(path) as file:
        start = file.read(65536)
    if not start.strip():
        raise ValueError(f"{path} is empty: it needs a line of column names and at least one row")
    for signature, kind in SIGNATURES.items():
        if start.startswith(signature):
            raise ValueError(f"{path} is not a CSV file but {kind}: rename it, or save it as CSV in UTF-8")
    if b"\0" in start:
        raise ValueError(f"{path} is not a CSV file: it holds binary data")
    with open_bytes(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        try:
            header = _parse_header(text, path)
        except UnicodeDecodeError:
            raise ValueError(f"{path} is not UTF-8 text: save it as UTF-8") from None
        except csv.Error as error:
            raise ValueError(f"{path} is not a CSV file: its first line cannot be read ({error})") from None
    for name in header.names:
        if name and header.names.count(name) > 1:
            raise ValueError(f"{path} has two columns named '{name}': rename one of them")
    return header


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, possibly gzipped, for reading its bytes."""
    return cast(IO[bytes], gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def line_of_row(path: Path, row: int) -> int:
    """Return the line of a CSV file, from 1, on which a row begins, counted from 0."""
    header = read_header(path)
    with open_bytes(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        for _ in range(header.lines_above):
            text.readline()
        lines = csv.reader(text, delimiter=header.delimiter)
        next(lines)
        line = lines.line_num
        for cells in lines:
            if cells or len(header.names) == 1:  # DuckDB leaves out empty lines
                row -= 1
            if row < 0:
                break
            line = lines.line_num
    return header.lines_above + line + 1


def _parse_header(text: TextIOWrapper, path: Path) -> Header:
    lines_above = 0
    line = text.readline()
    while line and not line.strip():
        lines_above += 1
        line = text.readline()
    declared = declared_delimiter(line)
    if declared is not None:
        lines_above, line = lines_above + 1, text.readline()

    def lines() -> Iterator[str]:
        yield line
        yield from text

    delimiter = declared or _delimiter(line, path)
    names = next(csv.reader(lines(), delimiter=delimiter))
    refuse_numbers(names, path)
    # A column without a name is called as pandas calls it: the first one holds the names of the rows.
    given = [nfc(name.strip()) or f"Unnamed: {place}" for place, name in enumerate(names)]
    return Header(tuple(given), delimiter, lines_above)


def _delimiter(line: str, path: Path) -> str:
    """The delimiter that occurs most often outside quotes; a space in a text file without any other."""
    bare = re.sub(r'"[^"]*"?', "", line.strip("\r\n"))
    counts = {delimiter: bare.count(delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=counts.__getitem__)
    if counts[best] == 0 and ".txt" in path.suffixes and " " in bare:
        return " "
    return best
