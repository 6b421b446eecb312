"""Folds by labels in a pass over batches: no group in two folds, and text that names folds."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from sklearn.model_selection import KFold

import equipoise as eq

N = 120
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 3))
Y = X @ [2.0, -1.0, 0.0] + RNG.normal(size=N)
GROUP = RNG.choice(9, size=N, p=np.arange(1, 10) / 45.0)
SITE = np.array(["north", "east", "south"])[RNG.integers(0, 3, size=N)]


def table(**more) -> pa.Table:
    return pa.table({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "y": Y, **more})


def folder(tmp_path, kind, data) -> str:
    """A folder of three files, over which the groups are spread."""
    for k in range(3):
        part = data.slice(k * 40, 40)
        if kind == "csv":
            pyarrow.csv.write_csv(part, tmp_path / f"part-{k}.csv")
        else:
            pq.write_table(part, tmp_path / f"part-{k}.parquet", row_group_size=17)
    return str(tmp_path)


def held_out_sums(data) -> list[tuple[int, float]]:
    """Rows and sum of y of each fold."""
    return [(part.rows, part.rows * part.mean_y) for part in data.moments]


def sums_of(folds) -> list[tuple[int, float]]:
    return [(int(test.sum()), float(Y[test].sum())) for test in folds]


def same(found, expected):
    assert [rows for rows, _ in found] == [rows for rows, _ in expected]
    np.testing.assert_allclose([s for _, s in found], [s for _, s in expected], rtol=1e-12)


def by_greed(group, count):
    """The rows of each fold: the largest group first, each into the fold with the fewest rows, in numbers."""
    sizes = {g: int((group == g).sum()) for g in np.unique(group)}
    assert len({*sizes.values()}) == len(sizes)  # no tie, so that no draw decides
    folds = [[] for _ in range(count)]
    for g in sorted(sizes, key=sizes.get, reverse=True):
        min(folds, key=lambda fold: sum(sizes[h] for h in fold)).append(g)
    return [np.isin(group, fold) for fold in folds]


DISTINCT = np.repeat(np.arange(9), [30, 24, 19, 15, 12, 9, 6, 4, 1])[RNG.permutation(N)]


@pytest.mark.parametrize("kind", ["csv", "parquet", "table"])
@pytest.mark.parametrize("name", ["numbers", "text", "categories"])
def test_whole_groups_are_shared_out_evenly(tmp_path, kind, name):
    group = {
        "numbers": pa.array(DISTINCT),
        "text": pa.array([f"g{g}" for g in DISTINCT]),
        "categories": pa.array([f"g{g}" for g in DISTINCT]).dictionary_encode(),
    }[name]
    data = table(group=group)
    source = data if kind == "table" else folder(tmp_path, kind, data)
    found = eq.gather(source, "y", folds=3, groups="group")
    assert "in 3 folds of whole groups; target y" in str(found)
    assert found.features == ("a", "b", "c")
    same(held_out_sums(found), sums_of(by_greed(DISTINCT, 3)))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_folds_are_those_of_the_rows_in_memory(tmp_path, kind):
    frame = table(group=pa.array(GROUP)).to_pandas()
    source = folder(tmp_path, kind, table(group=pa.array(GROUP)))
    ours = eq.cross_validate(eq.gather(source, "y", folds=4, groups="group"), count=5)
    theirs = eq.cross_validate(frame, "y", folds=4, groups="group", count=5)
    np.testing.assert_allclose(ours.fold_loss, theirs.fold_loss, rtol=1e-9)
    direct = eq.cross_validate(source, "y", folds=4, groups="group", count=5)
    np.testing.assert_allclose(direct.fold_loss, theirs.fold_loss, rtol=1e-9)
    arrays = eq.gather(X, Y, folds=4, groups=GROUP)
    np.testing.assert_allclose(eq.cross_validate(arrays, count=5).fold_loss, theirs.fold_loss, rtol=1e-9)


def test_groups_that_lie_in_several_partitions():
    dd = pytest.importorskip("dask.dataframe")
    frame = table(group=pa.array([f"g{g}" for g in DISTINCT])).to_pandas()
    found = eq.gather(dd.from_pandas(frame, npartitions=5), "y", folds=3, groups="group")
    same(held_out_sums(found), sums_of(by_greed(DISTINCT, 3)))


@pytest.mark.parametrize("kind", ["date32", "timestamp"])
def test_groups_may_be_dates(kind):
    days = pa.array(DISTINCT, pa.int32()).cast("date32")
    data = table(day=days if kind == "date32" else days.cast(pa.timestamp("us")))
    same(held_out_sums(eq.gather(data, "y", folds=3, groups="day")), sums_of(by_greed(DISTINCT, 3)))
    cv = eq.cross_validate(data, "y", folds=3, groups="day", count=4)
    assert cv.fold_weight.tolist() == [int(fold.sum()) for fold in by_greed(DISTINCT, 3)]
    assert cv.path.features == ("a", "b", "c")
    named = eq.gather(data, "y", folds="day")
    same(held_out_sums(named), sums_of([g == DISTINCT for g in range(9)]))


def test_numbers_of_one_value_are_one_group(tmp_path):
    data = table(group=pa.array([("01", "1", "1.0", "2", "3")[k % 5] for k in range(N)]))
    found = eq.gather(folder(tmp_path, "csv", data), "y", folds=3, groups="group")
    place = np.arange(N) % 5
    same(sorted(held_out_sums(found)), sorted(sums_of([place < 3, place == 3, place == 4])))


def test_rows_that_are_dropped_do_not_count(tmp_path):
    gone = DISTINCT == 0  # the largest group
    data = table(group=pa.array(DISTINCT, mask=gone)).set_column(0, "a", pa.array(X[:, 0], mask=gone))
    found = eq.gather(folder(tmp_path, "parquet", data), "y", folds=2, groups="group", missing="drop")
    expected = [fold & ~gone for fold in by_greed(np.where(gone, 99, DISTINCT), 2)]
    left = by_greed(DISTINCT[~gone], 2)
    same(held_out_sums(found), [(int(f.sum()), float(Y[~gone][f].sum())) for f in left])
    assert sum(map(np.sum, expected)) == (~gone).sum()


@pytest.mark.parametrize("kind", ["csv", "parquet", "table"])
def test_folds_may_be_named_by_text(tmp_path, kind):
    data = table(site=pa.array(SITE))
    found = eq.gather(data if kind == "table" else folder(tmp_path, kind, data), "y", folds="site")
    assert found.labels == ("east", "north", "south")
    assert found.features == ("a", "b", "c")
    same(held_out_sums(found), sums_of([label == SITE for label in found.labels]))
    ours = eq.cross_validate(found, count=5)
    theirs = eq.cross_validate(X, Y, folds=SITE, count=5)
    np.testing.assert_allclose(ours.fold_loss, theirs.fold_loss, rtol=1e-9)
    same(held_out_sums(eq.gather(X, Y, folds=SITE)), held_out_sums(found))


def test_sums_of_named_folds_add_up_by_name():
    first, second = np.arange(N) < 50, np.arange(N) >= 50
    keep = ~((SITE == "north") & first) & ~((SITE == "east") & second)  # each half lacks a fold
    halves = [table(site=pa.array(SITE)).filter(pa.array(keep & half)) for half in (first, second)]
    parts = [eq.gather(half, "y", folds="site") for half in halves]
    assert [part.labels for part in parts] == [("east", "south"), ("north", "south")]
    for both in (parts[0] + parts[1], parts[1] + parts[0]):
        assert both.labels == ("east", "north", "south")
        same(held_out_sums(both), sums_of([keep & (label == SITE) for label in both.labels]))
    numbered = eq.gather(table(site=pa.array(np.arange(N) % 2)), "y", folds="site")
    with pytest.raises(ValueError, match="add up if they have the same features and as many folds"):
        parts[0] + numbered
    grouped = eq.gather(table(g=pa.array(GROUP)), "y", folds=2, groups="g")
    with pytest.raises(ValueError, match="gathered data with groups do not add up"):
        grouped + grouped


def test_a_checkpoint_knows_the_folds_of_the_groups(tmp_path):
    source, kept = tmp_path / "parts", tmp_path / "kept"
    source.mkdir()
    folder(source, "parquet", table(group=pa.array(GROUP)))
    first = eq.gather(source, "y", folds=3, groups="group", checkpoint=kept)
    again = eq.gather(source, "y", folds=3, groups="group", checkpoint=kept)
    for one, other in zip(first.moments, again.moments, strict=True):
        np.testing.assert_array_equal(one.xx, other.xx)
    pq.write_table(table(group=pa.array(np.full(N, 77))), source / "part-3.parquet")  # other folds follow
    with pytest.raises(ValueError, match="of other data or of another question"):
        eq.gather(source, "y", folds=3, groups="group", checkpoint=kept)


def mixed(tmp_path):
    pq.write_table(table(g=pa.array(GROUP)), tmp_path / "1.parquet")
    pq.write_table(table(g=pa.array(GROUP.astype(str))), tmp_path / "2.parquet")
    return tmp_path


@pytest.mark.parametrize(
    ("source", "asked", "found"),
    [
        (lambda _: table(g=GROUP), {"folds": 10, "groups": "g"}, "folds is 10, but there are 9 groups"),
        (lambda _: table(g=GROUP), {"folds": None, "groups": "g"}, "folds is None: drop either"),
        (lambda _: table(g=GROUP, f=GROUP), {"folds": "f", "groups": "g"}, "given row by row"),
        (lambda _: table(ordered=GROUP), {"folds": "ordered"}, "folds is 'ordered', but data that are"),
        (lambda _: table(g=[None, *SITE[1:]]), {"folds": 2, "groups": "g"}, r"row 0 .* every row a group"),
        (lambda _: table(g=[np.nan, *Y[1:]]), {"folds": 2, "groups": "g"}, r"row 0 .* every row a group"),
        (lambda _: table(f=[*SITE[:-1], None]), {"folds": "f"}, r"row 119 .* every row a fold"),
        (lambda _: table(f=np.where(Y > 0, "test", "train")), {"folds": "f"}, "holds 'test', 'train', and"),
        (lambda _: table(g=GROUP).to_reader(), {"groups": "g"}, "can be read only once: pass a file"),
        (lambda _: table(f=SITE).to_reader(), {"folds": "f"}, "can be read only once: pass a file"),
        (mixed, {"folds": 2, "groups": "g"}, "holds text in some rows and numbers in others"),
        (lambda _: table(g=pa.array([[g] for g in GROUP])), {"groups": "g"}, "holds list.* numbers or dates"),
    ],
)
def test_what_is_refused(tmp_path, source, asked, found):
    with pytest.raises((ValueError, TypeError), match=found):
        eq.gather(source(tmp_path), "y", **asked)


@pytest.mark.parametrize("folds", [KFold(3), [(np.arange(9), np.arange(9, N))], [(slice(9), slice(9, N))]])
def test_folds_of_an_array_that_are_no_labels(folds):
    with pytest.raises(TypeError, match="takes a number, or the fold of each row: pass X and y to cross_val"):
        eq.gather(X, Y, folds=folds)


def test_groups_of_gathered_data_are_settled():
    data = eq.gather(pd.DataFrame({"a": X[:, 0], "y": Y}), "y")
    with pytest.raises(
        TypeError, match="settled when the data were gathered: leave out folds, repeats and groups"
    ):
        eq.cross_validate(data, groups=GROUP)
