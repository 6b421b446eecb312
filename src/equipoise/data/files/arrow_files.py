"""Files in Arrow's IPC format: their record batches, memory-mapped unless they are compressed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

ARROW = (".arrow", ".feather", ".ipc")


def arrow_batches(path: Path) -> Iterator[Any]:
    """Yield the record batches of a file in Arrow's IPC format, memory-mapped unless they are compressed.

    Parameters
    ----------
    path : Path
        A file in the format's random-access or streaming variant.

    Raises
    ------
    ValueError
        If the file is in neither variant, damaged or cut short.
    """
    import pyarrow as pa

    try:
        source = pa.memory_map(str(path))
        try:
            reader = pa.ipc.open_file(source)
        except pa.ArrowInvalid:
            source.seek(0)
            reader = batches = pa.ipc.open_stream(source)
        else:
            batches = map(reader.get_batch, range(reader.num_record_batches))
        _ = reader.schema.names  # an error if they are not UTF-8
        for batch in batches:
            # Arrow trusts what it reads: a text's offset or an index of a dictionary that points outside its
            # buffer kills the process. Numbers stay unread: 0.2 ms for 800 MB of them. Their bitmap of nulls
            # costs 0.1 ns a row, a text or an index, which is decoded later anyway, 2 to 5 ns.
            batch.validate(full=True)
            yield batch
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path} is not a readable Arrow file, or was cut short: {first_line(error)}"
        ) from None


def is_numeric_type(kind: Any) -> bool:
    """Tell whether an Arrow type is boolean, integer or floating, as NumPy has them too.

    Parameters
    ----------
    kind : pyarrow.DataType
        The type.
    """
    from pyarrow import types

    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_boolean(kind))


def is_arrow_file(source: str) -> bool:
    """Tell whether a source is a file in Arrow's IPC format, by the end of its name.

    Parameters
    ----------
    source : str
        A file name, or anything else that names a table.
    """
    return Path(source).suffix.lower() in ARROW


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, or the name of its class if the message is empty.

    Parameters
    ----------
    error : Exception
        An error of another package.
    """
    said = str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__
