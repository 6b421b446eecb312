"""Scores on the command line: scikit-learn's numbers, whatever the rows come in."""

import numpy as np
import pytest

import equipoise as eq

OWN = ("r2", "root_mean_squared_error", "mean_absolute_error")
NULL = tuple(f"null_{name}" for name in OWN)


def by_sklearn(y, predicted, weights=None):
    metrics = pytest.importorskip("sklearn.metrics")
    return (
        metrics.r2_score(y, predicted, sample_weight=weights),
        np.sqrt(metrics.mean_squared_error(y, predicted, sample_weight=weights)),
        metrics.mean_absolute_error(y, predicted, sample_weight=weights),
    )


def columns(seed, n):
    rng = np.random.default_rng(seed)
    city = rng.choice(["Oslo", "Rome", "Bern"], n)
    a, offset = rng.normal(size=n), rng.normal(size=n)
    y = 3.0 + 2.0 * a + (city == "Oslo") + offset + rng.normal(size=n)
    return {"a": a, "city": city, "offset": offset, "w": rng.integers(0, 3, n), "y": y}


@pytest.fixture
def rows(succeed, tmp_path):
    """A model, and new rows in a file and, in parts, in a folder; the model and the rows here."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pa.table(columns(0, 80)), tmp_path / "train.parquet")
    asked = ("--target", "y", "--offset", "offset", "--drop", "w", "--l1", 3, "--save", "model.json")
    succeed("fit", "train.parquet", *asked)
    new = columns(1, 50)
    new["w"][10:20] = 0  # a part in which no row counts
    table = pa.table(new)
    parquet.write_table(table, tmp_path / "new.parquet")
    (tmp_path / "parts").mkdir()
    for k, (start, stop) in enumerate([(0, 10), (10, 20), (20, 50)]):
        parquet.write_table(table.slice(start, stop - start), tmp_path / "parts" / f"{k}.parquet")
    return eq.load(tmp_path / "model.json"), new


@pytest.mark.parametrize("source", ["new.parquet", "parts", "parts/*.parquet", "select * from 'new.parquet'"])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_measures_are_those_of_scikit_learn(document, rows, source, weighted):
    fit, new = rows
    weights = new["w"] if weighted else None
    asked = ("--target", "y", "--offset", "offset", *(("--weights", "w") if weighted else ()))
    told = document("score", "model.json", source, *asked)
    coef = dict(zip(fit.features, fit.coef, strict=True))
    level = np.array([coef.get(f"city={name}", 0.0) for name in new["city"]])
    predicted = fit.intercept + coef["a"] * new["a"] + level + new["offset"]
    train = columns(0, 80)
    null = np.mean(train["y"] - train["offset"]) + new["offset"]
    assert [told[name] for name in OWN] == pytest.approx(by_sklearn(new["y"], predicted, weights), rel=1e-10)
    assert [told[name] for name in NULL] == pytest.approx(by_sklearn(new["y"], null, weights), rel=1e-10)
    assert told["rows"] == (np.count_nonzero(weights) if weighted else 50)


def test_what_is_printed(succeed, tmp_path):
    """ŷ = 2x − 1: errors 0 and 1 at x = 1, 4; the null model says 3."""
    (tmp_path / "train.csv").write_text("x,y\n1,1\n2,2\n3,6\n")
    (tmp_path / "new.csv").write_text("x,y\n1,1\n4,8\n")
    succeed("fit", "train.csv", "--target", "y", "--l1", 1, "--no-standardize", "--save", "model.json")
    assert succeed("score", "model.json", "new.csv", "--target", "y").splitlines() == [
        "2 rows",
        "",
        "                            model       null",
        "R²                       0.959184  -0.183673",
        "root mean squared error  0.707107    3.80789",
        "mean absolute error           0.5        3.5",
        "",
        "The null model predicts 3 for every row.",
    ]


def test_rows_that_leave_nothing_to_explain(succeed, document, tmp_path):
    (tmp_path / "train.csv").write_text("x,y\n1,1\n2,2\n3,6\n")
    (tmp_path / "one.csv").write_text("x,y\n1,4\n")
    succeed("fit", "train.csv", "--target", "y", "--l1", 1, "--no-standardize", "--save", "model.json")
    assert "There is no R²: y is the same in all rows" in succeed(
        "score", "model.json", "one.csv", "--target", "y"
    )
    told = document("score", "model.json", "one.csv", "--target", "y")
    assert (told["r2"], told["null_r2"], told["mean_absolute_error"]) == (None, None, pytest.approx(3.0))


def test_a_category_that_the_fit_did_not_see(succeed, mistake, rows, tmp_path):
    (tmp_path / "new.csv").write_text("a,city,y\n1,Lima,4\n2,Oslo,5\n")
    asked = ("score", "model.json", "new.csv", "--target", "y")
    assert "say --offset COLUMN, or --offset 0 on purpose" in mistake(*asked)
    asked += ("--offset", "0")
    assert "'Lima'" in mistake(*asked)
    assert "2 rows" in succeed(*asked, "--unseen", "zero")


def test_mistakes_are_sentences(mistake, rows, tmp_path):
    asked = ("score", "model.json", "new.parquet", "--target")
    assert "target 'z' is not a column" in mistake(*asked, "z")
    assert "weights column 'z' is not a column" in mistake(*asked, "y", "--weights", "z")
    assert "column 'y' is named in two roles" in mistake(*asked, "y", "--weights", "y")
    assert "target 'city' is not numeric" in mistake(*asked, "city")
    assert "negative" in mistake(*asked, "y", "--weights", "a")
    (tmp_path / "parts" / "1.parquet").unlink()
    (tmp_path / "parts" / "1.csv").write_text("a,city,w,y\n1,Oslo,1,2\n2,Oslo,1,\n")
    told = mistake("score", "model.json", "parts", "--offset", "0")
    assert told.startswith("parts/1.csv, rows from 0: target 'y' holds 1 missing value")


def test_rows_that_miss_a_value_are_left_out_where_this_is_asked(succeed, mistake, document, tmp_path):
    (tmp_path / "train.csv").write_text("x,y\n1,no\n2,yes\n3,no\n4,yes\n")
    asked = ("--target", "y", "--loss", "binomial", "--l1", 0.1, "--save", "model.json")
    succeed("fit", "train.csv", *asked)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "1.csv").write_text("x,y\n1,no\n2,\n")
    (tmp_path / "parts" / "2.csv").write_text("x,y\n,yes\n4,yes\n5,no\n")
    (tmp_path / "whole.csv").write_text("x,y\n1,no\n2,\n,yes\n4,yes\n5,no\n")
    (tmp_path / "complete.csv").write_text("x,y\n1,no\n4,yes\n5,no\n")
    expected = document("score", "model.json", "complete.csv") | {"dropped": 2}
    for source in ("whole.csv", "parts"):
        assert document("score", "model.json", source, "--missing", "drop") == expected
        told = mistake("score", "model.json", source)
        assert "holds 1 " in told
        assert told.endswith("pass --missing drop to leave them out of the score")
    assert "3 rows; 2 others left out" in succeed("score", "model.json", "parts", "--missing", "drop")


def test_the_model_remembers_target_and_offset(succeed, odd):
    roles = ("--target", "y", "--offset", "offset")
    succeed("fit", odd, *roles, "--l1", 5, "--save", "model.json")
    told = succeed("score", "model.json", odd, *roles)
    assert succeed("score", "model.json", odd) == told
    assert "its offset plus" in told
    assert "its offset plus" not in succeed("score", "model.json", odd, "--offset", "0")


def test_columns_of_the_fit_are_the_default(succeed, document, mistake, tmp_path):
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pa.table(columns(0, 80)), tmp_path / "train.parquet")
    asked = ("--target", "y", "--weights", "w", "--offset", "offset", "--l1", 3, "--save", "model.json")
    succeed("fit", "train.parquet", *asked)
    new = columns(1, 50)
    parquet.write_table(pa.table(new), tmp_path / "new.parquet")
    said = ("--target", "y", "--weights", "w", "--offset", "offset")
    whole = document("score", "model.json", "new.parquet", "--weights", "w")
    assert whole == document("score", "model.json", "new.parquet", *said)
    assert whole["rows"] == np.count_nonzero(new["w"])
    bare = "select a, city, y from 'new.parquet'"
    told = document("score", "model.json", bare, "--offset", "0")
    fit = eq.load(tmp_path / "model.json")
    predicted = fit.predict(pa.table({name: new[name] for name in ("a", "city")}), offset=0)
    assert [told[name] for name in OWN] == pytest.approx(by_sklearn(new["y"], predicted), rel=1e-10)
    assert told["with_offset"] is False
    assert "--offset 0 on purpose" in mistake("score", "model.json", bare)
