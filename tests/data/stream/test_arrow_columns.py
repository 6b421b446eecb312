"""Columns of a record batch are what the reader of frames makes of them, of whatever type they are."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from equipoise.data.frames.columns import read_column
from equipoise.data.frames.encoding import Column, Encoding
from equipoise.data.frames.features import read_features
from equipoise.data.stream.arrow_columns import read_batch_column, read_batch_features

TYPES = {
    "float": pa.array([0.5, -0.0, 3.0, np.inf]),
    "single": pa.array([0.1, 2, 3, 4], pa.float32()),
    "small": pa.array([1, -2, 3, 4], pa.int8()),
    "large": pa.array([2**53 + 1, 2**63 - 1, 0, 4], pa.int64()),
    "unsigned": pa.array([2**64 - 1, 1, 2, 3], pa.uint64()),
    "truth": pa.array([True, False, True, True]),
    "gap": pa.array([1.0, None, float("nan"), 2.0]),
    "whole gap": pa.array([1, None, 3, 4]),
    "decimal": pa.array([Decimal("1.5"), Decimal("2.5"), None, Decimal("0.1")]),
    "text": pa.array(["b", "a", None, "b"]),
    "dictionary": pa.array(["b", "a", "a", "b"]).dictionary_encode(),
}
KINDS = {"text": ("a", "b"), "dictionary": ("a", "b")}


@pytest.mark.parametrize("sliced", [False, True])
def test_vectors_are_the_columns_of_the_matrix(sliced):
    batch = pa.RecordBatch.from_pydict(TYPES)
    batch = batch.slice(1, 2) if sliced else batch
    encoding = Encoding(
        tuple(
            Column(name, "category", KINDS[name]) if name in KINDS else Column(name, "numeric")
            for name in reversed(TYPES)
        )
    )
    table = pa.Table.from_batches([batch])
    expected = read_features(table, encoding=encoding, finite=False).matrix
    np.testing.assert_array_equal(np.transpose(read_batch_features(batch, encoding)), expected)
    for name in TYPES.keys() - KINDS.keys():
        np.testing.assert_array_equal(read_batch_column(batch, name), read_column(table, name, finite=False))


def test_floats_are_not_copied():
    batch = pa.RecordBatch.from_pydict(TYPES)
    (vector,) = read_batch_features(batch, Encoding((Column("float", "numeric"),)))
    assert vector.ctypes.data == batch.column(0).buffers()[1].address


def test_what_is_wrong_is_said_as_of_frames():
    batch = pa.RecordBatch.from_pydict(TYPES)
    words = r"X column 'text' holds text such as 'b' \(row 0, .*\), but the model was fitted on"
    with pytest.raises(TypeError, match=words):
        read_batch_features(batch, Encoding((Column("float", "numeric"), Column("text", "numeric"))))
    with pytest.raises(ValueError, match="X lacks column 'none'"):
        read_batch_features(batch, Encoding((Column("float", "numeric"), Column("none", "numeric"))))
    with pytest.raises(TypeError, match="column 'text' is not numeric"):
        read_batch_column(batch, "text")
    twice = pa.RecordBatch.from_arrays([TYPES["float"], TYPES["float"]], names=["a", "a"])
    with pytest.raises(ValueError, match="two columns named 'a'"):
        read_batch_features(twice, Encoding((Column("a", "numeric"),)))
