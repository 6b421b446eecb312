"""Frames of Dask and Spark give what the same rows give in memory, whatever becomes of their workers."""

import os
import shutil
import signal

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


@pytest.fixture(scope="module")
def spark():
    if shutil.which("java") is None:
        reason = "no Java is installed (on Debian: apt-get install openjdk-17-jre-headless)"
        if os.environ.get("EQUIPOISE_JAVA_REQUIRED"):
            pytest.fail(reason)
        pytest.skip(reason)
    sql = pytest.importorskip("pyspark.sql")
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
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
    with pytest.raises(ValueError, match="the Spark frame has no rows"):
        eq.gather(frame.filter("a > 1000").drop("city"), "y")


def test_what_is_for_files_alone_is_said(dask_frame, tmp_path):
    with pytest.raises(ValueError, match="checkpoint is for files"):
        eq.gather(dask_frame, "y", checkpoint=tmp_path)
