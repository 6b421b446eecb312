"""Files of JSON objects, and what DuckDB would make of them in silence: renamed keys, texts in quotes."""

from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.data.files.queries import run_sql
from equipoise.data.text.arrow_text import is_text

if TYPE_CHECKING:
    import pyarrow as pa


def read_json(path: Path, kind: str, escaped: str, compression: str) -> "pa.Table":
    """Return the objects of a file as an Arrow table.

    Parameters
    ----------
    path : Path
        The file.
    kind : {"JSON", "JSON lines"}
        What its name says that it holds.
    escaped : str
        Its path as DuckDB takes it.
    compression : str
        DuckDB's option for a compressed file, or nothing.

    Raises
    ------
    ValueError
        If it holds anything but objects, keys that differ by case only, or texts and other values of a key.
    """
    complaint = f"{path} is not a readable {kind} file"
    layout = "auto" if kind == "JSON" else "newline_delimited"
    options = f"format='{layout}', sample_size=-1, hive_partitioning=false{compression}"
    table = run_sql(f"SELECT * FROM read_json(?, {options})", [escaped], complaint)
    if table.column_names == ["json"]:
        raise ValueError(f'{complaint}: it must hold objects such as {{"age": 31, "city": "Oslo"}}')
    keys = f"json_keys(json) AS k FROM read_json_objects(?, format='{layout}'{compression})"
    sql = f"SELECT k FROM (SELECT unnest(k) AS k FROM (SELECT {keys})) GROUP BY k ORDER BY k"
    _refuse_like_keys(path, run_sql(sql, [escaped], complaint).column(0).to_pylist())
    quoted = [
        name
        for name, column in zip(table.column_names, table.columns, strict=True)
        if is_text(column.type) and any(str(text).startswith('"') for text in column.unique().to_pylist())
    ]
    if quoted:
        told = run_sql(f"DESCRIBE SELECT * FROM read_json(?, {options})", [escaped], complaint)
        kinds = dict(zip(*(told.column(k).to_pylist() for k in range(2)), strict=True))
        _refuse_mixed_values(path, table.select([name for name in quoted if kinds[name] == "JSON"]))
    return table


def _refuse_like_keys(path: Path, names: list[str]) -> None:
    """Refuse objects with keys that differ by case only: DuckDB would rename one of them."""
    known: dict[str, str] = {}
    for name in names:
        other = known.setdefault(name.casefold(), name)
        if other != name:
            raise ValueError(f"{path} has keys '{other}' and '{name}', which differ by case only: rename one")


def _refuse_mixed_values(path: Path, table: "pa.Table") -> None:
    """Refuse columns of texts and other values, which DuckDB returns as JSON, texts in quotes."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        values = [value for value in column.unique().to_pylist() if value is not None]
        text = next(value for value in values if value.startswith('"'))
        other = next((value for value in values if not value.startswith('"')), "others")
        raise ValueError(
            f"{path} has texts and other values of '{name}', such as {text} and {other}: write them alike"
        )
