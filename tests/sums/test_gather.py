"""A source is gathered with the roles and the folds that were asked for, or it is said why not."""

import numpy as np
import pyarrow as pa
import pytest

from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.sums.gather import gather_source

N = 24
TABLE = pa.table(
    {
        "a": np.arange(N) % 5 / 2.0,
        "b": np.arange(N) % 3 * 1.0,
        "s": np.arange(N) % 4 * 1.0,
        "site": np.arange(N) % 3,
        "y": np.arange(N) % 7 * 1.0,
    }
)
A, B, S, SITE, Y = (TABLE[name].to_numpy() for name in ("a", "b", "s", "site", "y"))


def test_columns_without_a_role_are_features():
    found = gather_source(TABLE, "y", weights="s", folds="site")
    assert (found.features, found.target, found.rows) == (("a", "b"), "y", N)
    for k, part in enumerate(found.moments):
        there = (k == SITE) & (S > 0)
        np.testing.assert_allclose(part.mean_x, [np.average(v[there], weights=S[there]) for v in (A, B)])
    for choice, features in (({"drop": ["s", "site"]}, ("a", "b")), ({"features": ["b"]}, ("b",))):
        found = gather_source(TABLE, "y", folds=None, columns=ColumnChoice(**choice))
        assert found.features == features


def test_numbered_folds_share_the_rows_out_and_lose_none():
    found = gather_source(TABLE, "y", folds=4)
    held = [part for part in found.moments if part is not None]
    assert len(found.moments) == 4
    assert sum(part.rows for part in held) == N
    total = found.total
    np.testing.assert_allclose(total.mean_x[:2], [A.mean(), B.mean()], rtol=1e-13)
    np.testing.assert_allclose(total.xx[0, 1], (A - A.mean()) @ (B - B.mean()), rtol=1e-12, atol=1e-12)


def test_arrays_stand_beside_an_array():
    found = gather_source(np.column_stack([A, B]), Y, weights=S, folds=SITE)
    same = gather_source(TABLE, "y", weights="s", folds="site")
    for one, other in zip(found.moments, same.moments, strict=True):
        np.testing.assert_allclose(one.xx, other.xx, rtol=1e-13)
        np.testing.assert_allclose(one.xy, other.xy, rtol=1e-13, atol=1e-13)


def test_a_second_run_takes_its_sums_from_the_checkpoint(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("a,y\n" + "".join(f"{a},{y}\n" for a, y in zip(A, Y, strict=True)))
    read = []
    first = gather_source(file, "y", folds=2, checkpoint=tmp_path / "kept", progress=read.append)
    again = gather_source(file, "y", folds=2, checkpoint=tmp_path / "kept", progress=read.append)
    assert sum(read) == 2 * N
    for one, other in zip(first.moments, again.moments, strict=True):
        np.testing.assert_array_equal(one.xx, other.xx)


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"folds": 1}, ValueError, "folds is 1: pass at least 2, or None"),
        ({"memory": 0}, ValueError, "memory is 0: pass a number of bytes"),
        ({"memory": True}, ValueError, "memory is True"),
        (
            {"memory": 100, "progress": pytest.fail},
            ValueError,
            "more than memory allows",
        ),  # before it is read
        ({"weights": "y"}, ValueError, "one column has several roles: y, y"),
        ({"weights": S}, TypeError, "sample_weight is ndarray: pass the name of a column"),
        ({"folds": SITE}, TypeError, "folds is ndarray: pass the name of a column"),
        ({"checkpoint": "kept"}, ValueError, "checkpoint is for files"),
        ({"checkpoint": ""}, ValueError, "checkpoint is empty: name a folder"),
        ({"columns": ColumnChoice(features="ab")}, TypeError, "features is the text 'ab'"),
    ],
)
def test_what_cannot_be_gathered_is_said(asked, error, said):
    with pytest.raises(error, match=said):
        gather_source(TABLE, "y", **asked)


def test_a_source_without_rows_or_a_target_is_refused():
    with pytest.raises(ValueError, match="has no rows: at least one is needed"):
        gather_source(TABLE.slice(0, 0), "y", folds=None)
    with pytest.raises(TypeError, match="y is None: pass the response beside the array"):
        gather_source(np.ones((3, 2)), None)
