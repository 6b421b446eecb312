"""Frames of Dask and Spark give what the same rows give in memory, whatever becomes of their workers."""

import os
import shutil
import signal
import sys

import numpy as np
import pytest

import equipoise as eq

pd = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    n = 4000
    frame = pd.DataFrame(
        rng.normal(size=(n, 5)) * [1, 10, 0.1, 1, 1] + 5, columns=["a", "b", "c", "d", "e.`f"]
    )
    frame["city"] = rng.choice(["Oslo", "Rome", "Bonn"], n)
    frame["s"] = rng.integers(0, 3, size=n)
    frame["y"] = frame["a"] - 2 * frame["d"] + (frame["city"] == "Rome") + rng.normal(size=n)
    return frame


def assert_the_same(found, rows):
    """Fits, certificates and cross-validation, to 1e-9."""
    assert found.rows == len(rows)
    X, y, s = rows.drop(columns=["y", "s"]), rows["y"], rows["s"].to_numpy(float)
    ours = eq.fit(found, l1=50.0, standardize=True)
    theirs = eq.fit(X, y, l1=50.0, standardize=True, sample_weight=s)
    assert ours.features == theirs.features
    np.testing.assert_allclose(ours.coef, theirs.coef, rtol=1e-9, atol=1e-12)
    assert ours.certificate.optimal
    np.testing.assert_array_equal(ours.certificate.zeros_proved, theirs.certificate.zeros_proved)
    here = eq.cross_validate(eq.gather(rows, "y", weights="s"), count=20)
    np.testing.assert_allclose(eq.cross_validate(found, count=20).fold_loss, here.fold_loss, rtol=1e-9)


@pytest.fixture(scope="module")
def dask_frame(rows):
    return pytest.importorskip("dask.dataframe").from_pandas(rows, npartitions=11, sort=False)


def test_a_dask_frame_without_a_cluster(dask_frame, rows):
    assert_the_same(eq.gather(dask_frame, "y", weights="s"), rows)


@pytest.mark.filterwarnings("ignore")  # a killed process leaves its sockets to the garbage
def test_a_worker_that_is_killed_is_made_up_for(dask_frame, rows, tmp_path):
    distributed = pytest.importorskip("distributed")
    flag = str(tmp_path / "killed")

    def deadly(part):  # defined here, for workers cannot import this module
        if 2000 in part.index and not os.path.exists(flag):
            with open(flag, "w"):
                pass
            os.kill(os.getpid(), signal.SIGKILL)
        return part

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster),
    ):
        found = eq.gather(dask_frame.map_partitions(deadly, meta=dask_frame._meta), "y", weights="s")
        assert os.path.exists(flag)
        assert_the_same(found, rows)
        gap = dask_frame.assign(c=dask_frame["c"].where(dask_frame["c"] < 5.2))
        with pytest.raises(
            ValueError, match=r"^partition \d+ row \d+ \(counting from 0\): column 'c' holds no"
        ):
            eq.gather(gap, "y")


@pytest.mark.filterwarnings("ignore")  # as above
def test_workers_read_files_and_arrays(rows, tmp_path):
    distributed = pytest.importorskip("distributed")
    import dask.array as da

    for k in range(7):
        rows[k::7].to_parquet(tmp_path / f"{k}.parquet", row_group_size=100)
    X = rows[["a", "b", "c", "d"]].to_numpy()
    y, s = rows["y"].to_numpy(), rows["s"].to_numpy(float)
    there = eq.fit(X, y, l1=50.0, sample_weight=s)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        here = os.getpid()
        assert here not in client.run(os.getpid).values()
        assert_the_same(eq.gather(tmp_path, "y", weights="s", client=client), rows)
        kept = tmp_path / "kept"
        found = eq.gather(tmp_path, "y", weights="s", client=client, checkpoint=kept)
        assert len(list(kept.iterdir())) == 7
        again = eq.gather(tmp_path, "y", weights="s", checkpoint=kept)
        np.testing.assert_allclose(again.total.xx, found.total.xx, rtol=1e-12)
        for chunks in ((900, 4), (1000, 3), (-1, -1)):
            data = eq.gather(da.from_array(X, chunks=chunks), y, weights=s, client=client, folds=4)
            fit = eq.fit(data, l1=50.0)
            assert fit.features == ("x1", "x2", "x3", "x4")
            assert fit.certificate.optimal
            np.testing.assert_allclose(fit.coef, there.coef, rtol=1e-9)
        gappy = da.from_array(np.where(X > 28, np.nan, X), chunks=(900, 4))
        with pytest.raises(ValueError, match=r"^partition \d row \d+ .*: column 'x2' holds no value"):
            eq.gather(gappy, y, client=client)
        (tmp_path / "3.parquet").write_bytes((tmp_path / "3.parquet").read_bytes()[:-200])
        with pytest.raises(ValueError, match=r"3\.parquet is not a readable Parquet file, or was cut short"):
            eq.gather(tmp_path, "y", client=client)


def test_arrays_of_dask_fit_together_or_it_is_said(rows):
    da = pytest.importorskip("dask.array")
    X, y = rows[["a", "b", "c"]].to_numpy(), rows["y"].to_numpy()
    there = eq.cross_validate(eq.gather(X, y, folds=3), count=5)
    for target in (da.from_array(y, chunks=700), y, da.from_array(y[:, None], chunks=(100, 1))):
        data = eq.gather(da.from_array(X, chunks=(1000, 2)), target, folds=3)
        np.testing.assert_allclose(eq.cross_validate(data, count=5).fold_loss, there.fold_loss, rtol=1e-9)
    lazy = da.from_array(X, chunks=(1000, 2))
    np.testing.assert_allclose(eq.fit(lazy, y, l1=50).coef, eq.fit(X, y, l1=50).coef, rtol=1e-9)
    same = eq.cross_validate(lazy, da.from_array(y), folds=3, count=5)
    np.testing.assert_allclose(same.fold_loss, there.fold_loss, rtol=1e-9)
    with pytest.raises(ValueError, match="y has 5 rows but X has 4000"):
        eq.gather(da.from_array(X), y[:5])
    with pytest.raises(ValueError, match="y has 2 dimensions: pass one number a row"):
        eq.gather(da.from_array(X), X)
    with pytest.raises(TypeError, match="y is 'y', but an array's columns have no names"):
        eq.gather(da.from_array(X), "y")
    with pytest.raises(ValueError, match="source has 1 dimensions: pass a 2-D array"):
        eq.gather(da.from_array(y), y)


def test_blocks_of_unknown_size_are_paired(dask_frame, rows):
    X, y = dask_frame[["a", "b", "c"]].to_dask_array(), dask_frame["y"].to_dask_array()
    found = eq.fit(eq.gather(X, y), l1=50.0)
    np.testing.assert_allclose(found.coef, eq.fit(rows[["a", "b", "c"]], rows["y"], l1=50.0).coef, rtol=1e-9)
    with pytest.raises(ValueError, match=r"of unknown sizes: call compute_chunk_sizes"):
        eq.gather(X, rows["y"].to_numpy())


@pytest.fixture(scope="module")
def spark():
    if shutil.which("java") is None:
        reason = "no Java is installed (on Debian: apt-get install openjdk-17-jre-headless)"
        if os.environ.get("EQUIPOISE_JAVA_REQUIRED"):
            pytest.fail(reason)
        pytest.skip(reason)
    sql = pytest.importorskip("pyspark.sql")
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    # A Java that lives for seconds is done in half the time with the quick compiler alone.
    quiet["spark.driver.extraJavaOptions"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    session = sql.SparkSession.builder.master("local[2]").config(map=quiet).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore")  # Spark warns of releases of pandas that are newer than itself
def test_a_spark_frame(spark, rows, tmp_path):
    rows.to_parquet(tmp_path / "rows.parquet", row_group_size=500)
    frame = spark.read.parquet(str(tmp_path / "rows.parquet")).repartition(5)
    assert_the_same(eq.gather(frame, "y", weights="s"), rows)
    gap = frame.selectExpr("y", "d", "IF(c > 5.2, NULL, c) AS c")
    with pytest.raises(ValueError, match=r"^partition \d+ row \d+ \(counting from 0\): column 'c' holds no"):
        eq.gather(gap, "y")
    timed = frame.selectExpr("y", "a", "d", "current_timestamp() AS t")
    assert eq.gather(timed, "y", drop=["t"]).features == ("a", "d")
    with pytest.raises(TypeError, match=r"column 't' holds timestamp.*, neither numbers nor text: drop it"):
        eq.gather(timed, "y")
    with pytest.raises(ValueError, match="the Spark frame has no rows"):
        eq.gather(frame.filter("a > 1000").drop("city"), "y")


@pytest.mark.filterwarnings("ignore")  # as above
def test_workers_run_the_calling_interpreter(spark, rows, monkeypatch):
    frame = spark.createDataFrame(rows[["a", "d", "y"]]).coalesce(1)
    monkeypatch.delenv("PYSPARK_PYTHON", raising=False)
    monkeypatch.setattr(spark.sparkContext, "pythonExec", "python3-of-nobody")  # no activated environment
    found = eq.fit(frame, "y", l1=50.0)
    np.testing.assert_allclose(found.coef, eq.fit(rows[["a", "d"]], rows["y"], l1=50.0).coef, rtol=1e-9)
    assert spark.sparkContext.pythonExec == "python3-of-nobody"  # it is the session's, and stays so


@pytest.mark.filterwarnings("ignore")  # as above
@pytest.mark.parametrize(
    ("package", "text", "sentence"),
    [
        ("equipoise", "__version__ = '0.0.1'", "which lacks equipoise .* \\(it has 0.0.1\\)"),
        ("pyarrow", "raise ModuleNotFoundError(\"No module named 'pyarrow'\")", "which lacks pyarrow"),
        (None, None, "but there is no such program"),
    ],
)
def test_what_an_interpreter_of_the_workers_lacks_is_said(
    spark, rows, monkeypatch, tmp_path, package, text, sentence
):
    program = tmp_path / "python"
    if package:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(text)
        program.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}:$PYTHONPATH" exec "{sys.executable}" "$@"\n')
        program.chmod(0o755)
    frame = spark.createDataFrame(rows[["a", "d", "y"]]).coalesce(1)
    monkeypatch.setenv("PYSPARK_PYTHON", str(program))
    monkeypatch.setattr(spark.sparkContext, "pythonExec", str(program))
    with pytest.raises(ImportError, match=f"^Spark's workers run .*python.*, {sentence}") as refused:
        eq.gather(frame, "y")
    assert "set PYSPARK_PYTHON to one that has what is here" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.filterwarnings("ignore")  # as above
@pytest.mark.parametrize("library", ["dask", "spark", "duckdb"])
def test_weights_offset_and_folds_are_columns_of_the_frame(request, rows, tmp_path, library):
    rows = rows.assign(o=np.sin(np.arange(len(rows))), fold=np.arange(len(rows)) % 4)
    if library == "dask":
        frame = pytest.importorskip("dask.dataframe").from_pandas(rows, npartitions=5, sort=False)
    elif library == "spark":
        rows.to_parquet(tmp_path / "rows.parquet")
        session = request.getfixturevalue("spark")
        frame = session.read.parquet(str(tmp_path / "rows.parquet")).repartition(3)
    else:
        frame = pytest.importorskip("duckdb").from_arrow(pytest.importorskip("pyarrow").table(rows))
    named = {"sample_weight": "s", "offset": "o"}
    X = rows.drop(columns=["y", "s", "o", "fold"])
    given = {"sample_weight": rows["s"].to_numpy(float), "offset": rows["o"].to_numpy()}
    folds = [(np.flatnonzero(rows["fold"] != k), np.flatnonzero(rows["fold"] == k)) for k in range(4)]
    found = eq.cross_validate(frame, "y", count=4, folds="fold", standardize=True, **named)
    there = eq.cross_validate(X, rows["y"], count=4, folds=folds, standardize=True, **given)
    assert found.path.features == there.path.features
    np.testing.assert_allclose(found.path.strengths, there.path.strengths, rtol=1e-9)
    np.testing.assert_allclose(found.path.coef, there.path.coef, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.fold_loss, there.fold_loss, rtol=1e-9)
    fit, same = (
        eq.fit(frame, "y", l1=50.0, **named),
        eq.fit(X.assign(fold=rows["fold"]), rows["y"], l1=50.0, **given),
    )
    np.testing.assert_allclose(fit.coef, same.coef, rtol=1e-9, atol=1e-12)
    assert eq.audit(frame, "y", fit, l1=50.0, **named).optimal


def test_what_is_for_files_alone_is_said(dask_frame, tmp_path):
    with pytest.raises(ValueError, match="checkpoint is for files"):
        eq.gather(dask_frame, "y", checkpoint=tmp_path)


@pytest.mark.filterwarnings("ignore")  # as above
@pytest.mark.parametrize("standardize", [False, True])
def test_whatever_holds_the_data_the_model_is_the_same(spark, tmp_path, standardize):
    import dask.array as da
    import dask.dataframe as dd
    import pyarrow as pa
    from scipy import sparse

    rng = np.random.default_rng(1)
    n, p = 1500, 12
    X = rng.normal(size=(n, p)) * (rng.random((n, p)) < 0.4) + 0.3 * (rng.random((n, 1)) < 0.5)
    X[:, 1] += 40.0
    y = X[:, :4] @ [2.0, 1.0, -1.0, 0.5] + rng.normal(size=n)
    frame = pd.DataFrame({**{f"x{j + 1}": X[:, j] for j in range(p)}, "y": y})
    mixed = frame.sample(frac=1.0, random_state=0).reset_index(drop=True)
    np.save(tmp_path / "x.npy", np.asfortranarray(X))
    mixed.to_parquet(tmp_path / "rows.parquet", row_group_size=171)
    shuffled = pa.Table.from_pandas(mixed)
    held = {
        "sparse rows": (sparse.csr_array(X), y),
        "sparse columns": (sparse.csc_matrix(X), y),
        "mapped": (eq.Mapped(tmp_path / "x.npy"), y),
        "memmap": (np.load(tmp_path / "x.npy", mmap_mode="r"), y),
        "file": (tmp_path / "rows.parquet", "y"),
        "stream": (pa.RecordBatchReader.from_batches(shuffled.schema, shuffled.to_batches(97)), "y"),
        "two halves": (eq.gather(mixed[:400], "y") + eq.gather(mixed[400:], "y"), None),
        "Dask frame": (dd.from_pandas(mixed, npartitions=7), "y"),
        "Dask array": (da.from_array(X, chunks=(333, 5)), y),
        "Spark frame": (spark.read.parquet(str(tmp_path / "rows.parquet")).repartition(5), "y"),
    }
    there = eq.fit(X, y, l1=20.0, l2=0.5, standardize=standardize)
    assert there.certificate.optimal
    assert 0 < len(there.support) < p
    for name, (data, response) in held.items():
        found = eq.fit(data, response, l1=20.0, l2=0.5, standardize=standardize)
        assert found.features == there.features, name
        np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9, err_msg=name)
        assert found.intercept == pytest.approx(there.intercept, rel=1e-9), name
        ours, theirs = found.certificate, there.certificate
        assert (ours.status, ours.unique, ours.support_proved) == (theirs.status, theirs.unique, True), name
        np.testing.assert_array_equal(ours.zeros_proved, theirs.zeros_proved, err_msg=name)
