"""The counts of docs/scale.md, at small sizes."""

import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import equipoise as eq
from equipoise.data.stream import open_source as batches
from equipoise.data.stream.open_source import open_source
from equipoise.sums import fold_moments as by_fold
from equipoise.sums.accumulate import PieceSummer


def table(n, p):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p))
    return pa.table({**{f"f{j}": X[:, j] for j in range(p)}, "y": X[:, 0] + rng.normal(size=n)})


@pytest.fixture
def counted(monkeypatch):
    """Multiply-adds of cross-products, as they are asked for."""
    count = {"multiply-adds": 0}
    moments = by_fold._moments

    def watched(rows, *given):
        count["multiply-adds"] += rows.shape[1] * rows.shape[0] ** 2
        return moments(rows, *given)

    monkeypatch.setattr(by_fold, "_moments", watched)
    return count


@pytest.mark.parametrize(("n", "p", "folds"), [(2000, 5, None), (4000, 5, 10), (4000, 20, 10)])
def test_gathering_costs_n_p_squared_whatever_the_folds(tmp_path, counted, monkeypatch, n, p, folds):
    for k in range(4):
        pq.write_table(table(n, p).slice(k * n // 4, n // 4), tmp_path / f"{k}.parquet")
    read = []
    opened = batches.parquet_batches

    def watched(*given, **named):
        for batch in opened(*given, **named):
            read.append(batch.num_rows * batch.num_columns)
            yield batch

    monkeypatch.setattr(batches, "parquet_batches", watched)
    data = eq.gather(tmp_path, "y", folds=folds)
    glance = n // 4 * (p + 1)  # the first batch, for its columns
    assert sum(read) == n * (p + 1) + glance
    assert counted["multiply-adds"] == n * (p + 2) ** 2  # y and 1 are columns like others
    # Fitting adds nothing that grows with n.
    assert len(data.equivalent.response) <= (folds or 1) * (p + 3)


@pytest.mark.parametrize(("p", "folds"), [(10, 10), (40, 10), (40, 1)])
def test_what_a_partition_sends_is_its_moments(p, folds):
    data = eq.gather(table(5000, p), "y", folds=None)
    summer = PieceSummer(data.encoding, "y", None, None, None, folds, 1 << 30)
    (piece,) = open_source(table(5000, p)).pieces
    sent = len(pickle.dumps(summer(piece)))
    assert 8 * p**2 * folds <= sent <= 8 * (p + 1) ** 2 * folds + folds * (24 * p + 1000) + 1000


def test_the_cap_is_what_the_page_says():
    from equipoise.sums.accumulate import refuse_large

    for features, folds in ((4_700, 10), (9_400, 1)):
        refuse_large(features, folds, 2 << 30)
        with pytest.raises(ValueError, match="more than memory allows"):
            refuse_large(features + 100, folds, 2 << 30)


def test_columns_on_disk_are_read_less_than_once_for_four_strengths(tmp_path):
    rng = np.random.default_rng(0)
    n, p = 200, 5_000
    X = rng.integers(0, 3, size=(n, p)).astype("int8")
    np.save(tmp_path / "x.npy", np.asfortranarray(X))
    data = eq.Mapped(tmp_path / "x.npy")
    path = eq.path(data, X[:, :5] @ rng.normal(size=5) + rng.normal(size=n), standardize=True, ratio=0.2)
    assert len(path.strengths) == 100
    assert 4 <= data.passes <= 25


def test_sparse_memory_grows_with_the_entries():
    import tracemalloc

    from scipy import sparse

    rng = np.random.default_rng(0)
    used = []
    for p in (20_000, 80_000):
        X = sparse.random_array((500, p), density=2e-3, format="csc", rng=rng)
        y = X[:, [0]].toarray().ravel() + rng.normal(size=500)
        tracemalloc.start()
        eq.path(X, y, count=5, ratio=0.3)
        used.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert used[1] < 6 * used[0]  # four times the columns
    assert used[1] < 0.5 * 8 * 500 * 80_000  # far from dense
