"""What one pass over batches leaves gives what the same rows give in memory, and bad files are said."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import equipoise as eq
from equipoise.data.stream import open_source as batches
from equipoise.sums.fold_moments import hashed_features, hashed_folds


def draw(n=3000, p=8, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.5) + 10.0 ** rng.integers(-2, 4, size=p)
    y = X[:, :3] @ [1.0, -2.0, 0.5] + 3 * rng.normal(size=n) + 50
    s = rng.integers(0, 3, size=n).astype(float)
    o = rng.normal(size=n)
    return X, y, s, o


def table_of(X, y, s, o):
    columns = {f"f{j}": X[:, j] for j in range(X.shape[1])}
    return pa.table({**columns, "y": y, "s": s, "o": o})


def in_memory(X, y, s, o, folds):
    """The folds that the rows were sorted into, in NumPy."""
    return hashed_folds([*X.T], y - o, folds)


@pytest.fixture
def folder(tmp_path):
    X, y, s, o = draw()
    table = table_of(X, y, s, o)
    parts = tmp_path / "parts"
    parts.mkdir()
    for k, start in enumerate((0, 700, 1900)):
        stop = (700, 1900, 3000)[k]
        pq.write_table(table.slice(start, stop - start), parts / f"part-{k}.parquet", row_group_size=333)
    return parts


@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("intercept", [False, True])
def test_a_folder_gives_the_fit_of_the_array(folder, standardize, intercept):
    X, y, s, o = draw()
    data = eq.gather(str(folder), "y", weights="s", offset="o")
    asked = {"l1": 300.0, "l2": 1.0, "standardize": standardize, "intercept": intercept}
    ours = eq.fit(data, **asked)
    theirs = eq.fit(X, y, sample_weight=s, offset=o, **asked)
    np.testing.assert_allclose(ours.coef, theirs.coef, rtol=1e-9, atol=1e-12)
    assert ours.intercept == pytest.approx(theirs.intercept, rel=1e-9)
    np.testing.assert_allclose(ours.limits, theirs.limits, rtol=1e-12)
    assert ours.certificate.status == theirs.certificate.status
    if intercept:  # without one, columns far from zero leave it to rounding which zeros are proved
        assert np.array_equal(ours.certificate.zeros_proved, theirs.certificate.zeros_proved)
    # The conditions on the rows themselves, from scratch.
    r = y - o - ours.intercept - X @ ours.coef
    pull = (
        X.T @ (s * r)
        - 2 * np.where(standardize, np.sqrt(np.cov(X.T, aweights=s, ddof=0).diagonal()), 1) ** 2 * ours.coef
    )
    on = ours.coef != 0
    room = 1e-9 * ours.limits + 1e-12 * np.sqrt(s @ X**2) * np.sqrt(s @ y**2)
    assert np.all(np.abs(pull - np.sign(ours.coef) * ours.limits)[on] <= room[on])
    assert np.all((np.abs(pull) - ours.limits)[~on] <= room[~on])


@pytest.mark.parametrize("weighted", [False, True])
def test_cross_validation_is_part_of_the_same_pass(folder, weighted):
    X, y, s, o = draw()
    asked = {"standardize": True, "count": 25}
    names = {"weights": "s", "offset": "o"} if weighted else {"drop": ["s", "o"]}
    data = eq.gather(folder, "y", folds=5, **names)
    ours = eq.cross_validate(data, **asked)
    rows = {"sample_weight": s, "offset": o} if weighted else {}
    folds = in_memory(X, y, s, o if weighted else 0.0, 5)
    theirs = eq.cross_validate(X, y, folds=folds, **rows, **asked)
    np.testing.assert_allclose(ours.path.strengths, theirs.path.strengths, rtol=1e-10)
    np.testing.assert_allclose(ours.fold_loss, theirs.fold_loss, rtol=1e-9)
    np.testing.assert_allclose(ours.standard_error, theirs.standard_error, rtol=1e-7)
    assert ours.one_se_strength == pytest.approx(theirs.one_se_strength)
    np.testing.assert_allclose(ours.best.coef, theirs.best.coef, rtol=1e-9, atol=1e-10)


def test_neither_order_nor_batches_nor_parts_matter(monkeypatch):
    X, y, s, o = draw()
    table = table_of(X, y, s, o)
    whole = eq.cross_validate(eq.gather(table, "y", folds=4, drop=["s", "o"]), count=10)
    mixed = table.take(np.random.default_rng(1).permutation(len(y)))
    reader = pa.RecordBatchReader.from_batches(mixed.schema, mixed.to_batches(max_chunksize=77))
    halves = [eq.gather(mixed.slice(*part), "y", folds=4, drop=["s", "o"]) for part in ((0, 1234), (1234,))]
    for data in (eq.gather(reader, "y", folds=4, drop=["s", "o"]), halves[0] + halves[1]):
        assert data.rows == 3000
        found = eq.cross_validate(data, count=10)
        np.testing.assert_allclose(found.fold_loss, whole.fold_loss, rtol=1e-10)
        np.testing.assert_allclose(found.best.coef, whole.best.coef, rtol=1e-10)


def test_a_column_may_say_the_fold(folder):
    X, y, s, _ = draw()
    data = eq.gather(folder, "y", folds="s", drop=["o"])
    ours = eq.cross_validate(data, count=10)
    theirs = eq.cross_validate(X, y, folds=s, count=10)
    np.testing.assert_allclose(ours.fold_loss, theirs.fold_loss, rtol=1e-9)


def test_every_kind_of_source(tmp_path, monkeypatch):
    import duckdb
    import polars as pl

    monkeypatch.setattr(batches, "BATCH_ROWS", 500)
    X, y, s, o = draw()
    table = table_of(X, y, s, o)
    pq.write_table(table, tmp_path / "t.parquet")
    pl.from_arrow(table).write_csv(tmp_path / "t.csv")
    pl.from_arrow(table).write_ndjson(tmp_path / "t.jsonl")
    sources = [
        table,
        pl.from_arrow(table),
        table.to_pandas(),
        table.to_reader(max_chunksize=100),
        duckdb.from_arrow(table),
        tmp_path / "t.csv",
        tmp_path / "t.jsonl",
        str(tmp_path / "*.parquet"),
        f"SELECT * FROM read_parquet('{tmp_path}/t.parquet')",
    ]
    expected = eq.fit(X, y, l1=200).coef
    for source in sources:
        found = eq.fit(eq.gather(source, "y", drop=["s", "o"], folds=None), l1=200)
        np.testing.assert_allclose(found.coef, expected, rtol=1e-9)


def test_arrays_are_gathered_as_they_come():
    X, y, s, o = draw()
    fold = np.arange(len(y)) % 3
    data = eq.gather(X[:1000], y[:1000], weights=s[:1000], offset=o[:1000], folds=fold[:1000])
    data += eq.gather(X[1000:], y[1000:], weights=s[1000:], offset=o[1000:], folds=fold[1000:])
    ours = eq.cross_validate(data, count=5)
    theirs = eq.cross_validate(X, y, sample_weight=s, offset=o, folds=fold, count=5)
    np.testing.assert_allclose(ours.fold_loss, theirs.fold_loss, rtol=1e-9)
    np.testing.assert_allclose(ours.best.predict(X, offset=0), theirs.best.predict(X, offset=0), rtol=1e-9)


def test_text_becomes_levels_found_beforehand(tmp_path):
    rng = np.random.default_rng(2)
    city, age = rng.choice(["Oslo", "Rome", "Bonn"], 400), rng.normal(size=400)
    y = age + (city == "Rome") * 2 + rng.normal(size=400)
    table = pa.table({"city": city, "age": age, "y": y})
    for k in range(4):
        pq.write_table(table.slice(100 * k, 100), tmp_path / f"{k}.parquet")
    data = eq.gather(tmp_path, "y")
    assert data.features == ("city=Bonn", "city=Oslo", "city=Rome", "age")
    ours = eq.fit(data, l1=20)
    theirs = eq.fit(table.drop_columns("y"), y, l1=20)
    np.testing.assert_allclose(ours.coef, theirs.coef, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.predict(table), theirs.predict(table), rtol=1e-9)
    with pytest.raises(ValueError, match=r"columns 'city' are text.*only once"):
        eq.gather(table.to_reader(), "y")


def test_fewer_rows_than_columns_and_a_perfect_fit():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(20, 40))
    y = X[:, 0] - X[:, 1]
    table = pa.table({**{f"f{j}": X[:, j] for j in range(40)}, "y": y})
    ours, theirs = eq.fit(eq.gather(table, "y", folds=None), l1=0.5), eq.fit(X, y, l1=0.5)
    np.testing.assert_allclose(ours.coef, theirs.coef, atol=1e-9)
    cv = eq.cross_validate(eq.gather(table, "y", folds=3), count=10)
    folds = hashed_folds([*X.T[hashed_features([True] * 40)]], y, 3)
    np.testing.assert_allclose(
        cv.fold_loss, eq.cross_validate(X, y, folds=folds, count=10).fold_loss, rtol=1e-6
    )


def test_one_pass_is_one_pass(folder, monkeypatch):
    read = []
    opened = batches.parquet_batches

    def counted(*given, **named):
        for batch in opened(*given, **named):
            read.append(batch.num_rows)
            yield batch

    monkeypatch.setattr(batches, "parquet_batches", counted)
    seen = []
    data = eq.gather(folder, "y", progress=seen.append)
    eq.cross_validate(data, count=5)
    eq.fit(data, l1=1)
    # A glance at the first batch tells the columns.
    assert sum(read[1:]) == sum(seen) == 3000


def test_explained_audited_and_saved(folder, tmp_path):
    X, y, _, _ = draw()
    fit = eq.fit(eq.gather(folder, "y", drop=["s", "o"]), l1=5000)
    theirs = eq.fit(X, y, l1=5000)
    for ours, other in zip(fit.explain(), theirs.explain(), strict=True):
        assert (ours.status, ours.reason) == (other.status, other.reason)
        assert ours.alone == pytest.approx(other.alone, rel=1e-8, abs=1e-6)
    fit.save(tmp_path / "m.json")
    np.testing.assert_allclose(eq.load(tmp_path / "m.json").predict(X), theirs.predict(X), rtol=1e-9)


def test_what_is_wrong_is_said_with_its_place(tmp_path, folder):
    X, y, s, o = draw()
    table = table_of(X, y, s, o)
    gap = X.copy()
    gap[1500, 2] = np.nan
    pq.write_table(table_of(gap, y, s, o), tmp_path / "gap.parquet")
    with pytest.raises(ValueError, match=r"gap\.parquet row 1500 .*column 'f2' holds no value"):
        eq.gather(tmp_path / "gap.parquet", "y")
    whole = (folder / "part-1.parquet").read_bytes()
    (folder / "part-1.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"part-1\.parquet is not a readable Parquet file, or was cut short"):
        eq.gather(folder, "y")
    text = table.set_column(0, "f0", pa.array(["a"] * 3000))
    pq.write_table(text, folder / "part-1.parquet")
    with pytest.raises(
        TypeError, match=r"part-1\.parquet row 0 .*: column 'f0' holds 'a', which is no number"
    ):
        eq.gather(folder, "y")
    (tmp_path / "t.csv").write_text("a,y\n" + "1,2\n" * 3000 + "3\n")
    with pytest.raises(ValueError, match=r"t\.csv line 3002 has 1 value but the first line names 2 columns"):
        eq.gather(tmp_path / "t.csv", "y")


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"target": "z"}, ValueError, "there is no column 'z': the columns are"),
        ({"folds": 1}, ValueError, "folds is 1: pass at least 2, or None for none"),
        ({"weights": "y"}, ValueError, "one column has several roles: y, y"),
        ({"weights": "f1"}, ValueError, r"row 0 \(counting from 0\): column 'f1' is -1: weights are not"),
        ({"folds": "f1"}, ValueError, r"row 0 \(counting from 0\): column 'f1' is -1: folds are num"),
        ({"memory": 10}, ValueError, "need 864 bytes of moments, more than memory allows"),
        ({"features": ["y"]}, ValueError, "features names 'y', which is y and so no feature"),
    ],
)
def test_what_cannot_be_asked(asked, error, said):
    table = pa.table({"f0": [1.0, 2.0], "f1": [-1.0, 1.0], "y": [1.0, 3.0]})
    with pytest.raises(error, match=said):
        eq.gather(table, **{"target": "y", **asked})


@pytest.mark.parametrize("role", ["sample_weight", "offset"])
def test_a_number_is_no_column_beside_an_array(role):
    with pytest.raises(ValueError, match=rf"{role} has shape \(\) but X has 4 rows"):
        eq.gather(np.eye(4), np.arange(4.0), folds=None, **{role: 2})


def test_gathered_data_know_their_response_and_folds(folder):
    data = eq.gather(folder, "y")
    with pytest.raises(TypeError, match="y was given, but X holds gathered data"):
        eq.fit(data, np.ones(3), l1=1)
    with pytest.raises(TypeError, match="folds were settled when the data were gathered"):
        eq.cross_validate(data, folds=3)
    with pytest.raises(TypeError, match="y is missing"):
        eq.fit(np.eye(3), l1=1)
    with pytest.raises(TypeError, match="y is 'y', but an array's columns have no names"):
        eq.gather(np.eye(3), "y")
    with pytest.raises(TypeError, match="y is None: pass the response"):
        eq.gather(np.eye(3), None)
    with pytest.raises(ValueError, match=r"y has shape \(2,\) but X has 3 rows"):
        eq.gather(np.eye(3), [1, 2])
    with pytest.raises(TypeError, match="y is ndarray: pass the name of a column"):
        eq.gather(folder, np.ones(3))
    with pytest.raises(TypeError, match=r"source is int: pass a file.*pandas from 2\.2, polars from 1\.3"):
        eq.gather(3, "y")
    far = pa.table({"t": 1.7e12 + np.arange(100.0), "y": np.arange(100.0)})
    with pytest.raises(ValueError, match=r"column 't' has mean 1\.7e\+12 and standard deviation 28.9"):
        eq.fit(eq.gather(far, "y"), l1=1)


KILLED = """
import os, signal, sys
import equipoise as eq
seen = 0
def progress(rows):
    global seen
    seen += rows
    if seen > 2000:
        os.kill(os.getpid(), signal.SIGKILL)
eq.gather(sys.argv[1], "y", checkpoint=sys.argv[2], progress=progress)
"""


def test_a_killed_pass_goes_on_bit_for_bit(folder, tmp_path, monkeypatch):
    import subprocess
    import sys

    dead = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(tmp_path / "kept")], check=False)
    assert dead.returncode == -9
    left = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert left == ["piece-000000.moments", "piece-000001.moments"]
    read = []
    opened = batches.parquet_batches

    def counted(path, *given, **named):
        read.append(path.name)
        yield from opened(path, *given, **named)

    monkeypatch.setattr(batches, "parquet_batches", counted)
    resumed = eq.gather(folder, "y", checkpoint=tmp_path / "kept")
    assert read == ["part-0.parquet", "part-2.parquet"]  # the first for its columns alone
    whole = eq.gather(folder, "y")
    assert resumed.rows == whole.rows == 3000
    for ours, theirs in zip(resumed.moments, whole.moments, strict=True):
        np.testing.assert_array_equal(ours.xx, theirs.xx)
        np.testing.assert_array_equal(ours.xy, theirs.xy)
        assert (ours.yy, ours.weight, ours.rows) == (theirs.yy, theirs.weight, theirs.rows)


def test_a_checkpoint_is_not_trusted_blindly(folder, tmp_path):
    kept = tmp_path / "kept"
    eq.gather(folder, "y", checkpoint=kept)
    with pytest.raises(ValueError, match="is of other data or of another question"):
        eq.gather(folder, "y", folds=3, checkpoint=kept)
    piece = kept / "piece-000001.moments"
    content = piece.read_bytes()
    piece.write_bytes(content[:-100])
    with pytest.raises(ValueError, match=r"piece-000001\.moments is damaged: delete it"):
        eq.gather(folder, "y", checkpoint=kept)
    piece.write_bytes(content)
    table = pq.read_table(folder / "part-1.parquet")
    pq.write_table(table, folder / "part-1.parquet")
    with pytest.raises(ValueError, match="is of other data or of another question"):
        eq.gather(folder, "y", checkpoint=kept)
    with pytest.raises(ValueError, match="checkpoint is for files"):
        eq.gather(table, "y", checkpoint=kept)


def test_a_long_parquet_file_has_several_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "PIECE_ROWS", 1000)
    X, y, s, o = draw()
    pq.write_table(table_of(X, y, s, o), tmp_path / "t.parquet", row_group_size=300)
    data = eq.gather(tmp_path / "t.parquet", "y", drop=["s", "o"], folds=None, checkpoint=tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 3
    np.testing.assert_allclose(eq.fit(data, l1=200).coef, eq.fit(X, y, l1=200).coef, rtol=1e-9)


@pytest.mark.parametrize(
    "verb",
    [
        lambda data: eq.relax(data, None),
        lambda data: eq.adapt(data, None),
        lambda data: eq.trace(data, None, l1=1.0),
        lambda data: eq.selective_intervals(data, None, l1=1.0),
        lambda data: eq.debias(data, None, l1=1.0),
        lambda data: eq.stability_selection(data, None),
    ],
)
def test_what_looks_at_single_rows_refuses_sums(folder, verb):
    with pytest.raises(TypeError, match="needs the rows themselves, of which gathered data keep only sums"):
        verb(eq.gather(folder, "y"))


def test_a_loaded_model_is_explained_on_sums(folder, tmp_path):
    X, y, _, _ = draw()
    data = eq.gather(folder, "y", drop=["s", "o"])
    fit = eq.fit(data, l1=3000.0, standardize=True)
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    whole = eq.fit(X, y, l1=3000.0, standardize=True).explain()
    np.testing.assert_allclose(loaded.explain(data).pull, whole.pull, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(loaded.explain(data).alone, whole.alone, rtol=1e-9)
    assert loaded.explain(data).status == whole.status
    with pytest.raises(ValueError, match="not the data the model was fitted to"):
        loaded.explain(eq.gather(folder, "y", weights="s", drop=["o"]))


def test_an_audit_of_sums_is_that_of_the_rows(folder):
    X, y, _, _ = draw()
    claim = {"convention": "glmnet", "strength": {"lambda": 0.5}}
    theirs = eq.fit(X, y, l1=0.6 * len(y), standardize=True)
    sums = eq.audit(eq.gather(folder, "y", drop=["s", "o"]), None, theirs.coef, theirs.intercept, **claim)
    rows = eq.audit(X, y, theirs.coef, theirs.intercept, **claim)
    assert not sums.optimal
    np.testing.assert_allclose(sums.excess, rows.excess, rtol=1e-6, atol=1e-6)
    assert sums.lost == pytest.approx(rows.lost, rel=1e-6)


@pytest.mark.parametrize("text", [False, True])
def test_folds_are_even_whatever_the_columns_hold(text):
    rng = np.random.default_rng(0)
    n = 20_000
    columns = {f"b{j}": rng.integers(0, 2, n) for j in range(14)}
    if text:
        columns = {"city": rng.choice([f"city {k}" for k in range(30)], n), **columns}
    target = (rng.random(n) < 0.3).astype(float)
    data = eq.gather(pa.table({**columns, "y": target}), "y", folds=10)
    for part in data.moments:
        assert abs(part.rows - n / 10) < 6 * np.sqrt(n / 10)
        assert abs(part.mean_y - target.mean()) < 6 * np.sqrt(0.21 * 10 / n)


def test_a_checkpoint_knows_which_column_had_which_role(tmp_path):
    X, y, s, o = draw(200)
    pq.write_table(table_of(X, y, s, o), tmp_path / "t.parquet")
    eq.gather(tmp_path / "t.parquet", "y", weights="s", checkpoint=tmp_path / "kept")
    with pytest.raises(ValueError, match="of other data or of another question"):
        eq.gather(tmp_path / "t.parquet", "y", offset="s", checkpoint=tmp_path / "kept")
    with pytest.raises(ValueError, match="checkpoint is empty: name a folder"):
        eq.gather(tmp_path / "t.parquet", "y", checkpoint="")


def test_a_folder_has_gzipped_files_too(tmp_path):
    import gzip

    text = "a,y\n" + "".join(f"{k},{k % 7}\n" for k in range(50))
    (tmp_path / "1.csv").write_text(text)
    (tmp_path / "2.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert eq.gather(tmp_path, "y").rows == 100


def test_a_column_is_of_one_kind_in_every_file(tmp_path):
    first = "code,b,y\n" + "A12,0.5,1\n" * 30 + "B,1,2\n" * 30
    (tmp_path / "1.csv").write_text(first)
    (tmp_path / "2.csv").write_text("code,b,y\n1.5,0.5,1\n2.5,2,3\n")
    assert eq.gather(tmp_path, "y").features == ("code=1.5", "code=2.5", "code=A12", "code=B", "b")
    for second, error, said in (
        (
            "A12,0.5,1\nB,oops,3\n",
            ValueError,
            r"^column 'b' holds 'oops' among 61 numbers \(line 3 of \S+2\.csv\): read it by "
            r"equipoise.read with null='oops' if it means a missing value, as_text='b' to make its values",
        ),
        (
            "A12,0.5,1\nB,1,x\n",
            TypeError,
            r"2\.csv row 1 \(counting from 0\): column 'y' holds 'x', which is no number: .* null='x' if",
        ),
    ):
        (tmp_path / "2.csv").write_text("code,b,y\n" + second)
        with pytest.raises(error, match=said):
            eq.gather(tmp_path, "y")
    names = "".join(f"patient {k},{k},1\n" for k in range(400))
    (tmp_path / "2.csv").write_text("code,b,y\n" + names)
    with pytest.raises(
        ValueError, match="column 'code' is text with 402 different values in 460 rows, which"
    ):
        eq.gather(tmp_path, "y")


def test_numbers_whose_squares_do_not_exist():
    X, y, _, _ = draw(100)
    for matrix, response, name in (
        (X * np.where(np.arange(8) == 1, 1e200, 1), y, "x2"),
        (X, 1e200 * y, "y"),
    ):
        with pytest.raises(ValueError, match=f"column '{name}' holds values whose squares exceed float64"):
            eq.fit(eq.gather(matrix, response), l1=1)


def test_an_interrupted_query_is_an_interrupt(monkeypatch):
    from equipoise.data.files import queries

    class Interrupted(RuntimeError):
        pass

    def interrupted(*given, **named):
        raise Interrupted("Query interrupted")

    import duckdb

    class Connection:
        def __enter__(self):
            return self

        def __exit__(self, *given):
            return None

        def execute(self, sql):
            return self

        sql = interrupted

    monkeypatch.setattr(duckdb, "connect", lambda *given: Connection())
    with pytest.raises(KeyboardInterrupt):
        queries.run_sql("SELECT 1", [], "it failed")


def test_a_query_may_have_comments(tmp_path):
    X, y, s, o = draw(100)
    pq.write_table(table_of(X, y, s, o), tmp_path / "t.parquet")
    for query in (
        f"SELECT * FROM '{tmp_path}/t.parquet' -- all of it",
        f"-- all of it\nSELECT * FROM '{tmp_path}/t.parquet';",
        f"(SELECT * FROM '{tmp_path}/t.parquet')",
    ):
        assert eq.gather(query, "y").rows == 100


# ---- the arguments that every verb has ---------------------------------------------------------


def test_response_and_weights_go_by_the_names_of_every_verb(folder):
    asked = {"l1": 300.0, "standardize": True}
    there = eq.fit(eq.gather(folder, target="y", weights="s", offset="o"), **asked)
    for given in ({"y": "y", "sample_weight": "s"}, {"y": "y", "weights": "s"}):
        found = eq.fit(eq.gather(folder, **given, offset="o"), **asked)
        np.testing.assert_array_equal(found.coef, there.coef)
    with pytest.raises(TypeError, match="y and target are one argument: pass y alone"):
        eq.gather(folder, "y", target="y")
    with pytest.raises(TypeError, match="sample_weight and weights are one argument: pass sample_w"):
        eq.gather(folder, "y", sample_weight="s", weights="s")


def test_the_columns_of_an_array_have_names():
    X, y, s, _ = draw(300, 4)
    names = ["y", "sample_weight", "c", "d"]  # as the roles are called, too
    data = eq.gather(X, y, sample_weight=s, folds=None, names=names, features=["d", "y", "c"])
    assert (data.features, data.target) == (("d", "y", "c"), "y_")
    found = eq.fit(data, l1=30)
    there = eq.fit(X[:, [3, 0, 2]], y, sample_weight=s, l1=30)
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9)
    with pytest.raises(ValueError, match="names has 1 name but X has 4 columns"):
        eq.gather(X, y, names=["a"])
    with pytest.raises(ValueError, match="names is for data without column names"):
        eq.gather(table_of(X, y, s, s), "y", names=names)
