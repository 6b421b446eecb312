"""Columns of Arrow record batches as float64 vectors; float64 columns without nulls are not copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.arrays import Vector
from equipoise.data.arguments.integers import beyond_float64
from equipoise.data.frames.columns import read_column
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.features import read_features
from equipoise.data.text.arrow_text import all_truths, convert, first_other, is_text, with_nulls
from equipoise.data.text.forms import NotANumber
from equipoise.data.text.kinds import READ
from equipoise.data.text.reading import PLAIN, Reading, is_untyped


def read_batch_features(batch: Any, encoding: Encoding) -> list[Vector]:
    """Return the features of a batch as p vectors (rows,), with NaN for missing values.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        A batch that has the columns of the encoding.
    encoding : Encoding
        How columns become features.

    Raises
    ------
    TypeError, ValueError
        As `read_features` does.
    """
    import pyarrow as pa

    reading = encoding.reading
    numbers = {c.name: _as_numpy(batch, c.name, reading) for c in encoding.columns if c.kind == "numeric"}
    others = tuple(c for c in encoding.columns if numbers.get(c.name) is None)
    rest: list[Vector] = []
    if others:
        columns = [_with_nulls(batch, column, reading) for column in batch.columns]
        table = pa.Table.from_arrays(columns, batch.schema.names)
        rest = [*read_features(table, encoding=replace(encoding, columns=others), finite=False).matrix.T]
    left = iter(rest)
    found: list[Vector] = []
    for column in encoding.columns:
        vector = numbers.get(column.name)
        found += islice(left, len(column.features)) if vector is None else [vector]
    return found


def read_batch_column(batch: Any, name: str, reading: Reading = PLAIN) -> Vector:
    """Return a numeric column of a batch that is not a feature, with NaN for missing values.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        The batch.
    name : str
        The column's name.
    reading : Reading
        How text is read.

    Raises
    ------
    TypeError, ValueError
        As `read_column` does.
    """
    import pyarrow as pa

    vector = _as_numpy(batch, name, reading)
    if vector is None:
        vector = read_column(pa.Table.from_batches([batch]), name, role="column", finite=False)
    return vector


def complete_part(
    batch: Any, names: Sequence[str], reading: Reading
) -> tuple[Any, NDArray[np.bool_], list[int]]:
    """Return the rows of a batch in which no column is missing, a mask of them, and each column's gaps.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        The batch.
    names : sequence of str
        The columns to look at.
    reading : Reading
        How text is read.

    Returns
    -------
    part : pyarrow.RecordBatch
        The rows that are complete.
    kept : (rows,) bool array
        Which of the rows they are.
    counts : list of int
        How many values of each column are missing.
    """
    import pyarrow as pa

    kept, counts = np.ones(batch.num_rows, dtype=bool), []
    for name in names:
        places = _missing_places(_with_nulls(batch, batch.column(name), reading), reading)
        kept[places] = False
        counts.append(len(places))
    return (batch if kept.all() else batch.filter(pa.array(kept))), kept, counts


def _missing_places(column: Any, reading: Reading) -> NDArray[np.uint64]:
    """The rows in which a column is null or NaN, or an entry that means so."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind) and is_text(kind.value_type) and reading.null:
        column = column.cast(kind.value_type)
        gone = pc.or_(column.is_null(), pc.is_in(column, pa.array(reading.null, column.type)))
    else:
        gone = column.is_null(nan_is_null=pa.types.is_floating(kind))
    # A boolean's `to_numpy` would import pandas.
    return np.asarray(np.from_dlpack(pc.indices_nonzero(gone)), dtype=np.uint64)


def refuse_other_types(
    batch: Any, encoding: Encoding, roles: Sequence[str], name: str, row: int, *, closely: bool = False
) -> None:
    """Refuse a batch in which a column holds text instead of numbers, or numbers instead of text.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        A batch that has the columns of the encoding.
    encoding : Encoding
        How columns become features.
    roles : sequence of str
        Names of numeric columns that are not features, the response first.
    name : str
        What error messages call the file or source of the batch.
    row : int
        Number of the batch's first row in it, from 0.
    closely : bool, default False
        Whether to look at each text of a source in which all is text, such as a CSV file.

    Raises
    ------
    TypeError
        The message names file, row and column.
    """
    import pyarrow as pa

    reading, untyped = encoding.reading, is_untyped(batch)
    kinds = {**dict.fromkeys(roles, "numeric"), **{c.name: c.kind for c in encoding.columns}}
    for column, kind in kinds.items():
        place = batch.schema.get_field_index(column)
        if place < 0:
            continue
        values = batch.column(place)
        declared = pa.types.is_dictionary(values.type)
        of = pa.string() if declared else values.type
        if is_text(of) == (kind == "category") or pa.types.is_null(of) or column in reading.as_text:
            continue
        where = f"{name}, rows from {row}: column '{column}'"
        if not is_text(of):
            raise TypeError(
                f"{where} holds {of}, and text in the rows before: give it one type in all of them"
            )
        if untyped and not closely:
            continue
        codes = column in reading.as_number
        texts = with_nulls(pa.chunked_array([values]).cast(of), reading.null, typed=not untyped)
        other = first_other(texts, reading.form_of(column), codes)
        if other is not None:
            place = row + texts.index(other).as_py()
            remedy = "or correct or drop it"
            if column == roles[0] and kind == "numeric":  # sums are of squared loss
                remedy = "or code two labels as 0 and 1, or pass the rows to fit with loss='binomial'"
            raise TypeError(
                f"{name} row {place} (counting from 0): column '{column}' holds {other!r}, which is no "
                f"number: {READ} null={other!r} if it is missing, {remedy}"
            )
        if not (untyped or codes or all_truths(texts)):
            raise TypeError(f"{where} holds numbers written as text: give it one type in all rows")


def _with_nulls(batch: Any, column: Any, reading: Reading) -> Any:
    """A column of a batch, with nulls for the texts that mean a missing value."""
    import pyarrow as pa

    if not is_text(column.type):
        return column
    text = with_nulls(pa.chunked_array([column]), reading.null, typed=not is_untyped(batch))
    return text.combine_chunks()


def _as_numpy(batch: Any, name: str, reading: Reading) -> Vector | None:
    """A numeric column, from Arrow's memory without a copy or from text; None for any other column."""
    import pyarrow as pa

    place = batch.schema.get_field_index(name)
    if place < 0:
        return None
    column = batch.column(place)
    if is_text(column.type):
        text = pa.chunked_array([_with_nulls(batch, column, reading)])
        try:
            numbers = convert(text, reading.form_of(name), name in reading.as_number)
        except NotANumber:
            return None
        return read_column(pa.table({name: numbers}), name, role="column", finite=False)
    number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    if not number or column.null_count:
        return None
    # The first `to_numpy` of a process would import pandas.
    vector = np.from_dlpack(column).astype(np.float64, copy=False)
    large = pa.types.is_integer(column.type) and beyond_float64(vector)
    return read_column(batch, name, role="column") if large else vector
