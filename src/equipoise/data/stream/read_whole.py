"""Sources read whole, as Arrow tables whose text has been read as it was asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from equipoise.data.arguments.optional import import_for
from equipoise.data.files.files import read_table
from equipoise.data.frames.columns import is_frame, open_frame
from equipoise.data.frames.typed_table import typed_table
from equipoise.data.stream.open_source import is_several, open_pieces
from equipoise.data.text.reading import NOWHERE, PLAIN, Origin, Reading, is_untyped, mark, marks_of


def read_whole(source: Any, reading: Reading = PLAIN, known: Mapping[str, bool] | None = None) -> Any:
    """Return the rows of a file, folder, pattern, query or frame as an Arrow table.

    Parameters
    ----------
    source : path, SQL query or data frame
        As in `read_table`; also a folder of files, a pattern such as ``data/*.csv``, or a frame.
    reading : Reading
        How text is read.
    known : dict of str to bool, optional
        For the columns of a model, whether they are numeric.

    Returns
    -------
    pyarrow.Table
        Its schema remembers how text was read.

    Raises
    ------
    ImportError, OSError, TypeError, ValueError
        If there is nothing to read, or the source is of another type.
    """
    import_for("reading a table needs", "pyarrow", "equipoise[cli]")
    if isinstance(source, str | os.PathLike):
        if not is_several(source):
            return read_table(source, reading, known)
        table, origin = _several(os.fspath(source))
    elif is_frame(source):
        frame = open_frame(source, "source")
        table, origin = frame.to_arrow(), marks_of(frame.to_native())[1]
    else:
        kind = type(source).__name__
        raise TypeError(f"source is a {kind}: pass a file, a folder, an SQL query or a data frame")
    table, forms = typed_table(table, reading, known, typed=not origin.line)
    return mark(table, reading if known is not None else reading.found(forms), origin)


def _several(source: str) -> tuple[Any, Origin]:
    """The rows of several files in turn, and where they come from."""
    import pyarrow as pa

    untyped = False
    tables: list[Any] = []
    for piece in open_pieces(source).pieces:
        batches = list(piece.open(tables[0].column_names if tables else None))
        if batches:
            untyped = untyped or is_untyped(batches[0])
            tables.append(pa.Table.from_batches(batches).replace_schema_metadata(None))
    if not sum(map(len, tables)):
        raise ValueError(f"{source} has no rows: at least one is needed")
    try:
        table = pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowInvalid as error:
        raise ValueError(f"the files of {source} differ in the types of their columns: {error}") from None
    return table, Origin(source, -1) if untyped else NOWHERE
