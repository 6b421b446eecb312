"""Files of Arrow's inter-process format: their record batches, mapped where they are not compressed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

ARROW = (".arrow", ".feather", ".ipc")


def arrow_batches(path: Path) -> Iterator[Any]:
    """Yield the record batches of a file of Arrow's inter-process format.

    Parameters
    ----------
    path : Path
        Of the file's random-access form or the stream's. What is not compressed is mapped, not read.

    Raises
    ------
    ValueError
        If it is neither, or cut short.
    """
    import pyarrow as pa

    try:
        source = pa.memory_map(str(path))
        try:
            reader = pa.ipc.open_file(source)
        except pa.ArrowInvalid:
            source.seek(0)
            yield from pa.ipc.open_stream(source)
        else:
            yield from map(reader.get_batch, range(reader.num_record_batches))
    except (pa.ArrowInvalid, OSError) as error:
        raise ValueError(
            f"{path} is not a readable Arrow file, or was cut short: {first_line(error)}"
        ) from None


def is_numeric_type(kind: Any) -> bool:
    """Tell whether a type of Arrow is one of real numbers that NumPy has, too.

    Parameters
    ----------
    kind : pyarrow.DataType
        The type.
    """
    from pyarrow import types

    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_boolean(kind))


def is_arrow_file(source: str) -> bool:
    """Tell whether what a name stands for is mapped when it is read.

    Parameters
    ----------
    source : str
        A file, or anything else that names rows.
    """
    return Path(source).suffix.lower() in ARROW


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or else its kind.

    Parameters
    ----------
    error : Exception
        Of another package.
    """
    said = str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__
