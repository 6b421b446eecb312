"""Matrices on disk: opened without being read, refused in a sentence, counted as they are read."""

import copy
import pickle

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pytest

import equipoise as eq
from equipoise.data.disk import mapped
from equipoise.data.disk import mmap_store as stores
from equipoise.data.disk.mmap_store import is_on_disk


@pytest.fixture
def X():
    return np.random.default_rng(0).normal(size=(70, 9))


def stored(X, folder, kind):
    if kind == "arrow":
        table = pa.table({f"x{j + 1}": X[:, j] for j in range(X.shape[1])})
        with pa.OSFile(str(folder / "x.arrow"), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=30)
        return folder / "x.arrow"
    np.save(folder / "x.npy", np.asarray(X, order=kind))
    return folder / "x.npy"


@pytest.mark.parametrize("kind", ["F", "C", "arrow"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "int8", "uint16", "bool"])
def test_every_block_is_what_was_written(X, tmp_path, monkeypatch, kind, dtype):
    monkeypatch.setattr(stores, "BLOCK_ENTRIES", 128)
    monkeypatch.setattr(mapped, "MIN_BAND_ROWS", 16)
    X = (np.abs(X) * 3).astype(dtype)
    M = eq.Mapped(stored(X, tmp_path, kind))
    assert M.shape == X.shape
    assert list(M.features) == [f"x{j + 1}" for j in range(9)]
    seen = np.zeros(X.shape, dtype=int)
    for rows, columns in M.tiles():
        block = M.block(rows, columns)
        assert block.dtype == np.float64
        np.testing.assert_array_equal(block, X[rows, columns])
        seen[rows, columns] += 1
    assert (seen == 1).all()
    for rows in M.bands():
        np.testing.assert_array_equal(M.block(rows, slice(0, 9)), X[rows])
    np.testing.assert_array_equal(np.asarray(M), X)
    np.testing.assert_array_equal(M.columns(np.array([4, 1])), X[:, [4, 1]])
    np.testing.assert_array_equal(M.column("x3"), X[:, 2])
    assert M.columns(np.array([4, 1])).flags.f_contiguous


@pytest.mark.parametrize("kind", ["F", "C", "arrow"])
def test_features_are_picked_and_ordered(X, tmp_path, kind):
    path = stored(X, tmp_path, kind)
    M = eq.Mapped(path, drop=["x5"])
    assert list(M.features) == ["x1", "x2", "x3", "x4", "x6", "x7", "x8", "x9"]
    np.testing.assert_array_equal(np.asarray(M), np.delete(X, 4, axis=1))
    np.testing.assert_array_equal(M.block(slice(3, 9), slice(2, 5)), X[3:9, [2, 3, 5]])
    np.testing.assert_array_equal(M.column("x5"), X[:, 4])
    M = eq.Mapped(path, features=["x7", "x2"])
    np.testing.assert_array_equal(np.asarray(M), X[:, [6, 1]])
    np.testing.assert_array_equal(np.asarray(M.pick(["x9", "x7"])), X[:, [8, 6]])
    fit = eq.fit(M, X[:, 6], l1=1.0)
    np.testing.assert_allclose(fit.predict(eq.Mapped(path, features=["x2", "x7"])), fit.predict(X[:, [6, 1]]))


def test_numbers_read_are_counted(X, tmp_path):
    M = eq.Mapped(stored(X, tmp_path, "F"))
    assert M.passes == 0
    M.columns(np.array([0, 1, 2]))
    assert M.passes == pytest.approx(3 / 9)
    for rows, columns in M.tiles():
        M.block(rows, columns)
    assert M.passes == pytest.approx(3 / 9 + 1)
    # Where rows lie together, a column is on every page.
    M = eq.Mapped(stored(X, tmp_path, "C"))
    M.columns(np.array([0]))
    assert M.passes == 1


def test_an_array_is_on_disk_only_if_it_was_mapped(X, tmp_path):
    array = np.load(stored(X, tmp_path, "F"), mmap_mode="r")
    assert is_on_disk(array)
    assert is_on_disk(array[:20])
    assert not is_on_disk(array + 0.0)
    assert not is_on_disk(array[:, 0])
    assert not is_on_disk(X)
    assert not is_on_disk(np.asarray(array))
    y = X[:, 2] + 1
    np.testing.assert_allclose(eq.fit(array[:20], y[:20], l1=1).coef, eq.fit(X[:20], y[:20], l1=1).coef)
    assert eq.Mapped(array).shape == X.shape


def test_a_table_of_arrow_is_taken_as_it_is():
    table = pa.table({"a": [1.0, 2.0, None], "b": [1, 2, 3], "c": ["x", "y", "z"]})
    with pytest.raises(
        TypeError, match="the Arrow table column 'c' holds string: a mapped matrix has numbers"
    ):
        eq.Mapped(table)
    M = eq.Mapped(table, drop=["c"])
    assert "the Arrow table" in repr(M)
    with pytest.raises(ValueError, match=r"the Arrow table column 'a' holds 1 NaN \(first at row 2"):
        eq.fit(M, [1.0, 2.0, 3.0], l1=1)
    with pytest.raises(ValueError, match="column 'a' holds 1 NaN"):
        M.column("a")


def test_a_value_missing_is_named_with_its_file(X, tmp_path):
    X[17, 4] = np.nan
    for kind in ("F", "C", "arrow"):
        path = stored(X, tmp_path, kind)
        with pytest.raises(ValueError, match=rf"{path.name} column 'x5' holds 1 NaN \(first at row 17"):
            eq.fit(eq.Mapped(path), np.ones(70), l1=1)
        # As in memory, where it is not looked at either whether anybody would notice.
        with pytest.raises(ValueError, match="column 'x5' holds 1 NaN"):
            eq.fit(eq.Mapped(path), X[:, 0], l1=1, sample_weight=(np.arange(70) != 17) * 1.0)


def test_what_cannot_be_mapped_is_refused_in_a_sentence(X, tmp_path):
    good = stored(X, tmp_path, "F")
    broken = {
        "cut.npy": good.read_bytes()[:-9],
        "cut.arrow": stored(X, tmp_path, "arrow").read_bytes()[:-9],
        "text.npy": b"no matrix",
        "empty.npy": b"",
        "empty.arrow": b"",
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=f"{name} is not a readable .* file, or was cut short"):
            eq.Mapped(tmp_path / name)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        eq.Mapped(tmp_path / "none.npy")
    np.save(tmp_path / "cube.npy", np.ones((2, 2, 2)))
    with pytest.raises(ValueError, match="holds a 3-D array"):
        eq.Mapped(tmp_path / "cube.npy")
    np.save(tmp_path / "no.npy", np.ones((0, 2)))
    with pytest.raises(ValueError, match="has no rows"):
        eq.Mapped(tmp_path / "no.npy")
    np.save(tmp_path / "complex.npy", np.ones((2, 2), dtype=complex))
    with pytest.raises(TypeError, match="holds complex128: a matrix of real numbers is needed"):
        eq.Mapped(tmp_path / "complex.npy")
    np.save(tmp_path / "objects.npy", np.array([["a", None]], dtype=object))
    with pytest.raises(ValueError, match="is not a readable NumPy file"):
        eq.Mapped(tmp_path / "objects.npy")
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match=r"is of type '\.csv'.*equipoise\.gather"):
        eq.Mapped(tmp_path / "table.csv")
    with pytest.raises(TypeError, match="is an array in memory"):
        eq.Mapped(X)
    with pytest.raises(TypeError, match="source is of type int"):
        eq.Mapped(3)
    with pytest.raises(TypeError, match="drop is the text 'x1': pass a list"):
        eq.Mapped(good, drop="x1")
    with pytest.raises(ValueError, match=r"feature 'x99' is not a column of .*npy: did you mean"):
        eq.Mapped(good, features=["x99"])
    with pytest.raises(ValueError, match="has no column 'y'"):
        eq.Mapped(good).column("y")
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(ValueError, match="two columns named 'a'"):
        eq.Mapped(twice)


def test_a_compressed_file_is_refused(X, tmp_path):
    table = pa.table({f"x{j}": np.zeros(10_000) for j in range(9)})
    pyarrow.feather.write_feather(table, tmp_path / "x.feather", compression="lz4")
    with pytest.raises(ValueError, match=r"is compressed, .* write it without compression"):
        eq.Mapped(tmp_path / "x.feather")
    pyarrow.feather.write_feather(table, tmp_path / "x.feather", compression="uncompressed")
    assert eq.Mapped(tmp_path / "x.feather").shape == (10_000, 9)


@pytest.mark.parametrize("kind", ["npy", "arrow"])
def test_a_pickle_names_the_file_and_holds_none_of_its_numbers(kind, tmp_path):
    rng = np.random.default_rng(8)
    X = rng.normal(size=(200, 60))
    y = 2 * X[:, 4] - X[:, 30] + rng.normal(size=200)
    file = tmp_path / f"x.{kind}"
    if kind == "npy":
        np.save(file, np.asfortranarray(X))
    else:
        pa = pytest.importorskip("pyarrow")
        feather = pytest.importorskip("pyarrow.feather")
        feather.write_feather(
            pa.table({f"x{j + 1}": X[:, j] for j in range(60)}), file, compression="uncompressed"
        )
    names = ["x5", "x31", "x2"]
    fit = eq.fit(eq.Mapped(file, features=names), y, l1=20.0)
    written = pickle.dumps(fit)
    assert len(written) < X.nbytes / 5
    again = pickle.loads(written)
    assert again.features == tuple(names)
    # Of two steps: the pull of x2 beside what the others leave, by hand.
    design = X[:, [4, 30, 1]] - X[:, [4, 30, 1]].mean(axis=0)
    pull = design.T @ (y - y.mean() - design @ again.coef)
    np.testing.assert_allclose(again.explain().pull, pull, rtol=1e-9)
    assert again.explain("x31") == fit.explain("x31") == copy.deepcopy(fit).explain("x31")
    file.unlink()
    with pytest.raises(FileNotFoundError, match="there is no file"):
        pickle.loads(written)


def test_an_array_that_is_mapped_is_refused_by_a_pickle(tmp_path):
    X = np.asfortranarray(np.random.default_rng(8).normal(size=(20, 3)))
    np.save(tmp_path / "x.npy", X)
    fit = eq.fit(np.load(tmp_path / "x.npy", mmap_mode="r"), X[:, 0], l1=1.0)
    with pytest.raises(TypeError, match=r"cannot be pickled: map the file by its name"):
        pickle.dumps(fit)
    assert copy.deepcopy(fit).explain("x1") == fit.explain("x1")
