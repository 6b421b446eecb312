"""Rows with missing values are dropped in the pass that sums up the others, and counted by column.

The truth are the rows that ``pandas.dropna`` leaves, and sums of these.
"""

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.frames.gaps import Missing

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROLES = {"weights": "s", "offset": "o"}
NEEDED = ["a", "b", "city", "flag", "y", "s", "o"]


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(4)
    n = 900
    frame = pd.DataFrame(rng.normal([0, 1e3], size=(n, 2)), columns=["a", "b"])
    frame["city"] = rng.choice(["Bonn", "Oslo", "Rome"], n)
    frame["flag"] = (rng.random(n) < 0.5).astype(object)
    frame["y"] = frame["a"] + 2 * (frame["city"] == "Rome") + rng.normal(size=n)
    frame["s"] = rng.integers(0, 3, n).astype(float)
    frame["o"] = rng.normal(size=n)
    frame["k"] = (np.arange(n) % 4).astype(float)
    for place, name in enumerate(NEEDED):
        frame.loc[rng.random(n) < 0.01 + place / 200, name] = None
    frame.loc[[5, 600], "city"] = "Pisa"  # a level that only dropped rows have
    frame.loc[[5, 600], "b"] = np.nan
    frame.loc[5, "k"] = np.nan  # and no fold, which a dropped row needs not have
    return frame


@pytest.fixture(scope="module")
def whole(rows):
    return rows.dropna(subset=NEEDED).astype({"flag": bool})


@pytest.fixture(scope="module")
def counts(rows):
    """The record, by pandas: features, then y, offset and weight."""
    names = ["a", "b", "city", "flag", "y", "o", "s"]
    known = {"o": "offset", "s": "sample_weight"}
    return tuple((known.get(name, name), int(rows[name].isna().sum())) for name in names)


def sources(rows, folder):
    """The same rows as everything that is gathered."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    for kind in ("parquet", "csv", "feather"):
        (folder / kind).mkdir()
    from pyarrow import csv, feather

    for k, start in enumerate((0, 100, 640)):
        part = table.slice(start, (100, 540, 260)[k])
        pq.write_table(part, folder / "parquet" / f"{k}.parquet", row_group_size=77)
        csv.write_csv(part, folder / "csv" / f"{k}.csv")
        feather.write_feather(part, folder / "feather" / f"{k}.arrow")
    return {
        "parquet": folder / "parquet",
        "csv": str(folder / "csv" / "*.csv"),
        "arrow": folder / "feather",
        "query": f"select * from '{folder}/parquet/*.parquet'",
        "pandas": rows,
        "polars": pytest.importorskip("polars").from_arrow(table),
        "table": table,
    }


@pytest.fixture(scope="module")
def kinds(rows, tmp_path_factory):
    return sources(rows, tmp_path_factory.mktemp("gaps"))


def assert_same_sums(found, expected):
    assert found.features == expected.features
    assert found.rows == expected.rows
    for one, other in zip(found.moments, expected.moments, strict=True):
        assert one.rows == other.rows
        assert one.weight == pytest.approx(other.weight, rel=1e-14)
        np.testing.assert_allclose(one.mean_x, other.mean_x, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(one.xx, other.xx, rtol=1e-11, atol=1e-9)
        np.testing.assert_allclose(one.xy, other.xy, rtol=1e-10, atol=1e-9)
        assert one.yy == pytest.approx(other.yy, rel=1e-12)


@pytest.mark.parametrize("folds", [5, "k", None])
@pytest.mark.parametrize("kind", ["parquet", "csv", "arrow", "query", "pandas", "polars", "table"])
def test_the_sums_are_those_of_the_complete_rows(kinds, whole, rows, counts, kind, folds):
    choice = {} if folds == "k" else {"drop": ["k"]}
    found = eq.gather(kinds[kind], "y", folds=folds, missing="drop", **ROLES, **choice)
    expected = eq.gather(whole, "y", folds=folds, **ROLES, **choice)
    assert_same_sums(found, expected)
    assert expected.missing is None
    assert found.missing == Missing("drop", 900, 900 - len(whole), counts)
    assert found.features == ("a", "b", "city=Bonn", "city=Oslo", "city=Rome", "flag")
    in_memory = eq.fit(rows.drop(columns="k"), "y", l1=5.0, sample_weight="s", offset="o", missing="drop")
    fit = eq.fit(found, l1=5.0)
    assert fit.missing == in_memory.missing
    np.testing.assert_allclose(fit.coef, in_memory.coef, rtol=1e-8, atol=1e-10)
    told = f"{900 - len(whole)} of 900 rows dropped for missing values (a {counts[0][1]}, b {counts[1][1]}, "
    assert told in str(fit)
    assert told in str(found)
    assert fit.to_dict()["missing"]["dropped"] == 900 - len(whole)


def test_plain_sums_of_the_complete_rows(kinds, whole):
    """Without a word of our own: weighted sums by NumPy."""
    found = eq.gather(kinds["parquet"], "y", folds=None, missing="drop", features=["a", "b"], **ROLES)
    there = found.missing
    assert {name for name, _ in there.counts} == {"a", "b", "y", "offset", "sample_weight"}
    part = found.total
    used = pd.read_parquet(kinds["parquet"]).dropna(subset=["a", "b", "y", "s", "o"])
    s = used["s"].to_numpy()
    X, t = used[["a", "b"]].to_numpy(), (used["y"] - used["o"]).to_numpy()
    mean = s @ X / s.sum()
    assert part.weight == s.sum()
    np.testing.assert_allclose(part.mean_x, mean, rtol=1e-13)
    np.testing.assert_allclose(part.xy, (X - mean).T @ (s * (t - s @ t / s.sum())), rtol=1e-9)


def test_arrays_and_dask_arrays(whole):
    da = pytest.importorskip("dask.array")
    rng = np.random.default_rng(0)
    X, y, s = rng.normal(size=(200, 3)), rng.normal(size=200), rng.uniform(size=200)
    X[3, 1], X[70, 1], X[150, 2], y[9], s[199] = [np.nan] * 5
    kept = ~(np.isnan(X).any(axis=1) | np.isnan(y) | np.isnan(s))
    expected = eq.gather(X[kept], y[kept], sample_weight=s[kept])
    for convert in (np.asarray, lambda v: da.from_array(v, chunks=(60,) + (3,) * (v.ndim - 1))):
        found = eq.gather(convert(X), convert(y), sample_weight=convert(s), missing="drop")
        assert_same_sums(found, expected)
        assert found.missing == Missing(
            "drop", 200, 5, (("x2", 2), ("x3", 1), ("y", 1), ("sample_weight", 1))
        )
    masked = np.ma.masked_array(np.nan_to_num(X), np.isnan(X))
    again = eq.gather(masked, y, sample_weight=s, missing="drop")
    assert_same_sums(again, expected)
    with pytest.raises(ValueError, match=r"row 3 .* column 'x2' holds no value"):
        eq.gather(masked, np.nan_to_num(y))


def test_frames_of_dask(rows, whole, counts):
    dd = pytest.importorskip("dask.dataframe")
    frame = rows.drop(columns=["k", "flag"])
    found = eq.gather(dd.from_pandas(frame, npartitions=7), "y", missing="drop", **ROLES)
    complete = frame.dropna()
    assert_same_sums(found, eq.gather(complete, "y", **ROLES))
    assert found.missing.dropped == 900 - len(complete)
    fit = eq.fit(
        dd.from_pandas(frame, npartitions=7), "y", l1=9.0, missing="drop", sample_weight="s", offset="o"
    )
    assert fit.missing.counts == tuple(pair for pair in counts if pair[0] != "flag")


def test_streams_and_declared_levels(rows):
    table = pa.Table.from_pandas(rows.drop(columns=["k", "flag"]), preserve_index=False)
    levels = {"city": ["Bonn", "Oslo", "Rome"]}
    reader = table.to_reader(max_chunksize=64)
    found = eq.gather(reader, "y", categories=levels, missing="drop", **ROLES)  # Pisa's rows are dropped
    complete = rows.drop(columns=["k", "flag"]).dropna()
    assert_same_sums(found, eq.gather(complete, "y", categories=levels, **ROLES))
    with pytest.raises(ValueError, match="level 'Pisa'"):
        eq.gather(
            table.to_reader(),
            "y",
            categories={"city": levels["city"]},
            features=["a", "city"],
            missing="drop",
        )


def test_records_add_up(kinds, rows, whole, counts):
    files = sorted(kinds["parquet"].glob("*"))
    levels = {"city": ["Bonn", "Oslo", "Rome"]}
    asked = {"folds": 3, "drop": ["k"], "categories": levels, **ROLES}
    one, two, three = (eq.gather(file, "y", missing="drop", **asked) for file in files)
    total = one + two + three
    assert_same_sums(total, eq.gather(whole, "y", **asked))
    assert total.missing == Missing("drop", 900, 900 - len(whole), counts)
    complete = eq.gather(whole, "y", **asked)
    assert (complete + complete).missing is None
    for both in (complete + one, one + complete):
        assert both.missing.rows == len(whole) + one.missing.rows
        assert both.missing.dropped == one.missing.dropped
        assert both.missing.counts == one.missing.counts


def test_a_checkpoint_keeps_the_record(kinds, counts, tmp_path):
    asked = {"drop": ["k"], "missing": "drop", "checkpoint": tmp_path / "kept", **ROLES}
    first = eq.gather(kinds["csv"], "y", **asked)
    (tmp_path / "kept" / "piece-000001.moments").unlink()
    again = eq.gather(kinds["csv"], "y", **asked)
    assert again.missing == first.missing
    assert again.missing.counts == counts
    np.testing.assert_array_equal(again.total.xx, first.total.xx)
    with pytest.raises(ValueError, match="of another question"):
        eq.gather(kinds["csv"], "y", **asked | {"missing": "error"})


def test_a_row_keeps_its_number_when_others_are_dropped():
    columns = {"a": [1.0, None, 3, None, 5], "s": [1.0, 1, 1, -1, -2], "y": [1.0, 2, 3, 4, 5]}
    with pytest.raises(ValueError, match=r"row 4 \(counting from 0\): column 's' is -2"):
        eq.gather(pa.table(columns), "y", weights="s", missing="drop")
    columns["s"][4], columns["a"][2], columns["a"][1] = 1.0, np.inf, -np.inf
    columns["y"][1] = None  # an infinite value in a dropped row is nobody's business
    with pytest.raises(ValueError, match=r"row 2 \(counting from 0\): column 'a' holds an infinite value"):
        eq.gather(pa.table(columns), "y", weights="s", missing="drop")
    columns["a"][2], columns["k"] = 3.0, [0, None, 1, None, None]
    with pytest.raises(ValueError, match=r"row 4 \(counting from 0\): column 'k' holds no value"):
        eq.gather(pa.table(columns), "y", weights="s", folds="k", missing="drop")


def test_texts_that_mean_missing(tmp_path):
    text = "a,b,c,y\n1,?,u,1\n2,3,?,2\n?,4,v,4\n3,1,u,3\n,2,v,5\n5,2,v,?\n6,1,v,6\n"
    (tmp_path / "f.csv").write_text(text)
    found = eq.gather(tmp_path / "f.csv", "y", null="?", missing="drop", folds=None)
    table = eq.read(tmp_path / "f.csv", null="?")
    assert found.features == ("a", "b", "c=v")
    assert found.rows == 2
    assert found.missing.counts == (("a", 2), ("b", 1), ("c", 1), ("y", 1))
    assert eq.fit(table, "y", l1=1.0, missing="drop").missing == found.missing


def test_what_is_not_for_gathered_data_is_said(kinds, whole):
    data = eq.gather(whole, "y", drop=["k"], **ROLES)
    for missing in ("drop", "mean", "guess"):
        with pytest.raises(
            ValueError, match=f"missing is '{missing}', but X holds gathered data.* to gather"
        ):
            eq.fit(data, l1=1, missing=missing)
    for read in (
        lambda: eq.gather(kinds["csv"], "y", missing="mean"),
        lambda: eq.fit(str(kinds["csv"]), "y", l1=1, missing="mean"),
    ):
        with pytest.raises(
            ValueError, match=r"missing is 'mean', but .* another pass: pass missing='drop', or"
        ):
            read()
    with pytest.raises(ValueError, match="missing is 'guess': pass 'error' or 'drop'"):
        eq.gather(kinds["csv"], "y", missing="guess")
    gone = pa.table({"a": [None, 1.0], "b": [2.0, None], "y": [1.0, 2.0]})
    with pytest.raises(
        ValueError, match=r"leaves no row, for every one misses a value \(a 1, b 1\): drop such"
    ):
        eq.gather(gone, "y", missing="drop")
    gone = pa.table({"a": [None, 1.0], "b": ["u", None], "y": [1.0, 2.0]})
    with pytest.raises(
        ValueError, match="column 'b' has no value in any row without missing values: drop it"
    ):
        eq.gather(gone, "y", missing="drop")


def test_a_model_of_such_data_is_explained_and_audited_by_them(kinds, tmp_path):
    data = eq.gather(kinds["parquet"], "y", drop=["k"], missing="drop", **ROLES)
    fit = eq.fit(data, l1=20.0)
    fit.save(tmp_path / "model.json")
    model = eq.load(tmp_path / "model.json")
    assert model.missing == fit.missing
    pull = fit.explain()["a"].pull
    roles = {"sample_weight": "s", "offset": "o"}
    assert model.explain(data)["a"].pull == pytest.approx(pull, rel=1e-9)
    assert model.explain(X=str(kinds["parquet"]), y="y", **roles)["a"].pull == pytest.approx(pull, rel=1e-9)
    assert eq.audit(data, None, model).optimal
    assert eq.audit(str(kinds["parquet"]), "y", model, **roles).optimal
