"""The contract of a design: each operation, of every store, is the sum it stands for."""

import inspect

import numpy as np
import pytest
from scipy import sparse

from equipoise.data.disk import mapped, mmap_store
from equipoise.data.disk.mapped import Mapped
from equipoise.design import dense
from equipoise.design.base import Design
from equipoise.design.dense import Dense
from equipoise.design.mapped import OnDisk
from equipoise.design.sparse import Sparse

N, P = 37, 11
STORES = ["C", "F", "sparse", "C on disk", "F on disk"]


def numbers():
    """Some entries zero, a column full of them, a full one far from zero, a constant one."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, P)) * (rng.random((N, P)) < 0.4)
    X[:, 2], X[:, 4], X[:, 7] = 0.0, 50.0 + rng.normal(size=N), 3.0
    return X


@pytest.fixture(params=[None, "some"], ids=["all rows", "some rows"])
def rows(request):
    return None if request.param is None else np.arange(N) % 5 != 1


@pytest.fixture(params=STORES)
def stored(request, rows, tmp_path, monkeypatch):
    """A design of the numbers, in many blocks, and the rows of them that count as a dense array."""
    monkeypatch.setattr(dense, "BLOCK", 40)
    monkeypatch.setattr(mmap_store, "BLOCK_ENTRIES", 30)
    monkeypatch.setattr(mapped, "MIN_BLOCK_ROWS", 4)
    monkeypatch.setattr(mapped, "MIN_BAND_ROWS", 8)
    X, kind = numbers(), request.param
    there = X if rows is None else X[rows]
    if kind == "sparse":
        return Sparse(sparse.csc_array(X), rows), there
    if "disk" not in kind:
        return Dense(np.asarray(X, order=kind), rows), there
    np.save(tmp_path / "x.npy", np.asarray(X, order=kind[0]))
    return OnDisk(Mapped(tmp_path / "x.npy"), rows), there


@pytest.fixture(params=[False, True], ids=["as it is", "centred"])
def centre(request):
    return numbers().mean(axis=0) + 0.1 if request.param else None


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max(initial=1.0))


def test_it_has_all_operations_and_knows_its_size(stored):
    design, X = stored
    wanted = [name for name, _ in inspect.getmembers(Design, inspect.isfunction) if not name.startswith("_")]
    assert {"predict", "pull", "moments"} <= set(wanted)
    assert [name for name in wanted if not callable(getattr(design, name, None))] == []
    assert design.shape == X.shape
    assert np.count_nonzero(X) <= design.entries <= N * P


def test_predict(stored, centre):
    design, X = stored
    A = X if centre is None else X - centre
    coef, some = np.random.default_rng(1).normal(size=P), np.array([9, 4, 0])
    close(design.predict(None, coef, centre), A @ coef)
    close(design.predict(some, coef[some], centre), A[:, some] @ coef[some])
    assert design.predict(some[:0], coef[:0], centre).tolist() == [0.0] * len(X)


def test_pull(stored, centre):
    design, X = stored
    A = X if centre is None else X - centre
    residuals = np.random.default_rng(2).normal(size=(3, len(X)))
    close(design.pull(residuals[0], centre), A.T @ residuals[0])
    close(design.pulls(residuals, centre), residuals @ A)
    assert design.pulls(residuals[:0], centre).shape == (0, P)


def test_columns_are_new_and_in_fortran_order(stored, centre):
    design, X = stored
    some = np.array([7, 4, 1, 4])
    found = design.columns(some, centre)
    close(found, (X if centre is None else X - centre)[:, some])
    assert found.flags.f_contiguous
    found[:] = np.nan
    close(design.columns(np.arange(P)), X)


def test_extremes(stored):
    design, X = stored
    some, there = np.array([4, 2, 7, 0]), np.arange(len(X)) % 3 == 0
    for of, rows in ((X, None), (X[there], there)):
        low, high = design.extremes(some, rows)
        np.testing.assert_array_equal(low, of[:, some].min(axis=0))
        np.testing.assert_array_equal(high, of[:, some].max(axis=0))


def test_compressed_and_single_precision_columns(stored, centre):
    design, X = stored
    rng = np.random.default_rng(3)
    factor, root = rng.random(P), rng.random(len(X))
    A = root[:, None] * (X if centre is None else X - centre) * factor
    some = np.array([4, 0, 9])
    gathered = design.compressed(some, centre, factor, root)
    if gathered is not None:
        close(gathered.pull(root[None]), root[None] @ A[:, some])
    single = design.single(centre, factor, root)
    if single is not None:
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, A, rtol=1.01 * 2.0**-24, atol=1e-44)


@pytest.mark.parametrize("gram", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_moments(stored, weighted, gram):
    design, X = stored
    rng = np.random.default_rng(4)
    y, s = 1e6 + rng.normal(size=len(X)), rng.random(len(X)) if weighted else None
    found = design.moments(y, s, gram=gram)
    weights = (np.ones(len(X)) if s is None else s).astype(np.longdouble)
    mean_x, mean_y = weights @ X / weights.sum(), weights @ y / weights.sum()
    x, r = X - mean_x, y - mean_y
    assert (found.rows, found.weight) == (len(X), pytest.approx(float(weights.sum()), rel=1e-14))
    close(found.mean_x, mean_x.astype(float))
    assert found.mean_y == pytest.approx(float(mean_y), rel=1e-14)
    products = ((weights[:, None] * x).T @ x).astype(float)
    close(found.xx, products if gram else np.diagonal(products))
    np.testing.assert_allclose(found.xy, (x.T @ (weights * r)).astype(float), rtol=1e-9, atol=1e-9)
    assert found.yy == pytest.approx(float(weights @ r**2), rel=1e-9)
