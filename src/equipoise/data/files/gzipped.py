"""Gzipped files: whole ones are told from broken ones, and from bombs."""

import gzip
import os
import zlib
from pathlib import Path

CHUNK = 1 << 20  # bytes
HARMLESS = 1 << 30  # bytes that any file may expand to
RATIO = 200  # times its size that a larger one may


def refuse_broken_gzip(path: Path) -> None:
    """Refuse a gzip file that is cut short or damaged, or that expands beyond all measure.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ValueError
        If a checksum is wrong, the end is missing, or more than `HARMLESS` bytes come out of it that are more
        than `RATIO` times its size.
    """
    # DuckDB does not compare the checksum, and releases before 2.0 read a truncated file as far as it goes.
    # So all of it is decompressed here once, a chunk at a time, which takes no memory and no disk. Tables of
    # numbers shrink to a half or a tenth, those of 1 % ones among zeros to a hundredth. What shrinks further
    # is a bomb more likely than a table: gzip reaches a thousandth, with which 10 MB would hold their reader
    # for a minute and then fill the memory. It is not read on, after 3 s for 1 GB, and a table that is
    # refused wrongly can be decompressed by hand.
    most = max(HARMLESS, RATIO * os.path.getsize(path))
    try:
        with gzip.open(path) as file:
            while file.read(CHUNK):
                if file.tell() > most:
                    raise ValueError(
                        f"{path} expands to more than {RATIO} times its size and {HARMLESS >> 30} GB, as a "
                        "file made to do harm does: if you trust it, decompress it first (gunzip)"
                    )
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise ValueError(f"{path} is not a gzip file, or a broken one: compress it again") from None
