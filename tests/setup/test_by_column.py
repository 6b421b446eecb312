"""The response and its kin by the names of their columns, wherever the columns are."""

import numpy as np
import pytest

import equipoise as eq

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(200, 5)), columns=list("abcde"))
    frame["s"], frame["o"] = rng.integers(0, 3, 200), rng.normal(size=200)
    frame["fold"] = rng.integers(0, 4, 200)
    frame["y"] = frame["a"] - 2 * frame["b"] + rng.normal(size=200)
    return frame


def kinds(table, folder):
    import duckdb
    import polars as pl

    table.to_csv(folder / "t.csv", index=False)
    table.to_parquet(folder / "t.parquet")
    arrow = pa.Table.from_pandas(table)
    return {
        "pandas": table,
        "polars": pl.from_pandas(table),
        "arrow": arrow,
        "file": str(folder / "t.csv"),
        "path": folder / "t.parquet",
        "query": f"SELECT * FROM '{folder}/t.parquet'",
        "relation": duckdb.from_df(table),
        "mapped": eq.Mapped(arrow),
    }


KINDS = ["pandas", "polars", "arrow", "file", "path", "query", "relation", "mapped"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_role_may_be_a_column(table, tmp_path, kind):
    X = table[["a", "b", "c", "d", "e"]]
    source = kinds(table, tmp_path)[kind]
    there = eq.fit(table[[*X, "fold"]], table["y"], l1=30, sample_weight=table["s"], offset=table["o"])
    found = eq.fit(source, "y", l1=30, sample_weight="s", offset="o")
    assert found.features == ("a", "b", "c", "d", "e", "fold")
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9, atol=1e-12)
    cv = eq.cross_validate(source, "y", folds="fold", sample_weight="s", offset="o", count=10)
    same = eq.cross_validate(
        X, table["y"], folds=table["fold"], sample_weight=table["s"], offset=table["o"], count=10
    )
    np.testing.assert_allclose(cv.fold_loss, same.fold_loss, rtol=1e-9)
    path = eq.path(source, "y", sample_weight="s", offset="o", strengths=[30.0])
    np.testing.assert_allclose(path.coef[0], found.coef, rtol=1e-9, atol=1e-12)


def test_what_a_verb_reads_of_a_mapped_matrix_is_counted(table):
    X = eq.Mapped(pa.Table.from_pandas(table))
    fit = eq.fit(X, "y", l1=1)
    assert 0.5 < X.passes < 5
    np.testing.assert_allclose(fit.predict(X), fit.predict(table.drop(columns="y")), rtol=1e-12)


def test_a_stream_is_read_once(table):
    reader = pa.Table.from_pandas(table).to_reader()
    found = eq.cross_validate(reader, "y", folds=3, count=5)
    assert found.fold_loss.shape == (5, 3)


def test_rows_without_a_response_may_be_dropped(table):
    gappy = table.assign(y=table["y"].where(table.index != 7))
    found = eq.fit(gappy, "y", l1=30, missing="drop")
    there = eq.fit(table.drop(index=7).drop(columns="y"), table["y"].drop(7), l1=30)
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9)
    with pytest.raises(ValueError, match="y 'y' holds 1 missing value"):
        eq.fit(gappy, "y", l1=30)


def test_what_cannot_be_named_is_said(table, tmp_path):
    file = kinds(table, tmp_path)["file"]
    X, y = table.drop(columns="y"), table["y"]
    with pytest.raises(ValueError, match="y 'yy' is not a column of the table: did you mean 'y'"):
        eq.fit(table, "yy", l1=1)
    with pytest.raises(ValueError, match="there is no column 'yy': did you mean 'y'"):
        eq.fit(file, "yy", l1=1)
    with pytest.raises(TypeError, match="y is missing: name the column of X to explain"):
        eq.fit(X, l1=1)
    for given in (None, y):
        with pytest.raises(TypeError, match="X is not in memory: name the column of it to explain as y"):
            eq.fit(file, given, l1=1)
    with pytest.raises(TypeError, match="y is 'y', but X has no column names: pass the response itself"):
        eq.fit(np.eye(3), "y", l1=1)
    with pytest.raises(
        TypeError, match="sample_weight of data that are not in memory is the name of a column"
    ):
        eq.fit(file, "y", l1=1, sample_weight=y)
    with pytest.raises(TypeError, match="folds of data that are not in memory is a number or the name"):
        eq.cross_validate(file, "y", folds=table["fold"])
    with pytest.raises(
        ValueError, match="missing is 'drop', but data that are not in memory are read as they"
    ):
        eq.path(file, "y", missing="drop")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        eq.fit("none.csv", "y", l1=1)
