"""The same table by every way in: the features, coefficients and predictions of a matrix by hand."""

import itertools
import json
import subprocess
import sys

import numpy as np
import pytest

import equipoise as eq

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

N, L1 = 60, 3.0
FEATURES = ("age", "price", "student=Yes", "city=Bern", "city=Oslo", "city=Rome", "member")


def make_table():
    rng = np.random.default_rng(7)
    table = pd.DataFrame(
        {
            "age": rng.integers(20, 80, N),
            "price": rng.normal(size=N).round(3),
            "student": rng.choice(["Yes", "No"], N),
            "city": rng.choice(["Rome", "Oslo", "Bern"], N),
            "member": rng.random(N) < 0.4,
        }
    )
    noise = rng.normal(size=N)
    table["y"] = (0.1 * table["age"] + 2 * (table["student"] == "Yes") + table["price"] + noise).round(3)
    return table


TABLE = make_table()


def by_hand():
    """The matrix that the columns stand for, written out."""
    cities = [(TABLE["city"] == city) for city in ("Bern", "Oslo", "Rome")]
    columns = [TABLE["age"], TABLE["price"], TABLE["student"] == "Yes", *cities, TABLE["member"]]
    return np.column_stack([column.to_numpy(float) for column in columns])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("tables")
    TABLE.to_csv(place / "t.csv", index=False)
    TABLE.to_csv(place / "t.csv.gz", index=False)
    TABLE.to_csv(place / "rownames.csv")
    TABLE.to_csv(place / "commas.csv", index=False, sep=";", decimal=",")
    TABLE.to_csv(place / "tabs.tsv", index=False, sep="\t", decimal=",")
    TABLE.to_csv(place / "quoted.csv", index=False, decimal=",")
    TABLE.to_parquet(place / "t.parquet")
    TABLE.set_index(pd.Index(range(5, 5 + N), name=None)).iloc[::1].to_parquet(place / "indexed.parquet")
    TABLE.to_json(place / "t.jsonl", orient="records", lines=True)
    (place / "parts").mkdir()
    TABLE[:25].to_csv(place / "parts" / "a.csv", index=False)
    TABLE[25:].to_csv(place / "parts" / "b.csv", index=False)
    return place


def read_arrow(path):
    from pyarrow import csv

    return csv.read_csv(path)


WAYS = {
    "file": lambda place: str(place / "t.csv"),
    "gzipped": lambda place: place / "t.csv.gz",
    "row names": lambda place: place / "rownames.csv",
    "semicolons": lambda place: place / "commas.csv",
    "tabs": lambda place: place / "tabs.tsv",
    "quoted": lambda place: place / "quoted.csv",
    "folder": lambda place: place / "parts",
    "pattern": lambda place: f"{place}/parts/*.csv",
    "query": lambda place: f"SELECT * FROM '{place}/t.csv'",
    "query of a pattern": lambda place: f"SELECT * FROM '{place}/parts/*.csv'",
    "parquet": lambda place: place / "t.parquet",
    "index": lambda place: place / "indexed.parquet",
    "JSON lines": lambda place: place / "t.jsonl",
    "read": lambda place: eq.read(place / "t.csv"),
    "read folder": lambda place: eq.read(place / "parts"),
    "read query": lambda place: eq.read(f"FROM '{place}/t.csv'"),
    "read frame": lambda place: eq.read(pd.read_csv(place / "t.csv")),
    "read JSON": lambda place: eq.read(place / "t.jsonl"),
    "pandas": lambda place: pd.read_csv(place / "t.csv"),
    "pandas with row names": lambda place: pd.read_csv(place / "rownames.csv"),
    "pandas of Arrow": lambda place: pd.read_csv(place / "t.csv", dtype_backend="pyarrow"),
    "pandas categories": lambda place: pd.read_csv(place / "t.csv").astype(
        {"city": "category", "student": "category"}
    ),
    "polars": lambda place: pl.read_csv(place / "t.csv"),
    "polars lazily": lambda place: pl.scan_csv(place / "t.csv").collect(),
    "arrow": lambda place: read_arrow(place / "t.csv"),
    "gathered": lambda place: eq.gather(place / "t.csv", "y"),
    "gathered frame": lambda place: eq.gather(pd.read_csv(place / "t.csv"), "y"),
    "gathered folder": lambda place: eq.gather(place / "parts", "y"),
}


def fit_of(data):
    if type(data).__name__ == "Gathered":
        return eq.fit(data, l1=L1, standardize=True)
    return eq.fit(data, "y", l1=L1, standardize=True)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_gives_the_fit_of_the_matrix(folder, way):
    there = eq.fit(by_hand(), TABLE["y"].to_numpy(), l1=L1, standardize=True)
    found = fit_of(WAYS[way](folder))
    assert found.features == FEATURES
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9, atol=1e-12)
    assert found.intercept == pytest.approx(there.intercept, rel=1e-9)
    assert found.certificate.optimal
    assert found.certificate.violation < 1e-9


def test_the_shell_gives_the_same(folder):
    there = eq.fit(by_hand(), TABLE["y"].to_numpy(), l1=L1, standardize=True)
    for source in ("t.csv", "commas.csv", "t.parquet", "parts", "SELECT * FROM 't.csv'"):
        command = [sys.executable, "-c", "from equipoise.cli import main; main()", "fit", source]
        done = subprocess.run(
            [*command, "--target", "y", "--l1", str(L1), "--json"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)
        assert tuple(found["features"]) == FEATURES, source
        np.testing.assert_allclose(found["coef"], there.coef, rtol=1e-9, atol=1e-12)


FRAMES = ["read", "pandas", "polars", "arrow", "pandas categories", "read query"]


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(FRAMES, 2)))
def test_a_model_of_one_predicts_in_another(folder, tmp_path, one, other):
    fit_of(WAYS[one](folder)).save(tmp_path / "model.json")
    model = eq.load(tmp_path / "model.json")
    expected = by_hand() @ model.coef + model.intercept
    np.testing.assert_allclose(model.predict(WAYS[other](folder)), expected, rtol=1e-12)


@pytest.mark.parametrize("way", FRAMES)
def test_a_row_is_predicted_alike_alone_and_in_company(folder, way):
    model, rows = fit_of(WAYS[way](folder)), pl.read_csv(folder / "t.csv")
    alone = np.concatenate([model.predict(rows[k]) for k in range(N)])
    np.testing.assert_allclose(alone, model.predict(rows), rtol=1e-14)
